"""Reading an answer: what `read_typed` reads, and what people write besides when they are asked and not shown."""

from __future__ import annotations

import re
from contextlib import suppress

from modules.ledger import LedgerError, Quantity, Unit, parse_unit, read_typed, read_unit
from modules.ledger.dimensions import written

MAX_LENGTH = 60
LARGEST = 1e60  # in base units, and 1 over it the smallest: so that ratios stay numbers
EXAMPLE = "write a number, with a unit if you like, such as 2.7e9 or 2.7 GB"

_TYPESET = str.maketrans({"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u"})
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))", re.ASCII)
_COMMA = re.compile(r"\d,(?!\d{3}(?!\d))", re.ASCII)
_SIZE = re.compile(r"(?<=\d)([kMGT])(?= [A-Za-z])|(?<=\d)(G|bn)$")  # `1.5k tokens`, `8G` parameters
_SIZES = {"k": "thousand", "M": "million", "G": "billion", "bn": "billion", "T": "trillion"}
_BYTES = re.compile(r"\b([kmgtp]i?)b\b")  # `gb`; nobody means bits who writes it so
_WORDS = re.compile(r"(?<=[\d ])[A-Za-z][A-Za-z -]*$")


def read(text: str, unit: Unit) -> Quantity:
    """Return what `text` says, in the unit it names, or in `unit` where it names none.

    Of a rate the numerator is enough: `320 KiB` where KiB/token is asked for. Raises LedgerError, with a sentence, on
    anything that is not a number of the dimension asked for.
    """
    if len(text) > MAX_LENGTH:
        raise LedgerError(f"that is longer than {MAX_LENGTH} characters: {EXAMPLE}")
    if not text.strip():
        raise LedgerError(EXAMPLE)
    if _COMMA.search(text):
        raise LedgerError(f"{text.strip()!r} has a comma in it: write a point before decimals, as in 2.5")
    answer = _leniently(_plain(text), unit)
    if answer.base and not 1 / LARGEST < abs(answer.base) < LARGEST:
        raise LedgerError(f"{text.strip()!r} is further from 1 than anything here")
    return answer


def _plain(text: str) -> str:
    plain = _THOUSANDS.sub("", " ".join(text.translate(_TYPESET).split())).replace(" per ", "/")
    plain = _SIZE.sub(lambda size: f" {_SIZES[size[1] or size[2]]}", plain)
    plain = _BYTES.sub(lambda unit: f"{unit[1].capitalize()}B", plain)
    return plain.replace("$/", "USD/") if not plain.startswith("$") else plain


def _leniently(text: str, unit: Unit) -> Quantity:
    try:
        return read_typed(text, unit)
    except LedgerError as error:
        above = parse_unit(written(tuple(term for term in unit.terms if term[1] > 0)))
        with suppress(LedgerError):
            if above.terms and above != unit:
                return Quantity(read_typed(text, above).to(above).magnitude, unit)
            if not unit.dimension and (words := _WORDS.search(text)) and not _is_unit(words[0]):
                return read_typed(text[: words.start()], unit)  # `218 conversations`
        raise error


def _is_unit(text: str) -> bool:
    with suppress(LedgerError):
        return bool(read_unit(text))
    return False
