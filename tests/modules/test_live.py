"""The home page's live number: the author's sentence, a reader's values, and what may not be published."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from modules import content
from modules.models import Explorer
from modules.publishing import Broken
from tests.factories import make_lesson, make_number, make_source
from tests.make import make_reader

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}
SENTENCE = "A talk of [tokens] keeps [total] of memory."
LEDGER = {
    "tokens": make_number("8192 token", label="Tokens"),
    "size": make_number("2 B", source="doe", at="Table 1", label="Size"),
    "each": make_number(formula="size / token * 3", unit="B/token", label="Each"),
    "total": make_number(formula="tokens * each", unit="KiB", label="Total"),
    "left": make_number(formula="1 / (tokens / token - 5)", label="Left"),
    "apart": make_number("7", label="Apart"),
}


@pytest.fixture(autouse=True)
def _source():
    make_source("doe")


def publish(id_="one", **fields):
    tokens = {"min": "1 token", "max": "131072 token", "scale": "log"}
    given = {"title": "What if", "inputs": {"tokens": tokens}, "outputs": ["total", "left", "apart"]}
    explorers = {"what": given | {"live": SENTENCE} | fields}
    make_lesson(id_, ledger=LEDGER, explorers=explorers, body="## A {#minute}\n\n::: explorer what\n:::\n")


def said(response):
    text = re.sub(r"<[^>]+>", "", response.content.decode().replace("</a>", "")).replace("\xa0", " ")
    return " ".join(text.split())


def ask(client, value, **more):
    return client.get("/live/", {"tokens": value, **more}, headers=HTMX)


class TestAnswer:
    def test_it_is_computed_by_the_ledger(self, client):
        publish()
        assert said(ask(client, "8192")) == "tokens keeps 48 KiB of memory."
        assert said(ask(client, "16,384")) == "tokens keeps 96 KiB of memory."
        assert said(ask(client, "2 ktoken")) == "tokens keeps 11.7 KiB of memory."

    def test_it_follows_the_slider_without_script(self, client):
        publish()
        moved = {"tokens.was": "8192", "tokens.at": "400"}
        assert said(ask(client, "8192", **moved)) == "tokens keeps 768 KiB of memory."

    @pytest.mark.parametrize(
        ("value", "complaint"),
        [
            ("0", "0 is outside 1\xa0token to 131,072\xa0tokens."),
            ("a furlong", "furlong"),
            ("3 B", "B"),
            ("<script>", "&lt;script&gt;"),
            ("9" * 200, "longer than 80 characters"),
        ],
    )
    def test_what_cannot_be_used_is_told_and_nothing_is_claimed(self, client, value, complaint):
        publish()
        page = ask(client, value).content.decode()
        assert complaint in page
        assert "KiB" not in page
        assert "<script>" not in page

    def test_where_nothing_follows_it_says_so(self, client):
        publish(live="From [tokens] follows [left].")
        page = ask(client, "5").content.decode()
        assert "Nothing follows from this value" in page
        assert "<a" not in page

    def test_it_leads_to_the_number_in_its_lesson(self, client):
        publish()
        href = re.search(r'href="([^"#]+)#([^"]+)"', ask(client, "5").content.decode())
        assert f'id="{href[2]}"' in client.get(href[1]).content.decode()

    def test_it_names_what_does_not_move_with_its_source_and_formula(self, client):
        publish()
        grounds = content.current().live_grounds
        assert [(one.shown, one.label, one.how) for one in grounds] == [
            ("6\xa0B/token", "Each", "size / token * 3"),
            ("2\xa0B", "Size", "Doe 2020, Table 1"),
        ]
        page = client.get(grounds[0].href.partition("#")[0]).content.decode()
        assert all(f'id="{one.href.partition("#")[2]}"' in page for one in grounds)


class TestPage:
    def test_home_shows_it_as_a_form_that_needs_no_script(self, client):
        publish()
        page = client.get("/").content.decode()
        assert 'action="/live/"' in page
        assert 'name="tokens" value="8192"' in page
        assert "48\xa0KiB" in page
        assert "<button" in page.partition('action="/live/"')[2].partition("</form>")[0]

    def test_home_does_without(self, client):
        make_lesson("one")
        assert 'action="/live/"' not in client.get("/").content.decode()
        assert client.get("/live/").status_code == 404

    def test_a_plain_answer_is_a_page_with_the_form_again(self, client):
        publish()
        page = client.get("/live/", {"tokens": "16384"}).content.decode()
        assert page.startswith("<!doctype html>")
        assert 'name="tokens" value="16384"' in page
        assert "96\xa0KiB" in page

    def test_a_plain_answer_keeps_what_could_not_be_used(self, client):
        publish()
        page = client.get("/live/", {"tokens": '"many"'}).content.decode()
        assert 'value="&quot;many&quot;"' in page
        assert "aria-invalid" in page
        assert 'id="live-error"' in page

    def test_an_answer_leaves_the_home_page_in_memory_as_it_is(self, client):
        publish()
        before = client.get("/")
        response = client.get("/live/", {"tokens": "5"})
        assert "public" in response["Cache-Control"]
        assert "HX-Request" in response["Vary"]
        assert not response.cookies
        assert client.get("/").content == before.content

    def test_a_readers_answer_is_private(self, client):
        publish()
        client.force_login(make_reader())
        assert "private" in client.get("/live/", {"tokens": "5"})["Cache-Control"]

    def test_it_costs_one_query(self, client, django_assert_num_queries):
        publish()
        ask(client, "5")
        with django_assert_num_queries(1):  # the edition
            ask(client, "6")

    def test_a_changed_number_changes_the_sentence(self, settings):
        settings.SHARED_SECONDS = 0
        publish()
        assert "48\xa0KiB" in Client().get("/").content.decode()
        publish(live=SENTENCE.replace("total", "apart").replace("[apart]", "[total], twice,"))
        assert ", twice, of memory" in Client().get("/").content.decode()


class TestPublishing:
    @pytest.mark.parametrize(
        ("sentence", "complaint"),
        [
            ("Nothing to ask.", "needs two names in brackets"),
            ("Only [tokens].", "needs two names in brackets"),
            ("[tokens] and [total] and [left]", "needs two names in brackets"),
            ("[size] gives [total]", "needs an input and an output, not 'size' and 'total'"),
            ("[tokens] gives [each]", "needs an input and an output, not 'tokens' and 'each'"),
            ("[total] from [tokens]", "needs an input and an output"),
            ("[tokens] gives [apart]", "'apart' does not follow from 'tokens'"),
            ("With 70 layers [tokens] gives [total]", "70"),
        ],
    )
    def test_a_sentence_that_points_at_nothing_is_refused(self, sentence, complaint):
        with pytest.raises(Broken, match=re.escape(complaint)) as caught:
            publish(live=sentence)
        assert caught.value.troubles[0].where == "explorer what"

    def test_the_notebook_has_one(self):
        publish()
        with pytest.raises(Broken, match="one has the live sentence of the home page") as caught:
            publish("two")
        assert [(trouble.subject, trouble.where) for trouble in caught.value.troubles] == [("two", "explorer what")]

    def test_only_the_sentence_need_change_to_be_checked(self):
        publish()
        with pytest.raises(Broken):
            publish(live="[tokens] gives [nothing]")
        assert Explorer.objects.get().live
