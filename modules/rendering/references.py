"""What a lesson's text refers to, looked up: numbers with their defence, sources, links, terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from modules.ledger import LedgerError, parse_formula, show
from modules.rendering.bibliography import short_names
from modules.rendering.document import PlotUse
from modules.rendering.material import Lesson, Material, Number, Place, Source, Uses
from modules.rendering.plot import Plot
from modules.rendering.svg import SvgError, clean_svg
from modules.rendering.texts import Texts

LESSON_LINK = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.md(?:#([A-Za-z0-9_-]+))?")
OUTSIDE = re.compile(r"https?://[^\s/]|mailto:[^\s]")
NAME = re.compile(r"[a-z0-9-]+:[a-z][a-z0-9_]*|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")


@dataclass(frozen=True)
class Link:
    """Where a link leads: `page` in HTML, `raw` in Markdown; both empty for a planned lesson."""

    page: str = ""
    raw: str = ""
    lesson: str = ""
    anchor: str = ""  # the place in that lesson; whether it is there is known only once both are rendered
    is_outside: bool = False


def slug(name: str) -> str:
    """Return a name as the last part of an id: `llama3_70b.layers` is `llama3_70b-layers`."""
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")


def program_address(program: str) -> str:
    """Return the page that offers, whole, what lessons build in pieces."""
    return f"/programs/{program}/"


@dataclass(frozen=True)
class References:
    """Looks up what one lesson names. What is not there is None; `checks.py` says so to the author."""

    lesson: Lesson
    material: Material
    texts: Texts

    # Numbers

    def number(self, name: str) -> Number | None:
        return self.material.numbers.get(name)

    def printed(self, name: str, unit: str = "", digits: int | None = None) -> str | None:
        """Return the number as readers see it; None when it is unknown or does not convert."""
        number = self.number(name)
        try:
            return self.value(number, unit, digits) if number else None
        except LedgerError:
            return None

    def value(self, number: Number, unit: str = "", digits: int | None = None) -> str:
        """Return a number as text, in its own unit and digits unless told; raises LedgerError."""
        return show(number.quantity, unit or number.unit, digits or number.digits)

    def was(self, number: Number, unit: str = "", digits: int | None = None) -> str:
        """Return what a number is as the lesson is written, as text; "" where that reads the same."""
        if number.was is None:
            return ""
        text = show(number.was, unit or number.unit, digits or number.digits)
        return "" if text == self.value(number, unit, digits) else text

    def name(self, number: Number) -> str:
        """Return the name the author of this lesson writes for `number`."""
        return number.id.removeprefix(f"{self.lesson.id}:")

    def page(self, number: Number) -> str:
        """Return the address of a number's own page."""
        return number.page + self.material.query

    def anchor(self, number: Number) -> str:
        return f"number-{slug(self.name(number))}"

    def inputs(self, number: Number) -> Iterator[Number]:
        """Yield the numbers that a computed one reads."""
        if not number.formula:
            return
        try:
            names = parse_formula(number.formula, scope=number.id).names
        except LedgerError:
            return
        yield from filter(None, (self.number(name) for name in sorted(names)))

    @cached_property
    def rows(self) -> list[Number]:
        """The numbers of the lesson's table: its ledger, what it prints, and what these rest on."""
        rows = {number.id: number for number in self.lesson.ledger}
        printed = (self.number(use.name) for _, document in self.texts for use in document.numbers)
        named = [
            *(text.question.number for text in self.texts.questions.values()),
            *(text.failure.cost for text in self.texts.failures.values()),
        ]
        plotted = (self.number(name) for use in self.texts.body.plots for name in use.order.names)
        rows |= {number.id: number for number in (*printed, *map(self.number, named), *plotted) if number}
        waiting = list(rows.values())
        while waiting:
            for number in self.inputs(waiting.pop(0)):
                if number.id not in rows:
                    rows[number.id] = number
                    waiting.append(number)
        return list(rows.values())

    # Sources

    @cached_property
    def sources(self) -> list[Source]:
        """Every source the lesson cites in its text or its numbers, by short name."""
        cited = {use.key for _, document in self.texts.page for use in document.citations}
        cited |= {number.source for number in self.rows if number.source}
        found = [self.material.sources[key] for key in sorted(cited) if key in self.material.sources]
        names = short_names(found)
        return sorted(found, key=lambda source: (names[source.key].casefold(), source.key))

    @cached_property
    def source_names(self) -> dict[str, str]:
        return dict(short_names(self.sources))

    # Links, terms, figures

    def link(self, href: str) -> Link | None:
        """Return where a link leads, or None when it is dead."""
        if OUTSIDE.match(href):
            return Link(href, href, is_outside=True)
        if href.startswith("/") and not href.startswith("//"):
            return Link(href, href)
        if href.startswith("#"):
            return Link(href, href) if href[1:] in self.anchors else None
        found = LESSON_LINK.fullmatch(href)
        if found is None:
            return None
        name, place = found[1], found[2] or ""
        anchor = f"#{place}" if place else ""
        if name == self.lesson.id:
            is_here = not place or place in self.anchors
            return Link(anchor or f"/modules/{name}/", anchor or f"/raw/{name}.md") if is_here else None
        other = self.material.lessons.get(name)
        if other is None:
            return None
        if not other.written:
            return Link(lesson=name)
        return Link(f"/modules/{name}/{anchor}", f"/raw/{name}.md{anchor}", name, place)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Every id on the page that a link may lead to."""
        body = self.texts.body
        return frozenset(
            {
                *body.anchors,
                *(f"figure-{use.file.rpartition('.')[0]}" for use in body.figures),
                *(f"explorer-{use.id}" for use in body.explorers),
                *(block.anchor for block in body.file_blocks),
                *(f"check-{use.id}" for use in body.checks),
                *(f"question-{name}" for name in self.texts.questions),
                *(f"failure-{name}" for name in self.texts.failures if "failures" in body.env),
                *(self.anchor(number) for number in self.rows),
                *(f"source-{source.key}" for source in self.sources),
                *(f"term-{slug(name)}" for name, _ in self.lesson.terms),
                *(name for name, there in (("numbers", self.rows), ("sources", self.sources)) if there),
                *(["terms"] if self.lesson.terms else []),
                *(["questions"] if self.texts.has_loose_questions else []),
            }
        )

    def term(self, text: str) -> str | None:
        """Return the glossary's name for a term as the text writes it."""
        return self._terms.get(text.casefold())

    @cached_property
    def _terms(self) -> dict[str, str]:
        names = [*self.material.terms, *(name for name, _ in self.lesson.terms)]
        return {name.casefold(): name for name in names}

    def drawing(self, file: str) -> str | None:
        """Return a figure's SVG ready for the page; None when there is none or it is refused."""
        text = self.material.figures.get(file)
        try:
            return clean_svg(text, f"figure-{file.rpartition('.')[0]}") if text else None
        except SvgError:
            return None

    @cached_property
    def plots(self) -> dict[str, Plot | ValueError]:
        """The plots of the text by their anchors, each that cannot be drawn as what is wrong with it."""
        return {use.anchor: self._plot(use) for use in self.texts.body.plots}

    def _plot(self, use: PlotUse) -> Plot | ValueError:
        try:
            return self.material.plot(use.order, use.anchor)
        except ValueError as error:
            return error

    # All of it

    @property
    def uses(self) -> Uses:
        links = [(self.link(use.href), where, use.line) for where, document in self.texts for use in document.links]
        terms = (self.term(use.id) for _, document in self.texts for use in document.terms)
        return Uses(
            numbers=frozenset(number.id for number in self.rows),
            sources=frozenset(source.key for source in self.sources),
            lessons=frozenset(link.lesson for link, _, _ in links if link and link.lesson),
            terms=frozenset(term for term in terms if term),
            places=tuple(
                Place(link.lesson, link.anchor, where, line) for link, where, line in links if link and link.anchor
            ),
        )
