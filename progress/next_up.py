"""What a reader should do next, how long it takes and why: plain choices over what they have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modules.models import Module
from paths.models import Step
from paths.standing import Standing
from progress.study import ReaderStudy


@dataclass(frozen=True)
class Suggestion:
    """A lesson to read next; `first` are lessons it builds on that the reader has not completed, as advice only."""

    module: Module
    why: str
    step: Step | None
    first: Sequence[Module]


def suggest(study: ReaderStudy, started: Sequence[Standing]) -> Suggestion | None:
    """Return what to read next, or None when every written lesson is completed; three queries at most.

    The lesson the reader was in comes first, then the next step of the path they started last, then
    the first lesson of the notebook they have not completed. `started` are their paths, newest first.
    """
    if (here := _here(study)) is not None:
        stops = (stop.step for standing in started for stop in standing.stops)
        step = next((step for step in stops if step.module_id == here.pk), None)
        return _suggestion(study, here, step.why if step else _("You were reading it."), step)
    if (step := next((standing.next for standing in started if standing.next), None)) is not None:
        return _suggestion(study, step.module, step.why, step)
    unread = Module.objects.written().exclude(pk__in=study.completed).listed().first()
    return _suggestion(study, unread, _("It is the first lesson you have not completed."), None) if unread else None


def _here(study: ReaderStudy) -> Module | None:
    """Return the lesson the reader was in, unless it is completed."""
    if study.last_opened is None or study.last_opened in study.completed:
        return None
    return Module.objects.written().listed().filter(pk=study.last_opened).first()


def _suggestion(study: ReaderStudy, module: Module, why: str, step: Step | None) -> Suggestion:
    first = module.requires.written().exclude(pk__in=study.completed).listed()
    return Suggestion(module, why, step, list(first))
