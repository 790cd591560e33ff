"""One sitting of an exam: a seed, a clock and a beginning. All of it is its address, so nothing is stored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.http import QueryDict
from django.urls import reverse

from modules.drills.draws import SEEDS
from progress.bank.mock import MORE_MINUTES, MOST_MINUTES, whole
from progress.facts import Window


@dataclass(frozen=True)
class Sitting:
    """Minutes of None: without a clock. A seed of None is still to be drawn, a start of None to be begun."""

    module_id: str
    seed: int | None = None
    minutes: int | None = None
    start: datetime | None = None

    @classmethod
    def read(cls, module_id: str, given: QueryDict, now: datetime) -> Sitting | None:
        """Read the sitting an address names; None where it names none that can be."""
        seed = whole(given.get("seed", ""), 0, SEEDS - 1)
        minutes = whole(given.get("minutes", ""), 1, MOST_MINUTES)
        start = whole(given.get("start", ""), 0, int(now.timestamp()))
        named = {"seed": seed, "minutes": minutes, "start": start}
        if any(given.get(name) and value is None for name, value in named.items()):
            return None
        if start is not None and seed is None:
            return None
        began = None if start is None else datetime.fromtimestamp(start, UTC)
        return cls(module_id, seed, minutes, began)

    def begun(self, now: datetime, minutes: int | None) -> Sitting:
        seed = secrets.randbelow(SEEDS) if self.seed is None else self.seed
        return replace(self, seed=seed, start=now, minutes=minutes)

    @property
    def address(self) -> str:
        start = None if self.start is None else int(self.start.timestamp())
        query = QueryDict(mutable=True)
        for name, value in (("seed", self.seed), ("minutes", self.minutes), ("start", start)):
            if value is not None:
                query[name] = str(value)
        path = reverse("progress:exam", args=[self.module_id])
        return f"{path}?{query.urlencode()}" if query else path

    @property
    def window(self) -> Window:
        """The grades that belong to this sitting."""
        return Window(seed=self.seed, since=self.start)

    @property
    def later(self) -> str:
        """The address of the same with more time."""
        return replace(self, minutes=min((self.minutes or 0) + MORE_MINUTES, MOST_MINUTES)).address

    @property
    def unclocked(self) -> str:
        return replace(self, minutes=None).address

    @property
    def share(self) -> str:
        """The address of the same draw, not begun."""
        return replace(self, start=None, minutes=None).address

    def left_s(self, now: datetime) -> int | None:
        """Return the seconds until the clock has run out, less than none after that; None where there is no clock."""
        if self.start is None or self.minutes is None:
            return None
        return int((self.start + timedelta(minutes=self.minutes) - now).total_seconds())
