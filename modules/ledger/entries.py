"""Ledger entries: one number, and exactly one way in which it is defended."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from modules.ledger.functions import FUNCTIONS
from modules.ledger.syntax import WORDS, LedgerError
from modules.ledger.units import Quantity, is_unit, parse_quantity, parse_unit

MAX_DIGITS = 15
MAX_NAME = 100

Kind = Literal["cited", "assumed", "computed"]

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_LESSON = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EARLIER = re.compile(r"(.+) on (\S+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One number. `id` is `lesson-id:name` or `group.name`; all but `digits` and `earlier` is text.

    Cited: value, source, at. Assumed: value, because. Computed: formula, unit; or `like` and the id of a number
    whose formula it shares (see `likened`). `earlier` is what a dated number said before, each as
    `0.435 USD/Mtoken on 2026-08-15`, the oldest first.
    """

    id: str
    value: str = ""
    formula: str = ""
    unit: str = ""
    label: str = ""
    source: str = ""
    at: str = ""
    as_of: str = ""
    because: str = ""
    note: str = ""
    digits: int | None = None
    earlier: tuple[str, ...] = ()
    like: str = ""

    @property
    def kind(self) -> Kind:
        """How the number is defended; what claims two ways is refused by `check`."""
        if self.formula or self.like:
            return "computed"
        return "cited" if self.source else "assumed"


def check(entry: Entry) -> None:
    """Raise LedgerError with the first thing that is wrong with `entry` taken alone."""
    if found := defects(entry):
        raise LedgerError(f"{entry.id}: {found[0]}")


def defects(entry: Entry) -> list[str]:
    """Return everything that is wrong with `entry` taken alone, as sentences."""
    found = [*_naming(entry.id), *_defence(entry)]
    if not entry.label.strip():
        found.append("has no label")
    if entry.digits is not None and not 1 <= entry.digits <= MAX_DIGITS:
        found.append(f"digits is {entry.digits}, which is not from 1 to {MAX_DIGITS}")
    if entry.as_of and not _is_date(entry.as_of):
        found.append(f"as_of is {entry.as_of!r}, which is not a date such as 2026-09-25")
    try:
        found += _priced(entry) if entry.value else []
        found += _earlier(entry) if entry.earlier else []
        parse_unit(entry.unit)
    except LedgerError as error:
        found.append(str(error))
    return found


def likened(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, each that is like another with the formula of that one.

    So one model is written once and used with other inputs: a name in the formula means the number of whoever uses
    it. Unit, label and digits are the other's too where none are given. What is like nothing that is computed, or
    like what is like another itself, keeps no formula, and `defects` says so.
    """
    entries = list(entries)
    known = {entry.id: entry for entry in entries if entry.formula}
    return [_after(entry, known[entry.like]) if entry.like in known else entry for entry in entries]


def _after(entry: Entry, model: Entry) -> Entry:
    return replace(
        entry,
        formula=model.formula,
        unit=entry.unit or model.unit,
        label=entry.label or model.label,
        digits=entry.digits or model.digits,
    )


def owner(key: str) -> str:
    """Return the part of `key` its lesson or group shares: "kv-cache:", "llama3_70b."."""
    return key[: max(key.rfind(":"), key.rfind(".")) + 1]


def _naming(key: str) -> list[str]:
    prefix = owner(key)
    name = key.removeprefix(prefix)
    pattern = _LESSON if prefix.endswith(":") else _NAME
    if len(key) > MAX_NAME or not (pattern.fullmatch(prefix[:-1]) and _NAME.fullmatch(name)):
        return [f"{key!r} is not a name such as kv-cache:kv_per_token or llama3_70b.layers"]
    if is_unit(name) or name in FUNCTIONS or name in WORDS:
        return [f"{name!r} is a unit, a function or a word of formulas, so it cannot be a name"]
    return []


def _defence(entry: Entry) -> list[str]:
    if entry.like and entry.value:
        return ["has a value and is like another"]
    if entry.like and not entry.formula:
        return [f"is like {entry.like}, which is no number with a formula of its own"]
    if bool(entry.value) == bool(entry.formula):
        return ["has both a value and a formula" if entry.value else "has no value and no formula"]
    given = {field for field in ("source", "at", "as_of", "because") if getattr(entry, field)}
    if entry.formula:
        return [f"is computed, so {field} has no place" for field in sorted(given)]
    if entry.unit:
        return ["has a value, so its unit belongs into the value"]
    if ("source" in given) == ("because" in given):
        both = "is both cited and assumed: give source or because"
        return [both if "source" in given else "says neither its source nor because of what"]
    if "source" in given and "at" not in given:
        return [f"cites {entry.source} without saying where in it: at is missing"]
    return ["is assumed, so at has no place"] if given >= {"because", "at"} else []


def _priced(entry: Entry) -> list[str]:
    is_undated = is_price(parse_quantity(entry.value)) and not entry.as_of
    return ["is a price without as_of, the day it was seen"] if is_undated else []


def seen(entry: Entry) -> list[tuple[date, Quantity]]:
    """Return each value the entry tells with the day it was seen, the oldest first; none where it has no date.

    Raises LedgerError for an earlier value that is not of the form `0.435 USD/Mtoken on 2026-08-15`.
    """
    if not (entry.value and _is_date(entry.as_of)):
        return []
    dated = []
    for text in entry.earlier:
        match = _EARLIER.fullmatch(text)
        if match is None or not _is_date(match[2]):
            raise LedgerError(f"earlier has {text!r}, which is not of the form 0.435 USD/Mtoken on 2026-08-15")
        dated.append((match[1], match[2]))
    dated.append((entry.value, entry.as_of))
    return [(date.fromisoformat(day), parse_quantity(value)) for value, day in dated]


def is_price(quantity: Quantity) -> bool:
    """Whether money is in its unit."""
    return any(name == "USD" for name, _ in quantity.dimension.powers)


def _earlier(entry: Entry) -> list[str]:
    told = seen(entry)
    if not told:
        return ["says what it was earlier, but not as_of which day it is what it is"]
    days = [day for day, _ in told]
    if days != sorted(set(days)):
        return ["earlier is not in the order of its dates, all of them before as_of"]
    if any(value.dimension != told[-1][1].dimension for _, value in told):
        return ["was something else earlier: the units of its values do not convert"]
    return []


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
