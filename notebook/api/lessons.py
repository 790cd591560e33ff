"""Lessons: all of them in order, each whole, each in sections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from modules.models import FailureMode, Module, Question
from modules.rendering import TocEntry
from modules.rendering.extracts import section as extract
from modules.rendering.extracts import without_answers
from modules.rendering.rawfile import tokens
from modules.whatif import WhatIfError, suppose_lesson
from notebook.api import paging
from notebook.api.limits import WHAT_IFS, spend
from notebook.api.operations import public
from notebook.api.problems import RefusedError
from notebook.api.shapes import Answers, LessonId, Slug, Supposed, full

router = Router(tags=["Lessons"])


class Part(BaseModel):
    id: str
    title: str


class Lesson(BaseModel):
    """A lesson as a list has it. One that is planned has no text yet."""

    id: str
    title: str
    summary: str
    part: Part
    minutes: int = Field(description="About how long it takes to read.")
    is_written: bool
    version: int
    updated_at: datetime | None = None
    reviewed: date | None = Field(default=None, description="When its facts were last checked.")
    url: str = Field(description="Its page for readers.")
    markdown_url: str | None = Field(default=None, description="The same as Markdown.")
    api_url: str


class Section(BaseModel):
    anchor: str
    level: int
    title: str
    minutes: int


class WholeLesson(Lesson):
    requires: list[str] = Field(description="Lessons to read first, as advice.")
    companies: list[str] = Field(description="Companies whose interviews ask for it.")
    sections: list[Section]
    numbers: list[str] = Field(description="The ids of the numbers it prints.")
    sources: list[str] = Field(description="The keys of the sources it cites.")
    questions: list[str]
    failures: list[str]
    what_if: str | None = Field(default=None, description="What is supposed, if anything is.")
    tokens: int = Field(description="About how many tokens `markdown` has.")
    markdown: str = Field(description="All of its text, the same as at `markdown_url`.")


class OneSection(BaseModel):
    lesson: str
    anchor: str
    title: str | None = None
    url: str
    tokens: int
    markdown: str = Field(description="With the front matter of its lesson, the same as /raw/<id>.md?section=.")


class Lessons(paging.Page):
    items: list[Lesson]


@public(router, "/lessons", Lessons)
def list_lessons(
    request: HttpRequest,
    response: HttpResponse,
    part: Slug | None = None,
    cursor: paging.Cursor = "",
    limit: paging.Limit = 50,
) -> Lessons:
    """Every lesson in notebook order, those that are only planned too."""
    rows = Module.objects.listed()
    rows = rows.filter(part=part) if part else rows
    page, after = paging.cut(list(rows), lambda row: row.pk, cursor, limit)
    return Lessons(items=[Lesson(**brief(row)) for row in page], **paging.follow(request, response, after))


@public(router, "/lessons/{lesson}", WholeLesson)
def read_lesson(
    request: HttpRequest, lesson: LessonId, answers: Answers = Answers.YES, what_if: Supposed = ""
) -> WholeLesson:
    """A whole lesson: its text as Markdown, its sections, and the ids of all that stands in it."""
    row = _written(_whole(), lesson)
    markdown, toc = row.raw, [TocEntry(*entry) for entry in row.toc]
    supposed = ""
    if what_if.strip():
        spend(WHAT_IFS, request)
        try:
            found = suppose_lesson(row.pk, what_if)
        except WhatIfError as error:
            raise RefusedError(str(error)) from error
        markdown, toc, supposed = found.draft.raw, found.toc, found.supposed.what_if
    markdown = without_answers(markdown) if answers is Answers.NO else markdown
    return WholeLesson(
        **brief(row),
        requires=[each.pk for each in row.requires.all()],
        companies=[each.company_id for each in row.focus.all() if each.asked],
        sections=[Section(**entry._asdict()) for entry in toc],
        numbers=row.uses.get("numbers", []),
        sources=row.uses.get("sources", []),
        questions=[each.key for each in row.questions.all()],
        failures=[each.key for each in row.failures.all()],
        what_if=supposed or None,
        tokens=tokens(markdown),
        markdown=markdown,
    )


@public(router, "/lessons/{lesson}/sections/{anchor}", OneSection, keep=False)
def read_section(request: HttpRequest, lesson: LessonId, anchor: Slug, answers: Answers = Answers.YES) -> OneSection:
    """What stands under one anchor of a lesson: a section, a derivation, a question."""
    row = _written(Module.objects.only("title", "raw", "toc", "is_written"), lesson)
    whole = without_answers(row.raw) if answers is Answers.NO else row.raw
    text = extract(whole, anchor)
    if not text:
        raise Http404(_("%(lesson)s has no place of this name.") % {"lesson": row.title})
    entry = row.section(anchor)
    return OneSection(
        lesson=row.pk,
        anchor=anchor,
        title=entry.title if entry else None,
        url=f"{full(row.get_absolute_url())}#{anchor}",
        tokens=tokens(text),
        markdown=text,
    )


def brief(row: Module) -> dict[str, Any]:
    """Return what a list says of a lesson."""
    return {
        "id": row.pk,
        "title": row.title,
        "summary": row.summary,
        "part": Part(id=row.part_id, title=row.part.title),
        "minutes": row.minutes,
        "is_written": row.is_written,
        "version": row.version,
        "updated_at": row.updated_at,
        "reviewed": row.reviewed,
        "url": full(row.get_absolute_url()),
        "markdown_url": full(reverse("modules:raw", args=[row.pk])) if row.is_written else None,
        "api_url": full(reverse("api:read_lesson", args=[row.pk])),
    }


def _whole() -> QuerySet[Module]:
    rows = Module.objects.select_related("part").defer("body", "html", "hook", "hook_html", "citations", "anchors")
    return rows.prefetch_related(
        "requires",
        "focus",
        Prefetch("questions", Question.objects.only("name", "module_id")),
        Prefetch("failures", FailureMode.objects.only("name", "module_id")),
    )


def _written(rows: QuerySet[Module], lesson: str) -> Module:
    row = rows.filter(pk=lesson).first()
    if row is None:
        raise Http404(_("There is no lesson of this name."))
    if not row.is_written:
        raise Http404(_("%(lesson)s is planned and not written yet.") % {"lesson": row.title})
    return row
