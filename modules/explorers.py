"""What-ifs: an explorer's inputs, outputs and plot, with the author's defaults or a reader's values."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.template.loader import render_to_string

from modules import labs
from modules.ledger import Entry, Graph, LedgerError, Quantity, parse_quantity, parse_unit, show
from modules.models import Explorer
from modules.rendering import Plot, Series, plot

STEPS = 400  # positions of a range input: fine enough for a pixel, coarse enough for a keyboard
POINTS = 61
PLOT = re.compile(r"(?P<y>\S+(?:, \S+)*) over (?P<x>\S+)(?: by (?P<by>\S+) at (?P<values>.+))?")


@dataclass(frozen=True)
class Input:
    """One number the reader may change, between two bounds, in the unit the author wrote."""

    name: str
    label: str
    unit: str
    low: float
    high: float
    is_log: bool
    step: float | None
    value: float
    error: str = ""

    @property
    def text(self) -> str:
        return f"{self.value:.6g}"

    @property
    def position(self) -> int:
        """Where the value stands on the range input, 0 to STEPS."""
        if self.is_log:
            share = math.log(self.value / self.low) / math.log(self.high / self.low)
        else:
            share = (self.value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * STEPS)

    def at(self, position: int) -> float:
        """Return the value at a place of the range input, rounded to what a reader would type."""
        share = min(max(position, 0), STEPS) / STEPS
        value = self.low * (self.high / self.low) ** share if self.is_log else self.low + (self.high - self.low) * share
        if self.step:
            value = self.low + round((value - self.low) / self.step) * self.step
        return float(f"{min(max(value, self.low), self.high):.3g}")

    @property
    def quantity(self) -> Quantity:
        return parse_quantity(f"{self.value!r} {self.unit}".strip())

    @property
    def slug(self) -> str:
        """The name as part of an element's id."""
        return re.sub(r"[.:]", "-", self.name)

    @property
    def shown(self) -> str:
        return show(self.quantity)

    @property
    def shown_low(self) -> str:
        return show(replace(self, value=self.low).quantity)

    @property
    def shown_high(self) -> str:
        return show(replace(self, value=self.high).quantity)


@dataclass(frozen=True)
class TextInput:
    """A text of the reader's that a lab runs on."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Output:
    name: str
    label: str
    shown: str
    formula: str


class ExplorerError(ValueError):
    """The author's explorer does not work, or a reader's value cannot be used; says which and why."""


@dataclass(frozen=True)
class View:
    """An explorer with a value for each input: what the page, the form's answer and /raw/ show alike."""

    explorer: Explorer
    graph: Graph
    entries: Mapping[str, Entry]
    inputs: tuple[Input, ...]
    lab: labs.Result | None = None
    texts: tuple[TextInput, ...] = ()

    @classmethod
    def default(cls, explorer: Explorer, graph: Graph, entries: Mapping[str, Entry]) -> View:
        """Return the explorer as the author wrote it; raises ExplorerError where it does not work."""
        return cls.of(explorer, graph, entries, {})

    @classmethod
    def of(cls, explorer: Explorer, graph: Graph, entries: Mapping[str, Entry], given: Mapping[str, str]) -> View:
        """Return the explorer with a reader's form values; what cannot be used keeps its default and says why."""
        if explorer.lab:
            texts = tuple(_text(item, given) for item in explorer.inputs)
            return cls(explorer, graph, entries, (), _lab(explorer, texts), texts)
        try:
            inputs = tuple(_given(_input(item, explorer, graph, entries), given) for item in explorer.inputs)
            view = cls(explorer, graph, entries, inputs)
            view.outputs, view.plot  # noqa: B018  computed here, so that what is wrong is said here
        except (LedgerError, KeyError, ValueError, ZeroDivisionError) as exc:
            raise ExplorerError(f"the explorer {explorer.name!r}: {exc}") from exc
        return view

    @cached_property
    def values(self) -> Mapping[str, Quantity]:
        return self.graph.evaluate({self._id(item.name): item.quantity for item in self.inputs})

    @property
    def errors(self) -> list[str]:
        """What could not be used of the reader's values."""
        return [f"{item.label}: {item.error}" for item in self.inputs if item.error]

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        return tuple(self._output(name) for name in self.explorer.outputs)

    @cached_property
    def plot(self) -> Plot | None:
        if not self.explorer.plot:
            return None
        match = PLOT.fullmatch(self.explorer.plot)
        if match is None:
            raise ExplorerError(f"the plot {self.explorer.plot!r} is not of the form `y over x by z at v1, v2`")
        axis = next((item for item in self.inputs if item.name == match["x"]), None)
        if axis is None:
            raise ExplorerError(f"the plot runs over {match['x']!r}, which is not an input")
        return self._plot(match["y"].split(", "), axis, match["by"], (match["values"] or "").split(", "))

    def html(self) -> str:
        return render_to_string("modules/_explorer.html", {"view": self, "explorer": self.explorer})

    def markdown(self) -> str:
        return render_to_string("modules/explorer.md", {"view": self, "explorer": self.explorer}).strip() + "\n"

    def _id(self, name: str) -> str:
        return name if "." in name or ":" in name else f"{self.explorer.module_id}:{name}"

    def _output(self, name: str) -> Output:
        entry = self.entries[self._id(name)]
        return Output(name, entry.label, show(self.values[entry.id], entry.unit, entry.digits), entry.formula)

    def _plot(self, names: list[str], axis: Input, by: str | None, values: list[str]) -> Plot:
        entries = [self.entries[self._id(name)] for name in names]
        xs = [
            axis.low * (axis.high / axis.low) ** (i / (POINTS - 1))
            if axis.is_log
            else axis.low + (axis.high - axis.low) * i / (POINTS - 1)
            for i in range(POINTS)
        ]
        series = []
        for value in values if by else [""]:
            fixed = {self._id(by): parse_quantity(value)} if by else {}
            runs = [self._values_at(axis, x, fixed) for x in xs]
            for entry in entries:
                label = ", ".join(
                    filter(
                        None, [entry.label if len(entries) > 1 else "", show(parse_quantity(value)) if value else ""]
                    )
                )
                series.append(
                    Series(label, [(x, _magnitude(run[entry.id], entry.unit)) for x, run in zip(xs, runs, strict=True)])
                )
        marks = [(axis.value, _magnitude(self.values[entry.id], entry.unit)) for entry in entries]
        return plot(
            series,
            title=f"{', '.join(entry.label for entry in entries)} over {axis.label}",
            x_label=axis.label,
            x_unit=axis.unit,
            y_label=entries[0].label,
            y_unit=entries[0].unit,
            x_log=axis.is_log,
            marks=marks,
            prefix=f"{self.explorer.name}-plot",
        )

    def _values_at(self, axis: Input, x: float, fixed: Mapping[str, Quantity]) -> Mapping[str, Quantity]:
        given = {self._id(item.name): item.quantity for item in self.inputs}
        point = parse_quantity(f"{x!r} {axis.unit}".strip())
        return self.graph.evaluate(given | dict(fixed) | {self._id(axis.name): point})


