"""Line plots as small SVG: classes of figures only (docs/design.md), so they follow light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from textwrap import wrap

from modules.ledger import LedgerError, Quantity, in_words, parse_unit, show
from modules.rendering.legibility import WIDTH, width
from modules.rendering.scales import Scale, is_drawable

LINE_HEIGHT = 23
LONGEST_LINE = 48  # characters
PLOT_HEIGHT = 260
MAX_ROWS = 13
MAX_BESIDE = 10  # characters of a label that still fits beside the end of its line
HUES = "abcde"

Point = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """One line: points in the units of the axes, in the order of x. What is not finite is left out."""

    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Plot:
    """A drawing, and the same values as a table: `head` and `rows` of text."""

    svg: str
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Axis:
    label: str
    unit: str = ""

    @property
    def title(self) -> str:
        unit = in_words(parse_unit(self.unit)) if self.unit else ""
        return f"{self.label} ({unit})" if self.label and unit else self.label or unit

    def value(self, value: float) -> str:
        return _printed(value, self.unit)

    def ticks(self, scale: Scale, values: Iterable[float]) -> Iterable[tuple[float, str]]:
        """Return what to mark on the axis, with what to write there."""
        return [(tick, _printed(tick)) for tick in scale.ticks()]


class Days(Axis):
    """An axis of days (`date.toordinal`): its ticks are the days of which something is known, the ends first."""

    def value(self, value: float) -> str:
        day = date.fromordinal(int(value))
        return f"{day.day} {day:%B %Y}"

    def ticks(self, scale: Scale, values: Iterable[float]) -> Iterable[tuple[float, str]]:
        days = [(value, date.fromordinal(int(value))) for value in sorted(set(values))]
        first, *others = [(value, f"{day.day} {day:%b %Y}") for value, day in days]
        return [first, *reversed(others)]


def plot(
    series: Sequence[Series],
    *,
    title: str,
    x_label: str,
    y_label: str,
    x_unit: str = "",
    y_unit: str = "",
    x_log: bool = False,
    y_log: bool | None = None,
    marks: Sequence[Point] = (),
    x_days: bool = False,
    prefix: str = "plot",
) -> Plot:
    """Draw `series` and mark the points in `marks` (the defaults).

    With `x_days` the places of x are days and each line is a flight of steps: what was seen on one day holds until
    the next that is known. `y_log` is chosen by the values unless told: logarithmic over a logarithmic x where they are
    positive and span more than a factor of 50. Ids in the drawing begin with `prefix`.
    """
    x_axis, y_axis = Days(x_label) if x_days else Axis(x_label, x_unit), Axis(y_label, y_unit)
    if y_log is None:
        y_log = x_log and _spans(y for line in series for _, y in line.points)
    drawing = _Drawing(series, marks, x_axis, y_axis, x_log, y_log)
    described = _description(series, x_axis, y_axis)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {drawing.height}" class="fig" role="img"'
        f' aria-labelledby="{prefix}-title {prefix}-desc"><title id="{prefix}-title">{escape(title)}</title>'
        f'<desc id="{prefix}-desc">{escape(described)}</desc>{drawing.content()}</svg>'
    )
    return Plot(svg, _head(series, x_axis, y_axis), _rows(series, marks, x_axis, y_axis))


class _Drawing:
    """Where everything stands: legend and y title on top, the plot, then ticks and the x title."""

    def __init__(
        self, series: Sequence[Series], marks: Sequence[Point], x_axis: Axis, y_axis: Axis, x_log: bool, y_log: bool
    ) -> None:
        self.series, self.x_axis, self.y_axis = series, x_axis, y_axis
        self.pieces = [_drawable(line.points, x_log=x_log, y_log=y_log) for line in series]
        self.marks = [mark for mark in marks if _drawable([mark], x_log=x_log, y_log=y_log)]
        points = [point for pieces in self.pieces for piece in pieces for point in piece] + self.marks
        self.is_labelled = len(series) > 1
        self.is_beside = self.is_labelled and all(len(line.label) <= MAX_BESIDE for line in series)
        self.y_title = wrap(y_axis.title, LONGEST_LINE)
        self.x_title = wrap(x_axis.title, LONGEST_LINE)
        self.legend = [wrap(line.label, LONGEST_LINE - 5) for line in series if self.is_labelled and not self.is_beside]
        legend = sum(map(len, self.legend))
        self.top = LINE_HEIGHT * (legend + len(self.y_title)) + 14
        self.bottom = self.top + PLOT_HEIGHT
        self.height = self.bottom + LINE_HEIGHT * (1 + len(self.x_title)) + 12
        self.y = Scale.over((y for _, y in points), self.bottom, self.top, is_log=y_log, has_zero=True)
        labels = [_printed(tick) for tick in self.y.ticks()]
        self.left = 12 + math.ceil(max(map(width, labels)))
        beside = math.ceil(max(width(line.label, "bold") for line in series)) + 12 if self.is_beside else 14
        self.right = WIDTH - beside
        self.x = Scale.over((x for x, _ in points), self.left, self.right, is_log=x_log)

    def content(self) -> str:
        parts = [*self._legend(), *self._y_axis(), *self._x_axis(), *self._lines(), *self._labels(), *self._marks()]
        if not any(self.pieces):
            middle = (self.left + self.right) // 2, (self.top + self.bottom) // 2
            parts.append(_text("f-soft", *middle, "No values to draw", "middle"))
        return "".join(parts)

    def _legend(self) -> Iterable[str]:
        y = LINE_HEIGHT - 6
        for n, lines in enumerate(self.legend):
            yield f'<line class="f-{_hue(n)}-line" x1="2" y1="{y - 5}" x2="30" y2="{y - 5}"/>'
            for line in lines:
                yield _text("f-label", 38, y, line)
                y += LINE_HEIGHT

    def _y_axis(self) -> Iterable[str]:
        first = self.top - 12 - LINE_HEIGHT * (len(self.y_title) - 1)
        for n, line in enumerate(self.y_title):
            yield _text("f-soft", 2, first + LINE_HEIGHT * n, line)
        for tick in self.y.ticks():
            y = self.y(tick)
            yield f'<line class="f-thin" x1="{self.left}" y1="{y:.1f}" x2="{self.right}" y2="{y:.1f}"/>'
            yield _text("f-text", self.left - 6, y + 6, _printed(tick), "end")

    def _x_axis(self) -> Iterable[str]:
        yield f'<line class="f-line" x1="{self.left}" y1="{self.bottom}" x2="{self.right}" y2="{self.bottom}"/>'
        taken: list[tuple[float, float]] = []
        known = (x for pieces in self.pieces for piece in pieces for x, _ in piece)
        for tick, label in self.x_axis.ticks(self.x, known):
            x, half = self.x(tick), width(label) / 2
            middle = min(max(x, half), WIDTH - half)
            yield f'<line class="f-line" x1="{x:.1f}" y1="{self.bottom}" x2="{x:.1f}" y2="{self.bottom + 5}"/>'
            if all(middle - half > right + 6 or middle + half < left - 6 for left, right in taken):
                yield _text("f-text", middle, self.bottom + LINE_HEIGHT, label, "middle")
                taken.append((middle - half, middle + half))
        for n, line in enumerate(self.x_title):
            y = self.bottom + LINE_HEIGHT * (n + 2) + 4
            yield _text("f-soft", (self.left + self.right) / 2, y, line, "middle")

    def _lines(self) -> Iterable[str]:
        for n, pieces in enumerate(self.pieces):
            for piece in pieces:
                dots = piece if isinstance(self.x_axis, Days) or len(piece) == 1 else []
                if len(piece) > 1:
                    corners = _steps(piece) if isinstance(self.x_axis, Days) else piece
                    places = [f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in corners]
                    yield f'<path class="f-{_hue(n)}-line" d="M{"L".join(places)}"/>'
                for x, y in dots:
                    yield f'<circle class="f-{_hue(n)}-solid" cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="4"/>'

    def _labels(self) -> Iterable[str]:
        """Write labels beside the ends of their lines, pushed apart where they would touch."""
        if not self.is_beside:
            return
        drawn = [(pieces[-1][-1], line.label) for pieces, line in zip(self.pieces, self.series, strict=True) if pieces]
        ends = sorted((self.y(y), label) for (_, y), label in drawn)
        places, lowest = [], -math.inf
        for y, _ in ends:
            lowest = max(y + 6, lowest + LINE_HEIGHT)
            places.append(lowest)
        highest = self.bottom + 4.0  # above the ticks of x
        for n in reversed(range(len(places))):
            places[n] = min(places[n], highest)
            highest = places[n] - LINE_HEIGHT
        for y, (_, label) in zip(places, ends, strict=True):
            yield _text("f-label", self.right + 6, y, label)

    def _marks(self) -> Iterable[str]:
        for x, y in self.marks:
            yield f'<circle class="f-box" cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="5.5"/>'
        if len(self.marks) == 1:
            x, y = self.marks[0]
            label = self.y_axis.value(y)
            half = width(label, "bold") / 2
            edge = self.right if self.is_beside else WIDTH
            middle = min(max(self.x(x), self.left + half + 4), edge - half)
            above = self.y(y) - 12 if self.y(y) - 12 - LINE_HEIGHT > self.top else self.y(y) + 26
            yield _text("f-label f-halo", middle, above, label, "middle")


def _drawable(points: Sequence[Point], *, x_log: bool, y_log: bool) -> list[list[Point]]:
    """Return the stretches of points that can be drawn; a gap ends a stretch."""
    pieces: list[list[Point]] = [[]]
    for x, y in points:
        if is_drawable(x, is_log=x_log) and is_drawable(y, is_log=y_log):
            pieces[-1].append((x, y))
        else:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _steps(points: Sequence[Point]) -> list[Point]:
    """Return the corners of the steps between points: along first, then up or down."""
    corners = [(x, y) for (_, y), (x, _) in pairwise(points)]
    return [point for pair in zip(points, corners, strict=False) for point in pair] + [points[-1]]


def _spans(values: Iterable[float]) -> bool:
    finite = [value for value in values if math.isfinite(value)]
    return bool(finite) and min(finite) > 0 and max(finite) / 50 > min(finite)


def _hue(n: int) -> str:
    return HUES[n % len(HUES)]


def _text(kind: str, x: float, y: float, text: str, anchor: str = "") -> str:
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{anchored}>{escape(text)}</text>'


def _printed(value: float, unit: str = "") -> str:
    """Return a value as the notebook prints numbers; what is none is a dash."""
    if not math.isfinite(value):
        return "–"
    try:
        return show(Quantity(value, parse_unit(unit)))
    except LedgerError:
        return f"{value:.3g} {unit}".strip()


def _head(series: Sequence[Series], x_axis: Axis, y_axis: Axis) -> list[str]:
    names = [[y_axis.label, line.label if len(series) > 1 else ""] for line in series]
    return [x_axis.label, *(", ".join(filter(None, name)) for name in names)]


def _rows(series: Sequence[Series], marks: Sequence[Point], x_axis: Axis, y_axis: Axis) -> list[list[str]]:
    """Return some of the points as a table, evenly taken, the ends and the marks among them."""
    places = sorted({x for line in series for x, _ in line.points if math.isfinite(x)})
    step = max(1, math.ceil((len(places) - 1) / (MAX_ROWS - 1)))
    chosen = {*places[::step], *places[-1:], *(x for x, _ in marks if x in places)}
    values = [dict(line.points) for line in series]
    return [
        [x_axis.value(x), *(y_axis.value(line[x]) if x in line else "–" for line in values)] for x in sorted(chosen)
    ]


def _description(series: Sequence[Series], x_axis: Axis, y_axis: Axis) -> str:
    said = [f"{y_axis.label or y_axis.title} against {x_axis.label}."]
    for line in series:
        pieces = _drawable(line.points, x_log=False, y_log=False)
        if pieces:
            (x0, y0), (x1, y1) = pieces[0][0], pieces[-1][-1]
            name = f"{line.label}: " if line.label and len(series) > 1 else ""
            said.append(f"{name}{y_axis.value(y0)} at {x_axis.value(x0)}, {y_axis.value(y1)} at {x_axis.value(x1)}.")
    return " ".join(said)
