from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

R = TypeVar("R", bound=HttpRequest)
P = ParamSpec("P")


def same_origin(view: Callable[Concatenate[R, P], HttpResponse]) -> Callable[Concatenate[R, P], HttpResponse]:
    """Accept a form without a token when the browser itself vouches that a page of ours sent it.

    A page that is the same for everyone cannot carry a token. `Sec-Fetch-Site` cannot be set by any
    script; browsers that do not send it (old ones, and all of them on plain http) send `Origin`. A
    request with neither needs Django's token.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapper(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        trusted = _is_same_origin(request)
        return (view if trusted else protected)(request, *args, **kwargs)

    return wrapper


def _is_same_origin(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
