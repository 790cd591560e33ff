"""Every public page as Markdown: who gets it, and that it says what the page says."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml
from bs4 import BeautifulSoup

PAGES = {
    "/": "/index.md",
    "/map/": "/map.md",
    "/focus/anthropic/": "/focus/anthropic.md",
    "/numbers/?q=cache": "/numbers.md?q=cache",
    "/numbers/kv-cache/cache_long/": "/numbers/kv-cache/cache_long.md",
    "/reference/": "/reference.md",
    "/trust/": "/trust.md",
    "/sources/?kind=book": "/sources.md?kind=book",
    "/glossary/": "/glossary.md",
    "/changelog/": "/changelog.md",
    "/paths/new-to-transformers/": "/paths/new-to-transformers.md",
    "/search/?q=cache": "/search.md?q=cache",
    "/failures/": "/failures.md",
    "/compare/": "/compare.md",
    "/exams/": "/exams.md",
    "/modules/kv-cache/": "/raw/kv-cache.md",
    "/bank/?lesson=kv-cache": "/bank.md?lesson=kv-cache",
}
TURNED = [page for page in PAGES if not page.startswith(("/modules/", "/bank/", "/compare/"))]
# What clients send, and what they get.
CLIENTS = {
    "Claude Code": ("text/markdown, text/html, */*", "text/markdown"),
    "Cursor": ("text/markdown, text/plain;q=0.9, */*;q=0.8", "text/markdown"),
    "Codex": ("text/html, */*", "text/html"),
    "curl": ("*/*", "text/html"),
    "Chrome": ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
    "one that likes both": ("text/html;q=0.5, text/markdown;q=0.9", "text/markdown"),
    "one that likes HTML better": ("text/markdown;q=0.5, text/html", "text/html"),
    "one that takes neither": ("application/json", "text/html"),
}
MARKDOWN = {"Accept": "text/markdown"}


@pytest.mark.parametrize("client_name", CLIENTS)
def test_each_client_gets_what_it_likes_best(client, client_name):
    accept, wanted = CLIENTS[client_name]
    for page in ("/glossary/", "/modules/kv-cache/"):
        response = client.get(page, headers={"Accept": accept})
        assert response["Content-Type"] == f"{wanted}; charset=utf-8"
        assert "Accept" in [name.strip() for name in response["Vary"].split(",")]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_where_its_markdown_is_and_that_is_there(client, address):
    html, told = client.get(address), client.get(address, headers=MARKDOWN)
    assert html["Link"] == f'<{PAGES[address]}>; rel="alternate"; type="text/markdown"'
    assert told["Content-Location"] == PAGES[address]
    alone = client.get(PAGES[address])
    assert alone["Content-Type"] == "text/markdown; charset=utf-8"
    assert alone.content == told.content
    front = yaml.safe_load(told.content.decode().split("---\n")[1])
    assert front["title"]
    assert told.content.decode().rstrip().endswith("[/llms.txt](/llms.txt)")


@pytest.mark.parametrize("address", TURNED)
def test_markdown_says_what_the_page_says(client, address):
    soup = BeautifulSoup(client.get(address).content, "lxml")
    main = soup.find("main")
    for element in main.select("form, nav, svg, script, button, progress, .visually-hidden, math"):
        element.decompose()
    text = client.get(address, headers=MARKDOWN).content.decode()
    numerals = Counter(re.findall(r"\d+(?:[.,]\d+)*", main.get_text(" ")))
    assert numerals
    assert not numerals - Counter(re.findall(r"\d+(?:[.,]\d+)*", text))
    for heading in main.select("h1, h2, h3"):
        assert " ".join(heading.get_text().split()) in text.replace("\\", "").replace("*", "").replace("`", "")
    assert text.count("\n| ") >= sum(len(table.select("tr")) for table in main.select("table"))


def test_caches_and_conditions_hold_for_each_form(client):
    first = client.get("/glossary/", headers=MARKDOWN)
    again = client.get("/glossary/", headers=MARKDOWN | {"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert client.get("/glossary/", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert "public" in first["Cache-Control"]
    assert int(first["X-Markdown-Tokens"]) == pytest.approx(len(first.content) / 4, rel=0.05)


def test_fragments_stay_what_they_are(client):
    response = client.get("/failures/", headers=MARKDOWN | {"HX-Request": "true"})
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("address", ["/dashboard.md", "/numbers/kv-cache/nothing.md", "/paths/nothing.md"])
def test_what_is_no_public_page_has_no_markdown(client, address):
    assert client.get(address).status_code == 404


class TestRaw:
    def test_a_section_alone(self, client):
        response = client.get("/raw/kv-cache.md?section=derivation")
        text = response.content.decode()
        assert "## Derivation {#derivation}" in text
        assert "{#worked}" not in text
        assert 'rel="canonical"' in response["Link"]
        assert response["Last-Modified"]
        assert len(text) < len(client.get("/raw/kv-cache.md").content) / 2

    def test_a_section_that_is_not_there_names_those_that_are(self, client):
        response = client.get("/raw/kv-cache.md?section=nothing")
        assert response.status_code == 404
        assert "`derivation`" in response.content.decode()

    def test_without_answers(self, client):
        text = client.get("/raw/kv-cache.md?answers=no").content.decode()
        assert "**Question**" in text
        assert "**Answer**" not in text

    def test_both_and_a_what_if(self, client):
        text = client.get("/raw/kv-cache.md?section=interview&answers=no&set=sequence:4096+token").content.decode()
        assert "what_if:" in text
        assert "**Answer**" not in text
        assert "{#worked}" not in text
