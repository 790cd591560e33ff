"""Database sessions that hold a signed-out reader's progress and lose none of it to two requests at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from django.contrib.sessions.backends import db
from django.db import transaction

from progress.facts import Fact, pack, unpack

KEY = "study"
Change: TypeAlias = Callable[[list[Fact]], list[Fact]]


class SessionStore(db.SessionStore):
    """Django's, but changes to the reader's progress are made again on the row as it is when it is saved.

    Django writes a session back whole, as the request found it: a page opened while "complete" is
    still on its way would undo the completion.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._changes: list[Change] = []

    @property
    def facts(self) -> list[Fact]:
        return unpack(self.get(KEY, []))

    def change(self, change: Change) -> None:
        self._hold(change(self.facts))
        self._changes.append(change)

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None or not self._changes:
            super().save(must_create)
            return
        with transaction.atomic():
            row = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
            facts = unpack(self.decode(row.session_data).get(KEY, [])) if row else []
            for change in self._changes:
                facts = change(facts)
            self._hold(facts)
            super().save()  # raises UpdateError when the row has gone: Django answers 400
        self._changes = []

    def _hold(self, facts: list[Fact]) -> None:
        if facts:
            self[KEY] = pack(facts)
        else:
            self.pop(KEY, None)
