"""What a reader did, before it is a row: what a list of it comes to, and how a browser remembers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID, uuid4

from progress.models import StudyEvent

Kind = StudyEvent.Kind
Packed: TypeAlias = list[list[str]]

RECENT = 8  # opened lessons a browser remembers, and a dashboard shows


class Fact(NamedTuple):
    """Something a reader did; `key` tells it from every other, so that sending it twice adds it once."""

    key: UUID
    kind: Kind
    subject: str  # the id of a path when one was started, else of a lesson
    at: datetime
    anchor: str = ""  # of the section in which a lesson was left; on accounts only
    numbers: int | None = None  # the version of the numbers with which a lesson was completed or seen again

    @classmethod
    def new(cls, kind: Kind, subject: str, at: datetime, anchor: str = "", numbers: int | None = None) -> Fact:
        return cls(uuid4(), kind, subject, at, anchor, numbers)


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

    At most one completion a lesson and one look at its corrections, one start a path and the last `RECENT`
    lessons opened are kept, so a session stays small however long its reader clicks.
    """
    match fact.kind:
        case Kind.OPENED:
            opened = [old for old in facts if old.kind is Kind.OPENED and old.subject != fact.subject]
            others = [old for old in facts if old.kind is not Kind.OPENED]
            return [*others, *opened[1 - RECENT :], fact]
        case Kind.SEEN:
            return [*(old for old in facts if (old.kind, old.subject) != (Kind.SEEN, fact.subject)), fact]
        case Kind.REOPENED:
            return [old for old in facts if (old.kind, old.subject) != (Kind.COMPLETED, fact.subject)]
        case _:
            known = any((old.kind, old.subject) == (fact.kind, fact.subject) for old in facts)
            return facts if known else [*facts, fact]


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
            *([] if fact.numbers is None else [str(fact.numbers)]),
        ]
        for fact in facts
    ]


def unpack(packed: Packed) -> list[Fact]:
    return [
        Fact(UUID(key), Kind(kind), subject, datetime.fromisoformat(at), numbers=int(rest[0]) if rest else None)
        for key, kind, subject, at, *rest in packed
    ]
