"""Choosing among questions, counting what a choice leaves, and drawing by a seed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from progress.bank.facets import Row, chosen, counts, draw

FACETS = ("part", "path", "stars")
values = st.frozensets(st.sampled_from("abc"), max_size=2)
tags = st.fixed_dictionaries(dict.fromkeys(FACETS, values))
banks = st.lists(tags, max_size=12).map(lambda found: [Row(pk, f"lesson:{pk}", each) for pk, each in enumerate(found)])
choices = st.dictionaries(st.sampled_from(FACETS), st.sampled_from("abc"))
seeds = st.integers(0, 999_999)


@given(banks, choices)
def test_a_choice_leaves_what_has_every_value_in_the_order_given(rows, choice):
    left = chosen(rows, choice)
    assert left == [row for row in rows if row in left]
    for row in rows:
        assert (row in left) == all(value in row.tags[facet] for facet, value in choice.items())


@given(banks, choices)
def test_nothing_chosen_leaves_all_and_more_chosen_leaves_less(rows, choice):
    assert chosen(rows, {}) == rows
    for facet in choice:
        without = {name: value for name, value in choice.items() if name != facet}
        assert {row.pk for row in chosen(rows, choice)} <= {row.pk for row in chosen(rows, without)}


@given(banks, choices, st.sampled_from(FACETS), st.sampled_from("abc"))
def test_a_count_is_what_that_choice_would_leave(rows, choice, facet, value):
    assert counts(rows, choice, facet)[value] == len(chosen(rows, {**choice, facet: value}))


@given(banks, seeds, st.integers(1, 20))
def test_a_draw_has_as_many_as_asked_for_or_all_and_none_twice(rows, seed, number):
    drawn = draw(rows, seed, number)
    assert len(drawn) == min(number, len(rows))
    assert len({row.pk for row in drawn}) == len(drawn)
    assert set(map(id, drawn)) <= set(map(id, rows))


@given(banks, seeds, st.integers(1, 20))
def test_it_depends_on_the_seed_and_the_names_alone(rows, seed, number):
    keys = [row.key for row in draw(rows, seed, number)]
    assert keys == [row.key for row in draw(rows[::-1], seed, number)]
    assert keys == [row.key for row in draw([replace(row, pk=row.pk + 7, tags={}) for row in rows], seed, number)]


@given(banks, seeds, st.integers(1, 20))
def test_a_question_more_takes_the_place_of_one_at_most(rows, seed, number):
    before = [row.key for row in draw(rows, seed, number)]
    after = [row.key for row in draw([*rows, Row(99, "new:one", {})], seed, number)]
    assert [key for key in after if key != "new:one"] == before[: len(after) - ("new:one" in after)]


def test_the_draw_of_a_seed_is_the_same_for_ever():
    rows = [Row(pk, f"lesson:{pk}", {}) for pk in range(9)]
    assert [row.pk for row in draw(rows, 7, 4)] == [0, 5, 3, 7]


def test_every_question_comes_up():
    rows = [Row(pk, f"lesson:{pk}", {}) for pk in range(9)]
    assert {row.pk for seed in range(60) for row in draw(rows, seed, 2)} == set(range(9))
