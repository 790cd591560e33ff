"""What section by section is measured."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from bench import fill
from bench.report import Result
from bench.serving import server
from modules import content, publishing
from modules.models import Module
from modules.shared import forget
from paths.models import Step
from progress import events
from progress.models import StudyEvent

LESSON = "attention"
OTHER_LESSON = "kv-cache"
ROUNDS = 5
SECONDS = 2.0


def loading() -> list[Result]:
    """Load all fixtures into an empty database."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    started = time.perf_counter()
    call_command("load", verbosity=0)
    elapsed = time.perf_counter() - started
    call_command("collectstatic", verbosity=0, interactive=False)
    lessons = Module.objects.written().count()
    return [Result("load of all fixtures from empty", elapsed, 60, "s", note=f"{lessons} lessons written")]


def saving() -> list[Result]:
    """Save one lesson that no other prints numbers of."""
    module = Module.objects.get(pk=LESSON)
    module.body = module.body.replace("\n## ", "\n\n## ", 1) + "\nOne more sentence.\n"
    module.save(update_fields=["body"])
    started = time.perf_counter()
    refreshed = publishing.publish([module.path])
    elapsed = time.perf_counter() - started
    others = [name for name in refreshed.rendered if name != LESSON]
    return [
        Result("saving one lesson", elapsed, 5, "s"),
        Result("other lessons rendered, none of which depends on it", len(others), 0),
    ]


def page_weight() -> list[Result]:
    """Count what a first view of a lesson fetches, compressed as served."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        html = Client().get(reverse("modules:module", args=[LESSON])).content.decode()
    static = Path(settings.STATIC_ROOT)
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    styles = {name for name in files if name.endswith(".css")}
    fonts = {
        str((Path(name).parent / font).as_posix())
        for name in styles
        for font in re.findall(r"url\(\"?([^\")]+\.woff2)", (static / name).read_text())
    }
    fonts = {os.path.normpath(font) for font in fonts}
    page = len(brotli.compress(html.encode(), quality=9))
    css, scripts = sum(map(_served, styles)), sum(_served(name) for name in files if name.endswith(".js"))
    faces = sum((static / font).stat().st_size for font in fonts)
    return [
        Result("first view of a lesson: HTML, CSS and every font", (page + css + faces) / 1000, 300, "KB"),
        Result("script of a lesson", scripts / 1000, 60, "KB"),
    ]


def _served(name: str) -> int:
    compressed = Path(settings.STATIC_ROOT, f"{name}.br")
    return (compressed if compressed.exists() else Path(settings.STATIC_ROOT, name)).stat().st_size


def throughput() -> list[Result]:
    """Compare shared pages with bare views of the same bytes, under the same workers in the same run."""
    results = []
    with server() as (port, pid):
        for what, address in (("lesson", reverse("modules:module", args=[LESSON])), ("raw", f"/raw/{LESSON}.md")):
            ours, bare = [], []
            for _ in range(ROUNDS):
                bare.append(_hammer(port, f"/bare{address}"))
                ours.append(_hammer(port, address))
            ratio = statistics.median(ours) / statistics.median(bare)
            note = f"{statistics.median(ours):,.0f} against {statistics.median(bare):,.0f} requests/s"
            results.append(Result(f"anonymous {what} over a bare view", ratio, 0.75, at_least=True, note=note))
        peak = max(_peak_mb(worker) for worker in _children(pid))
    return [*results, Result("peak memory of one worker", peak, 200, "MB")]


def _hammer(port: int, address: str) -> float:
    command = [sys.executable, "-m", "bench.load", str(port), address, str(SECONDS)]
    return float(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _peak_mb(pid: int) -> float:
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(peak[1]) * 1024 / 1e6 if peak else 0.0


def queries() -> list[Result]:
    """Count the queries of a signed-in reader's pages, small and a hundred times larger."""
    reader = User.objects.create_user("reader", "reader@example.org", "a long password 1")
    path = Step.objects.filter(module=LESSON).values_list("path", flat=True)[0]
    events.record(reader, StudyEvent.Kind.STARTED_PATH, path)
    content.current()  # a process reads the numbers once, whoever asks
    results = []
    for lessons, history in ((84, 1_000), (8_400, 1_000_000)):
        fill.modules(lessons)
        fill.events(history, reader)
        note = f"{lessons:,} modules, {history:,} events"
        lesson, home = _count(reader, reverse("modules:module", args=[LESSON])), _count(reader, "/")
        results += [
            Result("queries of a signed-in lesson", lesson, 6, note=note),
            Result("queries of home with a reader's progress", home, 8, note=note),
        ]
    return results


def _count(reader: User, address: str) -> int:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(reader)
    client.get(reverse("modules:module", args=[OTHER_LESSON]))
    most = 0
    for _ in range(2):  # the first view is also remembered as the place where the reader is
        forget()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")
        most = max(most, len(captured))
    return most
