"""The drill on failure modes: a symptom at 3 am, thirty seconds, one lever."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from modules.drills.draws import SEEDS
from modules.models import FailureMode
from modules.rendering.texts import FAILURE_PARTS
from modules.shared import unshared
from progress import drills
from progress.csrf import same_origin
from progress.facts import Answer, Window, key_of
from progress.study import StudyRequest
from progress.views import private

SECONDS = 30
WRONG, RIGHT = "wrong", "right"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@same_origin
def levers(request: StudyRequest) -> HttpResponse:
    """The one address of the drill: a seed in it is a symptom, a lever beside that an answer."""
    given = request.GET.get("seed", "")
    if not given and request.method != "POST":
        return _draw(request)
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(SEEDS - 1))):
        raise Http404("A drill is named by a number of up to six digits.")
    seed = int(given)
    failure = _drawn(seed)
    return (_answer if request.method == "POST" else _ask)(request, failure, seed)


@private
def _draw(request: StudyRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('progress:levers')}?seed={drills.new_seed()}")


@unshared
def _ask(request: StudyRequest, failure: FailureMode, seed: int) -> HttpResponse:
    return _page(request, failure, seed, request.GET.get("lever", ""))


@private
def _answer(request: StudyRequest, failure: FailureMode, seed: int) -> HttpResponse:
    lever = request.POST.get("lever", "")
    if lever in FailureMode.Lever.values:
        answer = Answer(seed, lever, RIGHT if lever == failure.lever else WRONG)
        request.study.grade(subject(failure), answer, key_of(request.POST.get("key", "")))
    if request.htmx:
        return _page(request, failure, seed, lever)
    return HttpResponseRedirect(f"{reverse('progress:levers')}?seed={seed}&lever={lever[:10]}#told")


def _page(request: StudyRequest, failure: FailureMode, seed: int, lever: str) -> HttpResponse:
    known = lever in FailureMode.Lever.values
    context = {
        "failure": failure,
        "seed": seed,
        "seconds": SECONDS,
        "levers": list(FailureMode.Lever),
        "pulled": FailureMode.Lever(lever) if known else None,
        "is_right": lever == failure.lever,
        "parts": [(title, failure.html[part]) for part, title in FAILURE_PARTS.items() if part != "symptom"],
        "error": bool(lever or request.method == "POST") and not known,
        "score": _score(request),
        "next": drills.new_seed(),
    }
    template = "progress/exams/_lever.html" if request.htmx else "progress/exams/levers.html"
    return render(request, template, context, status=400 if context["error"] else 200)


def _drawn(seed: int) -> FailureMode:
    """Return the failure mode that a seed draws: each has a place of its own by it, so a new one moves no other."""
    names = FailureMode.objects.filter(module__is_written=True).exclude(html={}).values_list("pk", "module_id", "name")
    places = [(hashlib.sha256(f"{seed} {lesson}:{name}".encode()).digest(), pk) for pk, lesson, name in names]
    if not places:
        raise Http404("No lesson tells of a failure mode.")
    return FailureMode.objects.select_related("module").get(pk=min(places)[1])


def subject(failure: FailureMode) -> str:
    """Return what an event calls it."""
    return f"{failure.module_id}:failure.{failure.name}"


def _score(request: StudyRequest) -> tuple[int, int]:
    """Return how many of the symptoms that were answered are right by their last answer, and how many they are."""
    last = [fact.answer for fact in request.study.grades(Window()) if ":failure." in fact.subject]
    return sum(answer is not None and answer.verdict == RIGHT for answer in last), len(last)
