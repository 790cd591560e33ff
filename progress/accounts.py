"""Accounts exist to keep progress across devices: what django-allauth leaves to us about making and ending them."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import ReauthenticateForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core import context, ratelimit
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from progress.redirects import is_local
from progress.views import private


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_safe_url(self, url: str) -> bool:
        """As everywhere in the notebook; allauth would also follow to any other name in ALLOWED_HOSTS."""
        return is_local(context.request, url)


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """Sign-up that answers alike, and as slowly, whether or not the address has an account.

    Signing up once more with the right password signs in: it must not make a second account with the
    same address and password, of which one could later be reached and the other not.
    """

    def clean(self) -> dict[str, Any]:
        cleaned = cast(dict[str, Any], super().clean())
        # A password may be tried on an address here no more often than at sign-in.
        if not self.errors and not ratelimit.consume(context.request, action="signup_address", key=cleaned["email"]):
            raise get_adapter().validation_error("too_many_login_attempts")
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        email, password = self.cleaned_data["email"], self.cleaned_data["password1"]
        with transaction.atomic(), connection.cursor() as cursor:
            # The button pressed twice: the second request waits here and then finds the account.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"signup {email}"])
            known = authenticate(request, email=email, password=password)
            if known is not None:
                return known, None
            if self.account_already_exists:
                make_password(password)  # takes as long as making the account would
            return cast(tuple[User | None, HttpResponse | None], super().try_save(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@private
@sensitive_post_parameters("password")
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account and everything kept with it, once its password is given again."""
    user = cast(User, request.user)
    form = ReauthenticateForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return render(request, "account/delete.html", {"form": form})
    with transaction.atomic():
        for session in UserSession.objects.filter(user=user):
            session.end()
        user.delete()
    logout(request)
    return render(request, "account/deleted.html")
