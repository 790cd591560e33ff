"""The programs that lessons build: each file stands in one lesson, and all of them fit together.

A file is written by publishing with the lesson it stands in; it is run by the tests and `defend`, never by the
web process.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from modules.models import ProgramFile
from modules.rendering import Document


def files() -> dict[str, str]:
    """Return every file that the lessons build, by path."""
    return dict(ProgramFile.objects.values_list("path", "code"))


def digest(files: Mapping[str, str]) -> str:
    """Return what tells these files from any others; "" for none."""
    return hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()[:16] if files else ""


def needed(document: Document, known: Mapping[str, str]) -> dict[str, str]:
    """Return the files that the code of a lesson can import, its own as it builds them now; none if it imports none."""
    built = {**known, **document.files}
    packages = "|".join({path.split("/")[0] for path in built})
    imports = re.compile(rf"^\s*(?:from|import)\s+(?:{packages})\b", re.MULTILINE)
    uses = bool(built) and any(imports.search(block.code) for block in document.runs)
    return built if uses or document.files else {}
