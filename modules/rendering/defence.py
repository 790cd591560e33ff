"""How a number is defended, in words: the same in its tooltip, in the page's table and in raw Markdown."""

from collections.abc import Callable, Iterator

from modules.ledger import LedgerError, parse_formula
from modules.rendering.material import Number
from modules.rendering.references import NAME, References


def how_in_words(number: Number, references: References) -> str:
    """Return the defence as one line of plain text: "cited, Pope et al. 2022, Table 1"."""
    if number.kind == "computed":
        return f"computed, {number.formula}"
    if number.kind == "assumed":
        return f"assumed, {number.because}"
    name = references.source_names.get(number.source, number.source)
    return ", ".join(filter(None, ("cited", name, number.at, _dated(number))))


def reason_in_words(number: Number) -> str:
    """Return what stands beside a number's kind: why it is assumed, its date, its remark; no formula."""
    because = number.because if number.kind == "assumed" else ""
    shared = f"the formula of {number.like}" if number.like else ""
    return "; ".join(filter(None, (because, shared, _dated(number), number.note)))


def dated(number: Number) -> str:
    """Return the class by which whoever serves a page finds what has aged since it was rendered."""
    return f" dated-{number.seen}" if number.seen else ""


def formula_parts(number: Number, find: Callable[[str], Number | None]) -> Iterator[tuple[str, Number | None]]:
    """Split a formula into stretches of text, each with the number it names, if `find` knows one by that id."""
    try:
        names = set(parse_formula(number.formula, scope=number.id).names)
    except LedgerError:
        names = set()
    scope = number.id.rpartition(":")[0]
    position = 0
    for found in NAME.finditer(number.formula):
        name = found[0] if found[0] in names else f"{scope}:{found[0]}"
        read = find(name) if name in names else None
        if read:
            yield number.formula[position : found.start()], None
            yield found[0], read
            position = found.end()
    yield number.formula[position:], None


def _dated(number: Number) -> str:
    return f"as of {number.as_of}" if number.as_of else ""
