"""Exams: a review whose inputs a seed draws, so that its address is all there is to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from modules import content as contents
from modules import rendering
from modules.content import Content
from modules.drills import Problem
from modules.drills.draws import nice
from modules.ledger import LedgerError, Quantity, parse_quantity, write_changes
from modules.models import Exam, Module
from modules.whatif import Supposed, suppose

TITLES: Mapping[str, str | Promise] = {
    "clarify": _("Clarify"),
    "slo": _("Objectives"),
    "eval": _("Evaluation"),
    "design": _("Design"),
    "cost": _("Cost"),
    "failure": _("Failure"),
}
TRIES = 12  # draws until one can be computed; if none can, the numbers are as written


@dataclass(frozen=True)
class Phase:
    """A phase with its texts for the numbers drawn, and the numbers that have to be given."""

    name: str
    minutes: int
    html: rendering.PhaseHtml
    problems: Mapping[str, Problem]

    @property
    def title(self) -> str | Promise:
        return TITLES.get(self.name, self.name)


@dataclass(frozen=True)
class Drawn:
    """An exam with one draw of its inputs."""

    module: Module
    supposed: Supposed
    brief: str
    phases: list[Phase]

    @property
    def minutes(self) -> int:
        return sum(phase.minutes for phase in self.phases)


def draw(module_id: str, seed: int) -> Drawn:
    """Return the exam of a lesson with the inputs that `seed` gives; raises Module.DoesNotExist where it has none.

    The same ledger and seed give the same exam on any machine.
    """
    row = contents.lessons().defer("html", "raw", "hook_html", "citations").exclude(exam=None).get(pk=module_id)
    now = contents.current()
    asked = [name for phase in row.phases.all() for name in phase.numbers]
    for attempt in range(TRIES):
        drawn = {item["name"]: _value(item, f"{module_id} {seed} {attempt}", now, module_id) for item in row.exam.draws}
        supposed = _suppose(drawn, now, module_id)
        if all(key in supposed.numbers for key in _ids(asked, module_id)):
            return _drawn(row, supposed)
    return _drawn(row, suppose(now, "", module_id))


def _suppose(drawn: Mapping[str, Quantity], now: Content, module_id: str) -> Supposed:
    keys = dict(zip(_ids(drawn, module_id), drawn.values(), strict=True))
    return suppose(now, write_changes(keys, module_id), module_id)


def _value(item: Mapping[str, str], salt: str, now: Content, module_id: str) -> Quantity:
    """Return a round value between the bounds of a draw, in the unit of the lower; whole where both bounds are."""
    low, high = parse_quantity(item["min"]), parse_quantity(item["max"])
    high = high.to(low.unit)
    place = int.from_bytes(hashlib.sha256(f"{salt} {item['name']}".encode()).digest()[:8])
    (key,) = _ids([item["name"]], module_id)
    usual = now.graph.values[key].to(low.unit).magnitude
    is_whole = all(value.is_integer() for value in (low.magnitude, high.magnitude, usual))
    found = [value for value in nice(low.magnitude, high.magnitude) if value.is_integer() or not is_whole]
    return Quantity(found[place % len(found)] if found else low.magnitude, low.unit)


def _ids(names: Mapping[str, object] | list[str], module_id: str) -> list[str]:
    return [name if set(name) & set(":.") else f"{module_id}:{name}" for name in names]


def _drawn(row: Module, supposed: Supposed) -> Drawn:
    lesson = contents.lesson(row, supposed.numbers)
    references = rendering.References(lesson, supposed.material(row, {}), rendering.Texts.read(lesson))
    brief, html = rendering.exam(references)
    phases = []
    for phase in row.phases.all():
        keys = dict(zip(phase.numbers, _ids(phase.numbers, row.pk), strict=True))
        problems = {name: problem for name, key in keys.items() if (problem := _problem(supposed, key))}
        phases.append(Phase(phase.name, phase.minutes, html[phase.name], problems))
    return Drawn(row, supposed, brief, phases)


def _problem(supposed: Supposed, key: str) -> Problem | None:
    try:
        return Problem.of(supposed.graph, key)
    except LedgerError:
        return None


def exams() -> list[Module]:
    """Return the lessons that have an exam, in notebook order."""
    ids = Exam.objects.filter(module__is_written=True).values("module")
    return list(Module.objects.listed().filter(pk__in=ids))
