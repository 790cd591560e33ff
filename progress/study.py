"""One reader's progress, wherever it is kept: on their account, or in the session of their browser."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import ClassVar, NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import CharField, Max, QuerySet, Value
from django.utils import timezone
from django.utils.functional import cached_property

from modules.http import NotebookRequest
from progress import events
from progress.facts import RECENT, Answer, Fact, Kind, Window, every_grade, latest_grades, remember, versions
from progress.models import Completion, StudyEvent
from progress.sessions import SessionStore

Row = tuple[str, str, datetime]  # the kind of event, the lesson or path, when


class State(NamedTuple):
    """What pages show of a reader's progress."""

    completed: frozenset[str]
    opened: tuple[str, ...]  # the newest first, at most `RECENT`
    paths: dict[str, datetime]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> State:
        """Make it from rows in any order, of whatever kinds."""
        rows = sorted(rows, key=lambda row: (row[2], row[1]))
        completed = frozenset(module_id for kind, module_id, _ in rows if kind == Kind.COMPLETED)
        opened = dict.fromkeys(module_id for kind, module_id, _ in reversed(rows) if kind == Kind.OPENED)
        paths: dict[str, datetime] = {}
        for kind, path_id, at in rows:
            if kind == Kind.STARTED_PATH:
                paths.setdefault(path_id, at)
        return cls(completed, tuple(opened)[:RECENT], paths)


class ReaderStudy(ABC):
    """A reader's progress, to ask and to change. Pages of other applications know it as `modules.http.Study`."""

    on_account: ClassVar[bool]

    @cached_property
    @abstractmethod
    def _state(self) -> State:
        """One query at most."""

    @abstractmethod
    def place(self, module_id: str) -> str:
        """Return the anchor of the section in which the reader left a lesson, or "" where that is not known."""

    @abstractmethod
    def leave(self, module_id: str, anchor: str) -> None:
        """Remember the section in which the reader leaves a lesson."""

    @abstractmethod
    def facts(self) -> Iterable[Fact]:
        """Everything the reader is remembered to have done, in the order in which it was recorded."""

    @abstractmethod
    def versions(self) -> dict[str, int]:
        """Return the version of its numbers with which each lesson was completed, or seen since; one query at most."""

    @abstractmethod
    def answers(self) -> list[Fact]:
        """Return the last answers to drills, the newest first, at most `ANSWERS`; one query at most."""

    @abstractmethod
    def grades(self, window: Window) -> list[Fact]:
        """Return the last grades of each question, the reader's own and the ledger's; one query at most."""

    @abstractmethod
    def every_grade(self, window: Window) -> list[Fact]:
        """Return all grades in `window`, the oldest first; one query at most."""

    @abstractmethod
    def _record(
        self,
        kind: Kind,
        subject: str,
        numbers: int | None = None,
        answer: Answer | None = None,
        key: UUID | None = None,
    ) -> None: ...

    @property
    def completed(self) -> frozenset[str]:
        return self._state.completed

    @property
    def recent(self) -> list[str]:
        """Ids of the lessons opened last, the newest first; at most `RECENT`."""
        return list(self._state.opened)

    @property
    def last_opened(self) -> str | None:
        return next(iter(self._state.opened), None)

    @property
    def reading(self) -> frozenset[str]:
        return frozenset(self._state.opened) - self._state.completed

    @property
    def paths(self) -> dict[str, datetime]:
        return self._state.paths

    def open(self, module_id: str) -> None:
        if module_id != self.last_opened:
            self._record(Kind.OPENED, module_id)
            opened = tuple(dict.fromkeys([module_id, *self._state.opened]))[:RECENT]
            self.__dict__["_state"] = self._state._replace(opened=opened)  # a page need not ask again

    def complete(self, module_id: str, numbers: int | None = None) -> None:
        """Remember that a lesson was completed with this version of its numbers."""
        self._change(Kind.COMPLETED, module_id, numbers)

    def see(self, module_ids: Iterable[str], numbers: int) -> None:
        """Remember that the corrections of completed lessons, up to a version of the numbers, were seen."""
        known = self.versions()
        for module_id in sorted(self.completed.intersection(module_ids)):
            if known.get(module_id, 0) < numbers:
                self._record(Kind.SEEN, module_id, numbers)

    def reopen(self, module_id: str) -> None:
        self._change(Kind.REOPENED, module_id)

    def start(self, path_id: str) -> None:
        self._change(Kind.STARTED_PATH, path_id)

    def answer(self, number: str, answer: Answer) -> None:
        """Remember an answer to a drill on this number."""
        self._record(Kind.ANSWERED, number, answer=answer)

    def grade(self, question: str, answer: Answer, key: UUID | None = None) -> None:
        """Remember a grade of an interview question; two with one key are one."""
        self._record(Kind.GRADED, question, answer=answer, key=key)

    def _change(self, kind: Kind, subject: str, numbers: int | None = None) -> None:
        self._record(kind, subject, numbers)
        self.__dict__.pop("_state", None)


