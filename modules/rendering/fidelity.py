"""Does the raw Markdown say what the page says? Both are read back and compared.

The comparison knows nothing of how they were written: HTML is read with an HTML parser, Markdown with
a plain Markdown parser. Explorers are left out, since a form and a table of defaults differ by nature.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from .inline import maths_rule

ANCHOR = re.compile(r"\s*\{#[\w-]+\}")
NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
SOURCE_KEY = re.compile(r"source-[\w:-]+")  # what an entry of the raw list of sources begins with
LESSON_PAGE = re.compile(r"/modules/([a-z0-9-]+)/")
ALL_LESSONS = "All lessons, for machines"  # the way back, which the page has in its frame
VOID = {"br", "hr", "img"}
# What only the page has: marks to click and numerals that a list or note puts there by itself.
SKIPPED_CLASSES = {
    "explorer",
    "anchor",
    "note-ref",
    "sidenote-number",
    "equation-label",
    "backlinks",
    "stars",
    "report",
}


@dataclass
class Content:
    """What is compared of a lesson."""

    headings: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    formulas: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    code: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # pieces of running text

    @property
    def numerals(self) -> Counter[str]:
        return Counter(NUMERAL.findall("".join(self.words)))


def compare(html: str, raw: str) -> list[str]:
    """Return how a lesson's page (hook and body) and its raw Markdown differ; nothing when they agree."""
    page, text = read_html(html), read_markdown(raw)
    return [
        *_sequences("heading", page.headings, text.headings),
        *_tables(page.tables, text.tables),
        *_sequences("code block", page.code, text.code),
        *_counts("formula", page.formulas, text.formulas),
        *_counts("link", page.links, text.links),
        *_counts("number", page.numerals, text.numerals),
    ]


# Differences


def _sequences(kind: str, page: Sequence[str], raw: Sequence[str]) -> Iterator[str]:
    if Counter(page) != Counter(raw):
        yield from _counts(kind, Counter(page), Counter(raw))
    elif list(page) != list(raw):
        first = next(a for a, b in zip(page, raw, strict=True) if a != b)
        yield f"the {kind} '{_short(first)}' stands elsewhere in the raw Markdown"


def _tables(page: Sequence[list[list[str]]], raw: Sequence[list[list[str]]]) -> Iterator[str]:
    if len(page) != len(raw):
        yield f"the page has {len(page)} tables and the raw Markdown {len(raw)}"
    for n, (one, other) in enumerate(zip(page, raw, strict=False), start=1):
        cells, others = [cell for row in one for cell in row], [cell for row in other for cell in row]
        if [len(row) for row in one] != [len(row) for row in other]:
            yield f"table {n} has another shape in the raw Markdown"
        yield from (
            f"table {n} says '{_short(a)}' on the page and '{_short(b)}' in the raw Markdown"
            for a, b in zip(cells, others, strict=False)
            if a != b
        )


def _counts(kind: str, page: Counter[str], raw: Counter[str]) -> Iterator[str]:
    for thing in sorted(page | raw):
        if page[thing] != raw[thing]:
            yield f"the {kind} '{_short(thing)}' stands {page[thing]}x on the page, {raw[thing]}x in the raw Markdown"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def _plain(text: str) -> str:
    """Return text with its spaces made equal and no anchors."""
    return " ".join(ANCHOR.sub("", text).replace("\N{NO-BREAK SPACE}", " ").split())


def _address(href: str) -> str:
    """Return one form of an address that differs between the page and the raw Markdown by design."""
    return LESSON_PAGE.sub(r"/raw/\1.md", href)


# Reading the page


