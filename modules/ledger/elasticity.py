"""How much one number moves another: d ln y / d ln x, from the ledger itself."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from modules.ledger.graph import Graph
from modules.ledger.syntax import LedgerError
from modules.ledger.units import Quantity

STEP = 1e-4  # of ln x, to either side: what is cut off is of the order of its square, what floats lose of 1e-12
KINK = 0.02  # two slopes further apart than this are no rounding of one

_Log = tuple[float, bool]  # the logarithm of a number's size, and whether it is positive


@dataclass(frozen=True, slots=True)
class Elasticity:
    """By how many percent an output moves when an input rises by one: between two small steps, and each alone."""

    value: float
    falling: float
    rising: float

    @property
    def is_kink(self) -> bool:
        """Whether a smaller input does not undo what a larger one does: a limit takes hold just here."""
        return abs(self.rising - self.falling) > KINK


NONE = Elasticity(0.0, 0.0, 0.0)


def elasticities(
    graph: Graph, at: Mapping[str, Quantity], of: Collection[str]
) -> dict[str, dict[str, Elasticity | None]]:
    """Return the elasticity of each number in `of` to each input in `at`, the other inputs held.

    Central finite differences over the formulas, with whole numbers taken for what they were before rounding.
    None where there is none: a number is zero, changes its sign, or has no result beside where it stands.
    Raises LedgerError where `evaluate` does at the inputs themselves.
    """
    nothing = {key for key, value in graph.evaluate(at, of).items() if not value.magnitude}
    middle = _logarithms(graph, at, of)
    found: dict[str, dict[str, Elasticity | None]] = {key: {} for key in of}
    for name, quantity in at.items():
        below = {*graph.dependents(name), name}
        moved = [key for key in of if key in below]
        low, high = (_logarithms(graph, {**at, name: _scaled(quantity, step)}, moved) for step in (-STEP, STEP))
        for key in of:
            found[key][name] = _slope(low[key], middle[key], high[key]) if key in moved else NONE
            if key in nothing or (key in moved and not quantity.magnitude):
                found[key][name] = None
    return found


def _scaled(quantity: Quantity, step: float) -> Quantity:
    return Quantity(quantity.magnitude * math.exp(step), quantity.unit)


def _logarithms(graph: Graph, at: Mapping[str, Quantity], of: Collection[str]) -> dict[str, _Log | None]:
    """Return ln |y| and the sign of each number; None where it is zero or there is no result."""
    return {key: _logarithm(value) for key, value in _values(graph, at, of).items()}


def _logarithm(value: float) -> _Log | None:
    return (math.log(abs(value)), value > 0) if value else None


def _values(graph: Graph, at: Mapping[str, Quantity], of: Collection[str]) -> dict[str, float]:
    """Return each number in base units, before rounding; 0 where it has no result."""
    try:
        return {key: value.base for key, value in graph.evaluate(at, of, is_smooth=True).items()}
    except LedgerError:
        if len(of) == 1:
            return dict.fromkeys(of, 0.0)
        return {key: value for one in of for key, value in _values(graph, at, [one]).items()}


def _slope(low: _Log | None, middle: _Log | None, high: _Log | None) -> Elasticity | None:
    if not (low and middle and high and low[1] == middle[1] == high[1]):
        return None
    return Elasticity((high[0] - low[0]) / (2 * STEP), (middle[0] - low[0]) / STEP, (high[0] - middle[0]) / STEP)
