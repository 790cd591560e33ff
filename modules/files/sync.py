"""Files into the database and back, all or nothing, and never over somebody's unsaved edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from modules.models import Figure, LoadedFile
from modules.publishing import Broken, Progress, publish, take_turn

from .base import FileKind, decode, digest, kind_of, kinds
from .places import in_file
from .yamlfile import FileError

Kept = str


class EditedOnDisk(ValueError):  # noqa: N818  a state, and nothing was written
    """Files were edited since they were loaded; `paths` names them."""

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        super().__init__(
            f"Nothing was written. Changed on disk since loaded: {', '.join(paths)}. Load first, or --force."
        )


@dataclass
class Report:
    seen: int
    loaded: list[str]
    kept: list[Kept]
    rendered: list[str]
    numbers: int


@dataclass(frozen=True)
class OnDisk:
    """One fixture file as it was found."""

    kind: FileKind
    path: str
    data: bytes

    @property
    def digest(self) -> str:
        return digest(self.data)

    def load(self) -> None:
        with self._named():
            self.kind.load(self.path, self.data)

    def prune(self) -> None:
        with self._named():
            self.kind.prune(self.data)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except FileError as exc:
            exc.path = exc.path or self.path
            raise


@dataclass(frozen=True)
class Rows:
    """The digest of every file as dump would write it now, and as it was when database and disk last agreed."""

    now: dict[str, str]
    agreed: dict[str, str]

    @classmethod
    def read(cls) -> Rows:
        now = {path: digest(kind.dump(path)) for kind in kinds() for path in kind.dumped()}
        return cls(now, dict(LoadedFile.objects.values_list("path", "digest")))

    def are_edited(self, path: str) -> bool:
        """Return whether the rows behind a file were made, changed or removed here since."""
        return self.now.get(path) != self.agreed.get(path)


@transaction.atomic
def load(root: Path, *, only: Sequence[str] = (), force: bool = False, progress: Progress = list) -> Report:
    """Load the files under `root`, with `only` those of the named lessons.

    A file whose rows were edited since it last agreed with them is kept and named in the report, unless `force`.
    Raises FileError or publishing.Broken, naming file and line; then nothing has changed.
    """
    take_turn()
    files = _on_disk(root, only)
    rows = Rows.read()
    news = [file for file in files if file.digest != rows.now.get(file.path)]
    kept = [file.path for file in news if file.kind.is_content and rows.are_edited(file.path) and not force]
    news = [file for file in news if file.path not in kept]
    wanted = [file for file in files if file.path not in kept]
    _bring(news, wanted, progress)
    gone = []
    for path in _pictures_left_out(wanted):
        if rows.agreed.get(path) and (force or not rows.are_edited(path)):
            gone.append(path)
        elif rows.agreed.get(path):
            kept.append(path)
    loaded = [file.path for file in news]
    _remove(gone)
    try:
        refreshed = publish([*(file.path for file in news if file.kind.is_content), *gone], progress=progress)
    except Broken as exc:
        texts = {file.path: decode(file.data) for file in wanted if file.path.endswith((".md", ".yaml"))}
        raise Broken([in_file(trouble, texts) for trouble in exc.troubles]) from exc
    # Loading one file can change how another is written, such as the order of what a lesson requires.
    untouched = {path for path in rows.now if not rows.are_edited(path)}
    agreed = (untouched | {file.path for file in wanted}) - set(gone)
    known = {path: digest(data) for path, data in refreshed.files.items()} if news or gone else rows.now
    _agree({path: known.get(path) or _digest_now(path) for path in agreed}, {f.path: f.digest for f in wanted})
    return Report(len(files), loaded, kept, refreshed.rendered, refreshed.numbers)


def _on_disk(root: Path, only: Sequence[str]) -> list[OnDisk]:
    """Return the files under `root` in the order in which they are loaded."""
    found = [
        (kind, path.relative_to(root).as_posix())
        for kind in kinds()
        for path in sorted(root.glob(kind.glob))
        if path.is_file()
    ]
    files = [OnDisk(kind, path, (root / path).read_bytes()) for kind, path in found if _is_of(kind, path, only)]
    missing = set(only) - {file.kind.module_id(file.path) for file in files}
    if missing:
        raise FileError(f"no file under {root} belongs to {', '.join(sorted(missing))}")
    if not files:
        raise FileError(f"there is nothing to load under {root}")
    return files


def _is_of(kind: FileKind, path: str, only: Sequence[str]) -> bool:
    return not only or kind.module_id(path) in only


def _bring(news: list[OnDisk], wanted: list[OnDisk], progress: Progress) -> None:
    """Load what is new, and drop what it no longer has once nothing else may need it."""
    if not news:
        return
    for file in progress(news):
        file.load()
    for file in news:
        file.prune()
    for file in wanted:
        if file not in news and file.kind.dump(file.path) != file.data:
            file.load()  # what it says may not hold any more: a lesson that moved, a company that is gone


def _pictures_left_out(files: list[OnDisk]) -> list[str]:
    """Return the pictures of the lessons among `files` that came without them."""
    lessons = [file.kind.module_id(file.path) for file in files if file.path.startswith("modules/")]
    pictures = Figure.objects.filter(module__in=lessons).order_by("module", "name").values_list("module", "name")
    return sorted({f"figures/{module}/{name}" for module, name in pictures} - {file.path for file in files})


def _remove(pictures: list[str]) -> None:
    for path in pictures:
        _, module_id, name = path.split("/")
        Figure.objects.filter(module=module_id, name=name).delete()
    LoadedFile.objects.filter(path__in=pictures).delete()


def _digest_now(path: str) -> str:
    return digest(kind_of(path).dump(path))


def _agree(digests: Mapping[str, str], found: Mapping[str, str]) -> None:
    """Note that database and disk now say the same of these files; `found` are the digests of those just seen there."""
    found = dict(LoadedFile.objects.values_list("path", "found")) | dict(found)
    LoadedFile.objects.bulk_create(
        [LoadedFile(path=path, digest=now, found=found.get(path, "")) for path, now in sorted(digests.items())],
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["digest", "found"],
    )


@transaction.atomic
def dump(root: Path, *, force: bool = False, progress: Progress = list) -> list[str]:
    """Write every file that differs from the database, remove those it no longer has, and return their paths.

    Raises EditedOnDisk, with nothing written, where a file is not as it was when database and disk last agreed,
    unless `force`. A file is removed only while it is as it was then.
    """
    take_turn()  # so that all the files are from one moment
    is_home = root.resolve() == settings.FIXTURES_DIR.resolve()  # a copy elsewhere is no agreement
    files = [(kind, path) for kind in kinds() for path in kind.dumped()]
    now = {path: kind.dump(path) for kind, path in progress(files)}
    news = {path: data for path, data in now.items() if data != _read(root / path)}
    edited = sorted(path for path in news if not _is_as_agreed(root, path)) if is_home and not force else []
    if edited:
        raise EditedOnDisk(edited)
    for path, data in news.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    written = list(news)
    for gone in LoadedFile.objects.exclude(path__in=[path for _, path in files]):
        target = root / gone.path
        if target.is_file() and digest(target.read_bytes()) == gone.digest:
            target.unlink()
            written.append(gone.path)
            if is_home:
                gone.delete()
    if is_home:
        _agree({path: digest(data) for path, data in now.items()}, {path: digest(data) for path, data in news.items()})
    return written


def _read(target: Path) -> bytes | None:
    return target.read_bytes() if target.is_file() else None


def _is_as_agreed(root: Path, path: str) -> bool:
    """Return whether a file lies as database and disk last agreed on it, or does not lie there at all."""
    lies = _read(root / path)
    agreed = LoadedFile.objects.filter(path=path).first()
    return lies is None or (agreed is not None and digest(lies) in (agreed.digest, agreed.found))
