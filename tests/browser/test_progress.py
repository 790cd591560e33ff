"""Progress: along a path, with and without script, signed out and in, and on two browsers."""

from __future__ import annotations

import re

from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.make import PASSWORD, make_reader

PATH = "/paths/new-to-transformers/"


def sign_up(page, email="ada@example.org"):
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url("/dashboard/")


def sign_in(page, email="ada@example.org"):
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/dashboard/")


def sign_out(page):
    page.get_by_role("link", name="Sign out").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/")


def complete(page, lesson):
    page.goto(f"/modules/{lesson}/")
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.get_by_role("button", name="Mark as not completed")).to_be_visible()


def completed(page):
    """Return how many lessons the dashboard counts."""
    page.goto("/dashboard/")
    return int(re.search(r"(\d+) lessons? completed", page.locator("main").inner_text())[1])


def test_reader_follows_a_path_and_comes_back_to_where_they_were(page):
    page.goto("/")
    sign_up(page)
    page.get_by_role("link", name="New to Transformers").click()
    page.get_by_role("button", name="Start with Tokenization").click()
    expect(page).to_have_url("/modules/tokenization/")
    bar = page.locator("#controls .path-bar")
    expect(bar).to_contain_text("0 of 3 lessons")
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Mark as completed").click()
    expect(bar).to_contain_text("1 of 3 lessons")
    expect(bar.get_by_role("progressbar")).to_have_attribute("value", "1")
    assert page.evaluate("window.stayed"), "the bar changes in place"
    bar.get_by_role("link", name="Continue: Self-Attention").click()
    expect(page).to_have_url("/modules/attention/")

    sign_out(page)
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    sign_in(page)
    expect(page.locator(".next-lesson")).to_contain_text("Self-Attention")
    expect(page.locator(".path-bar")).to_contain_text("1 of 3 lessons")
    page.goto(PATH)
    page.get_by_role("link", name="Continue: Self-Attention").click()
    expect(page).to_have_url("/modules/attention/")


def test_path_is_followed_without_script(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(PATH)
    page.get_by_role("button", name="Start with Tokenization").click()
    page.get_by_role("button", name="Mark as completed").click()
    expect(page).to_have_url("/modules/tokenization/#controls")
    expect(page.locator("#controls .path-bar")).to_contain_text("1 of 3 lessons")
    page.get_by_role("button", name="Mark as not completed").click()
    expect(page.locator("#controls .path-bar")).to_contain_text("0 of 3 lessons")


def test_keyboard_stays_on_the_button_that_changed(page):
    page.goto("/modules/attention/")
    page.get_by_role("button", name="Mark as completed").press("Enter")
    expect(page.get_by_role("button", name="Mark as not completed")).to_be_focused()


def test_progress_made_signed_out_survives_signing_up(page):
    complete(page, "tokenization")
    sign_up(page)
    assert completed(page) == 1
    expect(page.locator(".page-header")).to_contain_text("saved on your account")


def test_two_browsers_bring_their_progress_together(page, new_context):
    make_reader("ada@example.org")
    other = new_context().new_page()
    complete(page, "tokenization")
    complete(other, "attention")
    complete(other, "tokenization")
    sign_in(page)
    sign_in(other)
    assert completed(other) == 2
    assert completed(page) == 2
    assert User.objects.get().completions.count() == 2
    sign_out(page)
    assert completed(page) == 0, "what is on the account leaves the browser with its reader"
