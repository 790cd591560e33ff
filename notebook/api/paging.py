"""Long lists in pages: where a page begins is said by the last thing of the page before, so that nothing shifts."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from notebook.api.problems import RefusedError

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)

MOST = 100
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many on a page at most.")]
Cursor = Annotated[
    str,
    Field(
        max_length=300,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Where to go on: from `next` of the page before; nothing begins at the top.",
    ),
]


class Page(BaseModel):
    """A stretch of a list."""

    next: str | None = Field(default=None, description="The address of the next page; on the last one absent.")


def cut(rows: Sequence[T], key: Callable[[T], str], cursor: str, limit: int) -> tuple[list[T], str]:
    """Return the rows after the one that a cursor names, at most `limit`, and the cursor after them or "".

    Raises RefusedError where that row is there no more.
    """
    start = 0
    if cursor:
        after = read(cursor)
        start = next((place for place, row in enumerate(rows, start=1) if key(row) == after), 0)
        if not start:
            raise RefusedError(_("This cursor names what is no longer in the list: begin again without it."))
    page = list(rows[start : start + limit])
    return page, write(key(page[-1])) if start + limit < len(rows) else ""


def cut_by(rows: QuerySet[Row], field: str, cursor: str, limit: int) -> tuple[list[Row], str]:
    """Return what `cut` does of rows in the order of a field that no two share, `-pk` say; one query."""
    if cursor:
        after = read(cursor)
        if field.endswith("pk") and not (after.isascii() and after.isdigit() and len(after) < 19):
            raise RefusedError(_("This cursor is not one of this list."))
        rows = rows.filter(**{f"{field.lstrip('-')}__{'lt' if field.startswith('-') else 'gt'}": after})
    page = list(rows.order_by(field)[: limit + 1])
    last = getattr(page[limit - 1], field.lstrip("-")) if len(page) > limit else ""
    return page[:limit], write(str(last)) if last else ""


def write(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read(cursor: str) -> str:
    """Return what a cursor was written from; raises RefusedError."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise RefusedError(_("This cursor cannot be read.")) from error
    if not text or "\0" in text:
        raise RefusedError(_("This cursor cannot be read."))
    return text


def follow(request: HttpRequest, response: HttpResponse, cursor: str) -> dict[str, Any]:
    """Return what a page says of the next one, and say it in the `Link` header too."""
    if not cursor:
        return {}
    query = request.GET.copy()
    query["cursor"] = cursor
    address = f"{settings.SITE_URL}{request.path}?{query.urlencode()}"
    response["Link"] = f'<{address}>; rel="next"'
    return {"next": address}
