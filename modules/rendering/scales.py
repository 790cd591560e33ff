"""Axes of a plot: from values to places, and which values get a tick."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STEPS = (1, 2, 5)
MAX_TICKS = 6
LARGEST = 1e300  # beyond it, and for ranges below its inverse, floats leave no room to compute with


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high`, drawn from `start` to `end`; either pair may run downwards."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    @classmethod
    def over(cls, values: Iterable[float], start: float, end: float, *, is_log: bool, has_zero: bool = False) -> Scale:
        """Return an axis that shows all finite `values`; it is never empty.

        A linear axis with `has_zero` begins at zero where no value is below it.
        """
        shown = [value for value in values if is_drawable(value, is_log=is_log)]
        low, high = (min(shown), max(shown)) if shown else (1.0, 10.0)
        if has_zero and not is_log and low > 0:
            low = 0.0
        if high - low < max(1e-12 * abs(high), 1 / LARGEST):
            low, high = _around(low, is_log=is_log)
        return cls(low, high, start, end, is_log)

    def __call__(self, value: float) -> float:
        """Return where `value` is drawn."""
        if self.is_log:
            share = (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        else:
            share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)  # halves: the range may overflow
        return self.start + share * (self.end - self.start)

    def ticks(self) -> Sequence[float]:
        """Return at most `MAX_TICKS` round values within the axis; at least one."""
        found = self._log_ticks() if self.is_log else self._linear_ticks()
        return found or [self.low]

    def _linear_ticks(self) -> list[float]:
        exponent = math.floor(math.log10(max(self.high / 2 - self.low / 2, 5e-324))) - 1
        for power in range(max(exponent, -307), min(exponent + 4, 308)):
            for step in STEPS:
                size = step * 10.0**power
                first, last = math.ceil(self.low / size - 1e-9), math.floor(self.high / size + 1e-9)
                if last - first < MAX_TICKS:
                    return [float(f"{n * size:.12g}") for n in range(first, last + 1)]
        return []

    def _log_ticks(self) -> list[float]:
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        powers = range(max(first, -307), min(last, 307) + 1)
        for multiples in (STEPS, (1, 3), (1,)):
            found = self._within(step * 10.0**power for power in powers for step in multiples)
            if len(found) <= MAX_TICKS and (found or len(multiples) == 1):
                break
        if len(found) > MAX_TICKS:
            found = found[:: math.ceil(len(found) / MAX_TICKS)]
        return found if len(found) > 1 else self._linear_ticks()

    def _within(self, values: Iterable[float]) -> list[float]:
        return [value for value in values if self.low * (1 - 1e-9) <= value <= self.high * (1 + 1e-9)]


def is_drawable(value: float, *, is_log: bool) -> bool:
    return abs(value) <= LARGEST and (value > 0 or not is_log)


def _around(value: float, *, is_log: bool) -> tuple[float, float]:
    """Return a range around one value, for an axis on which nothing varies."""
    if is_log:
        return max(value / 2, 5e-324), min(value * 2, 1e308)
    width = abs(value) * 0.1 or 1.0
    return value - width, value + width
