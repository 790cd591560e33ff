"""Home: a number to question, with script and without, and where a reader is."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from progress import events
from progress.models import StudyEvent

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def plain(new_context):
    """A page without script."""
    return new_context(java_script_enabled=False).new_page()


def field(page):
    return page.get_by_label("Tokens per conversation (tokens)")


def sentence(page):
    return page.locator("#live-answer")


def test_the_sentence_follows_what_is_typed(page):
    page.goto("/")
    expect(sentence(page)).to_contain_text("keeps 2.68 GB of GPU memory")
    field(page).fill("131072")
    expect(sentence(page)).to_contain_text("keeps 42.9 GB of GPU memory")
    expect(page.get_by_role("slider")).to_have_value("400")
    expect(page).to_have_url("/")


def test_the_slider_moves_the_field_and_the_sentence(page):
    page.goto("/")
    page.get_by_role("slider").press("Home")
    expect(field(page)).to_have_value("1024")
    expect(sentence(page)).to_contain_text("0.336 GB")


def test_enter_stays_on_the_page(page):
    page.goto("/")
    field(page).fill("16384")
    field(page).press("Enter")
    expect(sentence(page)).to_contain_text("5.37 GB")
    expect(page).to_have_url("/")


def test_bad_input_claims_nothing_until_it_is_mended(page):
    page.goto("/")
    field(page).fill("7")
    expect(sentence(page).locator(".error")).to_have_text("7 is outside 1,024 tokens to 131,072 tokens.")
    expect(sentence(page)).not_to_contain_text("GB")
    field(page).fill("8,192")
    expect(sentence(page)).to_contain_text("2.68 GB")
    expect(sentence(page).locator(".error")).to_have_count(0)


def test_the_number_leads_to_its_defence(page):
    page.goto("/")
    sentence(page).get_by_role("link", name="2.68 GB").click()
    expect(page).to_have_url("/modules/kv-cache/#number-cache")
    page.go_back()
    page.get_by_role("link", name="320 KiB/token").click()
    expect(page.locator("#number-kv_per_token")).to_be_in_viewport()


def test_it_is_a_form_without_script(plain):
    plain.goto("/")
    field(plain).fill("16384")
    plain.get_by_role("button", name="Compute").click()
    expect(sentence(plain)).to_contain_text("keeps 5.37 GB of GPU memory")
    expect(field(plain)).to_have_value("16384")
    plain.get_by_role("slider").press("End")
    plain.get_by_role("button", name="Compute").click()
    expect(field(plain)).to_have_value("131072")
    field(plain).fill("many")
    field(plain).press("Enter")
    expect(field(plain)).to_have_attribute("aria-invalid", "true")
    expect(field(plain)).to_have_value("many")
    expect(sentence(plain)).to_contain_text("many")
    expect(sentence(plain)).not_to_contain_text("GB")


def test_the_promise_and_the_number_are_seen_without_scrolling(page):
    page.set_viewport_size(PHONE)
    page.goto("/")
    for part in (page.get_by_role("heading", level=1), sentence(page)):
        expect(part).to_be_in_viewport(ratio=1)


def test_a_reader_sees_what_they_read_and_where_they_are(page, reader):
    events.record(reader, StudyEvent.Kind.COMPLETED, "tokenization")
    page.goto("/modules/attention/")
    page.goto("/")
    expect(page.locator(".states > li[class]")).to_have_text(["1 read", "1 reading", "1 to read", "81 planned"])
    expect(page.locator(".lesson-mark.is-done")).to_contain_text("Tokenization, read")
    expect(page.locator(".lesson-mark.is-reading")).to_contain_text("Self-Attention, reading")
    page.get_by_role("link", name="Continue: Self-Attention").click()
    expect(page).to_have_url("/modules/attention/")
