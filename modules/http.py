"""What a request carries through the notebook's own middleware."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

MARKDOWN = "text/markdown; charset=utf-8"


class Study(Protocol):
    """One reader's progress, signed in or not; asking is one query at most, and none for a reader without any."""

    @property
    def completed(self) -> frozenset[str]:
        """Ids of the lessons the reader has completed."""

    @property
    def last_opened(self) -> str | None:
        """Id of the lesson the reader was last in."""

    @property
    def reading(self) -> frozenset[str]:
        """Ids of lessons the reader has opened lately and not completed."""

    @property
    def paths(self) -> dict[str, datetime]:
        """Ids of the paths the reader has started, and when; the newest last."""

    @property
    def recent(self) -> list[str]:
        """Ids of the lessons the reader opened last, the newest first."""

    def place(self, module_id: str) -> str:
        """Return the anchor of the section in which the reader left a lesson, or ""; one query at most."""

    def open(self, module_id: str) -> None:
        """Remember that the reader is in this lesson."""


class NotebookRequest(HttpRequest):
    htmx: HtmxDetails
    study: Study
    user: User | AnonymousUser
