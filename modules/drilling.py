"""Drills on the notebook's own numbers: which there are, in what ranges, and how each is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from modules.content import Content
from modules.defences import Defended
from modules.drills import Diagnosis, Drill, Problem, diagnose, draw, read, words
from modules.drills.draws import Bounds
from modules.explorers import entry_id
from modules.ledger import Quantity, in_words, owner, parse_quantity, show
from modules.models import Explorer, Group


def drillable(lessons: Iterable[str], content: Content) -> list[str]:
    """Return the ids of the numbers of these lessons that a drill can ask for, in notebook order."""
    owners = {f"{lesson}:" for lesson in lessons}
    return [key for key in content.drillable if owner(key) in owners]


def bounds(key: str) -> Bounds:
    """Return between which values the explorers of a number's lesson let its inputs be."""
    found: dict[str, tuple[Quantity, Quantity]] = {}
    for explorer in Explorer.objects.filter(module=owner(key)[:-1], lab="") if ":" in key else ():
        for item in explorer.inputs:
            name = entry_id(explorer, item["name"])
            found.setdefault(name, (parse_quantity(item["min"]), parse_quantity(item["max"])))
    return found


def group_title(defended: Defended) -> str:
    """Return what a shared number is of, `Llama 3 70B`, since its label does not say; "" for a lesson's own."""
    return Group.objects.get(pk=defended.owner_id).title if defended.is_shared else ""


def asked_in(problem: Problem) -> str:
    """Return the unit of an answer in words; "" for a bare number."""
    return in_words(problem.unit)


def drill_of(key: str, seed: int, content: Content) -> Drill | None:
    return draw(content.graph, key, seed, bounds(key))


class Marked(NamedTuple):
    """What the ledger says of an answer, and in sentences."""

    diagnosis: Diagnosis
    graded: str
    suspected: str


def mark(problem: Problem, text: str, content: Content) -> Marked:
    """Mark what a reader wrote; raises LedgerError, with a sentence, on what is no answer."""
    diagnosis = diagnose(problem, read(text, problem.unit))
    suspected = words.suspected(diagnosis, lambda key: content.entries[key].label)
    return Marked(diagnosis, words.graded(diagnosis), suspected)


@dataclass(frozen=True)
class Given:
    """One input of a drill as its question states it; `group` says of what, where the label alone does not."""

    defended: Defended
    value: str
    group: str = ""


def givens(drill: Drill, content: Content) -> list[Given]:
    titles = dict(Group.objects.values_list("pk", "title")) if any("." in key for key in drill.givens) else {}
    return [
        Given(Defended(content.numbers[key], content), show(value), titles.get(owner(key)[:-1], ""))
        for key, value in drill.givens.items()
    ]


@dataclass(frozen=True)
class Line:
    """One step of the working: a number, its formula in names and in values, and what it comes to."""

    defended: Defended
    in_values: str
    value: str


def working(drill: Drill, content: Content) -> list[Line]:
    """Return how the answer follows from the givens, each number after those it reads."""
    keys = list(_steps(drill.problem.id, drill, content))
    read = {name for key in keys for name in content.graph.inputs(key)}
    values = content.graph.evaluate(dict(drill.givens), [*keys, *read])
    return [_line(key, values, content) for key in keys]


def _steps(key: str, drill: Drill, content: Content, seen: set[str] | None = None) -> Iterator[str]:
    seen = set() if seen is None else seen
    if key in drill.givens or key in seen or not content.entries[key].formula:
        return
    seen.add(key)
    for name in content.graph.inputs(key):
        yield from _steps(name, drill, content, seen)
    yield key


def _line(key: str, values: Mapping[str, Quantity], content: Content) -> Line:
    defended = Defended(content.numbers[key], content)
    pieces = [
        replace(piece, number=piece.number and piece.number.at(values[piece.number.number.id]))
        for piece in defended.pieces
    ]
    return Line(defended, "".join(piece.value for piece in pieces), defended.at(values[key]).value)
