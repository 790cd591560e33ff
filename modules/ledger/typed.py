"""What a reader types as the value of a number: as the notebook prints it, as authors write it, or bare.

`show` goes the other way: what it prints is read back here. Every form that takes a value uses this.
"""

import re
from math import isfinite

from modules.ledger.display import WORDS
from modules.ledger.syntax import NUMBER, LedgerError
from modules.ledger.units import HABITS, UNITS, Quantity, Unit, parse_unit

MAX_TYPED = 80

_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SIZES = {"k": 3, "thousand": 3, "M": 6, "million": 6, "B": 9, "billion": 9, "T": 12, "trillion": 12}
_PREFIXES = {"thousand": "k", "million": "M", "billion": "G", "trillion": "T"}
_NAMES = HABITS | {word: name for name, words in WORDS.items() for word in words}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))", re.ASCII)
_TYPED = re.compile(
    rf"""\s*(?P<sign>[+-]?)\s*(?P<money>\$?)\s*(?P<number>{NUMBER})
    (?:\s*[×x*]\s*10(?:\^|\*\*)?(?P<power>(?<=[\^*])-?\d{{1,3}}|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,4}}))?
    (?:\s*(?P<size>B(?=\ +[A-Za-z])|{"|".join(name for name in _SIZES if name != "B")})(?!\w))?
    \s*(?P<unit>(?:[A-Za-z%/(1].*)?)""",
    re.ASCII | re.VERBOSE | re.DOTALL,
)


def read_typed(text: str, unit: Unit) -> Quantity:
    """Return what a reader typed for a number that is measured in `unit`, in the unit they typed.

    Reads `8192`, which is in `unit`; `8,192 tokens`, `$3.99/GPU-hour`, `19.5%`, `12.4 million`, `70B`, `3 × 10⁻⁷`;
    and `3.99 USD/(gpu*hour)`. Raises LedgerError on anything else, and on a unit of another dimension.
    """
    plain = _THOUSANDS.sub("", text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-").strip())
    if len(plain) > MAX_TYPED:
        raise LedgerError(f"{plain[:40]!r}… is longer than {MAX_TYPED} characters")
    match = _TYPED.fullmatch(plain)
    if match is None:
        raise LedgerError(f"{text.strip()[:40]!r} is not a number with a unit, such as 8,192 tokens")
    size, typed = match["size"], ("USD" if match["money"] else "") + match["unit"].strip()
    is_joined = plain[match.start("unit") - 1 : match.start("unit")].isdigit()
    if typed == "B" and is_joined and all(name != "B" for name, _ in unit.dimension.powers):
        size, typed = "B", ""  # 70B parameters are billions
    digits = match["sign"] + match["number"]
    if exponent := int((match["power"] or "0").translate(_SUPERSCRIPTS)) + _SIZES.get(size, 0):
        digits = _raised(digits, exponent)
    quantity = Quantity(float(digits), read_unit(typed) if typed else unit, digits)
    if not (isfinite(quantity.magnitude) and isfinite(quantity.base)):
        raise LedgerError(f"the number {digits[:40]} is too large")
    quantity.to(unit)
    return quantity


def read_unit(text: str) -> Unit:
    """Return a unit as readers see it or as authors write it: `tokens/s`, `GPU-hours`, `%`, `USD/(gpu*hour)`.

    Raises LedgerError when it is neither.
    """
    try:
        return parse_unit(text)
    except LedgerError as error:
        plain = re.sub(r"FLOPS\b", "FLOP/s", text.replace("%", " percent "))
        above, *below = map(_factors, plain.split("/"))
        try:
            return parse_unit("/".join([above or "1", *(f"({part})" for part in below)]))
        except LedgerError:
            raise error from None


def _raised(digits: str, exponent: int) -> str:
    """Return digits times a power of ten, as a number that keeps the digits: 12.4 and 6 are 12.4e6."""
    number, _, before = digits.lower().partition("e")
    return f"{number}e{int(before or 0) + exponent}"


def _factors(text: str) -> str:
    """Return one side of a unit with the ledger's names: `million tokens` is Mtoken, `GPU-hours` gpu*hour."""
    size, _, rest = text.strip(" ()").partition(" ")
    prefix = _PREFIXES.get(size, "")
    words = re.split(r"[-·* ]+", rest if prefix else text.strip(" ()"))
    return prefix + "*".join(map(_name, words))


def _name(word: str) -> str:
    base, power = re.fullmatch("([^⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*)(.*)", word, re.DOTALL).groups()  # type: ignore[union-attr]
    if base not in UNITS:
        many, lower = base.removesuffix("s"), base.lower()
        known = (_NAMES.get(base), _NAMES.get(lower), many, _NAMES.get(many), base.upper() if base == lower else base)
        base = next((name for name in known if name in UNITS), base)
    return base + (f"**{power.translate(_SUPERSCRIPTS)}" if power else "")
