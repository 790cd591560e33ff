"""Authors' drawings: checked against the contract of docs/figures.md and made ready to stand in a page.

Nothing is repaired. A drawing that holds anything outside the contract is refused and the thing is
named, so that no author wonders where a part of a figure went.
"""

import math
import re
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from modules.rendering import legibility

MAX_BYTES = 40_000
MAX_DEPTH = 20

NAMESPACE = "http://www.w3.org/2000/svg"
_TAG = f"{{{NAMESPACE}}}"

_ELEMENTS = "svg g path rect circle ellipse line polyline polygon text tspan defs marker title desc use clipPath"
_ATTRIBUTES = (
    "class id x y x1 y1 x2 y2 cx cy r rx ry width height d points transform text-anchor dominant-baseline"
    " marker-end marker-start clip-path viewBox offset opacity stroke-dasharray refX refY orient markerWidth"
    " markerHeight markerUnits dx dy role aria-labelledby href"
)
# The vocabulary of static/css/figures.css.
_MOTION = "f-fall f-rise f-slide f-grow"
STEPS = 8  # of a figure that moves

ELEMENTS = frozenset(_ELEMENTS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
CLASSES = (
    frozenset(["fig", "f-halo", *_MOTION.split()])
    | legibility.PAINTS
    | frozenset(legibility.TEXTS)
    | {f"f-{kind}-{step}" for kind in ("step", "only") for step in range(1, STEPS + 1)}
)
REFERENCES = frozenset({"marker-end", "marker-start", "clip-path"})

LOCAL = re.compile(r"url\(#([A-Za-z][\w-]*)\)")
NUMBERS = re.compile(r"[-+.,\deE\s]*")
VALUES = {
    "class": re.compile(r"[a-z0-9 -]*"),
    "id": re.compile(r"[A-Za-z][\w-]*"),
    "d": re.compile(r"[MmLlHhVvCcSsQqTtAaZz\d\s.,+eE-]*"),
    "transform": re.compile(r"(?:(?:translate|rotate|scale|matrix|skewX|skewY)\([-+.,\deE\s]*\)[\s,]*)*"),
    "text-anchor": re.compile(r"start|middle|end"),
    "dominant-baseline": re.compile(r"auto|middle|central|hanging|text-before-edge|text-after-edge|alphabetic"),
    "orient": re.compile(r"auto|auto-start-reverse|-?\d+"),
    "markerUnits": re.compile(r"strokeWidth|userSpaceOnUse"),
    "role": re.compile(r"img"),
    "aria-labelledby": re.compile(r"[\w\s-]*"),
    "href": re.compile(r"#[A-Za-z][\w-]*"),
    **dict.fromkeys(REFERENCES, LOCAL),
}


# What an author is told beside the name of an attribute that is not allowed.
_INSTEAD = (
    dict.fromkeys(("fill", "stroke", "color", "style"), "colour comes from classes alone, so that it follows the theme")
    | dict.fromkeys(("font-size", "font-family", "font-weight", "font"), "letters are set by classes alone")
    | {"stroke-width": "lines are as wide as their class says"}
)


class SvgError(ValueError):
    """A drawing outside the contract; each of `faults` is a sentence that names what is."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class Description(NamedTuple):
    title: str
    text: str


@lru_cache(maxsize=256)
def clean_svg(text: str, prefix: str) -> str:
    """Return a drawing as compact inline SVG whose ids begin with `prefix`; raises SvgError."""
    root = _read(text)
    _check(root)
    _rename(root, prefix)
    root.attrib.pop("aria-labelledby", None)
    root.set("class", "fig")
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    title, description = root[0], root[1]
    title.set("id", f"{prefix}-title")
    description.set("id", f"{prefix}-desc")
    for element in root.iter():
        element.tag = element.tag.removeprefix(_TAG)
        if element.tag not in ("text", "tspan", "title", "desc"):
            element.text = None
        if element.tag != "tspan":
            element.tail = None
    return tostring(root, encoding="unicode")


def svg_description(text: str) -> Description:
    """Return what a drawing's title and description say, for readers who get no picture."""
    root = _read(text)
    _check(root)
    return Description(*(" ".join("".join(element.itertext()).split()) for element in root[:2]))


def moves(drawing: str) -> bool:
    """Whether a drawing that passed the checks has steps to play."""
    return re.search(r'class="[^"]*\bf-(?:step|only)-', drawing) is not None


def _read(text: str) -> Element:
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise SvgError(f"the drawing has more than the {MAX_BYTES:,} bytes allowed")
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise SvgError("the drawing holds a DTD, an entity or an outside reference") from error
    except (ParseError, ValueError, UnicodeError) as error:
        raise SvgError(f"the drawing is not well-formed XML: {error}") from error
    return root


def _check(root: Element) -> None:
    if root.tag != f"{_TAG}svg":
        raise SvgError(f"the drawing is no svg element in the namespace {NAMESPACE}")
    ids: set[str] = set()
    for element, depth in _walk(root):
        if depth > MAX_DEPTH:
            raise SvgError(f"elements are nested deeper than {MAX_DEPTH} levels")
        name = _check_element(element, is_root=element is root)
        for attribute, value in element.attrib.items():
            _check_attribute(name, attribute, value)
        if (own := element.get("id")) and own in ids:
            raise SvgError(f"the id '{own}' is used twice")
        ids.add(element.get("id", ""))
    _check_references(root, ids)
    _check_frame(root)
    if faults := legibility.faults(root):
        raise SvgError(*faults)


def _walk(root: Element) -> list[tuple[Element, int]]:
    waiting, found = [(root, 1)], []
    while waiting:
        element, depth = waiting.pop()
        found.append((element, depth))
        waiting += [(child, depth + 1) for child in reversed(element)]
    return found


def _check_element(element: Element, *, is_root: bool) -> str:
    name = str(element.tag).removeprefix(_TAG)
    if name not in ELEMENTS or (name == "svg" and not is_root):
        raise SvgError(f"the element '{name}' is not allowed; there are {', '.join(sorted(ELEMENTS))}")
    stray = "".join([element.text or "" if name not in ("text", "tspan", "title", "desc") else "", _tail(element)])
    if stray.strip():
        raise SvgError(f"the text '{' '.join(stray.split())[:40]}' stands outside a text element")
    return name


def _tail(element: Element) -> str:
    """Return the text that stands between the children of a shape or group, where none belongs."""
    if str(element.tag).removeprefix(_TAG) in ("text", "tspan"):
        return ""
    return "".join(child.tail or "" for child in element)


def _check_attribute(element: str, name: str, value: str) -> None:
    if name not in ATTRIBUTES:
        instead = f": {_INSTEAD[name]}" if name in _INSTEAD else ""
        raise SvgError(f"the attribute '{name.rpartition('}')[2]}' of {element} is not allowed{instead}")
    if name == "href" and element != "use":
        raise SvgError(f"the attribute 'href' of {element} is not allowed")
    if not VALUES.get(name, NUMBERS).fullmatch(value.strip()):
        raise SvgError(f"the value '{value[:40]}' of {element}'s {name} is not allowed")
    if (name not in VALUES or name == "transform") and not _are_numbers(value):
        raise SvgError(f"the value '{value[:40]}' of {element}'s {name} is not made of numbers")
    if name == "class":
        for word in value.split():
            if word not in CLASSES:
                raise SvgError(f"the class '{word}' is not one of a figure's")


def _are_numbers(value: str) -> bool:
    try:
        return all(math.isfinite(float(word)) for word in re.split(r"[a-zA-Z]{2,}|[\s,()]+", value) if word)
    except ValueError:
        return False


def _check_references(root: Element, ids: set[str]) -> None:
    for element in root.iter():
        for name in (*REFERENCES, "href"):
            if target := element.get(name):
                found = LOCAL.fullmatch(target.strip())
                wanted = found[1] if found else target.strip()[1:]
                if wanted not in ids:
                    raise SvgError(f"there is no element with the id '{wanted}'")
        if element.tag == f"{_TAG}use" and any(other.tag == f"{_TAG}use" for other in _target(root, element).iter()):
            raise SvgError("a use element shows another one")


def _target(root: Element, use: Element) -> Element:
    wanted = use.get("href", "")[1:]
    return next((element for element in root.iter() if element.get("id") == wanted), Element("none"))


def _check_frame(root: Element) -> None:
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) != 4 or box[:3] != ["0", "0", str(legibility.WIDTH)]:
        raise SvgError(f'the drawing\'s viewBox is not "0 0 {legibility.WIDTH} HEIGHT"')
    for position, name in enumerate(("title", "desc")):
        element = root[position] if len(root) > position else None
        if element is None or element.tag != f"{_TAG}{name}" or not "".join(element.itertext()).strip():
            raise SvgError(f"the drawing does not begin with a title and a desc: {name} is missing")


def _rename(root: Element, prefix: str) -> None:
    """Put `prefix` before every id and every reference to one."""
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set(name, f"{prefix}-{value}")
            elif name == "href":
                element.set(name, f"#{prefix}-{value.strip()[1:]}")
            elif name in REFERENCES:
                element.set(name, LOCAL.sub(rf"url(#{prefix}-\1)", value.strip()))
