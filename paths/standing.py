"""Where a reader stands in a path: plain Python over a path's steps and what the reader has done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from modules.http import Study
from paths.models import LearningPath, Step


@dataclass(frozen=True)
class Stop:
    """One step of a path as its reader meets it."""

    step: Step
    is_done: bool
    is_next: bool


@dataclass(frozen=True)
class Standing:
    """How far a reader is in one path. Lessons not written yet count nowhere: nobody could finish them."""

    path: LearningPath
    started: bool
    stops: Sequence[Stop]
    at: str = ""  # the lesson whose page asks, if it is one of the path's

    @property
    def written(self) -> list[Stop]:
        return [stop for stop in self.stops if stop.step.module.is_written]

    @property
    def done(self) -> int:
        return sum(stop.is_done for stop in self.written)

    @property
    def total(self) -> int:
        return len(self.written)

    @property
    def planned(self) -> int:
        return len(self.stops) - self.total

    @property
    def percent(self) -> int:
        """Rounded down: 100 means that nothing is left."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def minutes_left(self) -> int:
        return sum(stop.step.module.minutes for stop in self.written if not stop.is_done)

    @property
    def next(self) -> Step | None:
        return next((stop.step for stop in self.stops if stop.is_next), None)

    @property
    def around(self) -> tuple[Step | None, Step | None]:
        """The written steps before and after the lesson whose page asks."""
        steps = [None, *(stop.step for stop in self.written), None]
        here = next(index for index, step in enumerate(steps) if step and step.module_id == self.at)
        return steps[here - 1], steps[here + 1]


def standing(path: LearningPath, study: Study | None) -> Standing:
    """Return where the reader stands in `path`, whose steps `with_steps` has brought; without a study, at its start."""
    return _standing(path, path.steps.all(), study)


def standings(study: Study | None) -> list[Standing]:
    """Return where the reader stands in every path that has steps; one query."""
    steps = Step.objects.select_related("path").with_lessons().order_by("path__position", "path", "position")
    return [_standing(path, rows, study) for path, rows in groupby(steps, lambda step: step.path)]


def under_way(study: Study, module_id: str) -> Standing | None:
    """Return where the reader stands in the path with this lesson that they started last; one query at most."""
    if not study.paths:
        return None
    paths = LearningPath.objects.filter(pk__in=study.paths, steps__module=module_id)
    by_path: dict[str, list[Step]] = {}
    for step in Step.objects.filter(path__in=paths).select_related("path").with_lessons():
        by_path.setdefault(step.path_id, []).append(step)
    newest = next((by_path[path_id] for path_id in reversed(study.paths) if path_id in by_path), None)
    return _standing(newest[0].path, newest, study, at=module_id) if newest else None


def _standing(path: LearningPath, steps: Iterable[Step], study: Study | None, *, at: str = "") -> Standing:
    steps = list(steps)
    completed = study.completed if study is not None else frozenset()
    goal = _next(steps, completed, study.last_opened if study is not None else None)
    stops = [Stop(step, step.module_id in completed, step is goal) for step in steps]
    return Standing(path, study is not None and path.pk in study.paths, stops, at)


def _next(steps: Sequence[Step], completed: Set[str], last_opened: str | None) -> Step | None:
    """Return the step to go on with: where the reader was, if that is not done, else the first that is not."""
    waiting = [step for step in steps if step.module.is_written and step.module_id not in completed]
    return next((step for step in waiting if step.module_id == last_opened), waiting[0] if waiting else None)
