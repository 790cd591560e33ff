"""The changelog: revisions of lessons, and under Fixed the numbers that say something else than before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator

from modules import corrections
from modules.corrections import Correction
from modules.models import Revision


@dataclass(frozen=True)
class Kind:
    """One of Keep a Changelog's headings with what a day has under it."""

    name: str
    revisions: list[Revision]
    corrections: list[Correction]


def page(number: str | None) -> Page[Revision]:
    return Paginator(Revision.objects.of_lessons(), 100).get_page(number)


def days(page: Page[Revision]) -> list[tuple[date, list[Kind]]]:
    """Return what a page of revisions holds by day, newest first, with the corrections of the same stretch of time."""
    revisions = list(page)
    after = revisions[-1].at if page.has_next() else None
    fixed = corrections.between(after, _oldest(page.number - 1, page) if page.has_previous() else None)
    found = sorted({row.at.date() for row in revisions} | {row.at.date() for row in fixed}, reverse=True)
    return [(day, _kinds(day, revisions, fixed)) for day in found]


def _oldest(number: int, page: Page[Revision]) -> datetime:
    """Return when the newer page before ends."""
    rows: list[Revision] = list(page.paginator.page(number))
    return rows[-1].at


def _kinds(day: date, revisions: list[Revision], fixed: list[Correction]) -> list[Kind]:
    """Group one day under the headings, in their order."""
    kinds = [
        Kind(
            str(name.label),
            [row for row in revisions if row.at.date() == day and row.kind == name],
            [row for row in fixed if row.at.date() == day] if name == Revision.Kind.FIXED else [],
        )
        for name in Revision.Kind
    ]
    return [kind for kind in kinds if kind.revisions or kind.corrections]
