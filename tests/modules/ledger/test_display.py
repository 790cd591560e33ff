import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modules.ledger import (
    LedgerError,
    Quantity,
    in_unit,
    parse_formula,
    parse_quantity,
    parse_unit,
    read_typed,
    show,
)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def computed(text):
    quantity = parse_quantity(text)
    return Quantity(quantity.magnitude, quantity.unit)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # as exactly as written
        ("8", "8"),
        ("0", "0"),
        ("128256", "128,256"),
        ("70553706496", "70,553,706,496"),
        ("42405855232 B", "42,405,855,232 B"),
        ("0.02049", "0.02049"),
        ("0.00012", "0.00012"),
        ("20.4 percent", "20.4%"),
        ("20.40 percent", "20.40%"),
        ("70.0 percent", "70.0%"),
        ("0.0 percent", "0.0%"),
        ("1.0e9", "1.0 billion"),
        ("400e9", "400 billion"),
        ("1e7 token", "10 million tokens"),
        ("1500000 Mtoken", "1.5 trillion tokens"),
        ("-0", "0"),
        ("-3 percent", "−3%"),
        ("-1234.5 s", "−1,234.5 s"),
        ("42.9 GB", "42.9 GB"),
        ("1.555e12 B/s", "1.555 TB/s"),
        ("174.6e9", "174.6 billion"),
        ("1e5", "100,000"),
        ("3.1e-7", "3.1 × 10⁻⁷"),
        ("0.6e-4", "6 × 10⁻⁵"),
        ("3e15", "3 × 10¹⁵"),
        # prefixes
        ("989e12 FLOP/s", "989 TFLOP/s"),
        ("80e9 B", "80 GB"),
        ("3.14e23 FLOP", "3.14 × 10²³ FLOP"),
        ("400e9 bit/s", "400 Gbit/s"),
        ("35e9 FLOP/image", "35 GFLOP/image"),
        ("228 KB", "228 kB"),
        # counts
        ("1 token", "1 token"),
        ("-1 token", "−1 token"),
        ("1.0 token", "1.0 tokens"),
        ("0 token", "0 tokens"),
        ("0.5 token", "0.5 tokens"),
        ("8192 token", "8,192 tokens"),
        ("1 gpu", "1 GPU"),
        ("8 gpu", "8 GPUs"),
        ("2 query", "2 queries"),
        ("1 query", "1 query"),
        ("4.2 char/token", "4.2 characters/token"),
        ("16 bit", "16 bits"),
        ("54 day", "54 days"),
        ("12 kuser", "12,000 users"),
        ("15.6e12 token", "15.6 trillion tokens"),
        ("2.95 Mtoken", "2.95 million tokens"),
        ("1 Mtoken", "1 million tokens"),
        ("0.010 Mtoken", "10,000 tokens"),
        ("1500 Mtoken", "1.5 billion tokens"),
        ("30.84e6 gpu*hour", "30.84 million GPU-hours"),
        ("1 hour*gpu", "1 GPU-hour"),
        # rates
        ("320 KiB/token", "320 KiB/token"),
        ("295 FLOP/B", "295 FLOP/B"),
        ("12/s", "12/s"),
        ("5 token/s/gpu", "5 tokens/s/GPU"),
        ("2 request/user/day", "2 requests/user/day"),
        ("4 B**2", "4 B²"),
        ("9.8 J/s**2", "9.8 J/s²"),
        ("3 percent/month", "3%/month"),
        # money
        ("3.99 USD/(gpu*hour)", "$3.99/GPU-hour"),
        ("3.99 USD/hour/gpu", "$3.99/GPU-hour"),
        ("2 USD/(gpu*hour)", "$2/GPU-hour"),
        ("5 USD/Mtoken", "$5/million tokens"),
        ("0.5 USD/Mtoken", "$0.50/million tokens"),
        ("0.0021 USD/request", "$0.0021/request"),
        ("2.5e-6 USD/token", "$0.0000025/token"),
        ("0.023 USD/GB/month", "$0.023/GB/month"),
        ("12.4e6 USD", "$12.4 million"),
        ("12.4 MUSD", "$12.4 million"),
        ("-3.2 USD", "−$3.20"),
        ("1000 token/USD", "1,000 tokens/USD"),
    ],
)
def test_what_was_written_prints_as_written(value, text):
    assert plain(show(parse_quantity(value))) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("327680 B", "327,680 B"),
        ("9999999 B", "9,999,999 B"),
        ("12345678 B", "12.3 MB"),
        ("12345678", "12.3 million"),
        ("1234567.8", "1.23 million"),
        ("1050000000", "1.05 billion"),
        ("2000000000", "2 billion"),
        ("1999900000", "2.00 billion"),
        ("999999.7", "1.00 million"),
        ("999999700.2 B", "1.00 GB"),
        ("999.96", "1,000"),
        ("12345.6", "12,300"),
        ("2.5", "2.5"),
        ("2.496", "2.50"),
        ("2.675", "2.68"),
        ("0.9999", "1.00"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("69.99999999999999 gpu", "70 GPUs"),
        ("0.00001234", "1.23 × 10⁻⁵"),
        ("1e300", "1 × 10³⁰⁰"),
        ("5e-324", "5 × 10⁻³²⁴"),
        ("103218.74 USD", "$103,000"),
        ("1234567.8 USD", "$1.23 million"),
        ("0.50 USD", "$0.50"),
        ("0.0000000123 USD", "$1.23 × 10⁻⁸"),
        ("2.953847 Mtoken", "2.95 million tokens"),
        ("19.513 percent", "19.5%"),
        ("1 token", "1 token"),
        ("-0.0", "0"),
        ("0.99999999999 token", "1 token"),
        ("0.996 token", "0.996 tokens"),
    ],
)
def test_what_was_computed_has_three_digits_or_is_whole(value, text):
    assert plain(show(computed(value))) == text


