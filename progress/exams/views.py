"""Exams: choosing one, sitting it, being marked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from modules.exams import Drawn, draw, exams
from modules.ledger import LedgerError
from modules.models import Module
from modules.shared import private, shared, unshared
from progress.bank.mock import MORE_MINUTES
from progress.bank.results import graded
from progress.csrf import same_origin
from progress.exams.grading import Asked, Outcome, Sat, before, sat
from progress.exams.sitting import Sitting
from progress.facts import Answer, Window, key_of
from progress.study import StudyRequest


@require_safe
@shared
def index(request: StudyRequest) -> HttpResponse:
    """Every review that can be sat."""
    return render(request, "progress/exams/exams.html", {"lessons": exams()})


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@same_origin
def exam(request: StudyRequest, module_id: str) -> HttpResponse:
    """The one address of an exam: without a start it is told there, with one it is sat."""
    sitting = Sitting.read(module_id, request.GET, timezone.now())
    if sitting is None:
        raise Http404("No exam has this address.")
    try:
        drawn = draw(module_id, sitting.seed or 0)
    except Module.DoesNotExist:
        raise Http404(f"{module_id} has no exam.") from None
    if sitting.start is None:
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if "begin" in request.GET:
            minutes = None if "untimed" in request.GET else drawn.minutes
            return private(HttpResponseRedirect(sitting.begun(timezone.now(), minutes).address))
        return _tell(request, sitting, drawn)
    return private((_answer if request.method == "POST" else _sit)(request, sitting, drawn))


@unshared
def _tell(request: StudyRequest, sitting: Sitting, drawn: Drawn) -> HttpResponse:
    context = {"drawn": drawn, "sitting": sitting, "before": before(drawn.module.pk, request.study.grades(Window()))}
    return render(request, "progress/exams/exam.html", context)


def _sit(request: StudyRequest, sitting: Sitting, drawn: Drawn, refused: Asked | None = None) -> HttpResponse:
    """Show the phases with what was answered so far; `refused` is a number that could not be read."""
    phases = [_with(phase, refused) for phase in sat(drawn, request.study.grades(sitting.window))]
    context = {
        "drawn": drawn,
        "sitting": sitting,
        "phases": phases,
        "outcome": Outcome(phases),
        "here": sitting.address,
        "left_s": sitting.left_s(timezone.now()),
        "more_minutes": MORE_MINUTES,
        "later": sitting.later,
        "unclocked": sitting.unclocked,
    }
    return render(request, "progress/exams/sitting.html", context, status=400 if refused else 200)


def _answer(request: StudyRequest, sitting: Sitting, drawn: Drawn) -> HttpResponse:
    """Remember a number or a grade; a number that cannot be read is none, and comes back."""
    subject, seed = request.POST.get("subject", ""), sitting.seed or 0
    phases = sat(drawn, request.study.grades(sitting.window))
    phase = next((each for each in phases if subject == each.subject), None)
    number = next((one for each in phases for one in each.numbers if subject == one.subject), None)
    if phase:
        answer = graded(request.POST.getlist("said"), len(phase.rubric), seed)
    elif number:
        text = request.POST.get("answer", "").replace("\0", "").strip()
        try:
            answer = Answer(seed, text, number.mark(text).diagnosis.verdict)
        except LedgerError as error:
            refused = replace(number, text=text[:100], trouble=str(error))
            return _told(request, sitting, drawn, refused) if request.htmx else _sit(request, sitting, drawn, refused)
    else:
        raise Http404("This exam does not ask that.")
    request.study.grade(subject, answer, key_of(request.POST.get("key", "")))
    if not request.htmx:
        place = (phase or next(each for each in phases if number in each.numbers)).phase.name
        return HttpResponseRedirect(f"{sitting.address}#{place}")
    return _told(request, sitting, drawn)


def _told(request: StudyRequest, sitting: Sitting, drawn: Drawn, refused: Asked | None = None) -> HttpResponse:
    """Return the phase that was answered as it is now, and what all answers come to."""
    subject = request.POST.get("subject", "")
    phases = [_with(phase, refused) for phase in sat(drawn, request.study.grades(sitting.window))]
    phase = next(each for each in phases if f"{subject}.".startswith(f"{each.subject}."))
    context: dict[str, Any] = {"each": phase, "outcome": Outcome(phases), "here": sitting.address, "is_update": True}
    return render(request, "progress/exams/_told.html", context)


def _with(phase: Sat, refused: Asked | None) -> Sat:
    """Return a phase with a number that could not be read in its place."""
    if refused is None:
        return phase
    numbers = [refused if one.subject == refused.subject else one for one in phase.numbers]
    return replace(phase, numbers=numbers)
