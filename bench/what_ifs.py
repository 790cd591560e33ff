"""What a reader's own values cost: pages that are computed for one request, measured inside the server's process."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from django.test import Client

from bench.report import Result, show_progress
from modules import content
from modules.explorers import View
from modules.models import Explorer, Module
from modules.shared import forget

REQUESTS = 200  # of which the slowest two are past the 99th percentile
LIMIT_EXPLORER_MS = 100
LIMIT_LESSON_MS = 500
LIMIT_RATIO = 12  # against the page as written, read from the database: a what-if writes all of it again


@dataclass(frozen=True)
class Times:
    """How long requests took, in milliseconds, each also without the time in which the process had to wait."""

    wall: list[float]
    busy: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.wall)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.wall, n=100)[98]

    @property
    def work(self) -> float:
        """What a request is at the median, however busy the machine is with other things."""
        return statistics.median(self.busy)

    @property
    def note(self) -> str:
        at_worst = statistics.quantiles(self.busy, n=100)[98]
        return f"p50 {self.p50:.0f} ms; busy {self.work:.0f} ms, {at_worst:.0f} at p99"


def explorers() -> Iterator[Result]:
    """Ask each explorer for the result of random values, as htmx does while a slider moves."""
    for row in Explorer.objects.all():
        ask = _asking(_moves(row), headers={"hx-request": "true"})
        times = _times(f"explorer {row.name} of {row.module_id}", ask)
        what = f"explorer {row.module_id}/{row.name}, p99 of {REQUESTS}"
        yield Result(what, times.p99, LIMIT_EXPLORER_MS, "ms", note=times.note)


def what_ifs() -> Iterator[Result]:
    """Open each lesson with the inputs of its first explorer changed, and as it is written but not kept in memory."""
    for module in Module.objects.written():
        row = Explorer.objects.filter(module=module).exclude(outputs=[]).first()
        if row is None:
            continue
        addresses = _what_ifs(row)
        times = _times(f"what-if of {module.pk}", _asking(addresses))
        stored = _times(f"{module.pk} as written", _asking(cycle([module.get_absolute_url()]), before=forget))
        what = f"what-if of {module.pk}"
        note = f"{times.work:.0f} ms, as written and not in memory {stored.work:.1f} ms"
        yield Result(f"{what}, p99 of {REQUESTS}", times.p99, LIMIT_LESSON_MS, "ms", note=times.note)
        yield Result(f"{what} over the page as written", times.work / stored.work, LIMIT_RATIO, note=note)


def _times(what: str, ask: Callable[[], tuple[float, float]]) -> Times:
    show_progress(what)
    ask()  # the first parses the lesson and compiles templates, once for each process
    wall, busy = zip(*(ask() for _ in range(REQUESTS)), strict=True)
    return Times(list(wall), list(busy))


def _asking(
    addresses: Iterator[str], *, headers: dict[str, str] | None = None, before: Callable[[], None] = lambda: None
) -> Callable[[], tuple[float, float]]:
    """Return what asks for the next address and says how long that took, and how long the process was busy."""
    client = Client(headers={"host": "127.0.0.1"} | (headers or {}))

    def ask() -> tuple[float, float]:
        address = next(addresses)
        before()
        started, began = time.perf_counter(), time.process_time()
        response = client.get(address)
        elapsed, busy = time.perf_counter() - started, time.process_time() - began
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")
        return elapsed * 1000, busy * 1000

    return ask


def _moves(row: Explorer) -> Iterator[str]:
    """Yield addresses of an explorer with every slider somewhere, the same in each run."""
    chance = random.Random(row.name)
    now = content.current()
    names = [item.name for item in View.of(row, now.graph, now.entries).inputs]
    address = f"/modules/{row.module_id}/explorers/{row.name}/"
    while True:
        yield f"{address}?{'&'.join(f'{name}.at={chance.randint(1, 399)}' for name in names)}"


def _what_ifs(row: Explorer) -> Iterator[str]:
    """Yield addresses of a lesson with values from its explorer that have a result, the same in each run."""
    chance = random.Random(row.module_id)
    now = content.current()
    names = [item.name for item in View.of(row, now.graph, now.entries).inputs]
    while True:
        given = {f"{name}.at": str(chance.randint(150, 250)) for name in names}
        view = View.of(row, now.graph, now.entries, given)
        if not view.failure and view.lesson_query:
            yield f"/modules/{row.module_id}/{view.lesson_query}"
