"""Whether a drawing can be read: on a phone, in the dark, by somebody who did not draw it.

Sizes are measured, not guessed: a figure's letters are of two faces whose widths are known (letters.py),
its sizes are those of the classes in static/css/figures.css, and a phone of 360 px gives it 328.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import cos, hypot, radians, sin, tan
from typing import NamedTuple
from xml.etree.ElementTree import Element

from modules.rendering.letters import BOLD, MONO, REGULAR

WIDTH = 480
PHONE, MARGINS = 360, 32  # px: the narrowest phone that is promised, and what the page keeps beside a figure on it
LEAST = 12  # px
MAX_TEXTS, MAX_SHOWN = 300, 5_000
SLACK = 1.0  # units by which letters may reach over an edge: less than their own white

FACES = {
    name: {letter: width / 1000 for width, letters in face.items() for letter in letters}
    for name, face in (("regular", REGULAR), ("bold", BOLD), ("mono", MONO))
}
UNKNOWN = 1.0  # a letter our faces lack comes from another one; few are wider than they are high
COMBINING = re.compile(r"[\u0300-\u036f\u200b-\u200f]")
ABOVE, BELOW = 0.68, 0.2  # how far capitals and descenders reach from the line, as shares of the size

# The text classes of static/css/figures.css: size in units of the viewBox, and face.
TEXTS = {
    "f-text": (18, "regular"),
    "f-soft": (18, "regular"),
    "f-on": (18, "regular"),
    "f-label": (18, "bold"),
    "f-num": (18, "mono"),
    "f-title": (21, "bold"),
    "f-big": (34, "bold"),
    **{f"f-{hue}-text": (18, "bold") for hue in "abcde"},
}
PAINTS = frozenset(
    ["f-box", "f-mute", "f-blank", "f-ghost", "f-line", "f-thin", "f-dash", "f-arrow", "f-tip"]
    + [f"f-{hue}{kind}" for hue in "abcde" for kind in ("", "-solid", "-line")]
)
SHAPES = frozenset(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"])

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
TRANSFORM = re.compile(r"(\w+)\(([^)]*)\)")


class Text(NamedTuple):
    """One line of letters: what it says, where it stands in the viewBox, and how high a phone shows it."""

    words: str
    left: float
    top: float
    right: float
    bottom: float
    pixels: float
    owner: int  # parts of one text element do not collide with each other


@dataclass(frozen=True)
class _Place:
    """What an element inherits."""

    matrix: Matrix = IDENTITY
    classes: tuple[str, ...] = ()
    opacity: float = 1.0

    def inside(self, element: Element) -> _Place:
        return replace(
            self,
            matrix=_times(self.matrix, _matrix(element.get("transform", ""))),
            classes=(*self.classes, *element.get("class", "").split()),
            opacity=self.opacity * float(element.get("opacity") or 1),
        )


@dataclass
class _Reader:
    root: Element
    texts: list[Text] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    shown: int = 0

    def read(self, element: Element, place: _Place) -> None:
        self.shown += 1
        if self.shown > MAX_SHOWN:
            return
        name, place = _name(element), place.inside(element)
        if "f-grow" in _classes(element) and "transform" in element.attrib:
            self.faults.append(f"{_called(element)} has f-grow and a transform: put the transform on a g around it")
        if name == "text":
            self._text(element, place)
        elif name in SHAPES:
            if not PAINTS & set(place.classes):
                self.faults.append(f"{_called(element)} has no class that gives it a colour: it would be black")
        elif name == "use":
            self._use(element, place)
        elif name == "marker":
            for shape in element.iter():
                if _name(shape) == "text":
                    self.faults.append(f"{_called(shape)} stands in a marker, where its size cannot be told")
                elif _name(shape) in SHAPES and not PAINTS & {*shape.get("class", "").split()}:
                    self.faults.append(f"{_called(shape)} of a marker has no class that gives it a colour")
        elif name == "defs":
            for child in element:
                if _name(child) == "marker":
                    self.read(child, place)
        elif name != "clipPath":
            for child in element:
                self.read(child, place)

    def _use(self, element: Element, place: _Place) -> None:
        wanted = element.get("href", "").strip()[1:]
        target = next((other for other in self.root.iter() if other.get("id") == wanted), None)
        moved = (1.0, 0.0, 0.0, 1.0, _number(element, "x"), _number(element, "y"))
        if target is not None:
            self.read(target, replace(place, matrix=_times(place.matrix, moved)))

    def _text(self, element: Element, place: _Place) -> None:
        words = _words(element)
        if not any(name in TEXTS for part in element.iter() for name in [*place.classes, *_classes(part)]):
            self.faults.append(f"{_called(element)} has no class that says how it is set: {', '.join(TEXTS)}")
            return
        if any(name.startswith("f-only-") for name in (*place.classes, *_classes(element))):
            self.faults.append(f"the text '{words}' is there during one step only, so the still does not say it")
        if place.opacity < 1:
            self.faults.append(f"the text '{words}' is faded by opacity; what matters less is set in f-soft")
        for part in element.iter():
            for name in ("x", "y", "dx", "dy"):
                if len(part.get(name, "").replace(",", " ").split()) > 1:
                    self.faults.append(f"the text '{words}' places its letters one by one: one number for {name}")
                    return
        self.texts += _lines(element, place, len(self.texts))


def faults(root: Element) -> list[str]:
    """Return what keeps a drawing from being read, each a sentence that names the element.

    The drawing has passed the checks of svg.py: its elements, attributes and references are allowed ones.
    """
    reader = _Reader(root)
    height = float(root.get("viewBox", "").replace(",", " ").split()[3])
    reader.read(root, _Place())
    if reader.shown > MAX_SHOWN:
        return [f"it shows more than the {MAX_SHOWN:,} elements allowed, those of use counted each time"]
    if len(reader.texts) > MAX_TEXTS:
        return [f"it holds more than the {MAX_TEXTS} lines of text allowed"]
    found = [*reader.faults]
    for text in reader.texts:
        found += _misfit(text, height)
    return list(dict.fromkeys([*found, *_collisions(reader.texts)]))


def width(words: str, face: str = "regular", size: float = 18) -> float:
    """Return how wide a line is set, in the units of `size`."""
    letters = FACES[face]
    return size * sum(letters.get(letter, UNKNOWN) for letter in COMBINING.sub("", words))


def _misfit(text: Text, height: float) -> Iterator[str]:
    if text.pixels < LEAST - 0.005:
        yield f"the text '{text.words}' is {text.pixels:.1f} px high on a phone of {PHONE} px; {LEAST} px is the least"
    sides = {
        "left": -text.left,
        "top": -text.top,
        "right": text.right - WIDTH,
        "bottom": text.bottom - height,
    }
    for side, beyond in sides.items():
        if beyond > SLACK:
            yield f"the text '{text.words}' reaches {beyond:.0f} units over the {side} edge of the drawing"


def _collisions(texts: Sequence[Text]) -> Iterator[str]:
    for one, other in combinations(texts, 2):
        wide = min(one.right, other.right) - max(one.left, other.left)
        high = min(one.bottom, other.bottom) - max(one.top, other.top)
        if one.owner != other.owner and wide > SLACK and high > SLACK:
            yield f"the texts '{one.words}' and '{other.words}' stand on each other"


# Setting text


def _lines(element: Element, place: _Place, owner: int) -> Iterator[Text]:
    """Yield the lines of a text element: a new one begins wherever a part of it has its own x."""
    line: list[tuple[str, str, int]] = []
    x, y, shift = _number(element, "x"), _number(element, "y"), 0.0
    for part, words, classes in _parts(element, place.classes):
        if part is not element and "x" in part.attrib:
            yield from _set(line, x, y, element, place, owner)
            line, x, shift = [], _number(part, "x"), 0.0
        if part is not element and words is part.text:
            y = _number(part, "y") if "y" in part.attrib else y + _number(part, "dy")
            shift += _number(part, "dx")
        size, face = next(TEXTS[name] for name in [*reversed(classes), "f-text"] if name in TEXTS)
        line.append((re.sub(r"\s+", " ", words), face, size))
    yield from _set(line, x, y, element, place, owner)


def _parts(element: Element, classes: tuple[str, ...]) -> Iterator[tuple[Element, str, tuple[str, ...]]]:
    """Yield the stretches of a text element in order, with the classes that set them."""
    if element.text:
        yield element, element.text, classes
    for child in element:
        yield from _parts(child, (*classes, *_classes(child)))
        if child.tail:
            yield element, child.tail, classes


def _set(
    line: Sequence[tuple[str, str, int]], x: float, y: float, element: Element, place: _Place, owner: int
) -> Iterator[Text]:
    words = "".join(words for words, _, _ in line).strip()
    if not words:
        return
    long = sum(width(text, face, size) for text, face, size in line) - _white(line)
    high = max(size for _, _, size in line)
    left = x - long * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
    baseline = y + high * {"middle": 0.25, "central": 0.35, "hanging": 0.75, "text-before-edge": 0.9}.get(
        element.get("dominant-baseline", ""), 0.0
    )
    corners = [
        _at(place.matrix, across, down)
        for across in (left, left + long)
        for down in (baseline - ABOVE * high, baseline + BELOW * high)
    ]
    a, b, c, d, _, _ = place.matrix
    pixels = min(size for _, _, size in line) * min(hypot(a, b), hypot(c, d)) * (PHONE - MARGINS) / WIDTH
    across, down = [x for x, _ in corners], [y for _, y in corners]
    yield Text(words[:40], min(across), min(down), max(across), max(down), pixels, owner)


def _white(line: Sequence[tuple[str, str, int]]) -> float:
    """Return how wide the spaces are that SVG drops at both ends of a line."""
    first, last = line[0], line[-1]
    before = width(" ", first[1], first[2]) if first[0].startswith(" ") else 0.0
    return before + (width(" ", last[1], last[2]) if last[0].endswith(" ") and len(line[-1][0]) > 1 else 0.0)


# Places


def _matrix(transform: str) -> Matrix:
    matrix = IDENTITY
    for name, inside in TRANSFORM.findall(transform):
        values = [float(value) for value in inside.replace(",", " ").split()]
        matrix = _times(matrix, _single(name, values))
    return matrix


def _single(name: str, values: list[float]) -> Matrix:
    one, two, three = (*values, 0.0, 0.0, 0.0)[:3]
    if name == "translate":
        return 1, 0, 0, 1, one, two
    if name == "scale":
        return one, 0, 0, two if len(values) > 1 else one, 0, 0
    if name == "rotate":
        turn = cos(radians(one)), sin(radians(one)), -sin(radians(one)), cos(radians(one)), 0.0, 0.0
        return _times(_times((1, 0, 0, 1, two, three), turn), (1, 0, 0, 1, -two, -three))
    if name == "skewX":
        return 1, 0, tan(radians(one)), 1, 0, 0
    if name == "skewY":
        return 1, tan(radians(one)), 0, 1, 0, 0
    a, b, c, d, e, f = (*values, *[0.0] * 6)[:6]
    return a, b, c, d, e, f


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[2] * n[1],
        m[1] * n[0] + m[3] * n[1],
        m[0] * n[2] + m[2] * n[3],
        m[1] * n[2] + m[3] * n[3],
        *_at(m, n[4], n[5]),
    )


def _at(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _number(element: Element, name: str) -> float:
    return float(element.get(name) or 0)


def _classes(element: Element) -> list[str]:
    return element.get("class", "").split()


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())[:40]


def _called(element: Element) -> str:
    """Return how an author finds an element again: by its id, its words or its place."""
    name = _name(element)
    if name in ("text", "tspan"):
        return f"the text '{_words(element)}'"
    if own := element.get("id"):
        return f"the {name} '{own}'"
    place = [element.get(x) for x in ("x", "cx", "x1")] + [element.get(y) for y in ("y", "cy", "y1")]
    numbers = ", ".join(filter(None, place))
    return f"the {name} at {numbers}" if numbers else f"the {name} '{element.get('d', element.get('points', ''))[:20]}'"
