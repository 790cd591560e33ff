"""What the notebook adds to a line of Markdown: printed numbers, citations, maths and heading anchors."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from modules.rendering.containers import ANCHOR

NAME = r"(?:[a-z0-9]+(?:-[a-z0-9]+)*:)?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?"
NUMBER = re.compile(rf"\[=({NAME})(?:\s+in\s+([^\[\]\n]{{1,60}}?))?(?:\s+to\s+([1-9][0-9]?))?\]")
KEY = r"[A-Za-z][A-Za-z0-9_:-]*"
CITATION = re.compile(r"\[@[^\[\]]{1,600}\]")
CITATION_ITEM = re.compile(rf"@({KEY})(?:,\s*([^;\s][^;]*))?", re.DOTALL)
MATHS = re.compile(r"\$(?!\s)((?:[^$\\]|\\.)+)(?<!\s)\$(?!\d)", re.DOTALL)
HEADING_ANCHOR = re.compile(rf"[ \t]*\{{#({ANCHOR})\}}[ \t]*$")


def read_citation(text: str) -> list[tuple[str, str]] | None:
    """Split `[@pope2022, Table 1; @dao2022]` into (key, locator) pairs; None when it is malformed."""
    items = []
    for part in text[1:-1].split(";"):
        found = CITATION_ITEM.fullmatch(" ".join(part.split()))
        if found is None:
            return None
        items.append((found[1], found[2] or ""))
    return items


def number_rule(state: StateInline, silent: bool) -> bool:
    """Read `[=name]`, `[=name in UNIT]` and `[=name in UNIT to N]`."""
    if not state.src.startswith("[=", state.pos):
        return False
    found = NUMBER.match(state.src, state.pos, state.posMax)
    if found is None:
        return _malformed(state, silent)
    if not silent:
        token = state.push("number", "", 0)
        token.content = found[0]
        token.meta = {"name": found[1], "unit": found[2] or "", "digits": int(found[3]) if found[3] else None}
    state.pos = found.end()
    return True


def citation_rule(state: StateInline, silent: bool) -> bool:
    """Read `[@key, locator; @key2]`. A bracket with an address in it, `[a@b.org]`, is text."""
    if not state.src.startswith("[@", state.pos):
        return False
    found = CITATION.match(state.src, state.pos, state.posMax)
    items = read_citation(found[0]) if found else None
    if found is None or items is None:
        return _malformed(state, silent)
    if not silent:
        token = state.push("citation", "", 0)
        token.content = found[0]
        token.meta = {"items": items}
    state.pos = found.end()
    return True


def maths_rule(state: StateInline, silent: bool) -> bool:
    """Read `$...$`: no space inside the dollars, no digit outside them, so money stays text.

    Stands for dollarmath's own rule, which takes a digit at the end of a paragraph for one before
    its first character, and so leaves a formula that begins such a paragraph as text.
    """
    if state.src[state.pos] != "$" or (state.pos and state.src[state.pos - 1].isdigit()):
        return False
    found = MATHS.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = found[1], "$"
    state.pos = found.end()
    return True


def _malformed(state: StateInline, silent: bool) -> bool:
    """Take the opening bracket as text and leave a mark the survey complains about."""
    if not silent:
        token = state.push("malformed", "", 0)
        end = state.src.find("]", state.pos, min(state.pos + 60, state.posMax))
        token.meta = {"text": state.src[state.pos : end + 1 if end >= 0 else state.pos + 30]}
        token.content = state.src[state.pos : state.pos + 2]
    state.pos += 2
    return True


def anchor_rule(state: StateCore) -> None:
    """Move `{#id}` from the end of a heading's text to the heading's id."""
    for heading, text in zip(state.tokens, state.tokens[1:], strict=False):
        if heading.type == "heading_open" and (found := HEADING_ANCHOR.search(text.content)):
            heading.attrs["id"] = found[1]
            text.content = text.content[: found.start()]


def math_label_rule(state: StateCore) -> None:
    """Give labelled and unlabelled display maths one token type; the label goes to `meta`."""
    for token in state.tokens:
        if token.type == "math_block_label":
            token.type = "math_block"
            token.meta["label"] = token.info


def inline_plugin(md: MarkdownIt) -> None:
    md.inline.ruler.at("math_inline", maths_rule)
    md.inline.ruler.before("link", "number", number_rule)
    md.inline.ruler.before("link", "citation", citation_rule)
    md.core.ruler.after("block", "heading_anchor", anchor_rule)
    md.core.ruler.after("block", "math_label", math_label_rule)
