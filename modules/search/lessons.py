"""Lessons by their text: full text over short passages, titles weighted over text, then titles that were misspelt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import CombinedSearchQuery, SearchHeadline, SearchQuery, SearchRank
from django.db.models import F
from django.utils.html import escape
from django.utils.safestring import mark_safe

from modules.models import Module, Passage
from modules.models.lesson import SEARCH_CONFIG, heavy
from modules.search.names import named

LIMIT_RESULTS = 20
WEIGHTS = [0.1, 0.2, 0.6, 1.0]  # D, C, B, A: text, -, heading, title
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


def lessons(text: str, words: list[str]) -> list[Result]:
    """Return lessons for a reader's words, best first; one called just so leads, and to its top. Three queries."""
    found = _passages(text, words)
    if len(found) < LIMIT_RESULTS:
        others = Module.objects.listed().exclude(pk__in=[result.module.pk for result in found])
        found += [Result(module) for module in named(others, text, words, "title", limit=LIMIT_RESULTS)]
    named_so = [Result(result.module) for result in found if result.module.title.casefold() == text.casefold()]
    others_too = [result for result in found if result.module.title.casefold() != text.casefold()]
    return [*named_so, *others_too][:LIMIT_RESULTS]


def indexed(text: str) -> str:
    """Return a passage's text as it is kept for search."""
    return MARKS.sub("", text).replace("<", LESS_THAN)


def query_of(text: str, words: list[str]) -> SearchQuery | CombinedSearchQuery:
    """Return what finds a reader's words in a vector; the last word may be unfinished."""
    query = SearchQuery(text, config=SEARCH_CONFIG, search_type="websearch")
    if OPERATORS.search(text):
        return query
    prefix = " & ".join([*words[:-1], f"{words[-1]}:*"])
    return query | SearchQuery(prefix, config=SEARCH_CONFIG, search_type="raw")


def _passages(text: str, words: list[str]) -> list[Result]:
    """Return the best passage of each lesson that has the words."""
    query = query_of(text, words)
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
