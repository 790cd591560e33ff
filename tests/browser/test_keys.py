"""Single keys: what they do, when they must not, and how they are switched off (WCAG 2.1.4)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

FIRST, SECOND, LAST = "/modules/tokenization/", "/modules/attention/", "/modules/kv-cache/"


def help_of(page):
    return page.get_by_role("dialog", name="Keys")


def palette(page):
    return page.get_by_role("dialog", name="Search and jump")


def test_n_and_p_lead_through_the_lessons(page):
    page.goto(FIRST)
    for key, address in [("n", SECOND), ("n", LAST), ("p", SECOND), ("p", FIRST)]:
        page.keyboard.press(key)
        expect(page).to_have_url(address)
        page.wait_for_load_state()  # keys are heard once the page has its scripts


def test_there_is_nothing_before_the_first_and_after_the_last(page):
    for key, address in [("p", FIRST), ("n", LAST)]:
        page.goto(address)
        page.keyboard.press(key)
        page.keyboard.press("?")  # handled after it
        expect(help_of(page)).to_be_visible()
        expect(page).to_have_url(address)


@pytest.mark.parametrize("key", ["Control+n", "Alt+n", "Meta+p", "Control+/", "Alt+/", "Control+Shift+k"])
def test_with_a_modifier_they_are_the_browsers(page, key):
    page.goto(SECOND)
    page.evaluate(
        "addEventListener('keydown', event => { window.taken = event.defaultPrevented; event.preventDefault() })"
    )
    page.keyboard.press(key)
    assert page.evaluate("window.taken") is False
    expect(palette(page)).to_be_hidden()
    expect(page).to_have_url(SECOND)


def test_nothing_happens_while_typing(page):
    page.goto(LAST)
    explorer = page.get_by_label("Tokens per conversation (tokens)")
    explorer.fill("")
    page.keyboard.type("np/?")
    expect(explorer).to_have_value("np/?")
    expect(page).to_have_url(LAST)
    expect(palette(page)).to_be_hidden()
    expect(help_of(page)).to_be_hidden()


def test_help_by_keyboard_alone(page):
    page.goto(SECOND)
    page.keyboard.press("?")
    expect(help_of(page).get_by_role("button", name="Close")).to_be_focused()
    for key in ("/", "n", "p", ".", "?"):
        expect(help_of(page).locator("kbd", has_text=key).first).to_be_visible()
    page.keyboard.press("n")  # a dialog is no page to leave
    page.keyboard.press("Enter")
    expect(help_of(page)).to_be_hidden()
    expect(page).to_have_url(SECOND)


def test_switched_off_they_stay_off_and_the_command_with_ctrl_stays(page):
    page.goto(SECOND)
    page.keyboard.press("?")
    page.keyboard.press("Shift+Tab")
    expect(help_of(page).get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(help_of(page)).to_be_hidden()
    page.goto(FIRST)
    for key in ("n", "?", "/"):
        page.keyboard.press(key)
    expect(help_of(page)).to_be_hidden()
    expect(palette(page)).to_be_hidden()
    expect(page).to_have_url(FIRST)
    page.keyboard.press("Control+k")
    expect(palette(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()
    page.get_by_role("button", name="Keys, and how to switch them off").click()
    expect(help_of(page).get_by_role("checkbox")).not_to_be_checked()
    help_of(page).get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page).to_have_url(SECOND)


def test_keys_work_where_nothing_can_be_stored(page):
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    page.goto(FIRST)
    page.keyboard.press("n")
    expect(page).to_have_url(SECOND)
