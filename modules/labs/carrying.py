"""A reader's sentence carried through the toy transformer: its tokens, and every tensor of each of them."""

from __future__ import annotations

from dataclasses import dataclass

from modules.labs.bpe import encode, vocabulary
from modules.labs.merges import learned as merges
from modules.labs.steps import check, shown
from modules.labs.transformer import Cache, Matrix, step
from modules.labs.weights import learned

LETTERS = 200  # characters a lab takes
LIMIT = 24  # tokens it reads of them: a millisecond or two of arithmetic for each


@dataclass(frozen=True)
class Carried:
    """What became of a sentence: the ids of its tokens, their text in print, and of each what `step` saw."""

    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    seen: tuple[dict[str, Matrix], ...]
    left_out: int  # tokens over the limit, which nobody read


def carry(text: str) -> Carried:
    """Carry the first tokens of `text` through the model, one after the other.

    Raises StepsError when it is too long, empty or cannot be UTF-8.
    """
    check(text, LETTERS)
    ranks, model = merges(), learned()
    tokens = encode(text, ranks)
    ids = vocabulary(ranks)
    read = [ids[token] for token in tokens[:LIMIT]]
    cache: Cache = [([], []) for _ in model.layers]
    return Carried(
        tuple(read),
        tuple(shown(token) for token in tokens[:LIMIT]),
        tuple(step(model, cache, token) for token in read),
        max(0, len(tokens) - LIMIT),
    )
