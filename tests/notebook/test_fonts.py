"""What the style sheet says about the fonts against what the fonts hold."""

import re
import runpy
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

STATIC = Path(__file__).parents[2] / "static"
FACES = re.findall(r"@font-face \{(.*?)\}", (STATIC / "css" / "tokens.css").read_text(encoding="utf-8"), re.DOTALL)
FILES = {match[1]: face for face in FACES if (match := re.search(r'url\("../fonts/([\w-]+\.woff2)"\)', face))}
FIRST_VIEW = ["serif.woff2", "serif-italic.woff2", "sans.woff2", "mono.woff2", "math.woff2"]


def font(name: str) -> TTFont:
    return TTFont(STATIC / "fonts" / name)


def letters(name: str) -> set[int]:
    return set(font(name).getBestCmap())


def asked_for(face: str) -> set[int]:
    """Return the code points of a face's unicode-range."""
    found: set[int] = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face):
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def test_every_font_is_used_and_every_use_has_its_font():
    assert set(FILES) == {path.name for path in (STATIC / "fonts").glob("*.woff2")}


@pytest.mark.parametrize("name", ["serif-names.woff2", "serif-signs.woff2", "math-more.woff2"])
def test_a_face_is_asked_for_exactly_where_no_earlier_one_serves(name: str):
    base = letters("math.woff2" if name.startswith("math") else "serif.woff2")
    assert asked_for(FILES[name]) - base == letters(name) - base


def test_a_first_view_loads_at_most_170_kb_of_fonts():
    assert sum((STATIC / "fonts" / name).stat().st_size for name in FIRST_VIEW) < 170_000


@pytest.mark.parametrize("sign", "()[]{}|∑∏∫√⟨⟩⌈⌊⏞⏟⨁")
def test_signs_that_grow_have_larger_forms(sign: str):
    face = font("math.woff2")
    variants = face["MATH"].table.MathVariants
    growing = set(variants.VertGlyphCoverage.glyphs) | set(variants.HorizGlyphCoverage.glyphs)
    assert face.getBestCmap()[ord(sign)] in growing


@pytest.mark.parametrize("name", FILES)
def test_a_cut_font_has_its_own_name_and_keeps_its_licence(name: str):
    names = font(name)["name"]
    assert names.getDebugName(1).startswith("Notebook ")
    assert "Open Font License" in names.getDebugName(13)


def test_the_widths_figures_are_measured_with_are_those_of_the_fonts():
    script = runpy.run_path(str(STATIC.parent / "docs" / "fonts" / "widths.py"))
    letters_py = STATIC.parent / "modules" / "rendering" / "letters.py"
    assert letters_py.read_text(encoding="utf-8") == script["written"]()
