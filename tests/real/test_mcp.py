"""The Model Context Protocol with the SDK's own client: over HTTP and over standard input and output."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest
from django.conf import settings
from django.test.testcases import LiveServerThread
from mcp import Client, StdioServerParameters

from progress import tokens
from tests.make import make_reader

TOOLS = [
    *("search", "lessons", "read_lesson", "number", "what_if", "paths", "quiz", "model_answer", "check"),
    "failure_modes",
]
OWN = ["my_progress", "what_next", "what_is_due", "weak_topics", "record_answer"]
CURRENT = "2026-07-28"


@pytest.fixture
def ask(client):
    """Return a function that sends one message of the stateless revision through Django's own client."""

    def ask(method, params=None, headers=None):
        meta = {
            "io.modelcontextprotocol/protocolVersion": CURRENT,
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**(params or {}), "_meta": meta}}
        given = {
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": CURRENT,
            "Mcp-Method": method,
            **({"Mcp-Name": params["name"]} if params and "name" in params else {}),
            **(headers or {}),
        }
        return client.post("/mcp/", json.dumps(body), content_type="application/json", headers=given)

    return ask


@pytest.fixture
def call(ask):
    """Return a function that calls a tool and returns its result."""
    return lambda name, **arguments: ask("tools/call", {"name": name, "arguments": arguments}).json()["result"]


class TestHttp:
    def test_it_says_what_it_is(self, ask):
        result = ask("server/discover").json()["result"]
        assert CURRENT in result["supportedVersions"]

    def test_the_tools_stand_in_a_fixed_order(self, ask):
        tools = [tool["name"] for tool in ask("tools/list").json()["result"]["tools"]]
        assert tools[: len(TOOLS)] == TOOLS
        assert [tool["name"] for tool in ask("tools/list").json()["result"]["tools"]] == tools

    def test_a_lesson_or_one_section_of_it_is_read(self, call):
        whole = call("read_lesson", lesson="kv-cache")["content"][0]["text"]
        part = call("read_lesson", lesson="kv-cache", section="derivation")["content"][0]["text"]
        assert "# KV Cache & Memory" in whole
        assert "{#derivation}" in part
        assert len(part) < len(whole) / 2

    def test_without_answers_nothing_is_spoilt(self, call):
        text = call("read_lesson", lesson="kv-cache", with_answers=False)["content"][0]["text"]
        assert "**Question**" in text
        assert "**Answer**" not in text

    def test_a_number_has_its_defence_and_takes_other_inputs(self, call):
        found = call("number", number="kv-cache:kv_per_token")["structuredContent"]
        assert found["formula"]
        other = call("what_if", number="kv-cache:kv_per_token", changes="value_size:1 B")["structuredContent"]
        assert other["magnitude"] == pytest.approx(found["magnitude"] / 2)
        assert other["as_written"] == found["value"]

    def test_a_question_comes_without_its_answer(self, call):
        asked = call("quiz", lesson="kv-cache", seed=3)["structuredContent"]
        assert asked == call("quiz", lesson="kv-cache", seed=3)["structuredContent"]
        assert "answer" not in asked
        assert call("model_answer", question=asked["id"])["structuredContent"]["rubric"]

    def test_what_is_found_can_be_gone_to(self, call):
        hits = call("search", query="paged attention")["structuredContent"]["result"]
        assert any(hit["kind"] == "lessons" and hit["url"].startswith(settings.SITE_URL) for hit in hits)

    def test_an_answer_is_held_against_the_ledger(self, call):
        text = "Llama 3 70B has 80 layers and 8 key-value heads. `llama3_70b.layers` is 96."
        found = call("check", text=text)["structuredContent"]
        assert found["agrees"] >= 1
        assert found["contradicts"] == 1
        wrong = next(each for each in found["findings"] if each["verdict"] == "contradicts")
        assert (wrong["number"], wrong["value"]) == ("llama3_70b.layers", "80")

    @pytest.mark.parametrize(
        ("name", "arguments", "told"),
        [
            ("read_lesson", {"lesson": "nothing"}, "There is no lesson"),
            ("read_lesson", {"lesson": "kv-cache", "section": "nothing"}, "It has: "),
            ("read_lesson", {"lesson": "kv-cache", "what_if": "sequence:many"}, "cannot be read"),
            ("number", {"number": "nothing:at_all"}, "There is no number"),
            ("number", {"number": "'; DROP TABLE modules_module; --"}, "There is no number"),
            ("what_if", {"number": "kv-cache:kv_per_token", "changes": "__import__:1"}, "cannot be read"),
            ("quiz", {"lesson": "nothing"}, "No question is like that"),
            ("failure_modes", {"lever": "pray"}, "There is no lever"),
            ("search", {"query": "   "}, "Nothing to search for"),
            ("read_lesson", {"lesson": "x" * 5000}, "80"),
            ("search", {"query": "cache", "limit": 10**9}, "less than or equal"),
            ("search", {}, "query"),
        ],
    )
    def test_what_cannot_be_is_told_in_a_sentence(self, call, name, arguments, told):
        result = call(name, **arguments)
        assert result["isError"]
        assert told in result["content"][0]["text"]

    def test_another_site_cannot_ask_through_a_browser(self, ask):
        assert ask("tools/list", headers={"Origin": "https://evil.example"}).status_code == 403

    def test_versions_have_to_agree(self, ask):
        assert ask("tools/list", headers={"MCP-Protocol-Version": "1999-01-01"}).status_code == 400

    def test_an_unknown_method_is_not_found(self, ask):
        response = ask("nothing/at/all")
        assert response.status_code == 404
        assert response.json()["error"]["code"] == -32601

    def test_only_post_and_only_so_much(self, client):
        assert client.get("/mcp/").status_code == 405
        assert client.post("/mcp/", b"x" * 1_000_001, content_type="application/json").status_code == 413
        assert client.post("/mcp/", b"{", content_type="application/json").status_code in (400, 406)

    def test_no_cache_keeps_an_answer(self, ask):
        assert ask("tools/list")["Cache-Control"] == "no-store"


