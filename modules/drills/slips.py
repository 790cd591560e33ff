"""What went wrong in an answer, from its ratio to the truth and from the formula's own structure.

A slip is a way to be wrong and the ratio it makes: 8 where bits were taken for bytes, 1/80 where 80 layers were left
out. Slips of units follow from the units that occur; those of the formula are found by making them in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from modules.drills.problems import Problem, is_percent, names, replaced, units
from modules.ledger import LedgerError, Quantity, owner
from modules.ledger.formulas import bind
from modules.ledger.syntax import UNIT, Literal, Name, Node, Operation
from modules.ledger.units import UNITS

TOLERANCE = 0.02  # below 1.024, so that KB for KiB is never right
WINDOW = 0.01  # how near to its ratio a slip is recognised: an answer may have been rounded to three digits


class SlipKind(StrEnum):
    """Ways to be wrong, the likeliest first where one ratio has several."""

    BITS = "bits"  # 8: bits for bytes
    BINARY = "binary"  # 1.024, 1.0486, 1.0737, 1.0995: KB for KiB and so on
    KILO = "kilo"  # 1.024 and its square: 1,000 for 1,024 of what is counted, a window of 128K tokens
    KEYS = "keys"  # 2: keys without values
    MULTIPLY_ADDS = "multiply-adds"  # 2: multiply-adds for FLOP
    HEADS = "heads"  # query heads for key-value heads
    DROPPED = "dropped"  # an input left out
    INVERTED = "inverted"  # multiplied for divided, or divided for multiplied
    CONSTANT = "constant"  # a number of the formula left out
    POWER = "power"  # a power left out
    PREFIX = "prefix"  # 1,000 and its powers
    BINARY_PREFIX = "binary-prefix"  # 1,024 and its powers
    PERCENT = "percent"  # 100 where percent are asked for
    TIME = "time"  # 60 and 3,600 where there is time
    UPSIDE_DOWN = "upside-down"  # one over the answer
    ZEROS = "zeros"  # 10 and its powers


@dataclass(frozen=True)
class Slip:
    """A way to be wrong: `what` are the ids of the inputs, or the constant, or the power of a prefix it is about."""

    kind: SlipKind
    ratio: float  # of the answer it makes to the truth
    what: tuple[str, ...] = ()


class Grade(StrEnum):
    RIGHT = "right"
    NEAR = "near"  # within 2 times
    ORDER = "order"  # within 10 times
    FAR = "far"


@dataclass(frozen=True)
class Diagnosis:
    """How an answer compares with the truth; the likeliest slip comes first. No ratio where the truth is 0."""

    grade: Grade
    ratio: float | None
    slips: tuple[Slip, ...] = ()

    @property
    def is_right(self) -> bool:
        return self.grade is Grade.RIGHT

    @property
    def verdict(self) -> str:
        """One word for the log: right, the likeliest slip, or wrong."""
        if self.is_right:
            return Grade.RIGHT.value
        return self.slips[0].kind.value if self.slips else "wrong"


def diagnose(problem: Problem, answer: Quantity) -> Diagnosis:
    """Compare an answer, in the dimension of the truth, with it."""
    truth = problem.truth.base
    if not truth:
        return Diagnosis(Grade.FAR if answer.base else Grade.RIGHT, None)
    ratio = answer.base / truth
    is_as_printed = problem.shown.base and _grade(answer.base / problem.shown.base) is Grade.RIGHT
    grade = Grade.RIGHT if is_as_printed else _grade(ratio)
    if grade is Grade.RIGHT or ratio <= 0:
        return Diagnosis(grade, ratio)
    order = list(SlipKind)
    found = [slip for slip in slips(problem) if _is_near(ratio, slip.ratio)]
    return Diagnosis(grade, ratio, tuple(sorted(found, key=lambda slip: order.index(slip.kind))))


def slips(problem: Problem) -> list[Slip]:
    """Return every slip that makes a wrong answer to `problem`, each once."""
    named = list(_slips_of_units(problem))
    twos = [slip for slip in named if slip.kind in (SlipKind.KEYS, SlipKind.MULTIPLY_ADDS)]
    found = [slip for slip in _slips_of_formula(problem) if not _is_named(slip, twos)]
    return [slip for slip in dict.fromkeys([*named, *found]) if _grade(slip.ratio) is not Grade.RIGHT]


def _is_named(slip: Slip, twos: list[Slip]) -> bool:
    """Whether a 2 left out of a formula is what keys and values, or multiply and add, are two of."""
    return slip.what == ("2",) and any(_is_near(slip.ratio, two.ratio) for two in twos)


def _grade(ratio: float) -> Grade:
    if abs(ratio - 1) <= TOLERANCE * (1 + 1e-9):
        return Grade.RIGHT
    times = max(ratio, 1 / ratio) / (1 + WINDOW) if ratio > 0 else math.inf  # 1.999 was twice before it was rounded
    return Grade.NEAR if times <= 2 else Grade.ORDER if times <= 10 else Grade.FAR


def _is_near(ratio: float, other: float) -> bool:
    return abs(math.log(ratio) - math.log(other)) <= WINDOW


# Units


def _slips_of_units(problem: Problem) -> Iterator[Slip]:
    involved = _involved(problem)
    size, flop, time = ("B" in involved), ("FLOP" in involved), ("s" in involved)
    factors: list[tuple[SlipKind, float, str]] = [(SlipKind.PREFIX, 1e3**power, str(power)) for power in range(1, 5)]
    factors += [(SlipKind.ZEROS, 10.0**power, str(power)) for power in (1, 2, 4, 5)]
    if size:
        factors += [(SlipKind.BITS, 8.0, ""), *((SlipKind.BINARY, 1.024**power, str(power)) for power in range(1, 5))]
        factors += [(SlipKind.BINARY_PREFIX, 1024.0**power, str(power)) for power in range(1, 5)]
    elif problem.truth.base % 1024 == 0:
        factors += [(SlipKind.KILO, 1.024**power, str(power)) for power in (1, 2)]
    if size and any("kv" in _words(key) for key in _ids(problem)):
        factors.append((SlipKind.KEYS, 2.0, ""))
    if flop:
        factors.append((SlipKind.MULTIPLY_ADDS, 2.0, ""))
    if time:
        factors += [(SlipKind.TIME, 60.0, ""), (SlipKind.TIME, 3600.0, "")]
    if is_percent(problem.unit):
        factors.append((SlipKind.PERCENT, 100.0, ""))
    for kind, factor, what in factors:
        yield Slip(kind, factor, (what,) if what else ())
        yield Slip(kind, 1 / factor, (what,) if what else ())
    if magnitude := problem.truth.to(problem.unit).magnitude:
        yield from _made(SlipKind.UPSIDE_DOWN, (), 1 / magnitude / magnitude)


def _involved(problem: Problem) -> set[str]:
    """Return the base units of what is asked for, of its givens and of its formula."""
    dimensions = [problem.truth.dimension, *(given.dimension for given in (problem.givens or {}).values())]
    if problem.node:
        dimensions += [UNITS[unit].dimension for unit in units(problem.node)]
    return {name for dimension in dimensions for name, _ in dimension.powers}


def _ids(problem: Problem) -> list[str]:
    return [problem.id, *(problem.givens or ())]


def _words(key: str) -> list[str]:
    """Return the words of a number's own name."""
    return re.split("_", key.removeprefix(owner(key)))


