"""The two labs on the toy transformer: what they answer, and what they do with text they cannot read."""

from __future__ import annotations

import html as markup
import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.labs import LABS, forward, heads
from modules.labs.carrying import LETTERS, LIMIT, carry
from modules.labs.transformer import logits, softmax
from modules.labs.weights import learned

SENTENCE = "The query reads the keys, and the query"
HOSTILE = ["<script>alert(1)</script>", "```` ` ``", "\x00\x1b[31m", "\u202e", "| a | b |", "🦀" * 40, "a" * LETTERS]
UNUSABLE = {"": "type a", "\ud83e": "surrogate", "x" * (LETTERS + 1): "201 characters"}


def page(lab, **given):
    result = LABS[lab]({"text": SENTENCE, "head": "1.1"} | given)
    return render_to_string(result.template, {"result": result})


def markdown(lab, **given):
    return LABS[lab]({"text": SENTENCE, "head": "1.1"} | given).markdown()


class TestForward:
    def test_it_follows_the_last_token(self):
        result = forward.run({"text": SENTENCE})
        assert result.last == "␣query"
        assert len(result.before) == 8

    def test_every_tensor_has_its_shape_and_first_values(self):
        result = forward.run({"text": SENTENCE})
        shapes = {tensor.name: tensor.shape for stage in result.stages for tensor in stage.tensors}
        assert shapes["query"] == "4 × 12"
        assert shapes["key"] == shapes["value"] == "2 × 12"
        assert shapes["weights"] == "4 × 9"
        assert shapes["gate"] == "96"
        assert shapes["logits"] == "1756"
        seen = carry(SENTENCE).seen[-1]
        key = next(tensor for tensor in result.stages[1].tensors if tensor.name == "key")
        assert len(key.rows) == 2
        assert key.rows[0].split()[0].replace("−", "-") == f"{seen['1 key'][0][0]:.3f}"

    def test_what_comes_next_is_the_softmax_of_all_logits(self):
        seen = carry(SENTENCE).seen[-1]
        chances = softmax(logits(learned(), seen["final norm"][0]))
        guesses = forward.run({"text": SENTENCE}).guesses
        assert guesses[0].chance == max(chances)
        assert [guess.chance for guess in guesses] == sorted(chances, reverse=True)[: len(guesses)]

    def test_markdown_has_the_tensors_of_the_page(self):
        text, shown = markdown("forward"), markup.unescape(page("forward"))
        for row in re.findall(r"<samp>(.*?)</samp>", shown):
            assert row in text


class TestHeads:
    def test_rows_sum_to_one_and_hide_what_comes_later(self):
        for place, row in enumerate(heads.run({"text": SENTENCE, "head": "2.3"}).rows):
            assert row.total == "1.00"
            assert [cell.hidden for cell in row.cells] == [False] * (place + 1) + [True] * (8 - place)

    def test_the_page_has_a_square_for_each_pair_and_a_table(self):
        shown = page("heads")
        assert shown.count("<rect") == 45
        assert shown.count('class="heads-hidden"') == 36
        assert shown.count('<th scope="row">') >= 9 + 7
        assert "style=" not in shown

    def test_habits_are_shares_of_the_chosen_sentence(self):
        result = heads.run({"text": "one two", "head": "1.1"})
        assert [habit.name for habit in result.habits] == ["1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4"]
        assert [habit.name for habit in result.habits if habit.chosen] == ["1.1"]
        assert all(habit.shares[3] == "–" for habit in result.habits)  # no token twice

    def test_one_token_reads_itself(self):
        result = heads.run({"text": "a", "head": "1.1"})
        assert [row.total for row in result.rows] == ["1.00"]
        assert set(result.habits[0].shares) == {"–"}

    @pytest.mark.parametrize("head", ["", "3.1", "1.5", "one", "1.1 "])
    def test_a_head_there_is_not_gets_a_sentence(self, head):
        assert "There is no such head; there are 1.1, 1.2" in page("heads", head=head)

    def test_markdown_has_the_matrix_and_the_habits(self):
        text = markdown("heads")
        assert text.count("\n| ") >= 9 + 8
        assert "| 1.00 |" in text


@pytest.mark.parametrize("lab", ["forward", "heads"])
class TestTexts:
    @pytest.mark.parametrize(("text", "complaint"), UNUSABLE.items())
    def test_what_cannot_be_read_gets_a_sentence(self, lab, text, complaint):
        assert complaint in page(lab, text=text)
        assert 'role="alert"' in page(lab, text=text)
        assert complaint in markdown(lab, text=text)

    def test_more_tokens_than_the_limit_are_left_out_and_counted(self, lab):
        shown = " ".join(page(lab, text="one two " * 20).split())
        assert f"The lab reads {LIMIT} tokens;" in shown

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_is_answered_small_and_escaped(self, lab, text):
        shown = page(lab, text=text)
        assert "<script" not in shown
        assert len(shown) < 200_000
        assert markdown(lab, text=text)

    @settings(max_examples=15, deadline=None)
    @given(text=st.text(max_size=20))
    def test_any_text_is_answered(self, lab, text):
        assert page(lab, text=text)
        assert markdown(lab, text=text)
