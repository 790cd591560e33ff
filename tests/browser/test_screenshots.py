"""`make screenshots` finds what it wants to show; a page that changes would otherwise break it unseen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tools import screenshots


@pytest.mark.parametrize("shot", [*screenshots.SHOTS, screenshots.PRINT], ids=lambda shot: shot.name)
def test_view_shows_what_it_is_named_for(page, reader, shot):
    screenshots.pose(page, shot)
    if shot.scroll_to:
        expect(page.locator(shot.scroll_to).first).to_be_in_viewport()
    if shot.press:
        expect(page.locator(".card")).to_be_in_viewport()
    assert len(screenshots.shrunk(page.screenshot())) <= screenshots.LIMIT_BYTES
