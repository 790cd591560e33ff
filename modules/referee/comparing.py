"""One stated quantity against one number: equal, different, or not said well enough to tell."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING

from modules.drills import read
from modules.ledger import LedgerError, Quantity, Unit, is_price, parse_unit, seen
from modules.ledger.dimensions import written
from modules.referee.quantities import Stated

if TYPE_CHECKING:
    from modules.content import Content

TOLERANCE = 0.02  # as drills have it: less than 1.024, or KB for KiB would be right
LOOSE = 0.1  # what "about" may be off before it says something else
EXACT_BELOW = 1000  # a count of layers is right or wrong, not nearly right
_COUNTED = (("token",), ("gpu",), ())  # which may be left out: a window of 8K, a vocabulary of 32,000 tokens


class Outcome(Enum):
    EQUAL = auto()
    DIFFERENT = auto()
    VAGUE = auto()


@dataclass(frozen=True)
class Comparison:
    """What a text says over what the ledger says; `until` is when the text's was last true, if it was."""

    outcome: Outcome
    ratio: float
    until: date | None = None


def compared(stated: Stated, key: str, is_rate: bool, content: Content) -> Comparison | None:
    """Return how `stated` compares with a number, None where it measures something else.

    With `is_rate` the text says elsewhere per what, so the unit need not.
    """
    truth, entry = content.graph.values[key], content.entries[key]
    said = readings(stated, truth.unit, is_rate)
    if not said or not truth.base:
        return None
    ratio, outcome = _closest(stated, said, truth)
    if outcome == Outcome.EQUAL or not (is_price(truth) and entry.earlier):
        return Comparison(outcome, ratio)
    told = seen(entry)
    for (_, before), (day, _) in reversed(list(pairwise(told))):
        if _closest(stated, said, before)[1] == Outcome.EQUAL:
            return Comparison(Outcome.DIFFERENT, ratio, day)
    return Comparison(outcome, ratio)


def readings(stated: Stated, unit: Unit, is_rate: bool) -> list[Quantity]:
    """Return what `stated` may mean as a quantity of the dimension of `unit`; nothing when it cannot be one."""
    text = _text(stated, unit, is_rate)
    with suppress(LedgerError):
        if text is not None:
            first = read(text, unit)
            is_count = stated.has_letter and _counted(unit) and stated.exponent in (3, 6)
            more = [Quantity(first.magnitude * 1.024 ** (stated.exponent / 3), first.unit)] if is_count else []
            return [first, *more]  # 128K tokens are 131,072 as often as not
    return []


def _text(stated: Stated, unit: Unit, is_rate: bool) -> str | None:
    """Return `stated` as it reads in `unit`; None where it is of another kind."""
    own = stated.quantity.unit
    if stated.per_million:
        return stated.written("USD/Mtoken") if unit.dimension == parse_unit("USD/token").dimension else None
    if own.dimension == unit.dimension:
        return stated.written(str(own))
    if _counted(own) and _counted(unit) and not (own.dimension and unit.dimension):
        return stated.written(written(unit.dimension.powers))
    if stated.is_money or not own.dimension:
        return None
    above = parse_unit(written(tuple(term for term in unit.terms if term[1] > 0)))
    is_numerator = above.dimension == own.dimension and above.dimension != unit.dimension
    return stated.written(str(own)) if is_numerator and (is_rate or str(above).endswith("FLOP")) else None


def _counted(unit: Unit) -> bool:
    return tuple(name for name, _ in unit.dimension.powers) in _COUNTED and all(
        power == 1 for _, power in unit.dimension.powers
    )


def _closest(stated: Stated, said: list[Quantity], truth: Quantity) -> tuple[float, Outcome]:
    """Return what is said over `truth` for the reading that is nearest to it, and what that comes to."""
    ratio = min((one.base / truth.base for one in said), key=lambda ratio: abs(ratio - 1))
    return ratio, _outcome(stated, ratio, truth)


def _outcome(stated: Stated, ratio: float, truth: Quantity) -> Outcome:
    off = abs(ratio - 1) / abs(ratio) if ratio else 1.0  # over what is said, as its steps are
    is_count = not truth.dimension and truth.base.is_integer() and abs(truth.base) < EXACT_BELOW
    if is_count and stated.is_whole and not stated.is_approximate and not stated.unit:
        return Outcome.EQUAL if off < 1e-9 else Outcome.DIFFERENT
    if off <= max(TOLERANCE, stated.step / 2):
        return Outcome.EQUAL
    vague = max(stated.coarse, LOOSE if stated.is_approximate else 0.0)
    return Outcome.VAGUE if off <= vague * (1 + 1e-9) else Outcome.DIFFERENT
