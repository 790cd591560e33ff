"""What is wrong with a lesson's references: every name that leads nowhere, every refused formula."""

import re
from collections.abc import Callable, Iterator

from modules.ledger import LedgerError
from modules.rendering.document import Document
from modules.rendering.problems import Problem
from modules.rendering.references import References
from modules.rendering.svg import SvgError, clean_svg
from modules.rendering.tex import TexError, mathml

MARKUP = re.compile(r"\$(?!\d)|\[[=@]|`|\*\*|\]\(")


def problems(references: References) -> list[Problem]:
    """Return everything that keeps the lesson from being saved, text by text in order of lines."""
    found = []
    for where, document in references.texts:
        mine = [*document.problems, *_numbers(document, references, where), *_sources(document, references, where)]
        mine += [*_links(document, references, where), *_terms(document, references, where)]
        mine += [*_formulas(document, where), *_blocks(document, references, where)]
        found += sorted(dict.fromkeys(mine), key=lambda problem: problem.line or 0)
    found += [*_glossary(references), *_ledger(references), *_questions(references)]
    return [*found, *_failures(references), *_exam(references)]


def _numbers(document: Document, references: References, where: str) -> Iterator[Problem]:
    for use in document.numbers:
        number = references.number(use.name)
        if number is None:
            yield Problem(f"unknown number '{use.name}'", use.line, where)
            continue
        try:
            references.value(number, use.unit, use.digits)
        except LedgerError as error:
            yield Problem(f"the number '{use.name}' cannot be printed: {error}", use.line, where)


def _sources(document: Document, references: References, where: str) -> Iterator[Problem]:
    for use in document.citations:
        if use.key not in references.material.sources:
            yield Problem(f"unknown source '{use.key}'", use.line, where)


def _links(document: Document, references: References, where: str) -> Iterator[Problem]:
    for use in document.links:
        if references.link(use.href) is None:
            yield Problem(f"dead link '{use.href}'", use.line, where)


def _terms(document: Document, references: References, where: str) -> Iterator[Problem]:
    for use in document.terms:
        if references.term(use.id) is None:
            yield Problem(f"unknown term '{use.id}'", use.line, where)


def _formulas(document: Document, where: str) -> Iterator[Problem]:
    for use in document.formulas:
        try:
            mathml(use.tex, display=use.display)
        except TexError as error:
            tex = " ".join(use.tex.split())
            yield Problem(f"the formula '{tex[:60]}{'...' if tex[60:] else ''}' is refused: {error}", use.line, where)


def _blocks(document: Document, references: References, where: str) -> Iterator[Problem]:
    for figure in document.figures:
        if figure.file not in references.material.figures:
            yield Problem(f"unknown figure '{figure.file}'", figure.line, where)
        elif figure.file.endswith(".svg"):
            try:
                clean_svg(references.material.figures[figure.file], "check")
            except SvgError as error:
                for fault in error.faults:
                    yield Problem(f"the figure '{figure.file}' is refused: {fault}", figure.line, where)
    for plot in document.plots:
        if isinstance(drawn := references.plots[plot.anchor], ValueError):
            yield Problem(f"the plot '{plot.anchor}' cannot be drawn: {drawn}", plot.line, where)
    for use in document.explorers:
        if use.id not in references.lesson.explorers:
            yield Problem(f"unknown explorer '{use.id}'", use.line, where)
    for use in document.checks:
        if use.id not in references.texts.questions:
            yield Problem(f"unknown question '{use.id}'", use.line, where)


def _glossary(references: References) -> Iterator[Problem]:
    """What explains a term is printed as it is, on pages and in search results."""
    for name, text in references.lesson.terms:
        if found := MARKUP.search(text):
            yield Problem(
                f"the explanation is plain text, in which {found[0]!r} would be printed", None, f"term {name}"
            )


def _ledger(references: References) -> Iterator[Problem]:
    for number in references.rows:
        where = f"number {references.name(number)}"
        if number.source and number.source not in references.material.sources:
            yield Problem(f"unknown source '{number.source}'", None, where)
        try:
            references.value(number)
        except LedgerError as error:
            yield Problem(f"the number cannot be printed: {error}", None, where)


def _questions(references: References) -> Iterator[Problem]:
    names = [question.id for question in references.lesson.questions]
    for question in references.lesson.questions:
        where = f"question {question.id}"
        if names.count(question.id) > 1:
            yield Problem("there are two questions with this id", None, where)
        if question.number and references.number(question.number) is None:
            yield Problem(f"unknown number '{question.number}'", None, where)
        if not 1 <= question.stars <= 3:
            yield Problem(f"a question has 1 to 3 stars, not {question.stars}", None, where)


def _failures(references: References) -> Iterator[Problem]:
    texts = references.texts
    if ("failures" in texts.body.env) != bool(texts.failures):
        line = texts.body.env.get("failures")
        said = "there are no failure modes to put here" if line else "no '::: failures' puts them in the text"
        yield Problem(said, line, "body" if line else "failures")
    for name, failure in texts.failures.items():
        if failure.failure.cost and references.number(failure.failure.cost) is None:
            yield Problem(f"unknown number '{failure.failure.cost}'", None, f"failure {name}")


def _exam(references: References) -> Iterator[Problem]:
    """An exam draws numbers that are stated, and asks for numbers that follow from them."""
    exam = references.texts.exam
    if exam is None:
        return
    cited = {source.key for source in references.sources}
    for where, document in exam:
        for use in document.citations:
            if use.key in references.material.sources and use.key not in cited:
                yield Problem(f"the lesson itself does not cite '{use.key}'", use.line, where)
    for name in exam.exam.draws:
        number = references.number(name)
        if number is None or number.kind == "computed":
            yield Problem(f"'{name}' is no number that is cited or assumed, so it cannot be drawn", None, "exam")
    for phase in exam.exam.phases:
        for name in phase.numbers:
            number = references.number(name)
            if number is None or number.kind != "computed":
                yield Problem(
                    f"'{name}' is no number that is computed, so it cannot be asked", None, f"exam {phase.id}"
                )


def safely(make: Callable[[str], str], name: str) -> tuple[str, str]:
    """Return what `make` gives for `name`, or nothing and the sentence it raised."""
    try:
        return make(name), ""
    except (ValueError, LookupError) as error:
        return "", str(error)
