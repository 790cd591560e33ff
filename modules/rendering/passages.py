"""A lesson in short stretches of plain text, for search: formulas and code are left out."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from modules.rendering.document import Document
from modules.rendering.material import Passage
from modules.rendering.references import References
from modules.rendering.spoken import spoken
from modules.rendering.texts import QuestionTexts

MAX_CHARACTERS = 1_200


def passages(references: References) -> list[Passage]:
    """Return the text under each heading, cut into passages of at most `MAX_CHARACTERS`."""
    found = []
    for anchor, heading, text in _sections(references):
        found += [Passage(anchor, heading, piece) for piece in cut(text)]
    return found


def cut(text: str, limit: int = MAX_CHARACTERS) -> Iterator[str]:
    """Cut text at the end of a sentence where there is one, else at a space, else anywhere."""
    while len(text) > limit:
        end = max(text.rfind(mark, limit // 2, limit) for mark in (". ", "? ", "! ")) + 1
        end = end or text.rfind(" ", limit // 2, limit) + 1 or limit
        yield text[:end].strip()
        text = text[end:].strip()
    if text:
        yield text


def _sections(references: References) -> Iterator[tuple[str, str, str]]:
    body = references.texts.body
    anchor = heading = ""
    pieces: list[str] = []
    tokens = list(body.tokens)
    notes = _notes(tokens, references)
    for index, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            break
        if token.type == "heading_open" and token.tag in ("h1", "h2", "h3"):
            yield anchor, heading, " ".join(filter(None, pieces))
            anchor, heading = str(token.attrs.get("id", "")), spoken(tokens[index + 1].children, references)
            pieces = []
        elif token.type == "inline" and tokens[index - 1].tag not in ("h1", "h2", "h3"):
            pieces.append(spoken(token.children, references, maths=False))
            calls = [child.meta["id"] for child in token.children or () if child.type == "footnote_ref"]
            pieces += [notes.pop(call, "") for call in calls]
        elif token.type == "container_questions_open":
            pieces += _questions(references)
        elif token.type == "container_failures_open":
            pieces += _failures(references)
    if references.texts.has_loose_questions:
        yield anchor, heading, " ".join(filter(None, pieces))
        anchor, heading, pieces = "questions", "Questions", list(_questions(references))
    yield anchor, heading, " ".join(filter(None, pieces))


def _notes(tokens: Sequence[Token], references: References) -> dict[int, str]:
    """Return the text of each footnote; it is searched for where the note is called."""
    notes: dict[int, str] = {}
    current = None
    for token in tokens:
        if token.type == "footnote_open":
            current = int(token.meta["id"])
        elif token.type == "inline" and current is not None:
            notes[current] = f"{notes.get(current, '')} {spoken(token.children, references, maths=False)}".strip()
    return notes


def _questions(references: References) -> Iterator[str]:
    """Yield what is asked, not what is answered: an answer found by searching is spoilt."""
    for texts in references.texts.questions.values():
        yield from asked(texts, references)


def _failures(references: References) -> Iterator[str]:
    for failure in references.texts.failures.values():
        yield f"{failure.failure.mode}."
        for text in failure.parts.values():
            yield from _lines(text, references)


def asked(texts: QuestionTexts, references: References) -> Iterator[str]:
    """Yield the lines of a question as plain text."""
    yield from _lines(texts.ask, references)


def _lines(document: Document, references: References) -> Iterator[str]:
    for token in document.tokens:
        if token.type == "inline":
            yield spoken(token.children, references, maths=False)
