"""Static files as they are served: hashed, compressed, each style sheet in one piece, scripts by their hashed names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from modules.sheets import in_one_piece

Paths = dict[str, tuple[Storage, str]]

# `from "./parts.js"`, as scripts of ours import each other. Django's own way (support_js_module_import_aggregation)
# reads the scripts of every application, and stops at an `import("htmx")` in a comment of django-htmx's.
IMPORT = r"""(?P<matched>(?P<how>from|import) "(?P<url>\.{1,2}/[^"\n]+\.js)")"""


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Puts imported style sheets in the place of their imports.

    A browser asks for an import only after it has read the sheet that names it, and over HTTP/1.1 for six files at a
    time: on a phone each file more may delay the first paint by a round trip. Sources stay in files of their own, and
    where nothing is collected, as in tests, the browser follows the imports itself.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((IMPORT, '%(how)s "%(url)s"'),)),
    )

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            sheets = {name: _text(paths, name) for name in paths if name.endswith(".css")}
            for name, css in sheets.items():
                beside = {posixpath.relpath(other, posixpath.dirname(name)): text for other, text in sheets.items()}
                whole = in_one_piece(css, beside.__getitem__)
                if whole != css:
                    self.delete(name)
                    self._save(name, ContentFile(whole))
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def _text(paths: Paths, name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        text: str = file.read().decode()
    return text
