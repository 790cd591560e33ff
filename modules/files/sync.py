"""Files into the database and back, all or nothing, and never over somebody's unsaved edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from modules.models import LoadedFile
from modules.publishing import Progress, publish, take_turn

from .base import FileKind, digest, kinds
from .yamlfile import FileError

Kept = str


@dataclass
class Report:
    seen: int = 0
    loaded: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    rendered: list[str] = field(default_factory=list)
    numbers: int = 0


@transaction.atomic
def load(root: Path, *, only: Sequence[str] = (), force: bool = False, progress: Progress = list) -> Report:
    """Load the files under `root`, with `only` those of the named lessons.

    A file whose rows were edited since it last agreed with them is kept and named in the report, unless `force`.
    Raises FileError, naming file and line, or publishing.Broken; then nothing has changed.
    """
    take_turn()
    files = [
        (kind, path) for kind in kinds() for path in _on_disk(root, kind) if not only or kind.module_id(path) in only
    ]
    missing = set(only) - {kind.module_id(path) for kind, path in files}
    if missing:
        raise FileError(f"no file under {root} belongs to {', '.join(sorted(missing))}")
    if not files:
        raise FileError(f"there is nothing to load under {root}")
    report = Report(seen=len(files))
    known = dict(LoadedFile.objects.values_list("path", "digest"))
    for kind, path in progress(files):
        _load_one(kind, path, (root / path).read_bytes(), known.get(path), report, force=force)
    refreshed = publish(report.loaded, progress=progress)
    report.rendered, report.numbers = refreshed.rendered, refreshed.numbers
    return report


def _on_disk(root: Path, kind: FileKind) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.glob(kind.glob) if path.is_file())


def _load_one(kind: FileKind, path: str, data: bytes, known: str | None, report: Report, *, force: bool) -> None:
    ours = kind.dump(path)
    if ours == data:
        _agree(path, ours)
        return
    edited = digest(ours) != known if ours else digest(data) == known  # the second: it was removed here
    if edited and not force:
        report.kept.append(path)
        return
    try:
        kind.load(path, data)
    except FileError as exc:
        exc.path = exc.path or path
        raise
    _agree(path, kind.dump(path))
    report.loaded.append(path)


def _agree(path: str, data: bytes) -> None:
    LoadedFile.objects.update_or_create(path=path, defaults={"digest": digest(data)})


@transaction.atomic
def dump(root: Path, *, progress: Progress = list) -> list[str]:
    """Write every file that differs from the database, remove those it no longer has, and return their paths.

    A file is removed only while it is as it was when database and disk last agreed.
    """
    take_turn()  # so that all the files are from one moment
    written = []
    files = [(kind, path) for kind in kinds() for path in kind.dumped()]
    for kind, path in progress(files):
        data, target = kind.dump(path), root / path
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            written.append(path)
        _agree(path, data)
    for gone in LoadedFile.objects.exclude(path__in=[path for _, path in files]):
        target = root / gone.path
        if target.is_file() and digest(target.read_bytes()) == gone.digest:
            target.unlink()
            gone.delete()
            written.append(gone.path)
    return written
