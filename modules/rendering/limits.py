"""Bounds on an author's text, so that every text is read in bounded time or refused in a sentence."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_CHARACTERS = 200_000  # eight times a long lesson
MAX_LINE = 20_000
MAX_PIPES = 100  # in a line: the columns of a table
MAX_DEPTH = 24  # lists, quotes, containers and emphasis inside each other
MAX_LINES = 8_000
MAX_BLOCKS = 20_000  # tokens before their text is read; a lesson of 25 KB has about 1,000
MAX_STEPS = 30_000  # positions looked at; a lesson of 25 KB takes about 2,500

# Control characters, bidirectional overrides, noncharacters and halves of surrogate pairs. The
# noncharacters matter twice: the renderer marks its own fragments with them (see sanitise.py).
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class TooIntricateError(ValueError):
    """The text makes the parser try more rules than any lesson needs."""


def refusal(source: str) -> tuple[str, int | None] | None:
    """Return why `source` is not read at all and the line, or None when it is fine."""
    if len(source) > MAX_CHARACTERS:
        return f"the text has {len(source):,} characters, more than the {MAX_CHARACTERS:,} allowed", None
    if found := FORBIDDEN.search(source):
        line = source.count("\n", 0, found.start()) + 1
        return f"the text holds the control character U+{ord(found[0]):04X}", line
    lines = source.split("\n")
    if len(lines) > MAX_LINES:
        return f"the text has {len(lines):,} lines, more than the {MAX_LINES:,} allowed", None
    for line, text in enumerate(lines, start=1):
        if len(text) > MAX_LINE:
            return f"the line has {len(text):,} characters, more than the {MAX_LINE:,} allowed", line
        if (pipes := text.count("|")) > MAX_PIPES:
            return f"the line has {pipes:,} bars, more than the {MAX_PIPES} allowed", line
    return None


def depth(tokens: list[Token]) -> int:
    """Return how deep blocks and the inline elements in them are nested."""
    level = deepest = 0
    for token in tokens:
        level += token.nesting
        inner = depth(token.children) if token.children else 0
        deepest = max(deepest, level + inner)
    return deepest


def budget_plugin(md: MarkdownIt) -> None:
    """Count every position the parser looks at and stop it when there are too many.

    Link labels, emphasis and code spans cost more than linear time on hostile text, each in its
    own way; a count of steps bounds them all, and the same text always gives the same answer.
    """

    def count(state: StateBlock | StateInline) -> bool:
        steps = state.env["steps"] = state.env.get("steps", 0) + 1
        if steps > MAX_STEPS:
            raise TooIntricateError
        return False

    def count_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return count(state)

    def count_inline(state: StateInline, silent: bool) -> bool:
        return count(state)

    def count_blocks(state: StateCore) -> None:
        if len(state.tokens) > MAX_BLOCKS:
            raise TooIntricateError

    md.block.ruler.before("table", "budget", count_block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.inline.ruler.before("text", "budget", count_inline)
    md.core.ruler.after("block", "budget", count_blocks)
