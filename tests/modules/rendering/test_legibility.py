"""A drawing can be read on a phone and in the dark, or its author is told what cannot."""

import re
from pathlib import Path

import pytest

from modules.rendering.legibility import LEAST, MAX_SHOWN, MAX_TEXTS, PAINTS, TEXTS, width
from modules.rendering.svg import CLASSES, SvgError, clean_svg
from tests.modules.rendering.test_svg import drawing

STYLES = (Path(__file__).parents[3] / "static" / "css" / "figures.css").read_text(encoding="utf-8")


def text(words="Some words", *, x=100, y=50, kind="f-text", more=""):
    return f'<text class="{kind}" x="{x}" y="{y}"{more}>{words}</text>'


def faults(content):
    """Return what is said of a drawing with this content; it is 480 wide and 100 high."""
    try:
        clean_svg(drawing(content), "a")
    except SvgError as error:
        return list(error.faults)
    return []


@pytest.mark.parametrize(
    "content",
    [
        text(),
        text(x=240, more=' text-anchor="middle"'),
        text(x=480, more=' text-anchor="end"'),
        text("up the side", x=20, y=95, more=' transform="rotate(-90 20 95)"'),
        text("one", y=30) + text("two", y=50),
        text('d<tspan dy="4">k</tspan>'),
        text('<tspan x="10">left</tspan><tspan x="200">right</tspan>'),
        '<g class="f-a"><rect width="9" height="9"/></g>',
        f'<g class="f-label">{text(kind="")}</g>',
        '<defs><g id="b"><rect class="f-a" width="9" height="9"/></g></defs><use href="#b" x="20"/>',
        '<defs><clipPath id="c"><rect width="9" height="9"/></clipPath></defs><g clip-path="url(#c)"/>',
        '<g class="f-step-2">' + text() + '<rect class="f-a f-grow" width="9" height="9"/></g>',
        '<circle class="f-line f-only-1" cx="9" cy="9" r="9"/>',
    ],
)
def test_what_can_be_read_is_accepted(content):
    assert faults(content) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            f'<g transform="scale(.9)">{text("small")}</g>',
            "the text 'small' is 11.1 px high on a phone of 360 px; 12 px is the least",
        ),
        (
            f'<defs><g id="b">{text("used")}</g></defs><use href="#b" transform="scale(.5)"/>',
            "the text 'used' is 6.2 px high on a phone of 360 px; 12 px is the least",
        ),
        (text("wide " * 14, x=0), "reaches 75 units over the right edge of the drawing"),
        (text(x=10, more=' text-anchor="end"'), "the text 'Some words' reaches 83 units over the left edge"),
        (text(y=110), "reaches 14 units over the bottom edge"),
        (text(y=5), "reaches 7 units over the top edge"),
        (text() + text("other", y=55), "the texts 'Some words' and 'other' stand on each other"),
        (text(kind=""), "the text 'Some words' has no class that says how it is set: f-text"),
        (text(more=' opacity="0.5"'), "the text 'Some words' is faded by opacity; what matters less is set in f-soft"),
        (text(more=' dx="1 2 3"'), "the text 'Some words' places its letters one by one: one number for dx"),
        (
            '<rect x="3" y="4"/>',
            "the rect at 3, 4 has no class that gives it a colour: it would be black",
        ),
        ('<path d="M0 0L9 9"/>', "the path 'M0 0L9 9' has no class that gives it a colour"),
        ('<circle id="dot" class="f-text"/>', "the circle 'dot' has no class that gives it a colour"),
        ('<defs><marker id="m"><path d="M0 0"/></marker></defs>', "the path 'M0 0' of a marker has no class"),
        (f'<defs><marker id="m">{text("in it")}</marker></defs>', "the text 'in it' stands in a marker"),
        (f'<g class="f-only-2">{text()}</g>', "the text 'Some words' is there during one step only"),
        ('<rect class="f-a f-grow" transform="scale(2)"/>', "has f-grow and a transform: put the transform on a g"),
        ("".join(text("a", y=20) for _ in range(MAX_TEXTS + 1)), "more than the 300 lines of text"),
        (
            f'<defs><g id="b">{"<g/>" * 500}</g></defs>' + '<use href="#b"/>' * (MAX_SHOWN // 500),
            "it shows more than the 5,000 elements allowed",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(content, said):
    assert any(said in fault for fault in faults(content)), faults(content)


def test_every_fault_is_said_at_once():
    assert len(faults('<rect x="3" y="4"/>' + text(y=110) + text(kind=""))) == 3


def test_sizes_are_those_of_the_style_sheet():
    base = re.search(r"font: 400 (\d+)px/", STYLES)[1]
    phone = STYLES.partition("@media (min-width")[0]
    own = dict(re.findall(r"\.fig \.(f-\w+) \{ font-size: (\d+)px", phone))
    assert {name: str(size) for name, (size, _) in TEXTS.items()} == {name: own.get(name, base) for name in TEXTS}


def test_every_class_is_in_the_style_sheet_and_none_is_unknown():
    assert set(re.findall(r"\.(f-[a-z]+(?:-[a-z]+|-\d)?)\b(?!-)", STYLES)) <= CLASSES
    assert {name for name in CLASSES if f".{name}" not in STYLES and name != "fig"} == set()


def test_letters_of_every_class_are_at_least_12_px_on_the_narrowest_phone():
    assert min(size for size, _ in TEXTS.values()) * 328 / 480 >= LEAST


def test_width_is_that_of_the_letters():
    assert width("iii") < width("mmm")
    assert width("word", "regular") < width("word", "bold") < width("word", "mono")
    assert width("é") == width("e\u0301")


def test_paints_are_no_texts():
    assert not PAINTS & set(TEXTS)
