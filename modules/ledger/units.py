"""Units and quantities. Pint holds the definitions; only the closed list of names below reaches it.

`token`, `request`, `gpu` and their like are dimensions of their own, so tokens never cancel
against bytes by accident. A quantity is a float and a unit and never changes: converting or
computing makes a new one. Why quantities are not Pint's own: docs/decisions/0002-ledger.md.
"""

import difflib
import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import isfinite

import pint

from modules.ledger.dimensions import BARE, MAX_POWER, Dimension, Terms, merged, written
from modules.ledger.syntax import (
    MAX_LENGTH,
    NUMBER,
    LedgerError,
    Literal,
    Name,
    Node,
    Operation,
    parse,
)

COUNTS = ("token", "FLOP", "request", "query", "user", "gpu", "image", "char")
_SMALL = ("n", "u", "m")
_LARGE = ("k", "M", "G", "T", "P", "E")
_BINARY = ("Ki", "Mi", "Gi", "Ti")
PREFIXES = {
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    **{prefix: 1e3**power for power, prefix in enumerate(_LARGE, 1)},
    **{prefix: 1024.0**power for power, prefix in enumerate(_BINARY, 1)},
}
# Each unit with the prefixes it takes. mtoken would be too easily read as Mtoken, and nobody
# counts milliusers, so the small prefixes are for what is measured.
_UNITS = {
    **dict.fromkeys((*COUNTS, "USD", "Hz"), _LARGE),
    **dict.fromkeys(("s", "J", "W"), (*_SMALL, *_LARGE)),
    **dict.fromkeys(("B", "bit"), (*_LARGE, *_BINARY)),
    **dict.fromkeys(("KB", "minute", "hour", "day", "month", "year", "percent"), ()),
}
_DEFINITIONS = (
    *(f"{name} = [{name}]" for name in (*COUNTS, "USD", "B", "s", "J")),
    *(f"{prefix}- = {size!r}" for prefix, size in PREFIXES.items()),
    "bit = B / 8",
    "KB = 1000 * B",
    "W = J / s",
    "Hz = 1 / s",
    "percent = 0.01",
    "minute = 60 * s",
    "hour = 60 * minute",
    "day = 24 * hour",
    "month = 730 * hour",
    "year = 365.25 * day",
)
# What authors write out of habit, and what the ledger calls it.
HABITS = {
    **{"GPU": "gpu", "gpus": "gpu", "GPUs": "gpu", "tok": "token", "req": "request"},
    **{"h": "hour", "hr": "hour", "min": "minute", "sec": "s", "second": "s", "d": "day"},
    **{"byte": "B", "bytes": "B", "bits": "bit", "FLOPs": "FLOP", "FLOPS": "FLOP/s"},
    **{"dollar": "USD", "dollars": "USD", "Mtok": "Mtoken", "queries": "query"},
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was written, what one of it is in base units, and its dimension."""

    terms: Terms = ()
    factor: float = 1.0
    dimension: Dimension = BARE

    def __str__(self) -> str:
        return written(self.terms)


NO_UNIT = Unit()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a unit. `written` is the number as its author wrote it, "" once computed."""

    magnitude: float
    unit: Unit = NO_UNIT
    written: str = field(default="", compare=False)

    @property
    def base(self) -> float:
        """The magnitude in base units: bytes, seconds, single tokens."""
        return self.magnitude * self.unit.factor

    @property
    def dimension(self) -> Dimension:
        return self.unit.dimension

    def to(self, unit: Unit) -> "Quantity":
        """Return this quantity in `unit`. Raises LedgerError when the dimensions differ."""
        if unit == self.unit:
            return self
        if unit.dimension != self.dimension:
            raise LedgerError(f"{self} is in {self.dimension}, which does not convert to {unit}")
        return in_unit(self.base, unit)

    def __str__(self) -> str:
        return f"{self.written or repr(self.magnitude)} {self.unit}".rstrip()


def in_unit(base: float, unit: Unit) -> Quantity:
    """Return the quantity that measures `base` in base units, expressed in `unit`."""
    magnitude = base / unit.factor
    if not isfinite(magnitude):
        raise LedgerError(f"{base!r} is too large in {unit}")
    return Quantity(magnitude, unit)


def parse_quantity(text: str) -> Quantity:
    """Read a number with its unit: `3.99 USD/(gpu*hour)`, `20.4 percent`, `12/s`, `128256`.

    Raises LedgerError on anything else, and on a number past the range of a float.
    """
    if len(text) > MAX_LENGTH:
        raise LedgerError(f"{_short(text)} is longer than {MAX_LENGTH} characters")
    match = re.fullmatch(rf"\s*([+-]?{NUMBER})(?:\s*(/.*)|\s+(.*))?", text, re.ASCII | re.DOTALL)
    if match is None:
        raise LedgerError(f"{_short(text)} is not a number with a unit, such as 8192 token")
    digits, rate, unit = match.groups()
    quantity = Quantity(float(digits), parse_unit(f"1{rate}" if rate else unit or ""), digits)
    if not (isfinite(quantity.magnitude) and isfinite(quantity.base)):
        raise LedgerError(f"the number {_short(digits)} is too large")
    return quantity


@lru_cache(maxsize=512)
def parse_unit(text: str) -> Unit:
    """Read a unit expression: `KiB/token`, `USD/(gpu*hour)`, `1/s`; "" and "1" are no unit.

    Raises LedgerError on unknown units, naming a likely one, and on anything but `* / **`.
    """
    return _combined(parse(text), text) if text.strip() else NO_UNIT


def is_unit(name: str) -> bool:
    return name in UNITS


def named_unit(name: str) -> Unit:
    """Return the unit called `name`, prefix included. Raises LedgerError when there is none."""
    if name in UNITS:
        return UNITS[name]
    known = [HABITS[name]] if name in HABITS else difflib.get_close_matches(name, UNITS, 1)
    raise LedgerError(f"unknown unit {name!r}" + (f": did you mean {known[0]}?" if known else ""))


def base_unit(dimension: Dimension) -> Unit:
    """Return the unit that measures `dimension` in base units."""
    return Unit(dimension.powers, 1.0, dimension)


def _combined(node: Node, text: str) -> Unit:
    match node:
        case Name(name):
            return named_unit(name)
        case Literal(1.0):
            return NO_UNIT
        case Operation("*", (left, right)):
            return _product(_combined(left, text), _combined(right, text), 1)
        case Operation("/", (left, right)):
            return _product(_combined(left, text), _combined(right, text), -1)
        case Operation("**", (base, Literal(power))) if power in range(1, MAX_POWER + 1):
            return _power(_combined(base, text), int(power))
    raise LedgerError(f"{text!r} is not a unit: units are joined by *, / and whole powers")


def _product(left: Unit, right: Unit, sign: int) -> Unit:
    terms = merged((*left.terms, *((name, sign * power) for name, power in right.terms)))
    return _unit(terms)


def _power(unit: Unit, power: int) -> Unit:
    return _unit(tuple((name, exponent * power) for name, exponent in unit.terms))


def _unit(terms: Terms) -> Unit:
    if any(abs(power) > MAX_POWER for _, power in terms):
        raise LedgerError(f"the unit {written(terms)} is past the power {MAX_POWER}")
    factor, dimension = 1.0, BARE
    for name, power in terms:
        factor *= UNITS[name].factor ** int(power)
        dimension *= UNITS[name].dimension ** power
    if not 1e-100 < factor < 1e100:
        raise LedgerError(f"the unit {written(terms)} is too large or too small to compute with")
    return Unit(terms, factor, dimension)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")


def _known_units() -> dict[str, Unit]:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry(None)
    for definition in _DEFINITIONS:
        registry.define(definition)
    names = [p + name for name, prefixes in _UNITS.items() for p in ("", *prefixes)]
    return {name: _read(registry, name) for name in names}


def _read(registry: "pint.UnitRegistry[float]", name: str) -> Unit:
    one = registry.Quantity(1.0, name).to_base_units()
    powers = sorted((base[1:-1], Fraction(str(p))) for base, p in one.dimensionality.items())
    return Unit(((name, Fraction(1)),), float(one.magnitude), Dimension(tuple(powers)))


UNITS = _known_units()
