from __future__ import annotations

import pytest
from django.conf import settings

from modules import shared
from paths.standing import under_way
from progress import events
from progress.facts import Kind
from progress.study import AccountStudy
from tests.make import make_module, make_path, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_kept_pages():
    shared.forget()


@pytest.fixture
def path():
    return make_path("p", make_module("a", minutes=45), make_module("b", minutes=40), make_module("c", body=""))


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def page(client):
    return client.get("/paths/p/").content.decode()


def test_steps_stand_in_order_with_their_reasons(client, path):
    text = page(client)
    assert text.index("Because of a.") < text.index("Because of b.") < text.index("Because of c.")


def test_a_planned_lesson_is_no_link(client, path):
    assert 'href="/modules/b/"' in page(client)
    assert 'href="/modules/c/"' not in page(client)
    assert "1 more planned" in page(client)


def test_a_reader_without_a_session_gets_the_page_everyone_gets(client, path):
    response = client.get("/paths/p/")
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "csrf" not in response.content.decode()
    assert "Start with" in response.content.decode()


def test_a_reader_with_a_session_gets_a_page_of_their_own(client, path, reader):
    assert "private" in client.get("/paths/p/")["Cache-Control"]


def test_starting_leads_to_the_first_lesson(client, path):
    response = client.post("/progress/paths/p/start/", {"next": "/modules/a/"})
    assert response["Location"] == "/modules/a/"
    assert settings.SESSION_COOKIE_NAME in response.cookies
    assert "Continue: " in page(client)


def test_it_shows_how_far_and_how_long(client, path, reader):
    events.record(reader, Kind.STARTED_PATH, "p")
    assert "0 of 2 lessons completed (0%), 1 h 25 min left" in page(client)
    events.record(reader, Kind.COMPLETED, "a")
    assert "1 of 2 lessons completed (50%), 40 min left" in page(client)
    events.record(reader, Kind.COMPLETED, "b")
    assert "You have completed this path as far as it is written" in page(client)


def test_it_leads_back_to_where_the_reader_was(client, path, reader):
    events.record(reader, Kind.STARTED_PATH, "p")
    events.record(reader, Kind.OPENED, "b")
    assert client.get("/paths/p/").context["standing"].next.module_id == "b"


@pytest.mark.parametrize("url", ["/paths/nothing/", "/paths/p%00/", "/paths/..%2fp/", "/paths/%ff/"])
def test_an_unknown_path_is_not_found(client, url):
    assert client.get(url).status_code == 404


def test_it_is_read_only(client, path):
    assert client.post("/paths/p/").status_code == 405


def test_it_costs_the_same_queries_however_long_the_path(client, reader, django_assert_num_queries):
    counts = []
    for length in (1, 30):
        modules = [make_module() for _ in range(length)]
        made = make_path("", *modules)
        for module in modules:
            AccountStudy(reader).open(module.pk)
            AccountStudy(reader).complete(module.pk)
        with django_assert_num_queries(5) as queries:  # session, reader, study, path, steps
            client.get(made.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


class TestUnderWay:
    def test_the_path_started_last_that_has_the_lesson(self, path, django_assert_num_queries):
        user = make_reader()
        for name in ("q", "r"):
            make_path(name)
        make_path("s").steps.create(module_id="b", position=1, why="Elsewhere.")
        for name in ("p", "s", "r"):
            events.record(user, Kind.STARTED_PATH, name)
        study = AccountStudy(user)
        assert study.paths
        with django_assert_num_queries(1):
            assert under_way(study, "b").path.pk == "s"
        assert under_way(study, "a").path.pk == "p"
        assert under_way(study, "elsewhere") is None

    def test_a_reader_who_follows_none_costs_no_query(self, path, django_assert_num_queries):
        study = AccountStudy(make_reader())
        assert not study.paths
        with django_assert_num_queries(0):
            assert under_way(study, "a") is None
