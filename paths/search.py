"""Paths by their names."""

from __future__ import annotations

from modules.search import LIMIT_NAMES, named, words_of
from paths.models import LearningPath


def paths(query: str) -> list[LearningPath]:
    """Return paths for a reader's words, best first; one query."""
    text, words = words_of(query)
    rows = LearningPath.objects.all()
    return named(rows, text, words, "title", "id", "audience", limit=LIMIT_NAMES) if words else []
