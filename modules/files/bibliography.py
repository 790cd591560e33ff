"""sources.bib <-> Source rows."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

import bibtexparser
from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Block, DuplicateBlockKeyBlock, Entry, ExplicitComment, Field, ImplicitComment

from modules.models import Source

from .base import FileKind, decode, delete_left_out, validated
from .yamlfile import FileError

# BibTeX's field names and the columns they fill, in the order in which they are written.
FIELDS = {
    "title": "title",
    "author": "author",
    "year": "year",
    "journal": "venue",
    "url": "url",
    "eprint": "eprint",
    "urldate": "opened_on",
    "note": "note",
}
HEADER = "% The bibliography: one entry a source, sorted by key. urldate is the day it was opened and checked.\n\n"


class Bibliography(FileKind):
    glob = "sources.bib"

    def dumped(self) -> Iterable[str]:
        return [self.glob] if Source.objects.exists() else []

    def dump(self, path: str) -> bytes:
        sources = Source.objects.order_by("pk")
        return write(sources).encode() if sources else b""

    def load(self, path: str, data: bytes) -> None:
        for source in read(decode(data)):
            source.save()

    def prune(self, data: bytes) -> None:
        listed = [source.pk for source in read(decode(data))]
        delete_left_out(Source.objects.exclude(pk__in=listed), "source")

    def module_id(self, path: str) -> str | None:
        return None


def write(sources: Iterable[Source]) -> str:
    form = bibtexparser.BibtexFormat()
    form.indent, form.block_separator, form.trailing_comma = "  ", "\n", True
    entries: list[Block] = [_entry(source) for source in sources]
    return HEADER + bibtexparser.write_string(bibtexparser.Library(entries), bibtex_format=form).rstrip("\n") + "\n"


def check_kept(source: Source) -> None:
    """Raise FileError unless BibTeX can hold a source and give the same one back."""
    names(source.author)
    try:
        back = read(write([source]))
    except FileError:
        back = []
    columns = FIELDS.values()
    if [[str(getattr(row, column) or "") for column in columns] for row in back] != [
        [str(getattr(source, column) or "") for column in columns]
    ]:
        raise FileError("braces must come in pairs, and no field may end in a backslash")


def _entry(source: Source) -> Entry:
    values = ((name, str(getattr(source, column) or "")) for name, column in FIELDS.items())
    return Entry(source.kind, source.pk, [Field(name, value) for name, value in values if value])


def read(text: str) -> list[Source]:
    """Read BibTeX; raises FileError for a duplicate key, a broken or incomplete entry, an unknown field or type."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it also logs what it returns as a failed block
    sources = []
    for block in bibtexparser.parse_string(text).blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, ImplicitComment | ExplicitComment):
            if block.comment.strip() and not HEADER.startswith(block.comment.strip()):
                raise FileError("only the heading may be a comment here; use the field `note`", line=line)
            continue
        if isinstance(block, DuplicateBlockKeyBlock):
            raise FileError(f"the key {block.key!r} is given twice", line=line)
        if not isinstance(block, Entry):
            raise FileError("a broken BibTeX entry", line=line)
        sources.append(_source(block, line))
    return sources


def _source(entry: Entry, line: int) -> Source:
    source = Source(pk=entry.key, kind=entry.entry_type)
    for field in entry.fields:
        where = (field.start_line or line - 1) + 1
        if field.key not in FIELDS:
            raise FileError(f"{entry.key}: unknown field {field.key!r}; known are {', '.join(FIELDS)}", line=where)
        if field.enclosing == "no-enclosing" and not str(field.value).isdigit():
            raise FileError(f"{entry.key}: {field.key} must stand in braces, without # or macros", line=where)
        setattr(source, FIELDS[field.key], _value(entry.key, field, where))
    try:
        names(source.author)
    except FileError as exc:
        raise FileError(f"{source.pk}: {exc.message}", line=line) from exc
    return validated(source, line)


def _value(key: str, field: Field, line: int) -> str | date:
    value = " ".join(str(field.value).split())
    if field.key != "urldate":
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise FileError(f"{key}: urldate must be a date such as 2026-11-23, not {value!r}", line=line) from None


def names(author: str) -> tuple[tuple[str, str], ...]:
    """Split BibTeX names into (family, given); an organisation in braces is all family.

    Raises FileError for a name with too many commas or a last one too many.
    """
    people = []
    for person in split_multiple_persons_names(author):
        try:
            parts = parse_single_name_into_parts(person)
        except InvalidNameError as exc:
            raise FileError(f"the author {person!r} is no BibTeX name, which is written Family, Given") from exc
        family = " ".join([*parts.von, *parts.last, *parts.jr]).strip("{}")
        people.append((family, " ".join(parts.first)))
    return tuple(people)
