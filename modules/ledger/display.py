"""The typography of numbers: the one place where a quantity becomes text.

Digits
- What an author wrote prints as written: `128256` is 128,256, `20.40 percent` is 20.40%. Written
  with an exponent, the digits before it are kept and the size is named: `15.6e12 token`.
- What was computed or converted has 3 significant digits; a whole number below 10 million prints
  whole. A trailing zero after the point stands for a rounded digit: 2.496 is 2.50, 2.5 is 2.5.
- `digits` asks for that many significant digits, no more and no fewer.

Size
- Thousands are separated; from a million on, what is counted says million, billion, trillion.
- Past that, below 0.0001 and for unit symbols in the millions: 3.1 × 10⁻⁷.
- B, bit, FLOP, J, W and Hz past ten million take the decimal prefix that fits, unless `unit` says
  otherwise: 989e12 FLOP/s is 989 TFLOP/s.

Units
- Words agree with their number and counts spell their prefix: 1 token, 8 GPUs, $5/million tokens.
- Money: $3.99/GPU-hour, $12.4 million; one decimal becomes two: $0.50. Percent: 19.5%.
- A non-breaking space between number and unit, a real minus sign.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal

from modules.ledger.syntax import LedgerError
from modules.ledger.units import COUNTS, PREFIXES, UNITS, Quantity, Unit, parse_unit

DEFAULT_DIGITS = 3
MAX_DIGITS = 15
WHOLE_BELOW = Decimal(10**7)
NAMED_FROM = Decimal(10**6)

_NBSP = "\N{NO-BREAK SPACE}"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SIZES = {6: "million", 9: "billion", 12: "trillion"}
WORDS = {  # one, many
    **{name: (name, f"{name}s") for name in ("token", "request", "user", "image", "bit")},
    **{name: (name, f"{name}s") for name in ("minute", "hour", "day", "month", "year")},
    **{"query": ("query", "queries"), "gpu": ("GPU", "GPUs"), "char": ("character", "characters")},
}
_TIMES = frozenset({"minute", "hour", "day", "month", "year"})
_PREFIXABLE = frozenset({"B", "bit", "FLOP", "J", "W", "Hz"})
_LARGE = ("k", "M", "G", "T", "P", "E")
_SPELLED = {"k": "thousand", "M": "million", "G": "billion", "T": "trillion"}
_COUNTED = frozenset((*COUNTS, "USD")) - {"FLOP"}  # FLOP is read as a symbol: TFLOP
_SMALLEST, _SMALLEST_PRICE = -4, -7  # powers of ten; $0.0000025/token is better than $2.5 × 10⁻⁶
_NOISE = Decimal("1e-9")  # what floats lose, as in functions.whole
_EXACT = Context(prec=400)  # nothing an author can write is rounded by Decimal itself


@dataclass(frozen=True, slots=True)
class _Number:
    """A number on its way to text, with its unit's terms and how it is to be rounded."""

    value: Decimal
    above: tuple[tuple[str, int], ...]
    below: tuple[tuple[str, int], ...]
    digits: int | None  # as many as were asked for
    written: bool  # by an author: every digit is meant
    whole_below: Decimal = WHOLE_BELOW

    @property
    def is_money(self) -> bool:
        return self.above == (("USD", 1),)

    @property
    def is_percent(self) -> bool:
        return self.above == (("percent", 1),)

    @property
    def is_counted(self) -> bool:
        return self.is_money or all(name in _COUNTED or name in _TIMES for name, _ in self.above)


def show(quantity: Quantity, unit: str = "", digits: int | None = None) -> str:
    """Return `quantity` as a reader sees it, in `unit` when given: "320 KiB/token".

    Raises LedgerError when the quantity does not convert to `unit` or `digits` is not 1 to 15.
    """
    if digits is not None and not 1 <= digits <= MAX_DIGITS:
        raise LedgerError(f"{digits} significant digits are not from 1 to {MAX_DIGITS}")
    if unit.strip():
        return _text(_spelled(_number(quantity.to(parse_unit(unit)), digits)))
    return _text(_prefixed(_spelled(_number(quantity, digits))))


def in_words(unit: Unit) -> str:
    """Return a unit as it stands beside an axis or a field: `tokens`, `GB/s`, `$/GPU-hour`; a bare number has none."""
    return show(Quantity(2.0, unit)).replace("2", "", 1).strip() if unit.terms else ""


def _number(quantity: Quantity, digits: int | None) -> _Number:
    if any(power.denominator != 1 for _, power in quantity.unit.terms):
        raise LedgerError(f"{quantity} cannot be printed: its unit has a root in it")
    above = tuple((name, int(power)) for name, power in quantity.unit.terms if power > 0)
    below = tuple((name, int(-power)) for name, power in quantity.unit.terms if power < 0)
    value = Decimal(quantity.written or repr(quantity.magnitude))
    if "." not in quantity.written and "e" in quantity.written.lower():
        value = value.normalize()  # 400e9 is as good as 4e11: its zeros say nothing
    return _Number(value, above, below, digits, bool(quantity.written) and digits is None)


