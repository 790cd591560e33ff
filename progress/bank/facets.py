"""Questions by what they have in common: one choice for the page, its counts, a mock interview and the editions.

Plain Python over tags; where the tags come from is in `reading`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Choice = Mapping[str, str]  # the value chosen of each facet that is chosen at all


@dataclass(frozen=True)
class Row:
    """One question: its id in the database, its name in the notebook (`kv-cache:size-70b`), its values by facet."""

    pk: int
    key: str
    tags: Mapping[str, frozenset[str]]


def chosen(rows: Iterable[Row], choice: Choice) -> list[Row]:
    """Return the rows with every chosen value, in the order given."""
    return [row for row in rows if all(value in row.tags[facet] for facet, value in choice.items())]


def counts(rows: Iterable[Row], choice: Choice, facet: str) -> Counter[str]:
    """Return how many rows each value of `facet` would leave, everything else chosen as it is."""
    others = {name: value for name, value in choice.items() if name != facet}
    return Counter(value for row in chosen(rows, others) for value in row.tags[facet])


def draw(rows: Iterable[Row], seed: int, number: int) -> Sequence[Row]:
    """Return `number` rows at random, or all if there are fewer: always the same for a seed, on any machine.

    Each row has a place of its own by the seed, so a question that comes or goes moves no other one.
    """
    return sorted(rows, key=lambda row: _place(seed, row.key))[:number]


def _place(seed: int, key: str) -> bytes:
    return hashlib.sha256(f"{seed} {key}".encode()).digest()
