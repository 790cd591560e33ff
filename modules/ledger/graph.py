"""The one graph of all numbers: what reads what, what is broken and why, what it comes to."""

import difflib
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from modules.ledger.dimensions import Dimension
from modules.ledger.entries import Entry, defects
from modules.ledger.formulas import Formula, parse_formula
from modules.ledger.syntax import LedgerError
from modules.ledger.units import Quantity, Unit, in_unit, parse_quantity, parse_unit

_CYCLE_SHOWN = 12


class Graph:
    """Every entry, checked, and evaluated in the order of dependency.

    `problems` has an id for each broken entry, with all that is wrong with it; `values` has the
    others: a value in the unit it was written in, a computed one in its declared unit.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: dict[str, Entry] = {}
        self.problems: dict[str, list[str]] = {}
        self.values: dict[str, Quantity] = {}
        self._formulas: dict[str, Formula] = {}
        self._readers: dict[str, list[str]] = {}
        self._cyclic: set[str] = set()
        self._bases: dict[str, float] = {}  # values in base units
        self._dimensions: dict[str, Dimension] = {}
        for entry in entries:
            self._add(entry)
        for id, formula in self._formulas.items():
            self._connect(id, formula)
        self._rank = {id: rank for rank, id in enumerate(self._ordered())}
        for id in self._rank:
            self._settle(id)

    def inputs(self, id: str) -> tuple[str, ...]:
        """Return the ids the formula of `id` reads, in the order it first reads them."""
        return self._formulas[id].names if id in self._formulas else ()

    def dependents(self, id: str) -> tuple[str, ...]:
        """Return every id that reads `id`, directly or not, in the order of evaluation."""
        return tuple(self._ranked(_reach([id], self._readers) - {id}))

    def evaluate(
        self, overrides: Mapping[str, Quantity], wanted: Collection[str] | None = None
    ) -> dict[str, Quantity]:
        """Return what the numbers come to if `overrides` held: these and all that read them.

        With `wanted`, return those ids instead and compute nothing they do not need. Raises
        LedgerError when an override has another dimension than its entry, an id is unknown or
        broken, or a formula has no result (it divides by zero, say).
        """
        for id in (*overrides, *(wanted or ())):
            self._demand(id)
        changed = {id: self._fitting(id, quantity).base for id, quantity in overrides.items()}
        todo = _reach(overrides, self._readers) - self.problems.keys() - overrides.keys()
        if wanted is not None:
            todo &= _reach(wanted, {id: self.inputs(id) for id in todo})
        bases = {**self._bases, **changed}
        for id in self._ranked(todo):
            changed[id] = bases[id] = self._recomputed(id, bases)
        found = {id: overrides.get(id) or self._in_unit(id, base) for id, base in changed.items()}
        return found if wanted is None else {id: found.get(id, self.values[id]) for id in wanted}

    def _add(self, entry: Entry) -> None:
        if entry.id in self.entries:
            self._blame(entry.id, "is defined twice")
            return
        self.entries[entry.id] = entry
        self._blame(entry.id, *defects(entry))
        if entry.formula:
            try:
                self._formulas[entry.id] = parse_formula(entry.formula, entry.id)
            except LedgerError as error:
                self._blame(entry.id, str(error))

    def _connect(self, id: str, formula: Formula) -> None:
        for name in formula.names:
            if name in self.entries:
                self._readers.setdefault(name, []).append(id)
            else:
                self._blame(id, f"unknown name {name!r}{self._likely(name)}")

    def _likely(self, name: str) -> str:
        owner = name[: -len(name.replace(".", ":").rpartition(":")[2])]
        siblings = [id for id in self.entries if id.startswith(owner)]
        close = difflib.get_close_matches(name, siblings, 1)
        return f": did you mean {close[0]!r}?" if close else ""

    def _ordered(self) -> Iterable[str]:
        """Yield every id after what it reads; a cycle is blamed, then treated as read."""
        waiting = {id: sum(name in self.entries for name in self.inputs(id)) for id in self.entries}
        ready = deque(id for id, count in waiting.items() if not count)
        while waiting:
            id = ready.popleft() if ready else self._break_cycle(waiting)
            del waiting[id]
            yield id
            for reader in self._readers.get(id, ()):
                if reader in waiting:
                    waiting[reader] -= 1
                    if not waiting[reader]:
                        ready.append(reader)

    def _break_cycle(self, waiting: Mapping[str, int]) -> str:
        """Blame one cycle among `waiting`, where everything waits, and return a member."""
        path: dict[str, None] = {}
        id = next(iter(waiting))
        while id not in path:
            path[id] = None
            id = next(name for name in self.inputs(id) if name in waiting)
        ring = list(path)[list(path).index(id) :]
        self._cyclic.update(ring)
        for place, member in enumerate(ring):
            shown = [*ring[place:], *ring[:place]][:_CYCLE_SHOWN]
            shown += ["…"] if len(ring) > _CYCLE_SHOWN else []
            self._blame(member, f"depends on itself: {' -> '.join([*shown, member])}")
        return id

    def _settle(self, id: str) -> None:
        """Give `id` its value, or blame it for having none."""
        if id not in self._cyclic:
            broken = [name for name in self.inputs(id) if name in self.problems]
            self._blame(id, *(f"needs {name}, which is broken" for name in broken))
        if id in self.problems:
            return
        try:
            quantity = self._computed(id) if id in self._formulas else self._stated(id)
        except LedgerError as error:
            self._blame(id, str(error))
            return
        self.values[id] = quantity
        self._bases[id], self._dimensions[id] = quantity.base, quantity.dimension

    def _stated(self, id: str) -> Quantity:
        return parse_quantity(self.entries[id].value)

    def _computed(self, id: str) -> Quantity:
        formula, unit = self._formulas[id], parse_unit(self.entries[id].unit)
        dimension = formula.dimension(self._dimensions)
        if dimension != unit.dimension:
            declared = f"its unit is {unit}" if unit.terms else "it declares no unit"
            raise LedgerError(f"comes out in {dimension}, but {declared}")
        return in_unit(formula.value(self._bases), unit)

    def _recomputed(self, id: str, bases: Mapping[str, float]) -> float:
        try:
            return self._formulas[id].value(bases)
        except LedgerError as error:
            raise LedgerError(f"{id}: {error}") from None

    def _in_unit(self, id: str, base: float) -> Quantity:
        return in_unit(base, self.values[id].unit)

    def _fitting(self, id: str, quantity: Quantity) -> Quantity:
        if quantity.dimension != self._dimensions[id]:
            raise LedgerError(f"{id} is in {self._dimensions[id]}, not in {quantity.dimension}")
        return quantity

    def _demand(self, id: str) -> None:
        if id not in self.entries:
            raise LedgerError(f"unknown name {id!r}{self._likely(id)}")
        if id in self.problems:
            raise LedgerError(f"{id} is broken: {self.problems[id][0]}")

    def _blame(self, id: str, *messages: str) -> None:
        if messages:
            self.problems.setdefault(id, []).extend(messages)

    def _ranked(self, ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=self._rank.__getitem__)


def _reach(starts: Iterable[str], edges: Mapping[str, Sequence[str]]) -> set[str]:
    """Return `starts` and all that `edges` lead to from them."""
    found, waiting = set(starts), list(starts)
    while waiting:
        for id in edges.get(waiting.pop(), ()):
            if id not in found:
                found.add(id)
                waiting.append(id)
    return found
