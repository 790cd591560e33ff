"""Without a connection: what was read is there, what is marked is sent later, and signing out leaves nothing."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress

import pytest
from django.http import Http404
from playwright.sync_api import expect

from notebook import offline
from progress import events, views
from progress.facts import Kind
from tests.browser.conftest import sign_in
from tests.make import make_reader

EMAIL = "ada@example.org"
LESSON, OTHER = "/modules/attention/", "/modules/kv-cache/"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys())
    found.push([new URL(request.url).pathname, name]);
  return found;
}"""
TEXTS = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
  }
  return texts;
}"""


@pytest.fixture
def context(browser, base_url):
    """Return a browser that lets service workers run; what it says offline is no complaint."""
    context = browser.new_context(base_url=base_url, service_workers="allow", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.set_offline(False)
    context.close()


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture
def reader(context, base_url):
    user = make_reader(EMAIL)
    sign_in(context, user, base_url)
    return user


def until(condition, seconds=10):
    """Wait for what no element of a page shows."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen"
        time.sleep(0.05)


def kept(page):
    """Return the cache in which each path is kept."""
    return dict(page.evaluate(KEPT))


def read(page, *paths):
    """Open each lesson as a reader does and wait until it is kept; the second time the worker sees its parts too."""
    for path in paths:
        page.goto(path)
        until(lambda path=path: path in kept(page))
        page.reload()
    page.wait_for_load_state("networkidle")


@contextmanager
def failing(monkeypatch):
    """Let the server refuse what a reader marks."""
    with monkeypatch.context() as patch:
        patch.setattr(views, "_lesson", lambda *_: 1 / 0)
        yield


def again(path):
    """Return an address of the page that the browser's own cache does not have."""
    return f"{path}?again"


def test_a_lesson_that_was_read_is_there(page, context):
    read(page, LESSON)
    context.set_offline(True)
    page.goto(again(LESSON))
    expect(page.get_by_role("heading", level=1)).to_have_text("Self-Attention")
    expect(page.locator(".messages")).to_contain_text("You are offline. This is the copy of the lesson kept on ")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Notebook Serif"')
    assert page.evaluate("document.fonts.check('16px \"Notebook Serif\"')")


