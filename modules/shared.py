"""Pages that are the same for every reader without a session: made once, kept in memory, fit for any cache."""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar, cast

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from modules.models import Revision

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponse]

LIMIT_PAGES = 300
KEPT = ("Link", "Last-Modified", "X-Markdown-Tokens", "Access-Control-Allow-Origin")  # headers that are the page's own


def _br(body: bytes) -> bytes:
    return cast(bytes, brotli.compress(body, quality=9))  # 25 ms for a lesson; 10 takes 150 for a tenth less


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


_ENCODERS = {"br": _br, "gzip": _gzip}
_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@lru_cache(maxsize=100)  # browsers send a handful of different ones
def encoding_for(accepted: str) -> str:
    """Return which of our encodings an Accept-Encoding header likes best, or "" for none of them (RFC 9110, 12.5.3)."""
    weights = {}
    for item in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        found = _WEIGHT.fullmatch(parameters[0]) if parameters else None
        weights[name] = float(found[1]) if found else float(not parameters)
    best = max(_ENCODERS, key=lambda name: weights.get(name, weights.get("*", 0.0)))
    return best if weights.get(best, weights.get("*", 0.0)) else ""


@dataclass
class Page:
    """A page as bytes, with each encoding made the first time a reader asks for it."""

    body: bytes
    content_type: str
    edition: Hashable
    checked_at: float
    headers: dict[str, str] = field(default_factory=dict)
    encoded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.etag = hashlib.sha256(self.body).hexdigest()[:20]

    def response(self, request: HttpRequest, vary: str = "Accept-Encoding, Cookie") -> HttpResponse:
        encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
        body = self.body
        if encoding:
            body = self.encoded.get(encoding) or self.encoded.setdefault(encoding, _ENCODERS[encoding](self.body))
        response = HttpResponse(body, content_type=self.content_type, headers=self.headers)
        if encoding:
            response["Content-Encoding"] = encoding
        response["ETag"] = f'"{self.etag}{"-" + encoding if encoding else ""}"'
        response["Cache-Control"] = "public, max-age=60"
        response["Vary"] = vary
        conditional = get_conditional_response(request, etag=response["ETag"], response=response)
        return conditional if isinstance(conditional, HttpResponse) else response


_pages: OrderedDict[str, Page] = OrderedDict()
_lock = Lock()


def _content() -> Hashable:
    return Revision.objects.edition()


def shared_while(same: Callable[[], Hashable]) -> Callable[[View[R, P]], View[R, P]]:
    """Serve a reader without a session from memory; to others the view's page is private.

    What the page shows may depend on the address, on what `same` tells and on the day alone. A kept page is used
    for SHARED_SECONDS before `same` is asked again; it is made anew once that differs, and every day, since a
    page may say how old something is.
    """

    def edition() -> Hashable:
        return _today(same)

    def decorate(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def wrapper(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                return private(view(request, *args, **kwargs))
            made = page_of(request, lambda: view(request, *args, **kwargs), edition)
            return made.response(request) if isinstance(made, Page) else made

        return cast(View[R, P], wrapper)

    return decorate


def page_of(
    request: HttpRequest, make: Callable[[], HttpResponse], edition: Callable[[], Hashable] = lambda: _today(_content)
) -> Page | HttpResponse:
    """Return the page that is kept for a request's address, made now if none is or it is not of this `edition`.

    An answer that is no page to keep, such as an error, comes back as it is.
    """
    key = request.get_full_path()
    page = _fresh(key, edition)
    if page is None:
        made_of = edition()
        response = make()
        if response.status_code != 200 or response.streaming:
            return response
        page = as_page(response, made_of)
        _keep(key, page)
    return page


def as_page(response: HttpResponse, edition: Hashable = None) -> Page:
    headers = {name: response[name] for name in KEPT if name in response}
    return Page(response.content, response["Content-Type"], edition, time.monotonic(), headers)


def _today(same: Callable[[], Hashable]) -> Hashable:
    return same(), timezone.localdate()


def shared(view: View[R, P]) -> View[R, P]:
    """Serve from memory what depends on the address, the content and the day alone; see `shared_while`."""
    return shared_while(_content)(view)


def unshared(view: View[R, P]) -> View[R, P]:
    """Let caches keep for a minute what answers one reader's form, unless that reader has a session.

    For pages with too many variants to be kept here.
    """

    @wraps(view)
    def wrapper(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return private(response)
        patch_cache_control(response, public=True, max_age=60)
        patch_vary_headers(response, ["Cookie"])
        return response

    return cast(View[R, P], wrapper)


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of every cache that more than one reader may be served from."""
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def _fresh(key: str, edition: Callable[[], Hashable]) -> Page | None:
    with _lock:
        page = _pages.get(key)
    if page is None or time.monotonic() - page.checked_at < settings.SHARED_SECONDS:
        return page
    if page.edition != edition():
        return None
    page.checked_at = time.monotonic()
    return page


def _keep(key: str, page: Page) -> None:
    with _lock:
        _pages[key] = page
        _pages.move_to_end(key)
        while len(_pages) > LIMIT_PAGES:
            _pages.popitem(last=False)


def forget() -> None:
    """Drop every kept page; for tests, whose databases come and go."""
    with _lock:
        _pages.clear()
