from __future__ import annotations

import pytest
from django.test import Client

from modules.models import Company, Module, Source
from paths.models import LearningPath
from tests.factories import make_planned

WRITTEN = ["tokenization", "attention", "kv-cache"]
SHARED = [
    "/",
    "/map/",
    "/numbers/kv-cache/kv_per_token/",
    "/reference/",
    "/trust/",
    "/sources/",
    "/glossary/",
    "/changelog/",
    "/paths/interview-sprint/",
    "/focus/meta/",
    "/llms.txt",
]


@pytest.mark.parametrize(
    "address", [*SHARED, *(f"/modules/{pk}/" for pk in WRITTEN), *(f"/raw/{pk}.md" for pk in WRITTEN)]
)
def test_a_page_for_everybody_sets_no_cookie_and_may_be_kept(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    assert response["ETag"]


@pytest.mark.parametrize("address", ["/modules/attention/", "/raw/attention.md", "/"])
def test_what_has_not_changed_is_not_sent_again(client, address):
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304


def test_every_reader_gets_the_same_bytes_of_a_lesson(client):
    assert client.get("/modules/attention/").content == Client().get("/modules/attention/").content


@pytest.mark.parametrize(("accepted", "encoding"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None)])
def test_a_lesson_is_compressed_as_asked(client, accepted, encoding):
    response = client.get("/modules/attention/", headers={"accept-encoding": accepted})
    assert response.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response["Vary"]


def test_a_signed_in_page_is_private(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader"))
    response = client.get("/modules/attention/")
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


def test_a_signed_in_readers_page_is_never_shown_to_another(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("somebody-with-a-name"))
    client.post("/progress/attention/complete/")
    assert b"Completed" in client.get("/modules/attention/").content
    assert b"Completed" not in Client().get("/modules/attention/").content


def test_home_lists_all_lessons_and_links_the_written_ones_only(client):
    page = client.get("/").content.decode()
    assert page.count('class="lesson-mark') == 84
    for module in Module.objects.all():
        assert (f'href="{module.get_absolute_url()}"' in page) == module.is_written, module.pk


def test_a_planned_lesson_says_so_in_html_and_in_markdown(client):
    make_planned("yet-to-be-written")
    page, raw = client.get("/modules/yet-to-be-written/"), client.get("/raw/yet-to-be-written.md")
    assert (page.status_code, raw.status_code) == (404, 404)
    assert b"planned" in page.content
    assert raw["Content-Type"] == "text/markdown; charset=utf-8"
    assert raw.content.startswith(b"# ")


@pytest.mark.parametrize(
    "address",
    [
        "/modules/nope/",
        "/modules/../../etc/passwd/",
        "/modules/%2e%2e/",
        "/modules/attention%00/",
        "/modules/%ff/",
        "/modules/at%20tention/",
        "/raw/nope.md",
        "/raw/..%2f..%2fmanage.py",
        "/raw/attention%00.md",
        "/raw/%ff.md",
        "/figures/attention/..%2f..%2fmodels.py",
        "/figures/attention/nope.svg",
        "/figures/attention/%00.svg",
        "/modules/attention/explorers/nope/",
        "/paths/nope/",
        "/focus/nope/",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/modules/attention/", "/raw/attention.md", "/search/", "/", "/sources/", "/llms-full.txt"]
)
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_reading_pages_take_no_other_method(client, address, method):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "1;drop"])
def test_a_page_of_the_changelog_that_is_none_shows_one_that_is(client, page):
    assert client.get("/changelog/", {"page": page}).status_code == 200


@pytest.mark.parametrize(
    "query", ["dao", "2017", "%", "'", "\0", "x" * 5000, "\ud800".encode("utf-8", "surrogatepass")]
)
def test_sources_can_be_searched_with_anything(client, query):
    assert client.get("/sources/", {"q": query}).status_code == 200


def test_sources_name_the_places_that_cite_them(client):
    page = client.get("/sources/", {"q": "vaswani"}).content.decode()
    assert "Attention Is All You Need" in page
    assert "/modules/attention/#" in page
    assert "Section 3.2.1" in page


def test_every_source_is_listed(client):
    page = client.get("/sources/").content.decode()
    assert all(f'id="source-{source.pk}"' in page for source in Source.objects.all())


def test_the_glossary_leads_to_where_each_term_is_explained(client):
    page, lesson = client.get("/glossary/").content.decode(), client.get("/modules/kv-cache/").content.decode()
    assert '/modules/kv-cache/#term-prefill"' in page
    assert 'id="term-prefill"' in lesson


def test_paths_and_companies_have_pages(client):
    for row in [*LearningPath.objects.all(), *Company.objects.all()]:
        assert client.get(row.get_absolute_url()).status_code == 200


def test_a_figure_is_served_as_what_it_is(client):
    response = client.get("/figures/attention/graph.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_every_page_forbids_scripts_and_styles_of_its_own(client):
    policy = client.get("/modules/attention/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "'nonce-" not in policy


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, "162"),
        ({"sequence": "16384"}, "81"),
        ({"sequence": "16 Ktoken"}, "unknown unit"),
        ({"sequence": "16 ktoken"}, "82"),
        ({"sequence": "1e400"}, "too large"),
        ({"sequence": "nan"}, "is not a number"),
        ({"sequence": "__import__('os')"}, "is not a number"),
        ({"sequence": "9" * 5000}, 'class="error"'),
        ({"sequence": "5"}, "is outside"),
        ({"sequence.at": "0", "sequence.was": "8192"}, "1,296"),
        ({"sequence.at": "٣", "sequence.was": "x"}, "162"),
    ],
)
def test_an_explorer_follows_its_form_and_says_what_it_cannot_use(client, values, shown):
    response = client.get("/modules/kv-cache/explorers/memory/", values, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert shown in response.content.decode()


def test_an_explorer_is_a_whole_page_without_htmx_and_a_fragment_with_it(client):
    address = "/modules/kv-cache/explorers/memory/"
    page = client.get(address).content
    fragment = client.get(address, headers={"hx-request": "true"}).content
    assert b"<!doctype html>" in page
    assert b"<html" not in fragment
    assert b"<svg" in fragment


@pytest.mark.parametrize(
    "text", ["strawberry", "🍓" * 200, "x" * 5000, "\0", "<script>alert(1)</script>", " " * 400, "नमस्ते"]
)
def test_the_tokenizer_takes_any_text(client, text):
    response = client.get("/modules/tokenization/explorers/bpe/", {"text": text}, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert b"<script" not in response.content
