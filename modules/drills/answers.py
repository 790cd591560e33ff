"""Reading a number as people write it: `2.7 GB`, `$3.99/GPU-hour`, `19.5%`, `1,024`, `3 × 10⁷`, `12 million tokens`."""

from __future__ import annotations

import re

from modules.ledger import LedgerError, Quantity, Unit, parse_quantity, parse_unit
from modules.ledger.dimensions import written
from modules.ledger.syntax import NUMBER
from modules.ledger.units import COUNTS, UNITS

MAX_LENGTH = 60
LARGEST = 1e60  # in base units, and 1 over it the smallest: so that ratios stay numbers
EXAMPLE = "write a number, with a unit if you like, such as 2.7e9 or 2.7 GB"

_TIMES = ("minute", "hour", "day", "month", "year")
_WORDS = {
    **{f"{name.lower()}s": name for name in (*COUNTS, *_TIMES, "bit")},
    **{name.lower(): name for name in (*COUNTS, *_TIMES, "bit")},
    **{"queries": "query", "character": "char", "characters": "char", "byte": "B", "bytes": "B", "kb": "KB"},
    **{"second": "s", "seconds": "s", "sec": "s", "secs": "s", "min": "minute", "mins": "minute"},
    **{"h": "hour", "hr": "hour", "hrs": "hour", "dollar": "USD", "dollars": "USD", "tok": "token"},
}
_ANY_CASE = {name.lower(): name for name in reversed(UNITS)}  # `gb` is GB; no two byte units differ by case alone
_SIZES = {"thousand": "k", "million": "M", "billion": "G", "trillion": "T", "bn": "G"}
_POWERS = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12}
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_TYPESET = str.maketrans({"\N{MINUS SIGN}": "-", "\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u"})
_THOUSANDS = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))", re.ASCII)
_RAISED = re.compile(r"[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_TIMES_TEN = re.compile(r"\s*[×x*]\s*10\s*(?:\*\*|\^)\s*(?=[+-]?\d)")
_WHOLE = re.compile(rf"([+-]?)(\$?)({NUMBER})\s*(.*)", re.ASCII | re.DOTALL)
_SIZE = re.compile(rf"({'|'.join(_SIZES)})\b\s*(.*)", re.DOTALL)
_LETTER = re.compile(r"([kKMGBT])(?![A-Za-z])\s*(.*)", re.DOTALL)
_FLOPS = re.compile(r"([kMGTPE]?)FLOPS\b")
_IN_WORDS = re.compile(r"[A-Za-z][A-Za-z -]*")


def read(text: str, unit: Unit) -> Quantity:
    """Return what `text` says, in the unit it names, or in `unit` where it names none.

    Of a rate the numerator is enough: `320 KiB` where KiB/token is asked for. Raises LedgerError, with a sentence, on
    anything that is not a number of the dimension asked for.
    """
    if len(text) > MAX_LENGTH:
        raise LedgerError(f"that is longer than {MAX_LENGTH} characters: {EXAMPLE}")
    found = _WHOLE.fullmatch(_plain(text))
    if found is None:
        raise LedgerError(f"{text.strip()!r} is not a number: {EXAMPLE}" if text.strip() else EXAMPLE)
    sign, money, digits, rest = found.groups()
    if rest.startswith(","):
        raise LedgerError(f"{text.strip()!r} has a comma in it: write a point before decimals, as in 2.5")
    number = parse_quantity(sign + digits).magnitude  # says so when it is too large
    size, rest = _size(rest, is_bare=bool(money) or not unit.dimension)
    named = _unit(f"USD{rest}" if money else rest, unit)
    answer = _fitting(Quantity(number * size, named), unit, text.strip())
    if answer.base and not 1 / LARGEST < abs(answer.base) < LARGEST:
        raise LedgerError(f"{text.strip()!r} is further from 1 than anything here")
    return answer


def _plain(text: str) -> str:
    """Return `text` in ASCII where it is typeset: spaces, minus signs, powers, thousands."""
    text = " ".join(text.translate(_TYPESET).split()).replace("- ", "-")
    text = _RAISED.sub(lambda power: f"**{power[0].translate(_SUPERSCRIPTS)}", text)
    return _TIMES_TEN.sub("e", _THOUSANDS.sub("", text)).replace("$ ", "$").replace("$-", "-$")


def _size(rest: str, *, is_bare: bool) -> tuple[float, str]:
    """Split `million tokens` into 10⁶ and `tokens`; a letter is a size before a word, or where no unit is due."""
    if word := _SIZE.fullmatch(rest):
        return _POWERS[_SIZES[word[1]]], word[2]
    if (letter := _LETTER.fullmatch(rest)) and (is_bare or letter[2][:1].isalpha()):
        return _POWERS[letter[1]], letter[2]
    return 1.0, rest


def _unit(text: str, asked: Unit) -> Unit:
    text = text.strip()
    if not text:
        return asked
    try:
        return parse_unit(f"1{text}" if text.startswith("/") else text)
    except LedgerError as error:
        try:
            return parse_unit(_translated(text))
        except LedgerError:
            if not asked.dimension and _IN_WORDS.fullmatch(text):
                return asked  # `218 conversations`
            raise error from None


def _translated(text: str) -> str:
    """Return a unit in words as the ledger writes it: `GPU-hours` is gpu*hour, `/million tokens` is /(Mtoken)."""
    text = _FLOPS.sub(r"\1FLOP/s", text.replace("%", "percent").replace("$", "USD"))
    above, *below = re.split(r"\s*/\s*|\s+per\s+", text)
    return "".join([_joined(above) or "1", *(f"/({_joined(part)})" for part in below)])


def _joined(text: str) -> str:
    size, _, rest = text.partition(" ")
    prefix = _SIZES.get(size, "")
    return prefix + "*".join(_named(word) for word in re.split(r"[-·* ]+", rest if prefix else text) if word)


def _named(word: str) -> str:
    name, mark, power = word.partition("**")
    known = name if name in UNITS else _WORDS.get(name.lower()) or _ANY_CASE.get(name.lower(), name.removesuffix("s"))
    return f"{known}{mark}{power}"


def _fitting(quantity: Quantity, asked: Unit, text: str) -> Quantity:
    if quantity.dimension == asked.dimension:
        return quantity
    above = parse_unit(written(tuple(term for term in asked.terms if term[1] > 0)))
    if above.terms and quantity.dimension == above.dimension:
        return Quantity(quantity.to(above).magnitude, asked)
    wanted = f"a number in {asked}" if asked.terms else "a bare number"
    raise LedgerError(f"{text!r} is in {quantity.dimension}, but {wanted} is asked for")
