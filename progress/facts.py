"""What a reader did, before it is a row: what a list of it comes to, and how a browser remembers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID, uuid4

from progress.models import StudyEvent

Kind = StudyEvent.Kind
Packed: TypeAlias = list[list[str]]

RECENT = 8  # opened lessons a browser remembers, and a dashboard shows
ANSWERS = 100  # answers a browser remembers, and a dashboard sums up
GRADES = 200  # grades of interview questions a browser remembers


class Grade(StrEnum):
    """How much of what a question wants its reader says they said."""

    FULL = "full"
    PARTLY = "partly"
    MISSED = "missed"


def key_of(text: str) -> UUID | None:
    """Return the key that a form brings along; None where it brings none that is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


class Answer(NamedTuple):
    """What a reader answered to the drill with this seed; the verdict is `right`, a slip, or `wrong`.

    Also a grade: what they gave themselves, or the ledger gave their number, in the mock interview with this seed.
    """

    seed: int
    text: str
    verdict: str

    @property
    def is_right(self) -> bool:
        return self.verdict == "right"

    @property
    def is_own(self) -> bool:
        """Whether the reader gave the verdict, and not the ledger."""
        return self.verdict in list(Grade)


class Fact(NamedTuple):
    """Something a reader did; `key` tells it from every other, so that sending it twice adds it once."""

    key: UUID
    kind: Kind
    subject: str  # the id of a path that was started, a number that was drilled, a question, else of a lesson
    at: datetime
    anchor: str = ""  # of the section in which a lesson was left; on accounts only
    numbers: int | None = None  # the version of the numbers with which a lesson was completed or seen again
    answer: Answer | None = None  # to a drill, or to a question

    @classmethod
    def new(
        cls,
        kind: Kind,
        subject: str,
        at: datetime,
        anchor: str = "",
        numbers: int | None = None,
        answer: Answer | None = None,
        key: UUID | None = None,
    ) -> Fact:
        return cls(key or uuid4(), kind, subject, at, anchor, numbers, answer)

    @property
    def module_id(self) -> str | None:
        """The lesson it happened in, if there is one: a path and a shared number belong to none."""
        if self.kind is Kind.STARTED_PATH:
            return None
        if self.kind in (Kind.ANSWERED, Kind.GRADED):
            return self.subject.partition(":")[0] if ":" in self.subject else None
        return self.subject


class Window(NamedTuple):
    """Which grades are meant: those of one mock interview since it began, those before it, or all."""

    seed: int | None = None
    since: datetime | None = None
    before: datetime | None = None

    def has(self, fact: Fact) -> bool:  # see also `lookups`
        return (
            (self.seed is None or (fact.answer is not None and fact.answer.seed == self.seed))
            and (self.since is None or fact.at >= self.since)
            and (self.before is None or fact.at < self.before)
        )

    @property
    def lookups(self) -> dict[str, Any]:
        given = {"seed": self.seed, "at__gte": self.since, "at__lt": self.before}
        return {name: value for name, value in given.items() if value is not None}


def latest_grades(facts: Iterable[Fact], window: Window) -> list[Fact]:  # see also events.grades_of
    """Return the last grade the reader gave, and the last the ledger gave, to each question in `window`."""
    graded = every_grade(facts, window)
    return list({(fact.subject, fact.answer is not None and fact.answer.is_own): fact for fact in graded}.values())


def every_grade(facts: Iterable[Fact], window: Window) -> list[Fact]:  # see also events.every_grade_of
    """Return the grades in `window`, the oldest first."""
    graded = [fact for fact in facts if fact.kind is Kind.GRADED and window.has(fact)]
    return sorted(graded, key=lambda fact: (fact.at, fact.key))


def completions(facts: Iterable[Fact], before: Mapping[str, datetime] | None = None) -> dict[str, datetime]:
    """Return the completed lessons and since when, after `facts` in the order in which they were recorded.

    A lesson completed on two devices counts from the earlier time, whichever was recorded first.
    """
    state = dict(before or {})
    for fact in facts:
        if fact.kind is Kind.COMPLETED:
            state[fact.subject] = min(fact.at, state.get(fact.subject, fact.at))
        elif fact.kind is Kind.REOPENED:
            state.pop(fact.subject, None)
    return state


def versions(facts: Iterable[Fact]) -> dict[str, int]:
    """Return the newest version of its numbers that each lesson was completed or seen with, where one is known."""
    newest: dict[str, int] = {}
    for fact in facts:
        if fact.numbers is not None:
            newest[fact.subject] = max(fact.numbers, newest.get(fact.subject, 0))
    return newest


def remember(facts: list[Fact], fact: Fact) -> list[Fact]:
    """Return what a browser keeps of `facts` once `fact` has happened.

    At most one completion a lesson and one look at its corrections, one start a path, the last `RECENT` lessons
    opened and the last `ANSWERS` answers and `GRADES` grades are kept, so a session stays small however long its
    reader clicks.
    """
    match fact.kind:
        case Kind.OPENED:
            opened = [old for old in facts if old.kind is Kind.OPENED and old.subject != fact.subject]
            others = [old for old in facts if old.kind is not Kind.OPENED]
            return [*others, *opened[1 - RECENT :], fact]
        case Kind.SEEN:
            return [*(old for old in facts if (old.kind, old.subject) != (Kind.SEEN, fact.subject)), fact]
        case Kind.ANSWERED:
            answers = [old for old in facts if old.kind is Kind.ANSWERED]
            others = [old for old in facts if old.kind is not Kind.ANSWERED]
            return facts if answers and is_same_answer(answers[-1], fact) else [*others, *answers[1 - ANSWERS :], fact]
        case Kind.GRADED:
            grades = [old for old in facts if old.kind is Kind.GRADED]
            others = [old for old in facts if old.kind is not Kind.GRADED]
            known = any(old.key == fact.key for old in grades)
            return facts if known else [*others, *grades[1 - GRADES :], fact]
        case Kind.REOPENED:
            return [old for old in facts if (old.kind, old.subject) != (Kind.COMPLETED, fact.subject)]
        case _:
            known = any((old.kind, old.subject) == (fact.kind, fact.subject) for old in facts)
            return facts if known else [*facts, fact]


def is_same_answer(one: Fact, other: Fact) -> bool:
    """Whether two answers in a row are one: the button pressed twice."""
    return (one.subject, one.answer) == (other.subject, other.answer)


def forget(facts: list[Fact], keys: frozenset[UUID]) -> list[Fact]:
    return [fact for fact in facts if fact.key not in keys]


def pack(facts: Iterable[Fact]) -> Packed:
    """Return `facts` as a session can hold them; `unpack` is the way back."""
    return [
        [
            fact.key.hex,
            fact.kind.value,
            fact.subject,
            fact.at.isoformat(),
            *([str(fact.numbers)] if fact.numbers is not None else [""] if fact.answer else []),
            *([str(fact.answer.seed), fact.answer.text, fact.answer.verdict] if fact.answer else []),
        ]
        for fact in facts
    ]


def unpack(packed: Packed) -> list[Fact]:
    return [
        Fact(
            UUID(key),
            Kind(kind),
            subject,
            datetime.fromisoformat(at),
            numbers=int(rest[0]) if rest and rest[0] else None,
            answer=Answer(int(rest[1]), rest[2], rest[3]) if rest[1:] else None,
        )
        for key, kind, subject, at, *rest in packed
    ]
