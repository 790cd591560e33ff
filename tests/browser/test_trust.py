"""The trust page, ages on a lesson, and what a reader does from a number's card, with and without script."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from modules import shared
from tests.browser.test_pages import faults

LATER = date(2027, 11, 28)


@pytest.fixture
def a_year_later(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: LATER)
    shared.forget()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_stale_price_wears_its_age_in_the_lesson_and_on_its_page(new_context, a_year_later, has_script):
    page = new_context(java_script_enabled=has_script).new_page()
    page.goto("/modules/kv-cache/")
    row = page.locator("tr[id^=number-]:has(.stale)").first
    expect(row.locator(".stale")).to_have_text("429 days old")
    expect(page.locator(":is(p, li, td) > a.number ~ .stale").first).to_be_attached()
    row.locator("th a:has(code)").click()
    expect(page.locator(".number-page > .meta .stale")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_a_page_with_badges_is_still_accessible(new_context, a_year_later, width, scheme):
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto("/modules/kv-cache/")
    assert faults(page, "main") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_card_of_a_stale_price_says_its_age_too(page, a_year_later):
    page.goto("/modules/kv-cache/")
    page.locator("a.number:has(+ .stale)").first.click()
    expect(page.locator(".card .stale")).to_be_visible()


def test_a_card_leads_to_the_numbers_page_and_to_a_report_that_knows_it(page):
    page.goto("/modules/kv-cache/")
    page.locator('a.number[href="#number-kv_per_token"]').first.click()
    card = page.locator(".card")
    expect(card.get_by_role("link", name="Its page")).to_have_attribute("href", "/numbers/kv-cache/kv_per_token/")
    card.get_by_role("link", name="Report an error").click()
    expect(page.locator(".page > .meta code")).to_have_text("kv-cache:kv_per_token")


def test_a_shared_number_is_reported_by_its_own_id(page):
    page.goto("/modules/kv-cache/")
    number = page.locator('a.number[href^="#number-h100"]:visible').first
    group, name = number.get_attribute("href").removeprefix("#number-").split("-")
    number.click()
    page.locator(".card").get_by_role("link", name="Report an error").click()
    expect(page.locator(".page > .meta code")).to_have_text(f"{group}.{name}")


@pytest.mark.parametrize("has_script", [True, False])
def test_the_trust_page_is_found_and_says_it_all(new_context, has_script):
    page = new_context(java_script_enabled=has_script).new_page()
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Trust").click()
    expect(page.locator(".standfirst")).to_contain_text("100%")
    for heading in ("Numbers", "Derivations", "Sources", "Prices", "Error reports", "Lesson by lesson"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="KV Cache")).to_be_visible()


def test_a_history_is_drawn_and_can_be_read_as_a_table(page):
    page.goto("/numbers/deepseek_v4_pro/output/")
    expect(page.get_by_role("img", name="Price of output over time")).to_be_visible()
    page.get_by_text("The plot as a table").click()
    expect(page.get_by_role("cell", name="15 August 2026")).to_be_visible()
