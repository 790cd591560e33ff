"""Rows by what they are called: every word somewhere in their names, or names like a misspelt word."""

from __future__ import annotations

import re
from typing import TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import BooleanField, Case, CharField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

LIMIT_CHARACTERS = 100
SIMILAR = 0.5  # of 1: "atention" is 0.73 like "Self-Attention"

Row = TypeVar("Row", bound=Model)


def words_of(query: str) -> tuple[str, list[str]]:
    """Return a reader's query as Postgres can take it, and the words in it."""
    text = query[:LIMIT_CHARACTERS].replace("\0", "").strip()
    return text, re.findall(r"[^\W_]+", text)


def named(rows: QuerySet[Row], text: str, words: list[str], *names: str, limit: int) -> list[Row]:
    """Return the rows called by `words`, one called exactly `text` first; if there are none, those called alike.

    `names` are columns, the first of which decides what is alike; all of them together must have every word.
    """
    exact, has_all = Q(), Q()
    for name in names:
        exact |= Q(**{f"{name}__iexact": text})
    for word in words:
        has_all &= Q(names__icontains=word)
    likeness = TrigramWordSimilarity(" ".join(words), names[0])
    asked = rows.alias(names=_joined(names), likeness=likeness, is_exact=_truth(exact)).annotate(
        has_all=_truth(has_all)
    )
    asked = asked.filter(Q(has_all=True) | Q(likeness__gte=SIMILAR))
    found = list(asked.order_by("-is_exact", "-has_all", "-likeness", names[0], "pk")[:limit])
    return [row for row in found if row.has_all] or found


def _joined(names: tuple[str, ...]) -> Combinable:
    columns = [Coalesce(Cast(name, CharField()), Value("")) for name in names]
    spaced = [part for column in columns for part in (column, Value(" "))]
    return Concat(*spaced, output_field=CharField())


def _truth(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())
