"""catalogue.yaml <-> parts and the planned lessons in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modules.models import Module, Part

from .base import decode, validated
from .yamlfile import Fields, FileError, emit, parse

PLANNED = ("id", "title", "summary", "minutes", "requires")


class Catalogue:
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
        fields = parse(decode(data))
        fields.refuse_unknown(["parts"])
        requires: dict[str, tuple[list[str], int]] = {}
        seen: set[str] = set()
        for position, part in enumerate(fields.mappings("parts")):
            part.refuse_unknown(["id", "title", "modules"])
            row = validated(Part(pk=part.text("id"), title=part.text("title"), position=position), part.line)
            row.save()
            for place, module in enumerate(part.mappings("modules")):
                if module.text("id") in seen:
                    raise FileError(f"the lesson {module['id']!r} is listed twice", line=module.line)
                seen.add(module.text("id"))
                _place(module, row, place)
                if "requires" in module:
                    requires[module.text("id")] = module.texts("requires"), module.lines["requires"]
        _remove_planned_ones_outside(seen)
        for module_id, (wanted, line) in requires.items():
            set_requires(Module.objects.get(pk=module_id), wanted, line)

    def module_id(self, path: str) -> str | None:
        return None


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


def _place(fields: Fields, part: Part, position: int) -> None:
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


def _remove_planned_ones_outside(listed: set[str]) -> None:
    unlisted = Module.objects.exclude(pk__in=listed)
    for module in unlisted.written():
        raise FileError(f"the lesson {module.pk!r} is written and may not be left out")
    unlisted.delete()
    Part.objects.filter(modules=None).delete()


def set_requires(module: Module, wanted: list[str], line: int | None) -> None:
    """Set what to read first; raises FileError for an unknown lesson or the lesson itself."""
    known = {row.pk: row for row in Module.objects.filter(pk__in=wanted)}
    for name in wanted:
        if name not in known or name == module.pk:
            raise FileError(f"requires: there is no other lesson {name!r}", line=line)
    module.requires.set(known.values())
