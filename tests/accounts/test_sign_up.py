from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.contrib.auth.models import User

from tests.make import PASSWORD, make_module, make_reader
from tests.progress.test_events import at_once

pytestmark = pytest.mark.django_db

URL = "/accounts/signup/"


@pytest.fixture(params=["without a mail server", "with a mail server"])
def either_way(request, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none" if request.param == "without a mail server" else "mandatory"


def sign_up(client, email="new@example.org", password=PASSWORD, **data):
    return client.post(URL, {"email": email, "password1": password, **data})


def shape(response):
    """What an outsider sees of an answer, without the tokens that differ each time."""
    body = re.sub(rb'value="[^"]{32,}"', b"", response.content)
    return response.status_code, response.get("Location"), sorted(response.cookies), body


class TestForm:
    def test_password_managers_know_its_fields(self, client):
        page = client.get(URL).content.decode()
        kinds = dict(re.findall(r'<input type="(?:email|password)" name="(\w+)"[^>]* autocomplete="([\w-]+)"', page))
        assert kinds == {"email": "email", "password1": "new-password"}
        assert "onpaste" not in page

    def test_it_is_kept_by_nobody(self, client):
        assert "no-store" in client.get(URL)["Cache-Control"]


class TestSigningUp:
    def test_it_signs_in_at_once_without_a_mail_server(self, client):
        response = sign_up(client)
        assert (response.status_code, response["Location"]) == (302, "/dashboard/")
        assert client.get("/dashboard/").context["study"].on_account

    def test_the_address_is_one_whatever_its_case(self, client, client_factory):
        sign_up(client, "New@Example.org")
        response = client_factory().post("/accounts/login/", {"login": "nEW@example.ORG", "password": PASSWORD})
        assert response["Location"] == "/dashboard/"

    def test_signing_up_again_finds_the_account_again(self, client, client_factory, either_way):
        user = make_reader("known@example.org")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        sign_up(client, "known@example.org")
        assert int(client.session["_auth_user_id"]) == user.pk
        assert User.objects.count() == 1

    def test_an_address_of_someone_else_gives_no_way_into_their_account(self, client, client_factory):
        victim, module = make_reader("known@example.org"), make_module("a")
        sign_up(client, "known@example.org", "quite another sentence")
        client.post(f"/progress/{module.pk}/complete/")
        assert int(client.session["_auth_user_id"]) != victim.pk
        assert not victim.completions.exists()
        theirs = client_factory()
        theirs.post("/accounts/login/", {"login": "known@example.org", "password": PASSWORD})
        assert int(theirs.session["_auth_user_id"]) == victim.pk

    def test_a_link_in_a_mail_signs_in_where_there_is_a_mail_server(self, client, settings, mailoutbox):
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        make_module("a")
        client.post("/progress/a/complete/")
        assert sign_up(client)["Location"] == "/accounts/confirm-email/"
        assert "_auth_user_id" not in client.session
        client.post(re.search(r"/accounts/confirm-email/\S+/", mailoutbox[0].body)[0])
        user = User.objects.get(pk=client.session["_auth_user_id"])
        assert user.completions.get().module_id == "a"

    @pytest.mark.parametrize(("target", "location"), [("/paths/p/", "/paths/p/"), ("//evil.example", "/dashboard/")])
    def test_it_leads_back_only_to_a_page_of_ours(self, client, target, location):
        assert sign_up(client, next=target)["Location"] == location


class TestEnumeration:
    def test_a_known_address_is_answered_like_an_unknown_one(self, client_factory, either_way):
        make_reader("known@example.org")
        answers = [
            shape(sign_up(client_factory(), email, "quite another sentence"))
            for email in ("known@example.org", "unknown@example.org")
        ]
        assert answers[0] == answers[1]

    def test_a_known_address_takes_as_long_as_an_unknown_one(self, client_factory, either_way, hashings):
        make_reader("known@example.org")
        counts = []
        for email in ("known@example.org", "unknown@example.org"):
            hashings.clear()
            sign_up(client_factory(), email, "quite another sentence")
            counts.append(len(hashings))
        assert counts[0] == counts[1] > 0

    def test_a_bad_password_says_nothing_of_the_address(self, client_factory, either_way):
        make_reader("known@example.org")
        answers = [
            shape(sign_up(client_factory(), email, "12345")) for email in ("known@example.org", "other@example.org")
        ]
        assert answers[0][0] == answers[1][0] == 200
        assert answers[0][3].replace(b"known", b"other") == answers[1][3]

    def test_passwords_can_be_tried_here_no_more_often_than_at_sign_in(self, client_factory):
        user = make_reader("known@example.org")
        for number in range(5):
            sign_up(client_factory(), "known@example.org", f"quite another sentence {number}")
        client = client_factory()
        response = sign_up(client, "known@example.org", PASSWORD)
        assert response.status_code == 200
        assert b"Too many" in response.content
        assert str(client.session.get("_auth_user_id")) != str(user.pk)


class TestRefused:
    @pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "newnewnew@example.org", ""])
    def test_a_weak_password_makes_no_account(self, client, password):
        assert sign_up(client, "newnewnew@example.org", password).status_code == 200
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "email",
        [
            "",
            "new",
            "new@",
            "new@example",
            "a\x00b@example.org",
            "new@example.org\x00",
            "a" * 5000 + "@example.org",
            "new@example.org\r\nBcc: all@example.org",
            "<script>@example.org",
            "new@example.org, other@example.org",
        ],
    )
    def test_what_is_no_address_makes_no_account(self, client, email, mailoutbox):
        assert sign_up(client, email).status_code == 200
        assert not User.objects.exists()
        assert not mailoutbox

    @pytest.mark.parametrize(
        "body", [b"email=%ff%fe@example.org&password1=%ff", b"\xff\xfe", b"email=%00", b"email[]="]
    )
    def test_a_body_that_is_not_text_makes_no_account(self, client, body):
        response = client.post(URL, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200
        assert not User.objects.exists()

    def test_a_password_with_a_null_byte_makes_no_account(self, client):
        assert sign_up(client, password="a long walk\x00in the park").status_code == 200
        assert not User.objects.exists()

    @pytest.mark.parametrize("field", ["email", "password1", "unknown"])
    def test_an_oversized_body_makes_no_account(self, client, field):
        response = sign_up(client, **{field: "a" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
        assert response.status_code == 400
        assert not User.objects.exists()

    def test_without_a_token_there_is_no_account(self, strict_client):
        assert sign_up(strict_client).status_code == 403
        assert not User.objects.exists()

    def test_twenty_a_minute_are_enough_from_one_place(self, client_factory):
        codes = [sign_up(client_factory(), f"new{number}@example.org").status_code for number in range(21)]
        assert codes == [302] * 20 + [429]

    def test_no_field_makes_an_editor(self, client):
        sign_up(client, is_staff="on", is_superuser="on", username="admin")
        user = User.objects.get()
        assert (user.is_staff, user.is_superuser, user.username) == (False, False, "new")


@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_twice_makes_one_account(client_factory):
    clients = [client_factory(), client_factory()]
    at_once(*[lambda client=client: sign_up(client) for client in clients])
    assert User.objects.count() == 1
    assert len({client.session["_auth_user_id"] for client in clients}) == 1
