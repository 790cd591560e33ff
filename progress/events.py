"""The one place where progress is written: events, and the completions they come to, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import BooleanField, Case, Value, When
from django.utils import timezone

from modules.models import Module
from paths.models import LearningPath
from progress.facts import ANSWERS, Answer, Fact, Grade, Kind, Window, completions, is_same_answer
from progress.models import Completion, StudyEvent


def record(
    user: User,
    kind: Kind,
    subject: str,
    at: datetime | None = None,
    anchor: str = "",
    numbers: int | None = None,
    answer: Answer | None = None,
    key: UUID | None = None,
) -> bool:
    """Append that `user` did this now, or at `at`; return False, and append nothing, where it was so already."""
    fact = Fact.new(kind, subject, at or timezone.now(), anchor, numbers, answer, key)
    if kind in (
        Kind.OPENED,
        Kind.LEFT,
        Kind.SEEN,
    ):  # says nothing about completions, so there is nothing to keep in step with
        _row(user, fact).save()
        return True
    with _alone(user):
        if _is_so(user, fact):
            return False
        _append(user, [fact])
        return True


def merge(user: User, facts: Iterable[Fact]) -> int:
    """Append those of `facts` whose keys `user` does not have yet, and return how many; nothing is taken away.

    What happened in a lesson or path that has since left the notebook is left out.
    """
    facts = list({fact.key: fact for fact in facts}.values())
    with _alone(user):
        known = set(user.events.filter(key__in=[fact.key for fact in facts]).values_list("key", flat=True))
        modules = set(Module.objects.filter(pk__in={fact.module_id for fact in facts}).values_list("pk", flat=True))
        started = [fact.subject for fact in facts if fact.kind is Kind.STARTED_PATH]
        paths = set(LearningPath.objects.filter(pk__in=started).values_list("pk", flat=True))
        new = [
            fact
            for fact in facts
            if fact.key not in known
            and (fact.subject in paths if fact.kind is Kind.STARTED_PATH else fact.module_id in {*modules, None})
        ]
        _append(user, new)
        return len(new)


def rebuild(user: User) -> None:
    """Make the completions of `user` once more, from nothing but their events."""
    with _alone(user):
        _keep(user, dict(user.completions.values_list("module_id", "at")), completions(facts_of(user)))


def facts_of(user: User) -> Iterator[Fact]:
    """Yield everything `user` has done, in the order in which it was recorded."""
    for row in user.events.order_by("pk").iterator():
        yield fact_of(row)


def answers_of(user: User) -> list[Fact]:
    """Return the last answers of `user` to drills, the newest first."""
    return [fact_of(row) for row in user.events.filter(kind=Kind.ANSWERED).newest_first()[:ANSWERS]]


def grades_of(user: User, window: Window) -> list[Fact]:  # see also facts.latest_grades
    """Return the last grade that `user` gave, and the last the ledger gave, to each question in `window`."""
    given = user.events.filter(kind=Kind.GRADED, **window.lookups)
    own = Case(When(verdict__in=list(Grade), then=True), default=Value(False), output_field=BooleanField())
    latest = given.annotate(is_own=own).order_by("module_id", "question", "is_own", "-at", "-key")
    return [fact_of(row) for row in latest.distinct("module_id", "question", "is_own")]


def every_grade_of(user: User, window: Window) -> list[Fact]:  # see also facts.every_grade
    """Return the grades of `user` in `window`, the oldest first."""
    return [fact_of(row) for row in user.events.filter(kind=Kind.GRADED, **window.lookups).order_by("at", "key")]


def fact_of(row: StudyEvent) -> Fact:
    subject = row.drill or row.module_id or row.path_id or ""
    if row.question:
        subject = f"{row.module_id}:{row.question}"
    answer = None if row.seed is None else Answer(row.seed, row.answer, row.verdict)
    return Fact(row.key, Kind(row.kind), subject, row.at, row.anchor, row.numbers, answer)


@contextmanager
def _alone(user: User) -> Iterator[None]:
    """Open a transaction in which nobody else writes the progress of `user`: two clicks at once queue up here."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        yield


def _is_so(user: User, fact: Fact) -> bool:
    if fact.kind is Kind.STARTED_PATH:
        return user.events.filter(kind=fact.kind, path=fact.subject).exists()
    if fact.kind is Kind.ANSWERED:
        newest = user.events.filter(kind=fact.kind).newest_first().first()
        return newest is not None and is_same_answer(fact_of(newest), fact)
    if fact.kind is Kind.GRADED:
        return user.events.filter(key=fact.key).exists()
    return user.completions.filter(module=fact.subject).exists() is (fact.kind is Kind.COMPLETED)


def _append(user: User, facts: Sequence[Fact]) -> None:
    StudyEvent.objects.bulk_create(_row(user, fact) for fact in facts)
    touched = {fact.subject for fact in facts if fact.kind in (Kind.COMPLETED, Kind.REOPENED)}
    before = dict(user.completions.filter(module__in=touched).values_list("module_id", "at"))
    _keep(user, before, completions(facts, before))


def _row(user: User, fact: Fact) -> StudyEvent:
    return StudyEvent(
        user=user,
        key=fact.key,
        kind=fact.kind,
        module_id=fact.module_id,
        path_id=fact.subject if fact.kind is Kind.STARTED_PATH else None,
        at=fact.at,
        anchor=fact.anchor,
        numbers=fact.numbers,
        drill=fact.subject if fact.kind is Kind.ANSWERED else "",
        question=fact.subject.partition(":")[2] if fact.kind is Kind.GRADED else "",
        seed=fact.answer.seed if fact.answer else None,
        answer=fact.answer.text if fact.answer else "",
        verdict=fact.answer.verdict if fact.answer else "",
    )


def _keep(user: User, before: Mapping[str, datetime], after: Mapping[str, datetime]) -> None:
    """Bring the completions from what they are, `before`, to what they should be, `after`."""
    gone = before.keys() - after.keys()
    if gone:
        user.completions.filter(module__in=gone).delete()
    Completion.objects.bulk_create(
        [Completion(user=user, module_id=pk, at=at) for pk, at in after.items() if before.get(pk) != at],
        update_conflicts=True,
        unique_fields=["user", "module"],
        update_fields=["at"],
    )
