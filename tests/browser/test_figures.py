"""A figure that moves does so when its reader asks, and is whole before, after and without."""

from playwright.sync_api import expect

MOVING = "document.querySelector('#figure-token .fig').getAnimations({subtree: true}).length"


def test_a_figure_plays_when_asked_and_then_is_a_still_again(page):
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/modules/attention/")
    box = page.get_by_role("checkbox", name="Play it step by step")
    assert page.evaluate(MOVING) == 0
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    assert page.evaluate(MOVING) > 0
    page.evaluate("document.querySelector('.fig').getAnimations({subtree: true}).forEach((one) => one.finish())")
    expect(box).not_to_be_checked()
    assert page.evaluate(MOVING) == 0


def test_a_figure_stays_still_for_who_asked_for_less_motion(page):
    page.emulate_media(reduced_motion="reduce")
    page.goto("/modules/attention/")
    expect(page.locator(".fig-play + label")).to_be_hidden()
    page.evaluate("document.querySelector('.fig-play').checked = true")
    assert page.evaluate(MOVING) == 0
