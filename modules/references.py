"""The tables that lessons share, as readers see them: each number with where it is used, prices by date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from modules import prices
from modules.content import Content
from modules.defences import Defended
from modules.models import Group, Module
from modules.prices import History
from modules.rendering import Plot


@dataclass(frozen=True)
class Row:
    """A shared number and the lessons whose pages print it or rest on it."""

    defended: Defended
    lessons: list[Module]


@dataclass(frozen=True)
class Table:
    """A group of shared numbers, with the history of those that have one."""

    group: Group
    rows: list[Row]
    plot: Plot | None

    @property
    def seen(self) -> str:
        """The oldest day on which something here was seen."""
        return min((row.defended.number.seen for row in self.rows if row.defended.number.seen), default="")


def read(content: Content) -> Iterator[Table]:
    """Yield the groups in their order, prices the newest first; three queries."""
    lessons = defaultdict(list)
    for module in Module.objects.written().listed().defer(None).only("title", "part__title", "uses"):
        for number in module.uses.get("numbers", []):
            lessons[number].append(module)
    rows: dict[str, list[Row]] = {}
    for key, number in content.numbers.items():
        if "." in key:
            rows.setdefault(key.partition(".")[0], []).append(Row(Defended(number, content), lessons[key]))
    histories = prices.of_all({key: content.entries[key] for key in content.numbers if "." in key})
    tables = [
        Table(group, rows.get(group.pk, []), _plot(group, rows.get(group.pk, []), histories))
        for group in Group.objects.select_related("source")
    ]
    yield from (table for table in tables if table.group.kind != Group.Kind.PRICE)
    yield from sorted((t for t in tables if t.group.kind == Group.Kind.PRICE), key=lambda t: t.seen, reverse=True)


def _plot(group: Group, rows: list[Row], histories: dict[str, History]) -> Plot | None:
    """Draw the histories of a group that are of one kind: those whose units convert to that of the first."""
    lines = [
        (row.defended.number.label, histories[row.defended.number.id])
        for row in rows
        if row.defended.number.id in histories
    ]
    same = [line for line in lines if line[1][-1][1].dimension == lines[0][1][-1][1].dimension]
    if not same:
        return None
    label = same[0][0] if len(same) == 1 else ""
    title = f"{group.title} over time"
    return prices.chart(same, title=title, label=label, prefix=f"history-{group.pk}")
