"""The grammar of formulas and of unit expressions: text to a small tree, in bounded time.

    value   = sum ["if" sum compare sum "else" value]
    sum     = term  (("+" | "-") term)*
    term    = sign  (("*" | "/") sign)*
    sign    = "-" sign | power
    power   = operand ["**" sign]
    operand = number [unit] | name | function "(" value ("," value)* ")" | "(" value ")"

A number and the unit after it are one operand: `x / 2 B` divides by two bytes. Names are `name`,
`group.name` and `lesson-id:name`; the hyphen of a lesson id needs no quotes, so a minus before
such a name wants a space. Nothing else exists: no attribute, index, string, lambda or assignment.
Why this is not Python's own parser: docs/decisions/0002-ledger.md.
"""

import re
from dataclasses import dataclass

MAX_LENGTH = 400
MAX_DEPTH = 60

NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(
    rf"""[ \t\n]*(?:
      (?P<number>{NUMBER})(?![\w.])
    | (?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*:[a-z]\w*|[a-z]\w*\.[a-z]\w*|[A-Za-z]\w*)(?![.:])
    | (?P<mark>\*\*|[<>=!]=|[-+*/(),<>])
    | (?P<end>\Z)
    )""",
    re.ASCII | re.VERBOSE,
)
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
WORDS = frozenset({"if", "else"})
# Two operations without a mark of their own. No name has a space, so nobody can call them.
NEGATE = "unary -"
UNIT = "number unit"


class LedgerError(ValueError):
    """What is wrong with a number, a unit or a formula, in a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Literal:
    number: float


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function applied to its operands; UNIT joins a number to its unit."""

    name: str
    operands: tuple["Node", ...]


Node = Literal | Name | Operation


def parse(text: str) -> Node:
    """Return the tree of `text`. Raises LedgerError on anything the grammar above lacks."""
    if len(text) > MAX_LENGTH:
        raise LedgerError(f"{text[:30]!r}… is longer than {MAX_LENGTH} characters")
    return _Parser(text).whole()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise LedgerError(f"cannot read {text!r} {_hint(text[position:])}")
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return [token for token in found if token[0] != "end"]


def _hint(rest: str) -> str:
    rest = rest.lstrip(" \t\n")
    hints = {"%": ": write percent", "$": ": write USD", "^": ": write ** for a power"}
    if rest[0] in hints:
        return f"at {rest[0]!r}{hints[rest[0]]}"
    if joined := re.match(rf"({NUMBER})([A-Za-z]\w*)", rest, re.ASCII):
        return f"at {joined[0]!r}: write a space between {joined[1]} and {joined[2]}"
    return f"at {rest[:12]!r}"


class _Parser:
    """One method for each line of the grammar; `depth` is how deep they have called each other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.position = 0
        self.depth = 0

    def whole(self) -> Node:
        tree = self.value()
        if self.position < len(self.tokens):
            raise self.unexpected()
        return tree

    def value(self) -> Node:
        result = self.sum()
        if self.take("if"):
            left = self.sum()
            compare = self.peek()
            if compare not in _COMPARISONS:
                raise LedgerError(f"'if' needs a comparison such as x < y in {self.text!r}")
            self.position += 1
            condition = Operation(compare, (left, self.sum()))
            self.expect("else")
            result = Operation("if", (condition, result, self.value()))
        return result

    def sum(self) -> Node:
        result = self.term()
        while sign := self.take("+", "-"):
            result = Operation(sign, (result, self.term()))
        return result

    def term(self) -> Node:
        result = self.sign()
        while sign := self.take("*", "/"):
            result = Operation(sign, (result, self.sign()))
        return result

    def sign(self) -> Node:
        self.depth += 1  # every way down leads through here
        if self.depth > MAX_DEPTH:
            raise LedgerError(f"{self.text[:30]!r}… is nested deeper than {MAX_DEPTH}")
        result = Operation(NEGATE, (self.sign(),)) if self.take("-") else self.power()
        self.depth -= 1
        return result

    def power(self) -> Node:
        base = self.operand()
        if not self.take("**"):
            return base
        if isinstance(base, Operation) and base.name == UNIT:
            raise LedgerError(f"write parentheses around the power of a unit in {self.text!r}")
        return Operation("**", (base, self.sign()))

    def operand(self) -> Node:
        kind, text = self.token()
        if text in WORDS or (kind == "mark" and text != "("):
            raise self.unexpected()
        self.position += 1
        if kind == "number":
            return self.with_unit(Literal(_finite(text)))
        if text == "(":
            inner = self.value()
            self.expect(")")
            if isinstance(inner, Operation) and inner.name == UNIT:
                return Operation("*", inner.operands)
            return inner
        return Operation(text, self.arguments()) if self.take("(") else Name(text)

    def with_unit(self, number: Literal) -> Node:
        kind, text = self.tokens[self.position] if self.peek() else ("", "")
        if kind != "name" or text in WORDS:
            return number
        self.position += 1
        return Operation(UNIT, (number, Name(text)))

    def arguments(self) -> tuple[Node, ...]:
        found = [self.value()]
        while self.take(","):
            found.append(self.value())
        self.expect(")")
        return tuple(found)

    def token(self) -> tuple[str, str]:
        if self.position == len(self.tokens):
            raise self.unexpected()
        return self.tokens[self.position]

    def peek(self) -> str:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def take(self, *marks: str) -> str:
        text = self.peek()
        if text not in marks:
            return ""
        self.position += 1
        return text

    def expect(self, mark: str) -> None:
        if not self.take(mark):
            raise self.unexpected(f", not the {mark!r} it needs")

    def unexpected(self, instead: str = "") -> LedgerError:
        where = f"{self.peek()!r}" if self.peek() else "the end"
        return LedgerError(f"cannot read {self.text!r}: found {where}{instead}")


def _finite(text: str) -> float:
    number = float(text)
    if number == float("inf"):
        raise LedgerError(f"the number {text[:30]} is too large")
    return number
