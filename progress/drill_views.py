"""Drills: choosing one, being asked, and what came of the answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from modules import content, defences, drilling
from modules.defences import Defended
from modules.drills import Drill, words
from modules.drills.draws import SEEDS
from modules.ledger import LedgerError
from modules.shared import shared, unshared
from progress import drills
from progress.csrf import same_origin
from progress.facts import Answer
from progress.study import StudyRequest
from progress.views import private


@require_safe
@shared
def start(request: StudyRequest) -> HttpResponse:
    """What there is to be drilled on."""
    return _start(request)


def _start(request: StudyRequest, empty: str = "", status: int = 200) -> HttpResponse:
    now = content.current()
    context = {
        "choices": drills.Choices.of(now),
        "chosen": drills.scope("", request.study),
        "score": drills.score(request.study),
        "empty": empty,
    }
    return render(request, "progress/drills.html", context, status=status)


@require_safe
@private
def pick(request: StudyRequest) -> HttpResponse:
    """Go to a drill at random; its address is then all there is to it."""
    scope = drills.scope(_from(request), request.study)
    if scope is None:
        raise Http404("There is no such lesson, path or company.")
    numbers = scope.numbers(content.current())
    if not numbers:
        return _start(request, empty=str(scope.title), status=404)
    key = drills.choose(numbers, request.study.answers())
    return HttpResponseRedirect(drills.address(key, drills.new_seed(), scope.name))


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@same_origin
def drill(request: StudyRequest, owner_id: str, name: str) -> HttpResponse:
    defended = defences.find(owner_id, name, content.current())
    if defended is None or defended.number.id not in defended.content.drillable:
        raise Http404(f"There is nothing to compute for {name} in {owner_id}.")
    if request.method == "POST":
        return _answer(request, defended)
    return (_ask if "seed" in request.GET else _draw)(request, defended)


@private
def _draw(request: StudyRequest, defended: Defended) -> HttpResponse:
    return HttpResponseRedirect(drills.address(defended.number.id, drills.new_seed(), _from(request)))


@unshared
def _ask(request: StudyRequest, defended: Defended) -> HttpResponse:
    """Show the drill that the address names, and with an answer in it also what to think of that."""
    drill = _drill(request.GET["seed"], defended)
    return _page(request, defended, drill, request.GET.get("answer", ""))


@private
def _answer(request: StudyRequest, defended: Defended) -> HttpResponse:
    """Remember an answer; what cannot be read is not one, and comes back."""
    drill = _drill(request.POST.get("seed", ""), defended)
    text = request.POST.get("answer", "").replace("\0", "").strip()
    try:
        marked = drilling.mark(drill.problem, text, defended.content)
    except LedgerError:
        return _page(request, defended, drill, text, is_sent=True)
    request.study.answer(defended.number.id, Answer(drill.seed, text, marked.diagnosis.verdict))
    if request.htmx:
        return _page(request, defended, drill, text, is_sent=True)
    return HttpResponseRedirect(f"{drills.address(defended.number.id, drill.seed, _from(request), text)}#answer")


def _drill(seed: str, defended: Defended) -> Drill:
    if not (seed.isascii() and seed.isdigit() and len(seed) <= len(str(SEEDS - 1))):
        raise Http404("A drill is named by a number of up to six digits.")
    drill = drilling.drill_of(defended.number.id, int(seed), defended.content)
    assert drill is not None  # the number is drillable
    return drill


def _from(request: StudyRequest) -> str:
    return (request.POST or request.GET).get("from", "")[:100].replace("\0", "")


def _page(request: StudyRequest, defended: Defended, drill: Drill, text: str, *, is_sent: bool = False) -> HttpResponse:
    now = defended.content
    context: dict[str, Any] = {
        "defended": defended,
        "lesson": now.lessons.get(defended.owner_id),
        "seed": drill.seed,
        "unit": drilling.asked_in(drill.problem),
        "tolerance": words.tolerance(),
        "from": _from(request),
        "text": text[:100],
    }
    status = 200
    if text or is_sent:
        try:
            context |= drilling.mark(drill.problem, text, now)._asdict() | {
                "working": drilling.working(drill, now),
                "answer": defended.at(drill.problem.truth),
            }
        except LedgerError as error:
            context["error"] = error
            status = 400
    if request.htmx:
        return render(request, "progress/_drill_answer.html", context)
    context |= {"givens": drilling.givens(drill, now), "group": drilling.group_title(defended)}
    return render(request, "progress/drill.html", context, status=status)
