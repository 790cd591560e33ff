"""What a reader's answers come to, for the end of a mock interview and for the dashboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from progress.bank.asking import Asking
from progress.bank.due import so_far
from progress.bank.facets import Row
from progress.bank.reading import AGAIN, DUE, NUMBER, Bank
from progress.bank.results import Area, Result, weak
from progress.facts import Grade, Window
from progress.study import ReaderStudy

SHOWN = {"part": 3, "lesson": 5, "kind": 1}
HEADINGS: dict[str, str | Promise] = {"part": _("By part"), "lesson": _("By lesson"), "kind": _("By kind")}
GRADES: dict[Grade, str | Promise] = {
    Grade.FULL: _("in full"),
    Grade.PARTLY: _("in part"),
    Grade.MISSED: _("missed"),
}


@dataclass(frozen=True)
class Weakness:
    """A weak area, where to read about it, and where to be asked again."""

    area: Area
    title: str | Promise
    reading: str
    again: str


@dataclass(frozen=True)
class Outcome:
    """How some questions went, out of `total`."""

    total: int
    grades: Counter[Grade]
    weaknesses: list[tuple[str | Promise, list[Weakness]]]
    due: list[Row]  # what is to be asked again by now
    ask_due: str

    @property
    def asked(self) -> int:
        return self.grades.total()

    @property
    def is_done(self) -> bool:
        return self.asked == self.total

    @property
    def counted(self) -> list[tuple[int, str | Promise]]:
        return [(self.grades[grade], word) for grade, word in GRADES.items() if self.grades[grade]]


def outcome(found: Mapping[str, Result], rows: Iterable[Row], bank: Bank) -> Outcome:
    """Return what came of these questions; `found` may know of others too."""
    rows = list(rows)
    due = [row for row in rows if row.key in found and found[row.key].is_due]
    grades = Counter(found[row.key].grade for row in rows if row.key in found)
    areas = [(HEADINGS[facet], weak(found, rows, facet)[:most]) for facet, most in SHOWN.items()]
    weaknesses = [(title, [_weakness(area, bank) for area in some]) for title, some in areas if some]
    return Outcome(len(rows), grades, weaknesses, due, Asking(bank, {"seen": DUE}).mock_address)


def _weakness(area: Area, bank: Bank) -> Weakness:
    again = Asking(bank, {area.facet: area.value, "seen": AGAIN})
    reading = {
        "lesson": lambda: reverse("modules:module", args=[area.value]),
        "part": lambda: f"{reverse('home')}#part-{area.value}",
        "kind": lambda: reverse("progress:drills") if area.value == NUMBER else again.here,
    }[area.facet]()
    return Weakness(area, bank.titles[area.facet][area.value], reading, again.mock_address)


def of_reader(study: ReaderStudy, now: datetime) -> Outcome | None:
    """Return what all answers of a reader come to; None where there are none. One query, and three if there are.

    Exams and levers are graded too, under names with a dot, which no question has.
    """
    found = {key: result for key, result in so_far(study, Window(), now).items() if "." not in key}
    if not found:
        return None
    bank = Bank.read(found)
    return outcome(found, bank.rows, bank)
