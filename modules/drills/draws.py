"""A drill: a computed number with other inputs, drawn by a seed, so that its address is all there is to it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

from modules.drills.problems import Problem, is_percent, names, unfold
from modules.ledger import Entry, Graph, LedgerError, Quantity, Unit, owner, parse_quantity

SEEDS = 1_000_000
TRIES = 24  # draws until one is legal; if none is, the ledger's own values are asked for
SPREAD = 1e3  # how far a result may be from the ledger's
_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)  # what a head multiplies by

Bounds = Mapping[str, tuple[Quantity, Quantity]]


@dataclass(frozen=True)
class Drill:
    problem: Problem
    seed: int

    @property
    def givens(self) -> Mapping[str, Quantity]:
        return self.problem.givens or {}


def draw(graph: Graph, key: str, seed: int, bounds: Bounds) -> Drill | None:
    """Return the drill on `key` that `seed` gives; None where there is nothing to compute.

    The same ledger and seed give the same drill on any machine. An input lies within the `bounds` its author set in an
    explorer, or else within twice and half of its value.
    """
    node = unfold(graph, key) if key in graph.values else None
    if node is None:
        return None
    choices = {name: candidates(graph.entries[name], graph.values[name], bounds.get(name)) for name in names(node)}
    usual = graph.values[key]
    for attempt in range(TRIES):
        givens = {
            name: found[_number(f"{key} {seed} {attempt} {name}") % len(found)] for name, found in choices.items()
        }
        if not _keeps_order(givens, graph.values):
            continue
        try:
            problem = Problem.of(graph, key, givens)
        except LedgerError:
            continue  # it divides by zero, say
        if _is_sensible(problem.truth, usual):
            return Drill(problem, seed)
    return Drill(Problem.of(graph, key), seed)


def candidates(entry: Entry, usual: Quantity, bounds: tuple[Quantity, Quantity] | None) -> list[Quantity]:
    """Return the values an input may take: what can be multiplied in the head, in its own unit, and its own value."""
    own = parse_quantity(entry.value) if entry.value else Quantity(float(f"{usual.magnitude:.3g}"), usual.unit)
    size = abs(own.magnitude)
    if not size:
        return [own]
    is_whole = own.magnitude.is_integer() and bool(entry.value or not own.unit.terms)
    sign = math.copysign(1, own.magnitude)
    if bounds:
        low, high = sorted(abs(bound.to(own.unit).magnitude) for bound in bounds)
    else:
        low, high = _around(size, own.unit, is_whole=is_whole)
    found = _doubles(low, high) if is_whole and _is_power_of_two(size) else nice(low, high)
    kept = [Quantity(sign * value, own.unit) for value in found if value.is_integer() or not is_whole]
    return [*(value for value in kept if value.magnitude != own.magnitude), own]


def _around(size: float, unit: Unit, *, is_whole: bool) -> tuple[float, float]:
    if is_whole and _is_power_of_two(size):
        reach = 2 if size <= 4 else 4
        return max(1.0, size / reach), size * reach
    is_share = is_percent(unit) and size < 100
    return size / 2, min(2 * size, 95.0) if is_share else 2 * size


def _is_power_of_two(size: float) -> bool:
    return size >= 2 and math.log2(size).is_integer()


def _doubles(low: float, high: float) -> Iterable[float]:
    return (2.0**power for power in range(math.ceil(math.log2(max(low, 1))), math.floor(math.log2(high)) + 1))


def nice(low: float, high: float) -> Iterable[float]:
    """Yield round numbers from `low` to `high`, exactly as they are written."""
    for power in range(math.floor(math.log10(low or high / 1e3)), math.floor(math.log10(high)) + 1):
        for digits in _NICE:
            value = float(f"{digits}e{power}")
            if low <= value <= high:
                yield value


def _keeps_order(givens: Mapping[str, Quantity], usual: Mapping[str, Quantity]) -> bool:
    """Whether no model gets more key-value heads than heads, and no window more local layers than layers.

    Of two numbers of one group or lesson that measure the same, the larger stays the larger.
    """
    return all(
        givens[one].base <= givens[other].base
        for one, other in permutations(givens, 2)
        if owner(one) == owner(other)
        and usual[one].dimension == usual[other].dimension
        and usual[one].base < usual[other].base
    )


def _is_sensible(truth: Quantity, usual: Quantity) -> bool:
    """Whether a result is one that a reader could expect: of the usual sign and size, a share no more than all."""
    ratio = truth.base / usual.base if usual.base else 0.0
    is_share = is_percent(usual.unit) and abs(usual.base) <= 1
    return 1 / SPREAD <= ratio <= SPREAD and not (is_share and abs(truth.base) > 1)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
