"""The table that `make bench` prints."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One measured figure with the bound that the notebook promises."""

    what: str
    value: float
    bound: float
    unit: str = ""
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        mark = "ok  " if self.holds else "FAIL"
        value = f"{self.value:,.2f}" if self.value != int(self.value) else f"{int(self.value):,}"
        return f"{mark}  {self.what:<58} {value:>9} {self.unit:<5} {sign} {self.bound:,g}  {self.note}".rstrip()


def show(results: list[Result]) -> None:
    """Show how far the run is, on a line that the next one replaces."""
    print(f"\r{len(results)} figures measured ...", end="", file=sys.stderr, flush=True)


def finish(results: list[Result]) -> int:
    """Print the table; return 1 when a promise does not hold."""
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    for result in results:
        print(result.line())
    return 0 if all(result.holds for result in results) else 1
