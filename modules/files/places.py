"""Where in its file something stands that turned out to be wrong once all files were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from modules.publishing import Trouble

from .lesson import split
from .yamlfile import Fields, parse

# A thousand troubles may be of one file, which is read once.
_split = lru_cache(maxsize=1)(split)
_parse = lru_cache(maxsize=1)(parse)


def in_file(trouble: Trouble, texts: Mapping[str, str]) -> Trouble:
    """Return a trouble with its file as subject and the line in it; as it is when its file is not among `texts`."""
    subject, where = trouble.subject, trouble.where
    if ":" in subject:
        subject, _, name = subject.partition(":")
        where = f"number {name}"
    path = "reference.yaml" if "." in subject else f"modules/{subject}.md"
    if path not in texts:
        return trouble
    if "." in subject:
        line = _line_of_shared(_parse(texts[path]), subject)
    else:
        line = line_in_lesson(texts[path], where, trouble.line)
    named = trouble.subject if subject != trouble.subject or "." in subject else where
    message = trouble.message if named in ("", "body") else f"{named}: {trouble.message}"
    return replace(trouble, subject=path, message=message, where="", line=line)


def line_in_lesson(text: str, where: str, line: int | None) -> int | None:
    """Return the line of the file for a place as the renderer names it: "body", "question ID, answer" ..."""
    fields, _, before_body = _split(text)
    what, _, rest = where.partition(" ")
    name, _, detail = rest.partition(", ")
    match what:
        case "body":
            return before_body + line if line else None
        case "question":
            row = next((row for row in fields.mappings("questions") if row.get("id") == name), fields)
            return row.lines.get(detail.partition(" ")[0] or "ask", row.line)
        case "number":
            return fields.mapping("ledger").lines.get(name)
        case "explorer":
            return fields.mapping("explorers").lines.get(name)
        case _:
            return fields.lines.get(what)


def _line_of_shared(fields: Fields, number: str) -> int | None:
    group_id, _, name = number.partition(".")
    group = next((row for row in fields.mappings("groups") if row.get("id") == group_id), None)
    return group.mapping("numbers").lines.get(name) if group else None
