import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.ledger import Entry, Graph, LedgerError, parse_quantity


def given_number(key, value):
    return Entry(key, value=value, label="A number", because="The test says so")


def formula(key, text, unit=""):
    return Entry(key, formula=text, unit=unit, label="A result")


def lesson(**numbers):
    """Return entries of the lesson `l`: what starts with a digit is a value, else a formula."""
    return [
        given_number(f"l:{name}", text) if text[0].isdigit() else formula(f"l:{name}", text)
        for name, text in numbers.items()
    ]


KV_CACHE = [
    given_number("llama3_70b.layers", "80"),
    given_number("llama3_70b.kv_heads", "8"),
    given_number("llama3_70b.head_dim", "128"),
    given_number("kv-cache:value_size", "2 B"),
    given_number("kv-cache:sequence", "8192 token"),
    given_number("kv-cache:memory", "640 GB"),
    formula("kv-cache:conversations", "floor(memory / total)"),
    formula("kv-cache:total", "per_token * sequence", "GB"),
    formula(
        "kv-cache:per_token",
        "2 * llama3_70b.layers * llama3_70b.kv_heads * llama3_70b.head_dim * value_size / token",
        "KiB/token",
    ),
]


def test_numbers_are_evaluated_whatever_their_order():
    graph = Graph(KV_CACHE)
    assert graph.problems == {}
    assert str(graph.values["kv-cache:per_token"]) == "320.0 KiB/token"
    assert str(graph.values["kv-cache:total"]) == "2.68435456 GB"
    assert str(graph.values["kv-cache:conversations"]) == "238.0"
    assert str(graph.values["kv-cache:sequence"]) == "8192 token"


def test_what_reads_what():
    graph = Graph(KV_CACHE)
    assert graph.inputs("kv-cache:total") == ("kv-cache:per_token", "kv-cache:sequence")
    assert graph.inputs("kv-cache:sequence") == ()
    assert graph.dependents("llama3_70b.layers") == (
        "kv-cache:per_token",
        "kv-cache:total",
        "kv-cache:conversations",
    )
    assert graph.dependents("kv-cache:conversations") == ()
    assert graph.inputs("nobody:x") == graph.dependents("nobody:x") == ()


def test_a_what_if_recomputes_only_what_depends_on_it():
    graph = Graph(KV_CACHE)
    found = graph.evaluate({"kv-cache:sequence": parse_quantity("16.384 ktoken")})
    assert {key: str(quantity) for key, quantity in found.items()} == {
        "kv-cache:sequence": "16.384 ktoken",
        "kv-cache:total": "5.36870912 GB",
        "kv-cache:conversations": "119.0",
    }
    assert str(graph.values["kv-cache:total"]) == "2.68435456 GB"


def test_a_what_if_returns_what_is_wanted_and_computes_nothing_else():
    graph = Graph([*KV_CACHE, formula("kv-cache:rate", "1 / (sequence / token - 4096)")])
    halved = {"kv-cache:sequence": parse_quantity("4096 token")}
    found = graph.evaluate(halved, wanted=["kv-cache:total", "kv-cache:per_token"])
    assert {key: str(quantity) for key, quantity in found.items()} == {
        "kv-cache:total": "1.34217728 GB",
        "kv-cache:per_token": "320.0 KiB/token",
    }
    with pytest.raises(LedgerError, match="kv-cache:rate: divides 1 by zero"):
        graph.evaluate(halved)


def test_a_what_if_may_set_a_result():
    found = Graph(KV_CACHE).evaluate(
        {
            "kv-cache:per_token": parse_quantity("163840 B/token"),
            "llama3_70b.layers": parse_quantity("1"),
        }
    )
    assert str(found["kv-cache:per_token"]) == "163840 B/token"
    assert str(found["kv-cache:total"]) == "1.34217728 GB"


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("kv-cache:sequence", "8192", "kv-cache:sequence is in token, not in a bare number"),
        ("kv-cache:sequence", "8192 B", "not in B"),
        ("kv-cache:total", "1 GB/token", "not in B/token"),
        ("kv-cache:sequenc", "1", "unknown name 'kv-cache:sequenc': did you mean"),
        ("kv-cache:broken", "1", "kv-cache:broken is broken: divides 1 by zero"),
    ],
)
def test_a_what_if_that_does_not_fit_is_refused(key, value, reason):
    graph = Graph([*KV_CACHE, formula("kv-cache:broken", "1 / 0")])
    with pytest.raises(LedgerError, match=reason):
        graph.evaluate({key: parse_quantity(value)})
    with pytest.raises(LedgerError, match="is broken"):
        graph.evaluate({}, wanted=["kv-cache:broken"])


