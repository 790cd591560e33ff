"""Reading: from the front page into a lesson, between lessons, inside one, and what a language model gets instead."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.places import LESSONS


def test_front_page_leads_into_a_lesson(page):
    page.goto("/")
    page.get_by_role("link", name="KV Cache & Memory").first.click()
    expect(page).to_have_url(re.compile(r"/modules/kv-cache/(#.*)?$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("KV Cache & Memory")


def test_planned_lessons_are_listed_and_lead_nowhere(page):
    page.goto("/")
    line = page.get_by_role("listitem").filter(has_text="Multi-Head Attention")
    expect(line).to_contain_text("planned")
    expect(line.get_by_role("link")).to_have_count(0)


def test_lessons_lead_to_each_other(page):
    page.goto("/modules/tokenization/")
    page.get_by_role("navigation", name="Lessons before and after").get_by_role("link", name="Next").click()
    expect(page).to_have_url("/modules/attention/")
    page.locator(".lesson").get_by_role("link", name="KV Cache & Memory").first.click()
    expect(page).to_have_url("/modules/kv-cache/")
    page.locator(".prerequisites").get_by_role("link", name="Self-Attention").click()
    expect(page).to_have_url("/modules/attention/")
    page.go_back()
    expect(page).to_have_url("/modules/kv-cache/")


def test_contents_lead_to_a_section_and_mark_it(page):
    page.goto("/modules/kv-cache/")
    entry = page.get_by_role("navigation", name="Contents").get_by_role("link", name="Worked numbers")
    entry.click()
    expect(page.get_by_role("heading", name="Worked numbers", level=2)).to_be_in_viewport()
    expect(entry).to_have_attribute("aria-current", "true")


def test_answer_stays_folded_until_it_is_asked_for(page):
    page.goto("/modules/kv-cache/")
    answer = page.locator("details.answer").first
    expect(answer.get_by_text("Two tensors")).to_be_hidden()
    answer.get_by_text("Answer", exact=True).click()
    expect(answer.get_by_text("Two tensors")).to_be_visible()


def test_number_opens_its_defence_beside_itself(page):
    page.goto("/modules/kv-cache/")
    number = page.locator(".standfirst a.number", has_text="42.9")
    number.click()
    card = page.locator(".card.defence")
    expect(card).to_contain_text("kv_per_token * llama3_70b.context_31")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    number.click()
    card.get_by_role("link", name="In the ledger").click()
    expect(page.locator("#number-cache_long")).to_be_in_viewport()


def test_number_leads_to_its_row_without_script(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/modules/kv-cache/")
    page.locator(".standfirst a.number", has_text="42.9").click()
    expect(page.locator("#number-cache_long")).to_be_in_viewport()


@pytest.mark.parametrize("lesson", LESSONS)
def test_raw_markdown_has_the_numbers_of_the_page(page, base_url, lesson):
    with urlopen(f"{base_url}/raw/{lesson}.md") as answer:
        assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
        raw = answer.read().decode()
    page.goto(f"/modules/{lesson}/")
    shown = page.locator("table.ledger tbody tr").evaluate_all(
        "rows => rows.map(row => [row.querySelector('th code').innerText, row.cells[1].innerText])"
    )
    table = raw.partition("\n## Numbers {#numbers}\n")[2].partition("\n## ")[0]
    written = re.findall(r"^\| [^|]* \[`([^`]+)`\]\([^)]*\) \| ([^|]*?) *\|", table.replace(r"\$", "$"), flags=re.M)
    assert written == [(name, value.replace("\N{NO-BREAK SPACE}", " ")) for name, value in shown]
    assert len(written) > 20
