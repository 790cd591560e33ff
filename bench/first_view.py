"""What a reader on a mid-range phone waits for: every lesson, opened cold in a throttled Chromium.

The throttle is Chromium's own (the DevTools protocol): each answer begins 150 ms after its request at the earliest
and all of them share 1.6 Mbit/s; connections cost nothing extra. Beside each lesson stands the same HTML without
anything it asks for, from the same server through the same throttle: what is above that is ours to answer for.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bench.report import show_progress
from bench.serving import server
from modules.models import Module
from tools import chromium

LOADS = 5
VIEWPORT: ViewportSize = {"width": 390, "height": 844}
CPU_SLOWDOWN = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SETTLES_IN_MS = 1500  # after the load event; long tasks and shifts until then count

# Long tasks count from the first paint with content on, and only what each takes beyond 50 ms; layout shifts are all
# added up, which is stricter than the worst window of five seconds. Definitions: web.dev/articles/vitals.
OBSERVE = """
(() => {
  const seen = window.seen = { paint: 0, tasks: [], shift: 0 };
  const watch = (type, use) =>
    new PerformanceObserver(list => list.getEntries().forEach(use)).observe({ type, buffered: true });
  watch("largest-contentful-paint", entry => { seen.paint = entry.startTime; });
  watch("longtask", entry => { seen.tasks.push([entry.startTime, entry.duration]); });
  watch("layout-shift", entry => { seen.shift += entry.value; });
})();
"""
READ = """
() => {
  const first = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  const blocked = seen.tasks.filter(([start]) => start >= first).reduce((sum, [, ms]) => sum + ms - 50, 0);
  return [seen.paint / 1000, blocked, seen.shift];
}
"""


@dataclass(frozen=True)
class Load:
    """One cold load, or the medians of several, in the units of LIMITS."""

    paint_s: float
    blocked_ms: float
    shift: float
    view_kb: float
    script_kb: float
    foreign: float


LIMITS = Load(paint_s=1.0, blocked_ms=50, shift=0.02, view_kb=300, script_kb=60, foreign=0)
COLUMNS = ("largest paint, s", "blocked, ms", "shift", "view, KB", "script, KB", "other hosts")


@dataclass(frozen=True)
class FirstView:
    """How one lesson loads, beside the same HTML alone."""

    lesson: str
    load: Load
    bare: Load

    @property
    def holds(self) -> bool:
        return all(getattr(self.load, field.name) <= getattr(LIMITS, field.name) for field in fields(Load))

    def line(self) -> str:
        mark = "ok  " if self.holds else "FAIL"
        return f"{mark}  {self.lesson:<26}{_cells(self.load)}   its HTML alone paints at {self.bare.paint_s:.2f} s"


@dataclass(frozen=True)
class Heading:
    """The line above the lessons: what is measured, and the limits."""

    holds: bool = True

    def line(self) -> str:
        names = "".join(f"{name:>18}" for name in COLUMNS)
        first = f"\nfirst view on a throttled phone, medians of {LOADS} cold loads"
        return f"{first}\n{'':32}{names}\n{'':6}{'at most':<26}{_cells(LIMITS)}"


def _cells(load: Load) -> str:
    return "".join(f"{getattr(load, field.name):>18,.4g}" for field in fields(Load))


def first_views() -> Iterator[Heading | FirstView]:
    """Open each lesson cold on a throttled phone and measure what the reader waits for."""
    program = chromium.find() or sys.exit(chromium.ADVICE)
    lessons = {module.pk: module.get_absolute_url() for module in Module.objects.written()}
    yield Heading()
    with server() as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        for name, address in lessons.items():
            loads: dict[str, list[Load]] = {"": [], "/alone": []}
            for turn in range(LOADS + 1):  # the first of each makes the page on the server and does not count
                for prefix, measured in loads.items():
                    load = _open(browser, f"http://127.0.0.1:{port}{prefix}{address}")
                    if turn:
                        measured.append(load)
                show_progress(f"{name}, cold load {turn} of {LOADS}")
            yield FirstView(name, _median(loads[""]), _median(loads["/alone"]))
        browser.close()


def _median(loads: list[Load]) -> Load:
    return Load(*(statistics.median(getattr(load, field.name) for load in loads) for field in fields(Load)))


def _open(browser: Browser, url: str) -> Load:
    with browser.new_context(
        viewport=VIEWPORT, device_scale_factor=2, has_touch=True, is_mobile=True, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.add_init_script(OBSERVE)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        with _traffic(session, urlsplit(url).netloc) as traffic:
            page.goto(url, wait_until="load")
            page.wait_for_timeout(SETTLES_IN_MS)
        view_kb, script_kb, foreign = traffic.view / 1000, traffic.script / 1000, traffic.foreign
        paint_s, blocked_ms, _ = page.evaluate(READ)
        # Nothing may move under a reader who scrolls on, either.
        page.evaluate("for (let i = 1; i <= 4; i++) setTimeout(() => scrollBy(0, innerHeight), i * 50)")
        page.wait_for_timeout(300)
        _, _, shift = page.evaluate(READ)
        return Load(paint_s, blocked_ms, shift, view_kb, script_kb, foreign)


@dataclass
class Traffic:
    """Bytes as they crossed the wire, headers included."""

    view: float = 0
    script: float = 0
    foreign: int = 0


@contextmanager
def _traffic(session: Any, host: str) -> Iterator[Traffic]:
    traffic, kinds = Traffic(), {}

    def on_request(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]
        asked = urlsplit(event["request"]["url"])
        traffic.foreign += asked.scheme != "data" and asked.netloc != host

    def on_finished(event: dict[str, Any]) -> None:
        traffic.view += event["encodedDataLength"]
        traffic.script += event["encodedDataLength"] if kinds.get(event["requestId"]) == "Script" else 0

    session.on("Network.requestWillBeSent", on_request)
    session.on("Network.loadingFinished", on_finished)
    yield traffic
    session.remove_listener("Network.requestWillBeSent", on_request)
    session.remove_listener("Network.loadingFinished", on_finished)
