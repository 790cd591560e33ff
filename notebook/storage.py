"""Static files as they are served: hashed, compressed, and each style sheet in one piece."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

Paths = dict[str, tuple[Storage, str]]

# The one form in which our style sheets import one another, with an optional medium.
_IMPORT = re.compile(r'^@import "(?P<file>[\w/-]+\.css)"(?: (?P<medium>\w+))?;$', re.MULTILINE)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Puts imported style sheets in the place of their imports.

    A browser asks for an import only after it has read the sheet that names it, and over HTTP/1.1 for six files at a
    time: on a phone each file more may delay the first paint by a round trip. Sources stay in files of their own, and
    where nothing is collected, as in tests, the browser follows the imports itself.
    """

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name in [name for name in paths if name.endswith(".css")]:
                whole = in_one_piece(name, paths)
                if whole is not None:
                    self.delete(name)
                    self._save(name, ContentFile(whole))
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def in_one_piece(name: str, paths: Paths) -> str | None:
    """Return a style sheet with its imports in place, or None when it has none of ours."""
    storage, path = paths[name]
    with storage.open(path) as file:
        css = file.read().decode()

    def imported(found: re.Match[str]) -> str:
        other = posixpath.join(posixpath.dirname(name), found["file"])
        storage, path = paths[other]
        with storage.open(path) as file:
            text = file.read().decode()
        return f"@media {found['medium']} {{\n{text}}}" if found["medium"] else text

    whole, count = _IMPORT.subn(imported, css)
    return whole if count else None
