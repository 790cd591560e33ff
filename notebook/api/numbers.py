"""Numbers: all of them, each with its defence, each with other inputs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from modules import content, defences
from modules.defences import Defended, Story
from modules.what_if_views import suppose_number
from modules.whatif import WhatIfError
from notebook.api import paging
from notebook.api.limits import WHAT_IFS, spend
from notebook.api.operations import public
from notebook.api.problems import RefusedError
from notebook.api.shapes import Name, Owner, Supposed, Words, full

router = Router(tags=["Numbers"])


class Kind(StrEnum):
    CITED = "cited"
    COMPUTED = "computed"
    ASSUMED = "assumed"


class Number(BaseModel):
    """A number as a list has it."""

    id: str = Field(description="Quote it, so that the number can be checked: `kv-cache:kv_per_token`.")
    label: str
    kind: Kind
    value: str = Field(description="As the notebook prints it.")
    magnitude: float = Field(description="In `unit`, not rounded.")
    unit: str | None = None
    formula: str | None = Field(default=None, description="Over the names of other numbers, of a computed one.")
    url: str
    api_url: str


class SourceRef(BaseModel):
    key: str
    title: str
    url: str


class Change(BaseModel):
    at: str
    value: str = Field(description="What it said from then on; empty once it was gone.")
    how: str


class DefendedNumber(BaseModel):
    """One number whole, the same as at /numbers/<lesson>/<name>.json. What does not apply to its kind is absent."""

    id: str
    label: str
    url: str
    kind: Kind
    what_if: str | None = Field(default=None, description="What is supposed, if anything is.")
    value: str = Field(description="As the notebook prints it.")
    as_written: str | None = Field(default=None, description="In a what-if that changes it: what the notebook says.")
    magnitude: float = Field(description="In `unit`, not rounded.")
    unit: str | None = None
    formula: str | None = None
    formula_with_values: str | None = None
    inputs: list[str] | None = Field(default=None, description="The numbers its formula names.")
    rests_on: list[str] | None = Field(default=None, description="All that it comes from and that is not computed.")
    source: SourceRef | None = None
    at: str | None = Field(default=None, description="Where in the source.")
    as_of: str | None = Field(default=None, description="The day on which a price was seen.")
    because: str | None = Field(default=None, description="The reason of an assumption.")
    note: str | None = None
    read_by: list[str] | None = Field(default=None, description="The numbers whose formulas name it.")
    printed_in: list[str] | None = None
    history: list[Change] | None = None
    licence: str


class Numbers(paging.Page):
    items: list[Number]


@public(router, "/numbers", Numbers)
def list_numbers(
    request: HttpRequest,
    response: HttpResponse,
    q: Words = "",
    kind: Kind | None = None,
    owner: Owner | None = None,
    cursor: paging.Cursor = "",
    limit: paging.Limit = 50,
) -> Numbers:
    """Every number; `q` looks in labels, ids, formulas and sources."""
    found = defences.search(q, kind or "", content.current())
    rows = [row for row in found if owner in (None, row.owner_id)]
    page, after = paging.cut(rows, lambda row: row.number.id, cursor, limit)
    return Numbers(items=[brief(row) for row in page], **paging.follow(request, response, after))


@public(router, "/numbers/{owner}/{name}", DefendedNumber, keep=False)
def read_number(request: HttpRequest, owner: Owner, name: Name, what_if: Supposed = "") -> dict[str, Any]:
    """A number with its defence: formula, inputs, source, history. With `set`, computed from other inputs."""
    written = defences.find(owner, name, content.current())
    if written is None:
        raise Http404(_("There is no number of this name."))
    if what_if.strip():
        spend(WHAT_IFS, request)
    try:
        defended = suppose_number(what_if, written)[1] if what_if.strip() else written
    except WhatIfError as error:
        raise RefusedError(str(error)) from error
    return defences.as_json(defended, Story.of(written))


def brief(defended: Defended) -> Number:
    number = defended.number
    return Number(
        id=number.id,
        label=number.label,
        kind=Kind(number.kind),
        value=defended.value,
        magnitude=number.quantity.magnitude,
        unit=str(number.quantity.unit) or None,
        formula=number.formula or None,
        url=full(number.page),
        api_url=full(reverse("api:read_number", args=[defended.owner_id, defended.name])),
    )
