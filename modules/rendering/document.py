"""An author's text, parsed once: the tokens both outputs are made from, and what they refer to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from markdown_it.token import Token

from modules.rendering.orders import PlotOrder
from modules.rendering.problems import Problem


class NumberUse(NamedTuple):
    """`[=name in unit to digits]`; a bare `[=name]` has no unit and no digits."""

    name: str
    unit: str
    digits: int | None
    line: int


class CitationUse(NamedTuple):
    key: str
    locator: str
    line: int
    anchor: str  # of the heading it stands under, or ""


class LinkUse(NamedTuple):
    href: str
    text: str
    line: int


class Heading(NamedTuple):
    level: int
    anchor: str
    title: str
    line: int


class FigureUse(NamedTuple):
    file: str
    line: int


class PlotUse(NamedTuple):
    """A plot of ledger numbers, as its author ordered it (docs/format.md)."""

    anchor: str
    order: PlotOrder
    line: int


class FormulaUse(NamedTuple):
    tex: str
    display: bool
    line: int


class Reference(NamedTuple):
    """An explorer, question or term that the text names."""

    id: str
    line: int


class ClaimUse(NamedTuple):
    verdict: str
    title: str
    line: int


class RunBlock(NamedTuple):
    """A `python run` block and the output recorded under it.

    It stands on the lines from `line` to `end`, its output on those after it to `output_end`.
    """

    code: str
    output: str | None
    line: int
    derivation: str | None
    end: int
    output_end: int


class FileBlock(NamedTuple):
    """A `python file PATH` block: a file of the program that lessons build, or the next piece of it."""

    path: str
    code: str
    line: int
    is_first: bool

    @property
    def anchor(self) -> str:
        return file_anchor(self.path)

    @property
    def program(self) -> str:
        return self.path.split("/")[0]


def file_anchor(path: str) -> str:
    """Return the place of the page where a file of a program begins."""
    return "file-" + re.sub("[^a-z0-9]+", "-", path.removesuffix(".py")).strip("-")


@dataclass
class Document:
    """One parsed text. A text that was refused has no tokens and one problem."""

    tokens: Sequence[Token] = ()
    env: MutableMapping[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    numbers: list[NumberUse] = field(default_factory=list)
    citations: list[CitationUse] = field(default_factory=list)
    links: list[LinkUse] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    formulas: list[FormulaUse] = field(default_factory=list)
    figures: list[FigureUse] = field(default_factory=list)
    plots: list[PlotUse] = field(default_factory=list)
    explorers: list[Reference] = field(default_factory=list)
    checks: list[Reference] = field(default_factory=list)
    terms: list[Reference] = field(default_factory=list)
    claims: list[ClaimUse] = field(default_factory=list)
    runs: list[RunBlock] = field(default_factory=list)
    file_blocks: list[FileBlock] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)  # the anchors of documents to take away
    anchors: dict[str, int] = field(default_factory=dict)  # every id the author set, with its line
    words: int = 0  # of prose: maths, code and tables are left out

    @property
    def derivations(self) -> list[str]:
        """The anchors of the derivations that code checks, in the order of the text."""
        return list(dict.fromkeys(block.derivation for block in self.runs if block.derivation))

    @property
    def files(self) -> dict[str, str]:
        """The files of a program that the text builds, each put together from its blocks."""
        files: dict[str, str] = {}
        for block in self.file_blocks:
            # Two blank lines between definitions, one where a class goes on.
            gap = "\n" if block.code.startswith(" ") else "\n\n"
            files[block.path] = files[block.path] + gap + block.code if block.path in files else block.code
        return files

    @property
    def code(self) -> str:
        """A digest of all the code that is run and of what is recorded that it prints; "" where there is none."""
        blocks = [[block.code, (block.output or "").strip()] for block in self.runs]
        blocks += [[path, code] for path, code in self.files.items()]
        return hashlib.sha256(json.dumps(blocks).encode()).hexdigest()[:16] if blocks else ""
