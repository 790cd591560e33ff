"""What-ifs as text: read, written, read back; and whatever else an address may hold, refused in a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.ledger import ChangeError, Entry, Graph, LedgerError, Quantity, parse_unit, read_changes, write_changes
from modules.ledger.changes import MAX_CHANGES, MAX_TEXT

WHY = {"label": "A number", "because": "It is only a test"}
GRAPH = Graph(
    [
        Entry("cache:layers", "80", **WHY),
        Entry("cache:tokens", "8192 token", **WHY),
        Entry("cache:share", "90 percent", **WHY),
        Entry("chip.price", "3.99 USD/(gpu*hour)", as_of="2026-01-01", **WHY),
        Entry("cache:total", formula="layers * tokens", unit="ktoken", label="Total"),
        Entry("cache:broken", formula="1 / 0", label="Broken"),
    ]
)


def read(text, lesson="cache"):
    return {key: str(value) for key, value in read_changes(text, GRAPH, lesson).items()}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("layers:40", {"cache:layers": "40"}),
        ("layers:40,tokens:4096", {"cache:layers": "40", "cache:tokens": "4096 token"}),
        ("tokens:8,192,layers:40", {"cache:tokens": "8192 token", "cache:layers": "40"}),
        (" layers : 40 , cache:tokens : 4 ktoken ,", {"cache:layers": "40", "cache:tokens": "4 ktoken"}),
        ("chip.price:2.1", {"chip.price": "2.1 USD/(gpu*hour)"}),
        ("chip.price:$2.1/GPU-hour", {"chip.price": "2.1 USD/(gpu*hour)"}),
        ("share:50", {"cache:share": "50 percent"}),
        ("total:1 Mtoken", {"cache:total": "1 Mtoken"}),
        ("", {}),
        (" , ", {}),
    ],
)
def test_numbers_and_their_values_are_read(text, changes):
    assert read(text) == changes


def test_outside_a_lesson_names_are_whole():
    assert read("cache:layers:40", lesson="") == {"cache:layers": "40"}
    with pytest.raises(ChangeError, match="no number 'layers'"):
        read("layers:40", lesson="")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("40", "'40' is not a number and its value"),
        (":40", "not a number and its value"),
        ("layers", "not a number and its value"),
        ("layers:", "layers is given no value"),
        ("layers:many", "layers: 'many' is not a number"),
        ("layers:40 B", "layers: 40 B is in B"),
        ("tokens:1 furlong", "tokens: unknown unit 'furlong'"),
        ("layer:40", "no number 'layer': did you mean layers"),
        ("chip.prize:4", "no number 'chip.prize': did you mean chip.price"),
        ("broken:4", "no number 'broken'"),
        ("nothing:4", "no number 'nothing'"),
        ("layers:40,layers:41", "cache:layers is given twice"),
        ("layers:40,cache:layers:41", "given twice"),
        ("layers:nan", "layers: 'nan' is not a number"),
        ("layers:1e999", "too large"),
        ("layers:1;tokens:2", "no number"),
        (",".join(f"n{n}:1" for n in range(MAX_CHANGES + 1)), "at most 20 numbers, not 21"),
        ("x" * (MAX_TEXT + 1), "at most 1,500 characters"),
    ],
)
def test_what_cannot_be_used_is_named(text, reason):
    with pytest.raises(ChangeError, match=reason) as caught:
        read(text)
    assert len(str(caught.value)) < 250


UNITS = {key: value.unit for key, value in GRAPH.values.items()}
CHANGES = st.dictionaries(
    st.sampled_from(sorted(UNITS)), st.floats(-1e12, 1e12, allow_subnormal=False) | st.integers(-9999, 9999).map(float)
)


@given(CHANGES, st.sampled_from(["cache", "other", ""]))
def test_what_is_written_is_read_back(magnitudes, lesson):
    changes = {key: Quantity(magnitude, UNITS[key]) for key, magnitude in magnitudes.items()}
    assert read_changes(write_changes(changes, lesson), GRAPH, lesson) == changes


@given(CHANGES)
def test_reading_twice_changes_nothing(magnitudes):
    changes = {key: Quantity(magnitude, UNITS[key]) for key, magnitude in magnitudes.items()}
    text = write_changes(changes, "cache")
    assert write_changes(read_changes(text, GRAPH, "cache"), "cache") == text


PIECES = st.sampled_from(
    ["layers", "tokens", "chip.price", "cache:", ":", ",", "4", "1e9", " ", "token", "$", "%", "\0"]
)


@given(st.text(max_size=MAX_TEXT + 50) | st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["cache", ""]))
def test_anything_is_read_or_refused(text, lesson):
    with suppress(ChangeError):
        changes = read_changes(text, GRAPH, lesson)
        assert len(changes) <= MAX_CHANGES
        GRAPH.what_if(changes)  # all that was read can be supposed


def test_units_that_do_not_fit_are_refused_by_the_graph_too():
    with pytest.raises(LedgerError, match="cache:layers is in a bare number, not in token"):
        GRAPH.what_if({"cache:layers": Quantity(4.0, parse_unit("token"))})
