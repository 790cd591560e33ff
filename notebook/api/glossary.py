"""The glossary."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from modules.models import Term as Row
from modules.models import heavy
from notebook.api import paging
from notebook.api.operations import public
from notebook.api.shapes import LessonId, LessonRef, full

router = Router(tags=["Glossary"])


class Term(BaseModel):
    name: str
    text: str
    url: str = Field(description="Where its lesson explains it.")
    lesson: LessonRef


class Glossary(paging.Page):
    items: list[Term]


@public(router, "/glossary", Glossary)
def glossary(
    request: HttpRequest,
    response: HttpResponse,
    lesson: LessonId | None = None,
    cursor: paging.Cursor = "",
    limit: paging.Limit = 50,
) -> Glossary:
    """Every term, defined once in the whole notebook."""
    rows = Row.objects.select_related("module").defer(*heavy("module__"))
    rows = rows.filter(module=lesson) if lesson else rows
    page, after = paging.cut_by(rows, "name", cursor, limit)
    return Glossary(items=[_shape(row) for row in page], **paging.follow(request, response, after))


def _shape(row: Row) -> Term:
    home = full(row.module.get_absolute_url())
    lesson = LessonRef(id=row.module_id, title=row.module.title, url=home)
    return Term(name=row.name, text=row.text, url=f"{home}#{row.anchor}", lesson=lesson)
