"""The bibliography as readers see it: each source with every place that cites it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from modules.files.bibliography import names
from modules.models import Module, Quantity, Source


@dataclass(frozen=True)
class Place:
    """Where a source is cited: a lesson, the anchor in it, what the anchor is called, and where in the source."""

    module_id: str
    title: str
    anchor: str
    heading: str
    at: str


@dataclass
class CitedSource:
    source: Source
    places: list[Place] = field(default_factory=list)
    shared_numbers: list[Quantity] = field(default_factory=list)

    @property
    def authors_sorted_by(self) -> tuple[str, ...]:
        return tuple(family.casefold() for family, _ in names(self.source.author))

    @property
    def authors(self) -> str:
        people = [" ".join(filter(None, [given, family])) for family, given in names(self.source.author)]
        return ", ".join(people)


def cited_sources(query: str = "", kind: str = "") -> list[CitedSource]:
    """Return the sources that match, by author and year, with all that cites them; three queries."""
    query = query.replace("\0", "")
    rows = Source.objects.filter(kind=kind) if kind in Source.Kind.values else Source.objects.all()
    for word in query.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(author__icontains=word) | Q(id__icontains=word) | Q(year__startswith=word)
        )
    found = {row.pk: CitedSource(row) for row in rows}
    for module_id, title, citations in Module.objects.written().values_list("pk", "title", "citations"):
        for key, anchor, heading, at in citations:
            if key in found:
                found[key].places.append(Place(module_id, title, anchor, heading, at))
    for quantity in Quantity.objects.filter(group__isnull=False).select_related("group", "source"):
        key = quantity.entry().source
        if key in found:
            found[key].shared_numbers.append(quantity)
    return sorted(found.values(), key=lambda cited: (cited.authors_sorted_by, cited.source.year, cited.source.pk))
