"""Passages for search: bounded, in plain words, each under its heading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.rendering import Question, render
from modules.rendering.passages import MAX_CHARACTERS, cut
from tests.modules.rendering.sample import make_bare, make_lesson, make_material


def passages(body, **fields):
    return [tuple(passage) for passage in render(make_bare(body, **fields), make_material()).passages]


def test_text_goes_under_its_heading():
    body = "lead\n\n## One {#one}\n\na *b* `c`\n\n- d\n\n### Two {#two}\n\ne\n\n#### Three\n\nf"
    assert passages(body) == [("", "", "lead"), ("one", "One", "a b c d"), ("two", "Two", "e Three f")]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("a $x^2$ b", "a b"),
        ("a\n\n$$\nx\n$$\n\n```python\ny\n```\n\nb", "a b"),
        ("[=window] of [@kwon2023, Section 2]", "8,192 tokens of (Kwon et al. 2023)"),
        ("a[^1] b\n\n[^1]: the [=window] note", "a b the 8,192 tokens note"),
        ("| a | b |\n|---|---|\n| c | d |", "a b c d"),
        ("::: note Title\ntext\n:::", "Title text"),
        ("[x](attention.md) [y]{.toy}", "x y"),
    ],
)
def test_what_is_searched_is_what_is_read(body, text):
    assert passages(body) == [("", "", text)]


def test_questions_are_found_and_answers_are_not():
    question = (Question("q", 1, "Why so?", "Secret."),)
    assert passages("## Talk {#talk}\n\n::: questions\n:::", questions=question) == [("talk", "Talk", "Why so?")]
    assert passages("x", questions=question)[1] == ("questions", "Questions", "Why so?")


def test_long_sections_are_cut_at_sentences():
    found = passages("## A {#a}\n\n" + "This is a sentence. " * 200)
    assert len(found) > 3
    assert all(anchor == "a" and len(text) <= MAX_CHARACTERS and text.endswith(".") for anchor, _, text in found)


def test_passages_of_the_sample_are_bounded():
    assert all(0 < len(text) <= MAX_CHARACTERS for _, _, text in render(make_lesson(), make_material()).passages)


@given(st.text(alphabet="ab .?\n", max_size=400), st.integers(5, 60))
def test_cutting_loses_no_word(text, limit):
    pieces = list(cut(text.strip(), limit))
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece) <= limit for piece in pieces)
