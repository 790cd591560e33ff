"""reference.yaml <-> groups of shared numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modules.models import Group, Quantity, Source

from .base import FileKind, decode, validated
from .yamlfile import Fields, FileError, emit, parse

NUMBER_FIELDS = (
    "value",
    "formula",
    "like",
    "unit",
    "digits",
    "source",
    "at",
    "as_of",
    "earlier",
    "because",
    "label",
    "note",
)
_NO_TEXT = ("source", "digits", "earlier")


class Reference(FileKind):
    glob = "reference.yaml"

    def dumped(self) -> Iterable[str]:
        return [self.glob] if Group.objects.exists() else []

    def dump(self, path: str) -> bytes:
        groups = [_group(group) for group in Group.objects.prefetch_related("quantities")]
        return emit({"groups": groups}).encode() if groups else b""

    def load(self, path: str, data: bytes) -> None:
        fields = parse(decode(data))
        fields.refuse_unknown(["groups"])
        Group.objects.all().delete()
        known = known_sources()
        for position, group in enumerate(fields.rows("groups", "group"), start=1):
            group.refuse_unknown(["id", "title", "kind", "source", "at", "as_of", "api_model", "note", "numbers"])
            row = Group(
                pk=group.text("id"),
                title=group.text("title"),
                kind=group.text("kind"),
                position=position,
                source_id=source_of(group, known),
                at=group.text("at", ""),
                as_of=group.text("as_of", ""),
                api_model=group.text("api_model", ""),
                note=group.text("note", ""),
            )
            validated(row, group.line).save()
            Quantity.objects.bulk_create(
                quantity(name, number, place, known, group=row)
                for place, (name, number) in enumerate(group.named("numbers"), start=1)
            )

    def module_id(self, path: str) -> str | None:
        return None


def known_sources() -> set[str]:
    return set(Source.objects.values_list("pk", flat=True))


def source_of(fields: Fields, known: set[str]) -> str | None:
    """Return the source's key; raises FileError for one the bibliography does not have."""
    key = fields.text("source", "")
    if key and key not in known:
        raise FileError(f"unknown source {key!r}", line=fields.lines["source"])
    return key or None


def quantity(name: str, fields: Fields, position: int, known: set[str], **owner: Any) -> Quantity:
    """Make one ledger row from its fields; what it says is checked by the ledger, not here."""
    fields.refuse_unknown(NUMBER_FIELDS)
    row = Quantity(
        **owner,
        name=name,
        position=position,
        source_id=source_of(fields, known),
        digits=fields.number("digits") if "digits" in fields else None,
        earlier=fields.texts("earlier"),
        **{field: fields.text(field, "") for field in NUMBER_FIELDS if field not in _NO_TEXT},
    )
    return validated(row, fields.line, exclude=["module", "group", "source"])


def number_fields(row: Quantity) -> dict[str, Any]:
    """Return a ledger row as it stands in a file."""
    return {field: row.source_id if field == "source" else getattr(row, field) for field in NUMBER_FIELDS}


def _group(group: Group) -> dict[str, Any]:
    return {
        "id": group.pk,
        "title": group.title,
        "kind": group.kind,
        "source": group.source_id,
        "at": group.at,
        "as_of": group.as_of,
        "api_model": group.api_model,
        "note": group.note,
        "numbers": {row.name: number_fields(row) for row in group.quantities.all()},
    }
