"""Search and jump from the keyboard alone, and search as a page, with and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

LESSON = "/modules/attention/"


def palette(page):
    return page.get_by_role("dialog", name="Search and jump")


def field(page):
    return palette(page).get_by_role("combobox")


def chosen(page):
    return palette(page).get_by_role("option", selected=True)


def open_palette(page, key="/"):
    page.keyboard.press(key)
    expect(field(page)).to_be_focused()
    expect(palette(page).get_by_role("option").first).to_be_visible()


def ask(page, words):
    page.keyboard.type(words)
    expect(palette(page).get_by_role("option", name=f"Everything found for “{words}”")).to_be_visible()


class TestPalette:
    @pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
    def test_a_key_opens_it_and_escape_gives_the_focus_back(self, page, key):
        page.goto(LESSON)
        link = page.locator("main a").first
        link.focus()
        open_palette(page, key)
        page.keyboard.press("Escape")
        expect(palette(page)).to_be_hidden()
        expect(link).to_be_focused()

    @pytest.mark.parametrize(
        ("words", "group", "place"),
        [
            ("tokenization", "Lessons", "/modules/tokenization/"),
            ("kv_per_token", "Numbers", r"/modules/\w+(-\w+)*/#number-(llama3_8b-)?kv_per_token"),
            ("kv-cache:kv_per_token", "Numbers", "/modules/kv-cache/#number-kv_per_token"),
            ("copy-on-write", "Terms", "/glossary/#term-copy-on-write"),
            ("vaswani2017", "Sources", "/sources/#source-vaswani2017"),
            ("interview sprint", "Paths", "/paths/interview-sprint/"),
        ],
    )
    def test_an_exact_name_and_enter_lead_there(self, page, base_url, words, group, place):
        page.goto(LESSON)
        open_palette(page)
        ask(page, words)
        expect(palette(page).get_by_role("group").first).to_have_accessible_name(group)
        expect(chosen(page)).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(base_url) + place + "$"))

    def test_arrows_move_the_choice_and_not_the_focus(self, page):
        page.goto(LESSON)
        open_palette(page)
        ask(page, "cache")
        options = palette(page).locator("[role=option]")
        for key, place in [("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("ArrowUp", 0), ("ArrowUp", -1)]:
            page.keyboard.press(key)
            option = options.nth(place)
            expect(option).to_have_attribute("aria-selected", "true")
            expect(chosen(page)).to_have_count(1)
            expect(field(page)).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
            expect(option).to_be_in_viewport()
        expect(field(page)).to_be_focused()

    def test_without_a_choice_enter_leads_to_the_search_page(self, page):
        def only_pages(route):  # no options come, however long it takes
            route.continue_() if route.request.is_navigation_request() else route.fulfill(status=204)

        page.route("**/search/**", only_pages)
        page.goto(LESSON)
        page.keyboard.press("/")
        expect(field(page)).to_be_focused()
        page.keyboard.type("cache")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/search/?q=cache")

    def test_what_is_shown_for_older_words_is_no_choice(self, page):
        page.goto(LESSON)
        open_palette(page)
        ask(page, "cache")
        page.keyboard.type("zz")
        expect(chosen(page)).to_have_count(0)

    def test_nothing_found_is_said(self, page):
        page.goto(LESSON)
        open_palette(page)
        page.keyboard.type("zzzzzz")
        expect(palette(page).get_by_role("status")).to_have_text("Nothing is found")
        expect(palette(page).get_by_role("option")).to_have_text("Nothing is found for “zzzzzz”")

    def test_a_place_on_this_page_is_shown_and_marked(self, page):
        page.goto("/modules/kv-cache/")
        open_palette(page)
        ask(page, "kv-cache:kv_per_token")
        page.keyboard.press("Enter")
        expect(palette(page)).to_be_hidden()
        expect(page.locator("#number-kv_per_token")).to_be_in_viewport()

    def test_before_a_word_there_are_places_to_go(self, page, reader):
        page.goto("/modules/kv-cache/")
        page.goto(LESSON)
        open_palette(page)
        expect(palette(page).get_by_role("group").first).to_have_accessible_name("Read last")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/modules/kv-cache/")

    def test_it_closes_by_a_press_beside_it_or_on_its_button(self, page):
        page.set_viewport_size({"width": 390, "height": 700})
        page.goto(LESSON)
        for close in (
            lambda: page.mouse.click(200, 690),
            palette(page).get_by_role("button", name="Close").click,
        ):
            page.get_by_role("link", name="Search", exact=True).click()
            expect(palette(page)).to_be_visible()
            close()
            expect(palette(page)).to_be_hidden()

    @pytest.mark.parametrize("size", [(320, 256), (320, 700)])
    def test_it_fits_the_narrowest_screen_and_400_percent(self, page, size):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(LESSON)
        open_palette(page)
        ask(page, "cache")
        box = palette(page).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]
        page.keyboard.press("ArrowDown")
        expect(chosen(page)).to_be_in_viewport()

    def test_the_choice_shows_in_forced_colours(self, page):
        page.emulate_media(forced_colors="active")
        page.goto(LESSON)
        open_palette(page)
        ask(page, "cache")
        expect(chosen(page)).to_have_css("outline-style", "solid")

    def test_back_leads_to_a_page_that_is_not_covered(self, page):
        page.goto(LESSON)
        open_palette(page)
        ask(page, "tokenization")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/modules/tokenization/")
        page.go_back()
        expect(page).to_have_url(LESSON)
        expect(palette(page)).to_be_hidden()


class TestPage:
    def test_it_searches_as_you_type_and_keeps_its_address(self, page):
        page.goto("/")
        page.goto("/search/")
        page.get_by_label("Words").fill("token")
        expect(page.locator("#found .results")).not_to_have_count(0)
        page.get_by_label("Words").fill("tokenizer")
        expect(page).to_have_url("/search/?q=tokenizer")
        page.reload()
        expect(page.locator("#found")).to_contain_text("Tokenization")
        page.go_back()
        expect(page).to_have_url("/")

    def test_nothing_found_is_said(self, page):
        page.goto("/search/")
        page.get_by_label("Words").fill("zzzzzz")
        expect(page.locator("#found")).to_have_text("Nothing is found for “zzzzzz”.")

    def test_without_script_the_command_is_a_link_to_it(self, new_context):
        page = new_context(java_script_enabled=False).new_page()
        page.goto(LESSON)
        page.get_by_role("link", name="Search", exact=True).click()
        expect(page).to_have_url("/search/")
        expect(page.locator("#found").get_by_role("heading", name="Paths")).to_be_visible()
        page.get_by_label("Words").fill("kv_per_token")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/search/?q=kv_per_token")
        expect(page.locator("#found h2").first).to_have_text("Numbers")
        page.locator("#found .result a").first.click()
        expect(page.locator(":target")).to_be_in_viewport()

    def test_without_script_nothing_is_said_of_keys(self, new_context):
        page = new_context(java_script_enabled=False).new_page()
        page.goto(LESSON)
        expect(page.locator(".keys-line")).to_be_hidden()
        expect(page.locator("dialog").first).to_be_hidden()
