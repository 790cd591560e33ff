"""What-ifs as text: `layers:80,h100_hour.price:2.1 USD/(gpu*hour)`, as it stands in an address."""

import difflib
import re
from collections.abc import Mapping
from urllib.parse import quote_plus

from modules.ledger.graph import Graph
from modules.ledger.syntax import LedgerError
from modules.ledger.typed import read_typed
from modules.ledger.units import Quantity

MAX_CHANGES = 20
MAX_TEXT = 1500

# A comma ends a change where a name and a colon follow; any other is one between thousands.
_BETWEEN = re.compile(r",(?=\s*[a-z][\w.-]*(?::[a-z]\w*)?\s*:|\s*$)", re.ASCII)


class ChangeError(LedgerError):
    """What cannot be used of a what-if, in a sentence that names it."""


def read_changes(text: str, graph: Graph, lesson: str = "") -> dict[str, Quantity]:
    """Return the value each changed number gets, by its full id; a bare name is one of `lesson`'s.

    A bare value is in the unit of its number. Raises ChangeError on what is no number of `graph` with a
    value that fits it, on a number given twice, and past `MAX_CHANGES` of them or `MAX_TEXT` characters.
    """
    if len(text) > MAX_TEXT:
        raise ChangeError(f"a what-if has at most {MAX_TEXT:,} characters")
    items = [item for item in _BETWEEN.split(text) if item.strip()]
    if len(items) > MAX_CHANGES:
        raise ChangeError(f"a what-if changes at most {MAX_CHANGES} numbers, not {len(items)}")
    changes: dict[str, Quantity] = {}
    for item in items:
        key, value = _change(item, graph, lesson)
        if key in changes:
            raise ChangeError(f"{key} is given twice")
        changes[key] = value
    return changes


def write_changes(changes: Mapping[str, Quantity], lesson: str = "") -> str:
    """Return the text that `read_changes` reads as `changes`, names of `lesson` bare."""
    own = f"{lesson}:" if lesson else ""
    return ",".join(f"{key.removeprefix(own)}:{_written(quantity)}" for key, quantity in changes.items())


def as_query(changes: Mapping[str, Quantity], lesson: str = "") -> str:
    """Return the end of an address that asks for `changes`: `?set=layers:80`; "" for none."""
    return f"?set={quote_plus(write_changes(changes, lesson), safe=':,/()*')}" if changes else ""


def _written(quantity: Quantity) -> str:
    number = quantity.written or repr(quantity.magnitude).removesuffix(".0")
    return f"{number} {quantity.unit}".rstrip()


def _change(item: str, graph: Graph, lesson: str) -> tuple[str, Quantity]:
    name, _, value = (part.strip() for part in item.rpartition(":"))
    if not name:
        raise ChangeError(f"{item.strip()[:60]!r} is not a number and its value, such as layers:80")
    key = name if "." in name or ":" in name or not lesson else f"{lesson}:{name}"
    if key not in graph.values:
        raise ChangeError(f"there is no number {name[:100]!r}{_likely(key, graph)}")
    if not value:
        raise ChangeError(f"{name} is given no value")
    try:
        return key, read_typed(value, graph.values[key].unit)
    except LedgerError as error:
        raise ChangeError(f"{name}: {error}") from None


def _likely(key: str, graph: Graph) -> str:
    """Return a hint at a number with nearly that name; only names of the same lesson or group are looked at."""
    owner = _owner(key)
    siblings = [name for name in graph.values if _owner(name) == owner]
    close = difflib.get_close_matches(key[:100], siblings, 1)
    return f": did you mean {close[0].removeprefix(f'{owner}:')}?" if close else ""


def _owner(key: str) -> str:
    return re.split("[:.]", key)[0]
