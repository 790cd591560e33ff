"""The map as its template draws it: places, lines and titles as text, for one reader."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from modules.models import Module, Part
from modules.states import State

from .layout import BAND, DROP, WIDTH, Box, Layout, Line, Node, layout

BREADTH = 1056.0  # of the lessons, so that with the names of the parts they fill a page
NAMES = 168.0  # the column with the names of the parts
EDGE = 8.0  # room for the outline of what is marked
TITLE = 22  # characters of a line of a title, beside its sign on the first
LINE_HEIGHT = 19.0
PADDING = 5.0  # above a title and below
PART_TITLE = 17


@dataclass(frozen=True)
class Text:
    """One line of a title."""

    y: str
    words: str


@dataclass(frozen=True)
class Entry:
    """A lesson with its state for the reader, what it needs and what needs it, in notebook order."""

    lesson: Module
    state: State
    needs: Sequence[Module]
    needed_by: Sequence[Module]


@dataclass(frozen=True)
class Stop:
    """A lesson on the map: its place, its title, the lines that lead to it and outlines of what it needs."""

    entry: Entry
    x: str
    y: str
    height: str
    middle: str
    foot: str
    title: Sequence[Text]
    lines: str
    marked: Sequence[tuple[str, str, str]]  # x, y and height


@dataclass(frozen=True)
class Heading:
    """The name of a part beside its rows, and the rule above it."""

    rule: str
    title: Sequence[Text]


@dataclass(frozen=True)
class Drawing:
    width: str
    height: str
    view_box: str
    box_width: str
    names_x: str
    right: str
    headings: Sequence[Heading]
    stops: Sequence[Stop]


def entries(lessons: Sequence[tuple[Module, State]], requires: Iterable[tuple[str, str]]) -> list[Entry]:
    """Return every lesson with its neighbours; `requires` has pairs of a lesson and one that it needs."""
    by_id = {lesson.pk: lesson for lesson, _ in lessons}
    needs: dict[str, set[str]] = {name: set() for name in by_id}
    needed_by: dict[str, set[str]] = {name: set() for name in by_id}
    for name, needed in requires:
        needs[name].add(needed)
        needed_by[needed].add(name)
    return [
        Entry(
            lesson,
            state,
            [other for other in by_id.values() if other.pk in needs[lesson.pk]],
            [other for other in by_id.values() if other.pk in needed_by[lesson.pk]],
        )
        for lesson, state in lessons
    ]


def draw(rows: Sequence[Entry]) -> Drawing:
    """Lay the lessons out and return what the template needs, every number as text."""
    titles = {row.lesson.pk: wrapped(row.lesson.title) for row in rows}
    nodes = (
        Node(
            row.lesson.pk,
            row.lesson.part_id,
            tuple(other.pk for other in row.needs),
            len(titles[row.lesson.pk]) * LINE_HEIGHT + 2 * PADDING,
        )
        for row in rows
    )
    made = layout(tuple(nodes), BREADTH)
    parts = {row.lesson.part_id: row.lesson.part for row in rows}
    width, height = NAMES + made.width + EDGE, made.height + 2 * EDGE
    return Drawing(
        width=_n(width),
        height=_n(height),
        view_box=f"{_n(-NAMES)} {_n(-EDGE)} {_n(width)} {_n(height)}",
        box_width=_n(WIDTH),
        names_x=_n(-NAMES),
        right=_n(made.width),
        headings=_headings(made, parts),
        stops=_stops(rows, titles, made),
    )


def wrapped(title: str) -> list[str]:
    """Return a title in lines that fit a lesson's box; the first has a sign before it."""
    return textwrap.wrap(title, TITLE, initial_indent="  ") or [""]


def _stops(rows: Sequence[Entry], titles: Mapping[str, Sequence[str]], made: Layout) -> list[Stop]:
    lines: dict[str, list[Line]] = {row.lesson.pk: [] for row in rows}
    for line in made.lines:
        lines[line.target].append(line)
    stops = []
    for row in rows:
        box = made.boxes[row.lesson.pk]
        stops.append(
            Stop(
                entry=row,
                x=_n(box.x),
                y=_n(box.y),
                height=_n(box.height),
                middle=_n(box.middle),
                foot=_n(box.y + box.height),
                title=_texts(titles[row.lesson.pk], box.y + PADDING),
                lines="".join(path(line) for line in lines[row.lesson.pk]),
                marked=[_outline(made.boxes[other.pk]) for other in row.needs],
            )
        )
    return stops


def _outline(box: Box) -> tuple[str, str, str]:
    return _n(box.x), _n(box.y), _n(box.height)


def _headings(made: Layout, parts: Mapping[str, Part]) -> list[Heading]:
    return [
        Heading(_n(band.y - (DROP + BAND) / 2), _texts(textwrap.wrap(parts[band.part].title, PART_TITLE), band.y))
        for band in made.bands
    ]


def _texts(lines: Sequence[str], top: float) -> list[Text]:
    return [Text(_n(top + (number + 0.75) * LINE_HEIGHT), line.strip()) for number, line in enumerate(lines)]


def path(line: Line) -> str:
    """Return a line as the data of an SVG path."""
    x, top, bottom = line.runs[0]
    drawn = [f"M{_n(x)} {_n(top)}V{_n(bottom)}"]
    for (x, _, bottom), (to_x, to_top, to_bottom) in pairwise(line.runs):
        half = _n((bottom + to_top) / 2)
        drawn.append(f"C{_n(x)} {half} {_n(to_x)} {half} {_n(to_x)} {_n(to_top)}")
        if to_bottom > to_top:
            drawn.append(f"V{_n(to_bottom)}")
    return "".join(drawn)


def _n(value: float) -> str:
    """Return a number as SVG has it, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
