"""The pages that span the applications: home, llms.txt, sitemap, robots, health, errors."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from llms_txt import parse_llms_file

from modules.models import Company, Focus, Module
from progress import events
from progress.facts import Kind
from tests.factories import make_lesson, make_planned
from tests.make import make_path, make_reader

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
EMPTY = [
    "/",
    "/map/",
    "/sources/",
    "/glossary/",
    "/changelog/",
    "/changelog.atom",
    "/bank/",
    "/bank.md",
    "/llms.txt",
    "/llms-full.txt",
    "/sitemap.xml",
]


@pytest.mark.parametrize("address", [*EMPTY, "/robots.txt", "/search/", "/search/?q=x", "/dashboard/"])
def test_an_empty_notebook_has_every_page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert b"".join(response) or response.streaming


class TestHome:
    def test_nothing_counts_a_planned_lesson_as_written(self, client):
        make_lesson("one")
        make_planned("two")
        Company.objects.create(id="acme", name="Acme", position=0, themes=["Anvils"])
        for position, name in enumerate(["one", "two"]):
            Focus.objects.create(company_id="acme", module_id=name, position=position)
        make_path("way", *Module.objects.all())
        page = client.get("/").content.decode()
        assert "<b>1</b> to read" in page
        assert "<b>1</b> planned" in page
        assert "1 of 2 written" in page.partition('id="focus"')[2]
        assert 'href="/modules/two/"' not in page

    def test_news_are_the_last_five_changes_of_lessons(self, client):
        for number in range(7):
            make_lesson(f"n{number}")
        assert [revision.module_id for revision in client.get("/").context["news"]] == ["n6", "n5", "n4", "n3", "n2"]

    def test_a_reader_sees_their_own_progress(self, client):
        make_path("way", make_lesson("one"), make_lesson("two"))
        reader = make_reader()
        events.record(reader, Kind.STARTED_PATH, "way")
        events.record(reader, Kind.COMPLETED, "one")
        client.force_login(reader)
        assert "is-done" in client.get("/").content.decode()
        assert "is-done" not in Client().get("/").content.decode()


class TestLlms:
    def test_only_parts_with_written_lessons_are_listed(self, client):
        make_lesson("one", title="One & <two>", summary="About [one] & all")
        make_planned("two").part.__class__.objects.create(id="empty", title="Empty part", position=9)
        parsed = parse_llms_file(client.get("/llms.txt").content.decode())
        assert list(parsed.sections) == ["Part", "Packs", "Optional"]
        (link,) = parsed.sections["Part"]
        assert link.title == "One & <two>"
        assert link.desc.startswith("About [one] & all (")

    def test_everything_in_one_file_is_a_stream_in_notebook_order(self, client):
        for name in ("one", "two"):
            make_lesson(name)
        Module.objects.filter(pk="two").update(position=0)
        Module.objects.filter(pk="one").update(position=1)
        response = client.get("/llms-full.txt")
        assert response.streaming
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        text = b"".join(response.streaming_content).decode()
        assert text.index("# Two") < text.index("# One")
        assert text.count("\n---\nid: ") == 2


class TestSitemap:
    def urls(self, client, **headers):
        tree = ElementTree.fromstring(client.get("/sitemap.xml", headers=headers).content)
        return {url.find(f"{SITEMAP}loc").text: url.findtext(f"{SITEMAP}lastmod") for url in tree}

    def test_addresses_are_those_of_the_site_whoever_asks(self, client, settings):
        settings.SITE_URL = "https://notebook.example"
        make_lesson("one")
        assert "https://notebook.example/modules/one/" in self.urls(client, host="127.0.0.1:1234")
        assert all(url.startswith("https://notebook.example/") for url in self.urls(client))

    def test_each_stands_in_it_once(self, client):
        make_lesson("one")
        make_planned("two")
        make_path("way", Module.objects.get(pk="one"))
        text = client.get("/sitemap.xml").content.decode()
        assert text.count("/modules/one/") == text.count("/paths/way/") == 1
        assert "/modules/two/" not in text

    def test_it_is_as_new_as_the_newest_lesson(self, client, settings):
        lesson = make_lesson("one")
        assert self.urls(client)[f"{settings.SITE_URL}/modules/one/"] == lesson.updated_at.date().isoformat()
        assert client.get("/sitemap.xml")["Last-Modified"]


def test_robots_names_what_is_for_people_only(client):
    text = client.get("/robots.txt").content.decode()
    assert [line for line in text.splitlines() if line.startswith("Disallow")] == [
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /progress/",
        "Disallow: /search/",
        "Disallow: /drill/",
        "Disallow: /bank/?",
        "Disallow: /bank/mock/",
        "Disallow: /bank/print/",
    ]


class TestHealth:
    def test_a_database_that_does_not_answer_is_503(self, client, monkeypatch):
        def dead():
            raise DatabaseError

        monkeypatch.setattr(connection, "cursor", dead)
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (503, b"the database does not answer\n")

    def test_it_is_never_cached(self, client):
        assert "no-store" in client.get("/healthz")["Cache-Control"]


class TestErrors:
    def test_a_missing_page_is_our_own_and_offers_search(self, client):
        response = client.get("/nothing/here/")
        assert response.status_code == 404
        assert "There is no such page" in response.content.decode()
        assert 'action="/search/"' in response.content.decode()

    def test_it_does_not_repeat_the_address(self, client):
        assert b"<script>" not in client.get("/<script>alert(1)</script>/").content
        assert b"alert(1)" not in client.get("/<script>alert(1)</script>/").content

    def test_a_failure_is_our_own_page_and_says_nothing_of_its_cause(self, monkeypatch):
        def fails(*args, **kwargs):
            raise RuntimeError("a secret of the database")

        monkeypatch.setattr("notebook.views.find", fails)
        response = Client(raise_request_exception=False).get("/search/?q=x")
        assert response.status_code == 500
        assert "Something failed on our side" in response.content.decode()
        assert "secret" not in response.content.decode()

    def test_an_address_without_its_last_slash_leads_to_it(self, client):
        assert client.get("/glossary")["Location"] == "/glossary/"
        assert client.get("//evil.example/glossary").status_code in (301, 404)
        assert (
            "evil.example"
            not in client.get("//evil.example/glossary").get("Location", "").partition("/glossary")[0][:2]
        )

    def test_a_host_that_is_not_ours_is_refused(self, client):
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400
