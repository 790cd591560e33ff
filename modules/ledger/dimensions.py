"""What a quantity is a quantity of: powers of base units, such as B·token⁻¹."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from modules.ledger.syntax import LedgerError

MAX_POWER = 12

Terms = tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """Base units with their powers, sorted, none of them zero; a bare number has none."""

    powers: Terms = ()

    def __mul__(self, other: "Dimension") -> "Dimension":
        return _combined(self, other, 1)

    def __truediv__(self, other: "Dimension") -> "Dimension":
        return _combined(self, other, -1)

    def __pow__(self, exponent: Fraction) -> "Dimension":
        if any(abs(power * exponent) > MAX_POWER for _, power in self.powers):
            raise LedgerError(f"{self} to the power {exponent} is past the power {MAX_POWER}")
        return Dimension(tuple((n, p * exponent) for n, p in self.powers if p * exponent))

    def __bool__(self) -> bool:
        return bool(self.powers)

    def __str__(self) -> str:
        return written(self.powers) or "a bare number"


BARE = Dimension()


@cache  # a few hundred pairs occur; no text of an author's is ever a key
def _combined(left: Dimension, right: Dimension, sign: int) -> Dimension:
    powers = merged((*left.powers, *((name, sign * power) for name, power in right.powers)))
    if any(abs(power) > MAX_POWER for _, power in powers):
        raise LedgerError(f"{left} times {right} is past the power {MAX_POWER}")
    return Dimension(tuple(sorted(powers)))


def merged(terms: Iterable[tuple[str, Fraction]]) -> Terms:
    """Return `terms` with each name once, in order of appearance, zero powers left out."""
    powers: dict[str, Fraction] = {}
    for name, power in terms:
        powers[name] = powers.get(name, Fraction(0)) + power
    return tuple((name, power) for name, power in powers.items() if power)


def written(terms: Terms) -> str:
    """Return `terms` as a unit expression that parses back: `USD/(gpu*hour)`."""
    above = "*".join(_power(name, power) for name, power in terms if power > 0)
    below = [_power(name, -power) for name, power in terms if power < 0]
    if not below:
        return above
    return f"{above or '1'}/{below[0] if len(below) == 1 else '(' + '*'.join(below) + ')'}"


def _power(name: str, power: Fraction) -> str:
    if power == 1:
        return name
    return f"{name}**{power}" if power.denominator == 1 else f"{name}**({power})"
