"""Questions apart from their lesson, as the bank has them: no ids, and every link leads to where the lesson is."""

import re
from dataclasses import dataclass

from modules.rendering.document import Document
from modules.rendering.markup import ATTRIBUTE, TAG
from modules.rendering.material import Apart, Asked
from modules.rendering.page import Page
from modules.rendering.passages import asked
from modules.rendering.raw import Markdown
from modules.rendering.references import References


def apart(references: References) -> list[Asked]:
    """Return the questions of a lesson, each to stand among those of other lessons."""
    lesson = references.lesson.id
    page, writer = Page(references, {}), Markdown(references, {}, home=f"/raw/{lesson}.md")
    page.is_asking = writer.is_asking = True  # no question stands in another

    def html(written: str) -> str:
        return away(page.fragments.finish(written), f"/modules/{lesson}/")

    return [
        Asked(
            id=name,
            ask=html(page.document(texts.ask)),
            answer=html(page.answer(texts)),
            rubric=tuple(_line(html(page.document(item))) for item in texts.rubric),
            ask_raw=writer.document(texts.ask),
            answer_raw=writer.answer(texts),
            text=" ".join(asked(texts, references)),
        )
        for name, texts in references.texts.questions.items()
    ]


@dataclass(frozen=True)
class PhaseHtml:
    """A phase of an exam as HTML; each line of the rubric can stand beside a box to tick."""

    ask: str
    answer: str
    rubric: tuple[str, ...]


def exam(references: References) -> tuple[str, dict[str, PhaseHtml]]:
    """Return the brief of a lesson's exam and its phases, with the values that the references have; HTML."""
    texts = references.texts.exam
    assert texts is not None
    lesson = references.lesson.id
    page = Page(references, {})

    def html(text: Document) -> str:
        return away(page.fragments.finish(page.document(text)), f"/modules/{lesson}/")

    phases = {
        name: PhaseHtml(html(phase.ask), html(phase.answer), tuple(_line(html(item)) for item in phase.rubric))
        for name, phase in texts.phases.items()
    }
    return html(texts.brief), phases


def failures(references: References) -> list[Apart]:
    """Return the failure modes of a lesson, each to stand on a page of its own."""
    lesson = references.lesson.id
    page, writer = Page(references, {}), Markdown(references, {}, home=f"/raw/{lesson}.md")

    def html(text: Document) -> str:
        return away(page.fragments.finish(page.document(text)), f"/modules/{lesson}/")

    return [
        Apart(
            id=name,
            html={part: html(text) for part, text in texts.parts.items()},
            raw={part: writer.document(text) for part, text in texts.parts.items()},
        )
        for name, texts in references.texts.failures.items()
    ]


def _line(html: str) -> str:
    """Return what is one paragraph as a line, which can stand beside a box to tick."""
    inside = html.strip().removeprefix("<p>").removesuffix("</p>")
    return html if "<p>" in inside else inside


def away(html: str, home: str) -> str:
    """Return HTML for another page than its own, which is `home`: without ids, and with links that lead back."""

    def attribute(found: re.Match[str]) -> str:
        name, value = found[1], found[2]
        if name == "id":
            return ""
        return f' href="{home}{value}"' if name == "href" and value.startswith("#") else found[0]

    return TAG.sub(lambda tag: ATTRIBUTE.sub(attribute, tag[0]), html)
