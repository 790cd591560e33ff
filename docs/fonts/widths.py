"""Write modules/rendering/letters.py, how wide the letters of figures are: python docs/fonts/widths.py.

The widths are those of the cut fonts in static/fonts, after cut.py; tests/notebook/test_fonts.py compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[2]
FACES = {"REGULAR": ("sans", 400), "BOLD": ("sans", 600), "MONO": ("mono", None)}
HEAD = '''"""How wide the letters of figures are, in thousandths of their size. Made by docs/fonts/widths.py."""

# Each width with the letters that have it: Notebook Sans at two weights, and Notebook Mono.
'''


def widths(name: str, weight: int | None) -> dict[int, str]:
    """Return the letters of a face by their width."""
    font = TTFont(ROOT / "static" / "fonts" / f"{name}.woff2")
    if weight:
        font = instancer.instantiateVariableFont(font, {"wght": weight})
    scale = 1000 / font["head"].unitsPerEm
    found: dict[int, str] = defaultdict(str)
    for code, glyph in sorted(font.getBestCmap().items()):
        found[round(font["hmtx"][glyph][0] * scale)] += chr(code)
    return dict(sorted(found.items()))


def written() -> str:
    parts = [HEAD]
    for face, (name, weight) in FACES.items():
        lines = [f"    {width}: {letters!a},\n" for width, letters in widths(name, weight).items()]
        parts.append(f"{face} = {{\n{''.join(lines)}}}\n")
    return "# fmt: off\n# ruff: noqa: E501\n".join(["", ""]) + "".join(parts)


if __name__ == "__main__":
    (ROOT / "modules" / "rendering" / "letters.py").write_text(written(), encoding="utf-8")
