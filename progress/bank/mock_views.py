"""A mock interview: chosen, sat and graded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import replace_url

from modules import content
from modules.ledger import LedgerError
from modules.shared import private, unshared
from progress.bank.asking import Asking
from progress.bank.due import so_far
from progress.bank.items import Asked
from progress.bank.mock import MORE_MINUTES, MOST_MINUTES, MOST_QUESTIONS, Mock
from progress.bank.outcomes import outcome
from progress.bank.reading import HTML, whole
from progress.bank.results import results
from progress.csrf import same_origin
from progress.facts import Answer, key_of
from progress.study import StudyRequest


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@same_origin
def mock(request: StudyRequest) -> HttpResponse:
    """The one address of a mock interview: without a start it is chosen there, with one it is sat."""
    now = timezone.now()
    mock = Mock.read(request.GET, now)
    asking = Asking.read(request.GET, so_far(request.study, mock.before, mock.start or now))
    if request.method == "POST" and mock.start is None:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if mock.troubles or asking.troubles:
        return _choose(request, asking, mock, status=400)
    if mock.start is None and "begin" not in request.GET:
        return _choose(request, asking, mock)
    if not asking.found:
        return _choose(request, asking, mock, status=404)
    if mock.start is None:
        return private(HttpResponseRedirect(mock.begun(now).address(asking)))
    if mock.seed is None:
        raise Http404("A mock interview that has begun has a seed.")
    return private((_answer if request.method == "POST" else _sit)(request, asking, mock))


@unshared
def _choose(request: StudyRequest, asking: Asking, mock: Mock, status: int = 200) -> HttpResponse:
    context = {
        "asking": asking,
        "mock": mock,
        "troubles": [*mock.troubles, *asking.troubles],
        "given": request.GET,
        "most_questions": MOST_QUESTIONS,
        "most_minutes": MOST_MINUTES,
        "address": mock.address(asking),
    }
    if request.htmx:
        return replace_url(render(request, "progress/bank/_count.html", context), mock.address(asking))
    return render(request, "progress/bank/mock.html", context, status=status)


def _sit(request: StudyRequest, asking: Asking, mock: Mock, refused: Asked | None = None) -> HttpResponse:
    """Show the questions with what was answered so far; `refused` is an answer that could not be read."""
    context = _context(request, asking, mock)
    if refused:
        context["items"][refused.place - 1] = refused
    left_s = mock.left_s(timezone.now())
    later = replace(mock, minutes=min((mock.minutes or 0) + MORE_MINUTES, MOST_MINUTES))
    context |= {
        "mock": mock,
        "asking": asking,
        "left_s": left_s,
        "more_minutes": MORE_MINUTES,
        "later": later.address(asking),
        "unclocked": replace(mock, minutes=None).address(asking),
        "share": replace(mock, start=None).address(asking),
        "another": replace(mock, start=None, seed=None).address(asking),
        "print": replace(mock, start=None, minutes=None).address(asking, "bank-print"),
        "markdown": replace(mock, start=None, minutes=None).address(asking, "bank-markdown"),
    }
    return render(request, "progress/bank/sitting.html", context, status=400 if refused else 200)


def _answer(request: StudyRequest, asking: Asking, mock: Mock) -> HttpResponse:
    """Remember a number or a grade; a number that cannot be read is none, and comes back."""
    items: list[Asked] = _context(request, asking, mock)["items"]
    item = next((one for one in items if one.question.key == request.POST.get("question")), None)
    if item is None or mock.seed is None:
        raise Http404("This mock interview does not ask that.")
    try:
        answer = _given(request, item, mock.seed)
    except LedgerError as error:
        refused = item.refused(request.POST.get("answer", ""), str(error))
        return _told(request, asking, mock, refused) if request.htmx else _sit(request, asking, mock, refused)
    request.study.grade(item.question.key, answer, key_of(request.POST.get("key", "")))
    if not request.htmx:
        return HttpResponseRedirect(f"{mock.address(asking)}#{item.id}")
    return _told(request, asking, mock, item)


def _given(request: StudyRequest, item: Asked, seed: int) -> Answer:
    """Return what was answered: a number, which the ledger marks, or what the reader said of the rubric."""
    if "answer" not in request.POST:
        return item.own(request.POST.getlist("said"), seed)
    text = request.POST["answer"].replace("\0", "").strip()
    return Answer(seed, text, item.mark(text).diagnosis.verdict)


def _told(request: StudyRequest, asking: Asking, mock: Mock, item: Asked) -> HttpResponse:
    """Return the question that was answered as it is now, and what all answers come to."""
    context = _context(request, asking, mock)
    now = item if item.trouble else context["items"][item.place - 1]
    context |= {"item": now, "is_update": True, "here": mock.address(asking)}
    return render(request, "progress/bank/_told.html", context)


def _context(request: StudyRequest, asking: Asking, mock: Mock) -> dict[str, Any]:
    """Return the questions of a sitting and their outcome so far; two queries and a quick one."""
    rows = mock.drawn(asking)
    found = results(request.study.grades(mock.window))
    now = content.current()
    items = [
        Asked(question, place, found.get(question.key), now)
        for place, question in enumerate(whole(rows, HTML), start=1)
    ]
    return {"items": items, "outcome": outcome(found, rows, asking.bank), "here": mock.address(asking)}
