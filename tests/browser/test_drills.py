"""Drills: chosen, answered, told what went wrong; with and without script, signed out and in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from progress.models import StudyEvent
from tests.browser.test_progress import sign_up

# The cache of one conversation with other inputs; what follows is computed here from what the page says.
DRILL = "/drill/kv-cache/kv_per_token/?seed=7"


def truth_kib(page):
    """Work out the drill's answer from the inputs the page states."""
    given = {row.split("\n")[0]: row.split("\n")[-1] for row in page.locator(".bill > div").all_inner_texts()}
    number = {label: float(re.match(r"[\d,.]+", value)[0].replace(",", "")) for label, value in given.items()}
    of = {label.removesuffix(" Llama 3 70B"): value for label, value in number.items()}
    head_dim = of["Model width"] / of["Query heads"]
    return 2 * of["Layers"] * of["Key-value heads"] * head_dim * of["Bytes per cached value"] / 1024


def answer(page, text):
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Check").click()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def anyhow(request, new_context):
    return new_context(java_script_enabled=request.param).new_page()


def test_an_answer_is_told_what_went_wrong_until_it_is_right(anyhow):
    anyhow.goto(DRILL)
    truth = truth_kib(anyhow)
    for text, said in [
        (f"{truth * 8:.6g}", "bits for bytes"),
        (f"{truth * 1.024:.6g}", "KB for KiB"),
        (f"{truth / 2:.6g}", "keys without values"),
        (f"{truth * 1024:.6g}", "binary prefix"),
    ]:
        answer(anyhow, text)
        expect(anyhow.locator(".graded")).to_contain_text(said)
        expect(anyhow.locator(".drill-working")).not_to_have_attribute("open", "")
    answer(anyhow, f"{truth * 1.024:.6g} kB/token")
    expect(anyhow.locator(".graded")).to_contain_text("Right.")
    expect(anyhow.locator(".drill-working")).to_have_attribute("open", "")
    expect(anyhow.locator(".drill-working")).to_contain_text("Head dimension")


def test_what_is_no_answer_says_so_and_stays(anyhow):
    anyhow.goto(DRILL)
    answer(anyhow, "a lot")
    expect(anyhow.get_by_role("alert")).to_contain_text("'a lot' is not a number")
    expect(anyhow.get_by_label("Your answer")).to_have_value("a lot")


def test_one_leads_to_the_next(anyhow):
    anyhow.goto("/drill/")
    anyhow.get_by_label("From").select_option(label="KV Cache & Memory")
    anyhow.get_by_role("button", name="Ask me").click()
    expect(anyhow).to_have_url(re.compile(r"/drill/kv-cache/\w+/\?seed=\d+&from=lesson%3Akv-cache$"))
    answer(anyhow, "1")
    before = anyhow.url
    anyhow.get_by_role("link", name="Next").click()
    expect(anyhow).to_have_url(re.compile(r"/drill/kv-cache/\w+/\?seed=\d+&from=lesson%3Akv-cache$"))
    assert anyhow.url != before


def test_the_address_shared_is_the_same_drill(page, new_context):
    page.goto("/drill/kv-cache/cache/")
    other = new_context(java_script_enabled=False).new_page()
    other.goto(page.url)
    assert other.locator(".bill").inner_text() == page.locator(".bill").inner_text()


def test_answers_are_carried_onto_the_account_and_shown(page):
    page.goto(DRILL)
    answer(page, f"{truth_kib(page):.6g}")
    expect(page.locator(".graded")).to_contain_text("Right.")
    answer(page, f"{truth_kib(page) * 8:.6g}")
    expect(page.locator(".graded")).to_contain_text("bits for bytes")
    sign_up(page)
    expect(page.locator(".dashboard")).to_contain_text("1 of your last 2 answers right")
    expect(page.locator(".dashboard")).to_contain_text("bits for bytes")
    verdicts = StudyEvent.objects.filter(kind="answered").order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == ["right", "bits"]


def test_ways_in_from_a_number_and_from_a_finished_lesson(page):
    page.goto("/numbers/kv-cache/cache/")
    page.get_by_role("link", name="Drill it").click()
    expect(page).to_have_url(re.compile(r"/drill/kv-cache/cache/\?seed=\d+$"))
    page.goto("/modules/kv-cache/")
    page.get_by_role("button", name="Mark as completed").click()
    page.get_by_role("link", name="Drill the numbers of this lesson").click()
    expect(page).to_have_url(re.compile(r"/drill/kv-cache/\w+/\?seed=\d+&from=lesson%3Akv-cache$"))
