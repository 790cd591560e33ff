from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client

from tests.make import PASSWORD, make_reader

pytestmark = pytest.mark.django_db

NEW = "an even longer walk by the sea"
CHANGE, RESET = "/accounts/password/change/", "/accounts/password/reset/"


@pytest.fixture
def user():
    user = make_reader("known@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def has_password(user, password):
    return User.objects.get(pk=user.pk).check_password(password)


class TestChange:
    def change(self, client, old=PASSWORD, new=NEW):
        return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})

    def test_password_managers_know_its_fields(self, client, user):
        client.force_login(user)
        page = client.get(CHANGE).content.decode()
        assert 'autocomplete="current-password"' in page
        assert 'autocomplete="new-password"' in page

    def test_the_old_one_lets_a_reader_choose_a_new_one(self, client, user):
        client.force_login(user)
        self.change(client)
        assert has_password(user, NEW)
        assert client.get("/dashboard/").context["study"].on_account

    def test_other_devices_are_signed_out(self, client, user):
        other = Client()
        for device in (client, other):
            device.force_login(user)
        self.change(client)
        assert not other.get("/dashboard/").context["study"].on_account

    @pytest.mark.parametrize(("old", "new"), [("wrong", NEW), ("", NEW), (PASSWORD, "short"), (PASSWORD, "a\x00" * 9)])
    def test_a_wrong_or_weak_one_changes_nothing(self, client, user, old, new):
        client.force_login(user)
        assert self.change(client, old, new).status_code == 200
        assert has_password(user, PASSWORD)

    def test_it_needs_a_reader(self, client):
        assert client.get(CHANGE)["Location"] == f"/accounts/login/?next={CHANGE}"

    def test_attempts_are_limited(self, client, user):
        client.force_login(user)
        codes = [self.change(client, old="wrong").status_code for _ in range(6)]
        assert codes == [200] * 5 + [429]


class TestReset:
    def ask(self, client, email="known@example.org", **extra):
        return client.post(RESET, {"email": email}, **extra)

    def link(self, mailoutbox):
        return re.search(r"/accounts/password/reset/key/\S+/", mailoutbox[-1].body)[0]

    def choose(self, client, link, password=NEW):
        page = client.get(link, follow=True)
        if not page.redirect_chain:
            return page
        return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})

    def test_a_link_in_a_mail_lets_a_reader_choose_a_new_one(self, client, user, mailoutbox):
        self.ask(client)
        assert mailoutbox[0].to == ["known@example.org"]
        self.choose(client, self.link(mailoutbox))
        assert has_password(user, NEW)

    def test_a_link_works_once(self, client, user, mailoutbox):
        self.ask(client)
        link = self.link(mailoutbox)
        self.choose(client, link)
        self.choose(Client(), link, "someone else's long sentence")
        assert has_password(user, NEW)

    def test_a_link_does_not_leave_its_key_in_the_address(self, client, user, mailoutbox):
        self.ask(client)
        assert client.get(self.link(mailoutbox))["Location"].endswith("-set-password/")

    def test_other_devices_are_signed_out(self, client, user, mailoutbox):
        other = Client()
        other.force_login(user)
        self.ask(client)
        self.choose(client, self.link(mailoutbox))
        assert not other.get("/dashboard/").context["study"].on_account

    def test_a_known_address_is_answered_like_an_unknown_one(self, user):
        answers = [self.ask(Client(), email) for email in ("known@example.org", "unknown@example.org")]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0].headers == answers[1].headers
        assert answers[0].cookies.keys() == answers[1].cookies.keys()
        pages = [Client().get(answer["Location"]).content for answer in answers]
        assert all(b"known@example.org" not in page for page in pages)

    def test_either_address_gets_one_mail(self, user, mailoutbox):
        for email in ("known@example.org", "unknown@example.org"):
            self.ask(Client(), email)
        assert [mail.to for mail in mailoutbox] == [["known@example.org"], ["unknown@example.org"]]
        assert "/password/reset/key/" not in mailoutbox[1].body

    @pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
    def test_mails_to_either_are_limited(self, user, mailoutbox, email):
        codes = [self.ask(Client(), email).status_code for _ in range(6)]
        assert codes == [302] * 5 + [429]
        assert len(mailoutbox) == 5

    def test_an_address_that_only_looks_alike_gets_no_link(self, client, user, mailoutbox):
        self.ask(client, "ĸnown@example.org")
        assert all("/password/reset/key/" not in mail.body for mail in mailoutbox)

    def test_another_host_gets_no_link(self, client, user, mailoutbox):
        assert self.ask(client, headers={"Host": "evil.example"}).status_code == 400
        assert not mailoutbox

    @pytest.mark.parametrize(
        "key", ["1-x", "zzzzzzzzzzzzzzzz-x", "1-%00", "1-%ff", "1-set-password", "0-" + "a" * 3000]
    )
    def test_a_made_up_link_changes_nothing(self, client, user, key):
        response = self.choose(client, f"{RESET}key/{key}/")
        assert response.status_code == 200
        assert has_password(user, PASSWORD)

    @pytest.mark.parametrize(
        "email", ["", "x", "\x00", "a" * 5000 + "@example.org", "a@example.org\r\nBcc: b@example.org"]
    )
    def test_what_is_no_address_gets_no_mail(self, client, user, mailoutbox, email):
        assert self.ask(client, email).status_code == 200
        assert not mailoutbox

    def test_an_oversized_body_gets_no_mail(self, client, user, mailoutbox):
        assert self.ask(client, "a" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)).status_code == 400
        assert not mailoutbox
