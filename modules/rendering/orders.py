"""What an author orders to be drawn: `y[, y2] over x from LOW to HIGH[, log] [by z at v1, v2]`."""

from __future__ import annotations

import re
from typing import NamedTuple

ORDER = re.compile(
    r"`?(?P<y>[\w.:-]+(?:, [\w.:-]+)*) over (?P<x>[\w.:-]+) from (?P<low>[^,`]+?) to (?P<high>[^,`]+?)(?P<log>, log)?"
    r"(?: by (?P<by>[\w.:-]+) at (?P<values>[^`]+))?`?"
)
USAGE = "`y over x from LOW to HIGH`, with `, log` after the range and `by z at V1, V2` where they are wanted"


class PlotOrder(NamedTuple):
    """Names are ledger numbers as the lesson writes them; the rest are quantities as text."""

    y: tuple[str, ...]
    x: str
    low: str
    high: str
    is_log: bool = False
    by: str = ""
    values: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.y, self.x, *([self.by] if self.by else []))


def read_order(text: str) -> PlotOrder | None:
    """Return what the text orders, or None when it is no order."""
    found = ORDER.fullmatch(text.strip())
    if found is None:
        return None
    values = tuple(found["values"].split(", ")) if found["by"] else ()
    return PlotOrder(
        tuple(found["y"].split(", ")),
        found["x"],
        found["low"],
        found["high"],
        bool(found["log"]),
        found["by"] or "",
        values,
    )
