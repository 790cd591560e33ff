"""Context packs and the whole notebook in one file, from the real lessons."""

from __future__ import annotations

import pytest
import yaml
from llms_txt import parse_llms_file

from modules.models import Module


def parts(response):
    """Return a pack's front matter and text."""
    _, front, text = response.content.decode().split("---\n", 2)
    return yaml.safe_load(front), text


def test_a_pack_has_what_was_asked_in_that_order(client):
    front, text = parts(client.get("/pack.md?lessons=kv-cache,attention&tokens=200000"))
    assert front["lessons"] == ["kv-cache", "attention"]
    assert text.index("## KV Cache & Memory") < text.index("## Self-Attention")
    assert "Quote every number with its id" in text
    assert text.count("All lessons, for machines") == 1
    assert "### Sources {#sources}" in text


@pytest.mark.parametrize("limit", [4_000, 12_000, 30_000])
def test_it_keeps_to_its_budget_and_says_what_it_left_out(client, limit):
    front, text = parts(client.get(f"/pack.md?lessons=kv-cache,attention,moe&tokens={limit}"))
    assert front["tokens"] <= limit
    assert len(text) / 4 <= limit * 1.01
    assert "left out of each lesson" in text or "did not fit" in text


def test_an_examiner_gets_no_answers(client):
    text = client.get("/pack.md?lessons=kv-cache&purpose=examine&tokens=200000").content.decode()
    assert "**Question**" in text
    assert "**Answer**" not in text


@pytest.mark.parametrize("query", ["part=inference", "path=ai-engineering"])
def test_a_part_and_a_path_are_packs(client, query):
    response = client.get(f"/pack.md?{query}&tokens=2000000")
    front, _ = parts(response)
    assert len(front["lessons"]) > 4
    assert int(response["X-Markdown-Tokens"]) > 50_000


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "at least one lesson"),
        ("lessons=nothing", "no lesson “nothing”"),
        ("lessons=kv-cache&tokens=1", "2000 to 2000000"),
        ("lessons=kv-cache&tokens=many", "2000 to 2000000"),
        ("lessons=kv-cache&purpose=flatter", "explain, examine, review"),
    ],
)
def test_what_cannot_be_is_told(client, query, told):
    response = client.get(f"/pack.md?{query}")
    assert response.status_code == 400
    assert told in response.content.decode()


def test_the_form_leads_to_the_pack(client):
    page = client.get("/packs/?lessons=kv-cache&purpose=examine&tokens=20000").content.decode()
    assert 'href="/pack.md?lessons=kv-cache&amp;purpose=examine&amp;tokens=20000"' in page


class TestWhole:
    def whole(self, client):
        response = client.get("/llms-full.txt")
        return response, b"".join(response.streaming_content)

    def test_it_is_as_long_as_it_says(self, client):
        response, text = self.whole(client)
        assert int(response["Content-Length"]) == len(text)
        assert text.count(b"\n---\nid: ") == Module.objects.written().count()

    @pytest.mark.parametrize("start", [1, 40, 100_000, 1_234_567])
    def test_it_goes_on_where_it_was_cut(self, client, start):
        first, text = self.whole(client)
        response = client.get("/llms-full.txt", headers={"Range": f"bytes={start}-", "If-Range": first["ETag"]})
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes {start}-{len(text) - 1}/{len(text)}"
        assert b"".join(response.streaming_content) == text[start:]

    def test_after_a_change_it_begins_anew(self, client):
        response = client.get("/llms-full.txt", headers={"Range": "bytes=40-", "If-Range": '"other"'})
        assert response.status_code == 200

    def test_past_its_end_there_is_nothing(self, client):
        response = client.get("/llms-full.txt", headers={"Range": "bytes=999999999-"})
        assert response.status_code == 416


def test_the_index_parses_and_every_address_is_there(client, settings):
    index = parse_llms_file(client.get("/llms.txt").content.decode())
    links = [link for links in index.sections.values() for link in links]
    assert {"Packs", "Optional"} <= index.sections.keys()
    assert len(links) > Module.objects.written().count()
    for link in links[::9]:
        assert client.get(link["url"].removeprefix(settings.SITE_URL)).status_code == 200
    lesson = index.sections["Inference"][0]
    assert lesson["desc"].endswith("tokens)")
