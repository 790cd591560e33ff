from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.template.loader import render_to_string

from modules import labs
from modules.ledger import (
    Entry,
    Graph,
    LedgerError,
    Quantity,
    as_query,
    elasticities,
    parse_quantity,
    show,
    write_changes,
)
from modules.models import Explorer
from modules.rendering import Plot, PlotOrder, Series, plot

from .inputs import ExplorerError, Input, TextInput, default_input, entry_id, given_input, output_unit, text_input
from .sensitivity import Sensitivity

POINTS = 61
PLOT = re.compile(r"(?P<y>\S+(?:, \S+)*) over (?P<x>\S+)(?: by (?P<by>\S+) at (?P<values>.+))?")


def drawn(order: PlotOrder, name: str, module_id: str, graph: Graph, entries: Mapping[str, Entry]) -> Plot:
    """Return a plot that stands in a lesson's text: an explorer with one input, none of it the reader's.

    Raises ExplorerError, with a sentence, where its author erred.
    """
    axis = {"name": order.x, "min": order.low, "max": order.high, "scale": "log" if order.is_log else "linear"}
    lines = f" by {order.by} at {', '.join(order.values)}" if order.by else ""
    asked = f"{', '.join(order.y)} over {order.x}{lines}"
    explorer = Explorer(module_id=module_id, name=name, inputs=[axis], outputs=[], plot=asked)
    try:
        found = View(explorer, graph, entries, (default_input(axis, explorer, graph, entries),)).plot
    except KeyError as exc:
        raise ExplorerError(f"it names {exc}, which there is not") from exc
    except LedgerError as exc:
        raise ExplorerError(str(exc)) from exc
    assert found is not None  # it has an order and one input
    return found


@dataclass(frozen=True)
class Output:
    name: str
    label: str
    shown: str
    formula: str


