"""Search from the keyboard: as you type in the header, and as a page."""

from __future__ import annotations

from playwright.sync_api import expect


def test_results_come_as_you_type_and_are_reached_by_tab(page):
    page.goto("/")
    page.get_by_label("Search the notebook").focus()
    page.keyboard.type("paged")
    result = page.locator("#results").get_by_role("link", name="KV Cache & Memory").first
    expect(result).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#results a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/modules/kv-cache/#production")


def test_escape_puts_the_results_away(page):
    page.goto("/")
    page.get_by_label("Search the notebook").focus()
    page.keyboard.type("cache")
    expect(page.locator("#results a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#results")).to_be_hidden()


def test_enter_leads_to_the_search_page(page):
    page.goto("/")
    page.get_by_label("Search the notebook").focus()
    page.keyboard.type("cache")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?q=cache")
    expect(page.locator("#found mark").first).to_contain_text("cache")


def test_search_page_searches_as_you_type_and_keeps_its_address(page):
    page.goto("/search/")
    page.get_by_label("Words").fill("tokenizer")
    expect(page.locator("#found")).to_contain_text("Tokenization")
    expect(page).to_have_url("/search/?q=tokenizer")
    page.reload()
    expect(page.locator("#found")).to_contain_text("Tokenization")


def test_nothing_found_is_said(page):
    page.goto("/search/")
    page.get_by_label("Words").fill("zzzzzz")
    expect(page.locator("#found")).to_have_text("Nothing is found for “zzzzzz”.")


def test_search_is_a_page_without_script(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_label("Search the notebook").fill("attension")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?q=attension")
    expect(page.locator("#found")).to_contain_text("Self-Attention")
