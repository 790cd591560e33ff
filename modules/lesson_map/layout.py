"""Where the lessons of the map stand and how the lines between them run: plain Python, the same for the same graph.

The drawing has rows. A lesson stands below everything it needs, and the lessons of one part stand together wherever
what they need allows it. From each lesson one trunk leads down, past the rows between, to all that need it: in every
row it has a lane of its own, so no line runs behind a lesson. Between two rows, where nothing else stands, lines cross.
After Sugiyama, Tagawa and Toda 1981 (layers, dummy nodes, barycentres); the coordinates of a row are a least-squares
fit that keeps order and distance, found by pooling adjacent violators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

WIDTH = 160.0  # of a lesson
GAP = 16.0  # between two lessons of a row
LANE = 11.0  # of a trunk that passes a row
DROP = 30.0  # between two rows, where the lines cross
BAND = 16.0  # more of it where another part begins
ENTRY = 9.0  # between two lines that arrive at one lesson
SWEEPS = 16
STIFF = 8.0  # how much rather a lesson moves than a trunk bends


@dataclass(frozen=True)
class Node:
    """A lesson to place: its part, what it needs, and the height of its title."""

    id: str
    part: str
    needs: tuple[str, ...]
    height: float


@dataclass(frozen=True)
class Item:
    """What stands in a row: a lesson, or the trunk of one that passes on its way to a row below."""

    id: str
    is_lane: bool = False

    @property
    def width(self) -> float:
        return LANE if self.is_lane else WIDTH + GAP


@dataclass(frozen=True)
class Box:
    """Where a lesson stands; `x` and `y` are its upper left corner."""

    x: float
    y: float
    height: float
    width: float = WIDTH

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Line:
    """From a lesson down to one that needs it: straight between the points of a pair, curved from pair to pair."""

    source: str
    target: str
    runs: Sequence[tuple[float, float, float]]  # x, and from which y to which


@dataclass(frozen=True)
class Band:
    """The rows of one part."""

    part: str
    y: float
    height: float


@dataclass(frozen=True)
class Layout:
    boxes: Mapping[str, Box]
    lines: Sequence[Line]
    bands: Sequence[Band]
    width: float
    height: float


@lru_cache(maxsize=2)
def layout(nodes: tuple[Node, ...], breadth: float) -> Layout:
    """Place lessons whose needs are among them and go in no circle; the drawing is wider if a row has to be.

    Kept for the next reader, since it depends on the lessons alone.
    """
    needs = without_shortcuts({node.id: node.needs for node in nodes})
    nodes_by_id = {node.id: node for node in nodes}
    placed = rows(nodes, breadth)
    grid = _Grid.of(placed, needs)
    breadth = max([breadth, *(sum(item.width for item in row) for row in grid.rows)])
    centres = grid.centres(breadth)
    boxes: dict[str, Box] = {}
    edges: list[tuple[float, float]] = []  # the upper and the lower edge of each row
    bands: list[Band] = []
    y = 0.0
    for number, row in enumerate(placed):
        part = nodes_by_id[row[0]].part
        is_new = not bands or bands[-1].part != part
        y += (DROP + BAND * is_new) if number else 0.0
        height = max(nodes_by_id[name].height for name in row)
        for name in row:
            boxes[name] = Box(centres[number][Item(name)] - WIDTH / 2, y, nodes_by_id[name].height)
        edges.append((y, y + height))
        start = y if is_new else bands.pop().y
        y += height
        bands.append(Band(part, start, y - start))
    return Layout(boxes, _lines(grid, needs, boxes, edges, centres), bands, breadth, y)


def without_shortcuts(needs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Leave out what a lesson needs already through something else it needs: the fewest lines that say the same."""
    behind: dict[str, set[str]] = {}

    def all_behind(name: str) -> set[str]:
        if name not in behind:
            behind[name] = set()  # a circle, which publishing refuses, ends here
            behind[name] = {far for near in needs[name] for far in (near, *all_behind(near))}
        return behind[name]

    return {
        name: [near for near in near_ones if not any(near in all_behind(other) for other in near_ones if other != near)]
        for name, near_ones in needs.items()
    }


def rows(nodes: Sequence[Node], breadth: float) -> list[list[str]]:
    """Return the lessons row by row, each row of one part and each lesson below what it needs.

    A part is begun where it can be finished, if there is such a one: then all of its rows follow each other.
    """
    waiting = {node.id: node for node in nodes}
    needed_by: dict[str, set[str]] = {node.id: set() for node in nodes}
    for node in nodes:
        for name in node.needs:
            needed_by[name].add(node.id)
    placed: list[list[str]] = []
    part = None
    while waiting:
        ready = [node for node in waiting.values() if not any(name in waiting for name in node.needs)]
        if not any(node.part == part for node in ready):
            part = _next_part(waiting, ready)
        above = [name for row in placed for name in row]
        row: list[str] = []
        for node in (node for node in ready if node.part == part):
            there = {*row, node.id}
            later = waiting.keys() - there
            lanes = sum(not needed_by[name].isdisjoint(later) for name in above)
            if not row or len(there) * (WIDTH + GAP) + lanes * LANE <= breadth:
                row.append(node.id)
        for name in row:
            del waiting[name]
        placed.append(row)
    return placed


