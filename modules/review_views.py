"""What design reviews have beside their text: failure modes, reviews side by side, documents to take away."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from modules import comparing, content, documents
from modules.defences import Defended
from modules.failures import Asking
from modules.http import MARKDOWN, NotebookRequest
from modules.models import FailureMode
from modules.rendering.texts import FAILURE_PARTS
from modules.shared import private, shared, unshared
from modules.whatif import WhatIfError, asked

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@vary_on_headers("HX-Request")
@unshared
def failures(request: NotebookRequest) -> HttpResponse:
    """Every failure mode of every review, to be sorted and narrowed."""
    asking = Asking.read(request.GET)
    if request.htmx:
        return push_url(render(request, "modules/failures/_found.html", {"asking": asking}), asking.here)
    return render(request, "modules/failures/failures.html", {"asking": asking})


@require_safe
@shared
def failure(request: NotebookRequest, module_id: str, name: str) -> HttpResponse:
    rows = FailureMode.objects.filter(module__is_written=True).select_related("module")
    row = get_object_or_404(rows, module=module_id, name=name)
    now = content.current()
    cost = now.numbers_for(row.module_id).get(row.cost)
    others = FailureMode.objects.listed().exclude(pk=row.pk)
    context = {
        "failure": row,
        "parts": [(heading, row.html.get(part, "")) for part, heading in FAILURE_PARTS.items()],
        "cost": Defended(cost, now) if cost else None,
        "alike": others.filter(systems__overlap=row.systems)[:6],
    }
    return render(request, "modules/failures/failure.html", context)


@require_safe
@unshared
def compare(request: NotebookRequest) -> HttpResponse:
    """The numbers of some reviews side by side, as written or with some supposed."""
    table = comparing.read(request.GET.getlist("lessons"), asked(request.GET), content.current())
    return render(request, "modules/compare.html", {"table": table}, status=400 if table.troubles else 200)


@require_safe
def document(request: NotebookRequest, module_id: str, name: str, ending: str) -> HttpResponse:
    """A document that a lesson gives away, with its numbers as written or as supposed."""
    try:
        text = documents.written(module_id, name, asked(request.GET))
    except WhatIfError as error:
        return private(HttpResponse(f"{error}\n", content_type="text/plain; charset=utf-8", status=400))
    if text is None:
        raise Http404(f"{module_id} gives no document {name} away.")
    if ending == "md":
        return private(HttpResponse(text, content_type=MARKDOWN))
    from modules.wordfile import docx  # its libraries take 20 MB, which a worker that nobody asks need not have

    headers = {"Content-Disposition": f'attachment; filename="{name}.docx"'}
    return private(HttpResponse(docx(text), content_type=DOCX, headers=headers))
