"""Search: full text over short passages, titles weighted over text, and trigrams for what was misspelt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchHeadline,
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db.models import F, Q
from django.utils.html import escape
from django.utils.safestring import mark_safe

from modules.models import Module, Passage, Term
from modules.models.lesson import SEARCH_CONFIG, heavy

LIMIT_CHARACTERS = 100
LIMIT_RESULTS = 20
WEIGHTS = [0.1, 0.2, 0.6, 1.0]  # D, C, B, A: text, -, heading, title
SIMILAR = 0.5  # of 1: "atention" is 0.73 like "Self-Attention"
# Private-use characters mark what matched, so that marking survives escaping.
START, STOP = "\ue000", "\ue001"
# Postgres takes `<eos>` for a tag: it would neither find it nor show it.
LESS_THAN = "\x1f"  # no text may hold it
MARKS = re.compile(f"[{START}{STOP}]")
# What makes a query say more than its words: a phrase, or a word to leave out.
OPERATORS = re.compile(r'"|(?<!\S)-\w')


@dataclass(frozen=True)
class Result:
    module: Module
    heading: str = ""
    anchor: str = ""
    excerpt: str = ""

    @property
    def url(self) -> str:
        return self.module.get_absolute_url() + (f"#{self.anchor}" if self.anchor else "")


@dataclass(frozen=True)
class Found:
    lessons: list[Result]
    terms: list[Term]


def search(text: str) -> Found:
    """Return lessons and terms for a reader's words, best first; three or four queries."""
    words = re.findall(r"[^\W_]+", text[:LIMIT_CHARACTERS])
    if not words:
        return Found([], [])
    lessons = _passages(text[:LIMIT_CHARACTERS].replace("\0", ""), words)
    if len(lessons) < LIMIT_RESULTS:
        known = [result.module.pk for result in lessons]
        lessons += [Result(module) for module in _similar_titles(" ".join(words), known)]
    return Found(lessons[:LIMIT_RESULTS], list(_terms(words)))


def indexed(text: str) -> str:
    """Return a passage's text as it is kept for search."""
    return MARKS.sub("", text).replace("<", LESS_THAN)


def _passages(text: str, words: list[str]) -> list[Result]:
    """Return the best passage of each lesson that has the words, the last of which may be unfinished."""
    query: SearchQuery | CombinedSearchQuery = SearchQuery(text, config=SEARCH_CONFIG, search_type="websearch")
    if not OPERATORS.search(text):
        prefix = " & ".join([*words[:-1], f"{words[-1]}:*"])
        query = query | SearchQuery(prefix, config=SEARCH_CONFIG, search_type="raw")
    matching = Passage.objects.filter(vector=query).annotate(rank=SearchRank(F("vector"), query, weights=WEIGHTS))
    best: dict[str, int] = {}
    for pk, module_id in matching.order_by("-rank", "pk").values_list("pk", "module_id")[:400]:
        best.setdefault(module_id, pk)
    chosen = list(best.values())[:LIMIT_RESULTS]
    headline = SearchHeadline(
        "text", query, config=SEARCH_CONFIG, start_sel=START, stop_sel=STOP, max_words=32, min_words=12
    )
    rows = Passage.objects.filter(pk__in=chosen).select_related("module__part").defer(*heavy("module__"))
    by_pk = {row.pk: _result(row, row.headline) for row in rows.annotate(headline=headline)}
    return [by_pk[pk] for pk in chosen]


def _result(passage: Passage, headline: str) -> Result:
    excerpt = escape(headline.replace(LESS_THAN, "<")).replace(START, "<mark>").replace(STOP, "</mark>")
    return Result(passage.module, passage.heading, passage.anchor, mark_safe(excerpt))


def _similar_titles(text: str, known: list[str]) -> list[Module]:
    similar = Module.objects.listed().exclude(pk__in=known).annotate(likeness=TrigramWordSimilarity(text, "title"))
    return list(
        similar.filter(Q(likeness__gte=SIMILAR) | Q(title__icontains=text)).order_by("-likeness")[:LIMIT_RESULTS]
    )


def _terms(words: list[str]) -> list[Term]:
    rows = Term.objects.select_related("module").defer(*heavy("module__")).order_by("name")
    for word in words:
        rows = rows.filter(name__icontains=word)
    return list(rows[:5])