def _spelled(number: _Number) -> _Number:
    """Return 2.95 Mtoken as 2,950,000 token: what is counted names its size in words."""
    value, above, whole_below = number.value, [], number.whole_below
    for name, power in number.above:
        prefix, base = _split(name)
        if prefix and base in _COUNTED and power == 1:
            value = value.normalize() if number.value.as_tuple().exponent == 0 else value
            value, whole_below = value.scaleb(3 * _LARGE.index(prefix) + 3), NAMED_FROM
            name = base
        above.append((name, power))
    return replace(number, value=value, above=tuple(above), whole_below=whole_below)


def _prefixed(number: _Number) -> _Number:
    """Return 989e12 FLOP/s as 989 TFLOP/s, unless it prints whole or no prefix reaches."""
    if not number.above or number.above[0][0] not in _PREFIXABLE or number.above[0][1] != 1:
        return number
    thousands = _rounded(number).adjusted() // 3
    if _is_whole(number) or abs(number.value) < WHOLE_BELOW or thousands > len(_LARGE):
        return number
    above = ((_LARGE[thousands - 1] + number.above[0][0], 1), *number.above[1:])
    return replace(number, value=number.value.scaleb(-3 * thousands), above=above)


def _split(name: str) -> tuple[str, str]:
    """Return the prefix and the unit in a unit's name: ("M", "token")."""
    for prefix in PREFIXES:
        if name.startswith(prefix) and name[len(prefix) :] in UNITS:
            return prefix, name[len(prefix) :]
    return "", name


# Digits


def _is_whole(number: _Number) -> bool:
    """Whether to print every digit: an integer written out, or a computed one that is short."""
    if number.digits is not None or not number.value:
        return False
    places = number.value.as_tuple().exponent
    if number.written and isinstance(places, int) and places <= 0:
        return places == 0
    nearest = number.value.to_integral_value()
    exact = abs(number.value - nearest) <= _NOISE * abs(nearest)
    return exact and abs(number.value) < number.whole_below


def _rounded(number: _Number) -> Decimal:
    value = number.value
    if _is_whole(number):
        return value.quantize(Decimal(1), ROUND_HALF_UP, _EXACT)
    if number.written or not value:
        return value if number.written else Decimal(0)
    rounded = _to_digits(value, number.digits or DEFAULT_DIGITS)
    if number.digits is None and abs(rounded - value) <= _NOISE * abs(value):
        return rounded.normalize()
    return rounded


def _to_digits(value: Decimal, digits: int) -> Decimal:
    """Return `value` with exactly `digits` significant digits, halves away from zero."""
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), ROUND_HALF_UP, _EXACT)
    if rounded.adjusted() == value.adjusted():
        return rounded
    return rounded.quantize(Decimal(1).scaleb(rounded.adjusted() - digits + 1), context=_EXACT)


# Text


def _text(number: _Number) -> str:
    value = _rounded(number)
    figure = _figure(number, abs(value))
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    if number.is_money:
        return f"{sign}${figure}{_below(number)}"
    if number.is_percent:
        return f"{sign}{figure}%{_below(number)}"
    above = _above(number, plural=figure != "1")
    return f"{sign}{figure}{_NBSP if above else ''}{above}{_below(number)}"


def _figure(number: _Number, value: Decimal) -> str:
    size = value.adjusted() if value else 0
    if size < (_SMALLEST_PRICE if number.is_money else _SMALLEST):
        return _with_power(value)
    if size < 6 or _is_whole(number):
        return _pennies(f"{value:,f}") if number.is_money else f"{value:,f}"
    if number.is_counted and size < 15:
        name = 3 * (size // 3)
        return f"{value.scaleb(-name):f}{_NBSP}{_SIZES[name]}"
    return _with_power(value)


def _pennies(figure: str) -> str:
    return f"{figure}0" if len(figure.partition(".")[2]) == 1 else figure


def _with_power(value: Decimal) -> str:
    power = str(value.adjusted()).translate(_SUPERSCRIPTS)
    return f"{value.scaleb(-value.adjusted()):f}{_NBSP}×{_NBSP}10{power}"


def _above(number: _Number, *, plural: bool) -> str:
    """Return the numerator: words joined by hyphens, times last, only the last one plural."""
    terms = sorted(number.above, key=lambda term: term[0] in _TIMES)
    if any(name not in WORDS or power != 1 for name, power in terms):
        return "·".join(_symbol(name, power) for name, power in terms)
    singular, last = [WORDS[name][0] for name, _ in terms[:-1]], terms[-1:]
    return "-".join([*singular, *(WORDS[name][plural] for name, _ in last)])


def _below(number: _Number) -> str:
    """Return the denominators, `/GiB/hour`; GPUs and their time are one thing: `/GPU-hour`."""
    times = [name for name, power in number.below if name in _TIMES and power == 1]
    rented = times[:1] if ("gpu", 1) in number.below else []
    parts = [_symbol(name, power) for name, power in number.below if name not in rented]
    if rented:
        parts[parts.index("GPU")] = f"GPU-{rented[0]}"
    return "".join(f"/{part}" for part in parts)


def _symbol(name: str, power: int) -> str:
    prefix, base = _split(name)
    if base in _COUNTED and prefix in _SPELLED and power == 1:
        return f"{_SPELLED[prefix]} {WORDS[base][1] if base in WORDS else base}"
    text = "kB" if name == "KB" else WORDS[name][0] if name in WORDS else name
    return text if power == 1 else f"{text}{str(power).translate(_SUPERSCRIPTS)}"
