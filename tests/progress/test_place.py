"""Where a reader with an account left a lesson: sent while the page closes, offered by the next one."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from progress import events
from progress.facts import Kind
from progress.study import AccountStudy
from tests.factories import make_lesson, make_planned
from tests.make import make_reader

pytestmark = pytest.mark.django_db

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
BODY = "".join(f"## Part {name.upper()} {{#{name}}}\n\nSome words.\n\n" for name in ("first", "second", "third"))
OFFER = "Continue where you were: "


@pytest.fixture(autouse=True)
def lesson():
    return make_lesson("one", body=BODY)


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def leave(client, anchor="second", lesson="one", headers=SAME_ORIGIN):
    return client.post(f"/progress/{lesson}/place/", {"anchor": anchor}, headers=headers)


def page(client):
    return client.get("/modules/one/").content.decode()


def test_the_next_visit_offers_the_place_on_any_device(client, reader):
    assert OFFER not in page(client)
    assert leave(client).status_code == 204
    elsewhere = Client()
    elsewhere.force_login(reader)
    assert f'<a href="#second">{OFFER}Part SECOND</a>' in page(elsewhere)
    leave(elsewhere, "third")
    assert f'<a href="#third">{OFFER}Part THIRD</a>' in page(client)


def test_it_is_an_event_and_one_only_when_the_place_is_another(client, reader):
    for anchor in ("second", "second", "third", "second"):
        leave(client, anchor)
    left = reader.events.filter(kind=Kind.LEFT).order_by("pk")
    assert list(left.values_list("module_id", "anchor")) == [("one", "second"), ("one", "third"), ("one", "second")]


def test_a_reader_takes_it_along(client, reader):
    leave(client)
    event = json.loads(client.get("/dashboard/export.json").getvalue())["events"][-1]
    assert (event["kind"], event["lesson"], event["anchor"]) == ("left", "one", "second")


def test_what_is_completed_needs_no_going_on(client, reader):
    leave(client)
    events.record(reader, Kind.COMPLETED, "one")
    assert OFFER not in page(client)
    assert AccountStudy(reader).place("one") == "second"


def test_a_section_that_has_gone_is_not_offered(client, reader):
    leave(client, "third")
    make_lesson("one", body=BODY.partition("## Part THIRD")[0])
    assert OFFER not in page(client)


def test_nobody_sees_the_place_of_another(client, reader):
    leave(client)
    other = Client()
    other.force_login(make_reader())
    assert OFFER not in page(other)
    assert OFFER not in page(Client())


def test_without_an_account_nothing_is_kept_here(client):
    assert leave(client).status_code == 204
    assert client.cookies == {}
    assert "data-place" not in page(client)


def test_only_a_page_with_an_account_is_told_where_to_send_it(client, reader):
    assert 'data-place="/progress/one/place/"' in page(client)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"anchor": "nowhere"}, 400),
        ({"anchor": ""}, 400),
        ({"anchor": "second\0"}, 400),
        ({"lesson": "none"}, 404),
        ({"lesson": "later"}, 404),
        ({"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
    ],
)
def test_what_makes_no_sense_is_refused(reader, sent, status):
    make_planned("later")
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assert leave(client, **sent).status_code == status
    assert not reader.events.filter(kind=Kind.LEFT).exists()


def test_a_place_belongs_to_leaving_and_leaving_has_one(reader):
    for kind, anchor in ((Kind.LEFT, ""), (Kind.OPENED, "second")):
        with pytest.raises(IntegrityError, match="progress_event_anchor"), transaction.atomic():
            events.record(reader, kind, "one", anchor=anchor)
