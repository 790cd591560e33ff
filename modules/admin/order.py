"""Rows in an order that people set by typing places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

LAST = 32_767  # the largest a position can be: where a row goes whose place was left empty


def renumber(rows: Iterable[Any], before: Mapping[Any, int | None]) -> None:
    """Number rows from 1 in the order of their `position`; `before` has the places they came from.

    Of two rows with one place, the one that was put there goes before the one that was there if it came
    from further down, or is new, and after it if it came from further up: so "5" always becomes the fifth.
    """

    def place(row: Any) -> tuple[int, int, Any]:
        earlier = before.get(row.pk, row.position)
        moved = -1 if earlier is None or row.position < earlier else int(row.position > earlier)
        return row.position, moved, row.pk

    ordered = sorted(rows, key=place)
    changed = [row for number, row in enumerate(ordered, start=1) if row.position != number]
    for number, row in enumerate(ordered, start=1):
        row.position = number
    if changed:
        model: type[models.Model] = type(changed[0])
        model._default_manager.bulk_update(changed, ["position"])
