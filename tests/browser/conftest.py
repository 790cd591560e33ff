"""A real Chromium on a served notebook. Each test has its own copy of a database with real lessons in it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect

from modules import content
from modules.models import Exam, Explorer, FailureMode, Figure, Module, Passage, Phase, Question, Term
from modules.publishing import publish
from tests.browser.places import LESSONS
from tests.databases import database, use
from tests.make import make_reader

HERE = Path(__file__).parent
expect.set_options(timeout=20_000)  # milliseconds; a busy machine is slow, not wrong


@pytest.hookimpl(trylast=True)  # after pytest has put tests of the same parameters together
def pytest_collection_modifyitems(items):
    """Run these tests last: from the first on, Django takes the thread of the tests for an asynchronous one."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session", autouse=True)
def _small(loaded, django_db_blocker):
    """Plan all lessons again but LESSONS, for tests that say which come next and how many there are."""
    with django_db_blocker.unblock(), database(f"{loaded}_small", copy_of=loaded) as small:
        with use(small), transaction.atomic():
            others = Module.objects.written().exclude(pk__in=LESSONS)
            paths = [module.path for module in others]
            for rows in (Question, Term, Explorer, Figure, Passage, FailureMode, Exam, Phase):
                rows.objects.filter(module__in=others).delete()
            others.update(body="", hook="", reviewed=None)
            publish(paths)
        content.forget()
        yield small


@pytest.fixture(scope="session")
def base_url(loaded):
    """Serve the notebook; playwright puts this address before every path."""
    from notebook.wsgi import application  # reads the settings that tests/conftest.py changes

    # WhiteNoise serves the static files, as it does in production; Django's own handlers are not needed.
    server = LiveServerThread("127.0.0.1", static_handler=lambda handler: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture(autouse=True)
def transactional_db(request, django_db_blocker, monkeypatch):
    """Let the test do what it likes to a notebook of three lessons: a copy takes a quarter of a second.

    Under `@pytest.mark.whole_notebook` it has all that are written, and only reads: of those no copy is made. In
    place of pytest-django's fixture of this name, which would empty every table.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the thread of the test
    monkeypatch.setattr(content, "_current", None)
    with django_db_blocker.unblock(), ExitStack() as stack:
        if request.node.get_closest_marker("whole_notebook"):
            stack.enter_context(use(request.getfixturevalue("loaded"), options="-c default_transaction_read_only=on"))
        else:
            small = request.getfixturevalue("_small")
            stack.enter_context(use(stack.enter_context(database(f"{small}_copy", copy_of=small))))
        yield


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A page that is scrolled is there at once, and the worker works in its own tests only (test_offline.py)."""
    return browser_context_args | {"reduced_motion": "reduce", "service_workers": "block"}


A_READER_IS_THERE = """addEventListener("load", () => dispatchEvent(new Event("pointermove")))"""
HTMX_IS_THERE = """() => new Promise((done) => {
  const look = () => window.htmx || !document.querySelector("script[data-htmx]") ? done() : setTimeout(look, 10);
  look();
})"""


def wait_for_htmx(page):
    """Let `page.goto` come back once htmx is there, which is fetched when a reader first does something."""
    goto = page.goto

    def ready(*args, **options):
        response = goto(*args, **options)
        page.evaluate(HTMX_IS_THERE)
        return response

    page.goto = ready


@pytest.fixture
def new_context(new_context, base_url):
    """Watch every page of the test: none may complain in its console, and none may ask anything of another host."""
    complaints = []

    def on_message(message):
        is_refusal = any(f"status of {code}" in message.text for code in (400, 404, 413))
        is_own_refusal = is_refusal and message.location["url"] == message.page.url
        is_resting_preview = "status of 503" in message.text and message.location["url"].endswith("/preview/")
        is_blocked_worker = message.text == "Service Worker registration blocked by Playwright"
        # htmx prints an error when hx-sync replaces a question that was not answered yet; a failed one is "sendError".
        is_replaced = message.text.startswith(("htmx:sendAbort,", "htmx:afterRequest,"))
        is_known = is_own_refusal or is_resting_preview or is_blocked_worker or is_replaced
        if message.type in ("error", "warning") and not is_known:
            complaints.append(f"{message.page.url} says {message.text}")

    def on_request(request):
        if not request.url.startswith((f"{base_url}/", "data:")):
            complaints.append(f"{request.frame.url} asks for {request.url}")

    def watched(**options):
        context = new_context(**options)
        context.set_default_timeout(20_000)
        context.on("console", on_message)
        context.on("weberror", lambda error: complaints.append(f"{error.page.url} fails: {error.error}"))
        context.on("request", on_request)
        if options.get("java_script_enabled", True):
            context.add_init_script(A_READER_IS_THERE)
            context.on("page", wait_for_htmx)
        return context

    yield watched
    assert complaints == []


@pytest.fixture
def reader(context, base_url):
    """Return a reader who is signed in on `page`."""
    reader = make_reader()
    sign_in(context, reader, base_url)
    return reader


def sign_in(context, user, base_url):
    """Give a browser the session of `user`, as if they had signed in."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base_url, "httpOnly": True}])
