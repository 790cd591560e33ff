"""What the API is: where it begins, and its description for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import BaseModel, Field

from notebook.api import (
    changes,
    checking,
    described,
    failures,
    glossary,
    lessons,
    mine,
    numbers,
    questions,
    searching,
    sources,
)
from notebook.api.described import Api
from notebook.api.operations import public
from notebook.api.shapes import full

router = Router(tags=["The API"])

ABOUT = """An open study notebook in which every number is defended: cited with a locator, computed by a checked
formula, or assumed with a reason. All of its content is here without a token, the same as on its pages and
at /raw/<id>.md.

Quote a number with its id, `kv-cache:kv_per_token`, so that it can be checked. Lists come in pages: go on at `next`.
Every answer has an ETag: send it back as `If-None-Match`. Errors are problem+json (RFC 9457). Text is CC BY 4.0.

What is under /api/me/ belongs to one reader, who makes a token at /accounts/tokens/."""


class Index(BaseModel):
    title: str
    about: str
    openapi: str = Field(description="This API in OpenAPI 3.1.")
    llms: str = Field(description="The notebook as Markdown, for language models.")
    licence: str
    lists: dict[str, str] = Field(description="Where each list begins.")


@public(router, "/", Index)
def index(request: HttpRequest) -> Index:
    """Where to begin."""
    lists = {
        "lessons": "list_lessons",
        "numbers": "list_numbers",
        "sources": "list_sources",
        "bibliography": "bibliography",
        "glossary": "glossary",
        "questions": "list_questions",
        "failures": "list_failures",
        "changelog": "changelog",
        "corrections": "list_corrections",
    }
    return Index(
        title="Every Number",
        about=ABOUT,
        openapi=full(reverse("api:openapi")),
        llms=full(reverse("llms")),
        licence="CC BY 4.0",
        lists={name: full(reverse(f"api:{view}")) for name, view in lists.items()},
    )


@public(router, "/openapi.json", None, include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(described.as_text(api), content_type="application/json")


api = Api(
    title="Every Number",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    openapi_extra={
        "info": {"license": {"name": "Text CC BY 4.0, code MIT", "identifier": "CC-BY-4.0 AND MIT"}},
    },
)
api.add_router("", router)
for part in (lessons, numbers, sources, glossary, questions, failures, changes, searching, checking, mine):
    api.add_router("", part.router)
