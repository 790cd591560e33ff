from __future__ import annotations

import json

import pytest

from progress import events
from progress.facts import Kind
from progress.models import StudyEvent
from tests.make import make_module, make_path, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def next_up(client):
    return client.get("/dashboard/").context["next"]


class TestNext:
    def test_nothing_done_yet_starts_the_notebook(self, client):
        first = make_module()
        make_module()
        assert next_up(client).module == first

    def test_planned_lessons_are_never_suggested(self, client, reader):
        planned, written = make_module(body=""), make_module()
        events.record(reader, Kind.STARTED_PATH, make_path("p", planned, written).pk)
        assert next_up(client).module == written

    def test_a_path_under_way_gives_the_lesson_and_its_reason(self, client, reader):
        make_module("first-of-all")
        done, step = make_module("done"), make_module("step")
        events.record(reader, Kind.STARTED_PATH, make_path("p", done, step).pk)
        events.record(reader, Kind.COMPLETED, done.pk)
        suggestion = next_up(client)
        assert suggestion.module == step
        assert suggestion.why == "Because of step."
        assert suggestion.step.path.pk == "p"

    def test_the_path_started_last_counts(self, client, reader):
        earlier, later = make_path("earlier", make_module("a")), make_path("later", make_module("b"))
        for path in (earlier, later):
            events.record(reader, Kind.STARTED_PATH, path.pk)
        assert next_up(client).module.pk == "b"

    def test_a_finished_path_hands_over_to_the_one_before(self, client, reader):
        for path in (make_path("p", make_module("a")), make_path("q", make_module("b"))):
            events.record(reader, Kind.STARTED_PATH, path.pk)
        events.record(reader, Kind.COMPLETED, "b")
        assert next_up(client).module.pk == "a"

    def test_the_lesson_left_open_comes_first(self, client, reader):
        events.record(reader, Kind.STARTED_PATH, make_path("p", make_module("a"), make_module("b")).pk)
        events.record(reader, Kind.OPENED, "b")
        assert next_up(client).module.pk == "b"
        assert next_up(client).why == "Because of b."

    def test_a_completed_lesson_is_left_behind(self, client, reader):
        events.record(reader, Kind.STARTED_PATH, make_path("p", make_module("a"), make_module("b")).pk)
        events.record(reader, Kind.OPENED, "b")
        events.record(reader, Kind.COMPLETED, "b")
        assert next_up(client).module.pk == "a"

    def test_unread_prerequisites_are_named_and_nothing_is_locked(self, client, reader):
        read, unread, planned = make_module("read"), make_module("unread"), make_module("planned", body="")
        goal = make_module("goal", requires=(read, unread, planned))
        events.record(reader, Kind.COMPLETED, read.pk)
        events.record(reader, Kind.OPENED, goal.pk)
        suggestion = next_up(client)
        assert suggestion.module == goal
        assert suggestion.first == [unread]
        page = client.get("/dashboard/").content.decode()
        assert "/modules/goal/" in page
        assert "/modules/unread/" in page
        assert "/modules/planned/" not in page

    def test_when_everything_is_completed_it_says_so(self, client, reader):
        events.record(reader, Kind.COMPLETED, make_module().pk)
        assert next_up(client) is None
        assert b"completed every lesson" in client.get("/dashboard/").content

    def test_an_empty_notebook_has_a_dashboard_too(self, client):
        assert client.get("/dashboard/").status_code == 200


class TestPage:
    def test_it_says_where_progress_is_saved(self, client):
        assert b"saved in this browser" in client.get("/dashboard/").content
        client.force_login(make_reader())
        assert b"saved on your account" in client.get("/dashboard/").content

    @pytest.mark.parametrize("url", ["/dashboard/", "/dashboard/export.json"])
    def test_nobody_keeps_it(self, client, reader, url):
        assert client.get(url)["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("url", ["/dashboard/", "/dashboard/export.json"])
    def test_it_is_read_only(self, client, url):
        assert client.post(url).status_code == 405

    def test_minutes_are_shown_as_hours(self, client, reader):
        modules = [make_module(minutes=50) for _ in range(2)]
        events.record(reader, Kind.STARTED_PATH, make_path("p", *modules).pk)
        assert b"1 h 40 min left" in client.get("/dashboard/").content

    def test_a_lesson_can_be_reopened_and_that_undone(self, client, reader):
        make_module("a")
        client.get("/modules/a/")
        client.post("/progress/a/complete/", {"next": "/dashboard/"})
        assert b"/progress/a/reopen/" in client.get("/dashboard/").content
        assert client.post("/progress/a/reopen/", {"next": "/dashboard/"})["Location"] == "/dashboard/"
        assert b"/progress/a/complete/" in client.get("/dashboard/").content

    def test_another_readers_progress_is_not_shown(self, client, reader):
        other = make_reader()
        path = make_path("p", make_module("a"))
        events.record(other, Kind.STARTED_PATH, path.pk)
        events.record(other, Kind.OPENED, "a")
        events.record(other, Kind.COMPLETED, "a")
        for key in ("user", "reader", "user_id"):
            context = client.get("/dashboard/", {key: other.pk}).context
            assert context["started"] == context["recent"] == []
            assert context["study"].completed == frozenset()
            assert "events" in (body := json.loads(client.get("/dashboard/export.json", {key: other.pk}).getvalue()))
            assert body["events"] == body["completed"] == []

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_it_costs_the_same_queries_whatever_there_is(self, client, django_assert_max_num_queries, signed_in):
        user = make_reader()
        if signed_in:
            client.force_login(user)

        def grow(number):
            modules = [make_module(requires=(make_module(),)) for _ in range(number)]
            for path in (make_path("", *modules) for _ in range(3)):
                client.post(f"/progress/paths/{path.pk}/start/")
            for module in modules[:-1]:
                client.get(f"/modules/{module.pk}/")
                client.post(f"/progress/{module.pk}/complete/")
            client.get(f"/modules/{modules[-1].pk}/")

        counts = []
        for _ in range(3):
            grow(5)
            with django_assert_max_num_queries(11) as queries:
                client.get("/dashboard/")
            counts.append(len(queries))
        assert counts[0] == counts[1] == counts[2]


class TestExport:
    def test_it_holds_everything_of_an_account(self, client, reader):
        make_path("p", make_module("a"))
        client.get("/modules/a/")
        client.post("/progress/paths/p/start/")
        client.post("/progress/a/complete/")
        response = client.get("/dashboard/export.json")
        assert response["Content-Type"] == "application/json; charset=utf-8"
        assert "attachment" in response["Content-Disposition"]
        data = json.loads(response.getvalue())
        assert data["account"]["email"] == reader.email
        assert data["completed"] == ["a"]
        assert [path["path"] for path in data["paths"]] == ["p"]
        assert [event["kind"] for event in data["events"]] == ["opened", "started-path", "completed"]
        assert data["events"][1]["path"] == data["paths"][0]["path"]
        assert {event["key"] for event in data["events"]} == {str(event.key) for event in StudyEvent.objects.all()}

    def test_it_holds_what_the_browser_remembers(self, client):
        make_module("a")
        client.post("/progress/a/complete/")
        data = json.loads(client.get("/dashboard/export.json").getvalue())
        assert data["account"] is None
        assert data["completed"] == ["a"]
        assert {event["kind"] for event in data["events"]} == {"completed", "opened"}

    def test_without_any_progress_it_is_still_json(self, client):
        assert json.loads(client.get("/dashboard/export.json").getvalue())["events"] == []
