"""What readers type as a value: everything the notebook prints, what authors write, and everything else refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.ledger import LedgerError, Quantity, parse_quantity, parse_unit, read_typed, read_unit, show
from modules.ledger.typed import MAX_TYPED
from tests.modules.ledger.test_display import NUMBERS, SHOWN


@pytest.mark.parametrize(
    ("text", "unit", "quantity"),
    [
        ("8192", "token", "8192 token"),
        (" 8,192 ", "token", "8192 token"),
        ("8,192 tokens", "token", "8192 token"),
        ("8k tokens", "token", "8000 token"),
        ("1 token", "token", "1 token"),
        ("0.5", "percent", "0.5 percent"),
        ("19.5%", "1", "0.195"),
        ("90", "1", "90"),
        ("5.37 GB", "GiB", "5.37e9 B"),
        ("5GB", "B", "5e9 B"),
        ("5 gb", "B", "5e9 B"),
        ("320 KiB/token", "B/token", "327680 B/token"),
        ("$3.99/GPU-hour", "USD/(gpu*hour)", "3.99 USD/(gpu*hour)"),
        ("3.99 USD/(gpu*hour)", "USD/(gpu*hour)", "3.99 USD/(gpu*hour)"),
        ("$5/million tokens", "USD/token", "5 USD/Mtoken"),
        ("-$5", "USD", "-5 USD"),
        ("$12.4 million", "USD", "12.4e6 USD"),
        ("16 GPUs", "gpu", "16 gpu"),
        ("30 GPU-hours", "gpu*hour", "30 gpu*hour"),
        ("70 tokens/s/GPU", "token/s/gpu", "70 token/s/gpu"),
        ("12/s", "Hz", "12 1/s"),
        ("70B", "1", "7e10"),
        ("70B", "MB", "70 B"),
        ("15T tokens", "token", "15e12 token"),
        ("2B tokens", "token", "2e9 token"),
        ("3 × 10⁻⁷", "1", "3e-7"),
        ("3x10^9", "1", "3e9"),
        ("3 * 10**-9", "1", "3e-9"),
        ("1.5e3", "1", "1500"),
        ("7 B²", "B**2", "7 B**2"),
        ("989 TFLOPS", "FLOP/s", "989e12 FLOP/s"),
        ("3 Tokens", "token", "3 token"),
        ("12 h", "minute", "12 hour"),
    ],
)
def test_readers_hands_are_read(text, unit, quantity):
    found, meant = read_typed(text, parse_unit(unit)), parse_quantity(quantity)
    assert found.dimension == meant.dimension
    assert found.base == pytest.approx(meant.base, 1e-12)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a number"),
        ("many", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("0x400", "x400"),
        ("1_000", "not a number"),
        ("3,5", "not a number"),
        ("١٠٢٤", "not a number"),
        ("1\0", "not a number"),
        ("1e999", "too large"),
        ("1 furlong", "furlong"),
        ("16 Ktoken", "Ktoken"),
        ("5 Gb", "Gb"),
        ("5 GB", "does not convert to token"),
        ("9**9**9 token", "not a number"),
        ("9" * 5000, "longer than 80 characters"),
    ],
)
def test_what_cannot_be_read_is_named(text, reason):
    with pytest.raises(LedgerError, match=reason) as caught:
        read_typed(text, parse_unit("token"))
    assert len(str(caught.value)) < 200


def test_the_digits_that_were_typed_are_kept():
    assert show(read_typed("0.20", parse_unit("percent"))) == "0.20%"
    assert show(read_typed("12.40 million tokens", parse_unit("token"))) == "12.40\xa0million\xa0tokens"


@given(NUMBERS, SHOWN, st.none() | st.integers(1, 15))
def test_what_is_printed_is_read_back(number, unit, digits):
    quantity = Quantity(number, parse_unit(unit))
    shown = show(quantity, digits=digits)
    found = read_typed(shown, quantity.unit)
    assert found.base == pytest.approx(quantity.base, rel=0.5000001 * 10 ** (1 - (digits or 3)))


@given(SHOWN)
def test_a_unit_is_read_as_authors_write_it(unit):
    assert read_unit(unit) == parse_unit(unit)


@given(st.text(max_size=MAX_TYPED + 20) | st.from_regex(r"-?\$?[0-9.,]{1,6} ?[kMBTx×*10^⁷() /%a-zA-Z-]{0,20}"), SHOWN)
def test_anything_is_read_or_refused(text, unit):
    with suppress(LedgerError):
        found = read_typed(text, parse_unit(unit))
        assert found.dimension == parse_unit(unit).dimension
