"""A whole lesson with some numbers at other values: prose, tables, plots, explorers, questions, Markdown."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

from django.utils.translation import gettext

from modules import content as contents
from modules.content import Content, explorer_numbers
from modules.explorers import ExplorerError
from modules.ledger import as_query, write_changes
from modules.models import Module
from modules.rendering import Draft, Texts, TocEntry

from .supposed import Change, Supposed, refuse, suppose

LIMIT_LESSONS = 8  # kept parsed, each a few megabytes


@dataclass(frozen=True)
class Parsed:
    """What of a lesson does not depend on any value: its rows and its parsed texts."""

    row: Module
    texts: Texts
    used: frozenset[str]  # every number its page shows or rests on


@dataclass(frozen=True)
class SupposedLesson:
    """One lesson as it would be; the page and the Markdown are made when they are asked for."""

    parsed: Parsed
    supposed: Supposed
    draft: Draft

    @property
    def query(self) -> str:
        """The end of its address, the lesson's own numbers bare."""
        return as_query(self.supposed.graph.changes, self.parsed.row.pk)

    @cached_property
    def changes(self) -> list[Change]:
        return self.supposed.changes(self.parsed.row.pk, self.parsed.used)

    @property
    def changed(self) -> int:
        """How many numbers of the lesson read otherwise than as written."""
        references = self.draft.references
        return sum(bool(references.was(number)) for number in references.rows)

    @property
    def toc(self) -> list[TocEntry]:
        """The contents; how long a section takes does not depend on its numbers."""
        return self.draft.toc({anchor: minutes for _, anchor, _, minutes in self.parsed.row.toc})


def suppose_lesson(module_id: str, text: str) -> SupposedLesson:
    """Return a written lesson with the changes that `text` asks for, by two queries once it is parsed.

    Raises Module.DoesNotExist, and WhatIfError with a sentence where the text cannot be used or where a number,
    an explorer or a plot of the lesson has no result any more.
    """
    written = contents.current()
    parsed = _parsed(module_id, written)
    supposed = suppose(written, text, module_id)
    supposed.demand(parsed.used)
    explorers = supposed.explorers(parsed.row)
    for view in explorers.values():
        if isinstance(view, ExplorerError):
            refuse(view)
    lesson = contents.lesson(parsed.row, supposed.numbers)
    lesson = replace(
        lesson,
        url=lesson.url + as_query(supposed.graph.changes, module_id),
        what_if=write_changes(supposed.graph.changes, module_id),
        preface=_preface(supposed.changes(module_id, parsed.used), lesson.url),
    )
    draft = Draft(lesson, supposed.material(parsed.row, explorers), parsed.texts)
    for drawn in draft.references.plots.values():
        if isinstance(drawn, ValueError):
            refuse(drawn)
    return SupposedLesson(parsed, supposed, draft)


def _preface(changes: list[Change], url: str) -> str:
    """Return what is supposed as Markdown, for whoever reads the raw text alone."""
    if not changes:
        return ""
    given = "; ".join(
        f"{change.number.label} (`{change.name}`) {change.now}, as written {change.was}" for change in changes
    )
    rest = gettext("Code, its recorded output, drawings, toy numbers and numbers in words are as written.")
    return f"**{gettext('What if')}:** {given}. {rest} {gettext('The lesson as written:')} <{url}>".replace("$", r"\$")


_kept: tuple[Content | None, OrderedDict[str, Parsed]] = (None, OrderedDict())
_lock = Lock()


def _parsed(module_id: str, now: Content) -> Parsed:
    """Return a lesson's parsed texts, kept while the content is the same and at most `LIMIT_LESSONS` are."""
    global _kept
    with _lock:
        if _kept[0] is not now:
            _kept = (now, OrderedDict())
        kept = _kept[1]
        if module_id in kept:
            kept.move_to_end(module_id)
            return kept[module_id]
    row = contents.lessons().defer("html", "raw", "hook_html", "citations").get(pk=module_id)
    texts = Texts.read(contents.lesson(row, now.numbers))
    used = {key for each in row.explorers.all() for key in explorer_numbers(each, now.graph)}
    parsed = Parsed(row, texts, frozenset({*row.uses.get("numbers", []), *used} & now.numbers.keys()))
    with _lock:
        kept[module_id] = parsed
        while len(kept) > LIMIT_LESSONS:
            kept.popitem(last=False)
    return parsed
