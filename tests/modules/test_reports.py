"""Error reports: who may send what, who may read it, and what closes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from modules import reports
from modules.models import Report, Revision
from modules.reports import Slip
from tests.factories import make_lesson, make_number

pytestmark = pytest.mark.django_db

ABOUT = "one:count"
TEXT = "Table 2 of the paper says four."
QUESTION = {"id": "why", "stars": "1", "ask": "Why is *that*?", "answer": "Because.", "rubric": ["Says why"]}


@pytest.fixture(autouse=True)
def lesson():
    cache.clear()
    return make_lesson("one", ledger={"count": make_number("3", label="How many")}, questions=[QUESTION])


def slip(about=ABOUT, age_s=60.0):
    return Slip(about, opened_at=Slip(about).opened_at - age_s)


def send(client, *, of=None, **data):
    of = of or slip()
    return client.post("/report/?about=one", {"slip": of.signed, "text": TEXT} | data)


class TestTheForm:
    @pytest.mark.parametrize(
        ("about", "title", "address"),
        [
            ("one:count", "How many: 3", "/numbers/one/count/"),
            ("one", "One", "/modules/one/"),
            ("one#minute", "One: In one minute", "/modules/one/#minute"),
            ("one#question-why", "One: question why", "/modules/one/#question-why"),
        ],
    )
    def test_it_knows_what_it_is_about(self, client, about, title, address):
        response = client.get("/report/", {"about": about})
        assert response.context["subject"] == reports.Subject(about, title, address)

    @pytest.mark.parametrize("about", ["", "two", "one#nowhere", "one:nothing", "a\0b", "x" * 300, "../admin", "one%"])
    def test_there_is_none_about_nothing(self, client, about):
        assert client.get("/report/", {"about": about}).status_code == 404

    def test_no_cache_keeps_it(self, client):
        assert "no-store" in client.get("/report/?about=one")["Cache-Control"]

    @pytest.mark.parametrize("address", ["/numbers/one/count/", "/modules/one/"])
    def test_shared_pages_have_only_the_link(self, client, address):
        response = client.get(address)
        assert b"/report/?about=one" in response.content
        assert b"<textarea" not in response.content
        assert not response.cookies

    def test_each_question_leads_to_it(self, client):
        page = client.get("/modules/one/").content.decode()
        links = re.findall(r'href="(/report/\?about=one%23[^"]+)"', page)
        assert links == ["/report/?about=one%23question-why"]
        assert client.get(links[0]).status_code == 200


class TestSending:
    def test_what_is_sent_is_kept_with_what_it_is_about(self, client):
        response = send(client)
        row = Report.objects.get()
        assert (row.about, row.title, row.address) == (ABOUT, "How many: 3", "/numbers/one/count/")
        assert (row.text, row.state) == (TEXT, "open")
        assert response.url == row.get_absolute_url()

    def test_a_button_pressed_twice_sends_one(self, client):
        once = slip()
        assert send(client, of=once).url == send(client, of=once).url
        assert Report.objects.count() == 1

    def test_what_it_is_about_comes_from_the_signed_slip(self, client):
        client.post("/report/?about=one", {"slip": slip().signed, "text": TEXT, "about": "one#minute"})
        assert Report.objects.get().about == ABOUT

    @pytest.mark.parametrize("text", ["", "wrong", "x" * 4001, "a zero \0 byte in it"])
    def test_too_little_too_much_and_nonsense_are_sent_back(self, client, text):
        assert send(client, text=text).context["form"].errors["text"]
        assert not Report.objects.exists()

    def test_it_needs_a_token_of_ours(self):
        assert send(Client(enforce_csrf_checks=True)).status_code == 403


class TestSpam:
    def test_whoever_fills_in_every_field_is_refused_and_keeps_the_text(self, client):
        response = send(client, website="https://pills.example")
        assert TEXT.encode() in response.content
        assert not Report.objects.exists()

    def test_so_is_whoever_is_too_quick(self, client):
        send(client, of=slip(age_s=0.1))
        assert not Report.objects.exists()

    @pytest.mark.parametrize("signed", ["", "nonsense", "a:b:c", slip(age_s=25 * 3600).signed, Slip(ABOUT).signed[:-1]])
    def test_a_slip_that_is_forged_or_old_is_exchanged(self, client, signed):
        response = client.post("/report/?about=one", {"slip": signed, "text": TEXT})
        assert not Report.objects.exists()
        assert TEXT.encode() in response.content
        assert Slip.read(response.context["slip"].signed).about == "one"

    def test_a_flood_is_stopped_and_nobodys_text_is_lost(self, client):
        statuses = [send(client).status_code for _ in range(6)]
        assert statuses == [302] * 5 + [429]
        assert Report.objects.count() == 5
        assert TEXT.encode() in send(client).content

    def test_other_addresses_may_still_send(self, client):
        for _ in range(6):
            send(client)
        assert send(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


class TestReading:
    def test_its_link_shows_it_to_whoever_has_it(self, client):
        page = Client().get(send(client).url)
        assert TEXT in page.content.decode()
        assert "no-store" in page["Cache-Control"]

    @pytest.mark.parametrize("key", ["1", "x" * 24, "%00", "None"])
    def test_nobody_reads_anothers(self, client, key):
        send(client)
        assert Client().get(f"/report/{key}/").status_code == 404

    def test_its_address_is_not_that_of_the_row(self, client):
        send(client)
        row = Report.objects.get()
        assert len(row.key) >= 24
        assert Client().get(f"/report/{row.pk}/").status_code == 404

    @pytest.mark.parametrize("text", ["<script>alert(1)</script> says it", '"><img src=x onerror=alert(1)> says it'])
    def test_what_was_written_is_text(self, client, text):
        page = client.get(send(client, text=text).url).content.decode()
        assert text not in page
        assert "&lt;" in page

    def test_nothing_is_kept_of_who_sent_it(self):
        fields = {field.name for field in Report._meta.get_fields()}
        assert fields == {
            "id",
            "key",
            "about",
            "title",
            "address",
            "text",
            "at",
            "state",
            "revision",
            "answer",
            "closed_at",
        }


def make_report(**fields):
    defaults = {"about": ABOUT, "title": "How many: 3", "address": "/numbers/one/count/", "text": TEXT}
    return Report.objects.create(**(defaults | {"at": timezone.now() - timedelta(days=2)} | fields))


class TestClosing:
    @pytest.mark.parametrize(
        "fields",
        [
            {"state": "answered"},
            {"state": "answered", "answer": "Done"},
            {"state": "declined"},
            {"state": "declined", "revision": True, "answer": "No"},
            {"state": "open", "revision": True},
            {"state": "open", "answer": "Soon"},
            {"state": "lost"},
        ],
    )
    @pytest.mark.parametrize("closed_at", [None, "now"])
    def test_the_database_refuses_one_closed_by_nothing(self, fields, closed_at):
        if fields.get("revision"):
            fields = fields | {"revision": Revision.objects.first()}
        with pytest.raises(IntegrityError, match="closed_by_something"), transaction.atomic():
            make_report(**fields, closed_at=closed_at and timezone.now())

    @pytest.fixture
    def editor(self, client):
        client.force_login(User.objects.create_superuser("editor", "editor@example.org", "x"))
        return client

    def close(self, editor, row, **data):
        address = f"/admin/modules/report/{row.pk}/change/"
        return editor.post(address, {"state": "open", "revision": "", "answer": ""} | data)

    def test_a_revision_answers_it(self, editor):
        row = make_report()
        revision = Revision.objects.of_lessons()[0]
        assert self.close(editor, row, state="answered", revision=revision.pk).status_code == 302
        assert "Answered by the change of" in Client().get(row.get_absolute_url()).content.decode()
        assert Report.objects.time_to_fix() >= timedelta(days=2)

    def test_a_reason_declines_it(self, editor):
        row = make_report()
        assert self.close(editor, row, state="declined", answer="The paper <b>says</b> three.").status_code == 302
        assert "The paper &lt;b&gt;says&lt;/b&gt; three." in Client().get(row.get_absolute_url()).content.decode()
        assert Report.objects.time_to_fix() is None

    @pytest.mark.parametrize(
        ("data", "field"),
        [({"state": "answered"}, "revision"), ({"state": "declined"}, "answer"), ({"answer": "Soon"}, "answer")],
    )
    def test_the_admin_says_what_is_missing(self, editor, data, field):
        response = self.close(editor, make_report(), **data)
        assert field in response.context["adminform"].form.errors
        assert Report.objects.open().count() == 1

    def test_an_older_revision_answers_nothing(self, editor):
        row, revision = make_report(at=timezone.now() + timedelta(days=1)), Revision.objects.first()
        response = self.close(editor, row, state="answered", revision=revision.pk)
        assert "revision" in response.context["adminform"].form.errors

    def test_it_can_be_opened_again(self, editor):
        row = make_report(state="declined", answer="No", closed_at=timezone.now())
        self.close(editor, row)
        row.refresh_from_db()
        assert (row.state, row.closed_at) == ("open", None)

    def test_the_queue_begins_with_what_is_open_and_oldest(self, editor):
        newer, older = make_report(at=timezone.now()), make_report()
        make_report(state="declined", answer="No", closed_at=timezone.now())
        listed = editor.get("/admin/modules/report/").context["cl"].result_list
        assert [row.pk for row in listed][:2] == [older.pk, newer.pk]

    def test_what_a_reader_wrote_is_text_there_too(self, editor):
        row = make_report(text="<script>alert(1)</script>", title="<b>bold</b>")
        page = editor.get(f"/admin/modules/report/{row.pk}/change/").content
        assert b"<script>alert(1)" not in page
        assert b"<b>bold" not in page
