"""How long each section of a lesson takes: its share of the lesson's minutes, by what there is to read in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markdown_it.token import Token

from modules.rendering.references import References
from modules.rendering.spoken import spoken

# What an explorer counts for, in words: about a minute of turning its knobs. Nobody has measured it.
EXPLORER = 200


def minutes(references: References) -> dict[str, int]:
    """Return the minutes of each section by its anchor; together they are what the author says of the lesson.

    Formulas and code count by what stands between their spaces: they are read too, and slowly. The lists at
    the end of the page (numbers, sources, terms) are looked up in, so they take none.
    """
    words = _words(references)
    total, passed, found = words.total(), 0, {}
    for anchor, count in words.items():
        before, passed = passed, passed + count
        # Rounded along the way and not one by one, so that the parts add up to the whole.
        found[anchor] = _share(references, passed, total) - _share(references, before, total)
    return found


def _share(references: References, words: int, total: int) -> int:
    return round((references.lesson.minutes or 0) * words / total) if total else 0


def _words(references: References) -> Counter[str]:
    questions = references.texts.questions
    asked = {
        name: sum(_count(document.tokens, references) for _, document in texts) for name, texts in questions.items()
    }
    words: Counter[str] = Counter()
    anchor = ""
    tokens = references.texts.body.tokens
    for index, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            break
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            anchor = str(token.attrs.get("id", ""))
        elif token.type == "container_check_open":
            words[anchor] += asked.get(next(iter(token.meta["args"]), ""), 0)
        elif token.type == "container_questions_open":
            words[anchor] += sum(asked.values())
        elif token.type == "container_explorer_open":
            words[anchor] += EXPLORER
        words[anchor] += _count(tokens[index : index + 1], references)
    if references.texts.has_loose_questions:
        words["questions"] += sum(asked.values())
    return words


def _count(tokens: Sequence[Token], references: References) -> int:
    """Return the words of some blocks, formulas and code included."""
    written = {"fence", "code_block", "math_block"}
    return sum(
        len(spoken(token.children, references).split())
        if token.type == "inline"
        else len(token.content.split()) * (token.type in written)
        for token in tokens
    )
