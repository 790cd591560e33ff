"""The lab of the lesson on the forward pass: the last token of a sentence, every tensor on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from modules.labs.bpe import vocabulary
from modules.labs.carrying import Carried, carry
from modules.labs.merges import learned as merges
from modules.labs.steps import StepsError, cell, code, shown
from modules.labs.transformer import Matrix, logits, softmax
from modules.labs.weights import learned

FIRST = 4  # values of each tensor that are shown
GUESSES = 8  # next tokens that are shown


@dataclass(frozen=True)
class Tensor:
    """One tensor: its name, its shape, and for each of its rows the first values."""

    name: str
    shape: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """A part of the way, with its tensors in the order in which they are computed."""

    title: str
    tensors: tuple[Tensor, ...]


@dataclass(frozen=True)
class Guess:
    """A token that may come next."""

    text: str
    logit: float
    chance: float

    @property
    def percent(self) -> str:
        return f"{self.chance:.2%}"


@dataclass(frozen=True)
class Pass:
    """What the lab shows for a sentence."""

    tokens: tuple[str, ...] = ()
    left_out: int = 0
    stages: tuple[Stage, ...] = ()
    guesses: tuple[Guess, ...] = ()
    error: str = ""

    template = "modules/labs/forward.html"

    @property
    def before(self) -> tuple[str, ...]:
        """The tokens that are in the cache when the last one comes."""
        return self.tokens[:-1]

    @property
    def last(self) -> str:
        return self.tokens[-1]

    def markdown(self) -> str:
        if self.error:
            return f"{self.error}\n"
        lines = [f"Tokens: {' '.join(map(code, self.tokens))}. The last one is followed.", ""]
        for stage in self.stages:
            lines += [f"**{stage.title}**", "", "| tensor | shape | first values |", "|---|---|---|"]
            lines += [f"| {tensor.name} | {tensor.shape} | {'; '.join(tensor.rows)} |" for tensor in stage.tensors]
            lines.append("")
        lines += ["| next token | logit | probability |", "|---|---|---|"]
        lines += [f"| {cell(guess.text)} | {guess.logit:.2f} | {guess.percent} |" for guess in self.guesses]
        return "\n".join(lines) + "\n"


def run(given: Mapping[str, str]) -> Pass:
    """Answer the lab's form: the way of the last token, or what is wrong with the text."""
    try:
        carried = carry(given["text"].replace("\r\n", "\n"))
    except StepsError as exc:
        return Pass(error=str(exc))
    if not carried.ids:
        return Pass(error=_("There is no token to follow: type a word."))
    return Pass(carried.tokens, carried.left_out, tuple(stages(carried)), tuple(guesses(carried.seen[-1])))


def stages(carried: Carried) -> Iterator[Stage]:
    """Yield the parts of the last token's way."""
    seen = carried.seen[-1]
    blocks = len(learned().layers)
    yield Stage(_("In"), (Tensor(_("row %(id)d of the table") % {"id": carried.ids[-1]}, *_shown(seen["embedding"])),))
    for number in range(1, blocks + 1):
        start = f"{number} "
        parts = [(name.removeprefix(start), rows) for name, rows in seen.items() if name.startswith(start)]
        half = [name for name, _rows in parts].index("mlp norm")
        for title, some in (
            (_("Block %(number)d: attention") % {"number": number}, parts[:half]),
            (_("Block %(number)d: MLP") % {"number": number}, parts[half:]),
        ):
            yield Stage(title, tuple(Tensor(name.removeprefix("mlp "), *_shown(rows)) for name, rows in some))
    final = seen["final norm"]
    yield Stage(_("Out"), (Tensor("norm", *_shown(final)), Tensor("logits", *_shown([logits(learned(), final[0])]))))


def guesses(seen: Mapping[str, Matrix]) -> Iterator[Guess]:
    """Yield the likeliest next tokens, the best first."""
    scores = logits(learned(), seen["final norm"][0])
    chances = softmax(scores)
    best = sorted(range(len(scores)), key=lambda token: -scores[token])[:GUESSES]
    for token in best:
        yield Guess(_names()[token], scores[token], chances[token])


def _shown(rows: Matrix) -> tuple[str, tuple[str, ...]]:
    shape = f"{len(rows)} × {len(rows[0])}" if len(rows) > 1 else f"{len(rows[0])}"
    return shape, tuple(
        " ".join(f"{value:.3f}".replace("-", "−") for value in row[:FIRST]) + (" …" if len(row) > FIRST else "")
        for row in rows
    )


@cache
def _names() -> list[str]:
    return [shown(token) for token in vocabulary(merges())]
