"""One claim read: its quantities, what it names, and which of these each quantity is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from modules.referee.claims import Claim
from modules.referee.facts import kind_named
from modules.referee.phrases import words
from modules.referee.quantities import Stated, quantities
from modules.rendering import names

if TYPE_CHECKING:
    from modules.content import Content

NEAR = 80  # characters between a quantity and what it is of, or the id that is quoted for it
MOST = 40  # quantities of one sentence: a list of more says of none what it is

_ID = re.compile(
    r"(?<![\w./:-])(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*:[a-z][a-z0-9_]*|[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)(?![\w:])"
)
_ADDRESS = re.compile(r"/numbers/([a-z0-9_-]+)/([a-z][a-z0-9_]*)")
_COMPUTES = re.compile(r"\s*[*/+^×]|\s+[-−]\s")
_COMPUTED = re.compile(r"(?:[*/+^×]|\s[-−])\s*\Z")
_TURNS = re.compile(r";|,?\s(?:while|whereas|but|versus|vs\.?|compared (?:to|with))\s")
_JOINS = re.compile(r"(?:,|,?\sand|\))\s+(?:the\s|that of\s)?(?:NVIDIA\s|Meta's\s)?\Z")


@dataclass(frozen=True)
class Named:
    """Something that numbers are of, where it is named; `keys` are the things it may be, none when unknown.

    Of these `whole` is the one that has just this name, if there is one.
    """

    start: int
    end: int
    name: str
    kind: str
    keys: tuple[str, ...]
    whole: str


class Sentence:
    """A claim against what the ledger knows; its text begins with what its row and column are called, `offset` long."""

    def __init__(self, claim: Claim, content: Content) -> None:
        self.claim, self.known = claim, content.known
        self.offset = len(claim.before)
        self.text = claim.before + claim.text
        self.words = frozenset(words(self.text))
        self.ids = list(_ids(self.text, content))
        self.named = sorted(self._named(self.text), key=lambda one: one.start)
        taken = [*names.spans(self.text), *((one.start, one.end) for one in self.named)]
        taken += [(start, end) for start, end, _ in self.ids]
        found = quantities(self.text, taken, claim.unit)
        self.stated = [one for one in found if one.start >= self.offset]

    def place(self, stated: Stated) -> tuple[int, int]:
        """Return where a quantity stands in the whole text."""
        shift = self.claim.start - self.offset
        return stated.start + shift, stated.end + shift

    def subjects(self, stated: Stated) -> list[Named]:
        """Return what a quantity may be of: what its clause names, else its sentence, else what stands above."""
        start, end = self.clause(stated)
        here = [one for one in self.named if start <= one.start < end]
        return here or self.named or list(self._named(self.claim.lead))

    def clause(self, stated: Stated) -> tuple[int, int]:
        if self.offset:
            return 0, len(self.text)
        start = max((turn for turn in self._turns if turn <= stated.start), default=0)
        return start, min((turn for turn in self._turns if turn > stated.start), default=len(self.text))

    @cached_property
    def _turns(self) -> list[int]:
        """Where it turns to something else: after a semicolon or `while`, and before the next name in a list."""
        turns = [match.end() for match in _TURNS.finditer(self.text)]
        joined = [one.start for one in self.named[1:] if _JOINS.search(self.text[max(0, one.start - NEAR) : one.start])]
        return sorted({*turns, *joined})

    def _named(self, text: str) -> Iterator[Named]:
        for start, end, name in self.known.subjects_in(text):
            whole = name if name in self.known.facts else ""
            keys = (*filter(None, [whole]), *self.known.loose.get(name, ()))
            kind = self.known.kinds[keys[0]] if keys else kind_named(text[start:end])
            yield Named(start, end, name or text[start:end], kind, keys, whole)


def is_one(subjects: list[Named]) -> bool:
    """Whether no two models are named, nor two machines: then it is clear what a quantity is of."""
    models = {one.name for one in subjects if one.kind != "hardware"}
    machines = {one.name for one in subjects if one.kind == "hardware"}
    return bool(subjects) and len(models) <= 1 and len(machines) <= 1


def blank(text: str, start: int, end: int) -> str:
    """Return `text`, as long as before, with nothing in that place."""
    return text[:start] + " " * (end - start) + text[end:]


def _ids(text: str, content: Content) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers are quoted, and their ids; one within a formula is computed with, and says nothing."""
    for match in _ID.finditer(text):
        is_computed = _COMPUTES.match(text, match.end()) or _COMPUTED.search(
            text[max(0, match.start() - 4) : match.start()]
        )
        if match[0] in content.numbers and not is_computed:
            yield *match.span(), match[0]
    for match in _ADDRESS.finditer(text):
        for key in (f"{match[1]}:{match[2]}", f"{match[1]}.{match[2]}"):
            if key in content.numbers:
                yield *match.span(), key