@pytest.mark.parametrize(
    ("value", "unit", "digits", "text"),
    [
        ("42949672960 B", "GB", None, "42.9 GB"),
        ("42949672960 B", "GiB", None, "40 GiB"),
        ("42949672960 B", "B", None, "42,949,672,960 B"),
        ("42.9e9 B", "B", None, "4.29 × 10¹⁰ B"),
        ("42949672960 B", "MB", None, "42,900 MB"),
        ("42949672960 B", "GB", 5, "42.950 GB"),
        ("42949672960 B", "", 2, "43 GB"),
        ("327680 B", "KiB", None, "320 KiB"),
        ("327680 B", "kB", 2, "330 kB"),
        ("0.19513", "percent", None, "19.5%"),
        ("20.4 percent", "1", None, "0.204"),
        ("8", "", 3, "8.00"),
        ("9.996", "", 3, "10.0"),
        ("128256", "", 2, "130,000"),
        ("0.0087786 s", "ms", None, "8.78 ms"),
        ("0.0021 USD/request", "USD/Mrequest", None, "$2,100/million requests"),
        ("3.99 USD/(gpu*hour)", "USD/(gpu*month)", None, "$2,910/GPU-month"),
        ("1 Mtoken", "token", None, "1,000,000 tokens"),
        ("8192 token", "ktoken", None, "8,192 tokens"),
        ("1 W", "kW*hour/day", None, "0.024 kW·hour/day"),
        ("0", "", 3, "0"),
    ],
)
def test_asked_for_units_and_digits_are_given(value, unit, digits, text):
    assert plain(show(parse_quantity(value), unit, digits)) == text


@pytest.mark.parametrize(
    ("unit", "digits", "reason"),
    [
        ("token", None, "8192 B is in B, which does not convert to token"),
        ("furlong", None, "unknown unit"),
        ("KB)", None, "cannot read"),
        ("", 0, "0 significant digits"),
        ("", 16, "16 significant digits"),
    ],
)
def test_what_cannot_be_shown_says_why(unit, digits, reason):
    with pytest.raises(LedgerError, match=reason):
        show(parse_quantity("8192 B"), unit, digits)


def test_the_root_of_a_unit_cannot_be_shown():
    root = parse_formula("sqrt(2 B)", "l:x").evaluate({})
    with pytest.raises(LedgerError, match="has a root in it"):
        show(root)


def test_a_number_never_parts_from_its_unit():
    assert show(parse_quantity("80 GB")) == "80\N{NO-BREAK SPACE}GB"
    assert show(parse_quantity("12e6 token")) == "12\N{NO-BREAK SPACE}million\N{NO-BREAK SPACE}tokens"
    assert show(parse_quantity("3e-9")) == "3\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻⁹"


@pytest.mark.parametrize("text", ["", "about 3", "3 furlongs", "1.2.3", "× 10⁶", "$"])
def test_what_is_not_printed_here_is_not_read(text):
    with pytest.raises(LedgerError):
        read_typed(text, parse_unit("1"))


NUMBERS = st.floats(1e-30, 1e30) | st.floats(-1e30, -1e-30) | st.integers(-(10**9), 10**9).map(float)
UNITS_SHOWN = """
    1 percent B KiB GB KB bit Gbit/s B/s KiB/token B**2 FLOP TFLOP/s FLOP/B s ms hour W*hour J/s**2 1/s
    token ktoken Mtoken token/Mtoken token/s/gpu char/token gpu gpu*hour query kuser/day
    USD MUSD USD/Mtoken USD/(gpu*hour) USD/request USD/GiB/hour
"""
SHOWN = st.sampled_from(UNITS_SHOWN.split())


@given(NUMBERS, SHOWN, st.none() | st.integers(1, 15))
@example(999.9999, "token", None)
@example(9999999.5, "B", None)
@example(999999.5, "USD", 3)
def test_what_is_printed_is_the_number_to_its_last_digit(number, unit, digits):
    quantity = Quantity(number, parse_unit(unit))
    found = read_typed(show(quantity, digits=digits), quantity.unit)
    assert found.dimension == quantity.dimension
    assert found.base == pytest.approx(quantity.base, rel=0.5000001 * 10 ** (1 - (digits or 3)))


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    SHOWN,
)
def test_every_digit_an_author_wrote_is_printed(number, unit):
    quantity = parse_quantity(f"{number} {unit}" if unit != "1" else str(number))
    assert read_typed(show(quantity), quantity.unit).base == pytest.approx(quantity.base, rel=1e-14, abs=1e-300)


@given(st.floats(1e-200, 1e200), SHOWN, SHOWN)
def test_asking_for_a_unit_gives_it_or_a_ledger_error(number, one, other):
    try:
        text = show(in_unit(number, parse_unit(one)), other)
    except LedgerError:
        return
    assert read_typed(text, parse_unit(one)).dimension == parse_unit(one).dimension == parse_unit(other).dimension
