"""catalogue.yaml <-> parts and the planned lessons in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modules.models import Module, Part

from .base import FileKind, decode, delete_left_out, validated
from .yamlfile import Fields, FileError, emit, parse

PLANNED = ("id", "title", "summary", "minutes", "requires")


class Catalogue(FileKind):
    glob = "catalogue.yaml"

    def dumped(self) -> Iterable[str]:
        return [self.glob] if Part.objects.exists() else []

    def dump(self, path: str) -> bytes:
        parts = Part.objects.prefetch_related("modules__requires__part")
        if not parts:
            return b""
        data = {
            "parts": [
                {"id": part.pk, "title": part.title, "modules": [_planned(m) for m in part.modules.all()]}
                for part in parts
            ]
        }
        return emit(data).encode()

    def load(self, path: str, data: bytes) -> None:
        planned = {}
        for position, part in enumerate(_parts(data), start=1):
            row = Part(pk=part.text("id"), title=part.text("title"), position=position)
            validated(row, part.line).save()
            for place, fields in enumerate(part.mappings("modules"), start=1):
                module = _place(fields, row, place)
                if not module.body:
                    planned[module] = fields
        for module, fields in planned.items():
            set_requires(module, fields.texts("requires"), fields.lines.get("requires"))

    def prune(self, data: bytes) -> None:
        listed = {fields.text("id"): fields for part in _parts(data) for fields in part.mappings("modules")}
        for module in Module.objects.planned().filter(pk__in=listed):
            fields = listed[module.pk]
            if not {"title", "summary"} <= fields.keys():
                raise FileError(
                    f"the lesson {module.pk!r} is planned and needs a title and a summary", line=fields.line
                )
        left_out = Module.objects.exclude(pk__in=listed)
        for module in left_out.written():
            raise FileError(f"the lesson {module.pk!r} is written and may not be left out")
        for module in left_out:
            if other := module.required_by.exclude(pk__in=left_out).first():
                raise FileError(f"the lesson {module.pk!r} is left out, but {other.pk} requires it")
        delete_left_out(left_out, "lesson")
        Part.objects.filter(modules=None).delete()

    def module_id(self, path: str) -> str | None:
        return None


def _parts(data: bytes) -> list[Fields]:
    """Return the catalogue's parts, each lesson in one place."""
    fields = parse(decode(data))
    fields.refuse_unknown(["parts"])
    seen: set[str] = set()
    parts = fields.rows("parts", "part")
    for part in parts:
        part.refuse_unknown(["id", "title", "modules"])
        for module in part.mappings("modules"):
            if module.text("id") in seen:
                raise FileError(f"the lesson {module['id']!r} is given twice", line=module.lines["id"])
            seen.add(module["id"])
    return parts


def _planned(module: Module) -> dict[str, Any]:
    if module.is_written:
        return {"id": module.pk}
    return {
        "id": module.pk,
        "title": module.title,
        "summary": module.summary,
        "minutes": module.minutes,
        "requires": [required.pk for required in sorted(module.requires.all(), key=notebook_order)],
    }


def notebook_order(module: Module) -> tuple[int, int]:
    return module.part.position, module.position


def _place(fields: Fields, part: Part, position: int) -> Module:
    """Put a lesson in its place; what a written lesson says of itself stays."""
    fields.refuse_unknown(PLANNED)
    module = Module.objects.filter(pk=fields.text("id")).first() or Module(pk=fields.text("id"))
    module.part, module.position = part, position
    if not module.body:
        module.title = fields.text("title", module.title or module.pk)
        module.summary = fields.text("summary", module.summary or module.title)
        module.minutes = fields.number("minutes", module.minutes)
    validated(module, fields.line, exclude=["is_written"])
    module.save()
    return module


def set_requires(module: Module, wanted: list[str], line: int | None) -> None:
    """Set what to read first; raises FileError for an unknown lesson or the lesson itself."""
    known = {row.pk: row for row in Module.objects.filter(pk__in=wanted)}
    for name in wanted:
        if name not in known or name == module.pk:
            raise FileError(f"requires: there is no other lesson {name!r}", line=line)
    module.requires.set(known.values())
