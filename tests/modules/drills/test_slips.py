"""From the ratio of an answer to the truth, and the formula's own structure, to what went wrong."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modules.drills import Grade, Problem, SlipKind, diagnose, draw, read
from modules.drills.slips import TOLERANCE, slips
from modules.ledger import Entry, Graph, Quantity, parse_unit
from modules.ledger.units import UNITS
from tests.modules.drills.ledger import COMPUTED, GRAPH


def told(key, answer, givens=None):
    problem = Problem.of(GRAPH, key, givens)
    return diagnose(problem, read(answer, problem.unit))


def kinds(diagnosis):
    return [slip.kind for slip in diagnosis.slips]


# kv:per_token is 320 KiB/token, kv:cache 2.684 GB, kv:weights 140 GB, kv:step 42.59 ms, kv:flop 1146.9 TFLOP,
# kv:fits 214, kv:left 87.5 %.
@pytest.mark.parametrize(
    ("key", "answer", "kind", "what"),
    [
        ("kv:per_token", "2560", SlipKind.BITS, ()),
        ("kv:per_token", "40", SlipKind.BITS, ()),
        ("kv:per_token", "327.68", SlipKind.BINARY, ("1",)),
        ("kv:cache", "2.5", SlipKind.BINARY, ("3",)),
        ("kv:cache", "2.684 MB", SlipKind.PREFIX, ("1",)),
        ("kv:weights", "150.3", SlipKind.BINARY, ("3",)),
        ("kv:weights", "146.8", SlipKind.BINARY, ("2",)),
        ("kv:per_token", "327680", SlipKind.BINARY_PREFIX, ("1",)),
        ("kv:weights", "140e3", SlipKind.PREFIX, ("1",)),
        ("kv:per_token", "160", SlipKind.KEYS, ()),
        ("kv:cache", "1.34", SlipKind.KEYS, ()),
        ("kv:flop", "573.4", SlipKind.MULTIPLY_ADDS, ()),
        ("kv:flop", "2294", SlipKind.MULTIPLY_ADDS, ()),
        ("kv:per_token", "4", SlipKind.DROPPED, ("llama.layers",)),
        ("kv:per_token", "2.5", SlipKind.DROPPED, ("llama.head_dim",)),
        ("kv:bill", "0.1699", SlipKind.TIME, ()),
        ("kv:cache", "40 B", SlipKind.INVERTED, ("kv:sequence",)),
        ("kv:step", "0.801", SlipKind.DROPPED, ("llama.params", "kv:size")),
        ("kv:fits", "238", SlipKind.DROPPED, ("kv:share",)),
        ("kv:left", "0.875", SlipKind.PERCENT, ()),
        ("kv:left", "100", SlipKind.DROPPED, ("llama.kv_heads", "llama.heads")),
        ("kv:square", "8.485", SlipKind.POWER, ("llama.heads",)),
        ("kv:weights", "1400", SlipKind.ZEROS, ("1",)),
        ("kv:step", "0.02348", SlipKind.UPSIDE_DOWN, ()),
        ("kv:constant", "1", None, None),
    ],
)
def test_golden_table(key, answer, kind, what):
    diagnosis = told(key, answer)
    if kind is None:
        assert diagnosis.verdict == "wrong"
    else:
        assert (kind, what) in [(slip.kind, slip.what) for slip in diagnosis.slips]
    assert not diagnosis.is_right


def test_query_heads_for_key_value_heads():
    """What multi-head attention would take, where a formula reads both."""
    key = "llama.ratio"
    graph = Graph(
        [*GRAPH.entries.values(), Entry(key, formula="llama.kv_heads * llama.layers + 0 * llama.heads", label=key)]
    )
    problem = Problem.of(graph, key)
    assert SlipKind.HEADS in kinds(diagnose(problem, Quantity(64 * 80.0)))


def test_a_reason_is_not_given_twice():
    """Of the 2 left out it says that keys and values are two, and not that a 2 was left out."""
    assert SlipKind.CONSTANT not in kinds(told("kv:per_token", "160"))


def test_bytes_are_suspected_only_where_there_are_bytes():
    assert SlipKind.BITS not in kinds(told("kv:square", "512"))
    assert SlipKind.MULTIPLY_ADDS not in kinds(told("kv:cache", "1.34"))


@pytest.mark.parametrize(
    ("answer", "grade"),
    [
        ("320", Grade.RIGHT),
        ("325", Grade.RIGHT),
        ("0.3125 MiB", Grade.RIGHT),
        ("327.68 kB/token", Grade.RIGHT),
        ("2.62 Mbit/token", Grade.RIGHT),
        ("600", Grade.NEAR),
        ("170", Grade.NEAR),
        ("3000", Grade.ORDER),
        ("33", Grade.ORDER),
        ("1", Grade.FAR),
        ("-320", Grade.FAR),
        ("0", Grade.FAR),
    ],
)
def test_grades(answer, grade):
    assert told("kv:per_token", answer).grade is grade


def test_a_number_that_is_printed_with_one_digit_is_right_as_printed():
    assert told("kv:rough", "3").is_right
    assert told("kv:rough", "2.68").is_right


def test_an_answer_without_a_unit_is_in_the_unit_that_is_printed():
    assert told("kv:bandwidth", "3.35").is_right
    assert told("kv:bandwidth", "26.8").verdict == "bits"


keys = st.sampled_from(COMPUTED)
seeds = st.integers(0, 999_999)


@settings(deadline=None)  # the machine may be busy
@given(keys, seeds, st.data())
def test_an_answer_made_by_a_slip_is_diagnosed_as_that_slip(key, seed, data):
    problem = draw(GRAPH, key, seed, {}).problem
    slip = data.draw(st.sampled_from(slips(problem)))
    off = data.draw(st.floats(0.996, 1.004), label="rounding to three digits")
    answer = Quantity(problem.truth.magnitude * slip.ratio * off, problem.truth.unit)
    diagnosis = diagnose(problem, answer)
    assume(not diagnosis.is_right)  # 1.0216 may have been rounded from 1.02
    assert slip in diagnosis.slips
    assert diagnosis.verdict == diagnosis.slips[0].kind


def alike(name):
    return st.sampled_from([other for other in UNITS if UNITS[other].dimension == UNITS[name].dimension])


@settings(deadline=None)  # the machine may be busy
@given(keys, seeds, st.data())
def test_the_right_answer_is_right_in_any_unit_it_converts_to(key, seed, data):
    problem = draw(GRAPH, key, seed, {}).problem
    terms = "*".join(
        f"({data.draw(alike(name))})**{abs(power)}" if power > 0 else f"1/({data.draw(alike(name))})**{abs(power)}"
        for name, power in problem.unit.terms
    )
    unit = parse_unit(terms.replace("*1/", "/").replace("**1", ""))
    answer = problem.truth.to(unit)
    assert diagnose(problem, read(f"{answer.magnitude!r} {unit}", problem.unit)).is_right


@settings(deadline=None)  # the machine may be busy
@given(keys, seeds, st.floats(1 - 0.99 * TOLERANCE, 1 + 0.99 * TOLERANCE))
def test_what_is_within_the_tolerance_is_right(key, seed, off):
    problem = draw(GRAPH, key, seed, {}).problem
    assert diagnose(problem, Quantity(problem.truth.magnitude * off, problem.truth.unit)).is_right


@settings(deadline=None)  # the machine may be busy
@given(keys, seeds, st.floats(-1e30, 1e30))
def test_any_answer_gets_a_verdict_that_the_log_can_hold(key, seed, magnitude):
    problem = draw(GRAPH, key, seed, {}).problem
    verdict = diagnose(problem, Quantity(magnitude, problem.truth.unit)).verdict
    assert verdict in {"right", "wrong", *SlipKind}
    assert 0 < len(verdict) <= 20
