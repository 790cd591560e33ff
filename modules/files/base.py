"""What every kind of fixture file can do, and the list of kinds the settings name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.module_loading import import_string

from .yamlfile import FileError

M = TypeVar("M", bound=models.Model)


class FileKind(Protocol):
    """One kind of file: reads its text into rows and writes the same text back from them."""

    glob: str

    def dumped(self) -> Iterable[str]:
        """Return the paths this kind would write from the database."""

    def dump(self, path: str) -> bytes:
        """Return the file's bytes in canonical layout, or b"" when the database has no such file."""

    def load(self, path: str, data: bytes) -> None:
        """Replace the rows behind `path`; raises FileError and is always called inside a transaction."""

    def module_id(self, path: str) -> str | None:
        """Return the lesson a file belongs to, if it belongs to one."""


def kinds() -> list[FileKind]:
    """Return the kinds of file in the order in which they are loaded."""
    return [import_string(name)() for name in settings.NOTEBOOK_FILES]


def kind_of(path: str) -> FileKind:
    """Return the kind of a file by its path; raises FileError for a path that is no fixture's."""
    for kind in kinds():
        if PurePosixPath(path).match(kind.glob):
            return kind
    raise FileError(f"{path} is not a file of the notebook")


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