def read_html(html: str) -> Content:
    reader = _Html()
    reader.feed(html)
    reader.close()
    return reader.content


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.content = Content()
        self.skipping = 0  # how deep inside an element that is left out
        self.open: list[tuple[str, bool]] = []  # each open tag, and whether it began a stretch left out
        self.collecting: dict[str, list[str]] = {}  # text of the heading, cell, formula or code being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if tag == "img" and not self.skipping:
            self.content.links[_address(given.get("src", ""))] += 1
        if tag in VOID:
            return self.handle_data(" ")
        begins = bool(classes & SKIPPED_CLASSES) or tag == "svg"
        self.open.append((tag, begins))
        self.skipping += begins
        if self.skipping:
            return None
        if tag in ("h2", "h3", "h4", "td", "th", "annotation", "pre"):
            self.collecting[tag] = []
        elif tag == "table":
            self.content.tables.append([])
        elif tag == "tr":
            self.content.tables[-1].append([])
        elif tag == "a" and "href" in given and not _is_own(classes, given["href"]):
            self.content.links[_address(given["href"])] += 1
        if tag in ("p", "li", "div", "dt", "dd", "td", "th"):
            self.handle_data(" ")
        return None

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            opened, began = self.open.pop()
            self.skipping -= began
            if opened == tag:
                break
        text = "".join(self.collecting.pop(tag, []))
        if self.skipping:
            return
        if tag in ("h2", "h3", "h4"):
            self.content.headings.append(_plain(text))
        elif tag in ("td", "th"):
            self.content.tables[-1][-1].append(_plain(text))
        elif tag == "annotation":
            self.content.formulas[_plain(text)] += 1
            if cell := self.collecting.get("td", self.collecting.get("th")):
                cell.append(text)
        elif tag == "pre":
            self.content.code.append(text.strip("\n"))

    def handle_data(self, data: str) -> None:
        if self.skipping:
            return
        inside = [tag for tag, _ in self.open]
        if "annotation" in inside:
            self.collecting["annotation"].append(data)
        elif "math" not in inside:
            for texts in self.collecting.values():
                texts.append(data)
            if "pre" not in inside:
                self.content.words.append(data)


def _is_own(classes: set[str], href: str) -> bool:
    """Whether a link only the page has: a number to its row, a term to the glossary, a row to a row."""
    return "number" in classes or href.startswith(("#number-", "/glossary/#term-"))


# Reading the raw Markdown


@cache
def _markdown() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False, "maxNesting": 60})
        .enable("table")
        .use(front_matter_plugin)
        .use(footnote_plugin, inline=False)
        .use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_blank_lines=False)
    )
    parser.inline.ruler.at("math_inline", maths_rule)  # see there for what the plugin's own rule misses
    return parser


def read_markdown(raw: str) -> Content:
    content = Content()
    for block in Node(_markdown().parse(raw)).children:
        if not _text(block).startswith(ALL_LESSONS):
            _read(block, content)
    return content


def _read(node: Node, content: Content) -> None:
    text = _text(node)
    if node.type == "front_matter" or (node.type == "blockquote" and "{#explorer-" in text.split("\n")[0]):
        return
    if node.type == "heading":
        if node.tag != "h1":
            content.headings.append(_plain(text))
        else:
            return
    elif node.type == "table":
        rows = [row for part in node.children for row in part.children]
        content.tables.append([[_plain(_text(cell)) for cell in row.children] for row in rows])
    elif node.type in ("fence", "code_block"):
        content.code.append(node.content.strip("\n"))
    elif node.type == "math_block" or node.type == "math_block_label":
        content.formulas[_plain(node.content)] += 1
    elif node.type == "inline":
        _read_line(node.children, content)
        content.words.append(" ")
    elif node.type == "paragraph" and text.startswith("Picture: "):
        return
    if node.type != "inline":
        for child in node.children:
            _read(child, content)


def _read_line(nodes: Iterable[Node], content: Content) -> None:
    for node in nodes:
        if node.type == "math_inline":
            content.formulas[_plain(node.content)] += 1
        elif node.type in ("link", "image"):
            href = node.attrs.get("href", node.attrs.get("src", ""))
            content.links[_address(str(href))] += 1
        if node.type in ("text", "code_inline") and not SOURCE_KEY.fullmatch(node.content):
            content.words.append(ANCHOR.sub("", node.content))
        elif node.type in ("softbreak", "hardbreak"):
            content.words.append(" ")
        _read_line(node.children, content)


def _text(node: Node) -> str:
    """Return the text in a node, formulas as TeX."""
    if node.type in ("text", "code_inline", "math_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    return "".join(map(_text, node.children))
