"""How an operation is declared: what everyone may read, and what a token opens for one reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from ninja import Router
from ninja.decorators import decorate_view
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from modules.shared import Page, as_page, page_of
from notebook.api.limits import READS, RECORDS, spend
from notebook.api.problems import of_size, problem
from progress import tokens
from progress.models import ApiToken

F = TypeVar("F", bound=Callable[..., Any])
Run = Callable[..., HttpResponse]
LARGEST_BYTES = 10_000  # of what is sent
OWN = ("q", "set")  # what of an address is somebody's own words or values
DESCRIBED = '</api/openapi.json>; rel="describedby"'


def public(router: Router, path: str, shape: Any, *, keep: bool = True, **more: Any) -> Callable[[F], F]:
    """Declare what everyone may read: the same for all, with an ETag, fit for every cache.

    It is kept in memory where there are few such addresses (`keep`) and none has somebody's own words or values.
    """

    def answered(run: Run) -> Run:
        @wraps(run)
        def wrapper(request: HttpRequest, **given: Any) -> HttpResponse:
            def make() -> HttpResponse:
                made = run(request, **given)
                made["Access-Control-Allow-Origin"] = "*"  # nothing here depends on who asks
                made["Link"] = ", ".join(filter(None, [made.get("Link", ""), DESCRIBED]))
                return made

            is_own = any(request.GET.get(name) for name in OWN)
            found = page_of(request, make) if keep and not is_own else make()
            if not isinstance(found, Page):
                if found.status_code != 200:
                    return found
                found = as_page(found)
            return found.response(request, vary="Accept-Encoding")

        return wrapper

    return _declared(router, path, shape, answered, throttle=READS, **more)


def own(router: Router, path: str, shape: Any, **more: Any) -> Callable[[F], F]:
    """Declare what a token that may read opens: one reader's alone, which no cache keeps."""
    return _declared(router, path, shape, alone, auth=ReaderToken(ApiToken.Scope.READ), **more)


def recording(router: Router, path: str, shape: Any, **more: Any) -> Callable[[F], F]:
    """Declare what a token that may record opens."""
    auth = ReaderToken(ApiToken.Scope.RECORD)

    def declare(function: F) -> F:
        made: F = router.post(
            path, response=shape, auth=auth, throttle=RECORDS, operation_id=function.__name__, exclude_none=True, **more
        )(decorate_view(strict, bounded, alone)(function))
        return made

    return declare


def bounded(run: Run) -> Run:
    @wraps(run)
    def wrapper(request: HttpRequest, **given: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES:
            return of_size(request)
        return run(request, **given)

    return wrapper


def strict(run: Run) -> Run:
    """Refuse a parameter that is none: misspelt, `answers=no` would give the answers away."""
    models: Iterable[Any] = run.__self__.models  # type: ignore[attr-defined]  # the operation, of which this is a method
    known = {name for each in models if each.__ninja_param_source__ == "query" for name in each.__ninja_flatten_map__}

    @wraps(run)
    def wrapper(request: HttpRequest, **given: Any) -> HttpResponse:
        if unknown := sorted(request.GET.keys() - known):
            there = ", ".join(sorted(known)) or _("none")
            told = _("There is no parameter %(name)r here. There are: %(there)s.")
            return problem(request, 400, told % {"name": unknown[0][:60], "there": there})
        return run(request, **given)

    return wrapper


def alone(run: Run) -> Run:
    @wraps(run)
    def wrapper(request: HttpRequest, **given: Any) -> HttpResponse:
        response = run(request, **given)
        patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Authorization"])
        return response

    return wrapper


def _declared(router: Router, path: str, shape: Any, wrap: Callable[[Run], Run], **more: Any) -> Callable[[F], F]:
    def declare(function: F) -> F:
        made: F = router.api_operation(
            ["GET", "HEAD"], path, response=shape, operation_id=function.__name__, exclude_none=True, **more
        )(decorate_view(strict, wrap)(function))
        return made

    return declare


class ReaderToken(HttpBearer):
    """The token of a reader, which they make and revoke at /accounts/tokens/."""

    openapi_description = (
        "A token that its reader makes at /accounts/tokens/. It may `read` progress, `record` answers, or both."
    )

    def __init__(self, scope: ApiToken.Scope) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token that was sent; a session never opens anything here."""
        spend(READS, request)
        found = tokens.find(token)
        if found and self.scope not in found.scopes:
            raise AuthorizationError(message=f"This token may not {self.scope}: {', '.join(found.scopes)} only.")
        return found
