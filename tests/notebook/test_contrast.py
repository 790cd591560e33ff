"""The contrast of every pair of colours that meet, in both themes, as WCAG 2.2 asks."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"

PAPERS = ("paper", "paper-sunk", "paper-raised")
INKS = ("ink", "ink-soft", "blue-ink", "red-ink", "hue-a", "hue-b", "hue-c", "hue-d", "hue-e")

TEXT = [(ink, paper) for ink in INKS for paper in PAPERS]
TEXT += [(ink, "mark") for ink in ("ink", "ink-soft", "blue-ink")]
TEXT += [("ink", f"hue-{hue}-soft") for hue in "abcde"]
TEXT += [("ink-soft", f"hue-{hue}-soft") for hue in "abcde"]
TEXT += [("on-hue", f"hue-{hue}") for hue in "abcde"]
TEXT += [("paper", "blue-ink")]  # buttons

# Lines that mean something: underlines of numbers, borders of fields, strokes of shapes.
LINES = [(line, paper) for line in ("number-line", "rule-strong") for paper in PAPERS[:2]]
LINES += [(f"hue-{hue}", f"hue-{hue}-soft") for hue in "abcde"]


def palettes(css: str) -> dict[str, dict[str, str]]:
    """Return the colours of each theme, with and without the reader's wish for more contrast."""
    usual, _, more = css.partition("@media (prefers-contrast: more)")
    found: dict[str, dict[str, str]] = {}
    for name, text in (("usual", usual), ("more", usual + more)):
        pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
        found[f"{name}-light"] = {token: light for token, light, _ in pairs}
        found[f"{name}-dark"] = {token: dark for token, _, dark in pairs}
    return found


PALETTES = palettes(TOKENS.read_text(encoding="utf-8"))


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, 0 to 1. Source: WCAG 2.2, relative luminance."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_stands_out(palette: str, ink: str, paper: str):
    colours = PALETTES[palette]
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("line", "paper"), LINES)
def test_lines_that_mean_something_stand_out(palette: str, line: str, paper: str):
    colours = PALETTES[palette]
    assert contrast(colours[line], colours[paper]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_more_contrast_is_more(theme: str):
    usual, more = PALETTES[f"usual-{theme}"], PALETTES[f"more-{theme}"]
    for ink in ("ink", "ink-soft", "blue-ink", "red-ink"):
        assert contrast(more[ink], more["paper"]) > max(7, contrast(usual[ink], usual["paper"]))
