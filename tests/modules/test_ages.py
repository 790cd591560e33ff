"""What has aged says so on the page, though the page was rendered when it had not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from modules import ages
from modules.models import Module
from tests.factories import lesson_text, make_file, make_lesson, make_number, make_source

SEEN = date(2026, 5, 1)
LEDGER = {
    "price": make_number("2 USD/Mtoken", source="doe", at="Table 3", as_of="2026-05-01", label="Price"),
    "size": make_number("3 Mtoken", label="Size"),
    "cost": make_number(formula="price * size", unit="USD", label="Cost"),
}
BODY = "## In one minute {#minute}\n\nAt [=price] for [=size] it is [=cost]; once more [=price].\n"


@pytest.fixture
def lesson(db):
    make_source("doe")
    return make_lesson("one", ledger=LEDGER, body=BODY)


@pytest.fixture
def on(monkeypatch):
    """Let it be another day."""
    return lambda day: monkeypatch.setattr(timezone, "localdate", lambda: day)


def page(client, address="/modules/one/"):
    return client.get(address).content.decode()


class TestAge:
    @pytest.mark.parametrize(("days", "text"), [(0, "0 days old"), (1, "1 day old"), (200, "200 days old")])
    def test_in_words(self, days, text):
        assert ages.age("2026-05-01", SEEN + timedelta(days=days)) == text

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-1000, 1000))
    def test_it_is_stale_after_180_days(self, today, days):
        seen = (today - timedelta(days=days)).isoformat()
        assert ages.is_stale(seen, today) == (days > 180) == bool(ages.badge(seen, today))

    def test_what_has_no_date_does_not_age(self):
        assert not ages.is_stale("", SEEN)


class TestALesson:
    def test_young_prices_carry_nothing(self, client, lesson, on):
        on(SEEN + timedelta(days=180))
        assert "stale" not in page(client)

    def test_an_old_price_says_so_where_it_is_first_printed_and_in_the_ledger(self, client, lesson, on):
        on(SEEN + timedelta(days=181))
        text = page(client)
        assert text.count('<span class="stale" title="Rests on what was seen on 2026-05-01">181 days old</span>') == 4
        first, again = [part.split("</p>")[0] for part in text.split('href="#number-price"')[1:3]]
        assert "</a> <span" in first
        assert again.endswith("</a>.")

    def test_so_does_what_is_computed_from_it_and_nothing_else(self, client, lesson, on):
        on(SEEN + timedelta(days=181))
        text = page(client)
        for name, is_stale in (("price", True), ("cost", True), ("size", False)):
            row = text.split(f'id="number-{name}"')[1].split("</tr>")[0]
            assert ("stale" in row) == is_stale

    def test_it_is_not_rendered_again_for_that(self, client, lesson, on, settings):
        settings.SHARED_SECONDS = 0
        on(SEEN + timedelta(days=180))
        before = page(client)
        on(SEEN + timedelta(days=181))
        assert "stale" in page(client)
        assert "stale" not in Module.objects.get(pk="one").html
        on(SEEN + timedelta(days=180))
        assert page(client) == before

    def test_a_price_that_was_seen_again_is_young_again(self, client, lesson, on, settings):
        settings.SHARED_SECONDS = 0
        on(SEEN + timedelta(days=400))
        assert "stale" in page(client)
        seen_again = LEDGER | {"price": LEDGER["price"] | {"as_of": "2027-06-01"}}
        make_file("modules/one.md", lesson_text("one", ledger=seen_again, body=BODY))
        assert "stale" not in page(client)

    def test_the_raw_text_keeps_the_day(self, client, lesson):
        assert "as of 2026-05-01" in page(client, "/raw/one.md")


class TestPagesOfNumbers:
    def test_a_price_always_tells_its_age(self, client, lesson, on):
        on(SEEN + timedelta(days=30))
        assert "2026-05-01</time>, 30 days old" in page(client, "/numbers/one/price/")

    def test_and_wears_a_badge_once_it_is_stale(self, client, lesson, on):
        on(SEEN + timedelta(days=300))
        assert '<span class="stale"' in page(client, "/numbers/one/price/")
        assert "rests on what was seen on" in page(client, "/numbers/one/cost/")
        assert page(client, "/numbers/?q=one:").count('<span class="stale"') == 2
        assert "stale" not in page(client, "/numbers/one/size/").split('<h2 id="read-by">')[0]
