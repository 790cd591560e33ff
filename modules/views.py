from __future__ import annotations

from itertools import groupby

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from modules import cards, changelogs, content, explorers, linked_data, raws, what_if_views
from modules.citations import cited_sources
from modules.http import MARKDOWN, NotebookRequest
from modules.lesson_map import draw
from modules.lesson_map import entries as map_entries
from modules.models import Company, Explorer, Figure, Module, Source, Term, heavy
from modules.onefile import OneFile, kept
from modules.shared import shared, unshared
from modules.states import count, state
from modules.whatif import what_ifs

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "webp": "image/webp"}


@require_safe
@what_ifs(what_if_views.module)
@shared
def module(request: NotebookRequest, module_id: str) -> HttpResponse:
    lesson = what_if_views.lesson_row(module_id)
    if not lesson.is_written:
        return render(request, "modules/planned.html", {"module": lesson}, status=404)
    place = lesson.section(request.study.place(lesson.pk))
    request.study.open(lesson.pk)
    return render(request, "modules/module.html", {"module": lesson, "place": place})


@require_safe
@what_ifs(what_if_views.raw)
@shared
def raw(request: NotebookRequest, module_id: str) -> HttpResponse:
    lesson = Module.objects.only("raw", "title", "summary", "is_written", "updated_at").filter(pk=module_id).first()
    if lesson is None:
        text = f"# Not found\n\nThere is no lesson `{module_id}`. The lessons are listed in [llms.txt](/llms.txt).\n"
        return HttpResponse(text, content_type=MARKDOWN, status=404)
    if not lesson.is_written:
        return render(request, "modules/planned.md", {"module": lesson}, content_type=MARKDOWN, status=404)
    return raws.response(lesson, lesson.raw, request.GET)


@require_safe
@kept
def offline(request: HttpRequest, module_id: str) -> HttpResponseBase:
    """The lesson as one file to keep."""
    lesson = get_object_or_404(Module.objects.written().only("title"), pk=module_id)
    return OneFile(
        name=f"every-number-{lesson.pk}",
        title=lesson.title,
        address=lesson.get_absolute_url(),
        lessons=Module.objects.filter(pk=lesson.pk),
    ).response()


@require_safe
@vary_on_headers("HX-Request")
@what_ifs(what_if_views.explorer)
@unshared
def explorer(request: NotebookRequest, module_id: str, name: str) -> HttpResponse:
    """The what-if with a reader's values: what its form asks for, as a page of its own or as a fragment."""
    row = get_object_or_404(Explorer.objects.select_related("module__part"), module=module_id, name=name)
    now = content.current()
    view = explorers.View.of(row, now.graph, now.entries, request.GET.dict())
    template = "modules/_explorer_result.html" if request.htmx else "modules/explorer.html"
    return render(request, template, {"view": view, "explorer": row, "module": row.module})


@require_safe
@cache_control(public=True, max_age=86400)
def figure(request: NotebookRequest, module_id: str, name: str) -> HttpResponse:
    row = get_object_or_404(Figure, module=module_id, name=name)
    return HttpResponse(bytes(row.data), content_type=MEDIA_TYPES[name.rpartition(".")[2]])


@require_safe
@cache_control(public=True, max_age=3600)
def card(request: NotebookRequest, module_id: str) -> HttpResponse:
    """The picture that stands for a lesson where its address is shared."""
    rows = (
        Module.objects.written().select_related("part").only("title", "summary", "hook_html", "version", "part__title")
    )
    return HttpResponse(cards.of(get_object_or_404(rows, pk=module_id)), content_type="image/png")


@require_safe
@shared
def focus(request: NotebookRequest, company_id: str) -> HttpResponse:
    company = get_object_or_404(Company, pk=company_id)
    rows = company.focus.select_related("module__part").defer(*heavy("module__"))
    listed = [row for row in rows if row.position is not None]
    others = [row for row in rows if row.position is None]
    asks = any(row.module.is_written for row in rows)
    context = {"company": company, "listed": listed, "others": others, "asks": asks}
    return render(request, "modules/focus.html", context)


@require_safe
@shared
def lesson_map(request: NotebookRequest) -> HttpResponse:
    """What every lesson needs: drawn, and as a list."""
    lessons = [(lesson, state(lesson, request.study)) for lesson in Module.objects.listed()]
    requires = Module.requires.through.objects.values_list("from_module_id", "to_module_id")
    entries = map_entries(lessons, requires)
    context = {
        "drawing": draw(entries),
        "parts": [(part, list(rows)) for part, rows in groupby(entries, lambda entry: entry.lesson.part)],
        "counts": count(one for _, one in lessons),
    }
    return render(request, "modules/map.html", context)


@require_safe
@shared
def sources(request: NotebookRequest) -> HttpResponse:
    query, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    found = cited_sources(query, kind)
    return render(
        request, "modules/sources.html", {"sources": found, "query": query, "kind": kind, "kinds": Source.Kind}
    )


@require_safe
@shared
def glossary(request: NotebookRequest) -> HttpResponse:
    terms = Term.objects.select_related("module").defer(*heavy("module__")).order_by(Lower("name"))
    letters = [(letter, list(group)) for letter, group in groupby(terms, lambda term: term.name[:1].upper())]
    linked = linked_data.terms(term for _, group in letters for term in group)
    return render(request, "modules/glossary.html", {"letters": letters, "linked": linked})


@require_safe
@shared
def changelog(request: NotebookRequest) -> HttpResponse:
    page = changelogs.page(request.GET.get("page"))
    return render(request, "modules/changelog.html", {"page": page, "days": changelogs.days(page)})
