"""Everything from the keyboard: what has the focus is always marked and never hidden."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.make import PASSWORD

# Where the focus is, whether that is marked, and whether a pointer would find it in the same place.
FOCUS = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const marked = [it, it.closest("label")].some(node => node && getComputedStyle(node).outlineStyle !== "none");
  const shown = it.closest("label") ?? it;
  const box = shown.getClientRects()[0] ?? new DOMRect();
  const middle = (low, high, end) => (Math.max(low, 0) + Math.min(high, end)) / 2;  // of what the window shows of it
  const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
  const top = document.elementFromPoint(x, y);
  const found = top && (shown.contains(top) || top.contains(shown));
  const name = `${it.tagName} ${it.getAttribute("aria-label") ?? it.innerText ?? it.name}`.slice(0, 60);
  return {name, marked, found: Boolean(found)};
}"""


def walk(page, steps):
    """Press Tab up to `steps` times and return what had the focus; it must have been marked and in sight."""
    names = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        assert focus["marked"], f"the focus on {focus['name']!r} does not show"
        assert focus["found"], f"{focus['name']!r} has the focus and is hidden"
        names.append(focus["name"])
    return names


def test_first_stop_skips_to_the_text(page):
    page.goto("/modules/attention/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    assert page.get_by_role("link", name="Skip to the text").bounding_box()["height"] > 24
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main a").first).to_be_focused()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    "path",
    ["/", "/modules/kv-cache/", "/sources/", "/accounts/signup/", "/drill/", "/drill/kv-cache/cache/?seed=7&answer=1"],
)
def test_focus_is_never_lost(page, path, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(path)
    names = walk(page, 70)
    assert any("Search" in name for name in names)
    assert len(names) > 10


def test_menu_of_a_phone_opens_and_closes(page):
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto("/")
    page.get_by_role("button", name="Menu").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("navigation", name="Notebook").get_by_role("link", name="Paths")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Notebook")).to_be_hidden()


def test_sign_up_by_keyboard_alone(page):
    page.goto("/accounts/signup/")
    page.get_by_label("Email").press_sequentially("ada@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/dashboard/")
    assert User.objects.get().email == "ada@example.org"


def test_explorer_by_keyboard_alone(page):
    page.goto("/modules/kv-cache/")
    explorer = page.locator("#explorer-memory")
    explorer.get_by_label("Tokens per conversation, as a slider").focus()
    page.keyboard.press("ArrowRight")
    expect(explorer.get_by_label("Tokens per conversation (tokens)")).to_have_value("8250")
    page.keyboard.press("Tab")
    page.keyboard.type("2048")
    page.keyboard.press("Enter")
    expect(explorer.locator("output", has_text="0.671 GB")).to_be_visible()
    expect(explorer.get_by_label("Tokens per conversation (tokens)")).to_be_focused()


def test_drill_by_keyboard_alone(page):
    page.goto("/drill/")
    page.get_by_label("From").focus()
    page.keyboard.type("KV Cache")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask me")).to_be_focused()
    page.keyboard.press("Enter")
    field = page.get_by_label("Your answer")
    while not field.evaluate("field => field === document.activeElement"):
        [name] = walk(page, 1)
        assert "Text" not in name, "the field comes before the foot of the page"
    page.keyboard.type("1e9")
    page.keyboard.press("Enter")
    expect(page.locator(".graded")).to_be_visible()
    expect(field).to_be_focused()
    assert walk(page, 2) == ["BUTTON Check", "SUMMARY The working"]
    page.keyboard.press("Enter")
    expect(page.locator(".drill-working .working")).to_be_visible()
    while not page.get_by_role("link", name="Next").evaluate("link => link === document.activeElement"):
        walk(page, 1)
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    expect(page.get_by_label("Your answer")).to_have_value("")
