"""The defence of one number, whole: down to the leaves it rests on, up to all that rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse

from modules.changes import printed
from modules.content import Content
from modules.ledger import Entry, Quantity, owner
from modules.models import Group, Module, NumberChange
from modules.rendering import Number, Source, formula_parts, short_name


@dataclass(frozen=True)
class Piece:
    """A stretch of a formula, and the number it names, if it names one."""

    text: str
    number: Defended | None = None

    @property
    def value(self) -> str:
        """The stretch with the number's value in place of its name; a rate gets parentheses."""
        if self.number is None:
            return self.text
        return f"({self.number.value})" if "/" in self.number.value else self.number.value


@dataclass(frozen=True)
class Defended:
    """One number that has a value, among all others."""

    number: Number
    content: Content

    def __str__(self) -> str:
        return f"{self.number.label}: {self.value}"

    @property
    def entry(self) -> Entry:
        return self.content.entries[self.number.id]

    @property
    def value(self) -> str:
        return printed(self.entry, self.number.quantity)

    def at(self, quantity: Quantity) -> Defended:
        """Return the number as it would be with another value."""
        return Defended(replace(self.number, quantity=quantity), self.content)

    @property
    def owner_id(self) -> str:
        """The lesson or the group of shared numbers it belongs to."""
        return owner(self.number.id)[:-1]

    @property
    def name(self) -> str:
        return self.number.id.removeprefix(owner(self.number.id))

    @property
    def is_shared(self) -> bool:
        return "." in self.number.id

    @property
    def is_drillable(self) -> bool:
        """Whether a drill can ask for it."""
        return self.number.id in self.content.drillable

    @property
    def row_url(self) -> str:
        """Where it stands in the table of its lesson, or among the shared numbers."""
        if self.is_shared:
            page = reverse("modules:reference")
        else:
            page = reverse("modules:module", args=[self.owner_id]) + self.content.query
        return f"{page}#number-{self.number.id.replace('.', '-') if self.is_shared else self.name}"

    @property
    def was(self) -> str:
        """What it is as written, where a what-if changed it; "" elsewhere."""
        was, entry = self.number.was, self.content.entries[self.number.id]
        return printed(entry, was) if was and printed(entry, was) != self.value else ""

    def get_absolute_url(self) -> str:
        return self.number.page + self.content.query

    @property
    def pieces(self) -> list[Piece]:
        return [
            Piece(text, Defended(read, self.content) if read else None)
            for text, read in formula_parts(self.number, self.content.numbers.get)
        ]

    @property
    def shares(self) -> Defended | None:
        """The number whose formula it shares, if it shares one."""
        model = self.content.numbers.get(self.number.like)
        return Defended(model, self.content) if model else None

    @property
    def source(self) -> Source | None:
        return self.content.sources.get(self.number.source)

    @property
    def source_name(self) -> str:
        return short_name(self.source) if self.source else ""

    @cached_property
    def inputs(self) -> list[Defended]:
        return [self._other(key) for key in self.content.graph.inputs(self.number.id)]

    @cached_property
    def readers(self) -> list[Defended]:
        """The numbers whose formula names it."""
        dependents = self.content.graph.dependents(self.number.id)
        return [self._other(key) for key in dependents if self.number.id in self.content.graph.inputs(key)]

    @cached_property
    def further(self) -> list[Defended]:
        """The numbers that rest on it through others."""
        direct = {reader.number.id for reader in self.readers}
        return [self._other(key) for key in self.content.graph.dependents(self.number.id) if key not in direct]

    @cached_property
    def leaves(self) -> list[Defended]:
        """All it rests on that is not computed itself, in the order in which its formula comes to them."""
        return [below.defended for below in self.tree if not below.defended.number.formula]

    @cached_property
    def tree(self) -> list[Below]:
        """Every number it rests on, each once, where its formula first comes to it."""
        return list(self._descend(1, {self.number.id}))

    def _descend(self, depth: int, seen: set[str]) -> Iterator[Below]:
        for read in self.inputs:
            if read.number.id not in seen:
                seen.add(read.number.id)
                yield Below(read, depth)
                yield from read._descend(depth + 1, seen)

    def _other(self, key: str) -> Defended:
        return Defended(self.content.numbers[key], self.content)


@dataclass(frozen=True)
class Below:
    """A number under another, and how far under it."""

    defended: Defended
    depth: int


@dataclass(frozen=True)
class Story:
    """What the database knows of a number beyond the ledger: whose it is, where it is printed, what it said before."""

    owner: Module | Group
    printed_in: list[Module]
    changes: list[NumberChange]

    @classmethod
    def of(cls, defended: Defended) -> Story:
        owners = Group.objects if defended.is_shared else Module.objects.listed()
        return cls(
            owners.get(pk=defended.owner_id),
            list(Module.objects.written().listed().filter(uses__numbers__contains=[defended.number.id])),
            list(NumberChange.objects.filter(number=defended.number.id)),
        )


def find(owner_id: str, name: str, content: Content) -> Defended | None:
    """Return the number of a lesson or of a group of shared numbers; None when there is none, or it is broken."""
    for key in (f"{owner_id}:{name}", f"{owner_id}.{name}"):
        if key in content.numbers:
            return Defended(content.numbers[key], content)
    return None


def demand(owner_id: str, name: str, content: Content) -> Defended:
    """Return what `find` does; raises Http404 where that is nothing."""
    defended = find(owner_id, name, content)
    if defended is None:
        raise Http404(f"There is no number {name} in {owner_id}.")
    return defended


def search(query: str, kind: str, content: Content) -> list[Defended]:
    """Return the numbers with every word of `query` in their label, id, formula or source, in notebook order."""
    words = query.casefold().split()
    found = []
    for key, number in content.numbers.items():
        text = f"{number.label} {key} {number.formula} {number.source}".casefold()
        if kind in ("", number.kind) and all(word in text for word in words):
            found.append(Defended(number, content))
    return found


def json_response(defended: Defended, story: Story) -> HttpResponse:
    """Answer with a number for programs, readable by people."""
    return JsonResponse(as_json(defended, story), json_dumps_params={"ensure_ascii": False, "indent": 2})


def as_json(defended: Defended, story: Story) -> dict[str, Any]:
    """Return the page of a number for programs; absent fields do not apply to its kind."""
    number, source = defended.number, defended.source
    fields = {
        "id": number.id,
        "label": number.label,
        "url": settings.SITE_URL + defended.get_absolute_url(),
        "kind": number.kind,
        "what_if": defended.content.what_if,
        "value": defended.value,
        "as_written": defended.was,
        "magnitude": number.quantity.magnitude,
        "unit": str(number.quantity.unit),
        "formula": number.formula,
        "formula_with_values": "".join(piece.value for piece in defended.pieces) if number.formula else "",
        "inputs": [read.number.id for read in defended.inputs],
        "rests_on": [leaf.number.id for leaf in defended.leaves],
        "source": {"key": source.key, "title": source.title, "url": source.url} if source else None,
        "at": number.at,
        "as_of": number.as_of,
        "because": number.because,
        "note": number.note,
        "read_by": [reader.number.id for reader in defended.readers],
        "printed_in": [settings.SITE_URL + module.get_absolute_url() for module in story.printed_in],
        "history": [
            {"at": change.at.isoformat(timespec="seconds"), "value": change.value, "how": change.how}
            for change in story.changes
        ],
        "licence": "CC BY 4.0",
    }
    return {name: value for name, value in fields.items() if value not in ("", [], None)}
