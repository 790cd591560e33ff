"""The way back from a printed number to its quantity: a reader of `display.show`'s own hand."""

import re

from modules.ledger.syntax import LedgerError
from modules.ledger.units import UNITS, Quantity, parse_unit

_SIZES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_PREFIX_OF = {"thousand": "k", "million": "M", "billion": "G", "trillion": "T"}
_SINGULAR = {"queries": "query", "GPU": "gpu", "GPUs": "gpu", "character": "char"}
_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_PRINTED = re.compile(r"(-?[\d.]+)(?: (million|billion|trillion))?(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(.*)")
_POWER = re.compile("([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def read(text: str) -> Quantity:
    """Return the quantity that `text` prints, to the digits it prints. Raises LedgerError for other text."""
    plain = text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-").replace(",", "")
    match = _PRINTED.fullmatch(plain.replace("$", ""))
    try:
        if match is None:
            raise ValueError
        number, size, power, rest = match.groups()
        value = float(f"{number}e{power.translate(_DIGITS)}" if power else number)
    except ValueError:
        raise LedgerError(f"{text!r} is not a number as the notebook prints it") from None
    above, *below = rest.replace("%", " percent").strip().split("/")
    unit = _unit("USD" if "$" in plain else above) + "".join(f"/({_unit(each)})" for each in below)
    return Quantity(value * _SIZES.get(size, 1), parse_unit(unit))


def _unit(text: str) -> str:
    size, _, name = text.rpartition(" ")
    words = [_POWER.sub(lambda power: f"**{power[0].translate(_DIGITS)}", word) for word in re.split("[-·]", name)]
    return _PREFIX_OF.get(size, "") + "*".join(map(_singular, words)) if name else "1"


def _singular(word: str) -> str:
    known = _SINGULAR.get(word, word if word.partition("**")[0] in UNITS else word.removesuffix("s"))
    return _SINGULAR.get(known, known)
