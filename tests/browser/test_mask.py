"""Mask mode: the numbers of a lesson hidden until they are guessed, with and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

LESSON = "/modules/kv-cache/"
SWITCH = "Hide the numbers"
# Llama 3 70B's cache per token, in the text's first section, and the ledger's row of it.
NUMBER, ROW = ".lesson p > a.number[href='#number-kv_per_token']", "tr#number-kv_per_token"
INVISIBLE = "rgba(0, 0, 0, 0)"


def switch(page):
    return page.get_by_role("button", name=SWITCH)


def card(page):
    return page.locator(".card:popover-open")


def is_hidden(page):
    return page.locator(NUMBER).first.evaluate("number => getComputedStyle(number).color") == INVISIBLE


def guess(page, text):
    page.locator(NUMBER).first.click()
    card(page).get_by_label("KV cache per token, Llama 3 70B (KiB/token)").fill(text)
    page.keyboard.press("Enter")


@pytest.fixture
def masked(page):
    page.goto(LESSON)
    page.keyboard.press(".")
    expect(switch(page)).to_have_attribute("aria-pressed", "true")
    return page


def test_the_key_and_the_button_hide_and_show_every_number(page):
    page.goto(LESSON)
    assert not is_hidden(page)
    page.keyboard.press(".")
    assert is_hidden(page)
    expect(page.locator(f"{ROW} td").first).to_be_hidden()
    expect(page.locator("#explorer-memory form")).to_be_hidden()
    expect(page.locator("#explorer-memory")).to_contain_text("Hidden while the numbers are")
    shown = page.locator(".lesson-page a.number").evaluate_all(
        f"all => all.filter(one => getComputedStyle(one).color !== '{INVISIBLE}').map(one => one.textContent)"
    )
    assert shown == []
    switch(page).click()
    assert not is_hidden(page)
    expect(page.locator(f"{ROW} td").first).to_be_visible()
    expect(page.locator("#explorer-memory form")).to_be_visible()


def test_nothing_moves(page):
    page.goto(LESSON)
    place = "() => document.querySelector('#derivation').getBoundingClientRect().top"
    before = page.evaluate(place)
    page.keyboard.press(".")
    assert page.evaluate(place) == before


def test_a_screen_reader_hears_the_name_and_not_the_number(masked):
    expect(masked.locator(NUMBER).first).to_have_accessible_name("KV cache per token, Llama 3 70B, hidden")
    masked.keyboard.press(".")
    expect(masked.locator(NUMBER).first).to_have_accessible_name("320\xa0KiB/token")


def test_the_single_key_can_be_switched_off_and_stands_in_the_help(page):
    page.goto(LESSON)
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys")
    expect(help_.get_by_role("row", name="Hide a lesson's numbers")).to_contain_text(".")
    help_.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    expect(switch(page)).to_have_attribute("aria-pressed", "false")
    assert not is_hidden(page)


def test_typing_a_point_hides_nothing(page):
    page.goto(LESSON)
    page.get_by_label("Tokens per conversation (tokens)").focus()
    page.keyboard.type(".")
    expect(switch(page)).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("320", "Right."),
        ("0.3 MiB", "Within 2×"),
        ("327.68", "KB for KiB"),
        ("40", "bytes for bits"),
        ("160", "keys without values"),
        ("1", "Far off"),
    ],
)
def test_a_guess_is_scored_and_opens_the_numbers_own_card(masked, text, said):
    guess(masked, text)
    expect(card(masked)).to_contain_text(said)
    expect(card(masked)).to_contain_text("320 KiB/token")
    expect(card(masked).locator("code")).to_contain_text("layers")
    expect(masked.locator(NUMBER).first).to_be_focused()
    assert not is_hidden(masked)
    expect(masked.locator(f"{ROW} td").first).to_be_visible()
    expect(masked.locator(".mask-tally")).to_contain_text("of 1 guesses")


def test_what_is_no_guess_says_so_and_keeps_the_text(masked):
    guess(masked, "a lot")
    expect(card(masked).get_by_role("alert")).to_contain_text("'a lot' is not a number")
    expect(card(masked).locator("input")).to_have_value("a lot")
    assert is_hidden(masked)


def test_it_can_be_revealed(masked):
    masked.locator(NUMBER).first.click()
    card(masked).get_by_role("button", name="Reveal").click()
    expect(card(masked)).to_contain_text("320 KiB/token")
    assert not is_hidden(masked)
    masked.keyboard.press("Escape")
    masked.locator(NUMBER).first.click()
    expect(card(masked).locator(".value")).to_be_visible()  # as without the mask


def test_hidden_again_what_was_known_is_not(masked):
    guess(masked, "320")
    expect(card(masked)).to_contain_text("Right")
    switch(masked).click()
    switch(masked).click()
    assert is_hidden(masked)


def test_without_a_connection_it_says_so_and_can_be_revealed(masked):
    masked.locator(NUMBER).first.click()
    masked.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')) }")
    card(masked).locator("input").fill("320")
    masked.keyboard.press("Enter")
    expect(card(masked).get_by_role("alert")).to_contain_text("without a connection")
    card(masked).get_by_role("button", name="Reveal").click()
    expect(card(masked)).to_contain_text("320 KiB/token")


def test_the_switch_stays_as_it_is_on_the_next_page_and_before_it_is_painted(masked):
    masked.goto("/modules/attention/")
    expect(switch(masked)).to_have_attribute("aria-pressed", "true")
    assert masked.evaluate("'mask' in document.documentElement.dataset")
    masked.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.first = 'mask' in document.documentElement.dataset })"
    )
    masked.reload()
    assert masked.evaluate("window.first")


def test_the_page_has_the_same_bytes_in_every_state(masked, base_url):
    on = masked.request.get(f"{base_url}{LESSON}")
    masked.keyboard.press(".")
    off = masked.request.get(f"{base_url}{LESSON}")
    assert on.body() == off.body()
    assert on.headers["etag"] == off.headers["etag"]


def test_paper_shows_every_number(masked):
    masked.emulate_media(media="print")
    assert not is_hidden(masked)
    expect(masked.locator(".mask-line")).to_be_hidden()


def test_forced_colours_hide_them_too(masked):
    masked.emulate_media(forced_colors="active")
    assert is_hidden(masked)


def test_where_nothing_can_be_stored_it_works_for_the_page(page):
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    page.goto(LESSON)
    page.keyboard.press(".")
    assert is_hidden(page)


def test_from_the_keyboard_alone(masked):
    masked.locator(NUMBER).first.focus()
    masked.keyboard.press("Enter")
    expect(card(masked).locator("input")).to_be_focused()
    masked.keyboard.press("Escape")
    expect(masked.locator(NUMBER).first).to_be_focused()
    masked.keyboard.press("Enter")
    masked.keyboard.type("320")
    masked.keyboard.press("Enter")
    expect(card(masked)).to_contain_text("Right.")
    masked.keyboard.press("Tab")
    expect(card(masked).locator("a").first).to_be_focused()


def test_without_script_the_numbers_are_asked_one_at_a_time(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(LESSON)
    expect(switch(page)).to_be_hidden()
    page.get_by_role("link", name="Guess its numbers").click()
    expect(page.locator(".eyebrow")).to_contain_text("1 of")
    page.get_by_label("Your guess").fill("nonsense")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("'nonsense' is not a number")
    page.get_by_label("Your guess").fill("131072")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".graded")).to_contain_text("Right.")
    page.get_by_role("link", name="Next number").click()
    expect(page.locator(".eyebrow")).to_contain_text("2 of")
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator(".drill-truth")).to_contain_text("42.9 GB")
    page.get_by_role("link", name="Back to the lesson").click()
    expect(page).to_have_url(LESSON)
