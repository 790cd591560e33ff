"""What the promise of the notebook comes to, counted: every figure of the trust page comes from here, none is typed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median

from django.db.models import Count, Max, Min
from django.utils.translation import gettext_lazy as _

from modules import ages, prices, programs
from modules.content import Content
from modules.ledger import owner
from modules.models import CodeRun, Module, Report, Revision, Source

KINDS = {
    "cited": _("cited from a source"),
    "computed": _("computed by a formula"),
    "assumed": _("assumed with a reason"),
}
NUMERALS = {
    "ledger": _("printed from the ledger"),
    "cited": _("in a sentence, row or caption that cites a source"),
    "maths": _("in formulas, code and derivations"),
    "toy": _("marked as belonging to a toy example"),
    "name": _("part of a name, or the year of a citation"),
    "count": _("bare counts up to twelve"),
}


def percent(part: int, whole: int) -> str:
    """Return a share rounded down, so that what is not all never says 100%; an empty whole is all there."""
    tenths = math.floor(1000 * part / whole) if whole else 1000
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10}%"


@dataclass(frozen=True)
class Lesson:
    """One lesson, counted."""

    module: Module
    kinds: Counter[str]  # of the numbers in its own ledger
    broken: list[str]  # what is wrong with those that have no value
    run: CodeRun | None  # of its code, on whatever text it was
    oldest_price: str
    sources: int
    opened: int  # of these sources
    open_reports: int
    is_overtaken: bool = False  # whether files of other lessons, which its code imports, have changed since

    @property
    def numerals(self) -> Counter[str]:
        return Counter(self.module.tally.get("numerals", {}))

    @property
    def undefended(self) -> int:
        undefended: int = self.module.tally.get("undefended", 0)
        return undefended

    @property
    def defended(self) -> str:
        """The share of all its numbers, in the ledger and in the text, that something holds up."""
        held = self.kinds.total() + self.numerals.total()
        return percent(held, held + self.undefended + len(self.broken))

    @property
    def derivations(self) -> list[str]:
        found: list[str] = self.module.tally.get("derivations", [])
        return found

    @property
    def is_run(self) -> bool:
        """Whether the code that stands in the lesson now is the code that was run."""
        return self.run is not None and self.run.code == self.module.tally.get("code") and not self.is_overtaken

    @property
    def checked(self) -> int:
        """How many derivations hold, as far as their code was run on this very text."""
        passed = self.run.passed if self.run and self.is_run else []
        return len(set(passed).intersection(self.derivations))


@dataclass(frozen=True)
class Sources:
    """The sources of one type."""

    kind: Source.Kind
    total: int
    opened: int
    oldest: date | None  # of the days on which they were opened


@dataclass(frozen=True)
class Prices:
    """The prices that authors gave, by the day on which they were seen."""

    total: int
    stale: int
    median_days: float | None
    oldest: str


@dataclass(frozen=True)
class Trust:
    """The whole notebook, counted."""

    kinds: Counter[str]
    broken: Mapping[str, list[str]]
    lessons: list[Lesson]
    sources: list[Sources]
    prices: Prices
    reports: Mapping[str, int]  # by state
    time_to_fix: timedelta | None
    recomputed_at: datetime | None

    @property
    def numbers(self) -> int:
        return self.kinds.total()

    @cached_property
    def numerals(self) -> Counter[str]:
        return sum((lesson.numerals for lesson in self.lessons), Counter())

    @property
    def numeral_count(self) -> int:
        return self.numerals.total()

    @property
    def undefended(self) -> int:
        return sum(lesson.undefended for lesson in self.lessons)

    @property
    def defended(self) -> str:
        held = self.numbers + self.numerals.total()
        return percent(held, held + self.undefended + len(self.broken))

    @property
    def by_kind(self) -> list[tuple[str, object, int, str]]:
        return [(kind, text, self.kinds[kind], percent(self.kinds[kind], self.numbers)) for kind, text in KINDS.items()]

    @property
    def by_defence(self) -> list[tuple[object, int]]:
        return [(text, self.numerals[kind]) for kind, text in NUMERALS.items()]

    @property
    def derivations(self) -> int:
        return sum(len(lesson.derivations) for lesson in self.lessons)

    @property
    def checked(self) -> int:
        return sum(lesson.checked for lesson in self.lessons)

    @property
    def unchecked(self) -> list[Lesson]:
        """The lessons with a derivation whose code is not known to hold."""
        return [lesson for lesson in self.lessons if lesson.checked < len(lesson.derivations)]

    @property
    def ran_at(self) -> datetime | None:
        """When code was last run here."""
        return max((one.run.ran_at for one in self.lessons if one.run and one.run.ran_at), default=None)

    @property
    def run_since(self) -> date | None:
        """The oldest day from which a result is that counts here."""
        return min((one.run.since for one in self.lessons if one.run and one.is_run), default=None)

    @property
    def source_count(self) -> int:
        return sum(row.total for row in self.sources)

    @property
    def opened_count(self) -> int:
        return sum(row.opened for row in self.sources)

    @property
    def days_to_fix(self) -> float | None:
        return self.time_to_fix / timedelta(days=1) if self.time_to_fix is not None else None


def edition() -> Hashable:
    """Return what changes whenever one of the figures may; three quick queries."""
    runs = CodeRun.objects.aggregate(Count("pk"), Max("written_at"))
    reports = Report.objects.aggregate(Count("pk"), Count("closed_at"), Max("at"), Max("closed_at"))
    return Revision.objects.edition(), *runs.values(), *reports.values()


def read(content: Content, today: date) -> Trust:
    """Count everything; eight queries, whatever the size of the notebook."""
    opened = {key for key, source in content.sources.items() if source.checked_on}
    reports = Counter(re.split("[:#]", about)[0] for about in Report.objects.open().values_list("about", flat=True))
    states = dict(Report.objects.order_by().values_list("state").annotate(Count("pk")))
    runs = CodeRun.objects.in_bulk()
    program = programs.digest(programs.files())
    kinds: dict[str, Counter[str]] = {}
    for key, number in content.numbers.items():
        kinds.setdefault(owner(key)[:-1], Counter())[number.kind] += 1
    modules = Module.objects.written().listed().defer(None).select_related("part")
    newest = Revision.objects.values_list("at", flat=True).first()
    return Trust(
        kinds=sum(kinds.values(), Counter()),
        broken=content.graph.problems,
        lessons=[
            _lesson(module, content, kinds, runs.get(module.pk), program, opened, reports[module.pk])
            for module in modules.only("title", "part__title", "reviewed", "uses", "tally")
        ],
        sources=_sources(),
        prices=_prices(content, today),
        reports=states,
        time_to_fix=Report.objects.time_to_fix(),
        recomputed_at=newest,
    )


def _lesson(
    module: Module,
    content: Content,
    kinds: Mapping[str, Counter[str]],
    run: CodeRun | None,
    program: str,
    opened: set[str],
    open_reports: int,
) -> Lesson:
    cited = set(module.uses.get("sources", []))
    entries = [content.entries[key] for key in module.uses.get("numbers", []) if key in content.entries]
    return Lesson(
        module,
        kinds.get(module.pk, Counter()),
        [
            message
            for key, found in content.graph.problems.items()
            if key.startswith(f"{module.pk}:")
            for message in found
        ],
        run,
        min((entry.as_of for entry in entries if prices.is_given(entry) and entry.as_of), default=""),
        len(cited),
        len(cited & opened),
        open_reports,
        run is not None and run.program not in ("", program),
    )


def _sources() -> list[Sources]:
    counted = (
        Source.objects.order_by()
        .values_list("kind")
        .annotate(total=Count("pk"), opened=Count("opened_on"), oldest=Min("opened_on"))
    )
    found = {kind: Sources(Source.Kind(kind), *counts) for kind, *counts in counted}
    return [found[kind] for kind in Source.Kind.values if kind in found]


def _prices(content: Content, today: date) -> Prices:
    seen = sorted(
        entry.as_of
        for key, entry in content.entries.items()
        if key in content.numbers and entry.as_of and prices.is_given(entry)
    )
    return Prices(
        len(seen),
        sum(ages.is_stale(day, today) for day in seen),
        median(ages.days(day, today) for day in seen) if seen else None,
        min(seen, default=""),
    )
