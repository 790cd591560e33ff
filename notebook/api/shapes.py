"""What the API takes in addresses, and small things that many answers have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from django.conf import settings
from ninja.params.functions import Query
from pydantic import BaseModel, Field

LessonId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=50, examples=["kv-cache"])]
Owner = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
        max_length=60,
        description="A lesson, or a group of shared numbers.",
        examples=["kv-cache"],
    ),
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80, examples=["cache"])]
Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=120)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=50, examples=["pope2022"])]
Words = Annotated[str, Field(max_length=100, description="Words that all have to be there.")]
Supposed = Annotated[
    str,
    Query(
        "",
        alias="set",
        max_length=1500,
        description="A what-if: numbers and the values they are supposed to have, as in `layers:80,gpus:16`. "
        "A name without its lesson is one of the lesson that is asked for; a value without a unit has its number's.",
        examples=["sequence:4096"],
    ),
]


class Answers(StrEnum):
    """Whether answers stand with their questions; without them a model can examine and not spoil."""

    YES = "yes"
    NO = "no"


class LessonRef(BaseModel):
    id: str
    title: str
    url: str = Field(description="Its page for readers.")


def full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
