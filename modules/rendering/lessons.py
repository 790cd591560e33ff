"""A lesson and what it refers to, rendered: the page, the raw Markdown, and what other pages need."""

from modules.rendering.checks import problems, safely
from modules.rendering.endmatter import endmatter
from modules.rendering.material import Lesson, Material, Rendered, TocEntry
from modules.rendering.pace import minutes
from modules.rendering.page import Page
from modules.rendering.passages import passages
from modules.rendering.problems import Problem
from modules.rendering.raw import Markdown
from modules.rendering.rawfile import raw_markdown
from modules.rendering.references import References
from modules.rendering.spoken import spoken
from modules.rendering.texts import Texts


def render(lesson: Lesson, material: Material) -> Rendered:
    """Render a lesson; never raises on what an author wrote.

    With problems the page is fit for a preview, but not to be saved.
    """
    references = References(lesson, material, Texts.read(lesson))
    found = problems(references)
    names = [use.id for use in references.texts.body.explorers if use.id in lesson.explorers]
    pages = {name: safely(material.explorer_html, name) for name in names}
    texts = {name: safely(material.explorer_markdown, name) for name in names}
    found += [
        Problem(f"the explorer '{name}' does not work: {message}", None, f"explorer {name}")
        for name in names
        for message in dict.fromkeys((pages[name][1], texts[name][1]))
        if message
    ]
    page = Page(references, {name: written for name, (written, _) in pages.items()})
    hook = page.document(references.texts.hook)
    body = page.body(references.texts.body) + endmatter(page)
    writer = Markdown(references, {name: written for name, (written, _) in texts.items()})
    return Rendered(
        html=page.fragments.finish(body),
        hook=page.fragments.finish(hook),
        raw=raw_markdown(writer),
        toc=contents(references),
        anchors=references.anchors,
        passages=passages(references),
        citations=list(dict.fromkeys(page.citations)),
        uses=references.uses,
        problems=found,
    )


def contents(references: References) -> list[TocEntry]:
    """Return the headings of a page, those of its last sections included."""
    tokens = list(references.texts.body.tokens)
    pace = minutes(references)
    own = [
        TocEntry(
            int(token.tag[1:]),
            anchor := str(token.attrs.get("id", "")),
            spoken(tokens[index + 1].children, references),
            pace.get(anchor, 0),
        )
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in ("h2", "h3")
    ]
    there = (
        ("questions", references.texts.has_loose_questions),
        ("terms", references.lesson.terms),
        ("numbers", references.rows),
        ("sources", references.sources),
    )
    return own + [TocEntry(2, name, name.capitalize(), pace.get(name, 0)) for name, is_there in there if is_there]
