"""What every kind of fixture file can do, and the list of kinds the settings name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError, QuerySet
from django.utils.module_loading import import_string

from .yamlfile import FileError

M = TypeVar("M", bound=models.Model)


class FileKind(Protocol):
    """One kind of file: reads its text into rows and writes the same text back from them."""

    glob: str
    is_content: bool = True  # False for what is only noted about the content: no edit of it, and no revision

    def dumped(self) -> Iterable[str]:
        """Return the paths this kind would write from the database."""

    def dump(self, path: str) -> bytes:
        """Return the file's bytes in canonical layout, or b"" when the database has no such file."""

    def load(self, path: str, data: bytes) -> None:
        """Write the rows behind `path`; raises FileError and is always called inside a transaction."""

    def prune(self, data: bytes) -> None:
        """Remove the rows that the file no longer has; raises FileError for one that is still needed.

        Called once every file is loaded: what needed a row until now may have left another file.
        """

    def module_id(self, path: str) -> str | None:
        """Return the lesson a file belongs to, if it belongs to one."""


def kinds() -> list[FileKind]:
    """Return the kinds of file in the order in which they are loaded."""
    return [import_string(name)() for name in settings.NOTEBOOK_FILES]


def kind_of(path: str) -> FileKind:
    """Return the kind of a file by its path; raises FileError for a path that is no fixture's."""
    wanted = PurePosixPath(path)
    for kind in kinds():
        if wanted.match(kind.glob) and len(wanted.parts) == len(PurePosixPath(kind.glob).parts):
            return kind
    raise FileError(f"{path} is not a file of the notebook")


def replace(path: str, data: bytes) -> None:
    """Make the rows behind one file say what `data` says, no more and no less; raises FileError, naming the file."""
    try:
        kind = kind_of(path)
        kind.load(path, data)
        kind.prune(data)
    except FileError as exc:
        exc.path = exc.path or path
        raise


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """Return the text of a file; raises FileError unless it is UTF-8 without null bytes."""
    try:
        text = data.decode()
    except UnicodeDecodeError as exc:
        raise FileError(f"not UTF-8 at byte {exc.start}", line=data[: exc.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise FileError("a null byte", line=text[: text.index("\0")].count("\n") + 1)
    return text.replace("\r\n", "\n")


def validated(row: M, line: int | None = None, exclude: Iterable[str] = ()) -> M:
    """Check a row's fields; raises FileError with the first complaint, naming the field."""
    try:
        row.clean_fields(exclude=set(exclude))
        row.clean()
    except ValidationError as exc:
        field, messages = next(iter(exc.message_dict.items()))
        raise FileError(f"{field}: {messages[0]}", line=line) from None
    return row


def delete_left_out(rows: QuerySet[Any], what: str) -> None:
    """Delete rows that a file no longer has; raises FileError, naming it, for one that something else needs."""
    for row in rows:
        try:
            row.delete()
        except ProtectedError as exc:
            needing = min(exc.protected_objects, key=str)
            raise FileError(
                f"the {what} {row.pk!r} is left out, but the {needing._meta.verbose_name} {needing} needs it"
            ) from None
