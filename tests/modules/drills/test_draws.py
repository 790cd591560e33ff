"""Drills: the same seed gives the same inputs, and they are inputs that make sense."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.drills import Problem, draw
from modules.drills.draws import candidates
from modules.drills.problems import MOST_GIVENS, computes, names, unfold
from modules.ledger import Entry, Graph, LedgerError, Quantity, parse_quantity, show
from modules.ledger.formulas import bind
from tests.modules.drills.ledger import COMPUTED, GRAPH, assumed, computed

keys = st.sampled_from(COMPUTED)
seeds = st.integers(0, 999_999)


def shown(drill):
    return {key: show(value).replace("\xa0", " ") for key, value in drill.givens.items()}


def test_a_seed_is_a_drill_for_ever():
    """Change this only if all addresses that people have shared may change."""
    drill = draw(GRAPH, "kv:cache", 7, {})
    assert shown(drill) == {
        "llama.layers": "40",
        "llama.kv_heads": "32",
        "llama.head_dim": "128",
        "kv:size": "2 B",
        "kv:sequence": "32,768 tokens",
    }
    assert show(drill.problem.truth).replace("\xa0", " ") == "21.5 GB"


@settings(deadline=None)  # the machine may be busy
@given(keys, seeds)
def test_the_same_seed_gives_the_same_drill(key, seed):
    assert draw(GRAPH, key, seed, {}) == draw(GRAPH, key, seed, {})


@settings(deadline=None)  # the machine may be busy
@given(keys, seeds)
def test_the_truth_is_what_the_graph_makes_of_the_givens(key, seed):
    drill = draw(GRAPH, key, seed, {})
    assert drill.problem.truth == GRAPH.evaluate(drill.givens, [key])[key]
    bases = {name: value.base for name, value in drill.givens.items()}
    assert bind(drill.problem.node, key).value(bases) == pytest.approx(drill.problem.truth.base)


@settings(deadline=None)  # the machine may be busy
@given(keys, seeds)
def test_inputs_are_sensible(key, seed):
    drill = draw(GRAPH, key, seed, {})
    for name, value in drill.givens.items():
        usual = GRAPH.values[name]
        assert usual.base / 4 <= value.base <= usual.base * 4
        assert value.dimension == usual.dimension
        if GRAPH.entries[name].value and usual.magnitude.is_integer():
            assert value.magnitude.is_integer()
    assert drill.problem.truth.base > 0
    if str(drill.problem.unit) == "percent":
        assert drill.problem.truth.base <= 1
    heads = [drill.givens.get(f"llama.{name}") for name in ("kv_heads", "heads")]
    assert not all(heads) or heads[0].base <= heads[1].base


def test_seeds_differ():
    assert len({tuple(shown(draw(GRAPH, "kv:cache", seed, {})).values()) for seed in range(40)}) > 30


def test_an_authors_bounds_hold():
    bounds = {"kv:sequence": (parse_quantity("1000 token"), parse_quantity("70 ktoken"))}
    found = {draw(GRAPH, "kv:cache", seed, bounds).givens["kv:sequence"].base for seed in range(60)}
    assert found == {1024, 2048, 4096, 8192, 16384, 32768, 65536}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("80", {40, 50, 60, 80, 100, 120, 150}),
        ("8", {2, 4, 8, 16, 32}),
        ("2 B", {1, 2, 4}),
        ("90 percent", {50, 60, 80, 90}),
        ("3.99", {2, 2.5, 3, 3.99, 4, 5, 6}),
        ("-3", {-2, -3, -4, -5, -6}),
        ("0", {0}),
        ("1", {1, 2}),
    ],
)
def test_inputs_are_round(value, found):
    entry = assumed("kv:input", value)
    assert {one.magnitude for one in candidates(entry, parse_quantity(value), None)} == found


def test_a_computed_input_is_rounded_to_what_is_shown():
    entry = computed("kv:input", "other", "GB")
    own = candidates(entry, Quantity(2.684354, parse_quantity("1 GB").unit), None)[-1]
    assert own.magnitude == 2.68


class TestUnfolding:
    def test_computed_inputs_are_replaced_by_theirs(self):
        assert names(unfold(GRAPH, "kv:cache")) == [
            "llama.layers",
            "llama.kv_heads",
            "llama.head_dim",
            "kv:size",
            "kv:sequence",
        ]

    @pytest.mark.parametrize("key", COMPUTED)
    def test_there_are_never_more_givens_than_a_reader_can_hold(self, key):
        assert len(names(unfold(GRAPH, key))) <= max(MOST_GIVENS, len(GRAPH.inputs(key)))

    def test_what_only_repeats_a_number_is_no_drill(self):
        assert not computes(GRAPH, "kv:same")
        assert draw(GRAPH, "kv:same", 1, {}) is None

    def test_what_repeats_a_computed_number_is(self):
        assert names(unfold(GRAPH, "kv:again")) == names(unfold(GRAPH, "kv:cache"))

    @pytest.mark.parametrize("key", ["llama.layers", "kv:nothing"])
    def test_neither_is_what_is_not_computed_or_not_there(self, key):
        assert draw(GRAPH, key, 1, {}) is None

    def test_a_constant_has_no_givens(self):
        assert draw(GRAPH, "kv:constant", 1, {}).givens == {}


def test_inputs_from_which_nothing_follows_are_drawn_again():
    graph = Graph([assumed("a:x", "4"), assumed("a:y", "2"), computed("a:z", "1 / max(0, x - y)")])
    for seed in range(50):
        drill = draw(graph, "a:z", seed, {})
        assert drill.givens["a:x"].base > drill.givens["a:y"].base


def test_a_number_that_is_never_legal_elsewhere_is_asked_for_as_it_is():
    graph = Graph([assumed("a:x", "3"), computed("a:z", "sqrt(3 - x) + sqrt(x - 3) + 1")])
    assert draw(graph, "a:z", 5, {}).givens["a:x"].base == 3


def test_a_broken_number_is_no_problem():
    graph = Graph([Entry("a:x", formula="nothing", label="x")])
    assert draw(graph, "a:x", 1, {}) is None
    with pytest.raises(LedgerError, match="broken"):
        Problem.of(graph, "a:x")
