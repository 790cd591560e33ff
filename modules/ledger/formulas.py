"""Formulas over ledger numbers: which names they read, what unit they have, what they come to."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from modules.ledger.dimensions import BARE, Dimension
from modules.ledger.functions import FUNCTIONS, OPERATORS, SMOOTH, Function, power
from modules.ledger.syntax import UNIT, LedgerError, Literal, Name, Node, Operation, parse
from modules.ledger.units import Quantity, Unit, base_unit, in_unit, is_unit, named_unit

_BARE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula whose names are full ids. `dimension` and `value` are the halves of `evaluate`.

    `smooth` is the tree without the steps that whole numbers make, so that it has slopes.
    """

    text: str
    names: tuple[str, ...]
    tree: "Tree"
    smooth: "Tree"

    def dimension(self, dimensions: Mapping[str, Dimension]) -> Dimension:
        """Return the dimension of the result. Raises LedgerError when units do not fit."""
        return self.tree.dimension(dimensions)

    def value(self, values: Mapping[str, float]) -> float:
        """Return the result, from and in base units. Raises LedgerError when there is none."""
        return self.tree.value(values)

    def evaluate(self, quantities: Mapping[str, Quantity]) -> Quantity:
        """Return the result in base units, given a quantity for each of `names`."""
        for name in self.names:
            if name not in quantities:
                raise LedgerError(f"unknown name {name!r} in {self.text!r}")
        dimension = self.dimension({name: quantities[name].dimension for name in self.names})
        value = self.value({name: quantities[name].base for name in self.names})
        return in_unit(value, base_unit(dimension))


@lru_cache(maxsize=8192)  # every number of the notebook; a formula never changes
def parse_formula(text: str, scope: str) -> Formula:
    """Read a formula of the entry `scope`, against which bare names are resolved.

    Raises LedgerError on anything the grammar, the units or the functions do not know.
    """
    return bind(parse(text), text, scope)


def bind(node: Node, text: str, scope: str = "") -> Formula:
    """Return the formula of a tree of syntax, as `parse_formula` does of the text it came from."""
    names: dict[str, None] = {}
    tree = _bound(node, scope.partition(":")[0] if ":" in scope else "", names)
    has_steps = any(name in text for name in SMOOTH)
    return Formula(text, tuple(names), tree, _smooth(tree) if has_steps else tree)


@dataclass(frozen=True, slots=True)
class _Constant:
    number: float
    of: Dimension

    def dimension(self, dimensions: Mapping[str, Dimension]) -> Dimension:
        return self.of

    def value(self, values: Mapping[str, float]) -> float:
        return self.number


@dataclass(frozen=True, slots=True)
class _Read:
    id: str

    def dimension(self, dimensions: Mapping[str, Dimension]) -> Dimension:
        return dimensions[self.id]

    def value(self, values: Mapping[str, float]) -> float:
        return values[self.id]


@dataclass(frozen=True, slots=True)
class _Apply:
    name: str
    function: Function
    operands: tuple["Tree", ...]

    def dimension(self, dimensions: Mapping[str, Dimension]) -> Dimension:
        given = [operand.dimension(dimensions) for operand in self.operands]
        return self.function.dimension(self.name, given)

    def value(self, values: Mapping[str, float]) -> float:
        given = [operand.value(values) for operand in self.operands]
        return _computed(self.name, self.function, given)


@dataclass(frozen=True, slots=True)
class _Power:
    """A power; what carries a unit may only be raised to a number written in the formula."""

    base: "Tree"
    exponent: "Tree"

    def dimension(self, dimensions: Mapping[str, Dimension]) -> Dimension:
        base = self.base.dimension(dimensions)
        if exponent := self.exponent.dimension(dimensions):
            raise LedgerError(f"an exponent needs to be a bare number, but is in {exponent}")
        if not base:
            return base
        return base ** _fraction(self.exponent, base)

    def value(self, values: Mapping[str, float]) -> float:
        given = [self.base.value(values), self.exponent.value(values)]
        return _computed("**", _POWER, given)


