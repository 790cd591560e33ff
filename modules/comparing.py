"""Reviews side by side: what their ledgers call by the same name, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.translation import gettext as _

from modules.content import Content
from modules.defences import Defended
from modules.ledger import Quantity
from modules.models import Module
from modules.models import Quantity as Row
from modules.whatif import WhatIfError, suppose

MODEL = "design-doc"  # the lesson whose ledger gives the lines their order
MOST = 4


@dataclass(frozen=True)
class Cell:
    """One number of one lesson in a line; `ratio` is over the first of the line, "" where it is the first."""

    defended: Defended
    value: str
    ratio: str = ""
    is_own: bool = False  # whether the lesson has a formula of its own where others share one


@dataclass(frozen=True)
class Line:
    name: str
    label: str
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class Table:
    """Some lessons side by side; `offered` are all that can be compared."""

    lessons: Sequence[Module]
    offered: Sequence[Module]
    content: Content
    what_if: str = ""
    troubles: Sequence[str] = field(default_factory=tuple)

    @cached_property
    def lines(self) -> list[Line]:
        """What the first lesson of the model and these have in common, in its order; then what only these have."""
        if len(self.lessons) < 2:
            return []
        ids = [lesson.pk for lesson in self.lessons]
        rows = Row.objects.filter(module__in=[MODEL, *ids]).order_by("position", "pk")
        names: dict[str, list[str]] = {pk: [] for pk in [MODEL, *ids]}
        for module_id, name in rows.values_list("module_id", "name"):
            names[module_id].append(name)
        model = names[MODEL]
        common = [name for pk in ids for name in names[pk] if name not in model]
        wanted = [name for name in model if any(name in names[pk] for pk in ids)]
        others = [name for name in dict.fromkeys(common) if self._is_same(name, ids)]
        return [self._line(name, ids) for name in (*wanted, *others)]

    def _is_same(self, name: str, ids: Iterable[str]) -> bool:
        """Whether lessons mean the same by a name that is not the model's: they say so in the same words."""
        numbers = list(filter(None, (self.content.numbers.get(f"{pk}:{name}") for pk in ids)))
        return len(numbers) > 1 and len({(number.label, number.quantity.dimension) for number in numbers}) == 1

    def _line(self, name: str, ids: Iterable[str]) -> Line:
        numbers = [self.content.numbers.get(f"{pk}:{name}") for pk in ids]
        first = next(filter(None, numbers), None)
        is_shared = any(number and number.like for number in numbers)
        cells: list[Cell | None] = []
        for number in numbers:
            if number is None or first is None:
                cells.append(None)
                continue
            defended = Defended(number, self.content)
            is_own = is_shared and bool(number.formula) and not number.like and not number.id.startswith(f"{MODEL}:")
            cell = Cell(defended, defended.value, is_own=is_own)
            cells.append(cell if number is first else replace(cell, ratio=_ratio(number.quantity, first.quantity)))
        return Line(name, first.label if first else "", cells)


def _ratio(one: Quantity, other: Quantity) -> str:
    """Return how many times the other a number is; "" where that says nothing."""
    if one.dimension != other.dimension or not (one.base and other.base):
        return ""
    ratio = one.base / other.base
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def read(given: Sequence[str], what_if: str, written: Content) -> Table:
    """Return the table that an address asks for: `lessons=a,b`, or `lessons` once for each."""
    ids = list(dict.fromkeys(pk.strip() for text in given for pk in text.split(",") if pk.strip()))
    offered = list(Module.objects.written().listed().filter(part="design-reviews"))
    known = {row.pk: row for row in Module.objects.written().listed().filter(pk__in=ids[: MOST + 1])}
    troubles = [
        _("There is no lesson “%(id)s” to compare.") % {"id": pk[:80]} for pk in ids[: MOST + 1] if pk not in known
    ]
    if len(ids) > MOST:
        troubles.append(_("Choose %(most)s lessons at most.") % {"most": MOST})
    if len(ids) == 1:
        troubles.append(_("Choose two lessons or more."))
    content: Content = written
    if what_if:
        try:
            content = suppose(written, what_if)
        except WhatIfError as error:
            troubles.append(str(error))
    return Table([known[pk] for pk in ids[:MOST] if pk in known], offered, content, what_if, troubles)
