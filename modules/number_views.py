"""The numbers as pages: each with its defence, all of them to search, and those that lessons share."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from modules import content, defences, what_if_views
from modules.defences import Defended, Story
from modules.http import NotebookRequest
from modules.models import Group
from modules.shared import shared, unshared
from modules.whatif import what_ifs

KINDS = ["cited", "computed", "assumed"]


@require_safe
@what_ifs(what_if_views.number)
@shared
def number(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    defended = defences.demand(owner_id, name, content.current())
    context = {"defended": defended, "story": Story.of(defended), "site": settings.SITE_URL}
    return render(request, "modules/number.html", context)


@require_safe
@what_ifs(what_if_views.number_json)
@shared
def number_json(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    defended = defences.demand(owner_id, name, content.current())
    return defences.json_response(defended, Story.of(defended))


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