def test_a_what_if_leaves_broken_readers_out():
    graph = Graph([*KV_CACHE, formula("kv-cache:broken", "total + nobody")])
    assert "kv-cache:broken" not in graph.evaluate({"llama3_70b.layers": parse_quantity("40")})


@pytest.mark.parametrize(
    ("numbers", "problems"),
    [
        ({"x": "(1"}, {"x": ["cannot read '(1': found the end, not the ')' it needs"]}),
        (
            {"x": "(1 / 0)", "y": "x"},
            {
                "x": ["divides 1 by zero"],
                "y": ["needs l:x, which is broken"],
            },
        ),
        (
            {"x": "nobody + ghost"},
            {
                "x": ["unknown name 'l:nobody'", "unknown name 'l:ghost'"],
            },
        ),
        (
            {"price": "2", "x": "pric * 2"},
            {
                "x": ["unknown name 'l:pric': did you mean 'l:price'?"],
            },
        ),
        ({"x": "2 B", "y": "x"}, {"y": ["comes out in B, but it declares no unit"]}),
        (
            {"x": "2 furlong", "y": "x + nobody", "z": "y", "fine": "1 token"},
            {
                "x": ["unknown unit 'furlong'"],
                "y": ["unknown name 'l:nobody'", "needs l:x, which is broken"],
                "z": ["needs l:y, which is broken"],
            },
        ),
    ],
)
def test_problems_are_collected_for_each_number(numbers, problems):
    graph = Graph(lesson(**numbers))
    assert graph.problems == {f"l:{name}": found for name, found in problems.items()}
    assert graph.values.keys() == graph.entries.keys() - graph.problems.keys()


def test_a_result_that_does_not_convert_to_its_unit_is_a_problem():
    graph = Graph([given_number("l:x", "2 B"), formula("l:y", "x", "s")])
    assert graph.problems == {"l:y": ["comes out in B, but its unit is s"]}


def test_defects_of_the_entry_and_of_its_formula_are_both_told():
    graph = Graph([Entry("l:x", formula="1 +", source="somebody")])
    assert graph.problems == {
        "l:x": [
            "is computed, so source has no place",
            "has no label",
            "cannot read '1 +': found the end",
        ]
    }


def test_a_second_entry_of_the_same_name_is_a_problem():
    graph = Graph([given_number("l:x", "1"), given_number("l:x", "2")])
    assert graph.problems == {"l:x": ["is defined twice"]}


def test_a_cycle_is_told_in_order():
    graph = Graph(lesson(a="b", b="c", c="a + 1", after="a", before="2"))
    assert graph.problems == {
        "l:a": ["depends on itself: l:a -> l:b -> l:c -> l:a"],
        "l:b": ["depends on itself: l:b -> l:c -> l:a -> l:b"],
        "l:c": ["depends on itself: l:c -> l:a -> l:b -> l:c"],
        "l:after": ["needs l:a, which is broken"],
    }
    assert list(graph.values) == ["l:before"]


def test_a_number_that_reads_itself_is_a_cycle():
    assert Graph(lesson(a="a * 2")).problems == {"l:a": ["depends on itself: l:a -> l:a"]}


def test_two_cycles_are_two_problems():
    problems = Graph(lesson(a="b", b="a", c="d + a", d="c")).problems
    assert problems["l:a"] == ["depends on itself: l:a -> l:b -> l:a"]
    assert problems["l:d"] == ["depends on itself: l:d -> l:c -> l:d"]


def test_a_cycle_across_lessons_and_reference_is_found():
    entries = [formula("g.x", "one:y"), formula("one:y", "two-b:z"), formula("two-b:z", "g.x")]
    assert Graph(entries).problems["g.x"] == ["depends on itself: g.x -> one:y -> two-b:z -> g.x"]


def test_a_huge_cycle_is_told_briefly_and_quickly():
    size = 2500
    start = time.perf_counter()
    graph = Graph(formula(f"l:n{i}", f"n{(i + 1) % size}") for i in range(size))
    assert time.perf_counter() - start < 5
    assert len(graph.problems) == size
    assert graph.problems["l:n0"][0].endswith("l:n11 -> … -> l:n0")


