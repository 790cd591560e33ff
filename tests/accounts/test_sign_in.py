from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.test import Client

from tests.make import PASSWORD, make_reader

pytestmark = pytest.mark.django_db

URL = "/accounts/login/"


@pytest.fixture
def user():
    return make_reader("known@example.org")


def sign_in(client, email="known@example.org", password=PASSWORD, **data):
    return client.post(URL, {"login": email, "password": password, **data})


def is_signed_in(client):
    return "_auth_user_id" in client.session


class TestForm:
    def test_password_managers_know_its_fields(self, client):
        page = client.get(URL).content.decode()
        kinds = dict(re.findall(r'<input type="(?:email|password)" name="(\w+)"[^>]* autocomplete="([\w-]+)"', page))
        assert kinds == {"login": "email", "password": "current-password"}
        assert "onpaste" not in page

    def test_looking_at_it_makes_no_session(self, client):
        client.get(URL)
        assert not Session.objects.exists()


class TestSigningIn:
    def test_the_right_password_leads_to_the_dashboard(self, client, user):
        assert sign_in(client)["Location"] == "/dashboard/"
        assert is_signed_in(client)

    def test_the_session_gets_a_new_key(self, client, user):
        session = client.session
        session["planted"] = True
        session.save()
        sign_in(client)
        assert client.session.session_key != session.session_key

    def test_it_lasts(self, client, user):
        assert sign_in(client).cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] >= 360 * 24 * 60 * 60

    @pytest.mark.parametrize("where", ["query", "form"])
    @pytest.mark.parametrize(
        ("target", "location"),
        [
            ("/paths/p/?a=b", "/paths/p/?a=b"),
            ("https://evil.example/", "/dashboard/"),
            ("//evil.example/", "/dashboard/"),
            ("/\\evil.example", "/dashboard/"),
            ("http://localhost/", "/dashboard/"),
            ("javascript:alert(1)", "/dashboard/"),
            ("\x00", "/dashboard/"),
            ("progress:dashboard", "/dashboard/"),
        ],
    )
    def test_it_leads_back_only_to_a_page_of_ours(self, client, user, where, target, location):
        if where == "form":
            response = sign_in(client, next=target)
        else:
            response = client.post(URL, {"login": user.email, "password": PASSWORD}, query_params={"next": target})
        assert response["Location"] == location

    def test_an_inactive_account_does_not_sign_in(self, client, user):
        user.is_active = False
        user.save()
        sign_in(client)
        assert not is_signed_in(client)

    def test_without_a_token_nobody_signs_in(self, strict_client, user):
        assert sign_in(strict_client).status_code == 403
        assert not is_signed_in(strict_client)


class TestEnumeration:
    def test_a_known_address_is_answered_like_an_unknown_one(self, user):
        answers = []
        for email in ("known@example.org", "other@example.org"):
            response = sign_in(Client(), email, "wrong")
            body = re.sub(r'value="[^"]{32,}"', "", response.content.decode()).replace(email, "")
            answers.append((response.status_code, sorted(response.cookies), body))
        assert answers[0] == answers[1]

    def test_a_known_address_takes_as_long_as_an_unknown_one(self, user, hashings):
        counts = []
        for email in ("known@example.org", "other@example.org"):
            hashings.clear()
            sign_in(Client(), email, "wrong")
            counts.append(len(hashings))
        assert counts == [1, 1]

    @pytest.mark.parametrize("email", ["known@example.org", "other@example.org"])
    def test_either_is_refused_after_as_many_attempts(self, user, email):
        bodies = [sign_in(Client(), email, f"wrong {number}").content for number in range(6)]
        assert [b"Too many" in body for body in bodies] == [False] * 5 + [True]


class TestLimits:
    def test_after_five_wrong_passwords_even_the_right_one_waits(self, client, user):
        for number in range(5):
            sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), password=f"wrong {number}")
        assert b"Too many" in sign_in(client).content
        assert not is_signed_in(client)

    def test_ten_wrong_passwords_from_one_place_close_it_for_every_address(self, client, user):
        for number in range(10):
            sign_in(Client(), f"other{number}@example.org", "wrong")
        assert b"Too many" in sign_in(client).content
        assert not is_signed_in(client)

    def test_another_place_is_not_held_back(self, user):
        for number in range(10):
            sign_in(Client(), f"other{number}@example.org", "wrong")
        elsewhere = Client(REMOTE_ADDR="10.0.0.1")
        sign_in(elsewhere)
        assert is_signed_in(elsewhere)

    def test_signing_in_rightly_costs_no_attempt(self, client, user):
        for _ in range(12):
            sign_in(Client())
        sign_in(client)
        assert is_signed_in(client)

    def test_a_made_up_forwarded_address_does_not_help(self, user):
        for number in range(11):
            response = sign_in(
                Client(headers={"X-Forwarded-For": f"10.0.0.{number}"}), f"other{number}@example.org", "wrong"
            )
        assert b"Too many" in response.content

    def test_attempts_are_counted_where_every_worker_sees_them(self, user):
        assert isinstance(cache._connections["default"], DatabaseCache)


class TestSigningOut:
    def test_a_link_does_not_sign_out(self, client, user):
        sign_in(client)
        assert client.get("/accounts/logout/").status_code == 200
        assert is_signed_in(client)

    def test_a_click_signs_out(self, client, user):
        sign_in(client)
        assert client.post("/accounts/logout/")["Location"] == "/"
        assert not is_signed_in(client)

    def test_another_site_cannot_sign_out(self, strict_client, user):
        strict_client.force_login(user)
        assert strict_client.post("/accounts/logout/").status_code == 403
        assert is_signed_in(strict_client)

    def test_it_leads_only_to_a_page_of_ours(self, client, user):
        sign_in(client)
        assert client.post("/accounts/logout/", {"next": "https://evil.example/"})["Location"] == "/"


class TestHostile:
    @pytest.mark.parametrize(
        ("email", "password"),
        [
            ("\x00", "x"),
            ("known@example.org\x00", PASSWORD),
            ("known@example.org", PASSWORD + "\x00"),
            ("a" * 10_000 + "@example.org", PASSWORD),
            ("known@example.org", "x" * 100_000),
            ("' OR 1=1 --@example.org", "x"),
            ("known@example.org", ""),
            ("", ""),
            ("ĸnown@example.org", PASSWORD),
            ("known@exаmple.org", PASSWORD),  # a Cyrillic letter
        ],
    )
    def test_nobody_signs_in_with(self, client, user, email, password):
        assert sign_in(client, email, password).status_code == 200
        assert not is_signed_in(client)

    @pytest.mark.parametrize("body", [b"\xff\xfe", b"login=%ff%fe&password=%ff", b"login[]=&password[]=", b"{}"])
    def test_nobody_signs_in_with_a_body_of(self, client, user, body):
        response = client.post(URL, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200
        assert not is_signed_in(client)

    def test_an_oversized_body_is_refused(self, client, user):
        response = sign_in(client, password="x" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
        assert response.status_code == 400

    @pytest.mark.parametrize("cookie", ["x", "\x00", "a" * 4000, "../../etc/passwd", "%ff"])
    def test_a_forged_session_is_no_session(self, client, user, cookie):
        client.cookies[django_settings.SESSION_COOKIE_NAME] = cookie
        response = client.get("/dashboard/")
        assert response.status_code == 200
        assert not response.context["study"].on_account
        assert not Session.objects.exists()
