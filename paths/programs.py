"""The program that the lessons of a path build together, whole: a package that runs."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.template.loader import render_to_string

from modules.models import ProgramFile
from paths.models import LearningPath

_IMPORTED = re.compile(r"^(?:from|import) +(\w+)", re.MULTILINE)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files always make the same archive


@dataclass(frozen=True)
class Program:
    """The files of one path's program, in the order in which its lessons build them."""

    path: LearningPath
    files: list[ProgramFile]

    @classmethod
    def of(cls, path: LearningPath) -> Program | None:
        """Return what the lessons of `path` build as far as they are written; None if they build nothing."""
        if not path.program:
            return None
        rows = ProgramFile.objects.filter(path__startswith=f"{path.program}/", module__steps__path=path)
        files = list(rows.select_related("module").order_by("module__steps__position", "path"))
        return cls(path, files) if files else None

    @property
    def name(self) -> str:
        return self.path.program

    @property
    def runs(self) -> bool:
        """Whether `python -m` starts it."""
        return any(file.path == f"{self.name}/__main__.py" for file in self.files)

    @property
    def lines(self) -> int:
        return sum(file.code.count("\n") for file in self.files)

    @property
    def needs(self) -> list[str]:
        """The packages it imports that do not come with Python, by the names they are installed by."""
        imported = {name for file in self.files for name in _IMPORTED.findall(file.code)}
        return sorted(name.replace("_", "-") for name in imported - sys.stdlib_module_names - {self.name})

    def archive(self) -> bytes:
        """Return the package with a README, as a zip file."""
        readme = render_to_string("paths/program/README.md", {"program": self, "site": settings.SITE_URL})
        texts = {
            "README.md": readme,
            "LICENSE": (settings.BASE_DIR / "LICENSE").read_text(),
            f"{self.name}/__init__.py": f'"""{self.path.title}: {self.path.summary}."""\n',
            **{file.path: file.code for file in self.files},
        }
        file = io.BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, text in texts.items():
                entry = ZipInfo(f"{self.name}/{name}", _LONG_AGO)
                entry.compress_type = ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, text)
        return file.getvalue()
