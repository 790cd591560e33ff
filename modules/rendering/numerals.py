"""The rule that names the project: what defends each numeral of a lesson, and which nothing defends.

`docs/format.md` has the rule. Number words are no numerals: "eight GPUs" claims no more than it
says, while `8 GPUs` carries a unit of the ledger and has to come from there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from modules.rendering import names
from modules.rendering.document import Document
from modules.rendering.material import Lesson
from modules.rendering.parsing import parse
from modules.rendering.problems import Problem
from modules.rendering.sentences import CITATION, sentences
from modules.rendering.texts import Texts

MAX_COUNT = 12
KINDS = ("ledger", "cited", "maths", "toy", "name", "count")

# Stand-ins, which limits.FORBIDDEN keeps out of authors' texts.
_LEDGER, _MATHS = "\ufdd0", "\ufdd2"

_DIGITS = r"\d+(?:[,\u00a0\u2009\u202f]\d{3})*(?:\.\d+)*(?:[eE][+-]?\d+\b)?(?:[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|(?:\^|\*\*)-?\d+)?"
_NUMERAL = re.compile(
    rf"\d{{4}}-\d\d-\d\d|(?:(?<![\w.)\]{_LEDGER}{_MATHS}{CITATION}])[-−+±])?{_DIGITS}(?:[:/]\d+)*"
    rf"(?:[ \u00a0]?[–-][ \u00a0]?{_DIGITS})?|[¼½¾⅐-⅞]"
)
_IN_CODE = re.compile(r"(?<![\w.])\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?")
_IN_TEX = re.compile(r"\d+(?:\.\d+)?")
_COUNT = re.compile(r"(?:0|[1-9]\d?)(?:[ \u00a0]?[–-][ \u00a0]?[1-9]\d?)?")
_CURRENCY = re.compile(r"(?:[$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY|CNY)|×|\bx)[ \u00a0]?\Z")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_UNIT = re.compile(
    r"[ \u00a0-]?(?:%|‰|°|[×x](?!\w)|percent\b|per cent\b|percentage\b|points?\b|pp\b|times\b|fold\b|"
    r"orders? of magnitude\b|thousands?\b|millions?\b|billions?\b|trillions?\b|bn\b|"
    r"dollars?\b|cents?\b|USD\b|EUR\b|GBP\b|"
    r"[kKMGTPE]?i?[Bb]\b|(?:[kKMGTPE]i?)?bits?\b|(?:kilo|mega|giga|tera)?bytes?\b|"
    r"[kMGTPE]?FLOP[sS]?\b|[kMGTP]?(?:W|J|Hz)\b|[kKM]\b|"
    r"(?:[mnuµμ]?s|h|hrs?|min)\b|(?:milli|micro|nano)?seconds?\b|(?:minute|hour|day|week|month|year)s?\b|"
    r"[kKM]?tokens?\b|requests?\b|quer(?:y|ies)\b|users?\b|GPUs?\b|images?\b|char(?:acter)?s?\b)"
)
_YEAR = re.compile(rf"(?:{CITATION}\s*\(?)((?:19|20)\d\d)\b|\b((?:19|20)\d\d)\)?,?\s*{CITATION}")
_EXCERPT = 40


@dataclass
class Numerals:
    """How many numerals each kind of defence holds up, and those that nothing does."""

    counts: Counter[str] = field(default_factory=Counter)
    undefended: list[Problem] = field(default_factory=list)

    def add(self, other: Numerals) -> None:
        self.counts += other.counts
        self.undefended += other.undefended


def numerals(lesson: Lesson, texts: Texts | None = None) -> Numerals:
    """Classify every numeral of a lesson: hook, body, questions, summary, glossary; `texts` where they are parsed."""
    found = Numerals()
    for where, document in _texts(lesson, texts or Texts.read(lesson)):
        found.add(classify(document, where))
    return found


def _texts(lesson: Lesson, texts: Texts) -> Iterator[tuple[str, Document]]:
    yield from texts
    yield "summary", parse(lesson.summary, "summary")
    for term, text in lesson.terms:
        yield f"term {term}", parse(text, f"term {term}")


def classify(document: Document, where: str = "body") -> Numerals:
    """Classify every numeral of one parsed text; `undefended` has each with its line and sentence."""
    found = Numerals()
    for passage in _passages(document.tokens, found.counts):
        _classify(passage, found, where)
    return found


@dataclass
class _Passage:
    """A paragraph, a table row, a caption or a heading as plain text with stand-ins.

    `sources` has what the author wrote for each stand-in, `toys` where toy numbers stand.
    """

    line: int
    is_prose: bool  # of sentences; a row, a caption and a heading are one each
    is_derivation: bool
    text: str = ""
    sources: dict[int, str] = field(default_factory=dict)
    toys: list[tuple[int, int]] = field(default_factory=list)

    def read(self, tokens: Iterable[Token], counts: Counter[str]) -> None:
        opened: list[tuple[bool, int]] = []
        for token in tokens:
            match token.type:
                case "text" | "malformed":
                    self.text += token.content
                case "softbreak" | "hardbreak":
                    self.text += "\n"
                case "number":
                    counts["ledger"] += 1
                    self.stand_in(_LEDGER, token.content)
                case "citation":
                    self.stand_in(CITATION, token.content)
                case "math_inline":
                    counts["maths"] += len(_IN_TEX.findall(token.content))
                    self.stand_in(_MATHS, f"${token.content}$")
                case "code_inline":
                    counts["maths"] += len(_IN_CODE.findall(token.content))
                    self.stand_in(_MATHS, f"`{token.content}`")
                case "span_open":
                    opened.append((token.attrs.get("class") == "toy", len(self.text)))
                case "span_close" if opened:
                    is_toy, start = opened.pop()
                    if is_toy:
                        self.toys.append((start, len(self.text)))

    def stand_in(self, mark: str, source: str) -> None:
        self.sources[len(self.text)] = source
        self.text += mark

    def sentences(self) -> Iterable[tuple[int, int]]:
        return sentences(self.text) if self.is_prose else [(0, len(self.text))]

    def excerpt(self, start: int, end: int, around: int) -> str:
        """Return the text from `start` to `end` as written, shortened around the place `around`."""
        first, last = max(start, around - _EXCERPT), min(end, around + _EXCERPT)
        written = "".join(self.sources.get(place, self.text[place]) for place in range(first, last))
        return f"{'…' * (first > start)}{' '.join(written.split())}{'…' * (last < end)}"


def _passages(tokens: Sequence[Token], counts: Counter[str]) -> Iterator[_Passage]:
    """Yield the stretches of text within which a citation defends; count what stands outside them."""
    open_types: list[str] = []
    row: _Passage | None = None
    for token in tokens:
        if token.nesting < 0:
            open_types.pop()
        line = token.map[0] + 1 if token.map else 1
        is_derivation = "container_derivation_open" in open_types
        if token.type in ("fence", "code_block"):
            counts["maths"] += len(_IN_CODE.findall(token.content))
        elif token.type == "math_block":
            counts["maths"] += len(_IN_TEX.findall(token.content))
        elif token.type == "tr_open":
            row = _Passage(line, is_prose=False, is_derivation=is_derivation)
        elif token.type == "tr_close" and row:
            yield row
            row = None
        elif token.type == "inline":
            passage = row or _Passage(line, open_types[-1] == "paragraph_open", is_derivation)
            passage.read(token.children or (), counts)
            if row:
                row.text += " | "
            else:
                yield passage
        if token.nesting > 0:
            open_types.append(token.type)


def _classify(passage: _Passage, found: Numerals, where: str) -> None:
    if not _NUMERAL.search(passage.text):
        return
    named = [*names.spans(passage.text), *_citing_years(passage.text)]
    for start, end in passage.sentences():
        cited = CITATION in passage.text[start:end]
        for match in _NUMERAL.finditer(passage.text, start, end):
            kind = _kind(passage, match, named, cited=cited)
            if kind:
                found.counts[kind] += 1
                continue
            line = passage.line + passage.text.count("\n", 0, match.start())
            excerpt = passage.excerpt(start, end, match.start())
            found.undefended.append(Problem(f"nothing defends '{match[0].strip()}' in '{excerpt}'", line, where))


def _kind(passage: _Passage, match: re.Match[str], named: Iterable[tuple[int, int]], *, cited: bool) -> str:
    """Return what defends a numeral, or "" when nothing does."""
    if _within(match, passage.toys):
        return "toy"
    if passage.is_derivation:
        return "maths"
    if _within(match, named):
        return "name"
    if cited:
        return "cited"
    return "count" if _is_count(match) else ""


def _within(match: re.Match[str], spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= match.start() and match.end() <= end for start, end in spans)


def _is_count(match: re.Match[str]) -> bool:
    """Whether this is a whole number from 0 to 12 without unit, percent, currency or factor."""
    if not _COUNT.fullmatch(match[0]) or any(int(part) > MAX_COUNT for part in re.findall(r"\d+", match[0])):
        return False
    before, after = match.string[max(0, match.start() - 8) : match.start()], match.string[match.end() :]
    if before[-1:].isalnum() or _CURRENCY.search(before):
        return False
    if after[:1].isalpha() and not _ORDINAL.match(after):
        return False
    return not _UNIT.match(after)


def _citing_years(text: str) -> Iterator[tuple[int, int]]:
    for match in _YEAR.finditer(text):
        yield match.span(1) if match[1] else match.span(2)
