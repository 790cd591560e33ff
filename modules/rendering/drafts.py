"""A lesson on its way to a page or to Markdown; each is made only when it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from modules.rendering.checks import safely
from modules.rendering.endmatter import endmatter
from modules.rendering.material import Citation, Lesson, Material, TocEntry
from modules.rendering.page import Page
from modules.rendering.problems import Problem
from modules.rendering.raw import Markdown
from modules.rendering.rawfile import raw_markdown
from modules.rendering.references import References
from modules.rendering.spoken import spoken
from modules.rendering.texts import Texts


@dataclass(frozen=True)
class Draft:
    """One lesson with one set of values. The texts, which hold no value, may be read once for many drafts."""

    lesson: Lesson
    material: Material
    texts: Texts

    @cached_property
    def references(self) -> References:
        return References(self.lesson, self.material, self.texts)

    @property
    def html(self) -> str:
        """The page, fit for a browser."""
        return self._page[0]

    @property
    def hook(self) -> str:
        return self._page[1]

    @property
    def citations(self) -> list[Citation]:
        """Every place of the page that cites a source."""
        return self._page[2]

    @cached_property
    def raw(self) -> str:
        """The raw Markdown."""
        written = {name: text for name, (text, _) in self._explorer_texts.items()}
        return raw_markdown(Markdown(self.references, written))

    def toc(self, pace: Mapping[str, int]) -> list[TocEntry]:
        """Return the headings of the page, those of its last sections included; `pace` has the minutes of sections."""
        references = self.references
        tokens = list(self.texts.body.tokens)
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
            ("questions", self.texts.has_loose_questions),
            ("terms", self.lesson.terms),
            ("numbers", references.rows),
            ("sources", references.sources),
        )
        return own + [TocEntry(2, name, name.capitalize(), pace.get(name, 0)) for name, is_there in there if is_there]

    @property
    def explorer_problems(self) -> list[Problem]:
        return [
            Problem(f"the explorer '{name}' does not work: {message}", None, f"explorer {name}")
            for name in self._explorer_names
            for message in dict.fromkeys((self._explorer_pages[name][1], self._explorer_texts[name][1]))
            if message
        ]

    @cached_property
    def _page(self) -> tuple[str, str, list[Citation]]:
        page = Page(self.references, {name: written for name, (written, _) in self._explorer_pages.items()})
        hook = page.document(self.texts.hook)
        body = page.body(self.texts.body) + endmatter(page)
        finish = page.fragments.finish
        return finish(body), finish(hook), list(dict.fromkeys(page.citations))

    @property
    def _explorer_names(self) -> list[str]:
        return [use.id for use in self.texts.body.explorers if use.id in self.lesson.explorers]

    @cached_property
    def _explorer_pages(self) -> dict[str, tuple[str, str]]:
        return self._explorers(self.material.explorer_html)

    @cached_property
    def _explorer_texts(self) -> dict[str, tuple[str, str]]:
        return self._explorers(self.material.explorer_markdown)

    def _explorers(self, make: Callable[[str], str]) -> dict[str, tuple[str, str]]:
        """Return each explorer by its name as `make` writes it, or nothing and what is wrong with it."""
        return {name: safely(make, name) for name in self._explorer_names}
