"""What a lesson is rendered from, and what comes of it. All plain data; see docs/format.md for the meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from modules.ledger import Quantity
from modules.rendering.orders import PlotOrder
from modules.rendering.plot import Plot
from modules.rendering.problems import Problem

if TYPE_CHECKING:
    from modules.rendering.numerals import Numerals  # which reads lessons, as they are defined here


@dataclass(frozen=True)
class Number:
    """One number of the ledger with its value; `id` is `lesson-id:name` or `group.name`, `source` a key.

    `was` is what a number that a what-if changed is as written.
    """

    id: str
    label: str
    kind: str  # cited, assumed or computed
    quantity: Quantity
    digits: int | None = None
    formula: str = ""
    like: str = ""  # the id of the number whose formula it is
    unit: str = ""
    source: str = ""
    at: str = ""
    because: str = ""
    as_of: str = ""
    note: str = ""
    seen: str = ""  # the oldest day on which something it rests on was seen; "" where nothing has a date
    was: Quantity | None = None

    @property
    def page(self) -> str:
        """The address of the number's own page."""
        return f"/numbers/{re.sub('[.:]', '/', self.id)}/"


@dataclass(frozen=True)
class Source:
    """One entry of the bibliography; `authors` are (family, given), an organisation has no given name."""

    key: str
    kind: str
    authors: Sequence[tuple[str, str]]
    title: str
    year: str
    url: str = ""
    note: str = ""
    eprint: str = ""
    checked_on: str = ""


@dataclass(frozen=True)
class LessonRef:
    id: str
    title: str
    written: bool


@dataclass(frozen=True)
class Question:
    id: str
    stars: int
    ask: str
    answer: str
    rubric: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True)
class Failure:
    """A way in which a system fails; `parts` are its texts by name, `lever` what is pulled first, in words."""

    id: str
    mode: str
    systems: tuple[str, ...]
    lever: str
    parts: Mapping[str, str]
    cost: str = ""


@dataclass(frozen=True)
class Phase:
    """A part of an exam; `numbers` have to be given."""

    id: str
    ask: str
    answer: str
    rubric: tuple[str, ...]
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exam:
    """A review to be sat; `draws` are the numbers that a seed draws anew."""

    brief: str
    draws: tuple[str, ...]
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson as its author wrote it, with the values of its ledger in file order."""

    id: str
    title: str
    body: str
    part: str = ""
    summary: str = ""
    hook: str = ""
    requires: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    minutes: int | None = None
    reviewed: str = ""
    updated: str = ""
    version: str = ""
    url: str = ""
    licence: str = ""
    ledger: tuple[Number, ...] = ()
    explorers: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    questions: tuple[Question, ...] = ()
    failures: tuple[Failure, ...] = ()
    exam: Exam | None = None
    what_if: str = ""  # what is supposed, as it stands in the address
    preface: str = ""  # Markdown before all else: what is supposed, in words


def _nothing(name: str) -> str:
    return ""


def _undrawn(order: PlotOrder, anchor: str) -> Plot:
    raise ValueError("nothing here can draw it")


@dataclass(frozen=True)
class Material:
    """What lessons refer to.

    `numbers` are under the names the author of this lesson writes and under their ids; `figures` maps
    file names to SVG text or to the address of a raster picture; `terms` maps a term to its lesson's id.
    """

    numbers: Mapping[str, Number] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    lessons: Mapping[str, LessonRef] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    explorer_html: Callable[[str], str] = _nothing
    explorer_markdown: Callable[[str], str] = _nothing
    plot: Callable[[PlotOrder, str], Plot] = _undrawn  # raises ValueError with a sentence
    query: str = ""  # what the address of a number's page ends in, so that it shows the same what-if


class TocEntry(NamedTuple):
    level: int
    anchor: str
    title: str
    minutes: int = 0  # what a section takes, its subsections included; they themselves say 0


class Passage(NamedTuple):
    """A stretch of plain text under one heading, for search."""

    anchor: str
    heading: str
    text: str


class Citation(NamedTuple):
    """A place that cites a source: where on the page, what that place is called, and where in the source."""

    key: str
    anchor: str
    heading: str
    locator: str


class Place(NamedTuple):
    """A place in another lesson that a link leads to, and where that link is written."""

    lesson: str
    anchor: str
    where: str
    line: int


@dataclass(frozen=True)
class Asked:
    """A question as it stands apart from its lesson: each part as HTML and as Markdown, its links leading there.

    `answer_raw` has what to look for as well; `text` is what is asked in plain words, for search.
    """

    id: str
    ask: str
    answer: str
    rubric: tuple[str, ...]
    ask_raw: str
    answer_raw: str
    text: str


@dataclass(frozen=True)
class Apart:
    """A failure mode as it stands apart from its lesson: each part as HTML and as Markdown."""

    id: str
    html: Mapping[str, str]
    raw: Mapping[str, str]


@dataclass(frozen=True)
class Uses:
    """What a page was made with from outside its text: if any of it changes, the page is stale."""

    numbers: frozenset[str] = frozenset()  # full ids
    sources: frozenset[str] = frozenset()
    lessons: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """A lesson's page, its raw Markdown and what other pages need of it; not to be saved with problems."""

    html: str
    hook: str
    raw: str
    toc: list[TocEntry]
    anchors: frozenset[str]  # every place that other lessons may link to
    passages: list[Passage]
    citations: list[Citation]
    uses: Uses
    asked: list[Asked]
    failures: list[Apart]
    derivations: list[str]  # the anchors of those that code checks
    code: str  # a digest of that code
    files: dict[str, str]  # of the program that lessons build together
    numerals: Numerals
    problems: list[Problem]
