"""What prices and other dated numbers said over time: from the ledger's own memory and from what it has recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date

from modules.ledger import Entry, LedgerError, Quantity, is_price, parse_quantity, read_typed, seen
from modules.models import NumberChange
from modules.rendering import Plot, Series, plot

History = list[tuple[date, Quantity]]

_DAY = re.compile(r", (\d{4}-\d\d-\d\d)\Z")  # the end of `changes.how` for what has a date


def history(entry: Entry, changes: Iterable[NumberChange] = ()) -> History:
    """Return what a dated number said, by the day on which it was seen, the oldest first, in today's unit.

    What was recorded for a day replaces what was recorded before for the same: it was a mistake. What the ledger
    says now, and says it said earlier, is right.
    """
    told = seen(entry)
    if not told:
        return []
    unit = told[-1][1].unit
    days: dict[date, Quantity] = {}
    for change in sorted(changes, key=lambda row: row.pk):
        found = _DAY.search(change.how)
        if found and change.value:
            with suppress(LedgerError):  # a unit of then that is no longer one, or not this number's
                days[date.fromisoformat(found[1])] = read_typed(change.value, unit)
    return [
        (day, value.to(unit)) for day, value in sorted((days | dict(told)).items()) if value.dimension == unit.dimension
    ]


def of_all(entries: Mapping[str, Entry]) -> dict[str, History]:
    """Return the histories of the dated numbers among `entries` that have one, of two days or more; one query."""
    dated = [key for key, entry in entries.items() if entry.as_of and entry.value]
    rows: dict[str, list[NumberChange]] = {}
    for row in NumberChange.objects.filter(number__in=dated):
        rows.setdefault(row.number, []).append(row)
    found = {key: history(entries[key], rows.get(key, ())) for key in dated}
    return {key: days for key, days in found.items() if len(days) > 1}


def chart(lines: Sequence[tuple[str, History]], *, title: str, label: str, prefix: str) -> Plot:
    """Draw histories whose units convert to that of the first."""
    unit = lines[0][1][-1][1].unit
    series = [
        Series(name, [(float(day.toordinal()), value.to(unit).magnitude) for day, value in days])
        for name, days in lines
    ]
    marks = [line.points[-1] for line in series]
    return plot(
        series, title=title, x_label="Seen on", y_label=label, y_unit=str(unit), marks=marks, x_days=True, prefix=prefix
    )


def is_given(entry: Entry) -> bool:
    """Whether this is a price that an author gave, not one that was computed."""
    try:
        return bool(entry.value) and is_price(parse_quantity(entry.value))
    except LedgerError:
        return False