class AccountStudy(ReaderStudy):
    """The progress of a signed-in reader, in the database."""

    on_account = True

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def _state(self) -> State:
        return State.of(self._rows())

    def _rows(self, *others: QuerySet[StudyEvent, Row]) -> QuerySet[Completion, Row]:
        completed = self._user.completions.values_list(
            Value(Kind.COMPLETED, output_field=CharField()), "module_id", "at"
        )
        # Looked for among the last openings only, so that a long history costs no more than a short one.
        opened = self._user.events.filter(kind=Kind.OPENED).newest_first()[: RECENT * 8]
        started = self._user.events.filter(kind=Kind.STARTED_PATH).values_list("kind", "path_id", "at")
        return completed.union(opened.values_list("kind", "module_id", "at"), started, *others, all=True)

    def place(self, module_id: str) -> str:
        left = self._user.events.filter(kind=Kind.LEFT, module=module_id).newest_first()[:1]
        rows = list(self._rows(left.values_list("kind", "anchor", "at")))  # a page that asks shows the state as well
        self.__dict__.setdefault("_state", State.of(rows))
        return next((anchor for kind, anchor, _ in rows if kind == Kind.LEFT), "")

    def leave(self, module_id: str, anchor: str) -> None:
        if anchor != self.place(module_id):
            events.record(self._user, Kind.LEFT, module_id, anchor=anchor)

    def facts(self) -> Iterable[Fact]:
        return events.facts_of(self._user)

    def versions(self) -> dict[str, int]:
        known = self._user.events.filter(kind__in=(Kind.COMPLETED, Kind.SEEN), numbers__isnull=False)
        return dict(known.values_list("module_id").annotate(Max("numbers")))

    def answers(self) -> list[Fact]:
        return events.answers_of(self._user)

    def grades(self, window: Window) -> list[Fact]:
        return events.grades_of(self._user, window)

    def every_grade(self, window: Window) -> list[Fact]:
        return events.every_grade_of(self._user, window)

    def _record(
        self,
        kind: Kind,
        subject: str,
        numbers: int | None = None,
        answer: Answer | None = None,
        key: UUID | None = None,
    ) -> None:
        events.record(self._user, kind, subject, numbers=numbers, answer=answer, key=key)


class SessionStudy(ReaderStudy):
    """The progress of a reader without an account.

    Reading it touches the session only when the browser brought one, and only a click makes one: the
    pages of a reader who merely reads set no cookie and stay the same for everyone.
    """

    on_account = False

    def __init__(self, session: SessionStore, brought: bool) -> None:
        self._session = session
        self._brought = brought

    def facts(self) -> list[Fact]:
        return self._session.facts if self._brought else []

    @cached_property
    def _state(self) -> State:
        return State.of((fact.kind, fact.subject, fact.at) for fact in self.facts())

    def place(self, module_id: str) -> str:
        return ""

    def leave(self, module_id: str, anchor: str) -> None:
        """Do nothing: the page's script keeps the place in the browser, where the session is too."""

    def open(self, module_id: str) -> None:
        if self.facts():
            super().open(module_id)

    def complete(self, module_id: str, numbers: int | None = None) -> None:
        super().complete(module_id, numbers)
        self.open(module_id)  # the page that made the first click could not remember that it was read

    def reopen(self, module_id: str) -> None:
        if self.facts():
            super().reopen(module_id)

    def versions(self) -> dict[str, int]:
        return versions(self.facts())

    def answers(self) -> list[Fact]:
        return [fact for fact in reversed(self.facts()) if fact.kind is Kind.ANSWERED]

    def grades(self, window: Window) -> list[Fact]:
        return latest_grades(self.facts(), window)

    def every_grade(self, window: Window) -> list[Fact]:
        return every_grade(self.facts(), window)

    def _record(
        self,
        kind: Kind,
        subject: str,
        numbers: int | None = None,
        answer: Answer | None = None,
        key: UUID | None = None,
    ) -> None:
        fact = Fact.new(kind, subject, timezone.now(), numbers=numbers, answer=answer, key=key)
        self._session.change(partial(remember, fact=fact))
        self._brought = True


class StudyRequest(NotebookRequest):
    study: ReaderStudy
