"""The style sheet of a file: that of the pages, with the fonts that its text needs."""

from __future__ import annotations

import re

import pytest

from modules.onefile import styles

LINKED = re.compile(r"css/([\w.-]+)' %}")


def faces(*texts):
    """Return how many bytes of fonts are inside, by family."""
    rules = re.findall(r'@font-face \{\s+font-family: "([^"]+)";\s+src: url\("data:([^"]+)"', styles.styles(texts))
    return [family.removeprefix("Notebook ") for family, _ in rules]


def test_it_has_the_sheet_that_every_page_links(settings):
    assert LINKED.findall((settings.BASE_DIR / "templates/base.html").read_text()) == [styles.PAGES]


def test_it_asks_for_nothing():
    sheet = styles.styles(["<code>x</code> <math>", "∑ Łukasz \N{MATHEMATICAL SANS-SERIF SMALL A}"])
    assert re.findall(r"url\((?!\"data:)[^)]*\)", sheet) == []
    assert "@import" not in sheet
    assert "</" not in sheet, "it stands in a style element"


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Plain", ["Serif", "Serif", "Sans"]),
        ("<code>x</code>", ["Serif", "Serif", "Sans", "Mono"]),
        ("<math><mi>x</mi></math>", ["Serif", "Serif", "Sans", "Math"]),
        ("<math>\N{MATHEMATICAL SANS-SERIF SMALL A}</math>", ["Serif", "Serif", "Sans", "Math", "Math"]),
        ("a ≈ b", ["Serif", "Serif", "Serif", "Sans"]),
        ("Łukasz", ["Serif", "Serif", "Serif", "Sans"]),
    ],
)
def test_it_has_the_faces_that_the_text_uses(text, families):
    assert faces(text) == families


def test_characters_and_elements_of_all_texts_count():
    assert faces("<math>", "\N{MATHEMATICAL SANS-SERIF SMALL A}").count("Math") == 2
