"""Ids and links of a lesson for the file it stands in: its own names stay apart, and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from modules.rendering.markup import ATTRIBUTE, TAG

LESSON = re.compile(r"/modules/([a-z0-9-]+)/(?:#(.+))?")
TOP = "lesson.top"  # the lesson as a whole; with its dot no author's anchor
GLOSSARY = "/glossary/#"
PAINT = re.compile(r"url\(#([^)]+)\)")

ADDRESSES = frozenset({"href", "action"})
NAMES = frozenset({"id", "for", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"})


@dataclass(frozen=True)
class Links:
    """Turns what a lesson says of places into what holds in one file.

    An id begins with its lesson's, and a dot, which neither has in it: two lessons in one file share none.
    """

    site: str  # "https://notebook.example.org", which every link out of the file begins with
    lessons: Set[str]  # those in the file
    terms: Mapping[str, str]  # anchors of the terms that the file explains, each with its lesson

    def rewrite(self, html: str, module_id: str, pictures: Mapping[str, str]) -> str:
        """Return a lesson's HTML for the file; `pictures` has the contents of its images by their address."""

        def attribute(found: re.Match[str]) -> str:
            name, value = found[1], found[2]
            if name.startswith("hx-"):
                return ""  # what htmx would ask of the server
            if name in NAMES:
                value = " ".join(f"{module_id}.{word}" for word in value.split())
            elif name in ADDRESSES:
                value = self._address(value, module_id)
            elif name == "src":
                value = pictures.get(value, value)
            else:
                value = PAINT.sub(rf"url(#{module_id}.\1)", value)
            return f' {name}="{value}"'

        return TAG.sub(lambda tag: ATTRIBUTE.sub(attribute, tag[0]), html)

    def _address(self, address: str, module_id: str) -> str:
        if address.startswith("#"):
            return f"#{module_id}.{address[1:]}"
        if (found := LESSON.fullmatch(address)) and found[1] in self.lessons:
            return f"#{found[1]}.{found[2] or TOP}"
        term = address.removeprefix(GLOSSARY)
        if address.startswith(GLOSSARY) and term in self.terms:
            return f"#{self.terms[term]}.{term}"
        return f"{self.site}{address}" if address.startswith("/") else address
