"""The map: titles that fit, what a lesson needs on pointing and with the keyboard, and all of it without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# Titles that stick out of their lesson's box.
TOO_WIDE = """() => [...document.querySelectorAll(".map-lesson")].filter(lesson => {
  const text = lesson.querySelector("text").getBoundingClientRect();
  const plate = lesson.querySelector(".map-plate").getBoundingClientRect();
  return text.left < plate.left || text.right > plate.right || text.top < plate.top || text.bottom > plate.bottom;
}).map(lesson => lesson.textContent.trim())"""


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def anyone(request, new_context):
    return new_context(java_script_enabled=request.param).new_page()


def lesson(page, title):
    return page.locator(".map-lesson").filter(has=page.get_by_label(f"{title}, "))


def outlines(page, title):
    return lesson(page, title).locator(".map-needed")


def test_every_title_fits_its_place(page):
    page.set_viewport_size(DESK)
    page.goto("/map/")
    page.evaluate("document.fonts.ready")
    assert page.locator(".map-lesson").count() == 84
    assert page.evaluate(TOO_WIDE) == []


def test_it_fits_a_desk_and_scrolls_within_itself_on_a_phone(page):
    page.goto("/map/")
    for size, fits in ((DESK, True), (PHONE, False)):
        page.set_viewport_size(size)
        scrolls = page.locator(".map-scroll").evaluate("box => box.scrollWidth > box.clientWidth")
        assert scrolls != fits
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_pointing_at_a_lesson_shows_what_it_needs(anyone):
    anyone.set_viewport_size(DESK)
    anyone.goto("/map/")
    expect(outlines(anyone, "Embeddings").first).to_be_hidden()
    lesson(anyone, "Embeddings").locator("text").hover()
    expect(outlines(anyone, "Embeddings")).to_have_count(2)
    for outline in outlines(anyone, "Embeddings").all():
        expect(outline).to_be_visible()
    expect(outlines(anyone, "Optimizers").first).to_be_hidden()


def test_the_keyboard_shows_it_too_and_opens_the_lesson(anyone):
    anyone.goto("/map/")
    anyone.get_by_role("region", name="The map, drawn").focus()
    anyone.keyboard.press("Tab")
    expect(outlines(anyone, "Tokenization")).to_be_visible()
    anyone.keyboard.press("Enter")
    expect(anyone).to_have_url("/modules/tokenization/")


def test_planned_lessons_lead_nowhere(page):
    page.goto("/map/")
    assert page.locator(".map a").count() == 3
    assert page.locator(".map-list .title[href]").count() == 3


def test_the_list_follows_a_line(anyone):
    anyone.goto("/")
    anyone.get_by_role("link", name="Map: what each one needs").click()
    anyone.get_by_role("link", name="The same as a list").click()
    anyone.locator("#lesson-embeddings").get_by_role("link", name="Tokenization").click()
    expect(anyone).to_have_url("/map/#lesson-tokenization")
    expect(anyone.locator("#lesson-tokenization")).to_be_in_viewport()
