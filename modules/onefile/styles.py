"""The style sheets of the pages as one text, with those of the fonts inside that a document uses."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

from modules.sheets import in_one_piece

PAGES = "notebook.css"  # what base.html links
OWN = "onefile.css"

FACE = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)
FAMILY = re.compile(r'font-family: "([^"]+)"')
FILE = re.compile(r'url\("\.\./fonts/([\w-]+\.woff2)"\)')
RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
SECOND = "Notebook Drawn"  # the sans once more, for pages that wait for their faces
# Faces for one kind of element only, and how its tag begins.
ELEMENTS = {"Notebook Mono": "<code", "Notebook Math": "<math"}


def styles(texts: Iterable[str]) -> str:
    """Return the style sheet of a document made of `texts`."""
    characters: set[str] = set()
    tags: set[str] = set()
    for text in texts:
        characters.update(text)
        tags.update(tag for tag in ELEMENTS.values() if tag in text)
    points = [ord(character) for character in characters]

    def face(found: re.Match[str]) -> str:
        rule = found[0]
        family = FAMILY.search(rule)
        name = family[1] if family else ""
        tag = ELEMENTS.get(name)
        is_used = name != SECOND and (tag is None or tag in tags) and _has_one_of(rule, points)
        return FILE.sub(_font, rule) if is_used else ""

    return FACE.sub(face, sheets())


def digest(text: str) -> str:
    """Return what a Content-Security-Policy calls a style sheet by."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _has_one_of(rule: str, points: list[int]) -> bool:
    """Return whether the face may be asked for any of these characters; one without a range, for all."""
    ranges = [(int(first, 16), int(last or first, 16)) for first, last in RANGE.findall(rule)]
    return not ranges or any(first <= point <= last for point in points for first, last in ranges)


@cache
def sheets() -> str:
    return in_one_piece(_sheet(PAGES), _sheet) + _sheet(OWN)


def _sheet(name: str) -> str:
    return file(f"css/{name}").read_text()


@cache
def _data(name: str) -> str:
    return b64encode(file(f"fonts/{name}").read_bytes()).decode()


def _font(found: re.Match[str]) -> str:
    return f'url("data:font/woff2;base64,{_data(found[1])}")'


def file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"no static file {name!r}")
    return Path(found)
