from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from modules.models import Revision
from progress.models import Completion, StudyEvent
from tests.make import PASSWORD, make_module, make_path, make_reader

pytestmark = pytest.mark.django_db

URL = "/accounts/delete/"


@pytest.fixture
def user():
    return make_reader("known@example.org")


@pytest.fixture
def reader(client, user):
    """Sign `client` in, with something of everything an account can have."""
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    make_path("p", make_module("a"))
    client.post("/progress/a/complete/")
    client.post("/progress/a/reopen/")
    client.post("/progress/a/complete/")
    client.post("/progress/paths/p/start/")
    client.get("/accounts/email/")
    assert StudyEvent.objects.count() == 4
    assert Completion.objects.exists()
    assert EmailAddress.objects.exists()
    assert UserSession.objects.exists()
    return user


def test_its_page_asks_for_the_password(client, reader):
    page = client.get(URL)
    assert page["Cache-Control"] == "private, no-store"
    assert 'autocomplete="current-password"' in page.content.decode()
    assert User.objects.filter(pk=reader.pk).exists()


def test_the_right_password_deletes_everything(client, reader):
    other = Client()
    other.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    response = client.post(URL, {"password": PASSWORD})
    connection.check_constraints()
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert not other.get("/dashboard/").context["study"].on_account
    for model in (User, StudyEvent, Completion, EmailAddress, UserSession, Session):
        assert not model.objects.exists(), model


def test_other_readers_keep_everything(client, reader):
    other = make_reader()
    client_of_other = Client()
    client_of_other.force_login(other)
    client_of_other.post("/progress/a/complete/")
    client.post(URL, {"password": PASSWORD})
    assert User.objects.get() == other
    assert other.completions.count() == other.events.count() == 1


def test_what_an_editor_wrote_stays_without_their_name(client, reader):
    revision = Revision.objects.create(path="modules/a.md", text="", kind="Added", author=reader, at=reader.date_joined)
    client.post(URL, {"password": PASSWORD})
    revision.refresh_from_db()
    assert revision.author is None


@pytest.mark.parametrize("password", ["wrong", "", "\x00", PASSWORD.upper(), "x" * 100_000])
def test_a_wrong_password_deletes_nothing(client, reader, password):
    response = client.post(URL, {"password": password})
    assert response.status_code == 200
    assert User.objects.filter(pk=reader.pk).exists()
    assert "_auth_user_id" in client.session


def test_the_password_of_another_reader_deletes_nothing(client, reader):
    other = make_reader()
    other.set_password("quite another sentence")
    other.save()
    client.post(URL, {"password": "quite another sentence", "user": other.pk, "id": other.pk})
    assert User.objects.count() == 2


def test_attempts_are_limited(client, reader):
    for number in range(5):
        client.post(URL, {"password": f"wrong {number}"})
    assert b"Too many" in client.post(URL, {"password": PASSWORD}).content
    assert User.objects.filter(pk=reader.pk).exists()


def test_it_needs_a_reader(client):
    assert client.get(URL)["Location"] == f"/accounts/login/?next={URL}"
    assert client.post(URL, {"password": "x"})["Location"] == f"/accounts/login/?next={URL}"


def test_another_site_deletes_nothing(strict_client, user):
    strict_client.force_login(user)
    assert strict_client.post(URL, {"password": PASSWORD}).status_code == 403
    assert User.objects.exists()