def notebook(lessons=84, given_each=10, results_each=20):
    """Return as many entries as the whole notebook has, chained within and across lessons."""
    yield given_number("llama3_70b.layers", "80")
    for place in range(lessons):
        name = f"lesson-{place}"
        for i in range(given_each):
            yield given_number(f"{name}:given_{i}", f"{i + 1}.5e3 token")
        for i in range(results_each):
            last = f"result_{i - 1}" if i else f"lesson-{place - 1}:result_0" if place else "1 GB"
            yield formula(
                f"{name}:result_{i}",
                f"2 * llama3_70b.layers * given_{i % given_each} * (1 + 20.4 percent) * 2 B / token"
                f" + min({last}, max(1 MB, 3 KiB * sqrt(llama3_70b.layers)))",
                "GB",
            )


def test_the_whole_notebook_evaluates_in_a_moment():
    start = time.perf_counter()
    graph = Graph(notebook())
    built = time.perf_counter() - start
    start = time.perf_counter()
    changed = graph.evaluate({"llama3_70b.layers": parse_quantity("40")})
    recomputed = time.perf_counter() - start
    assert not graph.problems
    assert (len(graph.values), len(changed)) == (2521, 1681)
    assert built < 2
    assert recomputed < 0.5


def test_a_chain_of_thousands_needs_no_recursion():
    entries = [
        given_number("l:n0", "1"),
        *(formula(f"l:n{i}", f"n{i - 1} + 1") for i in range(1, 5000)),
    ]
    graph = Graph(reversed(entries))
    assert graph.values["l:n4999"].magnitude == 5000


TEXTS = st.sampled_from(["1", "2 B", "3 token", "a", "b + c", "a * d", "1 / e", "max(a, b)", "(", ""])


@given(st.fixed_dictionaries(dict.fromkeys("abcde", TEXTS)))
def test_every_number_has_either_a_value_or_a_problem(numbers):
    graph = Graph(
        Entry(
            f"l:{name}",
            label="x",
            **({"value": text, "because": "x"} if text[:1].isdigit() and "/" not in text else {"formula": text}),
        )
        for name, text in numbers.items()
    )
    assert graph.values.keys() | graph.problems.keys() == graph.entries.keys()
    assert not graph.values.keys() & graph.problems.keys()
    for key, quantity in graph.evaluate({key: graph.values[key] for key in graph.values}).items():
        assert quantity.base == pytest.approx(graph.values[key].base)


# What if


SUPPOSED = Graph(
    [
        Entry("l:a", "4", label="A", source="doe", at="Table 1"),
        Entry("l:b", formula="a + 1", label="B"),
        Entry("l:c", formula="1 / (b - 10)", label="C"),
        Entry("l:d", formula="c + 1", label="D"),
        Entry("m:e", "7", label="E", because="So"),
    ]
)


def test_a_what_if_computes_what_reads_a_changed_number():
    graph = SUPPOSED.what_if({"l:a": parse_quantity("5")})
    assert [graph.values[key].magnitude for key in ("l:a", "l:b", "m:e")] == [5, 6, 7]
    assert graph.values["l:d"] == SUPPOSED.evaluate({"l:a": parse_quantity("5")})["l:d"]
    assert graph.changes == {"l:a": parse_quantity("5")}


def test_a_what_if_leaves_the_graph_as_it_was():
    SUPPOSED.what_if({"l:a": parse_quantity("5"), "l:b": parse_quantity("2")})
    assert SUPPOSED.values["l:b"].magnitude == 5
    assert SUPPOSED.changes == SUPPOSED.problems == {}
    assert SUPPOSED.dependents("l:a") == ("l:b", "l:c", "l:d")
    assert SUPPOSED.entries["l:a"].kind == "cited"


def test_a_changed_number_is_an_assumption_that_says_what_was_written():
    entry = SUPPOSED.what_if({"l:b": parse_quantity("2")}).entries["l:b"]
    assert (entry.kind, entry.value, entry.because) == ("assumed", "2", "What if: as written it is 5")


def test_a_changed_number_reads_nothing_any_more():
    graph = SUPPOSED.what_if({"l:b": parse_quantity("2")})
    assert graph.inputs("l:b") == ()
    assert graph.dependents("l:a") == ()
    assert graph.evaluate({"l:a": parse_quantity("9")})["l:a"].magnitude == 9
    assert graph.evaluate({"l:b": parse_quantity("9")}, ["l:c"])["l:c"].magnitude == -1


def test_what_has_no_result_then_is_a_problem_and_so_is_what_reads_it():
    graph = SUPPOSED.what_if({"l:a": parse_quantity("9")})
    assert graph.problems == {"l:c": ["divides 1 by zero"], "l:d": ["needs l:c, which is broken"]}
    assert "l:d" not in graph.values
    assert graph.values["m:e"].magnitude == 7
