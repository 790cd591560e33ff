from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from progress import events
from progress.facts import forget
from progress.sessions import SessionStore
from progress.study import AccountStudy, ReaderStudy, SessionStudy, StudyRequest


def study(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[StudyRequest], HttpResponse]:
    """Give every request its reader's progress as `request.study`, looked up when something asks.

    The request that signs a reader in, by whichever door, is also the one that moves the progress of
    the browser onto the account; signing out a moment later loses nothing.
    """

    def middleware(request: StudyRequest) -> HttpResponse:
        request.study = cast(ReaderStudy, SimpleLazyObject(partial(_study, request)))
        response = get_response(request)
        if request.session.accessed:
            _carry_over(request)
        return response

    return middleware


def _study(request: StudyRequest) -> ReaderStudy:
    brought = settings.SESSION_COOKIE_NAME in request.COOKIES
    if brought and request.user.is_authenticated:
        _carry_over(request)
        return AccountStudy(request.user)
    return SessionStudy(cast(SessionStore, request.session), brought)


def _carry_over(request: StudyRequest) -> None:
    """Merge what the session still holds into the account of the signed-in reader; any number of times."""
    session = cast(SessionStore, request.session)
    if (facts := session.facts) and request.user.is_authenticated:
        events.merge(request.user, facts)
        session.change(partial(forget, keys=frozenset(fact.key for fact in facts)))