def test_another_gives_the_page_that_lists_what_is_there(page, context):
    read(page, LESSON)
    context.set_offline(True)
    for path in (OTHER, "/", "/dashboard/", "/search/?q=cache"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Read without a connection")
    assert page.locator("main .lesson-list a").all_inner_texts() == ["Self-Attention"]
    page.locator("main .lesson-list a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Self-Attention")


def test_what_is_marked_is_sent_in_order_when_the_connection_returns(page, context, reader):
    read(page, LESSON)
    context.set_offline(True)
    page.goto(again(LESSON))
    controls = page.locator("#controls")
    for button in ("Mark as completed", "Mark as not completed", "Mark as completed"):
        controls.get_by_role("button", name=button, exact=True).click()
        expect(controls.get_by_role("status")).to_have_text("Saved here. It will be sent when you are connected again.")
    page.goto(again(LESSON))
    expect(controls).to_contain_text("Saved here.")
    expect(controls.locator(".done")).to_be_visible()
    assert not reader.completions.exists()

    context.set_offline(False)
    with suppress(AssertionError):  # the page may hear of the connection before the worker has it
        expect(controls).to_contain_text("Your progress is saved on your account.", timeout=8_000)
    if "Saved here." in controls.inner_text():
        page.evaluate("dispatchEvent(new Event('online'))")
    expect(controls).to_contain_text("Your progress is saved on your account.")
    expect(controls.locator(".done")).to_be_visible()
    kinds = list(reader.events.exclude(kind=Kind.OPENED).order_by("pk").values_list("kind", flat=True))
    assert kinds == [Kind.COMPLETED, Kind.REOPENED, Kind.COMPLETED]
    page.goto(again(LESSON))
    expect(page.locator(".messages")).to_have_count(0)
    expect(controls).to_contain_text("Your progress is saved on your account.")


def test_a_form_without_htmx_is_kept_too_and_the_next_page_shows_what_was_sent(page, context, reader):
    read(page, LESSON)
    context.set_offline(True)
    page.goto(again(LESSON))
    page.evaluate("document.querySelector('#controls form').submit()")
    expect(page.locator("#controls")).to_contain_text("Saved here.")
    expect(page).to_have_url(f"{LESSON}#controls")
    # Nobody tells the page that the connection is back.
    page.evaluate("addEventListener('online', event => event.stopImmediatePropagation(), true)")
    context.set_offline(False)
    page.goto("/dashboard/")
    expect(page.locator("main")).to_contain_text("1 lesson completed")
    assert reader.completions.count() == 1


def test_what_the_server_cannot_take_now_is_sent_later(page, context, reader, monkeypatch):
    read(page, LESSON)
    context.set_offline(True)
    page.goto(again(LESSON))
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#controls")).to_contain_text("Saved here.")
    with failing(monkeypatch):
        context.set_offline(False)
        page.goto(OTHER)
        expect(page.get_by_role("heading", level=1)).to_have_text("KV Cache & Memory")
        assert not reader.completions.exists()
    page.goto(again(OTHER))
    until(reader.completions.exists)


def test_no_page_of_a_reader_is_kept(page, reader):
    events.record(reader, Kind.COMPLETED, "attention")
    events.record(reader, Kind.STARTED_PATH, "new-to-transformers")
    read(page, LESSON)
    for path in ("/accounts/email/", "/dashboard/", "/paths/new-to-transformers/", OTHER, LESSON):
        page.goto(path)
    until(lambda: OTHER in kept(page))
    page.goto("/accounts/email/")
    assert EMAIL in page.content()
    texts = page.evaluate(TEXTS)
    assert any("<title>Self-Attention" in text for text in texts)
    for sign in (EMAIL, "Sign out", "csrfmiddlewaretoken", "✓ Completed", "saved on your account"):
        assert not [text[:200] for text in texts if sign in text], sign


def test_signing_out_leaves_nothing(page, context, reader):
    read(page, LESSON, OTHER)
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/")
    until(lambda: not [path for path in kept(page) if path.startswith("/modules/")])
    context.set_offline(True)
    page.goto(again(LESSON))
    expect(page.locator("#kept")).to_have_text("No lesson yet.")


def test_what_waits_is_sent_for_the_reader_who_signs_out_or_forgotten(page, context, reader, monkeypatch):
    read(page, LESSON)
    context.set_offline(True)
    page.goto(again(LESSON))
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#controls")).to_contain_text("Saved here.")
    with failing(monkeypatch):
        context.set_offline(False)
        page.goto("/accounts/logout/")
        page.locator("main").get_by_role("button", name="Sign out").click()
        expect(page).to_have_url("/")
        until(lambda: LESSON not in kept(page))
    page.goto("/dashboard/")
    page.goto(LESSON)
    expect(page.get_by_role("button", name="Mark as completed")).to_be_visible()
    assert not reader.completions.exists()


def test_a_new_version_brings_the_lessons_along_and_removes_the_old_one(page, context, monkeypatch):
    read(page, LESSON)
    (old,) = set(kept(page).values())
    monkeypatch.setattr(offline, "FONTS", offline.FONTS[:2])
    page.evaluate("navigator.serviceWorker.ready.then(one => one.update())")
    until(lambda: old not in kept(page).values() and kept(page))
    (new,) = set(kept(page).values())
    assert new != old
    context.set_offline(True)
    page.goto(again(LESSON))
    expect(page.get_by_role("heading", level=1)).to_have_text("Self-Attention")


def test_an_update_that_fails_leaves_what_there_was(page, monkeypatch):
    read(page, LESSON)
    before = page.evaluate(KEPT)
    monkeypatch.setattr(offline, "FONTS", ("no-such-font",))
    page.evaluate("navigator.serviceWorker.ready.then(one => one.update()).catch(() => {})")
    until(lambda: page.evaluate("navigator.serviceWorker.ready.then(one => !one.installing && !one.waiting)"))
    assert [one for one in before if one not in page.evaluate(KEPT)] == []


def test_without_a_worker_the_notebook_is_as_it_was(page, monkeypatch):
    def gone(*args, **kwargs):
        raise Http404

    monkeypatch.setattr(offline, "render_to_string", gone)
    failed = []
    page.on("pageerror", lambda error: failed.append(error))
    page.goto(LESSON)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistration().then(one => one === undefined)")
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.get_by_role("button", name="Mark as not completed")).to_be_visible()
    assert failed == []
