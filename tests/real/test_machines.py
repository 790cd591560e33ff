"""What is made for programs: llms.txt, raw Markdown, the feed, the sitemap, robots."""

from __future__ import annotations

from xml.etree import ElementTree

import yaml
from django.conf import settings
from llms_txt import parse_llms_file

from modules.feeds import LIMIT_ENTRIES
from modules.models import Module

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_llms_txt_reads_as_the_specification_says(client):
    parsed = parse_llms_file(client.get("/llms.txt").content.decode())
    assert parsed.title == "Every Number"
    assert parsed.summary
    links = [link.url for links in parsed.sections.values() for link in links]
    for module in Module.objects.all():
        assert (f"{settings.SITE_URL}/raw/{module.pk}.md" in links) == module.is_written
    assert "Optional" in parsed.sections


def test_llms_full_is_every_written_lesson_in_order(client):
    text = b"".join(client.get("/llms-full.txt").streaming_content).decode()
    lessons = Module.objects.written().order_by("part__position", "position")
    places = [text.index(module.raw) for module in lessons]
    assert places == sorted(places)


def test_raw_markdown_begins_with_what_it_is(client):
    raw = client.get("/raw/kv-cache.md")
    assert raw["Content-Type"] == "text/markdown; charset=utf-8"
    front = yaml.safe_load(raw.content.decode().split("---\n")[1])
    assert {"id", "title", "url", "updated", "version", "licence"} <= front.keys()
    assert (front["id"], front["licence"]) == ("kv-cache", "CC BY 4.0")


def test_raw_markdown_has_ledger_answers_and_sources(client):
    raw = client.get("/raw/kv-cache.md").content.decode()
    assert "kv_per_token" in raw
    assert "320 KiB/token" in raw
    assert "https://arxiv.org/abs/2309.06180" in raw
    assert "[=" not in raw.replace("`[=", "")
    assert "::: " not in raw


def test_the_feed_is_atom(client):
    response = client.get("/changelog.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    assert all(feed.find(ATOM + name) is not None for name in ("id", "title", "updated", "author"))
    entries = feed.findall(ATOM + "entry")
    assert len(entries) == min(Module.objects.written().count(), LIMIT_ENTRIES)
    ids = [entry.find(ATOM + "id").text for entry in entries]
    assert len(set(ids)) == len(entries)
    assert all(entry.find(ATOM + "updated") is not None for entry in entries)


def test_the_sitemap_has_written_lessons_with_when_they_changed(client):
    urls = ElementTree.fromstring(client.get("/sitemap.xml").content).findall(SITEMAP + "url")
    dated = {url.find(SITEMAP + "loc").text.partition("/modules/")[2]: url.find(SITEMAP + "lastmod") for url in urls}
    assert {"attention/", "kv-cache/", "tokenization/"} <= dated.keys()
    assert dated["attention/"].text == Module.objects.get(pk="attention").updated_at.date().isoformat()


def test_robots_are_told_what_they_may_do(client, settings):
    settings.CONTENT_SIGNAL = "search=yes, ai-train=no"
    text = client.get("/robots.txt").content.decode()
    assert "Content-Signal: search=yes, ai-train=no" in text
    assert "/sitemap.xml" in text


def test_health_says_whether_the_database_answers(client):
    assert client.get("/healthz").content == b"ok\n"
