"""The referee's page: a text is pasted, judged and forgotten."""

from __future__ import annotations

import pytest
from django.test import Client

from modules import content
from modules.referee import MAX_TEXT
from progress.models import StudyEvent
from tests.factories import make_file, make_lesson, make_number, make_source
from tests.make import make_reader

pytestmark = pytest.mark.django_db

CHECK = "/check/"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
HTMX = SAME_ORIGIN | {"hx-request": "true"}
REFERENCE = """groups:
  - id: llama3_70b
    title: Llama 3 70B
    kind: model
    source: doe
    at: Table 1
    numbers:
      layers: {value: 80, label: Layers}
      context: {value: 8192 token, label: Context window}
      guess: {value: 7, label: Loops, because: Nobody knows}
  - id: gpt_4o
    title: GPT-4o
    kind: price
    source: doe
    at: Prices
    as_of: 2026-10-12
    api_model: openai/gpt-4o
    numbers:
      input:
        value: 2.50 USD/Mtoken
        label: Price of input
        earlier: [5.00 USD/Mtoken on 2024-05-13, 2.50 USD/Mtoken on 2024-08-06]
"""


@pytest.fixture(autouse=True)
def notebook():
    content.forget()
    make_source("doe")
    make_file("reference.yaml", REFERENCE)
    cache = {"cache": make_number("40 GiB", label="Cache"), "half": make_number(formula="cache / 2", unit="GiB")}
    make_lesson("one", ledger=cache, body="[=half]")


def send(client, text, headers=SAME_ORIGIN, **kwargs):
    return client.post(CHECK, {"text": text}, headers=headers, **kwargs)


def told(page):
    """Return what a page says: each verdict with the quantities it is on."""
    return {verdict: [one.finding.text for one in ones] for verdict, _, ones in page.context["groups"]}


def test_it_asks_for_a_text(client):
    page = client.get(CHECK)
    assert page.status_code == 200
    assert "public" in page["Cache-Control"]
    assert not page.cookies
    assert b"<textarea" in page.content


def test_a_text_is_judged(client):
    page = send(client, "Llama 3 70B has 64 layers and a context window of 8K tokens. It takes 140 GB.")
    assert page.status_code == 200
    assert told(page) == {"contradicts": ["64"], "agrees": ["8K tokens"], "unknown": ["140 GB"]}
    assert "the text says 0.8 times that" in page.content.decode()
    assert "/numbers/llama3_70b/layers/" in page.content.decode()
    assert "Doe" in page.content.decode()


def test_an_old_price_was_true_until_the_day_it_changed(client):
    page = send(client, "GPT-4o costs $5.00 per million input tokens.").content.decode()
    assert "Was true until 2024-08-06." in page
    assert "as of 2026-10-12" in page


def test_an_assumption_is_compared_when_its_id_is_quoted(client):
    assert told(send(client, "Llama 3 70B has 9 loops.")) == {}
    assert told(send(client, "It takes 9 loops (llama3_70b.guess).")) == {"contradicts": ["9"]}
    assert told(send(client, "That is 10 GiB (one:half).")) == {"contradicts": ["10 GiB"]}


def test_a_slip_is_told(client):
    assert "bits for bytes?" in send(client, "That is 320 GiB (`one:cache`).").content.decode()


def test_htmx_gets_the_verdicts_alone(client):
    page = send(client, "Llama 3 70B has 64 layers.", headers=HTMX)
    assert page.status_code == 200
    assert b"<html" not in page.content
    assert told(page) == {"contradicts": ["64"]}
    assert "HX-Request" in page["Vary"]


def test_nothing_is_kept(client):
    make_reader()
    page = send(client, "Llama 3 70B has 64 layers.")
    assert "no-store" in page["Cache-Control"]
    assert not StudyEvent.objects.exists()
    assert not page.cookies


def test_a_text_that_is_too_long_comes_back_with_a_sentence(client):
    text = "Llama 3 70B has 64 layers. " * 800
    page = send(client, text)
    assert page.status_code == 413
    assert "21,600 characters, and 20,000 are read at once" in page.content.decode()
    assert text.strip() in page.content.decode()
    assert b"20,000 are read at once" in send(client, text, headers=HTMX).content


def test_lines_count_as_one_character_however_they_end(client):
    assert send(client, "a\r\n" * (MAX_TEXT // 2)).status_code == 200


@pytest.mark.parametrize("text", ["", " \r\n ", "\0"])
def test_without_a_text_it_says_so(client, text):
    page = send(client, text)
    assert page.status_code == 400
    assert "There is no text to check" in page.content.decode()


def test_a_text_without_numbers_has_none(client):
    assert "No number in it" in send(client, "Attention is all you need.").content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> Llama 3 70B has 64 layers <b>",
        "1" * 5000,
        "| " * 9000,
        "9 layers, " * 1900,
        "(" * 20_000,
        "*" * 20_000,
        "$1" * 9000,
        "a:b " * 5000,
        "1-" * 9999,
    ],
)
def test_hostile_text_is_text_and_takes_no_time(client, text):
    page = send(client, text)
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_a_page_elsewhere_cannot_send_a_text():
    assert send(Client(enforce_csrf_checks=True), "a", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_it_asks_little_of_the_database(client, django_assert_max_num_queries):
    send(client, "Llama 3 70B has 64 layers.")
    with django_assert_max_num_queries(3):
        send(client, "Llama 3 70B has 64 layers. " * 500)


def test_other_methods_are_refused(client):
    assert client.put(CHECK).status_code == 405
