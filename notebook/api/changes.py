"""The changelog: revisions of lessons, and numbers that say something else than before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from modules import content
from modules.models import NumberChange, Revision
from notebook.api import paging
from notebook.api.operations import public
from notebook.api.shapes import LessonRef, full

router = Router(tags=["Changelog"])


class ChangeKind(StrEnum):
    """The headings of Keep a Changelog that content can stand under."""

    ADDED = "Added"
    CHANGED = "Changed"
    FIXED = "Fixed"
    REMOVED = "Removed"


class LessonChange(BaseModel):
    at: datetime
    kind: ChangeKind
    lesson: LessonRef | None = Field(default=None, description="Absent where the lesson has left the notebook.")
    note: str | None = None


class Correction(BaseModel):
    number: str
    label: str
    url: str | None = Field(default=None, description="Absent where the number has left the ledger.")
    at: datetime
    before: str
    now: str


class Changelog(paging.Page):
    items: list[LessonChange]


class Corrections(paging.Page):
    items: list[Correction]


@public(router, "/changelog", Changelog)
def changelog(
    request: HttpRequest, response: HttpResponse, cursor: paging.Cursor = "", limit: paging.Limit = 50
) -> Changelog:
    """What happened to lessons, the newest first."""
    page, after = paging.cut_by(Revision.objects.of_lessons(), "-pk", cursor, limit)
    return Changelog(items=[_change(row) for row in page], **paging.follow(request, response, after))


@public(router, "/corrections", Corrections)
def list_corrections(
    request: HttpRequest, response: HttpResponse, cursor: paging.Cursor = "", limit: paging.Limit = 50
) -> Corrections:
    """Cited and computed numbers that say something else than they did, the newest first."""
    page, after = paging.cut_by(NumberChange.objects.corrections(), "-pk", cursor, limit)
    return Corrections(items=[_correction(row) for row in page], **paging.follow(request, response, after))


def _change(row: Revision) -> LessonChange:
    module = row.module
    lesson = LessonRef(id=module.pk, title=module.title, url=full(module.get_absolute_url())) if module else None
    return LessonChange(at=row.at, kind=ChangeKind(row.kind), lesson=lesson, note=row.note or None)


def _correction(row: NumberChange) -> Correction:
    number = content.current().numbers.get(row.number)
    return Correction(
        number=row.number,
        label=number.label if number else row.number,
        url=full(number.page) if number else None,
        at=row.at,
        before=row.before,  # type: ignore[attr-defined]  # of the query
        now=row.value,
    )
