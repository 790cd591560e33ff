"""Drift: what is old, and which prices of APIs are others by now. The data is that of the installed package."""

from __future__ import annotations

import sys
from datetime import date, time
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)

from modules import drift
from modules.content import Content
from modules.market import KEYS, Market, MarketError
from tests.factories import everything, make_file, make_lesson, make_number, make_source

TODAY = date(2026, 11, 28)
GROUP = (
    "groups:\n  - id: api\n    title: An API\n    kind: price\n    source: doe\n    at: List\n    as_of: 2026-05-01\n"
    "    api_model: acme/one\n    numbers:\n"
)


def priced(**prices):
    return ModelPrice(**{key: Decimal(value) if isinstance(value, str) else value for key, value in prices.items()})


def since(day, **prices):
    return ConditionalPrice(StartDateConstraint(date.fromisoformat(day)), prices=priced(**prices))


MODELS = {
    "one": priced(input_mtok="2", output_mtok="8", cache_read_mtok="0.2"),
    "tiered": priced(input_mtok=TieredPrices(Decimal(2), [Tier(200_000, Decimal(4))])),
    "moving": [
        ConditionalPrice(prices=priced(input_mtok="5")),
        since("2026-06-01", input_mtok="3"),
        since("2027-01-01", input_mtok="6"),
    ],
    "peaks": [
        ConditionalPrice(prices=priced(output_mtok="1")),
        ConditionalPrice(TimeOfDateConstraint(time(1), time(4)), prices=priced(output_mtok="2")),
    ],
}


@pytest.fixture
def market():
    found = Market()
    found._models = {"acme": {id_: ModelInfo(id_, ClauseEquals(id_), prices=p) for id_, p in MODELS.items()}}
    return found


class TestMarket:
    @pytest.mark.parametrize(
        ("model", "name", "value"),
        [
            ("one", "input", "2"),
            ("one", "output", "8"),
            ("one", "cache_read", "0.2"),
            ("one", "cached_input", "0.2"),
            ("tiered", "input", "2"),
            ("tiered", "input_to_200k", "2"),
            ("tiered", "input_above_200k", "4"),
            ("peaks", "output", "1"),
            ("peaks", "output_peak", "2"),
            ("moving", "input", "3"),
        ],
    )
    def test_a_price_goes_by_its_name(self, market, model, name, value):
        assert market.rate(f"acme/{model}", name, TODAY).value == Decimal(value)

    def test_it_says_since_when_and_until_when(self, market):
        rate = market.rate("acme/moving", "input", TODAY)
        assert (rate.since, rate.next) == (date(2026, 6, 1), (date(2027, 1, 1), Decimal(6)))
        assert market.rate("acme/moving", "input", date(2026, 5, 1)).value == 5
        assert market.rate("acme/moving", "input", date(2027, 5, 1)).next is None

    @pytest.mark.parametrize(
        ("model", "name", "message"),
        [
            ("acme/two", "input", "genai-prices has no acme/two"),
            ("nobody/one", "input", "genai-prices has no nobody/one"),
            ("one", "input", "genai-prices has no one"),
            ("acme/one", "batch", "'batch' names no price"),
            ("acme/one", "cache_write_1h", "no cache_write_1h_mtok for acme/one"),
            ("acme/tiered", "input_above_100k", "no input_mtok for acme/tiered"),
        ],
    )
    def test_what_is_not_there_is_never_zero(self, market, model, name, message):
        with pytest.raises(MarketError, match=message):
            market.rate(model, name, TODAY)

    def test_the_package_has_the_keys_it_is_asked_for(self):
        from genai_prices.data import providers

        known = {key for provider in providers for model in provider.models for key in _keys(model)}
        assert set(KEYS.values()) <= known


def _keys(model):
    prices = [model.prices] if isinstance(model.prices, ModelPrice) else [one.prices for one in model.prices]
    return {key for price in prices for key in price.__dict__}


@pytest.mark.django_db
class TestCompare:
    @pytest.fixture(autouse=True)
    def _source(self):
        make_source("doe")

    def compare(self, market, *lines, group=GROUP):
        make_file("reference.yaml", group + "".join(f"      {line}\n" for line in lines))
        return {finding.id: finding for finding in drift.compare(Content.read(), market, TODAY)}

    def test_the_same_price_has_not_moved(self, market):
        found = self.compare(market, "input: {value: 2.00 USD/Mtoken, label: Input}")
        assert not found["api.input"].has_moved

    def test_neither_has_one_in_another_unit(self, market):
        found = self.compare(market, "input: {value: 0.002 USD/ktoken, label: Input}")
        assert not found["api.input"].has_moved

    def test_another_has(self, market):
        finding = self.compare(market, "output: {value: 9 USD/Mtoken, label: Output}")["api.output"]
        assert (finding.ours, finding.theirs, finding.has_moved) == (9, 8, True)

    def test_what_cannot_be_compared_says_why(self, market):
        found = self.compare(
            market,
            "input: {value: 2 USD/request, label: Input}",
            "batch: {value: 2 USD/Mtoken, label: Batch}",
            "twice: {formula: 2 * api.batch, unit: USD/Mtoken, label: Twice}",
        )
        assert "no price of tokens" in found["api.input"].trouble
        assert "names no price" in found["api.batch"].trouble
        assert "api.twice" not in found

    def test_a_group_that_names_no_model_is_told_of(self, market):
        found = self.compare(market, "input: {value: 2 USD/Mtoken, label: Input}", group=GROUP.replace("acme/one", ""))
        assert found == {}
        assert drift.uncompared(Content.read(), found) == ["api.input"]


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture(autouse=True)
    def _notebook(self):
        make_source("doe")
        make_file(
            "reference.yaml",
            GROUP.replace("acme/one", "openai/gpt-4o") + "      input: {value: 9 USD/Mtoken, label: In}\n",
        )
        fact = make_number("7 percent", source="doe", at="Table 1", as_of="2026-11-01", label="Share")
        make_lesson("one", ledger={"share": fact, "size": make_number("2 B")})

    def drift(self, **options):
        out = StringIO()
        call_command("drift", on=TODAY, stdout=out, **options)
        return out.getvalue()

    def test_prices_and_dated_facts_are_listed_by_age(self):
        lines = self.drift().splitlines()
        line = " ".join(lines[0].split())
        assert line == "211 days price api.input $9/million tokens as of 2026-05-01, doe stale"
        assert lines[1].startswith("   27 days  fact   one:share  7%  as of 2026-11-01, doe")
        assert lines[2] == "2 dated numbers, 1 of them stale."

    def test_a_price_that_moved_is_proposed_as_it_would_stand_in_the_file(self):
        proposed = self.drift()
        assert "api.input: we say 9, the data says 2.5" in proposed
        assert "    value: 2.5 USD/Mtoken\n    as_of: 2026-11-28\n" in proposed
        assert "    earlier: [..., 9 USD/Mtoken on 2026-05-01]" in proposed
        assert "1 have moved. Nothing was edited." in proposed

    def test_nothing_is_edited(self):
        before = everything()
        self.drift()
        assert everything() == before

    def test_check_fails_where_something_moved(self):
        with pytest.raises(CommandError, match="1 prices have moved, 1 dated numbers are stale"):
            self.drift(check=True)

    def test_without_the_package_it_lists_ages_and_says_how_to_get_it(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "genai_prices.data", None)
        with pytest.raises(CommandError, match=r"it comes with requirements-dev\.lock"):
            self.drift()
