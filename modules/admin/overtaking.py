"""Two editors on one page: noticing it, and showing the second what the first changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.forms import model_to_dict
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from modules.files import kind_of
from modules.models import Revision

from .diffs import diff


class Overtaken(Exception):  # noqa: N818  what happened to the second editor
    """Somebody else saved the same page since it was opened; holds what an editor needs to decide."""

    def __init__(self, revisions: Sequence[Revision], changes: Sequence[Change]) -> None:
        self.revisions, self.changes = revisions, changes
        who = [f"{name(revision)} at {timezone.localtime(revision.at):%H:%M} UTC" for revision in revisions]
        saved = " and ".join(who) or "somebody"
        super().__init__(
            f"While you were editing, this was saved by {saved}. Your text is below, kept and not saved. "
            "Take over what you want from the other version; saving again replaces it, and it stays in the history."
        )


@dataclass(frozen=True)
class Change:
    """One file, and its diffs: what the other changed, and what saving again would change in that."""

    path: str
    theirs: SafeString
    yours: SafeString


def name(revision: Revision) -> str:
    return revision.author.email or revision.author.get_username() if revision.author else "a command"


def state(row: models.Model) -> dict[str, Any]:
    """Return what an editor can change about a row. Places are left out: an order loses nobody's text."""
    return {key: value for key, value in model_to_dict(row).items() if key not in (row._meta.pk.name, "position")}


def edition(rows: Iterable[models.Model], *more: object) -> str:
    """Return a digest of what a page showed, and the newest revision then: all that a save has to compare."""
    shown = repr([sorted(state(row).items()) for row in rows]) + repr(more)
    return f"{hashlib.sha256(shown.encode()).hexdigest()}.{Revision.objects.edition()}"


def is_same(one: str, other: str) -> bool:
    return one.partition(".")[0] == other.partition(".")[0]


def since(given: str, paths: Iterable[str]) -> list[Revision]:
    """Return the revisions of some files that are newer than an edition, oldest first."""
    newest = given.partition(".")[2]
    known = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 18 else 0
    return list(
        Revision.objects.filter(path__in=list(paths), pk__gt=known)
        .select_related("author")
        .defer("text")
        .order_by("pk")
    )


def changes(revisions: Sequence[Revision], saved: Mapping[str, str]) -> list[Change]:
    """Compare each file as it was, as it is `saved`, and as the rows would now have it."""
    found = []
    for path, theirs in saved.items():
        first = next((revision for revision in revisions if revision.path == path), None)
        earlier = first.before() if first else None
        was = earlier.text if earlier else "" if first else theirs
        change = Change(path, diff(was, theirs), diff(theirs, text(path)))
        if change.theirs or change.yours:
            found.append(change)
    return found


def text(path: str) -> str:
    """Return a file's text as the rows have it now; a picture's is no text, and empty."""
    return "" if path.endswith((".png", ".webp")) else kind_of(path).dump(path).decode()


def rebase(data: QueryDict, prefix: str, key: str, rows: Mapping[str, str]) -> None:
    """Fit a submitted table of rows to the rows there are now; `rows` gives the key of each by its id.

    A row that was loaded or restored again has a new id and is found by its key (a name); one that was removed
    becomes a new row, so that what its editor wrote comes back with the form instead of an error about an id.
    """
    try:
        total, initial = (int(data.get(f"{prefix}-{count}", "")) for count in ("TOTAL_FORMS", "INITIAL_FORMS"))
    except ValueError:
        return
    ids = [data.get(f"{prefix}-{place}-id", "") for place in range(min(initial, total, 1000))]
    lost = [place for place, row in enumerate(ids) if row not in rows]
    free = {row_key: row for row, row_key in rows.items() if row not in ids}
    for place in lost:
        data[f"{prefix}-{place}-id"] = free.pop(data.get(f"{prefix}-{place}-{key}", ""), "")
    kept = [place for place in range(len(ids)) if data.get(f"{prefix}-{place}-id")]
    if len(kept) == len(ids):
        return
    gone = [place for place in range(len(ids)) if place not in kept]
    order = [*kept, *gone, *range(len(ids), min(total, 1000))]
    _reorder(data, prefix, order)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(kept))


def _reorder(data: QueryDict, prefix: str, order: Sequence[int]) -> None:
    """Let the form at each place of `order` be numbered by where it stands there."""
    moved: dict[str, list[str]] = {}
    places = {str(old): str(new) for new, old in enumerate(order)}
    for field in [field for field in data if field.startswith(f"{prefix}-")]:
        old, _, rest = field.removeprefix(f"{prefix}-").partition("-")
        if rest and old in places:
            moved[f"{prefix}-{places[old]}-{rest}"] = data.pop(field)
    for field, values in moved.items():
        data.setlist(field, values)
