"""How much an output of an explorer follows each of its inputs, as sentences and bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.ledger import Elasticity

SHOWN_FROM = 0.005  # what prints as 0.00 has no bar


@dataclass(frozen=True)
class Bar:
    """One input's elasticity, and where it is drawn on an axis 100 wide that has the zero at `zero`."""

    label: str
    elasticity: Elasticity
    zero: float
    scale: float

    @property
    def text(self) -> str:
        return printed(self.elasticity.value)

    @property
    def sides(self) -> tuple[str, str] | None:
        """What holds for a smaller and for a larger input, where the two differ."""
        if not self.elasticity.is_kink:
            return None
        return printed(self.elasticity.falling), printed(self.elasticity.rising)

    @property
    def solid(self) -> tuple[str, str]:
        """Where the bar begins and how wide it is."""
        return self._span(0.0, self.elasticity.value)

    @property
    def pale(self) -> tuple[str, str]:
        """The same from one side's elasticity to the other's."""
        return self._span(self.elasticity.falling, self.elasticity.rising)

    def _span(self, one: float, other: float) -> tuple[str, str]:
        return f"{self.zero + min(one, other) * self.scale:.2f}", f"{abs(one - other) * self.scale:.2f}"


@dataclass(frozen=True)
class Sensitivity:
    """One output: the inputs it follows, the strongest first, those it does not, and those where none can tell."""

    name: str
    label: str
    bars: tuple[Bar, ...]
    still: tuple[str, ...]
    unknown: tuple[str, ...]
    cells: tuple[str, ...]  # one for each input in the explorer's order, for a table

    @classmethod
    def of(
        cls, name: str, label: str, labels: Mapping[str, str], found: Mapping[str, Elasticity | None]
    ) -> Sensitivity:
        """Make it from labels and elasticities by the inputs' ids."""
        known = {number: each for number, each in found.items() if each}
        moving = sorted(
            (number for number, each in known.items() if _is_shown(each)), key=lambda number: -abs(known[number].value)
        )
        ends = [end for number in moving for end in (known[number].value, known[number].falling, known[number].rising)]
        low, high = min([0.0, *ends]), max([0.0, *ends])
        scale = 100 / max(high - low, 1.0)
        return cls(
            name,
            label,
            tuple(Bar(labels[number], known[number], -low * scale, scale) for number in moving),
            tuple(labels[number] for number, each in known.items() if not _is_shown(each)),
            tuple(labels[number] for number, each in found.items() if each is None),
            tuple(printed(each.value) if each else "–" for each in found.values()),
        )

    @property
    def strongest(self) -> tuple[Bar, ...]:
        """What the sentence names."""
        return self.bars[:2]


def printed(value: float) -> str:
    """Return an elasticity with two decimals, zero without a sign."""
    text = f"{value:,.2f}".replace("-", "\N{MINUS SIGN}")
    return text.removeprefix("\N{MINUS SIGN}") if not text.strip("\N{MINUS SIGN}0.") else text


def _is_shown(each: Elasticity) -> bool:
    return any(abs(value) >= SHOWN_FROM for value in (each.value, each.falling, each.rising))
