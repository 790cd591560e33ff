"""The page on which a reader makes tokens for programs, sees which there are, and revokes them."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from progress.models import ApiToken
from progress.study import StudyRequest
from progress.tokens import TokenError, make
from progress.views import private


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=60, help_text=_("Such as: my study assistant"))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=ApiToken.Scope.choices,
        initial=[ApiToken.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@private
def tokens(request: StudyRequest) -> HttpResponse:
    """Show the tokens there are, and once the one that was just made."""
    user = cast(User, request.user)
    form = TokenForm(request.POST if request.method == "POST" else None)
    made = ""
    if form.is_valid():
        try:
            made = make(user, form.cleaned_data["name"], form.cleaned_data["scopes"])
        except TokenError as error:
            form.add_error("name", str(error))
    context = {
        "form": TokenForm() if made else form,
        "made": made,
        "name": form.cleaned_data["name"] if made else "",
        "tokens": user.api_tokens.all(),
    }
    return render(request, "account/tokens.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
@private
def revoke(request: StudyRequest, token_id: int) -> HttpResponse:
    """Take a token back: from the next request on it opens nothing."""
    get_object_or_404(cast(User, request.user).api_tokens, pk=token_id).delete()
    return HttpResponseRedirect(reverse("progress:tokens"))
