"""Mask mode without script, and what its script asks for: guess a number, then see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from modules import content, defences, drilling
from modules.content import Content
from modules.defences import Defended
from modules.drills import Problem
from modules.http import NotebookRequest
from modules.ledger import LedgerError
from modules.models import Module
from modules.rendering import slug
from modules.shared import shared, unshared

PRINTED = re.compile(r'<a class="number [^"]*" href="#number-([^"]+)"')  # as rendering/lines.py writes it


@require_safe
@shared
def first(request: NotebookRequest, module_id: str) -> HttpResponse:
    """Where a lesson's switch leads without script: its numbers, one at a time."""
    lesson = get_object_or_404(Module.objects.written().only("title", "uses", "hook_html", "html"), pk=module_id)
    keys = _printed(lesson, content.current())
    if not keys:
        raise Http404("This lesson prints no number.")
    return HttpResponseRedirect(Turn.at(lesson, keys, 0, content.current()).address)


@require_safe
@vary_on_headers("HX-Request")
@unshared
def guess(request: NotebookRequest, owner_id: str, name: str) -> HttpResponse:
    """Ask for one number; with a guess, or asked to reveal it, tell it."""
    now = content.current()
    defended = defences.find(owner_id, name, now)
    if defended is None:
        raise Http404(f"There is no number {name} in {owner_id}.")
    problem = Problem.of(now.graph, defended.number.id)
    text = request.GET.get("guess", "").replace("\0", "").strip()
    is_revealed = "reveal" in request.GET
    context: dict[str, Any] = {"defended": defended, "unit": drilling.asked_in(problem), "text": text[:100]}
    status = 200
    if "guess" in request.GET and not is_revealed:
        try:
            context |= drilling.mark(problem, text, now)._asdict()
        except LedgerError as error:
            context["error"], status = error, 400
    if request.htmx:
        return render(request, "modules/_guessed.html", context)
    context |= {
        "is_revealed": is_revealed,
        "turn": _turn(request.GET.get("in", ""), defended.number.id, now),
        "group": drilling.group_title(defended),
    }
    return render(request, "modules/guess.html", context, status=status)


@dataclass(frozen=True)
class Turn:
    """One number of a lesson among those the reader goes through."""

    lesson: Module
    place: int
    total: int
    defended: Defended
    after: Turn | None = None

    @classmethod
    def at(cls, lesson: Module, keys: list[str], index: int, now: Content, *, ahead: bool = False) -> Turn:
        after = cls.at(lesson, keys, index + 1, now) if ahead and index + 1 < len(keys) else None
        return cls(lesson, index + 1, len(keys), Defended(now.numbers[keys[index]], now), after)

    @property
    def address(self) -> str:
        return f"{self.defended.get_absolute_url()}guess/?in={self.lesson.pk}"


def _turn(module_id: str, key: str, now: Content) -> Turn | None:
    """Return where the reader is in the lesson they came from; None for anybody who came from elsewhere."""
    lesson = (
        Module.objects.written()
        .only("title", "uses", "hook_html", "html")
        .filter(pk=module_id[:100].replace("\0", ""))
        .first()
    )
    keys = _printed(lesson, now) if lesson else []
    return Turn.at(lesson, keys, keys.index(key), now, ahead=True) if lesson and key in keys else None


def _printed(lesson: Module, now: Content) -> list[str]:
    """Return the ids of the numbers that a lesson prints, in the order in which its text comes to them."""
    own = f"{lesson.pk}:"
    by_anchor = {slug(key.removeprefix(own)): key for key in lesson.uses.get("numbers", []) if key in now.numbers}
    anchors = dict.fromkeys(PRINTED.findall(lesson.hook_html + lesson.html))
    return [by_anchor[anchor] for anchor in anchors if anchor in by_anchor]
