"""Making a token for a program, using it, taking it back; the page has no script of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.make import make_reader


@pytest.fixture(params=[True, False], ids=["with script", "without"])
def page(new_context, request, base_url):
    context = new_context(java_script_enabled=request.param)
    sign_in(context, make_reader(), base_url)
    return context.new_page()


def test_a_token_opens_progress_until_it_is_revoked(page, base_url, playwright):
    page.goto("/dashboard/")
    page.get_by_role("link", name="make tokens for programs").click()
    page.get_by_label("What it is for").fill("My tutor")
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_label("Token", exact=True).input_value()

    program = playwright.request.new_context(base_url=base_url)
    ask = {"headers": {"Authorization": f"Bearer {token}"}}
    assert program.get("/api/me/progress", **ask).json()["completed"] == []
    page.goto("/accounts/tokens/")
    expect(page.get_by_role("row", name="My tutor")).to_be_visible()
    expect(page.get_by_label("Token", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Revoke My tutor").click()
    expect(page.get_by_role("row", name="My tutor")).to_have_count(0)
    assert program.get("/api/me/progress", **ask).status == 401
    program.dispose()
