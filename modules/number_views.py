"""The numbers as pages: each with its defence, all of them to search, and those that lessons share."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from modules import content, defences
from modules.defences import Defended, Story
from modules.http import NotebookRequest
from modules.models import Group
from modules.shared import shared, unshared

KINDS = ["cited", "computed", "assumed"]


@require_safe
@shared
def number(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    defended = _found(owner_id, name)
    context = {"defended": defended, "story": Story.of(defended), "site": settings.SITE_URL}
    return render(request, "modules/number.html", context)


@require_safe
@shared
def number_json(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    defended = _found(owner_id, name)
    fields = defences.as_json(defended, Story.of(defended))
    return JsonResponse(fields, json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_safe
@vary_on_headers("HX-Request")
@unshared
def numbers(request: NotebookRequest) -> HttpResponse:
    query, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    found = defences.search(query, kind if kind in KINDS else "", content.current())
    page = Paginator(found, 100).get_page(request.GET.get("page"))
    template = "modules/_numbers.html" if request.htmx else "modules/numbers.html"
    return render(request, template, {"page": page, "query": query, "kind": kind, "kinds": KINDS})


@require_safe
@shared
def reference(request: NotebookRequest) -> HttpResponse:
    now = content.current()
    groups = [
        (group, [Defended(number, now) for key, number in now.numbers.items() if key.startswith(f"{group.pk}.")])
        for group in Group.objects.select_related("source")
    ]
    kinds = [(kind, [pair for pair in groups if pair[0].kind == kind]) for kind in Group.Kind]
    return render(request, "modules/reference.html", {"kinds": kinds})


def _found(owner_id: str, name: str) -> Defended:
    defended = defences.find(owner_id, name, content.current())
    if defended is None:
        raise Http404(f"There is no number {name} in {owner_id}.")
    return defended