@dataclass(frozen=True)
class View:
    """An explorer with a value for each input: what the page, the form's answer and /raw/ show alike."""

    explorer: Explorer
    graph: Graph
    entries: Mapping[str, Entry]
    inputs: tuple[Input, ...] = ()
    texts: tuple[TextInput, ...] = ()
    failure: str = ""

    @classmethod
    def of(
        cls, explorer: Explorer, graph: Graph, entries: Mapping[str, Entry], given: Mapping[str, str] | None = None
    ) -> View:
        """Return the explorer with a reader's form values, or as its author wrote it.

        Raises ExplorerError where the author's explorer does not work.
        """
        given = given or {}
        try:
            if any(item["name"] == "set" for item in explorer.inputs):
                raise ExplorerError("no input may be called 'set': in an address that is a what-if")
            if explorer.lab:
                numbers = [default_input(item, explorer, graph, entries) for item in explorer.inputs if "min" in item]
                texts = [text_input(item, given) for item in explorer.inputs if "min" not in item]
                view = cls(explorer, graph, entries, tuple(given_input(item, given) for item in numbers), tuple(texts))
                view.lab  # noqa: B018  run here, so that what is wrong is said here
            else:
                defaults = tuple(default_input(item, explorer, graph, entries) for item in explorer.inputs)
                view = cls(explorer, graph, entries, defaults)
                if given:
                    return view._with(given)
                view.outputs, view.plot  # noqa: B018
        except KeyError as exc:
            raise ExplorerError(f"the explorer {explorer.name!r} names {exc}, which there is not") from exc
        except (LedgerError, ExplorerError) as exc:
            raise ExplorerError(f"the explorer {explorer.name!r}: {exc}") from exc
        return view

    def _with(self, given: Mapping[str, str]) -> View:
        """Return the explorer with a reader's values; where nothing follows from them, it says why."""
        view = replace(self, inputs=tuple(given_input(item, given) for item in self.inputs))
        try:
            view.outputs, view.plot  # noqa: B018
        except LedgerError as exc:
            return replace(view, failure=f"Nothing follows from these values: {exc}.")
        return view

    @cached_property
    def lab(self) -> labs.Result | None:
        if not self.explorer.lab:
            return None
        if self.explorer.lab not in labs.LABS:
            raise ExplorerError(f"there is no lab {self.explorer.lab!r}; there are {', '.join(labs.LABS)}")
        numbers = {item.name: repr(item.value) for item in self.inputs}
        return labs.LABS[self.explorer.lab](numbers | {text.name: text.value for text in self.texts})

    @property
    def errors(self) -> list[str]:
        """What could not be used of the reader's values."""
        unusable = [f"{item.label}: {item.error}" for item in self.inputs if item.error]
        return [*unusable, self.failure] if self.failure else unusable

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        if self.failure:
            return ()
        names = {name: entry_id(self.explorer, name) for name in self.explorer.outputs}
        values = self._evaluate({}, list(names.values()))
        return tuple(self._output(name, values[number]) for name, number in names.items())

    @cached_property
    def sensitivity(self) -> tuple[Sensitivity, ...]:
        """How much each output follows each input from where they stand; first what the plot draws."""
        if not self.outputs:
            return ()
        at = {entry_id(self.explorer, item.name): item for item in self.inputs}
        of = {entry_id(self.explorer, output.name): output for output in self.outputs}
        plotted = entry_id(self.explorer, re.split("[ ,]", self.explorer.plot)[0])
        found = elasticities(self.graph, {number: item.quantity for number, item in at.items()}, of)
        labels = {number: item.label for number, item in at.items()}
        first = sorted(of, key=lambda number: number != plotted)
        return tuple(Sensitivity.of(of[number].name, of[number].label, labels, found[number]) for number in first)

    @property
    def supposed(self) -> str:
        """What is supposed of the rest of the ledger, as the form sends it along; "" as the lesson is written."""
        return write_changes(self.graph.changes, self.explorer.module_id)

    @property
    def query(self) -> str:
        """The same at the end of an address."""
        return as_query(self.graph.changes, self.explorer.module_id)

    @property
    def lesson_query(self) -> str:
        """What the address of the lesson ends in so that the whole lesson has these values."""
        moved = {
            number: item.quantity
            for item in self.inputs
            if item.quantity != self.graph.values[number := entry_id(self.explorer, item.name)].to(item.unit)
        }
        return as_query({**self.graph.changes, **moved}, self.explorer.module_id)

    @cached_property
    def plot(self) -> Plot | None:
        if not self.explorer.plot or self.failure:
            return None
        match = PLOT.fullmatch(self.explorer.plot)
        if match is None:
            raise ExplorerError(f"the plot {self.explorer.plot!r} is not of the form `y over x by z at v1, v2`")
        axis = next((item for item in self.inputs if item.name == match["x"]), None)
        if axis is None:
            raise ExplorerError(f"the plot runs over {match['x']!r}, which is not an input")
        entries = [self.entries[entry_id(self.explorer, name)] for name in match["y"].split(", ")]
        lines: list[tuple[str, dict[str, Quantity]]] = [("", {})]
        if match["by"]:
            values = [parse_quantity(text) for text in match["values"].split(", ")]
            lines = [(show(value), {entry_id(self.explorer, match["by"]): value}) for value in values]
        return self._plot(entries, axis, lines)

    def html(self) -> str:
        return render_to_string("modules/_explorer.html", {"view": self, "explorer": self.explorer})

    def markdown(self) -> str:
        return render_to_string("modules/explorer.md", {"view": self, "explorer": self.explorer}).strip() + "\n"

    def _evaluate(self, fixed: Mapping[str, Quantity], wanted: list[str]) -> Mapping[str, Quantity]:
        given = {entry_id(self.explorer, item.name): item.quantity for item in self.inputs}
        return self.graph.evaluate(given | dict(fixed), wanted)

    def _output(self, name: str, value: Quantity) -> Output:
        entry = self.entries[entry_id(self.explorer, name)]
        return Output(name, entry.label, show(value, entry.unit, entry.digits), entry.formula)

    def _plot(self, entries: list[Entry], axis: Input, lines: list[tuple[str, dict[str, Quantity]]]) -> Plot:
        wanted = [entry.id for entry in entries]
        marked = self._evaluate({}, wanted)
        unit = output_unit(entries[0], marked[wanted[0]])  # of the axis, whatever the other line declares
        series = []
        for label, fixed in lines:
            xs = [axis.along(i / (POINTS - 1)) for i in range(POINTS)]
            at = entry_id(self.explorer, axis.name)
            runs = [self._evaluate(fixed | {at: Quantity(x, axis.unit)}, wanted) for x in xs]
            for entry in entries:
                ys = [run[entry.id].to(unit).magnitude for run in runs]
                name = ", ".join(filter(None, [entry.label if len(entries) > 1 else "", label]))
                series.append(Series(name, list(zip(xs, ys, strict=True))))
        return plot(
            series,
            title=f"{', '.join(entry.label for entry in entries)} over {axis.label}",
            x_label=axis.label,
            x_unit=str(axis.unit),
            y_label=entries[0].label if len(entries) == 1 else "",  # each line says what it is
            y_unit=str(unit),
            x_log=axis.is_log,
            y_log=False if str(unit) == "percent" else None,  # a share reads from 0 to 100
            marks=[(axis.value, marked[number].to(unit).magnitude) for number in wanted],
            prefix=f"{self.explorer.name}-plot",
        )
