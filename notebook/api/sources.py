"""The bibliography: each source with every place that cites it, and files for reference managers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from modules.citation_files import FORMATS, csl
from modules.citations import CitedSource, cited_sources
from modules.models import Module, Source
from notebook.api import paging
from notebook.api.operations import public
from notebook.api.problems import RefusedError
from notebook.api.shapes import Key, LessonId, Words, full

router = Router(tags=["Sources"])

Keys = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_,-]*$",
        max_length=2000,
        description="Keys of sources, separated by commas.",
        examples=["pope2022,kwon2023"],
    ),
]


class BibliographyFormat(StrEnum):
    CSL = "csl"
    BIBTEX = "bibtex"
    RIS = "ris"


class Citation(BaseModel):
    """A place of a lesson that cites a source, and where in it what is said there stands."""

    lesson: str
    heading: str | None = None
    url: str
    at: str | None = None


class CitedIn(BaseModel):
    key: str
    url: str = Field(description="Its entry for readers; the source itself is at `csl.URL`.")
    checked_on: date | None = Field(default=None, description="When it was last opened and checked.")
    csl: dict[str, Any] = Field(description="CSL-JSON, version 1.0.2 of its data schema.")
    cited_in: list[Citation]
    numbers: list[str] = Field(description="The shared numbers that are from it.")


class Sources(paging.Page):
    items: list[CitedIn]


@public(router, "/sources", Sources)
def list_sources(
    request: HttpRequest,
    response: HttpResponse,
    q: Words = "",
    cursor: paging.Cursor = "",
    limit: paging.Limit = 50,
) -> Sources:
    """Every source by author and year; `q` looks in titles, authors, keys and years."""
    page, after = paging.cut(cited_sources(q), lambda row: row.source.pk, cursor, limit)
    return Sources(items=[_shape(row) for row in page], **paging.follow(request, response, after))


@public(router, "/sources/{key}", CitedIn, keep=False)
def read_source(request: HttpRequest, key: Key) -> CitedIn:
    """One source, and every place that cites it."""
    found = next((row for row in cited_sources(key) if row.source.pk == key), None)
    if found is None:
        raise Http404(_("There is no source of this key."))
    return _shape(found)


@public(
    router,
    "/bibliography",
    None,
    openapi_extra={
        "responses": {
            200: {
                "description": "The sources as a file.",
                "content": {each.media_type.partition(";")[0]: {} for each in FORMATS.values()},
            }
        }
    },
)
def bibliography(
    request: HttpRequest,
    format: BibliographyFormat = BibliographyFormat.CSL,  # noqa: A002
    lesson: LessonId | None = None,
    key: Keys | None = None,
) -> HttpResponse:
    """The sources as a file, all of them, those of a lesson, or those named: CSL-JSON, BibTeX or RIS."""
    rows = Source.objects.order_by("pk")
    if lesson:
        used = Module.objects.written().filter(pk=lesson).values_list("uses__sources", flat=True).first()
        if used is None:
            raise Http404(_("There is no lesson of this name."))
        rows = rows.filter(pk__in=used)
    if key:
        wanted = set(filter(None, key.split(",")))
        if missing := sorted(wanted - set(Source.objects.filter(pk__in=wanted).values_list("pk", flat=True))):
            raise RefusedError(_("There is no source %(key)s.") % {"key": missing[0]})
        rows = rows.filter(pk__in=wanted)
    chosen = FORMATS[format]
    return HttpResponse(chosen.write(rows), content_type=chosen.media_type)


def _shape(row: CitedSource) -> CitedIn:
    places = [
        Citation(
            lesson=place.module_id,
            heading=place.heading or None,
            url=full(f"/modules/{place.module_id}/#{place.anchor}"),
            at=place.at or None,
        )
        for place in row.places
    ]
    return CitedIn(
        key=row.source.pk,
        url=full(row.source.get_absolute_url()),
        checked_on=row.source.opened_on,
        csl=csl(row.source),
        cited_in=places,
        numbers=[quantity.entry_id for quantity in row.shared_numbers],
    )
