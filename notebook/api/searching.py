"""Search, as the search page has it."""

from __future__ import annotations

from html import unescape
from typing import Annotated

from django.http import HttpRequest
from django.utils.html import strip_tags
from ninja import Router
from pydantic import BaseModel, Field

from modules.search import LIMIT_CHARACTERS
from notebook.api.operations import public
from notebook.api.shapes import full
from notebook.finding import Hit, find

router = Router(tags=["Search"])

Query = Annotated[str, Field(min_length=1, max_length=LIMIT_CHARACTERS, examples=["paged attention"])]


class SearchHit(BaseModel):
    name: str
    url: str | None = Field(default=None, description="Absent where there is nowhere to go, as for a planned lesson.")
    at: str | None = Field(default=None, description="Where in or of what: a heading, a lesson.")
    text: str | None = Field(default=None, description="What it says, or the stretch of it that has the words.")
    value: str | None = Field(default=None, description="Of a number.")
    kind: str | None = Field(default=None, description="Of a number: cited, computed or assumed.")
    keys: list[str] | None = Field(default=None, description="Exact names, such as the id of a number.")


class HitGroup(BaseModel):
    kind: str = Field(description="lessons, numbers, terms, sources or paths; what is called exactly so comes first.")
    items: list[SearchHit]


class Hits(BaseModel):
    query: str
    groups: list[HitGroup]


@public(router, "/search", Hits)
def search(request: HttpRequest, q: Query) -> Hits:
    """Lessons, numbers, terms, sources and paths for some words, the best of each kind first."""
    said = q.replace("\0", "").strip()
    groups = [HitGroup(kind=group.id, items=[_shape(hit) for hit in group.hits]) for group in find(said)]
    return Hits(query=said, groups=groups)


def _shape(hit: Hit) -> SearchHit:
    return SearchHit(
        name=hit.name,
        url=full(hit.url) if hit.url else None,
        at=hit.at or None,
        text=_plain(hit.text) or None,
        value=hit.value or None,
        kind=hit.kind or None,
        keys=list(hit.keys) or None,
    )


def _plain(text: str) -> str:
    """Return an excerpt without the marks around what was found; any other text is plain already."""
    return unescape(strip_tags(text)) if hasattr(text, "__html__") else text