def _next_part(waiting: Mapping[str, Node], ready: Sequence[Node]) -> str:
    """Return the first part that needs nothing more from elsewhere, or else the first that can be begun."""
    parts = dict.fromkeys(node.part for node in ready)
    lacking = {
        node.part
        for node in waiting.values()
        for name in node.needs
        if name in waiting and waiting[name].part != node.part
    }
    return next((part for part in parts if part not in lacking), next(iter(parts)))


@dataclass(frozen=True)
class _Grid:
    """The rows with everything that stands in them, and what each item hangs on above and below."""

    rows: list[list[Item]]
    above: list[dict[Item, list[Item]]]
    below: list[dict[Item, list[Item]]]

    @classmethod
    def of(cls, placed: Sequence[Sequence[str]], needs: Mapping[str, Sequence[str]]) -> _Grid:
        at = {name: number for number, row in enumerate(placed) for name in row}
        last = dict.fromkeys(at, 0)
        for target, sources in needs.items():
            for source in sources:
                last[source] = max(last[source], at[target])
        grid = cls([], [], [])
        for number, row in enumerate(placed):
            lanes = [Item(name, is_lane=True) for name in at if at[name] < number < last[name]]
            grid.rows.append([*(Item(name) for name in row), *lanes])
            hangs = {item: [item.id] if item.is_lane else list(needs[item.id]) for item in grid.rows[-1]}
            grid.above.append(
                {item: [Item(name, at[name] < number - 1) for name in names] for item, names in hangs.items()}
            )
            grid.below.append({item: [] for item in grid.rows[-1]})
            for item, others in grid.above[-1].items():
                for other in others:
                    grid.below[number - 1][other].append(item)
        return grid

    def centres(self, breadth: float) -> list[dict[Item, float]]:
        """Return the middle of every item: sweep down and up, each time nearer to what it hangs on."""
        centres: list[dict[Item, float]] = []
        for row in self.rows:
            centres.append(_fit(row, dict.fromkeys(row, breadth / 2), breadth))
        downwards = range(len(self.rows))
        for sweep in range(SWEEPS):
            hangs, order, step = (self.below, reversed(downwards), 1) if sweep % 2 else (self.above, downwards, -1)
            for number in order:
                old = centres[number]
                wanted = {
                    item: _mean([centres[number + step][other] for other in hangs[number][item]], old[item])
                    for item in self.rows[number]
                }
                self.rows[number].sort(key=lambda item: (wanted[item], old[item]))
                centres[number] = _fit(self.rows[number], wanted, breadth)
        return centres


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _fit(row: Sequence[Item], wanted: Mapping[Item, float], breadth: float) -> dict[Item, float]:
    """Return the middles of a row nearest to the wanted ones that keep its order and touch nowhere."""
    starts, at = [], 0.0
    for item in row:
        starts.append(at + item.width / 2)
        at += item.width
    blocks: list[tuple[float, float, int]] = []  # mean, weight and number of those that have to move together
    for item, start in zip(row, starts, strict=True):
        block = (wanted[item] - start, STIFF if item.is_lane else 1.0, 1)
        while blocks and blocks[-1][0] >= block[0]:
            mean, weight, count = blocks.pop()
            both = weight + block[1]
            block = ((mean * weight + block[0] * block[1]) / both, both, count + block[2])
        blocks.append(block)
    shifts = [min(max(mean, 0.0), breadth - at) for mean, _, count in blocks for _ in range(count)]
    return {item: start + shift for item, start, shift in zip(row, starts, shifts, strict=True)}


def _lines(
    grid: _Grid,
    needs: Mapping[str, Sequence[str]],
    boxes: Mapping[str, Box],
    edges: Sequence[tuple[float, float]],
    centres: Sequence[Mapping[Item, float]],
) -> list[Line]:
    at = {item.id: number for number, row in enumerate(grid.rows) for item in row if not item.is_lane}
    lines = []
    for target, sources in needs.items():
        ways = []
        for source in sources:
            box = boxes[source]
            runs = [(box.middle, box.y + box.height, edges[at[source]][1])]
            for number in range(at[source] + 1, at[target]):
                runs.append((centres[number][Item(source, is_lane=True)], *edges[number]))
            ways.append((source, runs))
        ways.sort(key=lambda way: (way[1][-1][0], way[0]))  # so that they do not cross where they arrive
        step = min(ENTRY, (WIDTH - GAP) / max(len(ways) - 1, 1))
        for place, (source, runs) in enumerate(ways):
            entry = boxes[target].middle + (place - (len(ways) - 1) / 2) * step
            lines.append(Line(source, target, [*runs, (entry, boxes[target].y, boxes[target].y)]))
    return lines
