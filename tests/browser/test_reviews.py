"""An exam from first to last, the drill on levers, the table of failure modes: with and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from modules.exams import draw
from modules.models import FailureMode
from progress.models import StudyEvent
from tests.browser.test_progress import sign_up
from tests.factories import make_lesson
from tests.reviews import BODY, MODEL, exam, failure


@pytest.fixture(autouse=True)
def _review():
    rows = [failure(), failure("leak", mode="A row leaks", systems=["Zeta"], lever="stop", symptom="Strangers write.")]
    make_lesson("review", body=BODY, ledger=MODEL, failures=rows, exam=exam())


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def anyhow(request, new_context):
    return new_context(java_script_enabled=request.param).new_page()


def graded():
    return dict(StudyEvent.objects.filter(kind="graded").values_list("question", "verdict"))


def grade(page, phase):
    """Open the model answer of a phase, say that all of it was said, and grade it."""
    part = page.locator(f"#{phase}")
    if part.locator("details.answer").get_attribute("open") is None:
        part.locator("details.answer summary").click()
    part.get_by_role("checkbox").check()
    part.get_by_role("button", name=re.compile("Grade")).click()
    expect(page.locator(f"#{phase}").get_by_role("button", name="Grade again")).to_be_visible()


def test_an_exam_is_sat_from_start_to_end(anyhow):
    anyhow.goto("/modules/review/")
    sign_up(anyhow)
    anyhow.goto("/modules/review/")
    anyhow.get_by_role("link", name="Sit it as an exam").click()
    anyhow.goto(f"{anyhow.url}?seed=7")
    anyhow.get_by_role("button", name="Begin, 30 minutes").click()
    expect(anyhow).to_have_url(re.compile(r"/exams/review/\?seed=7&minutes=30&start=\d+$"))
    drawn = draw("review", 7)
    expect(anyhow.locator(".exam-brief")).to_contain_text("There are")
    design = anyhow.locator("#design")
    design.get_by_label("GPUs to have").fill("many")
    design.get_by_role("button", name="Check").click()
    expect(anyhow.locator("#design").get_by_role("alert")).to_be_visible()
    anyhow.locator("#design").get_by_label("GPUs to have").fill(f"{drawn.phases[3].problems['gpus'].truth.magnitude:g}")
    anyhow.locator("#design").get_by_role("button", name="Check").click()
    expect(anyhow.locator("#design .graded")).to_be_visible()
    expect(anyhow.locator("#exam-line")).to_contain_text("1 of 1 numbers right")
    for phase in ("clarify", "slo", "eval", "design", "cost", "failure"):
        grade(anyhow, phase)
    expect(anyhow.locator("#exam-line")).to_contain_text("6 of 6 phases graded: 6 in full")
    assert graded()["exam.design.gpus"] == "right"
    assert sum(verdict == "full" for verdict in graded().values()) == 6


def test_the_clock_is_extended_and_switched_off(page):
    page.goto("/exams/review/?seed=7&begin=1")
    clock = page.locator("#clock")
    expect(clock.get_by_role("timer")).to_contain_text(re.compile("29:|30:"))
    clock.get_by_role("link", name="5 minutes more").click()
    expect(clock.get_by_role("timer")).to_contain_text(re.compile("34:|35:"))
    clock.get_by_role("link", name="Without the clock").click()
    expect(clock).to_have_count(0)
    expect(page).not_to_have_url(re.compile("minutes"))


def test_what_is_written_stays_in_the_tab(page):
    page.goto("/exams/review/?seed=7&begin=1")
    notes = page.locator("#slo").get_by_label("Your answer")
    notes.fill("Ninety-nine of a hundred within a second.")
    grade(page, "clarify")
    expect(notes).to_have_value("Ninety-nine of a hundred within a second.")
    page.reload()
    expect(notes).to_have_value("Ninety-nine of a hundred within a second.")


def test_what_is_typed_as_soon_as_an_answer_is_there_stays(page):
    page.goto("/exams/review/?seed=7&begin=1")
    page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => {
          document.getElementById("number.gpus").value = "8";
          setTimeout(() => document.body.classList.add("is-later"), 200);
        })"""
    )
    page.get_by_label("GPUs to have").fill("many")
    page.locator("#design").get_by_role("button", name="Check").click()
    expect(page.locator("body")).to_have_class(re.compile("is-later"))
    expect(page.get_by_label("GPUs to have")).to_have_value("8")


@pytest.fixture
def plain(new_context):
    return new_context(java_script_enabled=False).new_page()


def test_without_script_nothing_is_offered_that_would_be_lost(plain):
    plain.goto("/exams/review/?seed=7&begin=1")
    expect(plain.get_by_label("Your answer").first).to_be_hidden()


def test_a_symptom_asks_for_a_lever(anyhow):
    anyhow.goto("/failures/")
    anyhow.get_by_role("link", name="drill", exact=True).click()
    expect(anyhow).to_have_url(re.compile(r"/failures/drill/\?seed=\d+$"))
    for _ in range(2):
        symptom = anyhow.locator(".lever-symptom").inner_text().strip()
        right = FailureMode.objects.get(symptom=symptom)
        anyhow.get_by_role("button", name=str(right.pulled.label)).click()
        expect(anyhow.locator("#told")).to_contain_text("that is it")
        expect(anyhow.locator("#told")).to_contain_text(right.mode)
        anyhow.get_by_role("link", name="The next one").click()


def test_the_table_is_narrowed_and_sorted_by_its_address(anyhow):
    anyhow.goto("/failures/")
    anyhow.get_by_label(re.compile("^System")).select_option("Zeta")
    anyhow.get_by_role("button", name="Show").click()
    expect(anyhow.locator(".failure-table tbody tr")).to_have_count(1)
    expect(anyhow).to_have_url(re.compile(r"system=Zeta"))
    anyhow.get_by_role("link", name="Show all").click()
    anyhow.get_by_role("link", name="Failure mode", exact=True).click()
    expect(anyhow.locator(".failure-table tbody th").first).to_have_text("A row leaks")
    expect(anyhow.get_by_role("columnheader", name="Failure mode")).to_have_attribute("aria-sort", "ascending")
