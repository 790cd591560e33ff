"""Lessons, explorers and numbers as they would be if some numbers had other values: `?set=` after their address."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext

from modules import content, defences, raws
from modules.defences import Defended, Story
from modules.explorers import ExplorerError, View
from modules.http import MARKDOWN, NotebookRequest
from modules.models import Exam, Explorer, Module, NumberChange
from modules.rendering.raw import literal
from modules.whatif import Supposed, WhatIfError, asked, suppose, suppose_lesson


def lesson_row(module_id: str) -> Module:
    """Return all that a lesson's page shows of it but its text in other forms; raises Http404."""
    version = NumberChange.objects.order_by("-pk").values("pk")[:1]  # of the numbers on this page
    exam = Exists(Exam.objects.filter(module=OuterRef("pk")))
    lessons = Module.objects.with_neighbours().annotate(numbers=Subquery(version), can_be_sat=exam)
    return get_object_or_404(lessons.select_related("part").defer("body", "raw", "hook"), pk=module_id)


def module(request: NotebookRequest, module_id: str) -> HttpResponse:
    lesson = lesson_row(module_id)
    if not lesson.is_written:
        return render(request, "modules/planned.html", {"module": lesson}, status=404)
    text = asked(request.GET)
    try:
        what_if = suppose_lesson(module_id, text)
    except WhatIfError as error:
        context = {"module": lesson, "refusal": error, "asked": text}
        return render(request, "modules/module.html", context, status=400)
    lesson.html, lesson.hook_html, lesson.toc = what_if.draft.html, what_if.draft.hook, what_if.toc
    return render(request, "modules/module.html", {"module": lesson, "what_if": what_if})


def raw(request: NotebookRequest, module_id: str) -> HttpResponse:
    lesson = Module.objects.only("raw", "title", "summary", "is_written", "updated_at").filter(pk=module_id).first()
    if lesson is None or not lesson.is_written:
        raise Http404
    try:
        return raws.response(lesson, suppose_lesson(module_id, asked(request.GET)).draft.raw, request.GET)
    except WhatIfError as error:
        told = f"> **{literal(str(error))}** {gettext('The lesson below is as written.')}\n\n{lesson.raw}"
        return HttpResponse(told, content_type=MARKDOWN, status=400)


def explorer(request: NotebookRequest, module_id: str, name: str) -> HttpResponse:
    """An explorer in a lesson that is a what-if itself: its form sends along what else is supposed."""
    row = get_object_or_404(Explorer.objects.select_related("module__part"), module=module_id, name=name)
    now, refusal = content.current(), ""
    view = View.of(row, now.graph, now.entries)
    try:
        supposed = suppose(now, asked(request.GET), module_id)
        view = View.of(row, supposed.graph, supposed.entries, request.GET.dict())
    except (WhatIfError, ExplorerError) as error:
        refusal = str(error)
    template = "modules/_explorer_result.html" if request.htmx else "modules/explorer.html"
    context = {"view": view, "explorer": row, "module": row.module, "refusal": refusal}
    return render(request, template, context, status=400 if refusal else 200)


def number(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    written = defences.demand(owner_id, name, content.current())
    context: dict[str, object] = {"defended": written, "story": Story.of(written), "asked": asked(request.GET)}
    try:
        supposed, defended = suppose_number(asked(request.GET), written)
    except WhatIfError as error:
        return render(request, "modules/number.html", context | {"refusal": error}, status=400)
    used = [written.number.id, *(below.defended.number.id for below in written.tree)]
    changes = supposed.changes("" if written.is_shared else owner_id, used)
    return render(request, "modules/number.html", context | {"defended": defended, "changes": changes})


def number_json(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    written = defences.demand(owner_id, name, content.current())
    try:
        _, defended = suppose_number(asked(request.GET), written)
    except WhatIfError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return defences.json_response(defended, Story.of(written))


def suppose_number(text: str, written: Defended) -> tuple[Supposed, Defended]:
    """Return the content as `text` supposes it, and the number in it; raises WhatIfError."""
    supposed = suppose(written.content, text, "" if written.is_shared else written.owner_id)
    supposed.demand([written.number.id])
    return supposed, Defended(supposed.numbers[written.number.id], supposed)
