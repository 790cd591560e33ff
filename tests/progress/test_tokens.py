"""Tokens for programs: made once, kept as a hash, held to what they may do, and taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from progress import tokens
from progress.models import ApiToken
from progress.tokens import MOST, TokenError
from tests.make import make_reader

pytestmark = pytest.mark.django_db

URL = "/accounts/tokens/"
SHOWN = re.compile(r'value="(en_[\w-]{43})"')


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


class TestTokens:
    def test_one_is_found_by_its_text_alone(self):
        user = make_reader()
        text = tokens.make(user, "tutor", ["read"])
        assert tokens.find(text).user == user
        assert tokens.find(text[:-1] + ("a" if text[-1] != "a" else "b")) is None

    def test_only_its_hash_is_kept(self):
        text = tokens.make(make_reader(), "tutor", ["read"])
        row = ApiToken.objects.values().get()
        assert text not in str(row)
        assert row["digest"] == tokens.digest(text)

    @pytest.mark.parametrize("text", ["", "en_", "x" * 46, "en_" + "x" * 10_000, "en_" + "é" * 43, "en_" + "\0" * 43])
    def test_any_other_text_is_none(self, text):
        assert tokens.find(text) is None

    def test_that_of_a_reader_who_may_not_sign_in_opens_nothing(self):
        user = make_reader()
        text = tokens.make(user, "tutor", ["read"])
        user.is_active = False
        user.save()
        assert tokens.find(text) is None

    def test_it_remembers_the_day_it_was_used_and_writes_that_once(self, django_assert_num_queries):
        text = tokens.make(make_reader(), "tutor", ["read"])
        tokens.find(text)
        assert ApiToken.objects.get().used_on is not None
        with django_assert_num_queries(1):
            tokens.find(text)

    def test_a_reader_has_one_of_a_name_and_not_too_many(self):
        user = make_reader()
        for number in range(MOST):
            tokens.make(user, f"n{number}", ["read"])
        with pytest.raises(TokenError, match="that name"):
            tokens.make(user, "n0", ["read"])
        with pytest.raises(TokenError, match="revoke one"):
            tokens.make(user, "another", ["read"])
        assert user.api_tokens.count() == MOST

    @pytest.mark.parametrize(
        "fields",
        [
            {"scopes": []},
            {"scopes": ["admin"]},
            {"scopes": ["read", "admin"]},
            {"name": ""},
            {"digest": "en_plain"},
            {"name": "known"},
            {"digest": "0" * 64},
        ],
    )
    def test_the_database_refuses_what_must_not_be(self, fields):
        user = make_reader()
        given = {"user": user, "name": "new", "digest": "1" * 64, "scopes": ["read"], "made_at": datetime.now(UTC)}
        ApiToken.objects.create(**given | {"name": "known", "digest": "0" * 64})
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.create(**given | fields)


class TestPage:
    def make(self, client, **fields):
        return client.post(URL, {"name": "tutor", "scopes": ["read"]} | fields)

    def test_it_needs_an_account(self, client):
        assert client.get(URL).url.startswith("/accounts/login/")
        assert self.make(client).url.startswith("/accounts/login/")
        assert not ApiToken.objects.exists()

    def test_no_cache_keeps_it(self, client, reader):
        for response in (client.get(URL), self.make(client)):
            assert response["Cache-Control"] == "private, no-store"

    def test_a_token_is_shown_once(self, client, reader):
        shown = SHOWN.search(self.make(client, scopes=["read", "record"]).content.decode())[1]
        found = tokens.find(shown)
        assert (found.user, found.name, found.scopes) == (reader, "tutor", ["read", "record"])
        page = client.get(URL).content.decode()
        assert "tutor" in page
        assert shown not in page

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"name": ""}, "required"),
            ({"name": "x" * 61}, "60 characters"),
            ({"name": "a\0b"}, "Null characters"),
            ({"scopes": []}, "required"),
            ({"scopes": ["admin"]}, "admin is not one"),
        ],
    )
    def test_what_cannot_be_comes_back_with_a_sentence(self, client, reader, fields, told):
        response = self.make(client, **fields)
        assert response.status_code == 400
        assert told in response.content.decode()
        assert not ApiToken.objects.exists()

    def test_the_form_sent_twice_makes_one(self, client, reader):
        self.make(client)
        again = self.make(client)
        assert (again.status_code, reader.api_tokens.count()) == (400, 1)
        assert 'value="tutor"' in again.content.decode()

    def test_revoking_takes_it_away(self, client, reader):
        text = tokens.make(reader, "tutor", ["read"])
        response = client.post(f"{URL}{reader.api_tokens.get().pk}/revoke/")
        assert response.url == URL
        assert tokens.find(text) is None

    def test_nobody_elses_can_be_revoked(self, client, reader):
        text = tokens.make(make_reader(), "theirs", ["read"])
        assert client.post(f"{URL}{ApiToken.objects.get().pk}/revoke/").status_code == 404
        assert tokens.find(text)

    def test_nobody_elses_is_listed(self, client, reader):
        tokens.make(make_reader(), "theirs", ["read"])
        assert "theirs" not in client.get(URL).content.decode()

    @pytest.mark.parametrize("address", [URL, f"{URL}1/revoke/"])
    def test_another_site_cannot_send_the_form(self, reader, address):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(reader)
        assert strict.post(address, {"name": "theirs", "scopes": ["read"]}).status_code == 403
        assert not ApiToken.objects.exists()

    def test_it_costs_a_constant_number_of_queries(self, client, reader, django_assert_max_num_queries):
        for number in range(5):
            tokens.make(reader, f"n{number}", ["read"])
        with django_assert_max_num_queries(4):
            client.get(URL)

    def test_the_export_has_them_but_not_what_opens_them(self, client, reader):
        text = tokens.make(reader, "tutor", ["read"])
        exported = b"".join(client.get("/dashboard/export.json").streaming_content).decode()
        assert '"tokens": [{"name": "tutor"' in exported
        assert text not in exported
        assert tokens.digest(text) not in exported

    def test_they_leave_with_the_account(self, client, reader):
        tokens.make(reader, "tutor", ["read"])
        reader.delete()
        assert not ApiToken.objects.exists()
