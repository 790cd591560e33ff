"""The drill on failure modes."""

from __future__ import annotations

import pytest

from modules import content
from progress.facts import Kind
from tests.factories import make_lesson
from tests.make import make_reader
from tests.reviews import BODY, failure

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def _failures():
    content.forget()
    make_lesson("one", body=BODY, failures=[failure(), failure("leak", mode="A row leaks", lever="stop")])


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def pull(client, lever, seed=7, **headers):
    return client.post(f"/failures/drill/?seed={seed}", {"lever": lever}, headers=SAME_ORIGIN | headers)


def drawn(client, seed=7):
    return client.get(f"/failures/drill/?seed={seed}").context["failure"]


def test_it_begins_with_a_seed(client):
    response = client.get("/failures/drill/")
    assert response.status_code == 302
    assert response["Location"].startswith("/failures/drill/?seed=")


def test_the_symptom_stands_alone(client):
    page = client.get("/failures/drill/?seed=7").content.decode()
    assert "It is slow." in page
    assert drawn(client).mode not in page
    assert "Hits fall." not in page


def test_every_failure_comes_up(client):
    assert {drawn(client, seed).name for seed in range(12)} == {"lost", "leak"}


@pytest.mark.parametrize("htmx", [False, True])
def test_the_lever_is_judged_and_remembered(client, reader, htmx):
    failure = drawn(client)
    for lever, verdict in ((failure.lever, "right"), ("cut", "wrong")):
        response = pull(client, lever, **({"HX-Request": "true"} if htmx else {}))
        if not htmx:
            response = client.get(response["Location"])
        page = response.content.decode()
        assert failure.mode in page
        assert "Hits fall." in page
        assert response.context["is_right"] is (verdict == "right")
        event = reader.events.filter(kind=Kind.GRADED).order_by("-pk").first()
        assert (event.question, event.seed, event.answer, event.verdict) == (
            f"failure.{failure.name}",
            7,
            lever,
            verdict,
        )
    assert response.context["score"] == (0, 1)


def test_what_is_no_lever_is_told_and_nothing_remembered(client, reader):
    response = pull(client, "pray", **{"HX-Request": "true"})
    assert response.status_code == 400
    assert "none of the levers" in response.content.decode()
    assert not reader.events.filter(kind=Kind.GRADED).exists()


@pytest.mark.parametrize("seed", ["x", "1234567", "-1"])
def test_a_seed_is_a_number(client, seed):
    assert client.get(f"/failures/drill/?seed={seed}").status_code == 404


def test_without_failure_modes_there_is_no_drill(client):
    make_lesson("one")
    assert client.get("/failures/drill/?seed=7").status_code == 404
