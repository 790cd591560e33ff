from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from modules import content
from modules.content import Content
from modules.http import NotebookRequest
from modules.models import Company, Module, Part, Revision
from modules.search import LIMIT_CHARACTERS
from modules.shared import shared, unshared
from modules.states import count, state
from notebook.finding import find, useful
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
    parts = Part.objects.prefetch_related(Prefetch("modules", Module.objects.listed()))
    return render(request, "llms.txt", {"parts": parts, "site": settings.SITE_URL}, content_type=TEXT)


@require_safe
def llms_full(request: NotebookRequest) -> StreamingHttpResponse:
    """Every written lesson in notebook order, one after another."""
    return StreamingHttpResponse(_raw_lessons(), content_type=TEXT)


def _raw_lessons() -> Iterator[str]:
    lessons = Module.objects.written().order_by("part__position", "position")
    yield f"# Every Number, complete\n\nThe index is {settings.SITE_URL}/llms.txt\n"
    for raw in lessons.values_list("raw", flat=True).iterator(chunk_size=8):
        yield f"\n{raw}"


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
    return render(request, "500.html", status=500)
