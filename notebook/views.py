from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, groupby
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from modules import content
from modules.content import Content
from modules.http import MARKDOWN, NotebookRequest
from modules.models import Company, Module, Part, Revision
from modules.rendering.rawfile import tokens
from modules.search import LIMIT_CHARACTERS
from modules.shared import shared, unshared
from modules.states import count, state
from notebook.api.problems import problem
from notebook.finding import find, useful
from notebook.packs import LEAST_TOKENS, MOST_TOKENS, PURPOSES, Pack
from paths.models import LearningPath
from paths.standing import standings

TEXT = "text/plain; charset=utf-8"


@require_safe
@shared
def home(request: NotebookRequest) -> HttpResponse:
    study = request.study
    lessons = [(lesson, state(lesson, study)) for lesson in Module.objects.listed()]
    context = _live(content.current()) | {
        "parts": [(part, list(rows)) for part, rows in groupby(lessons, lambda row: row[0].part)],
        "counts": count(one for _, one in lessons),
        "here": next((one for one, _ in lessons if one.pk == study.last_opened and one.pk in study.reading), None),
        "standings": standings(study),
        "companies": Company.objects.annotate(
            written=Count("focus", filter=Q(focus__module__is_written=True)), total=Count("focus")
        ),
        "news": Revision.objects.of_lessons()[:5],
    }
    return render(request, "home.html", context)


@require_safe
@vary_on_headers("HX-Request")
@unshared
def live(request: NotebookRequest) -> HttpResponse:
    """The home page's number with a reader's value: what its form asks for, as a page of its own or as a fragment."""
    context = _live(content.current(), request.GET.dict())
    if not context:
        raise Http404("the notebook has no live number")
    return render(request, "_live_answer.html" if request.htmx else "live.html", context)


def _live(now: Content, given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what `_live.html` shows; nothing where the notebook has no live number."""
    if now.live is None:
        return {}
    lesson = now.lessons[now.live.explorer.module_id]
    return {"live": now.live.asked(given or {}), "grounds": now.live_grounds, "lesson": lesson}


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
@unshared
def search(request: NotebookRequest) -> HttpResponse:
    """Everything the notebook can find: as a page, as the page's results while typing, or as the palette's options."""
    query = request.GET.get("q", "").strip()[:LIMIT_CHARACTERS]
    groups = find(query) if query else useful(request.study)
    fragment = "_options.html" if request.htmx.target == "palette-options" else "_results.html"
    return render(request, fragment if request.htmx else "search.html", {"query": query, "groups": groups})


@require_safe
@shared
def llms(request: NotebookRequest) -> HttpResponse:
    written = Module.objects.written().listed()
    parts = Part.objects.prefetch_related(Prefetch("modules", written))
    context = {"parts": parts, "paths": LearningPath.objects.all(), "site": settings.SITE_URL}
    response = render(request, "llms.txt", context, content_type=TEXT)
    response["Link"] = '</api/openapi.json>; rel="service-desc"'
    return response


@require_safe
def llms_full(request: NotebookRequest) -> HttpResponseBase:
    """Every written lesson in notebook order, one after another; whoever was cut off goes on by `Range: bytes=N-`."""
    lessons = Module.objects.written().order_by("part__position", "position")
    opening = f"# Every Number, complete\n\nThe index is {settings.SITE_URL}/llms.txt\n".encode()
    size = len(opening) + sum(1 + length for length in lessons.values_list("raw_bytes", flat=True))
    etag = f'"{Revision.objects.edition()}-{size}"'
    start = _range_start(request, etag)
    if start >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_from(start, opening, lessons), content_type=TEXT, status=206 if start else 200)
    response["Accept-Ranges"], response["ETag"], response["Content-Length"] = "bytes", etag, str(size - start)
    if start:
        response["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
    return response


def _range_start(request: NotebookRequest, etag: str) -> int:
    """Return the byte from which to go on; 0 where all is asked for, or the text has changed since."""
    found = re.fullmatch(r"bytes=(\d{1,12})-", request.headers.get("Range", "").strip())
    is_same = request.headers.get("If-Range", etag) == etag
    return int(found[1]) if found and is_same else 0


def _from(start: int, opening: bytes, lessons: QuerySet[Module]) -> Iterator[bytes]:
    texts = chain(
        [opening], (f"\n{raw}".encode() for raw in lessons.values_list("raw", flat=True).iterator(chunk_size=8))
    )
    for text in texts:
        if start < len(text):
            yield text[start:]
        start = max(0, start - len(text))


@require_safe
@unshared
def packs(request: NotebookRequest) -> HttpResponse:
    """Choose lessons, a purpose and a size; the pack is an address."""
    chosen = Pack.read(request.GET)
    lessons = [(part, list(rows)) for part, rows in groupby(Module.objects.written().listed(), lambda row: row.part)]
    context = {
        "parts": lessons,
        "pack": chosen,
        "purposes": PURPOSES,
        "least": LEAST_TOKENS,
        "most": MOST_TOKENS,
        "is_asked": bool(request.GET),
    }
    return render(request, "packs.html", context, status=400 if request.GET and chosen.troubles else 200)


@require_safe
@unshared
def pack(request: NotebookRequest) -> HttpResponse:
    chosen = Pack.read(request.GET)
    if chosen.troubles or not chosen.lessons:
        told = chosen.troubles or [_("A pack has at least one lesson: lessons=kv-cache,attention")]
        return HttpResponse("\n".join(map(str, told)) + "\n", content_type=MARKDOWN, status=400)
    text = chosen.text
    response = HttpResponse(text, content_type=MARKDOWN)
    response["X-Markdown-Tokens"] = str(tokens(text))
    return response


@require_safe
@shared
def robots(request: NotebookRequest) -> HttpResponse:
    return render(
        request, "robots.txt", {"site": settings.SITE_URL, "signal": settings.CONTENT_SIGNAL}, content_type=TEXT
    )


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether this process can reach its database; for load balancers and `make run`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type=TEXT, status=503)
    return HttpResponse("ok\n", content_type=TEXT)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(request, 500, _("Something broke here; it was nothing that was sent."))
    return render(request, "500.html", status=500)
