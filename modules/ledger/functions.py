"""What formulas may compute: for each operation, its rule about units and its arithmetic.

The two are apart so that units are checked once and values computed as often as a reader moves
a slider. Arithmetic is on floats in base units and raises ValueError or ArithmeticError.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from modules.ledger.dimensions import BARE, Dimension
from modules.ledger.syntax import NEGATE, LedgerError
from modules.ledger.units import COUNTS

MAX_EXPONENT = 1e9
MAX_SERVERS = 100_000
# Nearer than this to a whole number is whole: 1000 * 7 percent is 70.00000000000001 in floats,
# and ceil must not buy a GPU for the last digit.
_NOISE = 1e-9
_ONE_OF = {Dimension(((name, Fraction(1)),)) for name in (*COUNTS, "B")}

Rule = Callable[[str, Sequence[Dimension]], Dimension]


@dataclass(frozen=True, slots=True)
class Function:
    """An operation on `least` to `most` operands."""

    dimension: Rule
    value: Callable[..., float]
    least: int = 1
    most: int = 1


def _same(name: str, given: Sequence[Dimension]) -> Dimension:
    for other in given[1:]:
        if other != given[0]:
            raise LedgerError(f"{name} needs operands of one unit, but has {given[0]} and {other}")
    return given[0]


def _bare(name: str, given: Sequence[Dimension]) -> Dimension:
    for dimension in given:
        if dimension:
            raise LedgerError(f"{name} needs a bare number, but has {dimension}")
    return BARE


def _countable(name: str, given: Sequence[Dimension]) -> Dimension:
    if given[0] and given[0] not in _ONE_OF:
        raise LedgerError(f"{name} needs a count, but has {given[0]}: divide by a unit first")
    return given[0]


def _kept(name: str, given: Sequence[Dimension]) -> Dimension:
    return given[0]


def _product(name: str, given: Sequence[Dimension]) -> Dimension:
    return given[0] * given[1]


def _quotient(name: str, given: Sequence[Dimension]) -> Dimension:
    return given[0] / given[1]


def _root(name: str, given: Sequence[Dimension]) -> Dimension:
    return given[0] ** Fraction(1, 2)


def power(base: float, exponent: float) -> float:
    if abs(exponent) > MAX_EXPONENT:
        raise ValueError(f"the exponent {exponent:g} is past {MAX_EXPONENT:g}")
    return math.pow(base, exponent)


def whole(number: float, towards: Callable[[float], int]) -> float:
    nearest = round(number)
    near = math.isclose(number, nearest, rel_tol=_NOISE, abs_tol=_NOISE)
    return float(nearest if near else towards(number))


def erlang_c(servers: float, load: float) -> float:
    """Return the probability that a request waits, for `load` erlangs offered to `servers`.

    1 when the load reaches the servers: then every request waits. Raises ValueError unless
    `servers` is a whole number from 1 to 100,000 and `load` is not negative.
    Source: Erlang 1917; the recursion over Erlang B keeps every term between 0 and 1.
    """
    count = round(servers)
    if not (1 <= count <= MAX_SERVERS and math.isclose(servers, count, rel_tol=_NOISE)):
        raise ValueError(f"erlang_c needs a whole number of servers up to {MAX_SERVERS:,}")
    if load < 0:
        raise ValueError("erlang_c needs a load that is not negative")
    if load >= count:
        return 1.0
    blocked = 1.0
    for server in range(1, count + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked / (1 - load / count * (1 - blocked))


def _between(servers: float, load: float) -> float:
    """Return `erlang_c`, between two whole numbers of servers on the straight line of its logarithm."""
    low, high = math.floor(servers), math.ceil(servers)
    fewer = erlang_c(low, load)
    if low == high or not fewer:
        return fewer
    return fewer * math.pow(erlang_c(high, load) / fewer, servers - low)


OPERATORS = {
    "+": Function(_same, lambda a, b: a + b, 2, 2),
    "-": Function(_same, lambda a, b: a - b, 2, 2),
    "*": Function(_product, lambda a, b: a * b, 2, 2),
    "/": Function(_quotient, lambda a, b: a / b, 2, 2),
    NEGATE: Function(_kept, lambda a: -a),
    "<": Function(_same, lambda a, b: a < b, 2, 2),
    "<=": Function(_same, lambda a, b: a <= b, 2, 2),
    ">": Function(_same, lambda a, b: a > b, 2, 2),
    ">=": Function(_same, lambda a, b: a >= b, 2, 2),
    "==": Function(_same, lambda a, b: a == b, 2, 2),
    "!=": Function(_same, lambda a, b: a != b, 2, 2),
}
FUNCTIONS = {
    "min": Function(_same, min, 2, 20),
    "max": Function(_same, max, 2, 20),
    "abs": Function(_kept, abs),
    "ceil": Function(_countable, lambda a: whole(a, math.ceil)),
    "floor": Function(_countable, lambda a: whole(a, math.floor)),
    "round": Function(_countable, lambda a: whole(a, round)),
    "sqrt": Function(_root, math.sqrt),
    "exp": Function(_bare, math.exp),
    "log": Function(_bare, math.log),
    "log2": Function(_bare, math.log2),
    "log10": Function(_bare, math.log10),
    "sin": Function(_bare, math.sin),
    "cos": Function(_bare, math.cos),
    "erlang_c": Function(_bare, erlang_c, 2, 2),
}
# What takes the place of a function that jumps where a slope is asked for; None stands for its operand.
SMOOTH = {"ceil": None, "floor": None, "round": None, "erlang_c": Function(_bare, _between, 2, 2)}
