"""An editor at work: the preview beside the text, what stands in the way of a save, history, and a second editor."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from modules.models import Module, Revision
from tests.browser.conftest import sign_in
from tests.browser.test_pages import WIDE, faults
from tests.make import PASSWORD, make_reader

LESSON = "/admin/modules/module/attention/change/"
PLAIN = "Attention is a read."
HOSTILE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>T</title><desc>D</desc><script/></svg>'
FINE = "Nothing undefended, nothing broken."


def make_editor(email):
    reader = make_reader(email)
    User.objects.filter(pk=reader.pk).update(is_staff=True, is_superuser=True)
    return reader


@pytest.fixture
def editor(context, base_url):
    """Return an editor who is signed in on `page`."""
    editor = make_editor("ed@example.org")
    sign_in(context, editor, base_url)
    return editor


def open_lesson(page):
    page.goto(LESSON)
    expect(troubles(page)).to_contain_text(FINE)


def text(page):
    return page.locator("textarea.markdownx-editor")


def troubles(page):
    """Return what the preview says is wrong."""
    return page.locator(".markdownx-preview .troubles")


def write(page, words, *, instead_of=PLAIN):
    text(page).fill(text(page).input_value().replace(instead_of, words))


def note(page, words):
    page.get_by_label("What changed, and why").fill(words)


def save(page, button="Save"):
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def test_an_editor_signs_in_where_readers_do(page):
    make_editor("ed@example.org")
    page.goto("/admin/")
    page.get_by_label("Email").fill("ed@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/admin/")
    expect(page.get_by_role("link", name="Lessons", exact=True)).to_be_visible()


def test_a_lesson_is_edited_refused_mended_compared_and_restored(page, editor):
    open_lesson(page)
    write(page, f"{PLAIN} It costs 97 percent. Says nobody [@nobody1999] by $\\nosuch{{x}}$.")
    expect(troubles(page)).to_contain_text("nothing defends '97'")
    expect(troubles(page)).to_contain_text("unknown source 'nobody1999'")
    expect(troubles(page)).to_contain_text("'\\nosuch{x}' is refused")
    expect(page.locator(".markdownx-preview article")).to_contain_text("It costs 97 percent")

    save(page)
    expect(page.locator(".save-note")).to_contain_text("Say in one line what changed, and why")
    note(page, "A number")
    save(page)
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("3 things to mend before this can be saved")
    expect(page.locator(".errorlist.nonfield")).to_contain_text("Nothing was saved.")
    assert "It costs 97 percent. Says nobody" in text(page).input_value()
    expect(page.get_by_label("What changed, and why")).to_have_value("A number")
    assert "97 percent" not in Module.objects.get(pk="attention").body

    write(
        page,
        "Attention is a kind of reading.",
        instead_of=re.search(f"{PLAIN}.*\\$\\.", text(page).input_value())[0],
    )
    expect(troubles(page)).to_contain_text(FINE)
    note(page, "Plainer words")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    page.goto("/modules/attention/")
    expect(page.locator("main")).to_contain_text("Attention is a kind of reading.")

    page.goto(LESSON)
    page.get_by_role("link", name="History").click()
    newest = page.locator("#result_list tbody tr").first
    expect(newest).to_contain_text("Plainer words")
    expect(newest).to_contain_text("ed@example.org")
    newest.get_by_role("link").first.click()
    expect(page.locator(".diff del", has_text="read")).to_be_visible()
    expect(page.locator(".diff ins", has_text="kind")).to_be_visible()
    expect(page.locator("#content-main")).to_contain_text("This is the version readers see now.")

    page.get_by_role("link", name="All versions of modules/attention.md").click()
    page.locator("#result_list tbody tr").nth(1).get_by_role("link").first.click()
    page.get_by_role("button", name="Restore this version").click()
    expect(page.locator(".messagelist")).to_contain_text("attention.md is again as it was")
    page.goto("/modules/attention/")
    expect(page.locator("main")).to_contain_text(PLAIN)


def test_the_second_editor_is_told_and_loses_nothing(page, editor, new_context, base_url):
    context = new_context()
    sign_in(context, make_editor("two@example.org"), base_url)
    second = context.new_page()
    for one, words in ((page, "Attention keeps all."), (second, "Attention forgets all.")):
        open_lesson(one)
        write(one, words)
        note(one, words)
    save(page)
    save(second)
    expect(second.locator(".errorlist.nonfield")).to_contain_text("this was saved by ed@example.org at")
    expect(second.locator(".overtaken ins", has_text="keeps").first).to_be_visible()
    assert "Attention forgets all." in text(second).input_value()
    assert "Attention keeps all." in Module.objects.get(pk="attention").body
    save(second)
    expect(second.locator(".messagelist")).to_contain_text("was changed successfully")
    notes = Revision.objects.of("modules/attention.md").values_list("note", flat=True)
    assert list(notes[:2]) == ["Attention forgets all.", "Attention keeps all."]


def test_a_number_that_is_not_saved_yet_counts_in_the_text(page, editor):
    open_lesson(page)
    write(page, f"{PLAIN} It is worth [=worth].")
    expect(troubles(page)).to_contain_text("unknown number 'worth'")
    page.locator("#quantities-heading").click()
    page.get_by_role("button", name="Add another Number").click()
    number = page.locator(".dynamic-quantities").last
    for label, words in {
        "Name": "worth",
        "Label": "Its worth",
        "Value": "97 percent",
        "Because": "For this test",
    }.items():
        number.get_by_label(label).fill(words)
    expect(troubles(page)).to_contain_text(FINE)
    expect(page.locator(".markdownx-preview article")).to_contain_text("It is worth 97%.")
    note(page, "Its worth")
    save(page, "Save and continue editing")
    row = page.locator(".dynamic-quantities").last
    expect(row).to_contain_text("worth Its worth = 97 percent")


def test_a_hostile_picture_is_refused_before_saving_and_after(page, editor):
    open_lesson(page)
    page.locator("#figures-heading").click()
    page.get_by_role("button", name="Add another Figure").click()
    row = page.locator("tr.dynamic-figures").last
    row.get_by_role("textbox").fill("hostile.svg")
    row.locator("input[type=file]").set_input_files(
        {"name": "hostile.svg", "mimeType": "image/svg+xml", "buffer": HOSTILE}
    )
    expect(troubles(page)).to_contain_text("the element 'script' is not allowed")
    note(page, "A picture")
    save(page)
    expect(page.locator("#figures-group")).to_contain_text("the element 'script' is not allowed")


def test_everything_by_keyboard(page, editor):
    open_lesson(page)
    write(page, "Scores of 97 GB drift.", instead_of="Scores drift.")
    place = troubles(page).get_by_role("button").last
    expect(troubles(page)).to_contain_text("mend before")
    place.press("Enter")
    expect(text(page)).to_be_focused()
    selected = text(page).evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)")
    assert selected.startswith("Scores of 97 GB drift")
    assert text(page).evaluate("it => it.scrollTop > 1000"), "the line is in sight"
    page.keyboard.press("ArrowLeft")
    for _ in "Scores of 97 GB drift":
        page.keyboard.press("Delete")
    page.keyboard.type("They drift")
    expect(troubles(page)).to_contain_text(FINE)
    page.keyboard.press("Tab")
    expect(text(page)).not_to_be_focused()
    row = page.locator("#quantities-0 > details > summary")
    page.locator("#quantities-group summary").first.press("Enter")
    row.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#quantities-0").get_by_label("Position")).to_be_focused()
    page.get_by_label("What changed, and why").focus()
    page.keyboard.type("A word")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert "\nThey drift. The square root" in Module.objects.get(pk="attention").body


def test_leaving_with_unsaved_text_asks_first(page, editor):
    open_lesson(page)
    write(page, "Words.")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Raw Markdown").click()
    expect(text(page)).to_be_visible()
    assert asked == ["beforeunload"]


def test_axe_finds_nothing_in_what_is_ours(page, editor):
    open_lesson(page)
    page.locator("#quantities-heading").click()
    page.locator("#quantities-0 > details > summary").click()
    write(page, "It costs 97 percent.")
    expect(troubles(page)).to_contain_text("nothing defends")
    assert faults(page, ".markdownx-editor", ".markdownx-preview > .troubles", "#quantities-0", ".save-bar") == []
    page.goto("/admin/modules/module/")
    assert faults(page, "#result_list") == []
    page.goto("/admin/modules/revision/?path=modules%2Fattention.md")
    page.locator("#result_list tbody").get_by_role("link").first.click()
    expect(page.locator(".diff")).to_be_visible()
    assert faults(page, "#content-main") == []


def test_nothing_is_wider_than_a_phone(page, editor):
    page.set_viewport_size({"width": 360, "height": 700})
    for path in (LESSON, "/admin/modules/group/h100_hour/change/", "/admin/modules/module/"):
        page.goto(path)
        assert page.evaluate(WIDE) == [], path
