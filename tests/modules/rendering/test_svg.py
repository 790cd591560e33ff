"""Drawings: only what the contract allows, and what is refused is named."""

import re
from pathlib import Path

import pytest

from modules.rendering.svg import MAX_BYTES, SvgError, clean_svg, svg_description
from tests.modules.rendering.sample import DRAWING

ROOT = Path(__file__).parents[3]
FIGURES = [*sorted((ROOT / "fixtures" / "figures").glob("*/*.svg")), ROOT / "docs" / "figures" / "template.svg"]
HEAD = "<title>A</title><desc>B</desc>"
ROOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 100"'


def drawing(content="", root=ROOT, head=HEAD):
    return f"{root}>{head}{content}</svg>"


def test_clean_drawing_is_compact_and_its_ids_are_its_own():
    assert clean_svg(DRAWING, "figure-paging") == (
        '<svg viewBox="0 0 480 100" role="img" class="fig" aria-labelledby="figure-paging-title figure-paging-desc">'
        '<title id="figure-paging-title">Pages</title>'
        '<desc id="figure-paging-desc">Four pages, one of them free.</desc>'
        '<defs><marker id="figure-paging-paging-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path class="f-tip" d="M0 0 10 5 0 10Z" /></marker></defs>'
        '<line class="f-arrow" x1="0" y1="10" x2="90" y2="10" marker-end="url(#figure-paging-paging-tip)" />'
        '<text class="f-text" x="10" y="50">page <tspan class="f-num">16</tspan> tokens</text></svg>'
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (drawing("<script>alert(1)</script>"), "the element 'script'"),
        (drawing("<style>a{}</style>"), "the element 'style'"),
        (drawing("<foreignObject/>"), "the element 'foreignObject'"),
        (drawing("<animate/>"), "the element 'animate'"),
        (drawing("<image/>"), "the element 'image'"),
        (drawing("<a/>"), "the element 'a'"),
        (drawing("<svg/>"), "the element 'svg'"),
        (drawing('<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>'), "script"),
        (drawing('<g onclick="x"/>'), "the attribute 'onclick' of g"),
        (drawing('<rect style="fill:red"/>'), "the attribute 'style' of rect"),
        (drawing('<rect fill="#ff0000"/>'), "'fill' of rect is not allowed: colour comes from classes alone"),
        (drawing('<text font-size="9">a</text>'), "'font-size' of text is not allowed: letters are set by classes"),
        (drawing('<path stroke-width="2"/>'), "'stroke-width' of path is not allowed: lines are as wide as their"),
        (drawing('<rect x="."/>'), "the value '.' of rect's x is not made of numbers"),
        (drawing('<g transform="scale(1e999)"/>'), "the value 'scale(1e999)' of g's transform is not made of numbers"),
        (drawing('<rect href="#x"/>'), "the attribute 'href' of rect"),
        (drawing('<use xmlns:l="http://www.w3.org/1999/xlink" l:href="#x"/>'), "the attribute 'href' of use"),
        (drawing('<use href="https://evil.example/a.svg#b"/>'), "the value 'https://evil.example/a.svg#b'"),
        (drawing('<line marker-end="url(https://evil.example)"/>'), "the value 'url(https"),
        (drawing('<rect class="mine"/>'), "the class 'mine'"),
        (drawing('<rect x="calc(1)"/>'), "the value 'calc(1)' of rect's x"),
        (drawing('<path d="url(x)"/>'), "the value 'url(x)' of path's d"),
        (drawing('<line marker-end="url(#no)"/>'), "no element with the id 'no'"),
        (drawing('<use href="#no"/>'), "no element with the id 'no'"),
        (drawing('<g id="a"><use href="#a"/></g>'), "a use element shows another one"),
        (drawing('<g id="a"/><g id="a"/>'), "the id 'a' is used twice"),
        (drawing("<g>loose</g>"), "the text 'loose'"),
        (drawing("<g/>loose"), "the text 'loose'"),
        (drawing(head="<desc>B</desc>"), "title is missing"),
        (drawing(head="<title>A</title>"), "desc is missing"),
        (drawing(head="<title> </title><desc>B</desc>"), "title is missing"),
        (drawing(root='<svg xmlns="http://www.w3.org/2000/svg"'), "viewBox"),
        (drawing(root=ROOT.replace("480", "600")), "viewBox"),
        (drawing(root="<svg"), "no svg element in the namespace"),
        (drawing("<g>" * 30 + "</g>" * 30), "nested deeper"),
        (drawing(f"<desc>{'x' * MAX_BYTES}</desc>"), "more than the 40,000 bytes"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("<text>&a;</text>"), "a DTD, an entity"),
        ('<!DOCTYPE svg SYSTEM "http://evil.example/x">' + drawing(), "a DTD, an entity"),
        ("<svg", "not well-formed"),
        ("", "not well-formed"),
        ("\ud800", "not well-formed"),
    ],
)
def test_refusal_names_what_is_outside_the_contract(text, named):
    with pytest.raises(SvgError, match=re.escape(named)):
        clean_svg(text, "figure-a")


def test_comments_and_instructions_are_dropped():
    assert "<!--" not in clean_svg(drawing("<!-- a --><?php x ?><g/>"), "a")


def test_markup_in_text_stays_text():
    assert "&lt;script&gt;" in clean_svg(drawing('<text class="f-text" y="20">&lt;script&gt;</text>'), "a")


def test_description_is_for_readers_without_pictures():
    assert svg_description(DRAWING) == ("Pages", "Four pages, one of them free.")


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_figures_of_the_notebook_keep_the_contract(path):
    assert clean_svg(path.read_text(encoding="utf-8"), f"figure-{path.stem}").startswith("<svg viewBox=")
