"""Reporting an error, from the page it stands on to the answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from modules import reports
from modules.models import Report

TEXT = "The paper says four, in Table 2."


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(reports, "SOONEST_S", 0)


def test_a_report_from_a_number_to_its_answer(page):
    page.goto("/numbers/kv-cache/cache_long/")
    page.get_by_role("link", name="Report an error in this number").click()
    expect(page.get_by_text("kv-cache:cache_long")).to_be_visible()
    page.keyboard.press("Tab")
    page.get_by_label("What is wrong").fill(TEXT)
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"/report/[\w-]{24}/$"))
    expect(page.get_by_text(TEXT)).to_be_visible()
    assert Report.objects.get().about == "kv-cache:cache_long"


@pytest.mark.parametrize("where", [".block-derivation", "details.answer"])
def test_it_works_without_script_from_inside_a_lesson(new_context, where):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/modules/kv-cache/")
    place = page.locator(where).first
    if where == "details.answer":
        place.locator("summary").click()
    place.get_by_role("link", name="Report an error").click()
    expect(page.locator(".eyebrow")).to_contain_text("KV Cache")
    page.get_by_label("What is wrong").fill(TEXT)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Your report")).to_be_visible()


def test_no_reader_meets_the_field_for_programs(page):
    page.goto("/report/?about=kv-cache")
    page.get_by_label("What is wrong").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
