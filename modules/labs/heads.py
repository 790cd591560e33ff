"""The lab of the attention lesson: whom each token of a sentence reads, in a head of the reader's choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from django.utils.translation import gettext as _

from modules.labs.carrying import Carried, carry
from modules.labs.steps import StepsError, cell
from modules.labs.transformer import Matrix, Vector
from modules.labs.weights import learned

SIDE = 22  # of a cell, in the units of the drawing, which are pixels
LETTER = 8.5  # width of a letter of the labels


@dataclass(frozen=True)
class Cell:
    """How much of a token's attention goes to one other; hidden where it may not look."""

    token: str
    place: int
    weight: float
    hidden: bool = False

    @property
    def x(self) -> int:
        return self.place * SIDE

    @property
    def shown(self) -> str:
        return f"{self.weight:.2f}"

    @property
    def opacity(self) -> str:
        return f"{self.weight:.3f}"


@dataclass(frozen=True)
class Row:
    """A token and the weight of each token for it, those after it hidden."""

    place: int
    token: str
    cells: tuple[Cell, ...]

    @property
    def y(self) -> int:
        return self.place * SIDE

    @property
    def total(self) -> str:
        return f"{fsum(cell.weight for cell in self.cells):.2f}"


@dataclass(frozen=True)
class Habit:
    """What a head reads of this sentence, as shares of its attention."""

    name: str
    shares: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True)
class Heads:
    """What the lab shows for a sentence and a head."""

    head: str = ""
    tokens: tuple[str, ...] = ()
    left_out: int = 0
    rows: tuple[Row, ...] = ()
    habits: tuple[Habit, ...] = ()
    error: str = ""

    template = "modules/labs/heads.html"
    side = SIDE

    @property
    def titles(self) -> list[str]:
        """What a head may read, as the columns of its habits name it."""
        return [_("itself"), _("the one before"), _("the first"), _("its like before"), _("what followed that")]

    @property
    def margin(self) -> int:
        """Room for the longest label, left and above."""
        return round(max(map(len, self.tokens)) * LETTER) + 10

    @property
    def width(self) -> int:
        return self.margin + len(self.tokens) * SIDE + 2

    def markdown(self) -> str:
        if self.error:
            return f"{self.error}\n"
        names = [cell(token) for token in self.tokens]
        lines = [
            f"Attention of head {self.head}: each row is a token, each column a token it may read.",
            "",
            f"| | {' | '.join(names)} | sum |",
            "|---" * (len(names) + 2) + "|",
        ]
        for name, row in zip(names, self.rows, strict=True):
            cells = ["" if each.hidden else each.shown for each in row.cells]
            lines.append(f"| {name} | {' | '.join(cells)} | {row.total} |")
        lines += ["", f"| head | {' | '.join(self.titles)} |", "|---" * (len(self.titles) + 1) + "|"]
        lines += [f"| {habit.name} | {' | '.join(habit.shares)} |" for habit in self.habits]
        return "\n".join(lines) + "\n"


def run(given: Mapping[str, str]) -> Heads:
    """Answer the lab's form: `text`, and as `head` a block and a head of it, counted from one: "2.1"."""
    try:
        carried = carry(given["text"].replace("\r\n", "\n"))
    except StepsError as exc:
        return Heads(error=str(exc))
    if not carried.ids:
        return Heads(error=_("There is no token to read: type a sentence."))
    weights = attention(carried)
    if given["head"] not in weights:
        return Heads(error=_("There is no such head; there are %(heads)s.") % {"heads": ", ".join(weights)})
    rows = tuple(_row(place, carried.tokens, row) for place, row in enumerate(weights[given["head"]]))
    habits = tuple(Habit(name, _shares(carried.ids, each), name == given["head"]) for name, each in weights.items())
    return Heads(given["head"], carried.tokens, carried.left_out, rows, habits)


def attention(carried: Carried) -> dict[str, Matrix]:
    """Return the attention matrix of each head, by name; row i has i + 1 weights, since later tokens were not there."""
    model = learned()
    return {
        f"{block}.{head}": [seen[f"{block} weights"][head - 1] for seen in carried.seen]
        for block in range(1, len(model.layers) + 1)
        for head in range(1, model.heads + 1)
    }


def _row(place: int, tokens: tuple[str, ...], weights: Vector) -> Row:
    seen = [Cell(token, at, weight) for at, (token, weight) in enumerate(zip(tokens, weights, strict=False))]
    hidden = [Cell(tokens[later], later, 0.0, hidden=True) for later in range(len(weights), len(tokens))]
    return Row(place, tokens[place], (*seen, *hidden))


def _shares(ids: tuple[int, ...], weights: Matrix) -> tuple[str, ...]:
    """Return the mean share of each habit over the tokens that could have it; a dash where none could."""
    targets = [_targets(ids, place) for place in range(1, len(ids))]
    shares = []
    for habit in range(len(targets[0]) if targets else 5):
        able = [(weights[place], each[habit]) for place, each in enumerate(targets, 1) if each[habit]]
        mean = fsum(row[at] for row, places in able for at in places) / len(able) if able else None
        shares.append("–" if mean is None else f"{mean:.0%}")
    return tuple(shares)


def _targets(ids: tuple[int, ...], place: int) -> tuple[list[int], ...]:
    """Return the places that the token at `place` reads by each habit, in the order of the titles."""
    same = [at for at in range(place) if ids[at] == ids[place]]
    return [place], [place - 1], [0], same, [at + 1 for at in same]
