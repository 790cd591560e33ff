"""The sampling lab: its functions, the words it counts, and what it answers."""

from __future__ import annotations

import inspect
import math

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from modules import rendering
from modules.labs import LABS, following, sampling
from modules.labs.bars import ROWS, bars, run

FUNCTIONS = [function for _, function in inspect.getmembers(sampling, inspect.isfunction)]
PLAIN = {"after": "the", "temperature": "1.0", "top_k": "50", "top_p": "0.9", "min_p": "0.1"}
EVERYTHING = 10_000  # more words than there are

weights = st.dictionaries(st.text(min_size=1, max_size=3), st.floats(1e-6, 1.0), min_size=1, max_size=20)


def html(**given):
    result = LABS["sampling"](PLAIN | given)
    return render_to_string(result.template, {"result": result})


class TestFunctions:
    def test_the_lesson_prints_each_as_it_runs(self):
        lesson = (settings.FIXTURES_DIR / "modules" / "sampling.md").read_text("utf-8")
        code = [block.code for block in rendering.parse(lesson.split("\n---\n", 1)[1]).runs]
        assert FUNCTIONS
        for function in FUNCTIONS:
            assert any(inspect.getsource(function) in block for block in code), function.__name__

    @given(weights, st.floats(0.05, 10))
    def test_temperature_divides_log_odds(self, given, temperature):
        p = sampling.normalise(given)
        hot = sampling.temper(p, temperature)
        first, last = next(iter(p)), list(p)[-1]
        if hot[last] > 1e-300:
            assert math.log(hot[first] / hot[last]) == pytest.approx(math.log(p[first] / p[last]) / temperature)

    @given(weights)
    def test_every_rule_keeps_the_most_likely_and_sums_to_one(self, given):
        p = sampling.normalise(given)
        for kept in (sampling.keep_top_k(p, 3), sampling.keep_top_p(p, 0.5), sampling.keep_min_p(p, 0.3)):
            assert next(iter(kept)) == next(iter(p))
            assert sum(kept.values()) == pytest.approx(1)

    @given(weights)
    def test_rules_that_are_off_keep_everything(self, given):
        p = sampling.normalise(given)
        for kept in (sampling.keep_top_k(p, len(p)), sampling.keep_top_p(p, 1.0), sampling.keep_min_p(p, 0.0)):
            assert kept == pytest.approx(p)

    def test_temperature_zero_is_the_most_likely_token(self):
        assert sampling.temper({"a": 0.4, "b": 0.6}, 0) == {"b": 1.0}

    def test_top_p_takes_no_token_more_than_it_needs(self):
        assert list(sampling.keep_top_p({"a": 0.5, "b": 0.3, "c": 0.2}, 0.8)) == ["a", "b"]

    def test_entropy_of_a_fair_coin_is_a_bit(self):
        assert sampling.entropy({"heads": 0.5, "tails": 0.5}) == pytest.approx(1)


class TestCounting:
    def test_no_pair_crosses_a_sentence_or_what_is_no_prose(self):
        counts = following.count(["A cat. A `hidden` dog, a $x$ bird [=cat] [@dog].\n\n```\na fish\n```\n"], 1)
        assert counts["a"] == {"cat": 1}
        assert "fish" not in counts[""]

    def test_counts_survive_being_written_and_read(self):
        counts = following.count(["the cat the dog the cat"], 2)
        assert following.read(following.write(counts)) == counts

    def test_the_committed_counts_are_a_distribution_over_all_words(self):
        counts = following.counted()
        assert following.write(counts) == following.FOLLOWING.read_text("ascii")
        assert len(counts) > 20
        for word in counts.keys() - {""}:
            assert sum(following.after(word).values()) == pytest.approx(1)
            assert len(following.after(word)) == len(counts[""])

    def test_the_command_counts_bodies_alone(self, tmp_path):
        (tmp_path / "modules").mkdir()
        (tmp_path / "modules" / "one.md").write_text("---\ntitle: zz zz\n---\nab ab cd", "utf-8")
        call_command("count_words", root=tmp_path, to=tmp_path / "out.txt", contexts=1)
        assert (tmp_path / "out.txt").read_text() == ": ab 2 cd 1\nab: ab 1 cd 1\n"

    def test_no_lessons_is_an_error(self, tmp_path):
        with pytest.raises(CommandError, match="no lessons"):
            call_command("count_words", root=tmp_path, to=tmp_path / "out.txt")


class TestAnswer:
    def test_with_everything_off_the_model_is_sampled_as_it_is(self):
        result = bars("the", 1.0, EVERYTHING, 1.0, 0.0)
        assert result.kept == result.vocabulary
        assert [row.sampled for row in result.rows] == pytest.approx([row.model for row in result.rows])
        assert result.rest.sampled == pytest.approx(result.rest.model)

    def test_each_rule_alone_is_what_it_says(self):
        by_name = {rule.name: rule for rule in bars("the", 1.0, 7, 0.5, 0.25).rules}
        assert by_name["top-k"].words == 7
        assert by_name["top-p"].mass >= 0.5
        assert by_name["min-p"].words < by_name["top-p"].words

    def test_cold_is_narrow_and_hot_is_flat(self):
        entropies = [bars("the", heat, EVERYTHING, 1.0, 0.0).entropies[1] for heat in (0.0, 0.5, 1.0, 2.0)]
        assert entropies == sorted(entropies)
        assert entropies[0] == 0

    def test_a_cut_word_says_so(self):
        page = html(top_k="1")
        assert page.count("cut") == ROWS - 1
        assert "100.00%" in page

    @pytest.mark.parametrize("word", ["", "banana", "<script>alert(1)</script>", "x" * 500])
    def test_a_word_that_is_not_counted_gets_a_sentence(self, word):
        page = html(after=word)
        assert 'role="alert"' in page
        assert "<script" not in page
        assert run(PLAIN | {"after": word}).markdown()

    def test_markdown_has_the_numbers_of_the_page(self):
        text = run(PLAIN).markdown()
        for row in run(PLAIN).rows:
            assert f"| {row.text} | {row.model:.2%} | {row.tempered_percent} |" in text
