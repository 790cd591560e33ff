"""What a token opens: one reader's own progress, to read and to add to, and never another's."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from modules import content
from notebook.api import limits
from progress import events, tokens
from progress.facts import Answer, Kind
from progress.models import StudyEvent
from tests.make import make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

READING = ["/me/progress", "/me/next", "/me/due", "/me/grades", "/me/export"]


@pytest.fixture(autouse=True)
def _lessons(db):
    content.forget()


@pytest.fixture
def reader():
    """Return a reader who has done something of everything."""
    user = make_reader("known@example.org")
    events.record(user, Kind.STARTED_PATH, "way")
    events.record(user, Kind.OPENED, "two")
    events.record(user, Kind.COMPLETED, "one")
    events.record(user, Kind.GRADED, "one:size", answer=Answer(7, "1", "partly"))
    events.record(user, Kind.GRADED, "one:size", answer=Answer(7, "1280 B", "right"))
    events.record(user, Kind.ANSWERED, "one:cache", answer=Answer(7, "1", "wrong"))
    return user


def bearer(user, *scopes):
    text = tokens.make(user, f"n{user.api_tokens.count()}", scopes or ["read"])
    return {"authorization": f"Bearer {text}"}


def ask(client, address, headers):
    response = client.get(f"/api{address}", headers=headers)
    assert response.status_code == 200, response.content
    body = b"".join(response) if response.streaming else response.content
    return json.loads(body)


class TestReading:
    def test_progress_is_what_the_dashboard_says(self, client, reader):
        mine = ask(client, "/me/progress", bearer(reader))
        assert [done["lesson"] for done in mine["completed"]] == ["one"]
        assert (mine["reading"], mine["recent"]) == (["two"], ["two"])
        (path,) = mine["paths"]
        assert (path["id"], path["done"], path["total"], path["next"]) == ("way", 1, 2, "three")

    def test_next_is_what_the_dashboard_suggests(self, client, reader):
        found = ask(client, "/me/next", bearer(reader))
        client.force_login(reader)
        suggestion = client.get("/dashboard/").context["next"]
        assert (found["lesson"]["id"], found["why"]) == (suggestion.module.pk, suggestion.why)

    def test_nothing_is_next_when_all_is_done(self, client, reader):
        for lesson in ("two", "three"):
            events.record(reader, Kind.COMPLETED, lesson)
        assert ask(client, "/me/next", bearer(reader)) == {}

    def test_grades_have_both_the_readers_and_the_ledgers(self, client, reader):
        found = ask(client, "/me/grades", bearer(reader))
        (grade,) = found["questions"]
        assert (grade["question"], grade["grade"], grade["own"], grade["number"]) == (
            "one:size",
            "partly",
            "partly",
            "right",
        )
        assert found["drills"] == {"answered": 1, "right": 0, "again": ["one:cache"]}
        assert {weak["facet"] for weak in found["weak"]} == {"part", "lesson", "kind"}

    def test_a_reader_who_did_nothing_has_nothing(self, client):
        headers = bearer(make_reader())
        assert ask(client, "/me/progress", headers) == {"completed": [], "reading": [], "recent": [], "paths": []}
        assert ask(client, "/me/grades", headers) == {"questions": [], "weak": []}

    def test_what_is_due_is_what_was_graded_long_enough_ago(self, client):
        reader, now = make_reader(), timezone.now()
        assert ask(client, "/me/due", bearer(reader)) == {"questions": []}
        for lesson, name, ago in (
            ("one", "why", 30),
            ("one", "size", 10),
            ("three", "bare", 0),
            ("one", "exam.slo", 9),
        ):
            at, given = now - timedelta(days=ago), Answer(0, "1", "full")
            events.record(reader, Kind.GRADED, f"{lesson}:{name}", at, answer=given)
        found = ask(client, "/me/due", bearer(reader))
        assert [each["question"] for each in found["questions"]] == ["one:why", "one:size"]
        assert datetime.fromisoformat(found["questions"][1]["due_at"]) < now < datetime.fromisoformat(found["next_at"])
        client.force_login(reader)
        begun = client.get(found["ask"].removeprefix(settings.SITE_URL) + "&begin=1", follow=True)
        assert {item.question.key for item in begun.context["items"]} == {"one:why", "one:size"}

    def test_the_export_is_the_dashboards_without_the_account(self, client, reader):
        mine = ask(client, "/me/export", bearer(reader))
        assert len(mine["events"]) == reader.events.count()
        assert mine["account"] is None
        assert "example.org" not in json.dumps(mine)

    @pytest.mark.parametrize(
        ("address", "most"), [("/me/progress", 5), ("/me/next", 6), ("/me/due", 7), ("/me/grades", 9)]
    )
    def test_it_costs_a_constant_number_of_queries(self, client, reader, address, most, django_assert_max_num_queries):
        headers = bearer(reader)
        ask(client, address, headers)
        with django_assert_max_num_queries(most):
            ask(client, address, headers)


class TestWhoMayNot:
    @pytest.mark.parametrize("address", READING)
    def test_no_cache_keeps_an_answer(self, client, reader, address):
        response = client.get(f"/api{address}", headers=bearer(reader))
        assert response["Cache-Control"] == "private, no-store"
        assert "Authorization" in response["Vary"]
        assert "Access-Control-Allow-Origin" not in response

    @pytest.mark.parametrize("address", READING)
    def test_a_token_says_nothing_of_another_reader(self, client, reader, address):
        theirs = ask(client, address, bearer(reader))
        mine = json.dumps(ask(client, address, bearer(make_reader())))
        assert theirs != json.loads(mine)
        assert not any(word in mine for word in ('"way"', "one:size", "one:cache"))

    @pytest.mark.parametrize("address", READING)
    @pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Bearer en_x", "Basic en_x", "Bearer \xe9", "en_x"])
    def test_without_a_token_in_use_nothing_is_told(self, client, reader, address, sent):
        response = client.get(f"/api{address}", headers={"authorization": sent})
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("address", READING)
    def test_a_session_opens_nothing(self, client, reader, address):
        client.force_login(reader)
        assert client.get(f"/api{address}").status_code == 401

    def test_a_token_that_was_revoked_opens_nothing(self, client, reader):
        headers = bearer(reader)
        reader.api_tokens.all().delete()
        assert client.get("/api/me/progress", headers=headers).status_code == 401

    @pytest.mark.parametrize("address", READING)
    def test_a_token_that_records_does_not_read(self, client, reader, address):
        response = client.get(f"/api{address}", headers=bearer(reader, "record"))
        assert response.status_code == 403
        assert "insufficient_scope" in response["WWW-Authenticate"]

    def test_a_token_that_reads_does_not_record(self, client, reader):
        before = StudyEvent.objects.count()
        response = record(client, bearer(reader), question="one:why", said=[1])
        assert (response.status_code, StudyEvent.objects.count()) == (403, before)


def record(client, headers, **given):
    return client.post("/api/me/answers", given, content_type="application/json", headers=headers)


class TestRecording:
    @pytest.fixture
    def headers(self, reader):
        return bearer(reader, "record")

    @pytest.mark.parametrize(("said", "grade"), [([], "missed"), ([2], "partly"), ([1, 2], "full"), ([99], "missed")])
    def test_what_was_said_of_the_rubric_is_a_grade(self, client, reader, headers, said, grade):
        response = record(client, headers, question="one:why", said=said)
        assert json.loads(response.content) == {"question": "one:why", "verdict": grade}
        assert reader.events.get(question="why").verdict == grade

    @pytest.mark.parametrize(("number", "is_right"), [("1280 B", True), ("1280 bit", False), ("7 B", False)])
    def test_a_number_is_marked_by_the_ledger(self, client, reader, headers, number, is_right):
        told = json.loads(record(client, headers, question="one:size", number=number).content)
        assert told["said"]
        assert (told["verdict"] == "right") is is_right
        assert reader.events.newest_first().first().answer == number

    def test_one_key_is_one_answer(self, client, reader, headers):
        key = str(uuid4())
        for _ in range(2):
            assert record(client, headers, question="one:why", said=[1], key=key).status_code == 200
        assert reader.events.filter(question="why").count() == 1

    def test_it_counts_on_the_dashboard(self, client, reader, headers):
        record(client, headers, question="one:why", said=[])
        client.force_login(reader)
        assert client.get("/dashboard/").context["outcome"].asked == 2

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({}, 400),
            ({"question": "one:why"}, 400),
            ({"question": "one:why", "said": [1], "number": "1"}, 400),
            ({"question": "one:why", "said": [0]}, 400),
            ({"question": "one:why", "said": list(range(1, 102))}, 400),
            ({"question": "one:why", "said": "1"}, 400),
            ({"question": "one:why", "number": "7"}, 400),
            ({"question": "one:size", "number": "many"}, 400),
            ({"question": "one:size", "number": ""}, 400),
            ({"question": "one:size", "number": "1" * 61}, 400),
            ({"question": "one:size", "number": "\0"}, 400),
            ({"question": "one:size", "number": "\ud800"}, 400),
            ({"question": "one:why", "said": [1], "key": "x"}, 400),
            ({"question": "one:why", "said": [1], "user": 1}, 400),
            ({"question": "one:nothing", "said": [1]}, 404),
            ({"question": "one:exam.slo", "said": [1]}, 400),
            ({"question": "x" * 9000, "said": [1]}, 400),
            ({"question": "x" * 20_000, "said": [1]}, 413),
        ],
    )
    def test_what_cannot_be_is_told_and_nothing_is_recorded(self, client, reader, headers, given, status):
        before = StudyEvent.objects.count()
        response = record(client, headers, **given)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert StudyEvent.objects.count() == before

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 9000, b'{"question": NaN}'])
    def test_what_is_no_json_of_this_shape_is_told(self, client, headers, body):
        response = client.post("/api/me/answers", body, content_type="application/json", headers=headers)
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")

    def test_a_reader_records_so_often_with_all_their_tokens(self, client, reader, headers, monkeypatch):
        monkeypatch.setattr(limits.RECORDS, "most", 2)
        others = bearer(reader, "record")
        answers = [record(client, sent, question="one:why", said=[1]) for sent in (headers, others, headers)]
        assert [response.status_code for response in answers] == [200, 200, 429]
        assert record(client, bearer(make_reader(), "record"), question="one:why", said=[1]).status_code == 200
