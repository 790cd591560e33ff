"""The table that `make bench` prints."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Protocol


class Row(Protocol):
    """A line of the table that may break a promise."""

    @property
    def holds(self) -> bool: ...

    def line(self) -> str: ...


WIDTH = 60  # of the line that shows how far the run is


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


def show_progress(text: str) -> None:
    """Show how far the run is, on a line that the next one replaces."""
    print(f"\r{text} ...".ljust(WIDTH), end="", file=sys.stderr, flush=True)


def tell(row: Row) -> None:
    """Print a line of the table, as soon as it is known: a run takes many minutes and may be stopped."""
    print("\r" + " " * WIDTH + "\r", end="", file=sys.stderr, flush=True)
    print(row.line(), flush=True)
