"""A lesson and what it refers to, rendered: the page, the raw Markdown, and what other pages need."""

from modules.rendering.apart import apart, failures
from modules.rendering.checks import problems
from modules.rendering.drafts import Draft
from modules.rendering.material import Lesson, Material, Rendered
from modules.rendering.numerals import numerals
from modules.rendering.pace import minutes
from modules.rendering.passages import passages
from modules.rendering.texts import Texts


def render(lesson: Lesson, material: Material) -> Rendered:
    """Render a lesson; never raises on what an author wrote.

    With problems the page is fit for a preview, but not to be saved.
    """
    draft = Draft(lesson, material, Texts.read(lesson))
    references = draft.references
    return Rendered(
        html=draft.html,
        hook=draft.hook,
        raw=draft.raw,
        toc=draft.toc(minutes(references)),
        anchors=references.anchors,
        passages=passages(references),
        citations=draft.citations,
        uses=references.uses,
        asked=apart(references),
        failures=failures(references),
        derivations=references.texts.body.derivations,
        code=references.texts.body.code,
        files=references.texts.body.files,
        numerals=numerals(lesson, draft.texts),
        problems=problems(references) + draft.explorer_problems,
    )
