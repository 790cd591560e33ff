"""The numbers as pages: each with its defence, all of them to search, and those that lessons share."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from modules import ages, content, defences, prices, references, what_if_views
from modules import trust as trusting
from modules.defences import Defended, Story
from modules.http import NotebookRequest
from modules.models import Group
from modules.rendering import Plot
from modules.shared import shared, shared_while, unshared
from modules.whatif import what_ifs

KINDS = ["cited", "computed", "assumed"]


@require_safe
@what_ifs(what_if_views.number)
@shared
def number(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    defended = defences.demand(owner_id, name, content.current())
    story = Story.of(defended)
    context = {"defended": defended, "story": story, "plot": _chart(defended, story), "site": settings.SITE_URL}
    return render(request, "modules/number.html", context)


def _chart(defended: Defended, story: Story) -> Plot | None:
    """Draw what a price or another dated number said over time, if it ever said anything else."""
    days = prices.history(defended.entry, story.changes)
    if len(days) < 2:
        return None
    label = defended.number.label
    return prices.chart([("", days)], title=f"{label} over time", label=label, prefix="history")


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
    shared_ones = list(references.read(content.current()))
    kinds = [(kind, [one for one in shared_ones if one.group.kind == kind]) for kind in Group.Kind]
    return render(request, "modules/reference.html", {"kinds": kinds})


@require_safe
@shared_while(trusting.edition)
def trust(request: NotebookRequest) -> HttpResponse:
    """What the promise of the notebook comes to."""
    found = trusting.read(content.current(), timezone.localdate())
    return render(request, "modules/trust.html", {"trust": found, "stale_days": ages.STALE.days})
