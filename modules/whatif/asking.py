"""What an address asks to suppose, and which view answers that."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote_plus

from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from modules.http import NotebookRequest
from modules.shared import private

P = ParamSpec("P")
View = Callable[Concatenate[NotebookRequest, P], HttpResponse]

# A form has a field for each number, an address has all in one.
FIELD = re.compile(r"set\[(.+)\]")


def asked(given: QueryDict) -> str:
    """Return the what-if that an address or a form asks for, as text; "" for none."""
    fields = [f"{number}:{value}" for number, value in _fields(given).items() if value.strip()]
    return ",".join(text for text in [*given.getlist("set"), *fields] if text.strip())


def what_ifs(answer: View[P]) -> Callable[[View[P]], View[P]]:
    """Let `answer` serve a view's page where the address asks for a what-if.

    Such a page is for one reader: no cache shares it and no robot keeps it. What a form asks for is sent on to its
    address, so that the link is the whole state.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: NotebookRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            text = asked(request.GET)
            has_fields = bool(_fields(request.GET))
            if has_fields:
                query = f"?set={quote_plus(text, safe=':,/()*')}" if text else ""
                response: HttpResponse = HttpResponseRedirect(request.path + query)
            else:
                response = (answer if text else view)(request, *args, **kwargs)
            if text or has_fields:
                private(response)["X-Robots-Tag"] = "noindex"
            return response

        return cast(View[P], wrapper)

    return decorate


def _fields(given: QueryDict) -> dict[str, str]:
    """Return what a form's fields ask each number to be."""
    return {found[1]: given.get(field, "") for field in given if (found := FIELD.fullmatch(field))}
