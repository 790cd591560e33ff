"""paths.yaml <-> guided paths and their steps."""

from __future__ import annotations

from collections.abc import Iterable

from modules.files.base import FileKind, decode, delete_left_out, validated
from modules.files.yamlfile import Fields, FileError, emit, parse
from modules.models import Module

from .models import LearningPath, Step


class Paths(FileKind):
    glob = "paths.yaml"

    def dumped(self) -> Iterable[str]:
        return [self.glob] if LearningPath.objects.exists() else []

    def dump(self, path: str) -> bytes:
        paths = [
            {
                "id": row.pk,
                "title": row.title,
                "summary": row.summary,
                "audience": row.audience,
                **({"program": row.program} if row.program else {}),
                "steps": [{"module": step.module_id, "why": step.why} for step in row.steps.all()],
            }
            for row in LearningPath.objects.prefetch_related("steps")
        ]
        return emit({"paths": paths}).encode() if paths else b""

    def load(self, path: str, data: bytes) -> None:
        known = set(Module.objects.values_list("pk", flat=True))
        for position, entry in enumerate(_paths(data), start=1):
            entry.refuse_unknown(["id", "title", "summary", "audience", "program", "steps"])
            row = LearningPath(
                pk=entry.text("id"),
                title=entry.text("title"),
                summary=entry.text("summary"),
                audience=entry.text("audience"),
                program=entry.text("program", ""),
                position=position,
            )
            validated(row, entry.line).save()
            row.steps.all().delete()
            Step.objects.bulk_create(_steps(row, entry, known))

    def prune(self, data: bytes) -> None:
        listed = [entry.text("id") for entry in _paths(data)]
        delete_left_out(LearningPath.objects.exclude(pk__in=listed), "path")

    def module_id(self, path: str) -> str | None:
        return None


def _paths(data: bytes) -> list[Fields]:
    fields = parse(decode(data))
    fields.refuse_unknown(["paths"])
    return fields.rows("paths", "path")


def _steps(path: LearningPath, entry: Fields, known: set[str]) -> list[Step]:
    steps: list[Step] = []
    for position, step in enumerate(entry.mappings("steps"), start=1):
        step.refuse_unknown(["module", "why"])
        module = step.text("module")
        if module not in known or any(earlier.module_id == module for earlier in steps):
            raise FileError(f"{path.pk}: there is no lesson {module!r}, or it is a step already", line=step.line)
        row = Step(path=path, module_id=module, position=position, why=step.text("why"))
        steps.append(validated(row, step.line, exclude=["path", "module"]))
    return steps
