"""Numbers by label, name or whole id, each with its value and the lesson in whose ledger it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat

from modules import content
from modules.ledger import LedgerError, show
from modules.models import Module, Quantity, heavy
from modules.rendering.references import slug
from modules.search.names import named

LIMIT_NUMBERS = 10


@dataclass(frozen=True)
class FoundNumber:
    id: str
    name: str
    label: str
    kind: str
    printed: str
    lesson: tuple[str, str] | None  # id and title; None for a shared number that no lesson uses yet

    @property
    def anchor(self) -> str:
        """The id of its row in that lesson's ledger, where a lesson's own numbers have no prefix."""
        return f"number-{slug(self.name)}"


def numbers(text: str, words: list[str]) -> list[FoundNumber]:
    """Return numbers for a reader's words, exact names first; three queries."""
    whole = Case(
        When(module=None, then=Concat(F("group_id"), Value("."), F("name"))),
        default=Concat(F("module_id"), Value(":"), F("name")),
        output_field=CharField(),
    )
    rows = Quantity.objects.select_related("module").defer(*heavy("module__"))
    found = named(rows.alias(whole=whole), text, words, "label", "name", "whole", limit=LIMIT_NUMBERS)
    lessons = _lessons_with([row.entry_id for row in found if not row.module_id]) if found else {}
    now = content.current() if found else None
    return [_found(row, lessons, now) for row in found if now is not None]


def _found(row: Quantity, lessons: dict[str, tuple[str, str]], now: content.Content) -> FoundNumber:
    own = row.module
    number = now.numbers.get(row.entry_id)
    try:
        printed = show(number.quantity, number.unit, number.digits) if number else ""
    except LedgerError:
        printed = ""
    lesson = (own.pk, own.title) if own else lessons.get(row.entry_id)
    name = row.name if own else row.entry_id
    return FoundNumber(row.entry_id, name, row.label, number.kind if number else "", printed, lesson)


def _lessons_with(shared: list[str]) -> dict[str, tuple[str, str]]:
    """Return, for shared numbers, the first lesson in notebook order whose ledger has each."""
    if not shared:
        return {}
    uses_any = reduce(or_, (Q(uses__numbers__contains=[name]) for name in shared))
    lessons = Module.objects.written().filter(uses_any).order_by("-part__position", "-position")
    rows = lessons.values_list("pk", "title", "uses__numbers")
    return {name: (pk, title) for pk, title, names in rows for name in names if name in shared}
