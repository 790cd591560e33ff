"""The referee's page: a pasted answer is judged, with and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

ANSWER = "Llama 3 70B has 80 layers and 16 key-value heads.\n\nIt takes 320 GiB (`kv-cache:cache_long`), or 140 GB."


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def anyhow(request, new_context):
    return new_context(java_script_enabled=request.param).new_page()


def check(page, text):
    page.goto("/check/")
    page.get_by_label("The answer").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()


def test_an_answer_is_judged_and_stays(anyhow):
    check(anyhow, ANSWER)
    wrong, right = anyhow.locator(".verdicts.is-contradicts"), anyhow.locator(".verdicts.is-agrees")
    expect(wrong.get_by_role("heading")).to_have_text("2 contradict the ledger")
    expect(wrong).to_contain_text("the text says 2 times that")
    expect(wrong).to_contain_text("bits for bytes")
    expect(wrong.locator("mark")).to_have_text(["16", "320 GiB"])
    expect(right.locator("mark")).to_have_text(["80"])
    expect(anyhow.locator("details.verdicts")).to_contain_text("1 the ledger cannot judge")
    expect(anyhow.get_by_label("The answer")).to_have_value(ANSWER)
    wrong.get_by_role("link", name="8", exact=True).click()
    expect(anyhow).to_have_url("/numbers/llama3_70b/kv_heads/")


def test_a_text_that_is_too_long_is_not_lost(anyhow):
    check(anyhow, "a " * 12_000)
    expect(anyhow.get_by_role("alert")).to_contain_text("20,000 are read at once")
    expect(anyhow.get_by_label("The answer")).to_have_value("a " * 12_000)
