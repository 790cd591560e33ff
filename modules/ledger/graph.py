"""The one graph of all numbers: what reads what, what is broken and why, what it comes to."""

import difflib
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy

from modules.ledger.dimensions import Dimension
from modules.ledger.display import show
from modules.ledger.entries import Entry, defects, owner
from modules.ledger.formulas import Formula, parse_formula
from modules.ledger.syntax import LedgerError
from modules.ledger.units import Quantity, in_unit, parse_quantity, parse_unit

_CYCLE_SHOWN = 12
_PLANS = 500  # kept at once: as many as a notebook has outputs and plots


class Graph:
    """Every entry, checked, and evaluated in the order of dependency.

    `problems` has an id for each broken entry, with all that is wrong with it; `values` has the
    others: a value in the unit it was written in, a computed one in its declared unit. `changes` is
    empty, except in what `what_if` returns.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.changes: Mapping[str, Quantity] = {}
        self.entries: dict[str, Entry] = {}
        self.problems: dict[str, list[str]] = {}
        self.values: dict[str, Quantity] = {}
        self._formulas: dict[str, Formula] = {}
        self._readers: dict[str, list[str]] = {}
        self._cyclic: set[str] = set()
        self._bases: dict[str, float] = {}  # values in base units
        self._dimensions: dict[str, Dimension] = {}
        self._plans: dict[tuple[frozenset[str], tuple[str, ...] | None], list[str]] = {}
        for entry in entries:
            self._add(entry)
        for key, formula in self._formulas.items():
            self._connect(key, formula)
        self._rank = {key: rank for rank, key in enumerate(self._ordered())}
        for key in self._rank:
            self._settle(key)

    def inputs(self, key: str) -> tuple[str, ...]:
        """Return the ids the formula of `key` reads, in the order it first reads them."""
        return self._formulas[key].names if key in self._formulas else ()

    def dependents(self, key: str) -> tuple[str, ...]:
        """Return every id that reads `key`, directly or not, in the order of evaluation."""
        return tuple(self._ranked(_reach([key], self._readers) - {key}))

    def evaluate(
        self, overrides: Mapping[str, Quantity], wanted: Collection[str] | None = None, *, is_smooth: bool = False
    ) -> dict[str, Quantity]:
        """Return what the numbers come to if `overrides` held: these and all that read them.

        With `wanted`, return those ids instead and compute nothing they do not need. With `is_smooth`
        nothing that is computed again is rounded to whole numbers on the way. Raises LedgerError when
        an override has another dimension than its entry, an id is unknown or broken, or a formula has
        no result (it divides by zero, say).
        """
        for key in (*overrides, *(wanted or ())):
            self._demand(key)
        changed = {key: self._fitting(key, quantity).base for key, quantity in overrides.items()}
        bases = {**self._bases, **changed}
        for key in self._plan(frozenset(overrides), None if wanted is None else tuple(wanted)):
            changed[key] = bases[key] = self._recomputed(key, bases, is_smooth)
        found = {key: overrides.get(key) or self._in_unit(key, base) for key, base in changed.items()}
        return found if wanted is None else {key: found.get(key, self.values[key]) for key in wanted}

    def _plan(self, changed: frozenset[str], wanted: tuple[str, ...] | None) -> list[str]:
        """Return what has to be computed again, in order; a plot asks for the same hundreds of times."""
        plan = self._plans.get((changed, wanted))
        if plan is None:
            todo = _reach(changed, self._readers) - self.problems.keys() - changed
            if wanted is not None:
                todo &= _reach(wanted, {key: self.inputs(key) for key in todo})
            plan = self._ranked(todo)
            if len(self._plans) == _PLANS:
                self._plans.clear()
            self._plans[changed, wanted] = plan
        return plan

    def what_if(self, changes: Mapping[str, Quantity]) -> "Graph":
        """Return the graph as it would be if `changes` held; what has no result then is among its `problems`.

        A changed number is an assumption there, and reads nothing. Raises LedgerError where `evaluate`
        does on what `changes` says.
        """
        for key, quantity in changes.items():
            self._demand(key)
            self._fitting(key, quantity)
        other = copy(self)
        other.changes = {**self.changes, **changes}
        other.entries = self.entries | {key: self._supposed(key, changes[key]) for key in changes}
        other.problems, other.values = dict(self.problems), dict(self.values)
        other._bases, other._dimensions = dict(self._bases), dict(self._dimensions)
        other._formulas = {key: formula for key, formula in self._formulas.items() if key not in changes}
        read = {name for key in changes for name in self.inputs(key)}
        kept = {name: [reader for reader in self._readers[name] if reader not in changes] for name in read}
        other._readers, other._plans = self._readers | kept, {}
        for key in self._ranked(_reach(changes, other._readers) - self.problems.keys()):
            del other.values[key]
            other._settle(key)
        return other

    def _supposed(self, key: str, quantity: Quantity) -> Entry:
        entry = self.entries[key]
        written = show(self.values[key], entry.unit, entry.digits)
        return Entry(key, str(quantity), label=entry.label, because=f"What if: as written it is {written}")

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

    def _connect(self, key: str, formula: Formula) -> None:
        for name in formula.names:
            if name in self.entries:
                self._readers.setdefault(name, []).append(key)
            else:
                self._blame(key, f"unknown name {name!r}{self._likely(name)}")

    def _likely(self, name: str) -> str:
        siblings = [key for key in self.entries if owner(key) == owner(name)]
        close = difflib.get_close_matches(name, siblings, 1)
        return f": did you mean {close[0]!r}?" if close else ""

    def _ordered(self) -> Iterable[str]:
        """Yield every id after what it reads; a cycle is blamed, then treated as read."""
        waiting = {key: sum(name in self.entries for name in self.inputs(key)) for key in self.entries}
        ready = deque(key for key, count in waiting.items() if not count)
        while waiting:
            key = ready.popleft() if ready else self._break_cycle(waiting)
            del waiting[key]
            yield key
            for reader in self._readers.get(key, ()):
                if reader in waiting:
                    waiting[reader] -= 1
                    if not waiting[reader]:
                        ready.append(reader)

    def _break_cycle(self, waiting: Mapping[str, int]) -> str:
        """Blame one cycle among `waiting`, where everything waits, and return a member."""
        path: dict[str, None] = {}
        key = next(iter(waiting))
        while key not in path:
            path[key] = None
            key = next(name for name in self.inputs(key) if name in waiting)
        ring = list(path)[list(path).index(key) :]
        self._cyclic.update(ring)
        for place, member in enumerate(ring):
            shown = [*ring[place:], *ring[:place]][:_CYCLE_SHOWN]
            shown += ["…"] if len(ring) > _CYCLE_SHOWN else []
            self._blame(member, f"depends on itself: {' -> '.join([*shown, member])}")
        return key

    def _settle(self, key: str) -> None:
        """Give `key` its value, or blame it for having none."""
        if key not in self._cyclic:
            broken = [name for name in self.inputs(key) if name in self.problems]
            self._blame(key, *(f"needs {name}, which is broken" for name in broken))
        if key in self.problems:
            return
        try:
            quantity = self._computed(key) if key in self._formulas else self._stated(key)
        except LedgerError as error:
            self._blame(key, str(error))
            return
        self.values[key] = quantity
        self._bases[key], self._dimensions[key] = quantity.base, quantity.dimension

    def _stated(self, key: str) -> Quantity:
        return parse_quantity(self.entries[key].value)

    def _computed(self, key: str) -> Quantity:
        formula, unit = self._formulas[key], parse_unit(self.entries[key].unit)
        dimension = formula.dimension(self._dimensions)
        if dimension != unit.dimension:
            declared = f"its unit is {unit}" if unit.terms else "it declares no unit"
            raise LedgerError(f"comes out in {dimension}, but {declared}")
        return in_unit(formula.value(self._bases), unit)

    def _recomputed(self, key: str, bases: Mapping[str, float], is_smooth: bool) -> float:
        formula = self._formulas[key]
        try:
            return (formula.smooth if is_smooth else formula.tree).value(bases)
        except LedgerError as error:
            raise LedgerError(f"{key}: {error}") from None

    def _in_unit(self, key: str, base: float) -> Quantity:
        return in_unit(base, self.values[key].unit)

    def _fitting(self, key: str, quantity: Quantity) -> Quantity:
        if quantity.dimension != self._dimensions[key]:
            raise LedgerError(f"{key} is in {self._dimensions[key]}, not in {quantity.dimension}")
        return quantity

    def _demand(self, key: str) -> None:
        if key not in self.entries:
            raise LedgerError(f"unknown name {key!r}{self._likely(key)}")
        if key in self.problems:
            raise LedgerError(f"{key} is broken: {self.problems[key][0]}")

    def _blame(self, key: str, *messages: str) -> None:
        if messages:
            self.problems.setdefault(key, []).extend(messages)

    def _ranked(self, ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=self._rank.__getitem__)


def _reach(starts: Iterable[str], edges: Mapping[str, Sequence[str]]) -> set[str]:
    """Return `starts` and all that `edges` lead to from them."""
    found, waiting = set(starts), list(starts)
    while waiting:
        for key in edges.get(waiting.pop(), ()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found
