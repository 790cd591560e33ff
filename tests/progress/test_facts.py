from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from progress.facts import ANSWERS, RECENT, Answer, Fact, Kind, completions, forget, pack, remember, unpack

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

answers = st.builds(
    Answer, st.integers(0, 999_999), st.text(min_size=1, max_size=60), st.sampled_from(["right", "bits", "wrong"])
)
others = st.builds(
    Fact,
    key=st.uuids(),
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.ANSWERED]),
    subject=st.sampled_from("abcdefghijkl"),
    at=st.integers(0, 10_000).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    anchor=st.just(""),
    numbers=st.none() | st.integers(0, 2**40),
    answer=st.none(),
)
answered = st.builds(
    Fact,
    key=st.uuids(),
    kind=st.just(Kind.ANSWERED),
    subject=st.sampled_from(["a:x", "b:x", "chip.x"]),
    at=st.just(NOON),
    anchor=st.just(""),
    numbers=st.none(),
    answer=answers,
)
facts = others | answered


def fact(kind, subject="a", minutes=0, key=0):
    return Fact(UUID(int=key), kind, subject, NOON + timedelta(minutes=minutes))


def test_completing_then_reopening_comes_to_nothing():
    assert completions([fact(Kind.COMPLETED), fact(Kind.REOPENED)]) == {}


def test_completing_again_counts_from_then():
    again = [fact(Kind.COMPLETED), fact(Kind.REOPENED, minutes=1), fact(Kind.COMPLETED, minutes=2)]
    assert completions(again) == {"a": NOON + timedelta(minutes=2)}


def test_a_completion_recorded_late_counts_from_when_it_happened():
    assert completions([fact(Kind.COMPLETED, minutes=5), fact(Kind.COMPLETED, minutes=1)]) == {
        "a": NOON + timedelta(minutes=1)
    }


def test_opening_and_starting_complete_nothing():
    assert completions([fact(Kind.OPENED), fact(Kind.STARTED_PATH)]) == {}


@given(st.lists(facts), st.lists(facts))
def test_completions_can_be_kept_up_to_date_step_by_step(earlier, later):
    assert completions(later, completions(earlier)) == completions(earlier + later)


@given(st.lists(facts))
def test_facts_survive_the_session(some):
    assert unpack(pack(some)) == some


@given(st.lists(facts))
def test_a_browser_remembers_what_the_whole_history_comes_to(history):
    kept = []
    for one in history:
        kept = remember(kept, one)

    assert completions(kept).keys() == completions(history).keys()
    assert {one.subject for one in kept if one.kind is Kind.STARTED_PATH} == {
        one.subject for one in history if one.kind is Kind.STARTED_PATH
    }
    opened = [one.subject for one in history if one.kind is Kind.OPENED]
    newest_first = list(dict.fromkeys(reversed(opened)))
    assert [one.subject for one in reversed(kept) if one.kind is Kind.OPENED] == newest_first[:RECENT]


@given(st.lists(facts, max_size=200))
def test_what_a_browser_remembers_is_bounded(history):
    kept = []
    for one in history:
        kept = remember(kept, one)

    subjects = len({one.subject for one in history})
    assert len(kept) <= 2 * subjects + RECENT + ANSWERS


def test_a_browser_remembers_the_last_answers():
    history = [Fact.new(Kind.ANSWERED, "a:x", NOON, answer=Answer(seed, "3", "wrong")) for seed in range(ANSWERS + 3)]
    kept = []
    for one in [fact(Kind.COMPLETED), *history, history[-1]]:
        kept = remember(kept, one)
    assert kept == [fact(Kind.COMPLETED), *history[3:]]


def test_the_lesson_of_an_answer_is_that_of_the_number():
    def answered(subject):
        return Fact.new(Kind.ANSWERED, subject, NOON, answer=Answer(1, "3", "wrong"))

    assert answered("kv-cache:cache").module_id == "kv-cache"
    assert answered("llama3_70b.params").module_id is None


@given(st.lists(facts), facts)
def test_remembering_a_fact_twice_is_remembering_it_once(history, last):
    kept = []
    for one in history:
        kept = remember(kept, one)
    once = remember(kept, last)

    assert remember(once, last) == once


def test_forgetting_leaves_what_came_since():
    carried, since = fact(Kind.COMPLETED, key=1), fact(Kind.COMPLETED, "b", key=2)
    assert forget([carried, since], frozenset({carried.key})) == [since]
