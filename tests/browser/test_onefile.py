"""The one file for offline, opened from a disk: it asks nothing of anyone, and everything in it leads somewhere."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings

PATH = "/paths/new-to-transformers/offline.html"
FILES = ["/modules/tokenization/offline.html", "/modules/kv-cache/offline.html", PATH]
# Ids that are there twice, and whatever names an id that is not there or an address without its host.
LOOSE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(node => node.id), known = new Set(ids);
  const loose = ids.filter((id, at) => ids.indexOf(id) !== at);
  for (const node of document.querySelectorAll("body *")) for (const { name, value } of node.attributes) {
    const named = [];
    if (/^(for|list|headers|aria-\\w+by|aria-controls)$/.test(name)) named.push(...value.split(" "));
    if (/^(href|action|src)$/.test(name) && value.startsWith("#")) named.push(value.slice(1));
    if (/^(href|action|src)$/.test(name) && !/^(#|https?:|mailto:|data:)/.test(value)) loose.push(value);
    for (const [, id] of value.matchAll(/url\\(#([^)]+)\\)/g)) named.push(id);
    loose.push(...named.filter(id => !known.has(id)));
  }
  return loose;
}"""


@pytest.fixture(params=FILES)
def opened(request, browser, base_url, tmp_path):
    """Save a file, open it from the disk, and return its page; it may ask for nothing."""
    saver = browser.new_context()
    file = tmp_path / "saved.html"
    file.write_bytes(saver.request.get(f"{base_url}{request.param}").body())
    saver.close()
    context = browser.new_context(color_scheme="dark", reduced_motion="reduce", offline=True)
    asked, said = [], []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    yield page
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert said == []
    context.close()


def test_nothing_in_it_is_loose(opened):
    assert opened.evaluate(LOOSE) == []


def test_it_looks_like_the_notebook(opened):
    """Its own style sheet passed its own policy, the theme follows the system, and the faces are inside."""
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    families = opened.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)")
    assert {"Notebook Serif", "Notebook Sans", "Notebook Mono", "Notebook Math"} <= set(families)
    assert opened.evaluate("document.querySelectorAll('svg.fig').length") > 0


def test_contents_lead_to_their_sections(opened):
    opened.locator(".toc a").nth(2).click()
    assert opened.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 100


def test_axe_finds_nothing_and_nothing_is_wider_than_the_narrowest_phone(opened):
    opened.set_viewport_size({"width": 320, "height": 640})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320
    opened.evaluate(AXE_SCRIPT)  # playwright runs it past the policy of the file
    found = opened.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [f"{one['help']}: {one['nodes'][0]['html'][:200]}" for one in found] == []


def test_links_between_the_lessons_of_a_path_stay_inside(browser, base_url):
    context = browser.new_context()
    page = context.new_page()
    page.set_content(context.request.get(base_url + PATH).text())
    inside = page.locator("#kv-cache\\.lesson\\.top a[href^='#attention.']")
    assert inside.count() > 0
    assert page.locator(f"a[href^='{settings.SITE_URL}/modules/attention/#']").count() == 0
    context.close()
