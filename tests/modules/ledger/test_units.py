from contextlib import suppress

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.ledger import LedgerError, Quantity, parse_quantity, parse_unit
from modules.ledger.units import UNITS, in_unit


@pytest.mark.parametrize(
    ("text", "magnitude", "unit"),
    [
        ("128256", 128256, ""),
        ("8192 token", 8192, "token"),
        ("20.4 percent", 20.4, "percent"),
        ("3.99 USD/(gpu*hour)", 3.99, "USD/(gpu*hour)"),
        ("3.99 USD/gpu/hour", 3.99, "USD/(gpu*hour)"),
        ("30.84e6 gpu*hour", 30.84e6, "gpu*hour"),
        ("-3 percent", -3, "percent"),
        ("+.5", 0.5, ""),
        ("12/s", 12, "1/s"),
        ("12 1/s", 12, "1/s"),
        ("1 B**2/s", 1, "B**2/s"),
        ("  2\n", 2, ""),
        ("1 token/token", 1, ""),
    ],
)
def test_a_number_and_its_unit_are_read(text, magnitude, unit):
    quantity = parse_quantity(text)
    assert quantity.magnitude == magnitude
    assert str(quantity.unit) == unit


@pytest.mark.parametrize(
    ("text", "unit", "magnitude"),
    [
        ("1 KiB", "B", 1024),
        ("1 KB", "B", 1000),
        ("1 kB", "KB", 1),
        ("1 TiB", "B", 2**40),
        ("8 bit", "B", 1),
        ("1 Gbit/s", "MB/s", 125),
        ("1 hour", "s", 3600),
        ("1 month", "hour", 730),
        ("1 year", "day", 365.25),
        ("50 percent", "1", 0.5),
        ("1 W*hour", "J", 3600),
        ("1 GHz", "1/s", 1e9),
        ("5 USD/Mtoken", "USD/token", 5e-6),
        ("1 ms", "us", 1000),
        ("2 PFLOP/s", "TFLOP/s", 2000),
    ],
)
def test_units_convert(text, unit, magnitude):
    assert parse_quantity(text).to(parse_unit(unit)).magnitude == pytest.approx(magnitude, 1e-12)


PINT = pint.UnitRegistry()  # with the definitions Pint ships, which are not ours


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KiB", "bit"),
        ("MiB", "kB"),
        ("TB", "GiB"),
        ("Gbit/s", "MiB/minute"),
        ("year", "minute"),
        ("day", "ms"),
        ("kW*hour", "MJ"),
        ("GHz", "1/ns"),
        ("percent/hour", "1/day"),
        ("nJ/B", "mW*s/bit"),
        ("EB", "PB"),
    ],
)
def test_pint_s_own_definitions_agree(one, other):
    theirs = PINT.Quantity(1.0, one).to(other).magnitude
    assert parse_quantity(f"1 {one}").to(parse_unit(other)).magnitude == pytest.approx(theirs, 1e-12)


@pytest.mark.parametrize(
    ("left", "right"),
    [("token", "B"), ("FLOP", "1"), ("gpu", "user"), ("J", "W"), ("request", "query"), ("1", "Hz")],
)
def test_what_differs_does_not_convert(left, right):
    with pytest.raises(LedgerError, match="does not convert"):
        parse_quantity(f"1 {left}").to(parse_unit(right))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a number"),
        ("token", "not a number"),
        ("five token", "not a number"),
        ("1,024 B", "not a number"),
        ("$5", "not a number"),
        ("inf", "not a number"),
        ("nan B", "not a number"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("٣ token", "not a number"),
        ("80GB", "not a number"),
        ("5 tokens", "did you mean token?"),
        ("5 GPUs", "did you mean gpu?"),
        ("5 h", "did you mean hour?"),
        ("5 furlong", "unknown unit 'furlong'"),
        ("5 %", "write percent"),
        ("5 $", "write USD"),
        ("5 B^2", r"write \*\*"),
        ("5 mtoken", "unknown unit"),
        ("5 Kitoken", "unknown unit"),
        ("5 khour", "unknown unit"),
        ("5 B + B", "is not a unit"),
        ("5 2*B", "is not a unit"),
        ("5 B**0.5", "is not a unit"),
        ("5 B**-1", "is not a unit"),
        ("5 B**13", "is not a unit"),
        ("5 sqrt(B)", "is not a unit"),
        ("5 B**12*B", "past the power 12"),
        ("5 (hour**12)**12", "past the power 12"),
        ("5 EB**12*EFLOP**12", "too large"),
        ("5 B B", "cannot read"),
        ("5 (B", "cannot read"),
        ("5 kv-cache:x", "unknown unit"),
        ("1e400", "too large"),
        ("9" * 390, "too large"),
        ("1e308 EB", "too large"),
        ("9" * 1_000_000, "longer than 400"),
        ("1 " + "(" * 300, "deeper than 60"),
        ("1 " + " " * 1_000_000, "longer than 400"),
        ("1 B\x00", "cannot read"),
        ("1 __class__", "cannot read"),
    ],
)
def test_anything_else_is_refused_with_a_reason(text, reason):
    with pytest.raises(LedgerError, match=reason):
        parse_quantity(text)


def test_no_unit_is_read_in_two_ways():
    assert len(UNITS) == 129
    factors = {"ms": 1e-3, "Ms": 1e6, "MB": 1e6, "MiB": 2**20, "GB": 1e9, "us": 1e-6, "EB": 1e18}
    assert {name: UNITS[name].factor for name in factors} == factors


def test_converting_leaves_the_original_alone():
    quantity = parse_quantity("3.99 USD/(gpu*hour)")
    quantity.to(parse_unit("USD/(gpu*s)"))
    assert str(quantity) == "3.99 USD/(gpu*hour)"
    with pytest.raises(AttributeError):
        quantity.magnitude = 1


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e200, max_value=1e200),
    st.sampled_from(["", "B", "KiB/token", "USD/(gpu*hour)", "percent", "1/s", "B**2*s/token"]),
)
def test_a_quantity_written_out_reads_back_the_same(number, unit):
    quantity = Quantity(number, parse_unit(unit))
    assert parse_quantity(str(quantity)) == quantity


@given(st.floats(1e-100, 1e100), st.sampled_from(sorted(UNITS)))
def test_base_units_and_back_is_the_same_number(number, name):
    quantity = Quantity(number, parse_unit(name))
    assert in_unit(quantity.base, quantity.unit).magnitude == pytest.approx(number, 1e-14)


@given(st.text(max_size=60) | st.text("0123456789eE.+-*/() BKitokenUSDhour", max_size=60))
def test_no_text_raises_anything_but_a_ledger_error(text):
    for read in (parse_quantity, parse_unit):
        with suppress(LedgerError):
            read(text)
