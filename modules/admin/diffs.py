"""Two versions of a file side by side, as HTML: changed lines, and in them the words that changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LIMIT_WORDS = 800  # of a line, to look for the words that changed in it
CONTEXT = 2  # lines around a change

Row = tuple[str, SafeString]  # a kind (the class `diff-<kind>`) and the line


def diff(before: str, after: str) -> SafeString:
    """Return what changed from one text to the other; an empty string when nothing did."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new)
    rows: list[Row] = []
    for group in matcher.get_grouped_opcodes(CONTEXT):
        rows.append(("place", format_html("Line {}", group[0][3] + 1)))
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                rows += [("same", format_html("{}", line)) for line in old[start:end]]
            else:
                rows += _changed(old[start:end], new[new_start:new_end])
    return format_html('<div class="diff">{}</div>', format_html_join("", _ROW, rows)) if rows else SafeString()


_ROW = '<div class="diff-{}">{}</div>'


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    if len(old) != len(new):
        yield from (("removed", format_html("<del>{}</del>", line)) for line in old)
        yield from (("added", format_html("<ins>{}</ins>", line)) for line in new)
        return
    for before, after in zip(old, new, strict=True):
        removed, added = _words(before, after)
        yield "removed", removed
        yield "added", added


def _words(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Mark the words of two versions of a line that are not in the other."""
    old, new = re.findall(r"\s+|\w+|\W", before), re.findall(r"\s+|\w+|\W", after)
    if max(len(old), len(new)) > LIMIT_WORDS:
        return format_html("<del>{}</del>", before), format_html("<ins>{}</ins>", after)
    removed, added = SafeString(), SafeString()
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[start:end]), "".join(new[new_start:new_end])
        removed += format_html("{}" if tag == "equal" else "<del>{}</del>", was) if was else SafeString()
        added += format_html("{}" if tag == "equal" else "<ins>{}</ins>", now) if now else SafeString()
    return removed, added
