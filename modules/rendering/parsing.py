"""Text to tokens: the one parse that the page and the raw Markdown are both made from."""

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from modules.rendering.containers import container_plugin
from modules.rendering.document import Document
from modules.rendering.footnotes import footnote_check_plugin
from modules.rendering.inline import inline_plugin
from modules.rendering.limits import MAX_DEPTH, TooIntricateError, budget_plugin, depth, refusal
from modules.rendering.problems import Problem
from modules.rendering.survey import survey


@cache
def markdown() -> MarkdownIt:
    """Return the parser. Raw HTML is text, and money is never mistaken for maths."""
    options = {"html": False, "maxNesting": MAX_DEPTH + 8}  # past it text is dropped: MAX_DEPTH comes first
    return (
        MarkdownIt("commonmark", options)
        .enable("table")
        .use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_blank_lines=False)
        .use(footnote_plugin, inline=False, always_match_refs=True)
        .use(footnote_check_plugin)
        .use(attrs_plugin, after=(), spans=True, allowed=("class",))
        .use(container_plugin)
        .use(inline_plugin)
        .use(budget_plugin)
    )


def parse(source: str, where: str = "body") -> Document:
    """Parse an author's text into tokens and views; never raises on content.

    `where` names the text in problems. Anything but "body" (a hook, a question) is a short text
    without headings, containers, footnotes and running code.
    """
    if refused := refusal(source):
        message, line = refused
        return Document(problems=[Problem(message, line, where)])
    env: dict[str, Any] = {}
    try:
        tokens = markdown().parse(source, env)
    except TooIntricateError:
        message = "the text is too intricate to read: too many brackets, emphasis marks or nested blocks"
        return Document(problems=[Problem(message, None, where)])
    if depth(tokens) > MAX_DEPTH:
        message = f"blocks or emphasis are nested deeper than {MAX_DEPTH} levels"
        return Document(problems=[Problem(message, None, where)])
    return survey(tokens, env, source.split("\n"), where)