def _magnitude(quantity: Quantity, unit: str) -> float:
    return quantity.to(parse_unit(unit)).magnitude


def _input(item: Mapping[str, str], explorer: Explorer, graph: Graph, entries: Mapping[str, Entry]) -> Input:
    """Return an input at the ledger's own value; raises KeyError or LedgerError where the author erred."""
    name = item["name"]
    entry_id = name if "." in name or ":" in name else f"{explorer.module_id}:{name}"
    if entry_id not in graph.values:
        raise ExplorerError(f"the input {name!r} is not a ledger number")
    quantity = graph.values[entry_id]
    low, high = (parse_quantity(item[bound]).to(quantity.unit).magnitude for bound in ("min", "max"))
    is_log = item.get("scale", "linear") == "log"
    if not low < high or (is_log and low <= 0):
        raise ExplorerError(f"the bounds of {name!r} must rise, and be above 0 on a log scale")
    if not low <= quantity.magnitude <= high:
        raise ExplorerError(f"{name!r} is {quantity}, outside its bounds")
    step = parse_quantity(item["step"]).to(quantity.unit).magnitude if "step" in item else None
    return Input(name, entries[entry_id].label, str(quantity.unit), low, high, is_log, step, quantity.magnitude)


def _given(item: Input, given: Mapping[str, str]) -> Input:
    """Return the input with what the reader's form says: the number field, or else where the slider stands.

    The form carries what the page showed (`name.was`), so without any script the server can tell which of the
    two the reader touched.
    """
    typed = given.get(item.name, "").strip()
    slid = given.get(f"{item.name}.at", "")
    was = given.get(f"{item.name}.was", item.text)
    if typed and typed != was:
        return _typed(item, typed)
    shown = replace(item, value=float(was)) if _is_finite(was) and item.low <= float(was) <= item.high else item
    if slid.isascii() and slid.isdigit() and len(slid) < 5 and int(slid) != shown.position:
        return replace(item, value=item.at(int(slid)))
    return shown


def _typed(item: Input, text: str) -> Input:
    try:
        unit = parse_unit(item.unit)
        value = float(text) if _is_finite(text) else parse_quantity(text[:80].replace(",", "")).to(unit).magnitude
    except LedgerError as exc:
        return replace(item, error=f"{exc}.")
    if not item.low <= value <= item.high:
        return replace(item, error=f"{text[:40]} is outside {item.low:g} to {item.high:g} {item.unit}".rstrip() + ".")
    return replace(item, value=value)


def _is_finite(text: str) -> bool:
    try:
        return len(text) < 40 and math.isfinite(float(text))
    except ValueError:
        return False


def _text(item: Mapping[str, str], given: Mapping[str, str]) -> TextInput:
    label = item.get("label", item["name"].replace("_", " ").capitalize())
    return TextInput(item["name"], label, given.get(item["name"], item.get("default", "")))


def _lab(explorer: Explorer, texts: tuple[TextInput, ...]) -> labs.Result:
    if explorer.lab not in labs.LABS:
        known = ", ".join(labs.LABS)
        raise ExplorerError(f"the explorer {explorer.name!r} names the lab {explorer.lab!r}; there are {known}")
    return labs.LABS[explorer.lab]({text.name: text.value for text in texts})
