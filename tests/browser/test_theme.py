"""Light, dark or as the system says: chosen once, kept, and there before anything is painted."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

LIGHT, DARK = "rgb(253, 253, 251)", "rgb(21, 23, 26)"
# What the browser waits for before it paints anything.
BLOCKING = """() => performance.getEntriesByType("resource")
  .filter(entry => entry.renderBlockingStatus === "blocking").map(entry => entry.name)"""


@pytest.mark.parametrize(("system", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_page_follows_the_system(new_context, system, colour):
    page = new_context(color_scheme=system).new_page()
    page.goto("/")
    expect(page.locator("body")).to_have_css("background-color", colour)
    expect(page.get_by_label("As the system")).to_be_checked()


def test_choice_is_kept_on_every_page_and_in_every_tab(page, context):
    page.goto("/")
    other = context.new_page()
    other.goto("/glossary/")
    page.get_by_title("Dark").click()
    expect(page.locator("body")).to_have_css("background-color", DARK)
    expect(other.locator("body")).to_have_css("background-color", DARK)
    page.goto("/modules/attention/")
    expect(page.get_by_label("Dark")).to_be_checked()
    page.get_by_title("As the system").click()
    expect(page.locator("body")).to_have_css("background-color", LIGHT)


def test_nothing_is_painted_before_the_chosen_theme_is_known(page):
    page.goto("/modules/attention/")
    assert any("/theme." in address for address in page.evaluate(BLOCKING))


def test_page_is_readable_without_script(new_context):
    page = new_context(java_script_enabled=False, color_scheme="dark").new_page()
    page.goto("/")
    expect(page.locator("body")).to_have_css("background-color", DARK)
    expect(page.locator(".theme-switch")).to_be_hidden()
