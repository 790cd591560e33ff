"""The question bank and its mock interviews: with and without script, signed out and in, on a screen and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from modules.models import Question
from progress.models import StudyEvent
from tests.browser.test_progress import sign_up

SITTING = "/bank/mock/?lesson=kv-cache&n=20&seed=7"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def anyhow(request, new_context):
    return new_context(java_script_enabled=request.param).new_page()


def begin(page, minutes="30", address=SITTING):
    page.goto(address)
    page.get_by_label("Minutes").fill(minutes)
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(re.compile(r"seed=\d+&start=\d+$"))


def asked(page, name):
    return page.locator(f'[id="kv-cache.{name}"]')


def grade(question, *said):
    answer = question.locator("details.answer")
    if answer.get_attribute("open") is None:
        answer.locator("summary").click()
    for tick in said:
        question.get_by_role("checkbox").nth(tick).check()
    question.get_by_role("button", name=re.compile("Grade")).click()


def graded():
    rows = StudyEvent.objects.filter(kind="graded").order_by("pk")
    return list(rows.values_list("question", "verdict"))


def test_the_bank_is_narrowed_and_shared_by_its_address(anyhow, new_context):
    anyhow.goto("/bank/")
    anyhow.get_by_label("Lesson", exact=True).select_option(value="kv-cache")
    anyhow.get_by_label("Kind", exact=True).select_option(value="number")
    anyhow.get_by_role("button", name="Show").click()
    number = Question.objects.filter(module="kv-cache").exclude(number="").count()
    expect(anyhow.locator(".question")).to_have_count(number)
    expect(anyhow.get_by_label("Lesson", exact=True)).to_have_value("kv-cache")
    other = new_context().new_page()
    other.goto(anyhow.url)
    expect(other.locator(".question")).to_have_count(number)


def test_with_script_it_follows_each_choice_and_keeps_the_focus(page):
    page.goto("/bank/")
    page.get_by_label("Part", exact=True).focus()
    page.get_by_label("Part", exact=True).select_option(value="inference")
    expect(page).to_have_url("/bank/?part=inference")
    expect(page.get_by_label("Part", exact=True)).to_be_focused()
    expect(page.get_by_label("Lesson", exact=True).locator("option")).to_have_count(2)
    page.get_by_label("Words").press_sequentially("cache", delay=30)
    expect(page).to_have_url("/bank/?part=inference&q=cache")
    expect(page.get_by_label("Words")).to_have_value("cache")
    expect(page.get_by_label("Words")).to_be_focused()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/bank/\?part=inference"))


def test_a_question_leads_to_its_lesson_and_opens_its_answer(anyhow):
    anyhow.goto("/bank/?lesson=kv-cache")
    question = asked(anyhow, "size-70b")
    expect(question.locator(".answer-number")).to_be_hidden()
    question.locator("summary").click()
    expect(question.locator(".answer-number")).to_be_visible()
    question.get_by_role("link", name="KV Cache & Memory").click()
    expect(anyhow).to_have_url("/modules/kv-cache/#question-size-70b")


def test_a_mock_interview_is_sat_graded_and_summed_up(anyhow):
    begin(anyhow)
    expect(anyhow.locator("#mock-line")).to_contain_text("None answered yet")
    grade(asked(anyhow, "why-not-q"), 0)
    expect(asked(anyhow, "why-not-q").locator(".grade")).to_have_text("in part")
    expect(anyhow.locator("#mock-line")).to_contain_text("1 of ")
    asked(anyhow, "size-70b").get_by_label("Your number").fill("343.6 GB")
    asked(anyhow, "size-70b").get_by_role("button", name="Check").click()
    expect(asked(anyhow, "size-70b").locator(".graded")).to_contain_text("8")
    expect(asked(anyhow, "size-70b").locator(".grade")).to_have_text("missed")
    expect(anyhow.locator("#outcome")).to_contain_text("KV Cache & Memory")
    asked(anyhow, "size-70b").get_by_label("Your number").fill("42.9")
    asked(anyhow, "size-70b").get_by_role("button", name="Check").click()
    expect(asked(anyhow, "size-70b").locator(".graded")).to_contain_text("Right.")
    anyhow.reload()
    expect(asked(anyhow, "size-70b").get_by_label("Your number")).to_have_value("42.9")
    expect(asked(anyhow, "why-not-q").locator(".grade")).to_have_text("in part")
    expect(asked(anyhow, "why-not-q").get_by_role("checkbox").first).to_be_checked()


def test_what_is_no_number_says_so_and_stays(anyhow):
    begin(anyhow)
    asked(anyhow, "size-70b").get_by_label("Your number").fill("a lot")
    asked(anyhow, "size-70b").get_by_role("button", name="Check").click()
    expect(asked(anyhow, "size-70b").get_by_role("alert")).to_contain_text("'a lot' is not a number")
    expect(asked(anyhow, "size-70b").get_by_label("Your number")).to_have_value("a lot")


def test_the_clock_runs_is_extended_and_is_switched_off(page):
    begin(page, minutes="6")
    left = page.get_by_role("timer")
    expect(left).to_have_text(re.compile(r"^(6:00|5:5\d)$"))
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="5 minutes more").click()
    expect(left).to_have_text(re.compile(r"^1[01]:\d\d$"))
    expect(page).to_have_url(re.compile("minutes=11"))
    page.get_by_role("link", name="5 minutes more").click()
    expect(page).to_have_url(re.compile("minutes=16"))
    assert page.evaluate("window.stayed")
    page.reload()
    expect(left).to_have_text(re.compile(r"^1[56]:\d\d$"))
    page.get_by_role("link", name="Without the clock").click()
    expect(left).to_have_count(0)
    page.reload()
    expect(page.locator("#clock")).to_have_count(0)
    expect(page.locator(".question").first).to_be_visible()


def test_it_says_when_time_runs_out_and_closes_nothing(page):
    page.clock.install()
    begin(page, minutes="6")
    page.clock.run_for(70_000)
    expect(page.locator("#clock [role=status]")).to_have_text("5 minutes left")
    page.clock.run_for(6 * 60_000)
    expect(page.locator("#clock [role=status]")).to_contain_text("The time has run out")
    expect(page.locator(".mock-over")).to_be_visible()
    grade(asked(page, "why-not-q"), 0, 1)
    expect(asked(page, "why-not-q").locator(".grade")).to_have_text("in full")


def test_without_script_no_clock_runs_and_its_links_still_work(new_context):
    page = new_context(java_script_enabled=False).new_page()
    begin(page, minutes="6")
    expect(page.get_by_role("timer")).to_be_hidden()
    expect(page.locator("#clock")).to_contain_text("6 minutes are meant for it")
    page.get_by_role("link", name="5 minutes more").click()
    expect(page.locator("#clock")).to_contain_text("11 minutes are meant for it")
    page.get_by_role("link", name="Without the clock").click()
    expect(page.locator("#clock")).to_have_count(0)


def test_nothing_typed_ticked_or_opened_is_lost_on_reload(page):
    begin(page)
    asked(page, "size-70b").get_by_label("Your number").fill("42")
    asked(page, "why-not-q").locator("summary").click()
    asked(page, "why-not-q").get_by_role("checkbox").nth(1).check()
    page.reload()
    expect(asked(page, "size-70b").get_by_label("Your number")).to_have_value("42")
    expect(asked(page, "why-not-q").get_by_role("checkbox").nth(1)).to_be_checked()
    expect(asked(page, "why-not-q").get_by_role("checkbox").first).not_to_be_checked()
    assert graded() == []


def test_nothing_that_was_not_sent_is_lost_when_a_question_comes_back(page):
    begin(page)
    question = asked(page, "size-70b")
    question.get_by_label("Your number").fill("40 GB")
    grade(question, 0)
    expect(question.locator(".grade")).to_have_text("in part")
    expect(question.get_by_label("Your number")).to_have_value("40 GB")
    question.get_by_role("checkbox").nth(1).check()
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".graded")).to_be_visible()
    expect(question.get_by_role("checkbox").nth(1)).to_be_checked()


def test_an_open_answer_stays_open_when_its_number_is_checked(page):
    begin(page)
    question = asked(page, "size-70b")
    question.locator("summary").click()
    question.get_by_label("Your number").fill("42.9 GB")
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".graded")).to_be_visible()
    expect(question.locator(".grade-form")).to_be_visible()
    expect(question.get_by_role("button", name="Check")).to_be_focused()


def test_the_same_mock_for_another_reader_and_once_more(page, new_context):
    begin(page, address="/bank/mock/?n=4&seed=7")
    first = page.locator(".ask").all_inner_texts()
    page.get_by_role("link", name="Mock interview 7").click()
    shared = page.url
    assert "start" not in shared
    other = new_context(java_script_enabled=False).new_page()
    begin(other, address=shared)
    assert other.locator(".ask").all_inner_texts() == first


def test_grades_are_carried_onto_the_account_and_shown(page):
    begin(page)
    grade(asked(page, "why-not-q"))
    expect(asked(page, "why-not-q").locator(".grade")).to_have_text("missed")
    grade(asked(page, "quiet-user"), 0)
    expect(asked(page, "quiet-user").locator(".grade")).to_be_visible()
    sign_up(page)
    expect(page.locator(".dashboard")).to_contain_text("You have answered 2 questions of")
    assert [question for question, _ in graded()] == ["why-not-q", "quiet-user"]
    page.locator("#outcome").get_by_role("link", name="KV Cache & Memory", exact=True).click()
    expect(page).to_have_url("/modules/kv-cache/")
    page.goto("/bank/?seen=again")
    expect(page.locator(".question")).to_have_count(2)
    page.goto("/bank/?lesson=kv-cache&seen=new")
    expect(asked(page, "why-not-q")).to_have_count(0)


def test_paper_has_the_answers_on_a_page_of_their_own_and_no_buttons(page):
    page.goto("/bank/print/?lesson=kv-cache")
    page.emulate_media(media="print")
    expect(page.locator(".bank-answers")).to_have_css("break-before", "page")
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator(".report").first).to_be_hidden()
    questions = page.locator(".bank-print > .lesson > .questions > li")
    answers = page.locator(".bank-answers li.question")
    assert questions.count() == answers.count() > 3
    page.goto("/bank/?lesson=kv-cache")
    for name in (".bank-form", ".bank-line a"):
        expect(page.locator(name).first).to_be_hidden()
