"""Optimisers in the open, as the optimizers lesson prints them: weights and a gradient in, the next weights out.

A test compares the lesson with these functions, so what it explains is what the lab runs.
Pure Python: no Django, no clock, no settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot, sqrt

Vector = list[float]


@dataclass(frozen=True)
class Settings:
    """What a reader sets; the rate is the learning rate, the decay is multiplied by it."""

    rate: float
    beta1: float = 0.9
    beta2: float = 0.999
    decay: float = 0.0
    epsilon: float = 1e-8


@dataclass
class Memory:
    """What is carried from step to step: how many there were, a mean of gradients and one of their squares."""

    step: int
    mean: Vector
    square: Vector


Step = Callable[[Vector, Vector, Memory, Settings], Vector]


def sgd(w: Vector, g: Vector, memory: Memory, s: Settings) -> Vector:
    """Go down the slope, the decay being part of it."""
    return [x - s.rate * (d + s.decay * x) for x, d in zip(w, g, strict=True)]


def momentum(w: Vector, g: Vector, memory: Memory, s: Settings) -> Vector:
    """Go down a sum of slopes that forgets; in the long run it is 1 / (1 - beta1) slopes large."""
    memory.mean = [s.beta1 * m + d + s.decay * x for m, d, x in zip(memory.mean, g, w, strict=True)]
    return [x - s.rate * m for x, m in zip(w, memory.mean, strict=True)]


def sign(w: Vector, g: Vector, memory: Memory, s: Settings) -> Vector:
    """Go one rate along each axis, whatever the slope."""
    shrunk = [x - s.rate * s.decay * x for x in w]
    return [x - s.rate * ((d > 0) - (d < 0)) for x, d in zip(shrunk, g, strict=True)]


def adam(w: Vector, g: Vector, memory: Memory, s: Settings) -> Vector:
    """Divide the mean of the gradients by the root of the mean of their squares, both corrected for starting at 0."""
    memory.step += 1
    memory.mean = [s.beta1 * m + (1 - s.beta1) * d for m, d in zip(memory.mean, g, strict=True)]
    memory.square = [s.beta2 * v + (1 - s.beta2) * d * d for v, d in zip(memory.square, g, strict=True)]
    mean = [m / (1 - s.beta1**memory.step) for m in memory.mean]
    root = [sqrt(v / (1 - s.beta2**memory.step)) for v in memory.square]
    return [x - s.rate * m / (r + s.epsilon) for x, m, r in zip(w, mean, root, strict=True)]


def adam_l2(w: Vector, g: Vector, memory: Memory, s: Settings) -> Vector:
    """Add the decay to the gradient, so that Adam divides it too."""
    return adam(w, [d + s.decay * x for x, d in zip(w, g, strict=True)], memory, s)


def adamw(w: Vector, g: Vector, memory: Memory, s: Settings) -> Vector:
    """Shrink the weights, then let Adam see the gradient alone."""
    return adam([x - s.rate * s.decay * x for x in w], g, memory, s)


def muon(w: Vector, g: Vector, memory: Memory, s: Settings) -> Vector:
    """Go one rate along the momentum: of a matrix with one column, that is all that orthogonalising leaves."""
    memory.mean = [s.beta1 * m + d for m, d in zip(memory.mean, g, strict=True)]
    length = hypot(*memory.mean) or 1.0
    return [x - s.rate * (s.decay * x + m / length) for x, m in zip(w, memory.mean, strict=True)]
