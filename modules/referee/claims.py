"""A text in Markdown, cut into what can be judged alone: sentences, items of lists, cells of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modules.referee.quantities import unit_of
from modules.rendering.sentences import sentences

_STARS = re.compile(r"\*+")
_SPACES = str.maketrans({"`": " ", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\n": " "})
_LEVEL = str.maketrans({"\N{NON-BREAKING HYPHEN}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{MINUS SIGN}": "-"})
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_UNIT = re.compile(r"[(\[]([^)\]]{1,30})[)\]]\s*\Z")
_LONGEST = 1000  # what goes on for longer is no sentence, and reading it would take its square
_SHORT = 60  # a paragraph so short, without a full stop, is what stands over a list


@dataclass(frozen=True)
class Claim:
    """A stretch of the text from `start`, with what stands over it.

    `text` is as long as the stretch. `lead` is a heading or the line before a list; of a cell, `before` is what its
    row and its column are called, and `unit` the unit that the column gives.
    """

    start: int
    text: str
    lead: str = ""
    before: str = ""
    unit: str = ""


@dataclass(frozen=True)
class _Line:
    start: int
    text: str

    @property
    def is_row(self) -> bool:
        return "|" in self.text.strip().strip("|") or self.text.strip().startswith("|")


def claims(text: str) -> Iterator[Claim]:
    """Yield what `text` claims, in order. Code in fences claims nothing, nor does what is too long for a sentence."""
    return (claim for claim in _claims(text) if len(claim.text) + len(claim.before) + len(claim.lead) <= _LONGEST)


def _claims(text: str) -> Iterator[Claim]:
    lead = ""
    for block in _blocks(_lines(text)):
        first = block[0].text
        if len(block) > 1 and _RULE.fullmatch(block[1].text) and block[0].is_row:
            yield from _cells(block, lead)
        elif heading := _HEADING.match(first):
            lead = plain(first[heading.end() :])
            yield Claim(block[0].start, plain(first))
        elif _ITEM.match(first):
            yield from _items(block, lead)
        else:
            paragraph = plain(text[block[0].start : block[-1].start + len(block[-1].text)])
            spans = list(sentences(paragraph))
            yield from (Claim(block[0].start + start, paragraph[start:end]) for start, end in spans)
            lead = _over(paragraph[spans[-1][0] :].strip()) if spans else ""


def plain(text: str) -> str:
    """Return `text` without emphasis and with plain spaces, as long as before. Products stay products."""
    return _STARS.sub(_unmarked, text).translate(_SPACES).translate(_LEVEL)


def _unmarked(stars: re.Match[str]) -> str:
    before, after = stars.string[max(0, stars.start() - 1) : stars.start()], stars.string[stars.end() : stars.end() + 1]
    is_product = (before.isspace() and after.isspace()) or (before.isalnum() and after.isalnum())
    return stars[0] if is_product else " " * len(stars[0])


def _over(text: str) -> str:
    """Return a line that stands over what follows; "" of one that does not."""
    return text if text.endswith(":") or (len(text) <= _SHORT and not text.endswith((".", "!", "?"))) else ""


def _lines(text: str) -> Iterator[_Line]:
    start, is_code = 0, False
    for line in text.splitlines(keepends=True):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code:
            yield _Line(start, line.rstrip("\r\n"))
        start += len(line)


def _blocks(lines: Iterator[_Line]) -> Iterator[Sequence[_Line]]:
    """Yield lines that belong together: a heading, an item with what it goes on with, a table, a paragraph."""
    block: list[_Line] = []
    for line in lines:
        begins = bool(_HEADING.match(line.text) or _ITEM.match(line.text))
        is_torn = bool(block) and (block[-1].is_row != line.is_row or bool(_HEADING.match(block[0].text)))
        if block and (begins or is_torn or not line.text.strip()):
            yield block
            block = []
        if line.text.strip():
            block.append(line)
    if block:
        yield block


def _items(block: Sequence[_Line], lead: str) -> Iterator[Claim]:
    marker = _ITEM.match(block[0].text)
    offset = marker.end() if marker else 0
    text = " ".join([block[0].text[offset:], *(line.text for line in block[1:])])
    for start, end in sentences(plain(text)):
        yield Claim(block[0].start + offset + start, plain(text)[start:end], lead)


def _cells(block: Sequence[_Line], lead: str) -> Iterator[Claim]:
    head = [text.strip() for _, text in _split(block[0])]
    for line in block[2:]:
        cells = list(_split(line))
        name = cells[0][1].strip() if cells else ""
        for column, (start, text) in enumerate(cells[1:], start=1):
            (title, over), (label, beside) = map(_measured, (head[column] if column < len(head) else "", name))
            before = f"{label}; {title}: "
            yield Claim(start, plain(text), lead, before, over or beside)


def _measured(title: str) -> tuple[str, str]:
    """Return what a column or a row is called, and the unit that stands behind it, if there is one."""
    found = _UNIT.search(title)
    unit = unit_of(found[1]) if found else ""
    return (title[: found.start()].strip(), unit) if found and unit else (title.strip(), "")


def _split(line: _Line) -> Iterator[tuple[int, str]]:
    """Yield where each cell of a row begins, and its text."""
    text = line.text.rstrip()
    end = len(text) - 1 if text.endswith("|") else len(text)
    start = text.index("|") + 1 if text.lstrip().startswith("|") else 0
    for cell in text[start:end].split("|"):
        yield line.start + start, plain(cell)
        start += len(cell) + 1
