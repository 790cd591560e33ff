"""What every number said, and when that changed."""

from __future__ import annotations

from datetime import datetime

from modules.content import Content
from modules.ledger import Entry, Quantity, show
from modules.models import NumberChange


def record(content: Content, at: datetime) -> None:
    """Note each number whose value or defence is another than when it was last noted, and each that is gone."""
    latest = NumberChange.objects.order_by("number", "-pk").distinct("number")
    noted = {row.number: (row.value, row.how) for row in latest}
    now = {
        key: (printed(content.entries[key], value), how(content.entries[key]))
        for key, value in content.graph.values.items()
    }
    gone = dict.fromkeys(noted.keys() - now.keys(), ("", ""))
    NumberChange.objects.bulk_create(
        NumberChange(number=key, at=at, value=value, how=why)
        for key, (value, why) in (now | gone).items()
        if noted.get(key) != (value, why)
    )


def printed(entry: Entry, value: Quantity) -> str:
    """Return a number as its own lesson prints it."""
    return show(value, entry.unit, entry.digits)


def how(entry: Entry) -> str:
    """Return how a number is defended, as a line that changes exactly when that does."""
    if entry.formula:
        return f"computed: {entry.formula}"
    if entry.source:
        return ", ".join(filter(None, [f"cited: {entry.source}", entry.at, entry.as_of]))
    return f"assumed: {entry.because}"
