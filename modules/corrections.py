"""Numbers that say something else than they did: for whoever read them then, and for the changelog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from modules import content
from modules.defences import Defended
from modules.models import Module, NumberChange


@dataclass(frozen=True)
class Correction:
    """What a number said, what it says, since when, and in which of the lessons asked for."""

    number: str
    before: str
    now: str
    at: datetime
    lessons: list[tuple[str, str]] = field(default_factory=list)  # id and title

    @property
    def defended(self) -> Defended | None:
        """The number as it is today, if it is still there."""
        today = content.current()
        return Defended(today.numbers[self.number], today) if self.number in today.numbers else None

    @property
    def label(self) -> str:
        """What it is called; one that lessons share says whose it is, since “Price” alone says little."""
        if self.defended is None:
            return self.number
        label = self.defended.number.label
        return f"{label} ({self.number})" if self.defended.is_shared else label


def since(seen: Mapping[str, int], version: int) -> list[Correction]:
    """Return what differs from the lessons' numbers as `seen`: a version of the numbers for each lesson's id.

    A number of two lessons counts once, unless they were seen with two values. `version` is today's; no query
    where nothing has changed since, else two.
    """
    if not seen or version <= min(seen.values()):
        return []
    lessons = list(Module.objects.written().filter(pk__in=seen).values_list("pk", "title", "uses__numbers"))
    history: dict[str, list[NumberChange]] = {}
    wanted = {number for _pk, _title, numbers in lessons for number in numbers or ()}
    changed = NumberChange.objects.filter(number__in=wanted, pk__gt=min(seen.values())).values("number")
    for row in NumberChange.objects.filter(number__in=changed).order_by("pk"):
        history.setdefault(row.number, []).append(row)
    found: dict[tuple[str, str], Correction] = {}
    for pk, title, numbers in lessons:
        for number in numbers or ():
            rows = history.get(number, [])
            before = next((row.value for row in reversed(rows) if row.pk <= seen[pk]), "")
            if not before or before == rows[-1].value or rows[-1].how.startswith("assumed"):
                continue
            made = Correction(number, before, rows[-1].value, rows[-1].at)
            found.setdefault((number, before), made).lessons.append((pk, title))
    return sorted(found.values(), key=lambda one: (one.at, one.number), reverse=True)


def between(after: datetime | None = None, before: datetime | None = None) -> list[Correction]:
    """Return the corrections of a stretch of time, newest first; it begins after `after` and ends with `before`."""
    rows = NumberChange.objects.corrections()
    if after:
        rows = rows.filter(at__gt=after)
    if before:
        rows = rows.filter(at__lte=before)
    return [Correction(row.number, row.before, row.value, row.at) for row in rows]  # type: ignore[attr-defined]
