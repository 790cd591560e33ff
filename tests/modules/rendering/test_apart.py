"""A question apart from its lesson: no ids, links that lead there, and the same in Markdown."""

from __future__ import annotations

import re

import pytest

from modules.rendering import Question, render
from modules.rendering.apart import away
from tests.modules.rendering.sample import make_bare, make_material


def asked(ask="Why?", answer="So.", rubric=(), number=""):
    question = Question("why", 2, ask, answer, tuple(rubric), number)
    (found,) = render(make_bare("text\n\n## One {#one}", questions=(question,)), make_material()).asked
    return found


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("[=window]", 'href="/modules/kv-cache/#number-window"'),
        ("[@kwon2023, Section 2]", 'href="/modules/kv-cache/#source-kwon2023">Kwon et al. 2023</a>, Section 2'),
        ("[one](#one)", '<a href="/modules/kv-cache/#one">one</a>'),
        ("[one](kv-cache.md#one)", '<a href="/modules/kv-cache/#one">one</a>'),
        ("[other](attention.md#derivation)", 'href="/modules/attention/#derivation"'),
        ("[out](https://example.org/#x)", 'href="https://example.org/#x"'),
        ("$$\na\n$$ (soft)", 'href="/modules/kv-cache/#eq-soft"'),
    ],
)
def test_links_lead_to_the_lesson_and_ids_stay_there(written, html):
    for found in (asked(ask=written).ask, asked(answer=written).answer):
        assert html in found
        assert not re.search(r'<[^>]* id="', found)


def test_what_looks_like_an_id_in_code_stays():
    assert away('<code id="a">&lt;a id="b" href="#c"&gt;</code>', "/x/") == '<code>&lt;a id="b" href="#c"&gt;</code>'


def test_a_rubric_is_lines():
    assert asked(rubric=["Says *why*", "First\n\nSecond"]).rubric == (
        "Says <em>why</em>",
        "<p>First</p>\n<p>Second</p>\n",
    )


def test_the_answer_has_its_number_and_not_what_to_look_for():
    found = asked(rubric=["Look"], number="window")
    assert "In numbers: <a" in found.answer
    assert "Look" not in found.answer
    assert "- Look" in found.answer_raw
    assert "In numbers: 8,192 tokens" in found.answer_raw


def test_the_markdown_leads_to_the_raw_lesson():
    raw = asked(ask="[one](#one) [@kwon2023] [out](https://example.org/#x) $x$ [=window]").ask_raw
    assert raw == (
        "[one](/raw/kv-cache.md#one) ([Kwon et al. 2023](/raw/kv-cache.md#source-kwon2023))"
        " [out](https://example.org/#x) $x$ 8,192 tokens"
    )


def test_its_words_are_those_of_what_is_asked():
    found = asked(ask="Why *is* [=window] so?\n\n- Really?", answer="A secret")
    assert found.text == "Why is 8,192 tokens so? Really?"


def test_a_question_in_a_question_is_left_out():
    assert "Why" not in asked(answer="::: check why\n:::").answer