class TestOwn:
    """What needs a reader's token."""

    @pytest.fixture
    def bearer(self):
        def bearer(*scopes):
            return {"Authorization": f"Bearer {tokens.make(make_reader(), 'assistant', scopes)}"}

        return bearer

    def asked(self, ask, name, headers=None, **arguments):
        return ask("tools/call", {"name": name, "arguments": arguments}, headers=headers).json()["result"]

    def test_they_are_listed_for_everyone(self, ask):
        tools = [tool["name"] for tool in ask("tools/list").json()["result"]["tools"]]
        assert tools == [*TOOLS, *OWN]

    @pytest.mark.parametrize("name", OWN[:3])
    def test_without_a_token_they_say_what_they_need(self, ask, name):
        result = self.asked(ask, name)
        assert result["isError"]
        assert "/accounts/tokens/" in result["content"][0]["text"]

    def test_a_token_that_is_none_is_refused(self, ask):
        response = ask("tools/list", headers={"Authorization": "Bearer en_nothing"})
        assert response.status_code == 401
        assert "invalid_token" in response["WWW-Authenticate"]

    def test_a_reader_sees_their_own(self, ask, bearer):
        mine = bearer("read")
        assert self.asked(ask, "my_progress", mine)["structuredContent"]["completed"] == []
        assert self.asked(ask, "what_next", mine)["structuredContent"]["lesson"]["id"]

    def test_recording_needs_a_token_that_may(self, ask, bearer):
        asked = self.asked(ask, "quiz", lesson="kv-cache", seed=3)["structuredContent"]["id"]
        result = self.asked(ask, "record_answer", bearer("read"), question=asked, said=[1])
        assert result["isError"]
        assert "may not record" in result["content"][0]["text"]
        both = bearer("read", "record")
        assert self.asked(ask, "record_answer", both, question=asked, said=[1])["structuredContent"]["verdict"]
        grades = self.asked(ask, "weak_topics", both)["structuredContent"]["questions"]
        assert [grade["question"] for grade in grades] == [asked]
        due = self.asked(ask, "what_is_due", both)["structuredContent"]
        assert due["questions"] == []
        assert due["next_at"]

    @pytest.mark.parametrize("arguments", [{"question": "nothing"}, {"question": "kv-cache:nothing", "said": [1]}])
    def test_what_cannot_be_recorded_is_told(self, ask, bearer, arguments):
        assert self.asked(ask, "record_answer", bearer("read", "record"), **arguments)["isError"]


async def _tour(client):
    """Do one thing of each kind."""
    tools = await client.list_tools()
    called = await client.call_tool("number", {"number": "kv-cache:kv_per_token"})
    prompt = await client.get_prompt("tutor", {"lesson": "kv-cache"})
    read = await client.read_resource("notebook://lessons/kv-cache")
    assert [tool.name for tool in tools.tools][: len(TOOLS)] == TOOLS
    assert called.structured_content["id"] == "kv-cache:kv_per_token"
    assert "kv-cache" in prompt.messages[0].content.text
    assert "# KV Cache & Memory" in read.contents[0].text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_sdks_client_by_http(loaded, mode):
    """Both eras: the client asks the stateless revision first, or shakes hands as older ones do."""
    from notebook.wsgi import application  # reads the settings that tests/conftest.py changes

    server = LiveServerThread("127.0.0.1", static_handler=lambda handler: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()

    async def tour():
        async with Client(f"http://127.0.0.1:{server.port}/mcp/", mode=mode) as client:
            await _tour(client)

    try:
        asyncio.run(tour())
    finally:
        server.terminate()


def test_the_sdks_client_by_standard_input_and_output():
    command = StdioServerParameters(command=sys.executable, args=["manage.py", "mcp"], cwd=str(settings.BASE_DIR))

    async def tour():
        async with Client(command) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert asyncio.run(tour())[: len(TOOLS)] == TOOLS
