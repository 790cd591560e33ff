"""Signing in, by any door, loses nothing that the browser remembers."""

from __future__ import annotations

import pytest
from django.test import Client

from progress.models import StudyEvent
from progress.study import AccountStudy
from tests.make import PASSWORD, make_module, make_path, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lessons():
    make_path("p", make_module("a"), make_module("b"))


def study_in(client):
    client.post("/progress/a/complete/")
    client.post("/progress/paths/p/start/")
    client.get("/modules/b/")


def sign_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def everything(user):
    study = AccountStudy(user)
    return study.completed, list(study.paths), study.last_opened


ALL = ({"a"}, ["p"], "b")


def test_signing_in_carries_progress_over(client):
    user = make_reader()
    study_in(client)
    sign_in(client, user)
    assert everything(user) == ALL
    assert "study" not in client.session


def test_signing_up_carries_progress_over(client, django_user_model):
    study_in(client)
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})
    assert everything(django_user_model.objects.get(email="new@example.org")) == ALL


def test_signing_in_to_the_admin_carries_progress_over(client, django_user_model):
    user = django_user_model.objects.create_superuser("editor", "editor@example.org", PASSWORD)
    study_in(client)
    to_sign_in = client.get("/admin/login/?next=/admin/").url
    client.post(to_sign_in, {"login": "editor@example.org", "password": PASSWORD})
    assert everything(user) == ALL


def test_signing_in_and_out_at_once_loses_nothing(client):
    user = make_reader()
    study_in(client)
    sign_in(client, user)
    client.post("/accounts/logout/")
    assert everything(user) == ALL


def test_a_session_that_is_signed_in_already_is_carried_over_when_asked(client):
    user = make_reader()
    study_in(client)
    client.force_login(user)  # writes the session behind the middleware's back
    assert client.get("/dashboard/").context["study"].completed == {"a"}
    assert everything(user) == ALL
    assert "study" not in client.session


def test_signing_in_twice_adds_nothing(client):
    user = make_reader()
    study_in(client)
    sign_in(client, user)
    events = StudyEvent.objects.count()
    client.post("/accounts/logout/")
    sign_in(client, user)
    assert StudyEvent.objects.count() == events


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_devices_in_either_order_add_up(order):
    user, devices = make_reader(), [Client(), Client()]
    devices[0].post("/progress/a/complete/")
    devices[1].post("/progress/b/complete/")
    for number in order:
        sign_in(devices[number], user)
    assert AccountStudy(user).completed == {"a", "b"}
    for device in devices:
        assert device.get("/dashboard/").context["study"].completed == {"a", "b"}


def test_a_failed_sign_in_keeps_progress_in_the_browser(client):
    study_in(client)
    client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"})
    assert client.get("/dashboard/").context["study"].completed == {"a"}


def test_progress_of_one_reader_does_not_reach_the_next_at_the_same_browser(client):
    first, second = make_reader(), make_reader()
    study_in(client)
    sign_in(client, first)
    client.post("/accounts/logout/")
    sign_in(client, second)
    assert everything(second) == (set(), [], None)


def test_after_signing_out_the_browser_shows_nothing(client):
    user = make_reader()
    study_in(client)
    sign_in(client, user)
    client.post("/accounts/logout/")
    assert client.get("/dashboard/").context["study"].completed == frozenset()