@dataclass(frozen=True, slots=True)
class _Choice:
    """`then if condition else otherwise`: units of both are checked, one of them is computed."""

    condition: "Tree"
    then: "Tree"
    otherwise: "Tree"

    def dimension(self, dimensions: Mapping[str, Dimension]) -> Dimension:
        self.condition.dimension(dimensions)
        then, otherwise = self.then.dimension(dimensions), self.otherwise.dimension(dimensions)
        if then != otherwise:
            raise LedgerError(f"'if' chooses between {then} and {otherwise}")
        return then

    def value(self, values: Mapping[str, float]) -> float:
        chosen = self.then if self.condition.value(values) else self.otherwise
        return chosen.value(values)


Tree = _Constant | _Read | _Apply | _Power | _Choice
_POWER = Function(lambda name, given: given[0], power, 2, 2)


def _bound(node: Node, lesson: str, names: dict[str, None]) -> Tree:
    """Return `node` with its names resolved and its functions looked up; collect the names."""
    match node:
        case Literal(number):
            return _Constant(number, BARE)
        case Name(text):
            return _named(text, lesson, names)
        case Operation(name, (Literal(number), Name(text))) if name == UNIT:
            if _BARE.fullmatch(text) and not is_unit(text):
                raise LedgerError(f"{text!r} after {number:g} is not a unit: to multiply, write *")
            return _constant(number, named_unit(text))
        case Operation(name, operands):
            return _applied(name, tuple(_bound(each, lesson, names) for each in operands))


def _named(text: str, lesson: str, names: dict[str, None]) -> Tree:
    if is_unit(text):
        return _constant(1.0, named_unit(text))
    if _BARE.fullmatch(text):
        if not lesson:
            raise LedgerError(f"unknown name {text!r}: here a name is written group.name")
        text = f"{lesson}:{text}"
    elif ":" not in text and "." not in text:
        named_unit(text)  # raises: names are lower-case, so this was to be a unit
    names[text] = None
    return _Read(text)


def _constant(number: float, unit: Unit) -> Tree:
    base = number * unit.factor
    if not math.isfinite(base):
        raise LedgerError(f"{number:g} {unit} is too large")
    return _Constant(base, unit.dimension)


def _applied(name: str, operands: tuple[Tree, ...]) -> Tree:
    if name == "**":
        return _Power(*operands)
    if name == "if":
        return _Choice(*operands)
    function = OPERATORS.get(name) or FUNCTIONS.get(name)
    if function is None:
        raise LedgerError(f"unknown function {name!r}")
    if not function.least <= len(operands) <= function.most:
        wants = function.least if function.least == function.most else f"{function.least} or more"
        raise LedgerError(f"{name} of {len(operands)} operands, but it takes {wants}")
    return _Apply(name, function, operands)


def _smooth(tree: Tree) -> Tree:
    match tree:
        case _Apply(name, function, operands):
            without_steps = SMOOTH.get(name, function)
            given = tuple(map(_smooth, operands))
            return _Apply(name, without_steps, given) if without_steps else given[0]
        case _Power(base, exponent):
            return _Power(_smooth(base), _smooth(exponent))
        case _Choice(condition, then, otherwise):
            return _Choice(_smooth(condition), _smooth(then), _smooth(otherwise))
    return tree


def _computed(name: str, function: Function, given: list[float]) -> float:
    try:
        result = function.value(*given)
    except ZeroDivisionError:
        raise LedgerError(f"divides {given[0]:g} by zero") from None
    except (ArithmeticError, ValueError) as error:
        raise LedgerError(_reason(name, given, error)) from None
    if not math.isfinite(result):
        raise LedgerError(f"{name} of {_listed(given)} is too large")
    return result


def _reason(name: str, given: list[float], error: Exception) -> str:
    if isinstance(error, OverflowError):
        return f"{name} of {_listed(given)} is too large"
    if str(error).startswith(("math domain", "expected a")):
        return f"{name} of {_listed(given)} does not exist"
    return str(error)


def _listed(given: list[float]) -> str:
    return " and ".join(f"{number:g}" for number in given)


def _fraction(exponent: Tree, base: Dimension) -> Fraction:
    try:
        number = exponent.value({})
    except KeyError:
        raise LedgerError(f"{base} can only be raised to a number written in the formula") from None
    fraction = Fraction(number).limit_denominator(12)
    if abs(fraction - Fraction(number)) > Fraction(1, 10**9):
        raise LedgerError(f"{base} cannot be raised to the power {number:g}")
    return fraction
