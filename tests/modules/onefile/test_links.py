from __future__ import annotations

import pytest

from modules.onefile.links import Links

LINKS = Links("https://n.example", {"one", "two"}, {"term-cache": "two"})


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ('<h2 id="idea">', '<h2 id="one.idea">'),
        ('<a href="#idea">', '<a href="#one.idea">'),
        ('<a href="/modules/two/#idea">', '<a href="#two.idea">'),
        ('<a href="/modules/two/">', '<a href="#two.lesson.top">'),
        ('<a href="/modules/three/#idea">', '<a href="https://n.example/modules/three/#idea">'),
        ('<a href="/modules/two/explorers/x/">', '<a href="https://n.example/modules/two/explorers/x/">'),
        ('<a href="/glossary/#term-cache">', '<a href="#two.term-cache">'),
        ('<a href="/glossary/#term-else">', '<a href="https://n.example/glossary/#term-else">'),
        ('<a href="https://else.example/#x">', '<a href="https://else.example/#x">'),
        ('<form action="/modules/one/explorers/x/">', '<form action="https://n.example/modules/one/explorers/x/">'),
        ('<form hx-get="/x/" hx-target="#y" method="get">', '<form method="get">'),
        ('<svg aria-labelledby="f-title f-desc">', '<svg aria-labelledby="one.f-title one.f-desc">'),
        ('<path marker-end="url(#f-tip)"/>', '<path marker-end="url(#one.f-tip)"/>'),
        ('<use href="#f-box"/>', '<use href="#one.f-box"/>'),
        ('<label for="x">', '<label for="one.x">'),
        ('<img src="/figures/one/a.png" alt="A">', '<img src="data:image/png;base64,AA" alt="A">'),
        ('<a title="a > b" href="#x">a</a>', '<a title="a > b" href="#one.x">a</a>'),
    ],
)
def test_what_stands_in_a_tag_becomes_what_holds_in_the_file(written, becomes):
    assert LINKS.rewrite(written, "one", {"/figures/one/a.png": "data:image/png;base64,AA"}) == becomes


@pytest.mark.parametrize("text", ['say href="#x"', "1 &lt; 2 and id=&quot;y&quot;", "</p>", "<!-- id -->", "a < b"])
def test_text_is_left_alone(text):
    assert LINKS.rewrite(text, "one", {}) == text
