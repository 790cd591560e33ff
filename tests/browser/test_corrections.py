"""A reader is told that a number they studied has changed, and says that they have seen it."""

from __future__ import annotations

from playwright.sync_api import expect

from modules.models import Group
from modules.publishing import publish
from tests.browser.test_pages import faults


def test_old_and_new_are_told_until_they_are_seen(page):
    page.goto("/modules/kv-cache/")
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.get_by_role("button", name="Mark as not completed")).to_be_visible()
    Group.objects.get(pk="h100_hour").quantities.update(value="4.49 USD/(gpu*hour)")
    publish(["reference.yaml"])
    page.goto("/dashboard/")
    changed = page.locator(".corrections")
    expect(changed.get_by_role("heading")).to_contain_text("numbers you studied changed")
    expect(changed).to_contain_text("was $3.99")
    assert faults(page, ".corrections") == []
    changed.get_by_role("button", name="Mark as seen").click()
    expect(page.get_by_role("heading", name="Your study")).to_be_visible()
    expect(changed).to_have_count(0)
    page.goto("/changelog/")
    expect(page.locator("main")).to_contain_text("was $3.99")
