"""How far a reader is with a lesson, as lists and the map show it: with a sign and a word, never by colour alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.http import Study
from modules.models import Module


class State(models.TextChoices):
    DONE = "done", _("read")
    READING = "reading", _("reading")
    WRITTEN = "written", _("to read")
    PLANNED = "planned", _("planned")

    @property
    def sign(self) -> str:
        return SIGNS[self]


SIGNS = {State.DONE: "✓", State.READING: "▸", State.WRITTEN: "○", State.PLANNED: "·"}  # pages.css has them too


def state(module: Module, study: Study | None) -> State:
    """Return the state of a lesson for a reader; on a page for everyone it is written or planned."""
    if not module.is_written:
        return State.PLANNED
    if study is not None and module.pk in study.completed:
        return State.DONE
    return State.READING if study is not None and module.pk in study.reading else State.WRITTEN


def count(states: Iterable[State]) -> list[tuple[State, int]]:
    """Return how many lessons are in each state, leaving out states that none is in."""
    found = Counter(states)
    return [(one, found[one]) for one in State if found[one]]
