"""Tokens with which programs speak for a reader: made, found again, and taken back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from progress.models import ApiToken

MOST = 10  # tokens of one reader
PREFIX = "en_"  # by which those who scan for leaked secrets know one
LENGTH = len(PREFIX) + 43


class TokenError(ValueError):
    """Why no token can be made, in a sentence for the reader."""


def make(user: User, name: str, scopes: Iterable[str]) -> str:
    """Make a token for `user` and return it: the only time that it can be read.

    Raises TokenError where the name is taken or the reader has `MOST` already.
    """
    text = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)  # two forms at once queue up here
        names = set(user.api_tokens.values_list("name", flat=True))
        if name in names:
            raise TokenError(_("You have a token of that name already."))
        if len(names) >= MOST:
            raise TokenError(_("You have %(most)s tokens already: revoke one first.") % {"most": MOST})
        ApiToken.objects.create(
            user=user, name=name, digest=digest(text), scopes=sorted(set(scopes)), made_at=timezone.now()
        )
    return text


def find(text: str) -> ApiToken | None:
    """Return the token that this is, with its reader, and remember that it was used today; None for any other text."""
    if len(text) != LENGTH or not text.startswith(PREFIX):
        return None
    # By the hash of 256 random bits: how long the look-up takes tells nothing about any token.
    tokens = ApiToken.objects.in_use().filter(digest=digest(text))
    found = tokens.select_related("user").first()
    if found and found.used_on != (today := timezone.localdate()):
        tokens.used(today)
    return found


def digest(text: str) -> str:
    """Return what is kept of a token. It is random, so a quick hash does: there is nothing to guess from."""
    return hashlib.sha256(text.encode()).hexdigest()
