"""The numbers and texts a reader may change, and how a form's values are read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from modules.ledger import (
    Entry,
    Graph,
    LedgerError,
    Quantity,
    Unit,
    in_words,
    parse_quantity,
    parse_unit,
    read_typed,
    show,
)
from modules.models import Explorer

BARE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
STEPS = 400  # positions of a range input: fine enough for a pixel, coarse enough for a keyboard


class ExplorerError(ValueError):
    """The author's explorer does not work; says which part and why."""


@dataclass(frozen=True)
class Input:
    """One number the reader may change, between two bounds, in the unit of the author's lower bound."""

    name: str
    label: str
    unit: Unit
    low: float
    high: float
    is_log: bool
    step: float | None
    value: float
    error: str = ""

    @property
    def slug(self) -> str:
        """The name as part of an element's id."""
        return re.sub(r"[.:]", "-", self.name)

    @property
    def text(self) -> str:
        """The value as its field shows it; a whole number keeps all its digits."""
        return f"{self.value:.15g}" if self.value.is_integer() else f"{self.value:.6g}"

    @property
    def unit_in_words(self) -> str:
        """The unit as readers see it: `tokens`, `GB/s`, `$/GPU-hour`."""
        return in_words(self.unit)

    @property
    def position(self) -> int:
        """Where the value stands on the range input, 0 to STEPS."""
        if self.is_log:
            share = math.log(self.value / self.low) / math.log(self.high / self.low)
        else:
            share = (self.value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * STEPS)

    def along(self, share: float) -> float:
        """Return the value a share of the way, 0 to 1, from the lower bound to the upper."""
        return self.low * (self.high / self.low) ** share if self.is_log else self.low + (self.high - self.low) * share

    def at(self, position: int) -> float:
        """Return the value at a place of the range input, rounded to what a reader would type; both ends are exact."""
        if not 0 < position < STEPS:
            return self.low if position <= 0 else self.high
        value = self.along(position / STEPS)
        if self.step:
            value = self.low + round((value - self.low) / self.step) * self.step
        return min(max(float(f"{value:.3g}"), self.low), self.high)

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.value, self.unit)

    @property
    def shown(self) -> str:
        return show(self.quantity)

    @property
    def shown_low(self) -> str:
        return show(Quantity(self.low, self.unit))

    @property
    def shown_high(self) -> str:
        return show(Quantity(self.high, self.unit))


@dataclass(frozen=True)
class TextInput:
    """A text of the reader's that a lab runs on; with options it is one of them."""

    name: str
    label: str
    value: str
    options: tuple[str, ...] = ()


def entry_id(explorer: Explorer, name: str) -> str:
    """Return the full id of a number that an explorer names as its lesson does."""
    return name if "." in name or ":" in name else f"{explorer.module_id}:{name}"


def default_input(item: Mapping[str, str], explorer: Explorer, graph: Graph, entries: Mapping[str, Entry]) -> Input:
    """Return an input at the ledger's own value; in a what-if its bounds give way to that.

    Raises ExplorerError, KeyError or LedgerError where the author erred.
    """
    name = item["name"]
    number = entry_id(explorer, name)
    if number not in graph.values:
        raise ExplorerError(f"the input {name!r} is not a ledger number")
    lowest = parse_quantity(item["min"])
    unit = lowest.unit
    low, high = lowest.magnitude, parse_quantity(item["max"]).to(unit).magnitude
    value = graph.values[number].to(unit).magnitude
    is_log = item.get("scale", "linear") == "log"
    if graph.changes:
        low, high = min(low, value), max(high, value)
    if not low < high or (is_log and low <= 0):
        raise ExplorerError(f"the bounds of {name!r} must rise, and be above 0 on a log scale")
    if not low <= value <= high:
        raise ExplorerError(f"{name!r} is {graph.values[number]}, outside its bounds")
    step = parse_quantity(item["step"]).to(unit).magnitude if "step" in item else None
    if step is not None and step <= 0:
        raise ExplorerError(f"the step of {name!r} must be above 0")
    return Input(name, entries[number].label, unit, low, high, is_log, step, value)


def given_input(item: Input, given: Mapping[str, str]) -> Input:
    """Return the input with what the reader's form says: the number field, or else where the slider stands.

    The form carries what the page showed (`name.was`), so without any script the server can tell which of the
    two the reader touched. What cannot be used keeps the default and says why.
    """
    typed = given.get(item.name, "").strip()
    slid = given.get(f"{item.name}.at", "")
    was = given.get(f"{item.name}.was", item.text)
    if typed and typed != was:
        return _typed(item, typed)
    before = None if was == item.text else _number(was)  # the text may be shorter than the number
    shown = replace(item, value=before) if before is not None and item.low <= before <= item.high else item
    if slid.isascii() and slid.isdigit() and len(slid) < 5 and int(slid) != shown.position:
        return replace(item, value=item.at(int(slid)))
    return shown


def _typed(item: Input, text: str) -> Input:
    try:
        value = read_typed(text, item.unit).to(item.unit).magnitude
    except LedgerError as exc:
        return replace(item, error=f"{exc}.")
    if not item.low <= value <= item.high:
        return replace(item, error=f"{text[:40]} is outside {item.shown_low} to {item.shown_high}.")
    return replace(item, value=value)


def _number(text: str) -> float | None:
    """Return what a bare number says, or None for any other text."""
    if len(text) > 40 or not BARE.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def text_input(item: Mapping[str, str], given: Mapping[str, str]) -> TextInput:
    label = item.get("label") or item["name"].replace("_", " ").capitalize()
    options = tuple(option.strip() for option in item["options"].split("|")) if "options" in item else ()
    default = item.get("default", options[0] if options else "")
    value = given.get(item["name"], default)
    return TextInput(item["name"], label, default if options and value not in options else value, options)


def output_unit(entry: Entry, quantity: Quantity) -> Unit:
    """Return the unit an output is shown and plotted in: the one its entry declares."""
    return parse_unit(entry.unit) if entry.unit else quantity.unit
