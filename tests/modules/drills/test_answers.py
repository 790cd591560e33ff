"""Reading what people write."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.drills import read
from modules.ledger import LedgerError, Quantity, parse_quantity, parse_unit, show
from modules.ledger.units import UNITS


@pytest.mark.parametrize(
    ("text", "asked", "meant"),
    [
        ("2.7", "GB", "2.7 GB"),
        ("2.7GB", "GB", "2.7 GB"),
        ("2.7 gb", "GB", "2.7 GB"),
        ("2500 MiB", "GB", "2500 MiB"),
        ("21.5 Gbit", "GB", "21.5 Gbit"),
        ("320 KiB", "KiB/token", "320 KiB/token"),
        ("0.33 MB per token", "KiB/token", "0.33 MB/token"),
        ("40 kB/token", "KiB/token", "40 KB/token"),
        ("$5", "USD/Mtoken", "5 USD/Mtoken"),
        ("$5/million tokens", "USD/Mtoken", "5 USD/Mtoken"),
        ("$ 12M", "USD", "12e6 USD"),
        ("-$3", "USD", "-3 USD"),
        ("$3.99/GPU-hour", "USD/(gpu*hour)", "3.99 USD/(gpu*hour)"),
        ("3.99 dollars per gpu hour", "USD/(gpu*hour)", "3.99 USD/(gpu*hour)"),
        ("4.2 $/h", "USD/hour", "4.2 USD/hour"),
        ("19.5%", "percent", "19.5 percent"),
        ("8B", "", "8e9"),
        ("8.03 billion", "", "8.03e9"),
        ("218 conversations", "", "218"),
        ("1,024", "", "1024"),
        ("1 048 576 tokens", "token", "1048576 token"),
        ("1.5k tokens", "token", "1500 token"),
        ("12 million tokens", "token", "12e6 token"),
        ("3 × 10⁷", "token", "3e7 token"),
        ("3 x 10^-2", "s", "0.03 s"),
        ("989 TFLOPS", "TFLOP/s", "989 TFLOP/s"),
        ("100 µs", "ms", "100 us"),
        ("3 sec", "ms", "3 s"),
        ("8192 FLOP/token²", "FLOP/token**2", "8192 FLOP/token**2"),
        ("\N{MINUS SIGN}3", "", "-3"),
        ("2\N{NO-BREAK SPACE}GPUs", "gpu", "2 gpu"),
    ],
)
def test_what_people_write_is_read(text, asked, meant):
    assert read(text, parse_unit(asked)).base == pytest.approx(parse_quantity(meant).base)


@pytest.mark.parametrize(
    ("text", "asked", "message"),
    [
        ("", "", "write a number"),
        ("many", "", "'many' is not a number"),
        ("2,5", "GB", "write a point before decimals"),
        ("5 parsecs", "GB", "unknown unit 'parsecs'"),
        ("5 GB", "token", "is in B, which does not convert to token"),
        ("5 GB", "", "is in B, which does not convert"),
        ("1e999", "", "too large"),
        ("1e300", "", "further from 1 than anything here"),
        ("1e-300 GB", "GB", "further from 1 than anything here"),
        ("9" * 61, "", "longer than 60"),
        ("nan", "", "not a number"),
        ("inf", "", "not a number"),
        ("9**9**9", "", "is not a number"),
        ("__import__('os')", "", "not a number"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text, asked, message):
    with pytest.raises(LedgerError, match=message.replace("*", r"\*")):
        read(text, parse_unit(asked))


@given(st.text(max_size=70), st.sampled_from(["", "GB", "KiB/token", "USD/(gpu*hour)", "percent"]))
def test_any_text_is_a_number_or_a_sentence(text, asked):
    with suppress(LedgerError):
        assert isinstance(read(text, parse_unit(asked)), Quantity)


units = st.sampled_from(
    ["GB", "KiB/token", "token", "USD/Mtoken", "percent", "ms", "TFLOP/s", "gpu", "query", "bit", ""]
)


@given(st.floats(1e-3, 1e12), units)
def test_what_the_ledger_prints_is_read_back(magnitude, unit):
    quantity = Quantity(magnitude, parse_unit(unit))
    assert read(show(quantity), quantity.unit).base == pytest.approx(quantity.base, rel=0.006)


@given(st.sampled_from(sorted(UNITS)), st.floats(1e-3, 1e6))
def test_every_unit_of_the_ledger_is_read(name, magnitude):
    assert read(f"{magnitude!r} {name}", UNITS[name]) == Quantity(magnitude, UNITS[name])
