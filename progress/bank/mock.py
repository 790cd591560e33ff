"""A mock interview: some questions drawn by a seed, and one sitting of it. Both are addresses, so nothing is stored."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from modules.drills.draws import SEEDS
from progress.bank.asking import Asking
from progress.bank.facets import Row, draw
from progress.facts import Window

MOST_QUESTIONS, MOST_MINUTES = 20, 600
QUESTIONS, MINUTES, MORE_MINUTES = 5, 30, 5


@dataclass(frozen=True)
class Mock:
    """How many questions, drawn by which seed, in how many minutes (None: without a clock), begun when.

    A seed of None is a mock still to be drawn; one without a start is not being sat.
    """

    number: int = QUESTIONS
    minutes: int | None = MINUTES
    seed: int | None = None
    start: datetime | None = None
    troubles: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: QueryDict, now: datetime) -> Mock:
        """Read the mock an address names; what cannot be used becomes a sentence."""
        troubles = []
        number = whole(given.get("n", str(QUESTIONS)), 1, MOST_QUESTIONS)
        if number is None:
            troubles.append(_("A mock interview has 1 to %(most)s questions.") % {"most": MOST_QUESTIONS})
        minutes = whole(given.get("minutes", ""), 1, MOST_MINUTES)
        if minutes is None and given.get("minutes", "").strip():
            most = {"most": MOST_MINUTES}
            troubles.append(_("The clock takes 1 to %(most)s minutes; leave it empty for none.") % most)
        seed = whole(given.get("seed", ""), 0, SEEDS - 1)
        if seed is None and given.get("seed"):
            troubles.append(_("A mock interview is named by a number of up to six digits."))
        start = whole(given.get("start", ""), 0, int(now.timestamp()))
        if start is None and given.get("start"):
            troubles.append(_("A mock interview cannot have begun then."))
        began = None if start is None else datetime.fromtimestamp(start, UTC)
        if "n" not in given and "minutes" not in given:
            minutes = MINUTES  # the form as it is before anybody touches it
        return cls(number or QUESTIONS, minutes, seed, began, tuple(troubles))

    def begun(self, now: datetime) -> Mock:
        """Return it as a sitting that begins now; one without a seed gets one."""
        seed = secrets.randbelow(SEEDS) if self.seed is None else self.seed
        return replace(self, seed=seed, start=now)

    def address(self, asking: Asking, page: str = "mock") -> str:
        start = None if self.start is None else int(self.start.timestamp())
        return asking.address(page, n=self.number, minutes=self.minutes, seed=self.seed, start=start)

    @property
    def window(self) -> Window:
        """The grades that belong to this sitting."""
        return Window(seed=self.seed, since=self.start)

    @property
    def before(self) -> Window:
        """The grades that decide what counts as asked before: they stay as they are while the mock is sat."""
        return Window(before=self.start)

    def drawn(self, asking: Asking) -> Sequence[Row]:
        return draw(asking.found, self.seed or 0, self.number)

    def left_s(self, now: datetime) -> int | None:
        """Return the seconds until the clock has run out, less than none after that; None where there is no clock."""
        if self.start is None or self.minutes is None:
            return None
        return int((self.start + timedelta(minutes=self.minutes) - now).total_seconds())


def whole(text: str, low: int, high: int) -> int | None:
    """Return a whole number in bounds; None for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(high))):
        return None
    return int(text) if low <= int(text) <= high else None
