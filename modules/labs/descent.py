"""What became of an optimiser on a surface: its path, the loss above the minimum at every step, and how it went.

Pure Python: no Django, no clock, no settings.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from math import dist, isfinite
from statistics import fmean

from modules.labs import optimizers
from modules.labs.optimizers import Memory, Settings, Step
from modules.labs.surfaces import Point, Surface

OPTIMIZERS: dict[str, Step] = {
    "SGD": optimizers.sgd,
    "Momentum": optimizers.momentum,
    "Sign": optimizers.sign,
    "Adam": optimizers.adam,
    "Adam with L2": optimizers.adam_l2,
    "AdamW": optimizers.adamw,
    "Muon": optimizers.muon,
}
MOST = 300  # steps of a run
FAR = 1e4  # a coordinate beyond which a run has left for good
CLOSE = 1e-3  # of the first gap: what counts as arrived
STILL = 1e-3  # of the whole way: what a run at rest may have gone in its last quarter


class Outcome(Enum):
    """How a run went, as far as its steps tell."""

    DIVERGED = "diverged"
    CONVERGED = "converged"
    WAITING = "waiting at the saddle"
    RESTING = "resting off the minimum"
    HOVERING = "hovering in the noise"
    UNSETTLED = "not settling"
    UNDER_WAY = "under way"


@dataclass(frozen=True)
class Run:
    """The points of a run, the first being the start, and for each the gap: its loss above the minimum."""

    points: tuple[Point, ...]
    gaps: tuple[float, ...]
    outcome: Outcome

    @property
    def steps(self) -> int:
        return len(self.points) - 1

    @property
    def arrived(self) -> int | None:
        """The step from which on the gap stays within CLOSE of the first; None if it never does."""
        late = [step for step, gap in enumerate(self.gaps) if not gap <= CLOSE * self.gaps[0]]
        return late[-1] + 1 if late[-1] < self.steps else None

    @property
    def tail(self) -> tuple[float, ...]:
        """The gaps of the last quarter."""
        return self.gaps[3 * len(self.gaps) // 4 :]


def descend(surface: Surface, optimizer: str, settings: Settings, steps: int) -> Run:
    """Let an optimiser take at most `steps` steps (and at most MOST); noise is the same at every call."""
    steps = min(steps, MOST)
    points = _walk(surface, OPTIMIZERS[optimizer], settings, steps)
    gaps = tuple(surface.value(*point) - surface.lowest for point in points)
    run = Run(points, gaps, _outcome(surface, points, gaps, left=len(points) <= steps))
    if surface.noise and run.outcome in (Outcome.UNDER_WAY, Outcome.UNSETTLED) and not _sinks(run.tail):
        calm = descend(replace(surface, noise=0.0), optimizer, settings, steps)
        if fmean(calm.tail) < fmean(run.tail) / 2:  # so it is the noise that holds it up
            return replace(run, outcome=Outcome.HOVERING)
    return run


def _walk(surface: Surface, step: Step, settings: Settings, steps: int) -> tuple[Point, ...]:
    memory, noise = Memory(0, [0.0, 0.0], [0.0, 0.0]), random.Random(0)
    w = list(surface.start)
    points = [surface.start]
    for _ in range(steps):
        gradient = [slope + noise.gauss(0.0, surface.noise) for slope in surface.slope(*w)]
        w = step(w, gradient, memory, settings)
        if not all(isfinite(x) and abs(x) < FAR for x in w):
            break
        points.append((w[0], w[1]))
    return tuple(points)


def _outcome(surface: Surface, points: Sequence[Point], gaps: Sequence[float], *, left: bool) -> Outcome:
    if left or gaps[-1] == max(gaps) > 10 * gaps[0]:
        return Outcome.DIVERGED
    if max(gaps[9 * len(gaps) // 10 :]) <= CLOSE * gaps[0]:
        return Outcome.CONVERGED
    late = slice(3 * len(points) // 4, None)
    width = surface.window[1] - surface.window[0]
    if surface.saddle and max(dist(point, surface.saddle) for point in points[late]) < width / 20:
        return Outcome.WAITING
    if _way(points[late]) < STILL * _way(points):
        return Outcome.RESTING
    return Outcome.UNDER_WAY if _sinks(gaps[late]) or _peaks_fall(gaps[late]) else Outcome.UNSETTLED


def _way(points: Sequence[Point]) -> float:
    """How far it is along the points."""
    return sum(dist(before, after) for before, after in pairwise(points))


def _sinks(gaps: Sequence[float]) -> bool:
    """Whether nearly every step goes down."""
    downwards = [later < earlier for earlier, later in pairwise(gaps)]
    return sum(downwards) > 0.75 * len(downwards)


def _peaks_fall(gaps: Sequence[float]) -> bool:
    """Whether the later half's peak stands well below the earlier one's."""
    half = len(gaps) // 2
    return max(gaps[half:]) < 0.9 * max(gaps[: half or 1])
