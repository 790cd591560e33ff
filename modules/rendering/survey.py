"""One walk over the tokens: what the text refers to, and what is wrong with it by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

from markdown_it.token import Token

from modules.rendering.code import LANGUAGES
from modules.rendering.containers import ANCHOR, CONTAINERS
from modules.rendering.document import (
    CitationUse,
    ClaimUse,
    Document,
    FigureUse,
    FileBlock,
    FormulaUse,
    Heading,
    LinkUse,
    NumberUse,
    PlotUse,
    Reference,
    RunBlock,
)
from modules.rendering.orders import USAGE, read_order
from modules.rendering.problems import Problem
from modules.rendering.text import plain

RUN, FILE, OUTPUT = "python run", "python file", "output"
# A file of a program: one package, one folder deep, and never the one that marks a folder as a package.
PROGRAM_FILE = re.compile(r"[a-z][a-z0-9_]*/(?!__init__\.)[a-z_][a-z0-9_]*\.py")
# Ids the page gives to what it generates; see docs/markup.md.
RESERVED = re.compile(
    r"(?:numbers|sources|terms|questions)$"
    r"|(?:number|source|cite|eq|figure|file|explorer|question|check|table|term|note|noteref|failure)-"
)
ASSERTION = re.compile(r"^\s*assert\b", re.MULTILINE)
FIGURE_PARTS = ("What you see.", "What to notice.")
MAX_PROBLEMS = 100
SPANS = ("toy", "term")


def survey(tokens: Sequence[Token], env: MutableMapping[str, Any], lines: Sequence[str], where: str) -> Document:
    """Return the document of `tokens`, with its views filled and its problems in order of lines."""
    reader = _Reader(tokens, env, lines, where)
    reader.read()
    document = reader.document
    document.problems.sort(key=lambda problem: (problem.line or 0, problem.message))
    if (more := len(document.problems) - MAX_PROBLEMS) > 0:
        document.problems[MAX_PROBLEMS:] = [Problem(f"and {more} more problems", None, where)]
    return document


class _Reader:
    def __init__(
        self, tokens: Sequence[Token], env: MutableMapping[str, Any], lines: Sequence[str], where: str
    ) -> None:
        self.document = Document(tokens, env)
        self.lines = lines
        self.where = where
        self.open: list[tuple[Token, int]] = []  # the blocks around, with their index
        self.line = 1
        self.footnotes: set[str] = set()

    def problem(self, message: str, line: int | None = None) -> None:
        self.document.problems.append(Problem(message, self.line if line is None else line, self.where))

    def read(self) -> None:
        for message, line in self.document.env.get("complaints", ()):
            self.problem(message, line)
        for index, token in enumerate(self.document.tokens):
            if token.map:
                self.line = token.map[0] + 1
            if token.nesting < 0 and self.open:
                self.open.pop()
            method = getattr(self, token.type, None)
            if method:
                method(token, index)
            elif token.type.startswith("container_") and token.type.endswith("_open"):
                self.container(token, index)
            if token.nesting > 0:
                self.open.append((token, index))

    # Blocks

    def inside(self, *types: str) -> Token | None:
        return next((token for token, _ in reversed(self.open) if token.type in types), None)

    def anchor(self, anchor: str) -> None:
        first = self.document.anchors.setdefault(anchor, self.line)
        if first != self.line:
            self.problem(f"the anchor '{anchor}' is already used on line {first}")
        elif RESERVED.match(anchor):
            self.problem(f"the anchor '{anchor}' is one the page makes itself; choose another")

    def heading_open(self, token: Token, index: int) -> None:
        level = int(token.tag[1:])
        text = self.document.tokens[index + 1]
        title, anchor = plain(text.children), str(token.attrs.get("id", ""))
        if self.where != "body":
            return self.problem(f"a {self.where.split()[0]} has no headings")
        if level == 1:
            self.problem("'#' is not used, the title of a lesson is data: begin with '##'")
        elif self.open and not (level == 4 and self.inside("container_template_open")):
            self.problem(f"the heading '{title}' stands inside another block")
        elif level <= 3 and not anchor:
            self.problem(f"the heading '{title}' has no anchor, as in '## {title} {{#anchor}}'")
        elif level == 3 and not any(heading.level == 2 for heading in self.document.headings):
            self.problem(f"the heading '{title}' comes before any '##'")
        if anchor:
            self.anchor(anchor)
        self.document.headings.append(Heading(level, anchor, title, self.line))
        return None

    def math_block(self, token: Token, index: int) -> None:
        self.document.formulas.append(FormulaUse(token.content, True, self.line))
        if label := token.meta.get("label", ""):
            if self.where != "body":
                self.problem(f"a {self.where.split()[0]} labels no formula")
            elif not re.fullmatch(ANCHOR, label):
                self.problem(f"'{label}' is not a label: small letters, digits and hyphens")
            elif (first := self.document.anchors.setdefault(f"eq-{label}", self.line)) != self.line:
                self.problem(f"the label '{label}' is already used on line {first}")

    def fence(self, token: Token, index: int) -> None:
        info = " ".join(token.info.split())
        self.closed_fence(token)
        if info == RUN:
            return self.run(token, index)
        if info.startswith(FILE):
            return self.file(token, info.removeprefix(FILE).strip())
        if info == OUTPUT:
            before = self.document.tokens[index - 1] if index else None
            if before is None or before.type != "fence" or before.info.split() != RUN.split():
                self.problem("this output follows no 'python run' block")
        elif info and info not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            self.problem(f"unknown code language '{info}'; there are '{RUN}', '{FILE} NAME', '{OUTPUT}', {known}")
        return None

    def file(self, token: Token, path: str) -> None:
        if self.where != "body":
            return self.problem(f"a {self.where.split()[0]} holds no file of a program")
        if not PROGRAM_FILE.fullmatch(path):
            return self.problem(f"'{path}' names no file of a program; write it as in '{FILE} agent/loop.py'")
        is_first = path not in self.document.files
        token.meta["file"] = block = FileBlock(path, token.content, self.line, is_first)
        self.document.file_blocks.append(block)
        return None

    def closed_fence(self, token: Token) -> None:
        last = self.lines[token.map[1] - 1] if token.map and token.map[1] <= len(self.lines) else ""
        if not last.lstrip(" >-*+0123456789.").startswith(token.markup) or token.map == [self.line - 1, self.line]:
            self.problem(f"unclosed code block: no '{token.markup}' ends it")

    def run(self, token: Token, index: int) -> None:
        if self.where != "body":
            return self.problem(f"code runs in the body only, not in a {self.where.split()[0]}")
        derivation = self.inside("container_derivation_open")
        arguments = derivation.meta["args"] if derivation else []
        after = self.document.tokens[index + 1] if index + 1 < len(self.document.tokens) else None
        recorded = after if after and after.type == "fence" and after.info.strip() == OUTPUT else None
        name = arguments[0] if arguments else None
        end = token.map[1] if token.map else self.line
        output_end = recorded.map[1] if recorded and recorded.map else end
        output = recorded.content if recorded else None
        self.document.runs.append(RunBlock(token.content, output, self.line, name, end, output_end))
        return None

    def container(self, token: Token, index: int) -> None:
        name = token.type.removeprefix("container_").removesuffix("_open")
        arguments, title = token.meta.get("args", []), token.meta.get("title", "")
        if name not in CONTAINERS:
            return
        if self.where != "body":
            return self.problem(f"a {self.where.split()[0]} has no containers")
        content = _inside(self.document.tokens, index)
        if CONTAINERS[name].empty and content:
            self.problem(f"{name} is an empty container: open it and close it")
        if not CONTAINERS[name].empty and not content:
            self.problem(f"{name} '{title}' is empty")
        if name in ("derivation", "plot", "table", "template") and arguments:
            self.anchor(arguments[0])
        if name == "claim" and arguments:
            self.document.claims.append(ClaimUse(arguments[0], title, self.line))
        elif name == "explorer" and arguments:
            self.once(self.document.explorers, arguments[0], "explorer")
        elif name == "check" and arguments:
            self.once(self.document.checks, arguments[0], "check")
        elif name in ("questions", "failures"):
            self.once_for_all(name)
        elif name == "template" and arguments:
            self.document.templates.append(arguments[0])
        elif name == "figure" and arguments:
            self.figure(arguments[0], content)
        elif name == "plot" and arguments:
            self.plot(arguments[0], token.meta.get("order", ""), content)
        elif name == "table" and [t.type for t in content].count("table_open") != 1:
            self.problem("a table container holds exactly one table")
        elif name == "derivation" and not _ends_in_check(content):
            self.problem(f"the derivation '{title}' does not end in a 'python run' block with an assert")

    def once(self, seen: list[Reference], name: str, kind: str) -> None:
        first = next((use for use in seen if use.id == name), None)
        if first:
            self.problem(f"the {kind} '{name}' already stands on line {first.line}")
        seen.append(Reference(name, self.line))

    def once_for_all(self, what: str) -> None:
        first = self.document.env.setdefault(what, self.line)
        if first != self.line:
            self.problem(f"the {what} already stand on line {first}")

    def figure(self, file: str, content: Sequence[Token]) -> None:
        self.figure_parts(f"figure '{file}'", content)
        if any(use.file == file for use in self.document.figures):
            self.problem(f"the figure '{file}' is shown twice")
        self.document.figures.append(FigureUse(file, self.line))

    def plot(self, anchor: str, text: str, content: Sequence[Token]) -> None:
        self.figure_parts(f"plot '{anchor}'", content)
        order = read_order(text)
        if order is None:
            return self.problem(f"'{text}' orders no plot; the first line inside is {USAGE}", self.line + 1)
        self.document.plots.append(PlotUse(anchor, order, self.line))
        return None

    def figure_parts(self, what: str, content: Sequence[Token]) -> None:
        bold = [
            plain(children[i + 1 : i + 2])
            for children in (token.children or [] for token in content)
            for i, child in enumerate(children)
            if child.type == "strong_open"
        ]
        for part in FIGURE_PARTS:
            if part not in bold:
                self.problem(f"the {what} does not say **{part}**")

    def footnote_open(self, token: Token, index: int) -> None:
        label = token.meta.get("label", "")
        content = _inside(self.document.tokens, index)
        self.line = next((t.map[0] + 1 for t in content if t.map), self.line)
        kinds = {t.type for t in content} - {"footnote_anchor"}
        if not content or "inline" not in kinds:
            self.problem(f"unknown footnote '[^{label}]'", self.footnote_line(label))
        elif kinds != {"paragraph_open", "inline", "paragraph_close"}:
            self.problem(f"the footnote '[^{label}]' holds more than paragraphs")

    def footnote_line(self, label: str) -> int:
        return next((n for n, text in enumerate(self.lines, start=1) if f"[^{label}]" in text), self.line)

    # Lines

    def inline(self, token: Token, index: int) -> None:
        children = token.children or []
        if not self.inside("table_open"):
            self.document.words += len(plain(children).split()) + sum(c.type == "number" for c in children)
        for position, child in enumerate(children):
            method = getattr(self, f"inline_{child.type}", None)
            if method:
                method(child, children, position)
            if child.type in ("softbreak", "hardbreak"):
                self.line += 1

    def inline_number(self, token: Token, children: Sequence[Token], position: int) -> None:
        meta = token.meta
        self.document.numbers.append(NumberUse(meta["name"], meta["unit"], meta["digits"], self.line))

    def inline_citation(self, token: Token, children: Sequence[Token], position: int) -> None:
        anchors = [heading.anchor for heading in self.document.headings if heading.anchor]
        for key, locator in token.meta["items"]:
            self.document.citations.append(CitationUse(key, locator, self.line, anchors[-1] if anchors else ""))

    def inline_malformed(self, token: Token, children: Sequence[Token], position: int) -> None:
        text = token.meta["text"]
        if text.startswith("[="):
            self.problem(f"malformed number '{text}': write [=name], [=name in UNIT] or [=name in UNIT to DIGITS]")
        else:
            self.problem(f"malformed citation '{text}': write [@key], [@key, locator] or [@key; @key2]")

    def inline_link_open(self, token: Token, children: Sequence[Token], position: int) -> None:
        text = plain(children[position + 1 : _closing(children, position)])
        self.document.links.append(LinkUse(str(token.attrs.get("href", "")), text, self.line))

    def inline_text(self, token: Token, children: Sequence[Token], position: int) -> None:
        if "](" in token.content:
            self.problem("a '](' is left as text: a link holds no number, citation, footnote or other link")

    def inline_span_open(self, token: Token, children: Sequence[Token], position: int) -> None:
        text = plain(children[position + 1 : _closing(children, position)])
        kind = str(token.attrs.get("class", ""))
        if kind not in SPANS or token.meta.get("insecure_attrs"):
            self.problem(f"unknown mark on '[{text}]'; there are {{.toy}} and {{.term}}")
        elif kind == "term":
            self.document.terms.append(Reference(text, self.line))

    def inline_image(self, token: Token, children: Sequence[Token], position: int) -> None:
        self.problem(f"the picture '{token.attrs.get('src', '')}' stands outside a figure: '::: figure FILE Caption'")

    def inline_math_inline(self, token: Token, children: Sequence[Token], position: int) -> None:
        self.document.formulas.append(FormulaUse(token.content, False, self.line))
        before = children[position - 1] if position else None
        if before and before.type == "text" and before.content.endswith("$"):
            self.problem("display maths, $$...$$, stands on lines of its own")

    def inline_footnote_ref(self, token: Token, children: Sequence[Token], position: int) -> None:
        if self.inside("footnote_open"):
            self.problem(f"the footnote '[^{token.meta.get('label', '')}]' is called from another footnote")
        elif self.inside("heading_open", "container_title_open"):
            self.problem(f"the footnote '[^{token.meta.get('label', '')}]' is called from a heading or title")
        elif self.where != "body":
            self.problem(f"a {self.where.split()[0]} has no footnotes")


def _inside(tokens: Sequence[Token], index: int) -> list[Token]:
    """Return the tokens between the opening one at `index` and its end, a container's title left out."""
    return list(_until_closed(tokens, index))


def _until_closed(tokens: Sequence[Token], index: int) -> Iterator[Token]:
    level = 1
    titled = False
    for token in tokens[index + 1 :]:
        level += token.nesting
        if level == 0:
            return
        if token.type == "container_title_open" and level == 2:
            titled = True
        if not titled:
            yield token
        elif token.type == "container_title_close":
            titled = False


def _closing(children: Sequence[Token], position: int) -> int:
    """Return the index of the inline token that closes the one at `position`."""
    level = 0
    for index in range(position, len(children)):
        level += children[index].nesting
        if level == 0:
            return index
    return len(children)


def _ends_in_check(content: Sequence[Token]) -> bool:
    blocks = list(content)
    if blocks and blocks[-1].type == "fence" and blocks[-1].info.strip() == OUTPUT:
        blocks.pop()
    return bool(
        blocks
        and blocks[-1].type == "fence"
        and blocks[-1].info.split() == RUN.split()
        and ASSERTION.search(blocks[-1].content)
    )
