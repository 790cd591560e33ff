"""Quantities as people write them, read with the ledger's units; and what looks like one and is none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modules.ledger import parse_quantity
from modules.referee.quantities import quantities
from modules.rendering import names

SAID = {
    "80 layers": "80",
    "128,256 tokens": "128256 token",
    "a 128K-token window": "128e3 token",
    "15.6T tokens": "15.6e12 token",
    "8B parameters": "8e9",
    "8B-parameter model": "8e9",
    "70 billion parameters": "70e9",
    "2 B/token": "2 B/token",
    "320 KiB per token": "320 KiB/token",
    "40 GiB": "40 GiB",
    "80GB of HBM": "80 GB",
    "900 Gbit/s": "900e9 bit/s",
    "7200 Gbps": "900 GB/s",
    "3.35 TB/s": "3.35 TB/s",
    "3.35 terabytes per second": "3.35e12 B",
    "989 TFLOPS": "989e12 FLOP/s",
    "2 petaflops": "2e15 FLOP/s",
    "3.14e23 FLOPs": "3.14e23 FLOP",
    "3.14 × 10^23 FLOP": "3.14e23 FLOP",
    "3.14 × 10²³ FLOP": "3.14e23 FLOP",
    "2.788M H800 GPU hours": "2.788e6 gpu*hour",
    "$5 per million input tokens": "5 USD/Mtoken",
    "$2.50/1M tokens": "2.50 USD/Mtoken",
    "$0.50/MTok": "0.50 USD/Mtoken",
    "$0.0025 per 1K input tokens": "0.0025 USD/ktoken",
    "5 USD per million tokens": "5 USD/Mtoken",
    "USD 5 per million tokens": "5 USD/Mtoken",
    "$3.99 per GPU-hour": "3.99 USD/(gpu*hour)",
    "40% of it": "40 percent",
    "12 ms": "12 ms",
    "700W": "700 W",
    "64 query heads": "64",
}
NONE = [
    "4th",
    "8x faster",
    "2 × faster",
    "GPT-3",
    "H100",
    "Llama 3 70B",
    "fp16",
    "€5",
    "v1.2",
    "Section 3.2",
    "x80",
    "1.2.3",
]


def read(text):
    return quantities(text, list(names.spans(text)))


@pytest.mark.parametrize("text", SAID)
def test_it_is_read_with_its_unit(text):
    (found, *_) = read(text)
    expected = parse_quantity(SAID[text])
    assert found.quantity.base == pytest.approx(expected.base)
    if "second" not in text:
        assert found.quantity.dimension == expected.dimension


@pytest.mark.parametrize("text", NONE)
def test_it_is_no_quantity(text):
    assert read(text) == []


@pytest.mark.parametrize(
    "text", ["60-80 layers", "60 to 80 layers", "between 60 and 80 layers", "60–80", "8 or 16 heads"]
)
def test_a_range_is_marked_at_both_ends(text):
    assert [one.is_range for one in read(text)] == [True, True]


@pytest.mark.parametrize("text", ["more than 60", "at least 60", "≥ 60", "under 60", "60+", "60 or more", "over 60"])
def test_a_bound_is_marked(text):
    assert [one.is_bound for one in read(text)] == [True]


@pytest.mark.parametrize("text", ["about 60", "~60", "roughly 60", "nearly 60", "≈60"])
def test_what_is_about_is_marked(text):
    assert [one.is_approximate for one in read(text)] == [True]


def test_a_column_gives_its_unit_to_bare_numbers_alone():
    assert [str(one.quantity) for one in quantities("3.35 80 GB", [], "TB/s")] == ["3.35 TB/s", "80 GB"]


def test_what_the_digits_say():
    steps = {
        text: (round(one.step, 4), round(one.coarse, 4))
        for text in ("128K", "15.6T", "400B", "80", "3.0")
        for one in read(text)
    }
    assert steps == {
        "128K": (0.0078, 0.0078),
        "15.6T": (0.0064, 0.0064),
        "400B": (0.0025, 0.25),
        "80": (0.0125, 0.0),
        "3.0": (0.0333, 0.0333),
    }


@given(st.text("0123456789.,$%kKMBT×^e-+/ per million tokens GiB", max_size=60))
@example("1e999 GB")
@example("0.000")
@example("1" * 400)
def test_any_text_is_read_in_order_and_without_error(text):
    found = read(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(one.quantity.base > 0 for one in found)
