"""A number as a question: what it comes to, from which givens, by which formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modules.drills.answers import read
from modules.ledger import Entry, Graph, LedgerError, Quantity, Unit, show
from modules.ledger.syntax import UNIT, Literal, Name, Node, Operation, parse
from modules.ledger.units import is_unit

MOST_GIVENS = 6  # as much as a reader holds in mind
MOST_NODES = 80


@dataclass(frozen=True)
class Problem:
    """What a reader is asked for. Names in `node` are full ids; a number that is not computed has no node."""

    id: str
    truth: Quantity
    shown: Quantity  # the truth as it is printed
    node: Node | None = None
    givens: Mapping[str, Quantity] | None = None

    @classmethod
    def of(cls, graph: Graph, key: str, givens: Mapping[str, Quantity] | None = None) -> Problem:
        """Return what `key` comes to as the ledger has it, or with other givens.

        Raises LedgerError where the number is unknown or broken, or nothing follows from the givens.
        """
        truth = graph.evaluate(givens or {}, [key])[key]
        node, shown = unfold(graph, key), _as_shown(graph.entries[key], truth)
        if node is None:
            return cls(key, truth, shown)
        return cls(key, truth, shown, node, {name: (givens or graph.values)[name] for name in names(node)})

    @property
    def unit(self) -> Unit:
        """The unit it is printed in, which an answer without a unit is in."""
        return self.shown.unit


def _as_shown(entry: Entry, truth: Quantity) -> Quantity:
    """Return what the text says: 989 TFLOP/s for 989e12 FLOP/s, and 1,200 GB for 1,152 where two digits do."""
    try:
        return read(show(truth, entry.unit, entry.digits), truth.unit)
    except LedgerError:
        return truth


def unfold(graph: Graph, key: str) -> Node | None:
    """Return the formula of a number with computed inputs replaced by theirs, as far as the givens stay few.

    None for a number that is not computed, or only repeats one that is not.
    """
    if not computes(graph, key):
        return None
    node, kept = _formula(graph, key), set[str]()
    while waiting := [name for name in names(node) if name not in kept and graph.entries[name].formula]:
        inner = _formula(graph, waiting[0])
        longer = replaced(node, {waiting[0]: inner})
        is_simple = len(names(longer)) <= MOST_GIVENS and sum(1 for _ in every(longer)) <= MOST_NODES
        if isinstance(node, Name) or isinstance(inner, Name) or (names(inner) and is_simple):
            node = longer
        else:
            kept.add(waiting[0])
    return node


def computes(graph: Graph, key: str) -> bool:
    """Whether there is something to compute: a formula that does more than repeat a number."""
    while graph.entries[key].formula:
        node = _formula(graph, key)
        if not isinstance(node, Name):
            return True
        key = node.text
    return False


def names(node: Node) -> list[str]:
    """Return the ids that a formula reads, each once, in order."""
    found = (one.text for one in every(node) if isinstance(one, Name) and not is_unit(one.text))
    return list(dict.fromkeys(found))


def units(node: Node) -> set[str]:
    """Return the units that a formula writes out."""
    return {one.text for one in every(node) if isinstance(one, Name) and is_unit(one.text)}


def is_percent(unit: Unit) -> bool:
    return any(name == "percent" for name, _ in unit.terms)


def every(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Operation):
        for operand in node.operands:
            yield from every(operand)


def replaced(node: Node, by: Mapping[str, Node]) -> Node:
    """Return a formula with other formulas in the place of names."""
    match node:
        case Name(text):
            return by.get(text, node)
        case Operation(name, operands) if name != UNIT:
            return Operation(name, tuple(replaced(operand, by) for operand in operands))
    return node


def _formula(graph: Graph, key: str) -> Node:
    return _qualified(parse(graph.entries[key].formula), key.partition(":")[0] if ":" in key else "")


def _qualified(node: Node, lesson: str) -> Node:
    match node:
        case Name(text) if not is_unit(text) and ":" not in text and "." not in text:
            return Name(f"{lesson}:{text}")
        case Operation(name, operands):
            return Operation(name, tuple(_qualified(operand, lesson) for operand in operands))
        case Literal() | Name():
            return node
