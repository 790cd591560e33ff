"""Quantities as people write them in running text, each with how exactly it is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from math import isfinite

from modules.ledger import LedgerError, Quantity, parse_quantity
from modules.referee.units import SPOKEN

_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SIZES = {"thousand": 3, "million": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12, "tn": 12}
_LETTERS = {"k": 3, "K": 3, "M": 6, "B": 9, "T": 12}
_PER = {"k": "k", "K": "k", "1k": "k", "1K": "k", "thousand": "k", "1,000": "k", "1000": "k"}
_PER |= dict.fromkeys(("M", "1M", "million", "mil", "1,000,000", "1000000"), "M") | {"billion": "G", "1B": "G"}

_ATOM = "|".join(re.escape(name) for name in sorted(SPOKEN, key=len, reverse=True))
_KIND = (  # what may stand between a number and its unit: input tokens, H800 GPU hours
    r"(?:(?:input|output|prompt|completion|cached|cache|training|text|unique|generated|read|write|[A-Z]{1,2}\d{2,3})"
    r"[ -])"
)
_SUP = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[\u2009\u202f\u00a0]\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?"
_ONE = rf"(?:{_ATOM})(?![A-Za-z\d])(?![ -]heads?\b)"  # 64 query heads are no queries
_NEAR = 40  # characters before a quantity in which it may be hedged
_SIZE = "|".join(sorted(map(re.escape, _PER), key=len, reverse=True))
_PER_ONE = r"\s?(?:/|per\b)\s?(?:an?\s|one\s|1\s(?=[a-z]))?"
_QUANTITY = re.compile(
    rf"""(?<![\w.^$€£])(?<![A-Za-z_.^]-)(?<!\d/)(?P<money>(?:US)?\$\s?|USD\s)?
    (?P<number>{_NUMBER})
    (?:\s?[×x*·]\s?10(?:\^|\*\*)?\{{?(?P<power>(?<=[\^*{{])-?\d{{1,3}}|[{_SUP}]{{1,4}})\}}?)?
    (?:[ -]?(?P<size>{"|".join(_SIZES)})(?!\w)|(?P<letter>[kKMBT])(?![A-Za-z/\d]))?
    (?P<more>\+)?
    (?P<unit>[ -]?{_KIND}{{0,2}}{_ONE})?
    (?P<below>(?:{_PER_ONE}(?:(?:{_SIZE})(?!\w|,\d)(?:\s?{_KIND}{{0,2}}{_ONE})?|{_KIND}{{0,2}}{_ONE})){{1,2}})?
    (?![\w]|\.\d|,\d|\s?[×x](?=[\s\d]|\Z))""",
    re.VERBOSE,
)
_BELOW = re.compile(
    rf"{_PER_ONE}(?:(?P<per>{_SIZE})(?!\w|,\d))?"
    rf"\s?{_KIND}{{0,2}}(?P<atom>{_ONE})?"
)
_TO = re.compile(r"\s*(?:-|–|—|to|or|through|\.\.\.?|…|/|and/or)\s*")
_BETWEEN = re.compile(r"\s*(?:-|–|to|and)\s*")
_OPENS = re.compile(r"\b(?:between|from|either)\s+\Z", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.|some|nearly|almost|close to|in the region of|"
    r"order of)|[~≈∼]|\\approx)\s*(?:an?\s|the\s)?\Z",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?:\b(?:than|at least|at most|over|under|above|below|beyond|exceed(?:s|ing|ed)?|north of|min(?:imum)?(?: of)?)"
    r"|[<>≤≥]=?)\s*(?:about\s|an?\s|the\s)?\Z",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(r"\s*(?:\+|or (?:more|less|fewer|so)\b|and (?:up|above)\b|plus\b(?! \w))", re.IGNORECASE)


@dataclass(frozen=True)
class Stated:
    """A quantity of a text and where it stands there.

    `digits` is the number as written, `exponent` the power of ten its size adds, `unit` the ledger's expression, ""
    of a bare number; `per_million` says that it is money for a million of something unsaid.
    """

    start: int
    end: int
    digits: str
    exponent: int
    unit: str
    is_money: bool = False
    has_letter: bool = False
    per_million: bool = False
    is_approximate: bool = False
    is_bound: bool = False
    is_range: bool = False

    @cached_property
    def quantity(self) -> Quantity:
        """Return it in its own unit. Raises LedgerError where the ledger has no such unit."""
        return parse_quantity(self.written(self.unit))

    def written(self, unit: str) -> str:
        """Return its number with `unit`, as authors write it."""
        number = f"{self.digits}e{self.exponent}" if self.exponent else self.digits
        return f"{number} {unit}".strip()

    @property
    def is_rate(self) -> bool:
        """Whether it says per what it is."""
        return "/" in self.unit

    @property
    def is_whole(self) -> bool:
        """Whether it is a count written out."""
        return not self.exponent and self.digits.isdigit()

    @property
    def step(self) -> float:
        """What its last printed digit is worth, over its size; nothing for money without cents."""
        number = Decimal(self.digits)
        places = number.as_tuple().exponent
        if not number or not isinstance(places, int) or (self.is_money and places > -2):
            return 0.0
        return float(Decimal(1).scaleb(places) / number)

    @property
    def coarse(self) -> float:
        """What its last digit that is no zero is worth, over its size: 400 may be said for anything near."""
        number = Decimal(self.digits)
        places = (number if "." in self.digits else number.normalize()).as_tuple().exponent
        if not number or not isinstance(places, int) or self.is_money or (self.is_whole and number < 1000):
            return self.step / 2 if self.is_money else 0.0
        return float(Decimal(1).scaleb(places) / number)


def quantities(text: str, names: list[tuple[int, int]], unit: str = "") -> list[Stated]:
    """Return the quantities of `text` that stand in none of `names`; a bare one is in `unit`, as a column gives it."""
    found = [one for one in map(_stated, _QUANTITY.finditer(text)) if one and not _inside(one, names)]
    if unit:
        found = [one if one.unit else replace(one, unit=unit) for one in found]
    return [_hedged(one, text) for one in _ranged(found, text)]


def _inside(one: Stated, names: list[tuple[int, int]]) -> bool:
    return any(start <= one.start < end for start, end in names)


def _stated(match: re.Match[str]) -> Stated | None:
    digits, exponent = re.sub(r"[,\s]", "", match["number"]), 0
    number, _, own = digits.lower().partition("e")
    exponent += int(own or 0) + int((match["power"] or "0").translate(_SUPERSCRIPTS))
    exponent += _SIZES.get(match["size"], 0) + _LETTERS.get(match["letter"], 0)
    above = _atom(match["unit"] or "")
    if match["money"]:
        above = f"USD*{above}" if above else "USD"
    below, is_open = [], False
    for part in _BELOW.finditer(match["below"] or ""):
        atom = SPOKEN.get(part["atom"] or "", "")
        size = _PER.get(part["per"] or "", "")
        is_open = is_open or (bool(size) and not atom)
        below.append(f"{size}{atom}" if atom and "*" not in atom else atom)
    if is_open and not match["money"]:
        return None
    unit = "/".join([above or ("1" if any(below) else ""), *(f"({part})" for part in below if part)])
    found = Stated(match.start(), match.end(), number, exponent, unit, bool(match["money"]), bool(match["letter"]))
    found = replace(found, per_million=is_open, is_bound=bool(match["more"]))
    with suppress(LedgerError, OverflowError):
        if isfinite(found.quantity.base) and 0 < abs(found.quantity.base) < 1e60:
            return found
    return None


def _atom(text: str) -> str:
    """Return what the ledger calls the unit that `text` ends in."""
    name = text.strip(" -")
    while name and name not in SPOKEN:
        _, _, name = name.partition(" " if " " in name else "-")
    return SPOKEN.get(name, "")


def unit_of(text: str) -> str:
    """Return the ledger's expression for a unit as it stands over a column, "" when it is none."""
    found = _QUANTITY.fullmatch(f"1 {text.strip()}")
    stated = _stated(found) if found else None
    return stated.unit if stated else ""


def _ranged(found: list[Stated], text: str) -> Iterator[Stated]:
    """Mark those of which a text does not say which it is: between 60 and 80, 8 or 16."""
    marked = set()
    for one, other in pairwise(found):
        between = text[one.end : other.start]
        is_range = _TO.fullmatch(between) or (
            _OPENS.search(text[max(0, one.start - _NEAR) : one.start]) and _BETWEEN.fullmatch(between)
        )
        if is_range:
            marked |= {one.start, other.start}
    for one in found:
        yield replace(one, is_range=one.start in marked)


def _hedged(one: Stated, text: str) -> Stated:
    before, after = text[max(0, one.start - _NEAR) : one.start], text[one.end : one.end + _NEAR]
    is_bound = one.is_bound or bool(_BOUND.search(before) or _BOUND_AFTER.match(after))
    return replace(one, is_bound=is_bound, is_approximate=bool(_ABOUT.search(before)))
