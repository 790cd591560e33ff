"""What holds on every kind of page: nothing for axe to find, and nothing wider than the screen. And paper.

That no page complains in its console or asks anything of another host is checked in every browser test (conftest.py).
"""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import expect

from modules.models import Question
from progress import events
from progress.facts import Answer
from progress.models import StudyEvent
from tests.browser.conftest import sign_in
from tests.browser.places import FOR_EVERYONE, FOR_READERS, LESSONS
from tests.make import make_reader

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
NARROWEST, ZOOMED = {"width": 320, "height": 640}, {"width": 640, "height": 400}  # the second: a desk at 200 percent
AXE = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# What the text of a lesson can get wrong. Colours and sizes are those of classes: the kinds of page and
# tests/notebook/test_contrast.py see to them, and on a long page these three rules take axe nine tenths of its time.
LOOKS = ("color-contrast", "link-in-text-block", "target-size")
STRUCTURE = AXE | {"rules": {rule: {"enabled": False} for rule in LOOKS}}
# Elements that stick out of the page and not only out of a box that scrolls.
WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = node => node && (getComputedStyle(node).overflowX !== "visible" || scrolls(node.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter(node => node.getBoundingClientRect().right > width + 1 && !scrolls(node.parentElement))
    .map(node => node.outerHTML.slice(0, 100));
}"""


# Sections a phone has not laid out yet lie nowhere; axe would take them to lie on the others, and none is too wide.
LAY_OUT_ALL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".section, .section > *, .explorer-result { content-visibility: visible !important }");
  document.adoptedStyleSheets.push(sheet);
}"""


# Of rows that one template makes, twenty tell what all do, and axe looks at each for seconds on a page of a thousand.
THIN = """() => {
  for (const list of document.querySelectorAll("tbody, ul, ol, dl")) {
    const kinds = new Map();
    for (const row of [...list.children]) {
      const kind = `${row.localName}.${row.className}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (kinds.get(kind) > 20) row.remove();
    }
  }
}"""
VIEWS = ((PHONE, "dark"), (DESK, "light"))


def faults(page, *parts, views=VIEWS, options=AXE):
    """Return what axe finds on the page, or in the named parts of it, on a dark phone and on a light desk."""
    page.evaluate(LAY_OUT_ALL)
    page.evaluate(AXE_SCRIPT)
    where = json.dumps([[part] for part in parts]) if parts else "document"
    found = []
    for size, theme in views:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        result = page.evaluate(f"axe.run({where}, {json.dumps(options)})")
        found += [
            f"{size['width']} px, {theme}: {violation['help']}: {node['html'][:200]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]
    return found


def fits(page):
    """Return whether nothing is wider than the page, on the narrowest phone and on a desk at 200 percent."""
    page.evaluate(LAY_OUT_ALL)
    for size in (NARROWEST, ZOOMED):
        page.set_viewport_size(size)
        assert page.evaluate(WIDE) == [], f"at {size['width']} px"
    return True


@pytest.mark.whole_notebook
@pytest.mark.parametrize("kind", FOR_EVERYONE)
def test_a_page_is_for_everyone(page, kind):
    page.goto(FOR_EVERYONE[kind])
    assert fits(page)
    page.evaluate(THIN)
    assert faults(page) == []


@pytest.mark.parametrize("kind", FOR_READERS)
def test_a_readers_page_is_for_everyone(page, context, base_url, kind):
    reader = make_reader()
    events.record(reader, StudyEvent.Kind.STARTED_PATH, "new-to-transformers")
    events.record(reader, StudyEvent.Kind.COMPLETED, "tokenization")
    first = Question.objects.filter(module="attention").order_by("position")[0]
    events.record(reader, StudyEvent.Kind.GRADED, first.key, answer=Answer(7, "1", "partly"))
    sign_in(context, reader, base_url)
    page.goto(FOR_READERS[kind])
    assert fits(page)
    assert faults(page) == []


def test_axe_finds_nothing_where_a_reader_has_opened_things(page):
    page.goto("/modules/kv-cache/")
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    page.get_by_label("Tokens per conversation (tokens)").fill("7")
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page, "details", ".explorer") == []
    for key, dialog in (("Control+k", "#palette"), ("?", "#keys")):
        page.locator("h1").click()
        page.keyboard.press(key)
        page.keyboard.type("cache")
        expect(page.locator(f"{dialog} :is([aria-selected=true], h2)")).to_be_visible()
        assert faults(page, dialog) == []
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
    page.locator(".standfirst a.number").first.click()
    assert faults(page, ".card") == []


@pytest.mark.whole_notebook
@pytest.mark.parametrize("lesson", sorted(file.stem for file in (settings.FIXTURES_DIR / "modules").glob("*.md")))
def test_every_lesson_is_for_everyone(page, lesson):
    page.goto(f"/modules/{lesson}/")
    assert fits(page)
    page.evaluate(THIN)
    assert faults(page, views=VIEWS[:1], options=STRUCTURE) == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_paper_has_the_answers_and_no_buttons(page, lesson):
    page.goto(f"/modules/{lesson}/")
    page.emulate_media(media="print")
    shown = page.locator("details.answer").evaluate_all("all => all.map(one => one.children[1].checkVisibility())")
    assert shown
    assert all(shown)
    for name in (
        ".site-nav",
        ".search-link",
        ".keys-line",
        ".theme-switch",
        ".toc",
        ".controls",
        ".explorer-form",
        ".around",
    ):
        expect(page.locator(name).first).to_be_hidden()
    expect(page.locator(".wordmark")).to_be_visible()
    expect(page.locator("body")).to_have_css("color", "rgb(27, 29, 33)")
