"""What every page ends with: its terms, every number with its defence, every source with who cites it."""

from collections.abc import Callable

from modules.ledger import LedgerError
from modules.rendering.bibliography import details, people
from modules.rendering.defence import dated, formula_parts, reason_in_words
from modules.rendering.markup import escape
from modules.rendering.material import Number, Source
from modules.rendering.page import Page
from modules.rendering.references import slug


def endmatter(page: Page) -> str:
    """Return the sections that follow a lesson's own text; sources come last, since they list their places."""
    references = page.references
    parts: list[tuple[bool, str, Callable[[Page], str]]] = [
        (references.texts.has_loose_questions, "questions", Page.questions),
        (bool(references.lesson.terms), "terms", _terms),
        (bool(references.rows), "numbers", _numbers),
        (bool(references.sources), "sources", _sources),
    ]
    return "".join(_section(page, name, write) for is_there, name, write in parts if is_there)


def _section(page: Page, name: str, write: Callable[[Page], str]) -> str:
    page.place = (name, name.capitalize())
    heading = f'<h2 id="{name}">{name.capitalize()}{page.self_link(name)}</h2>'
    return f'<section class="section {name}">\n{heading}\n{write(page)}</section>\n'


def _terms(page: Page) -> str:
    items = (
        f'<dt id="term-{slug(name)}">{escape(name)}</dt>\n<dd>{escape(text)}</dd>\n'
        for name, text in page.references.lesson.terms
    )
    return f"<dl>\n{''.join(items)}</dl>\n"


def _numbers(page: Page) -> str:
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Number", "Value", "How", "Source"))
    rows = "".join(_number(page, number) for number in page.references.rows)
    table = f'<table class="ledger"><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>'
    return page.scroll(table, "Table: every number of this lesson")


def _number(page: Page, number: Number) -> str:
    references = page.references
    anchor, name = references.anchor(number), references.name(number)
    page.place = (anchor, number.label)
    try:
        value, was = references.value(number), references.was(number)
    except LedgerError:
        value = was = ""
    as_written = f' <span class="was">(as written {escape(was)})</span>' if was else ""
    how = escape(number.kind)
    if number.formula:
        how += f": <code>{_formula(page, number)}</code>"
    if reason := reason_in_words(number):
        how += f"{'; ' if number.formula else ': '}{escape(reason)}"
    source = page.cite(number.source, number.at) if number.source else ""
    address = escape(references.page(number))
    aged = f' class="{dated(number).strip()}"' if number.seen else ""
    return (
        f'<tr class="number-{escape(number.kind)}" id="{anchor}">'
        f'<th scope="row">{escape(number.label)} <a href="{address}"><code>{escape(name)}</code></a>'
        f"{page.self_link(anchor, 'number')}</th>"
        f"<td{aged}>{escape(value)}{as_written}</td><td>{how}</td><td>{source}</td></tr>\n"
    )


def _formula(page: Page, number: Number) -> str:
    """Return a formula whose names lead to their own rows."""
    return "".join(
        f'<a href="#{page.references.anchor(read)}">{escape(text)}</a>' if read else escape(text)
        for text, read in formula_parts(number, page.references.number)
    )


def _sources(page: Page) -> str:
    return f"<ol>\n{''.join(_source(page, source) for source in page.references.sources)}</ol>\n"


def _source(page: Page, source: Source) -> str:
    who = " ".join(filter(None, (people(source.authors), f"({source.year})" if source.year else "")))
    parts = [f"{escape(who)}. " if who else "", f"<cite>{escape(source.title)}</cite>."]
    parts += [f" {escape(detail)}." for detail in details(source)]
    if source.url:
        parts.append(f' <a href="{escape(source.url)}" rel="noopener">{escape(source.url)}</a>')
    places = [
        f'<a href="#{escape(id_)}">{escape(heading or "Opening")}</a>{escape(f", {locator}" if locator else "")}'
        for (heading, locator), id_ in page.backlinks.get(source.key, {}).items()
    ]
    if places:
        parts.append(f' <span class="backlinks">Cited in {"; ".join(places)}</span>')
    return f'<li id="source-{escape(source.key)}">{"".join(parts)}</li>\n'
