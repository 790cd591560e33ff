"""What came of questions, and where points are lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.bank.facets import Row
from progress.bank.results import POINTS, STRONG, Result, results, weak
from progress.facts import Answer, Fact, Grade, Kind, Window, latest_grades

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VERDICTS = ["full", "partly", "missed", "right", "bits", "wrong"]


def graded(subject, verdict, minute=0, seed=7):
    return Fact.new(Kind.GRADED, subject, NOW + timedelta(minutes=minute), answer=Answer(seed, "", verdict))


@pytest.mark.parametrize(
    ("own", "marked", "grade"),
    [
        ("full", "", "full"),
        ("partly", "", "partly"),
        ("missed", "", "missed"),
        ("", "right", "full"),
        ("", "wrong", "missed"),
        ("", "bits", "missed"),
        ("full", "right", "full"),
        ("partly", "right", "partly"),
        ("full", "bits", "missed"),
        ("missed", "right", "missed"),
    ],
)
def test_the_grade_is_the_worse_of_what_reader_and_ledger_say(own, marked, grade):
    result = Result(own and Answer(7, "", own), marked and Answer(7, "3", marked))
    assert result.grade == grade


def test_a_question_has_one_result_of_both():
    found = results([graded("a:x", "full"), graded("a:x", "bits"), graded("a:y", "partly")])
    assert {key: result.grade.value for key, result in found.items()} == {"a:x": "missed", "a:y": "partly"}


facts = st.lists(
    st.builds(
        graded, st.sampled_from(["a:x", "a:y"]), st.sampled_from(VERDICTS), st.integers(0, 9), st.sampled_from([7, 8])
    ),
    max_size=12,
)


@given(facts)
def test_of_each_kind_the_last_grade_counts_in_whatever_order_they_come(some):
    last = latest_grades(some, Window())
    assert set(last) == set(latest_grades(some[::-1], Window()))
    for fact in some:
        same = [one for one in last if (one.subject, one.answer.is_own) == (fact.subject, fact.answer.is_own)]
        assert len(same) == 1
        assert same[0].at >= fact.at


@given(facts, st.integers(0, 9))
def test_a_sitting_has_its_own_grades_and_what_was_before_has_none_of_them(some, minute):
    at = NOW + timedelta(minutes=minute)
    assert all(fact.answer.seed == 7 and fact.at >= at for fact in latest_grades(some, Window(seed=7, since=at)))
    assert all(fact.at < at for fact in latest_grades(some, Window(before=at)))


def row(pk, part):
    return Row(pk, f"{part}:{pk}", {"part": frozenset([part])})


def test_weak_areas_are_those_that_lost_a_third_and_the_worst_comes_first():
    rows = [row(n, part) for part, some in (("a", range(3)), ("b", range(3, 6)), ("c", range(6, 9))) for n in some]
    verdicts = ["full", "full", "partly", "missed", "full", "missed", "missed", "full", "partly"]
    found = results(graded(one.key, verdict) for one, verdict in zip(rows, verdicts, strict=True))
    areas = weak(found, rows, "part")
    assert [(area.value, area.full, area.asked, area.lost) for area in areas] == [("b", 1, 3, 2.0), ("c", 1, 3, 1.5)]


def test_what_was_not_asked_is_no_weakness():
    assert weak({}, [row(1, "a")], "part") == []


@given(st.lists(st.sampled_from(list(Grade)), min_size=1, max_size=9))
def test_an_area_is_weak_when_it_has_fewer_than_two_thirds_of_its_points(grades):
    rows = [row(pk, "a") for pk in range(len(grades))]
    found = {one.key: Result(own=Answer(7, "", grade.value)) for one, grade in zip(rows, grades, strict=True)}
    points = sum(POINTS[grade] for grade in grades)
    assert bool(weak(found, rows, "part")) == (points < STRONG * len(grades))
