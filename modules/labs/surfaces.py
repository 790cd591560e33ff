"""Losses of two weights to send an optimiser down, and their contour lines.

Pure Python: no Django, no clock, no settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin

COLUMNS, ROWS = 72, 48  # cells of the grid on which contour lines are found
LEVELS = 9

Point = tuple[float, float]
Height = Callable[[float, float], float]
Slope = Callable[[float, float], list[float]]


@dataclass(frozen=True)
class Surface:
    """A loss and its slope, where a run begins, where it should end, and the part of the plane to draw.

    `curvature` is the largest at the minimum; `noise` the standard deviation added to each entry of a gradient;
    `ratio` the factor from one contour line to the next.
    """

    value: Height
    slope: Slope
    start: Point
    minima: tuple[Point, ...]
    window: tuple[float, float, float, float]
    curvature: float
    noise: float = 0.0
    ratio: float = 0.45
    saddle: Point | None = None

    @property
    def lowest(self) -> float:
        return self.value(*self.minima[0])


def bowl(centre: Point, stiff: float, degrees: float = 0.0) -> tuple[Height, Slope]:
    """Return a quadratic of curvature 1 along one axis and `stiff` along the other, turned; and its slope."""
    c, s = cos(radians(degrees)), sin(radians(degrees))

    def along(x: float, y: float) -> Point:
        x, y = x - centre[0], y - centre[1]
        return c * x + s * y, c * y - s * x

    def value(x: float, y: float) -> float:
        u, v = along(x, y)
        return (u * u + stiff * v * v) / 2

    def slope(x: float, y: float) -> list[float]:
        u, v = along(x, y)
        return [c * u - s * stiff * v, s * u + c * stiff * v]

    return value, slope


def rosenbrock(x: float, y: float) -> float:
    """The banana of Rosenbrock 1960: a curved valley that is easy to reach and hard to follow."""
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def rosenbrock_slope(x: float, y: float) -> list[float]:
    return [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)]


def saddle(x: float, y: float) -> float:
    return x * x / 2 - y * y / 2 + y**4 / 4


def saddle_slope(x: float, y: float) -> list[float]:
    return [x, y**3 - y]


SURFACES = {
    "ravine": Surface(*bowl((1, 0.5), 30), (-2.2, 1.6), ((1, 0.5),), (-3, 3, -2, 2), 30),
    "tilted ravine": Surface(*bowl((1, 0.5), 30, 35), (-2.2, 0.4), ((1, 0.5),), (-3, 3, -2, 2), 30),
    "Rosenbrock": Surface(
        rosenbrock, rosenbrock_slope, (-1.2, 1), ((1, 1),), (-2.1, 2.1, -0.7, 2.1), 1001.6, ratio=0.33
    ),
    "saddle": Surface(
        saddle, saddle_slope, (1.6, 0.001), ((0, 1), (0, -1)), (-2.4, 2.4, -1.6, 1.6), 2, ratio=0.6, saddle=(0, 0)
    ),
    "noisy bowl": Surface(*bowl((1, 0.5), 4), (-2.2, -1.5), ((1, 0.5),), (-3, 3, -2, 2), 4, noise=2.0),
}


@cache
def contours(name: str) -> tuple[tuple[list[Point], ...], ...]:
    """Return the contour lines of a surface, level by level, the highest first; once for each surface."""
    surface = SURFACES[name]
    left, right, bottom, top = surface.window
    xs = [left + (right - left) * i / COLUMNS for i in range(COLUMNS + 1)]
    ys = [bottom + (top - bottom) * j / ROWS for j in range(ROWS + 1)]
    heights = [[surface.value(x, y) - surface.lowest for x in xs] for y in ys]
    highest = max(map(max, heights)) * 0.7
    levels = [highest * surface.ratio**n for n in range(LEVELS)]
    return tuple(tuple(_joined(_crossings(xs, ys, heights, level))) for level in levels)


def _crossings(
    xs: list[float], ys: list[float], heights: list[list[float]], level: float
) -> Iterator[tuple[Point, Point]]:
    """Yield the piece of the level's line in each triangle; a cell is two of them, so that no case is ambiguous."""
    for j in range(ROWS):
        for i in range(COLUMNS):
            corners = [
                (xs[a], ys[b], heights[b][a] - level) for a, b in ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))
            ]
            if len({corner[2] < 0 for corner in corners}) == 1:
                continue  # no line in this cell
            for triangle in (corners[:3], [corners[0], *corners[2:]]):
                ends = [end for a in range(3) if (end := _between(triangle[a - 1], triangle[a]))]
                if len(ends) == 2:
                    yield ends[0], ends[1]


def _between(a: tuple[float, float, float], b: tuple[float, float, float]) -> Point | None:
    """Return where the height changes sign between two corners; the same to the bit from either side."""
    if (a[2] < 0) == (b[2] < 0):
        return None
    low, high = sorted((a, b))
    share = low[2] / (low[2] - high[2])
    return low[0] + share * (high[0] - low[0]), low[1] + share * (high[1] - low[1])


def _joined(pieces: Iterator[tuple[Point, Point]]) -> Iterator[list[Point]]:
    """Yield lines made of the pieces, end to end."""
    ends: dict[Point, list[Point]] = {}
    for a, b in pieces:
        ends.setdefault(a, []).append(b)
        ends.setdefault(b, []).append(a)
    for first in sorted(ends, key=lambda point: len(ends[point])):  # open lines from their ends, then rings
        while ends[first]:
            line = [first]
            while ends[line[-1]]:
                here = line[-1]
                there = ends[here].pop()
                ends[there].remove(here)
                line.append(there)
            yield line
