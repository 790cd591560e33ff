"""Documents that a lesson gives away: the text of a `::: template`, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from markdown_it.token import Token

from modules.models import Module
from modules.rendering.raw import Markdown, blocks, literal
from modules.whatif import suppose_lesson


def written(module_id: str, name: str, what_if: str) -> str | None:
    """Return a document as Markdown; None where the lesson has none of that name. Raises WhatIfError."""
    try:
        lesson = suppose_lesson(module_id, what_if)
    except Module.DoesNotExist:
        return None
    tokens = list(_inside(lesson.draft.texts.body.tokens, name))
    if not tokens:
        return None
    references = lesson.draft.references
    home = f"{settings.SITE_URL}/modules/{module_id}/"
    writer = Markdown(references, {}, home=home)
    title = next(token.content for token in tokens if token.type == "inline")
    kept = [_raised(token) for token in tokens[3:]]
    text = writer.tokens(kept)
    credit = (
        f"From {literal(lesson.draft.lesson.title)}, with its numbers and their sources: <{lesson.draft.lesson.url}>"
    )
    return blocks([f"# {literal(title)}", text, "---", credit]) + "\n"


def _inside(tokens: Sequence[Token], name: str) -> Iterator[Token]:
    """Yield what stands in the template of this name, but for the notes, which explain it to a reader of the lesson."""
    depth = skipped = 0
    for token in tokens:
        opens = token.type.startswith("container_") and token.nesting == 1
        closes = token.type.startswith("container_") and token.nesting == -1
        if not depth:
            depth = int(token.type == "container_template_open" and token.meta["args"] == [name])
            continue
        is_title = token.type.startswith("container_title")
        depth += (opens - closes) * (not is_title)
        if not depth:
            return
        if skipped or token.type == "container_note_open":
            skipped += (opens - closes) * (not is_title)
            continue
        yield token


def _raised(token: Token) -> Token:
    """Return a heading as that of a document of its own; headings within a lesson's block are of the fourth level."""
    if not token.type.startswith("heading"):
        return token
    return token.copy(tag="h2", markup="##")
