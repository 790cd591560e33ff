"""How much one number moves another: exponents, shares of a sum, limits, and where there is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.ledger import Elasticity, Entry, Graph, LedgerError, elasticities, parse_quantity

WHY = {"label": "A number", "because": "It is only a test"}


def of(formula, **at):
    """Return the elasticity of a formula to each of its inputs at their values."""
    entries = [Entry(f"l:{name}", value, **WHY) for name, value in at.items()]
    graph = Graph([*entries, Entry("l:y", formula=formula, label="Y")])
    assert not graph.problems
    found = elasticities(graph, {f"l:{name}": parse_quantity(value) for name, value in at.items()}, ["l:y"])
    return {name.removeprefix("l:"): each for name, each in found["l:y"].items()}


@given(
    st.floats(-4, 4).map(lambda power: round(power, 3)),
    st.floats(-4, 4).map(lambda power: round(power, 3)),
    st.floats(0.01, 1000),
    st.floats(0.01, 1000),
    st.floats(0.001, 1e6) | st.floats(-1e6, -0.001),
)
def test_a_power_law_has_its_exponents(p, q, a, b, factor):
    found = of(f"{factor!r} * a ** ({p!r}) * b ** ({q!r})", a=repr(a), b=repr(b))
    assert found["a"].value == pytest.approx(p, abs=1e-6)
    assert found["b"].value == pytest.approx(q, abs=1e-6)
    assert not found["a"].is_kink
    assert not found["b"].is_kink


@given(st.floats(0.1, 100), st.floats(0.1, 100))
def test_a_summand_has_its_share(a, b):
    found = of("a + b", a=repr(a), b=repr(b))
    assert found["a"].value == pytest.approx(a / (a + b), abs=1e-6)
    assert found["a"].value + found["b"].value == pytest.approx(1, abs=1e-6)


@given(st.sampled_from(["floor", "ceil", "round"]), st.floats(1.0, 1e6))
def test_a_whole_number_has_the_slope_of_what_was_rounded(name, a):
    assert of(f"{name}(3 * a)", a=repr(a))["a"].value == pytest.approx(1, abs=1e-6)


def test_a_limit_that_takes_hold_shows_both_sides():
    slope = of("max(8, a)", a="8")["a"]
    assert (slope.falling, slope.value, slope.rising) == pytest.approx((0, 0.5, 1), abs=1e-6)
    assert slope.is_kink
    assert not of("max(8, a)", a="9")["a"].is_kink


def test_a_curve_is_no_kink():
    assert not of("exp(a)", a="20")["a"].is_kink


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        ("a - 4", "4"),  # is zero
        ("a * 3", "0"),  # begins at zero
        ("floor(a)", "0.5"),  # rounds to zero
        ("sqrt(4 - a)", "4"),  # has no result on one side
    ],
)
def test_where_there_is_none_it_says_so(formula, at):
    assert of(formula, a=at)["a"] is None


def test_what_does_not_depend_on_an_input_is_not_moved():
    assert of("a * 2", a="3", b="0")["b"] == Elasticity(0, 0, 0)


def test_units_make_no_difference():
    found = of("a * 3 GB / (2 B)", a="4")
    assert found["a"].value == pytest.approx(1, abs=1e-6)


def test_one_number_without_a_result_leaves_the_others():
    graph = Graph(
        [
            Entry("l:a", "4", **WHY),
            Entry("l:y", formula="sqrt(4 - a)", label="Y"),
            Entry("l:z", formula="a ** 2", label="Z"),
        ]
    )
    found = elasticities(graph, {"l:a": parse_quantity("4")}, ["l:y", "l:z"])
    assert found["l:y"]["l:a"] is None
    assert found["l:z"]["l:a"].value == pytest.approx(2, abs=1e-6)


def test_where_the_inputs_have_no_result_there_is_nothing_to_say():
    graph = Graph([Entry("l:a", "4", **WHY), Entry("l:y", formula="1 / (a - 5)", label="Y")])
    with pytest.raises(LedgerError, match="l:y"):
        elasticities(graph, {"l:a": parse_quantity("5")}, ["l:y"])


def test_the_queue_of_many_servers_has_a_slope():
    slope = of("erlang_c(ceil(load / 0.8), load)", load="8")["load"]
    assert slope is not None
    found = of("erlang_c(servers, load)", servers="10", load="8")
    assert found["servers"].falling < 0
    assert found["load"].value > 0
