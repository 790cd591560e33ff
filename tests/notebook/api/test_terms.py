"""How the API answers, whatever is asked: caches, pages of lists, problems, limits, its description."""

from __future__ import annotations

import json
import re
from types import ModuleType

import pytest
from django.urls import get_resolver
from pydantic import BaseModel

from modules import content, shared
from notebook import api as api_package
from notebook.api import limits, operations, paging
from notebook.api.index import api
from notebook.api.problems import RefusedError
from tests.factories import make_lesson, make_number
from tests.make import make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

PUBLIC = [
    "/",
    "/openapi.json",
    "/lessons",
    "/lessons/one",
    "/lessons/one/sections/minute",
    "/numbers",
    "/numbers/one/cache",
    "/sources",
    "/sources/doe",
    "/bibliography",
    "/glossary",
    "/questions",
    "/questions/one/size",
    "/failures",
    "/changelog",
    "/corrections",
    "/search?q=cache",
]


@pytest.fixture(autouse=True)
def _lessons(db):
    content.forget()


class TestCaches:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_an_answer_is_the_same_for_everyone(self, client, address):
        stranger = client.get(f"/api{address}")
        client.force_login(make_reader())
        shared.forget()
        reader = client.get(f"/api{address}", headers={"authorization": "Bearer en_nothing"})
        assert reader.content == stranger.content
        for response in (stranger, reader):
            assert response["Cache-Control"] == "public, max-age=60"
            assert response["Vary"] == "Accept-Encoding"
            assert response["Access-Control-Allow-Origin"] == "*"
            assert not response.cookies

    @pytest.mark.parametrize("address", PUBLIC)
    def test_who_has_it_need_not_be_sent_it_again(self, client, address):
        etag = client.get(f"/api{address}")["ETag"]
        again = client.get(f"/api{address}", headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_what_changed_has_another_etag(self, client, settings):
        settings.SHARED_SECONDS = 0
        before = client.get("/api/lessons/two")["ETag"]
        make_lesson("two", title="Renamed")
        after = client.get("/api/lessons/two", headers={"if-none-match": before})
        assert (after.status_code, json.loads(after.content)["title"]) == (200, "Renamed")

    @pytest.mark.parametrize("address", PUBLIC)
    def test_it_says_where_it_is_described(self, client, address):
        assert '</api/openapi.json>; rel="describedby"' in client.get(f"/api{address}")["Link"]

    def test_words_and_values_of_somebody_are_not_kept(self, client, monkeypatch):
        kept = []
        monkeypatch.setattr(operations, "page_of", lambda request, make: kept.append(request.path) or make())
        client.get("/api/numbers?q=cache")
        client.get("/api/lessons/one?set=layers:10")
        assert kept == []

    def test_head_is_get_without_a_body(self, client):
        assert client.head("/api/lessons")["ETag"] == client.get("/api/lessons")["ETag"]

    @pytest.mark.parametrize(
        ("address", "most"),
        [
            ("/lessons", 2),
            ("/lessons/one", 6),
            ("/lessons/one/sections/minute", 1),
            ("/numbers", 2),
            ("/numbers/one/cache", 4),
            ("/sources", 4),
            ("/bibliography", 2),
            ("/glossary", 2),
            ("/questions", 5),
            ("/failures", 2),
            ("/changelog", 2),
            ("/search?q=cache", 10),
        ],
    )
    def test_it_costs_a_constant_number_of_queries(self, client, address, most, django_assert_max_num_queries):
        content.current()
        with django_assert_max_num_queries(most):
            client.get(f"/api{address}")


class TestPages:
    @pytest.fixture(autouse=True)
    def _many(self, _lessons):
        make_lesson("many", ledger={f"n{k}": make_number(str(k)) for k in range(7)})

    @pytest.mark.parametrize("name", ["lessons", "numbers", "questions", "sources", "glossary", "changelog"])
    def test_going_on_meets_everything_once(self, client, name):
        whole = json.loads(client.get(f"/api/{name}?limit=100").content)["items"]
        found, address = [], f"/api/{name}?limit=2"
        while address:
            response = client.get(address)
            page = json.loads(response.content)
            found += page["items"]
            address = page.get("next", "")
            assert (f'<{address}>; rel="next"' in response["Link"]) is bool(address)
            assert len(page["items"]) <= 2
        assert found == whole

    def test_a_page_begins_where_the_last_one_ended_whatever_came_before(self, client):
        page = json.loads(client.get("/api/changelog?limit=2").content)
        make_lesson("newest")
        then = json.loads(client.get(page["next"]).content)["items"]
        assert [item for item in then if item in page["items"]] == []

    @pytest.mark.parametrize("cursor", ["!", "_w", "AA", "bm90aGluZw", "x" * 301])
    @pytest.mark.parametrize("name", ["lessons", "changelog"])
    def test_what_is_no_cursor_is_refused(self, client, name, cursor):
        assert client.get(f"/api/{name}?cursor={cursor}").status_code == 400

    @pytest.mark.parametrize("limit", ["0", "101", "x", "-1", "1e9"])
    def test_a_page_has_a_size(self, client, limit):
        assert client.get(f"/api/lessons?limit={limit}").status_code == 400

    @pytest.mark.parametrize("key", ["a", "kv-cache:size", "Ü λ", "1"])
    def test_a_cursor_is_read_as_it_was_written(self, key):
        assert paging.read(paging.write(key)) == key

    def test_a_cursor_of_what_has_gone_is_told(self):
        with pytest.raises(RefusedError, match="begin again"):
            paging.cut(["a", "b"], str, paging.write("c"), 10)


class TestProblems:
    @pytest.mark.parametrize(
        ("method", "address", "status"),
        [
            ("get", "/nothing", 404),
            ("get", "/lessons/", 404),
            ("get", "/lessons/nothing", 404),
            ("get", "/lessons?answers=no", 400),
            ("get", "/lessons/one?anwsers=no", 400),
            ("get", "/lessons/one?answers=maybe", 400),
            ("get", "/lessons/one?set=" + "x" * 1600, 400),
            ("get", "/search", 400),
            ("get", "/search?q=", 400),
            ("get", "/questions?lesson=nothing", 400),
            ("get", "/questions?stars=x", 400),
            ("post", "/lessons", 405),
            ("delete", "/numbers/one/cache", 405),
            ("get", "/me/answers", 405),
            ("get", "/me/progress", 401),
            ("post", "/me/answers", 401),
        ],
    )
    def test_every_error_is_one(self, client, method, address, status):
        response = getattr(client, method)(f"/api{address}")
        told = json.loads(response.content)
        assert response["Content-Type"] == "application/problem+json"
        assert "no-store" in response["Cache-Control"]
        assert (response.status_code, told["status"], told["type"]) == (status, status, "about:blank")
        assert told["detail"]
        assert told["instance"] == f"/api{address}".partition("?")[0]

    def test_each_fault_is_named(self, client):
        told = json.loads(client.get("/api/lessons?limit=1000&cursor=*").content)
        assert [fault["where"] for fault in told["errors"]] == ["query.cursor", "query.limit"]

    def test_a_method_that_none_takes_is_told_those_that_are(self, client):
        assert "GET" in client.post("/api/lessons")["Allow"]

    def test_a_bug_is_told_as_one(self, client, monkeypatch):
        monkeypatch.setattr("notebook.api.searching.find", lambda said: 1 / 0)
        client.raise_request_exception = False
        response = client.get("/api/search?q=x")
        assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")

    @pytest.mark.parametrize("address", ["/api/search?q=%00", "/api/numbers?q=a%00b", "/api/failures?system=%00"])
    def test_nothing_breaks_on_a_zero(self, client, address):
        assert client.get(address).status_code == 200


class TestLimits:
    def test_too_many_requests_are_told_when_to_come_back(self, client, monkeypatch):
        monkeypatch.setattr(limits.READS, "most", 2)
        answers = [client.get("/api/numbers/one/cache") for _ in range(3)]
        assert [response.status_code for response in answers] == [200, 200, 429]
        assert 1 <= int(answers[-1]["Retry-After"]) <= 60
        assert answers[-1]["Content-Type"] == "application/problem+json"

    def test_what_is_kept_costs_nobody_anything(self, client, monkeypatch):
        monkeypatch.setattr(limits.READS, "most", 1)
        assert [client.get("/api/lessons").status_code for _ in range(3)] == [200, 200, 200]

    def test_each_address_counts_for_itself(self, client, monkeypatch):
        monkeypatch.setattr(limits.READS, "most", 1)
        ask = "/api/numbers/one/cache"
        assert [client.get(ask, REMOTE_ADDR=f"10.0.0.{n}").status_code for n in (1, 2)] == [200, 200]

    def test_what_ifs_are_bounded_more_tightly(self, client, monkeypatch):
        monkeypatch.setattr(limits.WHAT_IFS, "most", 1)
        ask = "/api/numbers/one/cache?set=layers:10"
        assert [client.get(ask).status_code for _ in range(2)] == [200, 429]
        assert client.get("/api/numbers/one/cache").status_code == 200


class TestDescription:
    def test_it_is_openapi_3_1_with_every_address_there_is(self, client):
        described = json.loads(client.get("/api/openapi.json").content)
        assert described["openapi"].startswith("3.1")
        there = set()
        for pattern in get_resolver().url_patterns:
            if str(pattern.pattern) == "api/":
                there = {str(one.pattern) for one in pattern.url_patterns} - {"", "openapi.json"}
        assert {re.sub(r"<(\w+)>", r"{\1}", address) for address in there} == {
            path.removeprefix("/api/") for path in described["paths"]
        } - {""}

    def test_no_two_shapes_have_one_name(self):
        """The description knows a shape by its name alone, and would tell one of the two for both."""
        shapes = [
            shape.__name__
            for _, module in vars(api_package).items()
            if isinstance(module, ModuleType)
            for shape in vars(module).values()
            if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__ == module.__name__
        ]
        assert shapes
        assert sorted(set(shapes)) == sorted(shapes)

    def test_each_operation_has_a_name_of_its_own_and_says_what_it_does(self):
        operations = [one for path in api.get_openapi_schema()["paths"].values() for one in path.values()]
        names = [one["operationId"] for one in operations]
        assert len(set(names)) == len(names)
        assert all(one.get("description") for one in operations)

    def test_only_what_is_a_readers_own_needs_a_token(self):
        for path, methods in api.get_openapi_schema()["paths"].items():
            assert all(("security" in one) is path.startswith("/api/me/") for one in methods.values())

    def test_what_the_api_links_to_is_there(self, client):
        lists = json.loads(client.get("/api/").content)["lists"]
        assert all(client.get(address).status_code == 200 for address in lists.values())

    def test_llms_txt_leads_here(self, client):
        response = client.get("/llms.txt")
        assert response["Link"] == '</api/openapi.json>; rel="service-desc"'
        assert "/api/)" in response.content.decode().partition("## Optional")[2]
