"""Parts of a lesson's raw Markdown: one section of it, or all of it without its answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

LAST = "All lessons, for machines:"  # the line every raw lesson ends with
HEADING = re.compile(r"(#{2,6}) .*\{#([\w-]+)\}\s*")
ANCHOR = re.compile(r"\{#([\w-]+)\}\s*$")
FENCE = re.compile(r"(?:> ?)*(`{3,}|~{3,})")
QUESTION = re.compile(r"((?:> ?)*)\*\*(?:Question|Check yourself)\*\*")
ANSWER = re.compile(r"(?:> ?)*\*\*Answer\*\*\s*")


def sections(raw: str) -> list[str]:
    """Return the anchors of everything that can be asked for by itself, in the order of the text."""
    return [found[1] for line, is_code in _lines(raw) if not is_code and (found := ANCHOR.search(line))]


def section(raw: str, anchor: str) -> str:
    """Return what stands under an anchor: a section up to the next of its rank, a block up to the next anchor.

    With the front matter and the title before it; "" where the text has no such anchor.
    """
    kept: list[str] = []
    level = 0
    for line, is_code in _lines(raw):
        heading = None if is_code else HEADING.fullmatch(line)
        named = None if is_code else ANCHOR.search(line)
        if kept:
            ends = heading is not None and (not level or len(heading[1]) <= level)
            if ends or (not level and named is not None):
                break
            kept.append(line)
        elif named is not None and named[1] == anchor:
            level = len(heading[1]) if heading else 0
            kept.append(line)
    text = "\n".join(kept).strip()
    return f"{head(raw)}\n\n{text}\n" if text else ""


def head(raw: str) -> str:
    """Return a lesson's front matter and title."""
    before, _, _after = raw.partition("\n# ")
    title = raw[len(before) :].lstrip("\n").split("\n", 1)[0]
    return f"{before.rstrip()}\n\n{title}"


def without_answers(raw: str) -> str:
    """Return a lesson whose questions have no answers, so that a model can ask them without giving them away."""
    kept: list[str] = []
    skipping: str | None = None  # the quotation marks before the question whose answer is left out
    quote = ""
    for line, is_code in _lines(raw):
        question = None if is_code else QUESTION.match(line)
        if question:
            quote, skipping = question[1].rstrip(), None
        elif skipping is not None:
            ends = not line.startswith(">") if skipping else HEADING.fullmatch(line) is not None and not is_code
            if not ends:
                continue
            skipping = None
        elif not is_code and ANSWER.fullmatch(line):
            skipping = quote
            continue
        kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).rstrip() + "\n"


def _lines(raw: str) -> Iterator[tuple[str, bool]]:
    """Yield each line with whether it is code, in which nothing is an anchor."""
    fence = ""
    for line in raw.splitlines():
        found = FENCE.match(line)
        if fence:
            yield line, True
            if found and found[1].startswith(fence):
                fence = ""
        else:
            fence = found[1] if found else ""
            yield line, bool(fence)


def body(raw: str, left_out: Collection[str] = ()) -> str:
    """Return a lesson's text without its front matter and without the sections named, its title one level deeper.

    So that several stand in one file: `#` becomes `##`, and so on.
    """
    kept: list[str] = []
    skips = False
    started = False
    for line, is_code in _lines(raw):
        if not started:
            started = line.startswith("# ")
            if not started:
                continue
        heading = None if is_code else HEADING.fullmatch(line)
        if heading and len(heading[1]) == 2:
            skips = heading[2] in left_out
        if not skips and not line.startswith(LAST):
            is_heading = not is_code and re.match(r"#{1,5} ", line) is not None
            kept.append(f"#{line}" if is_heading else line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