# The formula


def _slips_of_formula(problem: Problem) -> Iterator[Slip]:
    if problem.node is None:
        return
    bases = {name: given.base for name, given in (problem.givens or {}).items()}
    changed = [*_changed(problem.node), *_heads(problem.node)]
    for kind, what, node in changed:
        try:
            value = bind(node, problem.id).value(bases)
        except LedgerError:
            continue
        yield from _made(kind, what, value / problem.truth.base)


def _made(kind: SlipKind, what: tuple[str, ...], ratio: float) -> Iterable[Slip]:
    return [Slip(kind, ratio, what)] if ratio > 0 and math.isfinite(math.log(ratio)) else []


Changed = tuple[SlipKind, tuple[str, ...], Node]


def _changed(node: Node) -> Iterator[Changed]:
    """Yield the formula with one thing done wrong, for each thing that can be."""
    if not isinstance(node, Operation) or node.name == UNIT:
        return
    if node.name in _SLIPS:
        yield from _SLIPS[node.name](*node.operands)
    for place, operand in enumerate(node.operands):
        if node.name == "if" and place == 0:
            continue
        for kind, what, changed in _changed(operand):
            yield kind, what, Operation(node.name, (*node.operands[:place], changed, *node.operands[place + 1 :]))


def _of_product(left: Node, right: Node) -> Iterator[Changed]:
    for one, other in ((left, right), (right, left)):
        if not _is_product(one):
            yield from _without(one, other)
            yield from _upside_down(one, Operation("/", (other, one)))


def _of_quotient(left: Node, right: Node) -> Iterator[Changed]:
    yield from _without(right, left)
    yield from _upside_down(right, Operation("*", (left, right)))
    if not _is_product(left):
        yield from _without(left, Operation("/", (Literal(1.0), right)))


def _of_sum(left: Node, right: Node) -> Iterator[Changed]:
    yield from _without(right, left)
    yield from _without(left, right)


def _of_power(base: Node, exponent: Node) -> Iterator[Changed]:
    if what := names(base):
        yield SlipKind.POWER, tuple(what), base


_SLIPS: dict[str, Callable[..., Iterator[Changed]]] = {
    "*": _of_product,
    "/": _of_quotient,
    "+": _of_sum,
    "-": _of_sum,
    "**": _of_power,
}


def _without(part: Node, rest: Node) -> Iterator[Changed]:
    if what := names(part):
        yield SlipKind.DROPPED, tuple(what), rest
    elif isinstance(part, Literal):
        yield SlipKind.CONSTANT, (f"{part.number:g}",), rest


def _upside_down(part: Node, whole: Node) -> Iterator[Changed]:
    if what := names(part):
        yield SlipKind.INVERTED, tuple(what), whole


def _heads(node: Node) -> Iterator[Changed]:
    """Yield the formula with query heads where key-value heads belong, if it reads both."""
    read = names(node)
    for key in read:
        other = f"{owner(key)}heads"
        if key == f"{owner(key)}kv_heads" and other in read:
            yield SlipKind.HEADS, (key,), replaced(node, {key: Name(other)})


def _is_product(node: Node) -> bool:
    return isinstance(node, Operation) and node.name in ("*", "/")
