"""The raw Markdown of a lesson: front matter, the text, and after it terms, numbers and sources in full."""

from collections.abc import Iterable
from datetime import date

import yaml

from modules.ledger import LedgerError
from modules.rendering.bibliography import details, people
from modules.rendering.defence import reason_in_words
from modules.rendering.material import Lesson, Number, Source
from modules.rendering.raw import Markdown, blocks, literal, quoted


def raw_markdown(writer: Markdown) -> str:
    """Return the whole file; the same lesson always gives the same bytes."""
    references = writer.references
    lesson, texts = references.lesson, references.texts
    parts = [
        f"# {literal(lesson.title)}",
        quoted(lesson.preface),
        writer.document(texts.hook),
        writer.document(texts.body),
    ]
    if texts.has_loose_questions:
        parts += ["## Questions {#questions}", writer.questions()]
    if lesson.terms:
        parts += ["## Terms {#terms}", _list(f"**{literal(name)}**: {literal(text)}" for name, text in lesson.terms)]
    if references.rows:
        parts += ["## Numbers {#numbers}", _numbers(writer)]
    if references.sources:
        sources = (f"{n}. {_source(source)}" for n, source in enumerate(references.sources, start=1))
        parts += ["## Sources {#sources}", "\n".join(sources)]
    parts.append("All lessons, for machines: [/llms.txt](/llms.txt)")
    text = blocks(parts) + "\n"
    return f"{front_matter(lesson, tokens(text))}\n\n{text}"


def tokens(text: str) -> int:
    """Return about how many tokens a language model makes of a text: four characters each, as is usual for English."""
    return -(-len(text) // 4)


def front_matter(lesson: Lesson, size: int) -> str:
    """Return the facts about a lesson; `size` is about how many tokens its text has."""
    data = {
        "id": lesson.id,
        "title": lesson.title,
        "url": lesson.url,
        "what_if": lesson.what_if,
        "part": lesson.part,
        "summary": lesson.summary,
        "requires": list(lesson.requires),
        "focus": list(lesson.focus),
        "minutes": lesson.minutes,
        "reviewed": _date(lesson.reviewed),
        "updated": _date(lesson.updated),
        "version": int(lesson.version) if lesson.version.isdecimal() else lesson.version,
        "licence": lesson.licence,
        "tokens": size,
    }
    given = {key: value for key, value in data.items() if value not in ("", [], None)}
    text = yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{text}---"


def _date(text: str) -> date | str:
    """Return a date as YAML's own type, so that it stands without quotes."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _numbers(writer: Markdown) -> str:
    rows = [["Number", "Value", "How", "Source"], ["---"] * 4]
    rows += [_number(writer, number) for number in writer.references.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _number(writer: Markdown, number: Number) -> list[str]:
    references = writer.references
    try:
        value, was = references.value(number), references.was(number)
    except LedgerError:
        value = was = ""
    how = literal(number.kind)
    if number.formula:
        how += f": `{' '.join(number.formula.split())}`"
    if reason := reason_in_words(number):
        how += f"{'; ' if number.formula else ': '}{literal(reason)}"
    source = writer.cite(number.source, number.at) if number.source else ""
    page = references.page(number)
    address = f"<{page}>" if "(" in page else page  # a parenthesis, as in a price by GPU and hour, would end the link
    label = f"{literal(number.label)} [`{references.name(number)}`]({address})"
    cells = [label, literal(f"{value} (as written {was})" if was else value), how, source]
    return [cell.replace("|", r"\|") for cell in cells]


def _source(source: Source) -> str:
    who = " ".join(filter(None, (people(source.authors), f"({source.year})" if source.year else "")))
    parts = [f"**source-{source.key}**:", f"{literal(who)}." if who else "", f"*{literal(source.title)}*."]
    parts += [f"{literal(detail)}." for detail in details(source)]
    return " ".join(filter(None, [*parts, f"<{source.url}>" if source.url else ""]))
