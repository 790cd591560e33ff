"""What became of an optimiser on a surface: its path, the loss above the minimum at every step, and how it went.

Pure Python: no Django, no clock, no settings.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import hypot, isfinite

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
STILL = 1e-3  # of the drawing's width: what counts as not moving


class Outcome(Enum):
    """How a run went, as far as its steps tell."""

    DIVERGED = "diverged"
    CONVERGED = "converged"
    WAITING = "waiting at the saddle"
    RESTING = "resting off the minimum"
    HOVERING = "hovering in the noise"
    OSCILLATING = "oscillating"
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
        return self.gaps[-max(1, self.steps // 4) :]


def descend(surface: Surface, optimizer: str, settings: Settings, steps: int) -> Run:
    """Let an optimiser take at most `steps` steps (and at most MOST); noise is the same at every call."""
    step, memory = OPTIMIZERS[optimizer], Memory(0, [0.0, 0.0], [0.0, 0.0])
    noise = random.Random(0)
    w = list(surface.start)
    points = [surface.start]
    for _ in range(min(steps, MOST)):
        gradient = [slope + noise.gauss(0.0, surface.noise) for slope in surface.slope(*w)]
        w = step(w, gradient, memory, settings)
        if not all(isfinite(x) and abs(x) < FAR for x in w):
            break
        points.append((w[0], w[1]))
    gaps = tuple(surface.value(*point) - surface.lowest for point in points)
    return Run(tuple(points), gaps, _outcome(surface, points, gaps, left=len(points) <= min(steps, MOST)))


def _outcome(surface: Surface, points: Sequence[Point], gaps: Sequence[float], *, left: bool) -> Outcome:
    late = range(3 * len(points) // 4, len(points))
    highest = max(gaps[at] for at in late)
    if left or highest > 10 * gaps[0]:
        return Outcome.DIVERGED
    if max(gaps[9 * len(gaps) // 10 :]) <= CLOSE * gaps[0]:
        return Outcome.CONVERGED
    width = surface.window[1] - surface.window[0]
    if surface.saddle and hypot(points[-1][0] - surface.saddle[0], points[-1][1] - surface.saddle[1]) < width / 20:
        return Outcome.WAITING
    if surface.noise:
        return Outcome.HOVERING if min(gaps) < gaps[0] / 10 else Outcome.UNDER_WAY
    if max(hypot(points[at][0] - points[-1][0], points[at][1] - points[-1][1]) for at in late) < STILL * width:
        return Outcome.RESTING
    return Outcome.UNDER_WAY if _falls(gaps[late.start :]) else Outcome.OSCILLATING


def _falls(gaps: Sequence[float]) -> bool:
    """Whether nearly every step goes down, or the later half's peak stands well below the earlier one's."""
    downwards = [later < earlier for earlier, later in pairwise(gaps)]
    half = len(gaps) // 2
    return sum(downwards) > 0.75 * len(downwards) or max(gaps[half:]) < 0.9 * max(gaps[: half or 1])
