"""The one place where progress is written: events, and the completions they come to, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from modules.models import Module
from paths.models import LearningPath
from progress.facts import Fact, Kind, completions
from progress.models import Completion, StudyEvent


def record(
    user: User, kind: Kind, subject: str, at: datetime | None = None, anchor: str = "", numbers: int | None = None
) -> bool:
    """Append that `user` did this now, or at `at`; return False, and append nothing, where it was so already."""
    fact = Fact.new(kind, subject, at or timezone.now(), anchor, numbers)
    if kind in (
        Kind.OPENED,
        Kind.LEFT,
        Kind.SEEN,
    ):  # says nothing about completions, so there is nothing to keep in step with
        _row(user, fact).save()
        return True
    with _alone(user):
        if _is_so(user, kind, subject):
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
        subjects = [fact.subject for fact in facts]
        modules = set(Module.objects.filter(pk__in=subjects).values_list("pk", flat=True))
        paths = set(LearningPath.objects.filter(pk__in=subjects).values_list("pk", flat=True))
        new = [
            fact
            for fact in facts
            if fact.key not in known and fact.subject in (paths if fact.kind is Kind.STARTED_PATH else modules)
        ]
        _append(user, new)
        return len(new)


def rebuild(user: User) -> None:
    """Make the completions of `user` once more, from nothing but their events."""
    with _alone(user):
        _keep(user, dict(user.completions.values_list("module_id", "at")), completions(facts_of(user)))


def facts_of(user: User) -> Iterator[Fact]:
    """Yield everything `user` has done, in the order in which it was recorded."""
    rows = user.events.order_by("pk").values_list("key", "kind", "module_id", "path_id", "at", "anchor", "numbers")
    for key, kind, module_id, path_id, at, anchor, numbers in rows.iterator():
        yield Fact(key, Kind(kind), module_id or path_id or "", at, anchor, numbers)


@contextmanager
def _alone(user: User) -> Iterator[None]:
    """Open a transaction in which nobody else writes the progress of `user`: two clicks at once queue up here."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        yield


def _is_so(user: User, kind: Kind, subject: str) -> bool:
    if kind is Kind.STARTED_PATH:
        return user.events.filter(kind=kind, path=subject).exists()
    return user.completions.filter(module=subject).exists() is (kind is Kind.COMPLETED)


def _append(user: User, facts: Sequence[Fact]) -> None:
    StudyEvent.objects.bulk_create(_row(user, fact) for fact in facts)
    touched = {fact.subject for fact in facts if fact.kind in (Kind.COMPLETED, Kind.REOPENED)}
    before = dict(user.completions.filter(module__in=touched).values_list("module_id", "at"))
    _keep(user, before, completions(facts, before))


def _row(user: User, fact: Fact) -> StudyEvent:
    is_path = fact.kind is Kind.STARTED_PATH
    module_id, path_id = (None, fact.subject) if is_path else (fact.subject, None)
    return StudyEvent(
        user=user,
        key=fact.key,
        kind=fact.kind,
        module_id=module_id,
        path_id=path_id,
        at=fact.at,
        anchor=fact.anchor,
        numbers=fact.numbers,
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
