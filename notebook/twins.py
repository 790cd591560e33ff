"""Every public page as Markdown: at its address with .md, or at its own for whoever likes Markdown better than HTML.

A lesson and the question bank have Markdown of their own, made from their text. Every other page is turned into
Markdown from the very HTML that readers get, so that the two cannot say different things.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails
from markdownify import MarkdownConverter

from modules.http import MARKDOWN
from modules.rendering.rawfile import tokens

View = Callable[..., HttpResponseBase]

# Pages that are turned into Markdown as they are.
TURNED = frozenset(
    {
        "home",
        "search",
        "modules:map",
        "modules:focus",
        "modules:numbers",
        "modules:number",
        "modules:reference",
        "modules:trust",
        "modules:sources",
        "modules:glossary",
        "modules:changelog",
        "modules:failures",
        "modules:failure",
        "modules:compare",
        "paths:path",
        "progress:exams",
    }
)
# Pages with Markdown of their own, by the name of its address.
OWN = {"modules:module": "modules:raw", "progress:bank": "progress:bank-markdown"}

# What of a page is for hands and eyes alone.
LEFT_OUT = "nav, form, script, style, button, input, progress, svg, dialog, .anchor, .visually-hidden, .report"
LESSON = re.compile(r"/modules/([a-z0-9-]+)/(#.*)?")
LIMIT_KEPT = 60


def address(request: HttpRequest, match: ResolverMatch) -> str:
    """Return where the page that a request asks for is Markdown; "" for a page that has no such form."""
    name = match.view_name
    if name in OWN:
        path = reverse(OWN[name], args=match.args, kwargs=match.kwargs)
    elif name in TURNED:
        path = "/index.md" if request.path == "/" else f"{request.path.rstrip('/')}.md"
    else:
        return ""
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


class Twins:
    """Middleware that answers in Markdown who prefers it, and tells all others where it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        where = address(request, match) if match and request.method in ("GET", "HEAD") else ""
        if where and not request.headers.get("HX-Request"):
            patch_vary_headers(response, ["Accept"])
            if response.get("Content-Type", "").startswith("text/html"):
                response["Link"] = f'<{where}>; rel="alternate"; type="text/markdown"'
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or request.method not in ("GET", "HEAD") or request.headers.get("HX-Request"):
            return None
        where = address(request, match)
        # HTML first: whoever takes anything gets the page that people read.
        if not where or request.get_preferred_type(["text/html", "text/markdown"]) != "text/markdown":
            return None
        if match.view_name in OWN:
            own = resolve(urlsplit(where).path)
            # Under its own address, by which pages are kept in memory.
            response: HttpResponseBase = own.func(_at(request, urlsplit(where).path, own), *own.args, **own.kwargs)
        else:
            response = turned(request, match, request.path)
        response["Content-Location"] = where
        return response


@require_safe
def page(request: HttpRequest, page: str) -> HttpResponseBase:
    """A page as Markdown, by its address with .md."""
    path = "/" if page == "index" else f"/{page}/"
    try:
        match = resolve(path)
    except Resolver404:
        match = None
    if match is None or match.view_name not in TURNED:
        raise Http404(f"There is no page {path}.")
    response = turned(request, match, path)
    query = request.META.get("QUERY_STRING", "")
    response["Link"] = f'<{settings.SITE_URL}{path}{"?" if query else ""}{query}>; rel="canonical"'
    return response


def turned(request: HttpRequest, match: ResolverMatch, path: str) -> HttpResponseBase:
    """Ask a view for its page and return it as Markdown; caches may keep it just as they may keep the page."""
    asked = _at(request, path, match)
    for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING"):
        asked.META.pop(name, None)
    response: HttpResponseBase = match.func(asked, *match.args, **match.kwargs)
    if not isinstance(response, HttpResponse) or not response.get("Content-Type", "").startswith("text/html"):
        return response
    query = request.META.get("QUERY_STRING", "")
    text = _kept(response.content.decode(), f"{settings.SITE_URL}{path}{'?' if query else ''}{query}")
    told = HttpResponse(text, content_type=MARKDOWN, status=response.status_code)
    for name in ("Cache-Control", "Vary"):
        if name in response:
            told[name] = response[name]
    told["ETag"] = f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'
    told["X-Markdown-Tokens"] = str(tokens(text))
    conditional = get_conditional_response(request, etag=told["ETag"], response=told)
    return conditional if isinstance(conditional, HttpResponse) else told


def _at(request: HttpRequest, path: str, match: ResolverMatch) -> HttpRequest:
    """Return a request as if it had asked for another address."""
    asked = copy(request)
    asked.__dict__.pop("headers", None)  # read from META again
    asked.META = {name: value for name, value in request.META.items() if name != "HTTP_HX_REQUEST"}
    asked.path = asked.path_info = path
    asked.resolver_match = match
    asked.htmx = HtmxDetails(asked)  # type: ignore[attr-defined]  # as django_htmx does
    return asked


def markdown(html: str, url: str) -> str:
    """Return the main part of a page as Markdown, with front matter."""
    soup = BeautifulSoup(html, "lxml")
    title = (soup.title.get_text() if soup.title else "").removesuffix(" · Every Number").strip()
    main = soup.find("main") or soup
    assert isinstance(main, Tag)
    for element in main.select(LEFT_OUT):
        element.decompose()
    for maths in main.select("math"):
        tex = maths.find("annotation")
        maths.replace_with(f"${tex.get_text()}$" if tex else maths.get_text())
    for link in main.select("a[href]"):
        if found := LESSON.fullmatch(str(link["href"])):
            link["href"] = f"/raw/{found[1]}.md{found[2] or ''}"
    text = MarkdownConverter(heading_style="ATX", bullets="-", escape_misc=False).convert_soup(main)
    text = re.sub(r"[ \t]+\n", "\n", re.sub(r"\n{3,}", "\n\n", text)).strip()
    data = {"title": title, "url": url, "licence": "CC BY 4.0", "tokens": tokens(text)}
    front = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n\n{text}\n\nAll lessons, for machines: [/llms.txt](/llms.txt)\n"


_turned: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def _kept(html: str, url: str) -> str:
    """Return a page as Markdown, turned once for as long as it stays the same: the longest takes a second."""
    key = hashlib.sha256(f"{url}\0{html}".encode()).hexdigest()
    with _lock:
        if key in _turned:
            _turned.move_to_end(key)
            return _turned[key]
    text = markdown(html, url)
    with _lock:
        _turned[key] = text
        while len(_turned) > LIMIT_KEPT:
            _turned.popitem(last=False)
    return text
