"""The lab's answer: what it shows, and what it does with text it cannot show."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from modules.labs import LABS
from modules.labs.bpe import encode, vocabulary
from modules.labs.merges import MERGES, learned, read, write
from modules.labs.steps import LIMIT, LONG, StepsError, run, shown, steps

LONG_TEXTS = ["a" * LIMIT, "🦀" * LIMIT, "é" * LIMIT, " " * LIMIT]
HOSTILE = ["<script>alert(1)</script>", "```` ` ``", "\x00\x1b[31m", "\u202e", "| a | b |", *LONG_TEXTS]


def html(text):
    return render_to_string(steps(text).template, {"result": run({"text": text})})


def test_the_tokens_are_those_of_encode():
    ids = vocabulary(learned())
    text = "A tokenizer is a budget: 128 tokens, naïvely 🦀"
    assert [token.id for token in steps(text).tokens] == [ids[token] for token in encode(text, learned())]


def test_each_state_merges_the_marked_pair():
    for word in steps("attention and tokens").words:
        for before, after in zip(word.states, word.states[1:], strict=False):
            assert any(piece.joins for piece in before.pieces)
            assert len(after.pieces) < len(before.pieces)
            assert "".join(piece.text for piece in after.pieces) == word.text


def test_ranks_rise_from_state_to_state():
    for word in steps("the representation of representations").words:
        ranks = [state.rank for state in word.states[:-1]]
        assert ranks == sorted(set(ranks))


def test_a_repeated_word_is_shown_once():
    assert [word.text for word in steps("no no no").words] == ["no", "␣no"]


def test_the_sizes_are_counted():
    result = steps("né 🦀")
    assert (result.characters, result.size_bytes) == (4, 8)


def test_a_long_word_shows_its_tokens_without_steps():
    word = steps("x" * (LONG + 1)).words[0]
    assert word.tokens
    assert word.states == ()


@pytest.mark.parametrize(
    ("piece", "text"),
    [(b" the", "␣the"), (b"\n", "↵"), ("é".encode(), "é"), (b"\xf0\x9f", "F0 9F"), ("\u202e".encode(), "U+202E")],
)
def test_a_piece_is_shown_in_print(piece, text):
    assert shown(piece) == text


def test_a_text_over_the_limit_is_refused():
    with pytest.raises(StepsError, match="501 characters"):
        steps("a" * (LIMIT + 1))


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(StepsError, match="surrogate"):
        steps("\ud83e")


def test_the_form_gets_a_sentence_instead_of_an_exception():
    result = LABS["bpe"]({"text": "\ud83e" * 600})
    assert "600 characters" in render_to_string(result.template, {"result": result})
    assert result.markdown()


def test_line_ends_of_forms_are_one_character():
    assert run({"text": "a\r\nb"}).characters == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_answered_small_and_escaped(text):
    page = html(text)
    assert "<script" not in page
    assert len(page) < 200_000
    assert steps(text).markdown()


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    result = steps(text)
    assert result.characters == len(text)
    assert html(text)
    assert result.markdown()


def test_an_empty_text_has_no_tokens():
    assert "0 tokens for 0 characters" in " ".join(html("").split())


def test_markdown_tells_the_merges_in_order():
    text = steps("the").markdown()
    first = steps("the").words[0].states[0]
    assert "1. `t` `h` `e` → merge " in text
    assert f"merge {first.rank} →" in text


def test_markdown_keeps_backticks_apart():
    assert "`` ` ``" in steps("`").markdown()


def test_merges_survive_being_written_and_read():
    pairs = [(b" ", b"t"), (b"\xf0\x9f", b"\xa6"), (b"%", b"\n")]
    assert read(write(pairs)) == pairs


def test_the_committed_merges_are_a_tokenizer():
    ranks = learned()
    assert 1000 <= len(ranks) <= 2000
    assert write(ranks) == MERGES.read_text("ascii")
    made = {bytes([byte]) for byte in range(256)}
    for left, right in ranks:
        assert {left, right} <= made
        made.add(left + right)
