"""How real systems fail, and what is pulled first."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from modules import content
from modules.failures import Asking
from modules.models import FailureMode as Row
from notebook.api import paging
from notebook.api.operations import public
from notebook.api.shapes import LessonId, LessonRef, Slug, full

router = Router(tags=["Failure modes"])


class Lever(StrEnum):
    ROUTE = "route"
    RESTORE = "restore"
    SHED = "shed"
    CUT = "cut"
    STOP = "stop"


class Failure(BaseModel):
    id: str
    mode: str = Field(description="What fails.")
    systems: list[str] = Field(description="The real systems it is told of.")
    lever: Lever = Field(description="What is pulled first.")
    lesson: LessonRef
    url: str
    api_url: str


class WholeFailure(Failure):
    """Each part as Markdown."""

    symptom: str
    seen: str
    detect: str
    escalate: str
    rollback: str
    cost: str | None = Field(default=None, description="The id of the number that says what it costs.")


class Failures(paging.Page):
    items: list[Failure]


@public(router, "/failures", Failures)
def list_failures(
    request: HttpRequest,
    response: HttpResponse,
    system: Annotated[str, Field(max_length=60)] | None = None,
    lever: Lever | None = None,
    review: LessonId | None = None,
    cursor: paging.Cursor = "",
    limit: paging.Limit = 50,
) -> Failures:
    """The failure modes of every review, narrowed as at /failures/."""
    chosen = QueryDict(mutable=True)
    given = {"system": system, "lever": lever, "review": review}
    chosen.update({name: str(value) for name, value in given.items() if value is not None})
    page, after = paging.cut(Asking.read(chosen).found, lambda row: row.key, cursor, limit)
    return Failures(items=[_shape(row) for row in page], **paging.follow(request, response, after))


@public(router, "/failures/{lesson}/{name}", WholeFailure, keep=False)
def read_failure(request: HttpRequest, lesson: LessonId, name: Slug) -> WholeFailure:
    """One failure mode: how it shows, who had it, who is woken, what is pulled first."""
    rows = Row.objects.filter(module__is_written=True).exclude(html={}).select_related("module")
    row = rows.filter(module=lesson, name=name).first()
    if row is None:
        raise Http404(_("There is no failure mode of this name."))
    cost = content.current().numbers_for(row.module_id).get(row.cost)
    return WholeFailure(**_shape(row).model_dump(), **row.raw, cost=cost.id if cost else None)


def _shape(row: Row) -> Failure:
    return Failure(
        id=row.key,
        mode=row.mode,
        systems=row.systems,
        lever=Lever(row.lever),
        lesson=LessonRef(id=row.module_id, title=row.module.title, url=full(f"/modules/{row.module_id}/")),
        url=full(row.get_absolute_url()),
        api_url=full(reverse("api:read_failure", args=[row.module_id, row.name])),
    )
