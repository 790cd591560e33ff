"""Cut the notebook's fonts: python docs/fonts/cut.py FOLDER, where FOLDER holds the unpacked packages.

docs/fonts/README.md names the packages. The cut faces are renamed, as the licence asks of a changed
font whose name is reserved, and carry the original copyright and licence in their name table.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
LICENCE_URL = "https://openfontlicense.org"
OUT = Path(__file__).resolve().parents[2] / "static" / "fonts"

STIX_TEXT = "fontsource-variable-stix-two-text-5.3.0/files/stix-two-text-"
STIX_ITALIC = "fontsource-stix-two-text-5.3.0/files/stix-two-text-latin-400-italic.woff2"
STIX_MATH = "fontsource-stix-two-math-5.3.0/files/stix-two-math-latin-400-normal.woff2"
SANS = "source-sans-3.52.0/VF/SourceSans3VF-Upright.ttf"
MONO = "source-code-pro-2.42.0/TTF/SourceCodePro-Regular.ttf"


def chars(*ranges: str) -> set[int]:
    """Return code points: "0020-007E" is a range, "2212" one of them, "=abc" each letter after the sign."""
    found: set[int] = set()
    for item in ranges:
        if item.startswith("="):
            found |= {ord(letter) for letter in item[1:]}
        else:
            first, _, last = item.partition("-")
            found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


LATIN = chars("0020-007E", "00A0-00FF", "0131", "0152-0153", "2013-2014", "=‘’‚“”„•…′″‹›€™−\u2009\u200b\u2002⁄")
NAMES = chars("0100-017F", "0218-021B", "01CD-01DC", "1E9E", "1EF2-1EF3", "=†‡")
SIGNS = chars(
    "0391-03A1", "03A3-03A9", "03B1-03C9", "=⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ₀₁₂₃₄₅₆₇₈₉₊₋", "=←↑→↓↔⇒⇔↦",
    "=∂∆∇∈∉∏∑∓∘√∝∞∧∨∩∪≈≠≡≤≥≪≫⊕⊗⊙⊤⊥⋅⌈⌉⌊⌋⟨⟩✓‰ℓ\u202f\u2011",
)  # fmt: skip
SANS_SIGNS = chars("=αβγδεθλμπρστφωΔΣΩ⁰⁴⁵⁶⁷⁸⁹⁻⁺ⁿ₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙᵀ←↑→↓↔≈≠≤≥√∞∑∏∂·✓✗†\u202f\u2011‖")
MONO_SIGNS = chars("=αβγδεθλμπρστφΔΣ⁰⁴⁵⁶⁷⁸⁹←↑→↓↔≈≠≤≥√∞∑·✓─│┌┐└┘├┤┬┴┼█▁▂▃▄▅▆▇░▒▓†\u202f")

MATH = chars(
    "0020-007E", "00A0", "=¬±×÷·°¨¯´ˆˇ˘˙˜˚′″‴†‡…⋯⋮⋱ℏℓℎℝℕℤℚℂℙ∞∂∇∀∃∅ıȷ",
    "02C6-02DC", "0300-030C", "0332", "20D7", "203E", "2032-2034", "2016", "2A00-2A06", "=■",
    "0393-03A9", "03B1-03D6", "03F1", "03F5",
    "=←↑→↓↔↕↦⇐⇒⇔⟵⟶⟹⟺⟼⇌↗↘",
    "=∈∉∋∏∐∑−∓∗∘√∝∠∣∥∧∨∩∪∫∬∮∴∼≃≅≈≔≠≡≤≥≪≫≺≻⊂⊃⊆⊇⊕⊖⊗⊙⊢⊤⊥⋀⋁⋂⋃⋅⋆⌈⌉⌊⌋⟨⟩⏞⏟⎴⎵⟦⟧□∎⊮≐≜⪅⪆≲≳△▽★",
    "2061-2064",
    "1D400-1D467", "1D49C-1D4B5", "=ℬℰℱℋℐℒℳℛ", "1D538-1D56B",
    "1D6A4-1D6A5", "1D6A8-1D6DA", "1D6E2-1D71B", "1D7CE-1D7D7", "1D7D9",
)  # fmt: skip
MATH_MORE = chars("2100-214F", "2190-21FF", "2200-22FF", "27F0-27FF", "2A00-2AFF", "1D468-1D7FF") - MATH


@dataclass(frozen=True)
class Cut:
    name: str
    source: str
    unicodes: set[int]
    family: str
    weights: tuple[int, int] | None = None
    is_math: bool = False
    features: tuple[str, ...] = ("kern", "mark", "mkmk", "ccmp", "locl", "liga")


CUTS = [
    Cut("serif", f"{STIX_TEXT}latin-wght-normal.woff2", LATIN, "Notebook Serif", (400, 700)),
    Cut("serif-italic", STIX_ITALIC, LATIN, "Notebook Serif"),
    Cut("serif-names", f"{STIX_TEXT}latin-ext-wght-normal.woff2", NAMES, "Notebook Serif", (400, 700)),
    Cut("serif-signs", STIX_MATH, SIGNS, "Notebook Serif"),
    Cut("sans", SANS, LATIN | SANS_SIGNS, "Notebook Sans", (400, 700)),
    Cut("mono", MONO, LATIN | MONO_SIGNS, "Notebook Mono", features=("ccmp", "locl", "mark")),
    Cut("math", STIX_MATH, MATH, "Notebook Math", is_math=True),
    Cut("math-more", STIX_MATH, MATH_MORE, "Notebook Math", is_math=True),
]


def rename(font: TTFont, family: str) -> None:
    """Give the face its own name; copyright and trademark (0, 7) stay, the licence is written out (13, 14)."""
    style = "Italic" if "Italic" in str(font["name"].getDebugName(4)) else "Regular"
    font["name"].names = [name for name in font["name"].names if name.nameID in (0, 7) and name.platformID == 3]
    texts = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family}-{style}".replace(" ", "")}
    for name_id, text in (texts | {13: LICENCE, 14: LICENCE_URL}).items():
        font["name"].setName(text, name_id, 3, 1, 0x409)


def reread(font: TTFont) -> TTFont:
    buffer = BytesIO()
    font.flavor = None
    font.save(buffer)
    buffer.seek(0)
    return TTFont(buffer)


def narrow_tall_roots(font: TTFont, width: int = 900) -> None:
    """Draw the tall radical signs no wider than `width` units, 1000 to the em.

    Chromium reserves for every root the width of the widest of its signs (MathML Core, the preferred
    inline size of a stretchy glyph), which left a third of an em of white after each plain square root.
    """
    variants = font["MATH"].table.MathVariants
    radical = font.getBestCmap()[0x221A]
    construction = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(radical)]
    names = {record.VariantGlyph for record in construction.MathGlyphVariantRecord}
    if construction.GlyphAssembly:
        names |= {part.glyph for part in construction.GlyphAssembly.PartRecords}
    glyphs = font.getGlyphSet()
    for name in sorted(names):
        advance, bearing = font["hmtx"][name]
        if advance > width:
            pen = TTGlyphPen(None)
            glyphs[name].draw(TransformPen(pen, (width / advance, 0, 0, 1, 0, 0)))
            font["glyf"][name] = pen.glyph()
            font["hmtx"][name] = (width, round(bearing * width / advance))


def cut(folder: Path, order: Cut) -> Path:
    font = TTFont(folder / order.source)
    if order.weights:
        font = instancer.instantiateVariableFont(font, {"wght": order.weights})
        font = reread(font)  # the cutter trips over tables that were changed but not yet compiled
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        name_IDs=["*"],
        layout_features=[] if order.is_math else list(order.features),
        drop_tables=["DSIG", "FFTM", "meta", "STAT", *(["GPOS", "GSUB", "GDEF"] if order.is_math else ["MATH"])],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=order.unicodes)
    subsetter.subset(font)
    if 0x221A in order.unicodes and order.is_math:
        narrow_tall_roots(font)
    rename(font, order.family)
    font["head"].modified = font["head"].created  # the same input gives the same bytes
    font.recalcTimestamp = False
    path = OUT / f"{order.name}.woff2"
    subset.save_font(font, path, options)
    missing = order.unicodes - set(TTFont(path).getBestCmap())
    print(f"{path.name:22} {path.stat().st_size:7,} bytes, {len(missing)} asked for and not in the source")
    return path


if __name__ == "__main__":
    for order in CUTS:
        cut(Path(sys.argv[1]), order)
