"""The table of all failure modes: what an address asks of it, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from modules.models import FailureMode

FACETS: Mapping[str, str | Promise] = {"system": _("System"), "lever": _("First lever"), "review": _("Review")}
COLUMNS: Mapping[str, tuple[str | Promise, Callable[[FailureMode], str]]] = {
    "mode": (_("Failure mode"), lambda row: row.mode.casefold()),
    "system": (_("Systems"), lambda row: ", ".join(row.systems).casefold()),
    "lever": (_("First lever"), lambda row: str(row.pulled.label)),
    "review": (_("Review"), lambda row: row.module.title.casefold()),
}


@dataclass(frozen=True)
class Option:
    value: str
    title: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Column:
    """A column by which the table can be sorted; `order` is how it is sorted now: ascending, descending or ""."""

    name: str
    title: str | Promise
    order: str
    address: str


@dataclass(frozen=True)
class Asking:
    """A choice among the failure modes; an unknown value finds nothing."""

    rows: list[FailureMode]
    chosen: Mapping[str, str]
    sort: str = ""  # a column's name, behind a minus where it is turned round

    @classmethod
    def read(cls, given: QueryDict) -> Asking:
        chosen = {name: given.get(name, "").strip()[:100] for name in FACETS}
        sort = given.get("sort", "")
        return cls(
            list(FailureMode.objects.listed()),
            {name: value for name, value in chosen.items() if value},
            sort if sort.removeprefix("-") in COLUMNS else "",
        )

    @cached_property
    def found(self) -> list[FailureMode]:
        found = [row for row in self.rows if self._has(row, self.chosen)]
        if self.sort:
            found.sort(key=COLUMNS[self.sort.removeprefix("-")][1], reverse=self.sort.startswith("-"))
        return found

    @property
    def fields(self) -> Iterable[tuple[str, str | Promise, list[Option]]]:
        """Each facet with its values, and how many rows each would leave."""
        for name, label in FACETS.items():
            others = {facet: value for facet, value in self.chosen.items() if facet != name}
            left = [row for row in self.rows if self._has(row, others)]
            counts = Counter(value for row in left for value in _values(row, name))
            titles = {value: title for row in self.rows for value, title in _values(row, name).items()}
            yield (
                name,
                label,
                [
                    Option(value, title, counts[value], value == self.chosen.get(name))
                    for value, title in sorted(titles.items(), key=lambda item: item[1].casefold())
                    if counts[value] or value == self.chosen.get(name)
                ],
            )

    @property
    def columns(self) -> list[Column]:
        """The columns, each with the address that sorts by it, or turns round what it sorted."""
        return [
            Column(
                name,
                title,
                {name: "ascending", f"-{name}": "descending"}.get(self.sort, ""),
                self.address(sort=f"-{name}" if self.sort == name else name),
            )
            for name, (title, _key) in COLUMNS.items()
        ]

    def address(self, sort: str = "") -> str:
        query = QueryDict(mutable=True)
        query.update({**self.chosen, **({"sort": sort} if sort else {})})
        path = reverse("modules:failures")
        return f"{path}?{query.urlencode()}" if query else path

    @property
    def here(self) -> str:
        return self.address(self.sort)

    def _has(self, row: FailureMode, chosen: Mapping[str, str]) -> bool:
        return all(value in _values(row, name) for name, value in chosen.items())


def _values(row: FailureMode, facet: str) -> dict[str, str]:
    """Return the values that a row has of a facet, with their titles."""
    match facet:
        case "system":
            return {system: system for system in row.systems}
        case "lever":
            return {row.lever: str(row.pulled.label)}
        case _:
            return {row.module_id: row.module.title}
