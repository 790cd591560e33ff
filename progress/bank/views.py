"""The bank as a page, on paper and as Markdown: three forms of one question to the database."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from modules.http import MARKDOWN
from modules.shared import unshared
from progress.bank.asking import Asking
from progress.bank.due import so_far
from progress.bank.facets import Row
from progress.bank.items import items
from progress.bank.markdown import Answers, written
from progress.bank.mock import Mock
from progress.bank.results import Result
from progress.facts import Window
from progress.study import StudyRequest

PAGE = 20


@require_safe
@vary_on_headers("HX-Request")
@unshared
def bank(request: StudyRequest) -> HttpResponse:
    found = so_far(request.study, Window(), timezone.now())
    asking = Asking.read(request.GET, found)
    page = Paginator(asking.found, PAGE).get_page(request.GET.get("page"))
    context = {"asking": asking, "page": page, "items": items(page.object_list, found, page.start_index() or 1)}
    if request.htmx:
        return push_url(render(request, "progress/bank/_found.html", context), asking.here)
    return render(request, "progress/bank/bank.html", context, status=400 if asking.troubles else 200)


@require_safe
@unshared
def paper(request: StudyRequest) -> HttpResponse:
    """The questions, and after them the answers, to be printed."""
    asking, rows, found = _edition(request)
    context = {"asking": asking, "items": items(rows, found), "day": timezone.localdate()}
    return render(request, "progress/bank/print.html", context, status=400 if asking.troubles else 200)


@require_safe
@unshared
def markdown(request: StudyRequest) -> HttpResponse:
    asking, rows, _found = _edition(request)
    answers = request.GET.get("answers", Answers.LAST)
    if answers not in list(Answers):
        told = f"`answers` is one of {', '.join(Answers)}.\n"
        return HttpResponse(told, content_type=MARKDOWN, status=400)
    text = written(asking, rows, Answers(answers))
    return HttpResponse(text, content_type=MARKDOWN, status=400 if asking.troubles else 200)


def _edition(request: StudyRequest) -> tuple[Asking, list[Row], dict[str, Result]]:
    """Return what is asked, and its rows: all that are found, or those of a mock interview where a seed draws them."""
    now = timezone.now()
    mock = Mock.read(request.GET, now)
    found = so_far(request.study, Window(), now)
    asking = Asking.read(request.GET, found)
    return asking, list(asking.found if mock.seed is None else mock.drawn(asking)), found
