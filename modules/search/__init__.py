"""Search over what the notebook holds: lessons, numbers, terms and sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from modules.models import Source, Term, heavy
from modules.search.lessons import LIMIT_RESULTS, Result, indexed, lessons, query_of
from modules.search.names import LIMIT_CHARACTERS, named, words_of
from modules.search.numbers import FoundNumber, numbers

__all__ = [
    "LIMIT_CHARACTERS",
    "LIMIT_NAMES",
    "LIMIT_RESULTS",
    "Found",
    "FoundNumber",
    "Result",
    "indexed",
    "named",
    "query_of",
    "search",
    "words_of",
]

LIMIT_NAMES = 5


@dataclass(frozen=True)
class Found:
    lessons: list[Result] = field(default_factory=list)
    numbers: list[FoundNumber] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)


def search(query: str) -> Found:
    """Return what a reader's words find, of each kind the best first; at most eight queries."""
    text, words = words_of(query)
    if not words:
        return Found()
    terms = Term.objects.select_related("module").defer(*heavy("module__"))
    return Found(
        lessons(text, words),
        numbers(text, words),
        named(terms, text, words, "name", limit=LIMIT_NAMES),
        named(Source.objects.all(), text, words, "title", "id", "author", "year", limit=LIMIT_NAMES),
    )
