"""What-if links: made by an explorer, a number's card and a form; read, changed, printed; with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

LESSON = "/modules/kv-cache/"
GPUS = f"{LESSON}?set=gpus:16"


@pytest.fixture
def plain(new_context):
    """A page without script."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture(params=["with script", "without"])
def any_page(request, page, plain):
    return page if request.param == "with script" else plain


def row(page, name):
    return page.locator(f"#number-{name} td").first


def test_a_link_is_the_whole_state(any_page):
    any_page.goto(GPUS)
    banner = any_page.get_by_role("region", name="What if")
    expect(banner).to_contain_text("GPUs: 16 GPUs (as written 8 GPUs)")
    expect(row(any_page, "node_memory")).to_have_text("1,280 GB (as written 640 GB)")
    expect(any_page.locator("#explorer-memory").get_by_label("GPUs (GPUs)")).to_have_value("16")
    banner.get_by_role("link", name="Back to what is written").click()
    expect(any_page).to_have_url(LESSON)
    expect(row(any_page, "node_memory")).to_have_text("640 GB")


def test_the_banner_changes_the_values_and_gives_them_up(any_page):
    any_page.goto(f"{GPUS},sequence:4096")
    banner = any_page.get_by_role("region", name="What if")
    banner.get_by_text("Change these values").click()
    banner.get_by_label("GPUs").fill("32 GPUs")
    banner.get_by_label("Tokens per conversation").fill("")
    banner.get_by_role("button", name="Compute").click()
    expect(any_page).to_have_url(f"{LESSON}?set=gpus:32+GPUs")
    expect(row(any_page, "node_memory")).to_have_text("2,560 GB (as written 640 GB)")


def test_an_explorer_leads_to_the_whole_lesson_with_its_values(page):
    page.goto(LESSON)
    explorer = page.locator("#explorer-memory")
    way = explorer.get_by_role("link", name="Use these values in the whole lesson")
    expect(way).to_have_count(0)
    explorer.get_by_label("Tokens per conversation (tokens)").fill("16384")
    way.click()
    expect(page).to_have_url(f"{LESSON}?set=sequence:16384+token")
    expect(row(page, "cache")).to_have_text("5.37 GB (as written 2.68 GB)")


def test_so_does_its_form_without_script(plain):
    plain.goto(LESSON)
    plain.locator("#explorer-memory").get_by_label("Tokens per conversation (tokens)").fill("16384")
    plain.locator("#explorer-memory").get_by_role("button", name="Compute").click()
    plain.get_by_role("link", name="Use these values in the whole lesson").click()
    expect(row(plain, "cache")).to_have_text("5.37 GB (as written 2.68 GB)")


def test_an_explorer_in_a_what_if_holds_what_else_is_supposed(page):
    page.goto(f"{LESSON}?set=llama3_70b.layers:40")
    explorer = page.locator("#explorer-memory")
    cache = explorer.locator(".explorer-outputs div", has_text="Cache of one conversation").locator("output")
    expect(cache).to_have_text("1.34 GB")
    explorer.get_by_label("Tokens per conversation (tokens)").fill("16384")
    expect(cache).to_have_text("2.68 GB")
    explorer.get_by_role("link", name="Use these values in the whole lesson").click()
    expect(page).to_have_url(f"{LESSON}?set=llama3_70b.layers:40,sequence:16384+token")


def test_a_numbers_card_leads_to_what_it_could_be(page):
    page.goto(LESSON)
    page.locator(".standfirst a.number", has_text="8,192").click()
    page.locator(".card").get_by_role("link", name="What if it were another?").click()
    field = page.get_by_label("Tokens per conversation", exact=True)
    expect(field).to_be_in_viewport()
    field.fill("4,096 tokens")
    page.get_by_role("button", name="See what follows").click()
    expect(page.locator(".standfirst")).to_have_text("4,096 tokens (as written 8,192 tokens)")


def test_a_numbers_form_leads_into_the_lesson(plain):
    plain.goto("/numbers/kv-cache/sequence/")
    plain.get_by_label("Tokens per conversation", exact=True).fill("4,096 tokens")
    plain.get_by_role("button", name="In all of “KV Cache & Memory”").click()
    expect(plain.get_by_role("region", name="What if")).to_contain_text("4,096 tokens (as written 8,192 tokens)")
    expect(row(plain, "cache")).to_have_text("1.34 GB (as written 2.68 GB)")


@pytest.mark.parametrize("asked", ["gpus:many", "gpus:16 furlong", "nothing:4", "usable:1"])
def test_bad_input_is_told_and_can_be_mended(plain, asked):
    plain.goto(f"{LESSON}?set={asked}")
    expect(plain.get_by_role("alert")).to_be_visible()
    expect(row(plain, "node_memory")).to_have_text("640 GB")
    plain.get_by_label("Numbers and values").fill("gpus:16")
    plain.get_by_role("button", name="Try again").click()
    expect(row(plain, "node_memory")).to_have_text("1,280 GB (as written 640 GB)")


def test_it_prints_what_is_supposed_and_its_address(plain, base_url):
    plain.emulate_media(media="print")
    plain.goto(GPUS)
    banner = plain.get_by_role("region", name="What if")
    expect(banner.get_by_text("as written 8 GPUs")).to_be_visible()
    expect(banner.get_by_text(f"{base_url}{GPUS}")).to_be_visible()
    expect(banner.get_by_role("link", name="Back to what is written")).to_be_hidden()
    expect(banner.get_by_role("button")).to_be_hidden()


def test_marks_of_changed_numbers_are_words_for_who_hears_the_page(page):
    page.goto(GPUS)
    mark = page.locator("a.number.is-changed").first.evaluate("node => getComputedStyle(node, '::after').content")
    assert mark == '"Δ" / ", changed"'
