"""The bank as the database has it: every question with its tags, and what the values of a tag are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from modules.models import Focus, Question
from modules.search import query_of, words_of
from paths.models import Step
from progress.bank.facets import Row
from progress.bank.results import Result
from progress.facts import Grade

Titles: TypeAlias = Mapping[str, str | Promise]

NAMES: Titles = {
    "company": _("Company focus"),
    "part": _("Part"),
    "lesson": _("Lesson"),
    "path": _("Path"),
    "stars": _("Difficulty"),
    "kind": _("Kind"),
    "seen": _("Asked before"),
}
STARS: Titles = {"1": "★☆☆", "2": "★★☆", "3": "★★★"}
NUMBER, WORDS = "number", "words"
KINDS: Titles = {NUMBER: _("the answer is a number"), WORDS: _("answered in words")}
HTML = ("ask_html", "answer_html", "rubric_html")
RAW = ("ask_raw", "answer_raw")
NEW, ASKED, AGAIN, DUE = "new", "asked", "again", "due"
SEEN: Titles = {
    NEW: _("not asked yet"),
    ASKED: _("asked"),
    AGAIN: _("asked, and not answered in full"),
    DUE: _("due to be asked again"),
}


@dataclass(frozen=True)
class Bank:
    """Every question in notebook order; `titles` has the values of each facet that some question has, in order."""

    rows: list[Row]
    titles: Mapping[str, Titles]

    @classmethod
    def read(cls, found: Mapping[str, Result]) -> Bank:
        """Read it by three queries; `found` is what came of questions the reader was asked."""
        companies = _groups(Focus.objects.order_by("company__position"), "company__name", "company")
        paths = _groups(Step.objects.order_by("path__position"), "path__title", "path")
        questions = Question.objects.in_bank().values_list(
            *("pk", "module_id", "name", "stars", "number"),
            *("module__title", "module__part_id", "module__part__title"),
        )
        lessons: dict[str, str | Promise] = {}
        parts: dict[str, str | Promise] = {}
        titles: dict[str, Titles] = {"part": parts, "lesson": lessons, "stars": STARS, "kind": KINDS, "seen": SEEN}
        titles |= {"company": companies.titles, "path": paths.titles}
        rows = []
        for pk, lesson, name, stars, number, title, part, part_title in questions:
            lessons[lesson], parts[part] = title, part_title
            key = f"{lesson}:{name}"
            tags = {
                "company": companies.of(lesson),
                "part": frozenset([part]),
                "lesson": frozenset([lesson]),
                "path": paths.of(lesson),
                "stars": frozenset([str(stars)]),
                "kind": frozenset([NUMBER if number else WORDS]),
                "seen": _seen(found.get(key)),
            }
            rows.append(Row(pk, key, tags))
        return cls(rows, {facet: _there(titles[facet], rows, facet) for facet in NAMES} | {"seen": SEEN})


@dataclass(frozen=True)
class Groups:
    """Companies or paths: what each is called, and which lessons are its."""

    titles: dict[str, str | Promise]
    lessons: Mapping[str, frozenset[str]]

    def of(self, lesson: str) -> frozenset[str]:
        return self.lessons.get(lesson, frozenset())


def _groups(rows: QuerySet[Focus] | QuerySet[Step], title: str, group: str) -> Groups:
    titles: dict[str, str | Promise] = {}
    lessons: defaultdict[str, set[str]] = defaultdict(set)
    for pk, name, lesson in rows.values_list(f"{group}_id", title, "module_id"):
        titles[pk] = name
        lessons[lesson].add(pk)
    return Groups(titles, {lesson: frozenset(groups) for lesson, groups in lessons.items()})


def _there(titles: Titles, rows: Iterable[Row], facet: str) -> Titles:
    there = {value for row in rows for value in row.tags[facet]}
    return {value: title for value, title in titles.items() if value in there}


def _seen(result: Result | None) -> frozenset[str]:
    if result is None:
        return frozenset([NEW])
    return frozenset([ASKED, *([] if result.grade is Grade.FULL else [AGAIN]), *([DUE] if result.is_due else [])])


def saying(text: str) -> frozenset[int]:
    """Return the questions that ask about a reader's words; one query."""
    text, words = words_of(text)
    if not words:
        return frozenset()
    return frozenset(Question.objects.filter(vector=query_of(text, words)).values_list("pk", flat=True))


def whole(rows: Iterable[Row], columns: Iterable[str]) -> list[Question]:
    """Return the questions of these rows in their order, each with the title of its lesson; one query."""
    rows = list(rows)
    questions = Question.objects.select_related("module").only("name", "stars", "number", "module__title", *columns)
    by_pk = questions.in_bulk([row.pk for row in rows])
    return [by_pk[row.pk] for row in rows if row.pk in by_pk]
