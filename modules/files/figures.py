"""figures/<lesson>/<name> <-> the pictures of a lesson."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from modules.images import check_picture
from modules.models import Figure, Module

from .base import FileKind, validated
from .yamlfile import FileError


class Figures(FileKind):
    glob = "figures/*/*"

    def dumped(self) -> Iterable[str]:
        return [
            f"figures/{module}/{name}"
            for module, name in Figure.objects.order_by("module", "name").values_list("module", "name")
        ]

    def dump(self, path: str) -> bytes:
        figure = Figure.objects.filter(module=self.module_id(path), name=PurePosixPath(path).name).first()
        return bytes(figure.data) if figure else b""

    def load(self, path: str, data: bytes) -> None:
        module_id, name = PurePosixPath(path).parts[1:]
        if not Module.objects.filter(pk=module_id).exists():
            raise FileError(f"there is no lesson {module_id!r}")
        try:
            check_picture(name, data)
        except ValueError as exc:
            raise FileError(str(exc)) from exc
        figure = Figure.objects.filter(module_id=module_id, name=name).first() or Figure(module_id=module_id, name=name)
        figure.data = data
        validated(figure, exclude=["module", "data"]).save()

    def module_id(self, path: str) -> str | None:
        return PurePosixPath(path).parts[1]
