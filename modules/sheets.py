"""Style sheets in one piece: what they import stands where they import it."""

from __future__ import annotations

import re
from collections.abc import Callable

# The one form in which our style sheets import one another, with an optional medium.
_IMPORT = re.compile(r'^@import "(?P<file>[\w/-]+\.css)"(?: (?P<medium>\w+))?;$', re.MULTILINE)


def in_one_piece(css: str, read: Callable[[str], str]) -> str:
    """Return `css` with the text of each sheet that it imports; `read` returns that text by file name."""

    def imported(found: re.Match[str]) -> str:
        text = read(found["file"])
        return f"@media {found['medium']} {{\n{text}}}" if found["medium"] else text

    return _IMPORT.sub(imported, css)
