"""An explorer as one sentence: a number the reader changes, and one that follows from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from modules.ledger import Entry, Graph, LedgerError, show
from modules.models import Explorer
from modules.rendering import slug

from .inputs import ExplorerError, Input, default_input, entry_id, given_input

SLOT = re.compile(r"\[([^\[\]]*)\]")
LIMIT_TYPED = 40


@dataclass(frozen=True)
class Ground:
    """A number the answer rests on, whatever the reader asks; `how` is its source, formula or reason."""

    kind: str
    shown: str
    label: str
    how: str
    href: str


@dataclass(frozen=True)
class Live:
    """The sentence with a value in it: what the home page shows, and the answer to its form."""

    explorer: Explorer
    graph: Graph
    entries: Mapping[str, Entry]
    words: tuple[str, str, str]  # before the input, between the two, after the output
    input: Input
    typed: str  # what the field shows: the value, or what could not be used
    output: Entry
    answer: str  # "" where nothing follows
    error: str = ""

    @classmethod
    def of(cls, explorer: Explorer, graph: Graph, entries: Mapping[str, Entry]) -> Live:
        """Return the sentence at the ledger's own value; raises ExplorerError where the author's does not work."""
        try:
            before, first, between, second, after = SLOT.split(explorer.live)
        except ValueError:
            raise ExplorerError("the live sentence needs two names in brackets: an input and an output") from None
        item = next((item for item in explorer.inputs if item["name"] == first), None)
        if item is None or second not in explorer.outputs:
            raise ExplorerError(f"the live sentence needs an input and an output, not {first!r} and {second!r}")
        try:
            default = default_input(item, explorer, graph, entries)
            output = entries[entry_id(explorer, second)]
            if output.id not in graph.dependents(entry_id(explorer, first)):
                raise ExplorerError(f"the live sentence: {second!r} does not follow from {first!r}")
            live = cls(explorer, graph, entries, (before, between, after), default, default.text, output, "")
            return replace(live, answer=live._follows())
        except KeyError as exc:
            raise ExplorerError(f"the live sentence names {exc}, which there is not") from exc
        except LedgerError as exc:
            raise ExplorerError(f"the live sentence: {exc}") from exc

    def asked(self, given: Mapping[str, str]) -> Live:
        """Return the sentence with a reader's form values; of what cannot be used it says why, and claims nothing."""
        taken = given_input(self.input, given)
        if taken.error:
            return replace(self, typed=given[taken.name].strip()[:LIMIT_TYPED], answer="", error=taken.error)
        live = replace(self, input=taken, typed=taken.text)
        try:
            return replace(live, answer=live._follows())
        except LedgerError as exc:
            return replace(live, answer="", error=f"Nothing follows from this value: {exc}.")

    def _follows(self) -> str:
        changed = {entry_id(self.explorer, self.input.name): self.input.quantity}
        value = self.graph.evaluate(changed, [self.output.id])[self.output.id]
        return show(value, self.output.unit, self.output.digits)

    @property
    def href(self) -> str:
        """Where the lesson defends the answer."""
        return self._row(self.output.id)

    def grounds(self, source_names: Mapping[str, str]) -> list[Ground]:
        """Return what the answer rests on and the reader does not change here, the nearest first."""
        changed = entry_id(self.explorer, self.input.name)
        moving = {changed, *self.graph.dependents(changed)}
        fixed = [self.entries[key] for key in _rests_on(self.graph, self.output.id) if key not in moving]
        return [self._ground(entry, source_names) for entry in fixed]

    def _ground(self, entry: Entry, source_names: Mapping[str, str]) -> Ground:
        how = {
            "cited": ", ".join(filter(None, [source_names.get(entry.source, entry.source), entry.at])),
            "computed": entry.formula,
            "assumed": entry.because,
        }
        shown = show(self.graph.values[entry.id], entry.unit, entry.digits)
        return Ground(entry.kind, shown, entry.label, how[entry.kind], self._row(entry.id))

    def _row(self, key: str) -> str:
        """Return the address of a number in the ledger of the explorer's lesson, which has all that it rests on."""
        name = key.removeprefix(f"{self.explorer.module_id}:")
        return f"{reverse('modules:module', args=[self.explorer.module_id])}#number-{slug(name)}"


def _rests_on(graph: Graph, key: str) -> list[str]:
    """Return every number that one is computed from, the nearest first."""
    found: dict[str, None] = {}
    waiting = [key]
    while waiting:
        for name in graph.inputs(waiting.pop(0)):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return list(found)
