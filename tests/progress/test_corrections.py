"""Corrections reach those who read a number before."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from modules import corrections
from modules.models import NumberChange, Revision
from progress import events
from progress.facts import Fact, Kind, pack, unpack
from progress.models import StudyEvent
from tests.factories import make_lesson, make_number, make_source
from tests.make import make_reader

pytestmark = pytest.mark.django_db

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
BODY = "## In one minute {#minute}\n\nThere are [=count], which makes [=total].\n"


def publish(count="3", guess="5", id_="one", **fields):
    ledger = {
        "count": make_number(count, label="How many", source="doe", at="Table 1"),
        "total": make_number(formula="2 * count", label="In all"),
        "guess": make_number(guess, label="A guess"),
    }
    return make_lesson(id_, body=BODY + "\nMaybe [=guess].\n", ledger=ledger, **fields)


@pytest.fixture(autouse=True)
def lesson():
    make_source("doe")
    return publish()


@pytest.fixture(params=["signed in", "signed out"])
def reader(request, client):
    """Whoever has completed the lesson, on an account or in a browser."""
    if request.param == "signed in":
        client.force_login(make_reader())
    complete(client)
    return client


def complete(client, **data):
    return client.post("/progress/one/complete/", data, headers=SAME_ORIGIN)


def changed(client):
    found = client.get("/dashboard/").context["corrections"]
    return [(one.number, one.before, one.now) for one in found]


CORRECTED = [("one:total", "6", "8"), ("one:count", "3", "4")]


class TestTheDashboard:
    def test_nothing_changed_says_nothing(self, reader):
        assert changed(reader) == []
        assert b"you studied" not in reader.get("/dashboard/").content

    def test_old_and_new_are_told(self, reader):
        publish("4")
        assert changed(reader) == CORRECTED
        page = reader.get("/dashboard/").content.decode()
        assert "2 numbers you studied changed" in page
        assert "was 3, is <strong>4</strong>" in page

    def test_an_assumption_chosen_anew_corrects_nothing(self, reader):
        publish(guess="6")
        assert changed(reader) == []

    def test_neither_does_other_prose(self, reader):
        publish(title="Anew")
        assert changed(reader) == []

    def test_what_changed_and_changed_back_is_as_it_was(self, reader):
        publish("4")
        publish("3")
        assert changed(reader) == []

    def test_who_completed_it_afterwards_hears_nothing(self, client):
        publish("4")
        complete(client)
        assert changed(client) == []

    def test_nobody_else_hears_of_it(self, reader):
        publish("4")
        assert changed(Client()) == []

    def test_who_reopened_the_lesson_hears_nothing(self, reader):
        reader.post("/progress/one/reopen/", headers=SAME_ORIGIN)
        publish("4")
        assert changed(reader) == []

    def test_it_can_be_marked_as_seen_and_the_next_is_told(self, reader):
        publish("4")
        seen(reader)
        assert changed(reader) == []
        publish("5")
        assert changed(reader) == [("one:total", "8", "10"), ("one:count", "4", "5")]

    def test_seen_is_only_what_was_shown(self, reader):
        publish("4")
        shown = reader.get("/dashboard/").context["numbers"]
        publish("5")
        seen(reader, numbers=shown)
        assert changed(reader) == [("one:total", "8", "10"), ("one:count", "4", "5")]

    def test_a_number_of_two_lessons_counts_once(self, reader):
        make_lesson("two", body="## In one minute {#minute}\n\nStill [=one:count].\n")
        reader.post("/progress/two/complete/", headers=SAME_ORIGIN)
        publish("4")
        found = reader.get("/dashboard/").context["corrections"]
        assert {one.number: [pk for pk, _ in one.lessons] for one in found} == {
            "one:total": ["one"],
            "one:count": ["one", "two"],
        }


def seen(client, **data):
    data = {"lesson": ["one", "nothing"], "numbers": client.get("/dashboard/").context["numbers"]} | data
    return client.post("/progress/corrections/seen/", data, headers=SAME_ORIGIN)


class TestTheVersion:
    def test_it_is_that_of_the_page_that_was_read(self, client):
        version = client.get("/modules/one/").context["module"].numbers
        publish("4")
        complete(client, numbers=version)
        assert changed(client) == CORRECTED

    @pytest.mark.parametrize("numbers", ["", "x", "-1", "9" * 40, "99999999"])
    def test_nonsense_and_the_future_are_today(self, client, numbers):
        client.force_login(make_reader())
        complete(client, numbers=numbers)
        kept = StudyEvent.objects.get(kind="completed").numbers
        assert kept == NumberChange.objects.version()

    def test_it_comes_along_when_signing_in(self, client):
        complete(client)
        client.force_login(make_reader())
        publish("4")
        assert changed(client) == CORRECTED

    def test_a_session_from_before_it_was_kept_still_reads(self):
        (fact,) = unpack([row[:4] for row in pack([Fact.new(Kind.COMPLETED, "one", NumberChange.objects.last().at)])])
        assert fact.numbers is None

    def test_a_completion_without_one_is_told_nothing(self, client):
        reader = make_reader()
        client.force_login(reader)
        events.record(reader, Kind.COMPLETED, "one")
        publish("4")
        assert changed(client) == []

    def test_seeing_twice_is_recorded_once(self, client):
        client.force_login(make_reader())
        complete(client)
        publish("4")
        version = client.get("/dashboard/").context["numbers"]
        seen(client, numbers=version)
        seen(client, numbers=version)
        assert StudyEvent.objects.filter(kind="seen").count() == 1

    def test_nobody_marks_from_elsewhere(self, reader):
        stranger, headers = Client(enforce_csrf_checks=True), {"Sec-Fetch-Site": "cross-site"}
        response = stranger.post("/progress/corrections/seen/", headers=headers)
        assert response.status_code == 403

    @pytest.mark.parametrize(("kind", "numbers"), [("seen", None), ("opened", 1), ("left", 1)])
    def test_the_database_knows_which_events_have_one(self, kind, numbers):
        fact = Fact.new(Kind(kind), "one", NumberChange.objects.last().at, "minute" if kind == "left" else "", numbers)
        with pytest.raises(IntegrityError, match="progress_event_numbers"), transaction.atomic():
            events._row(make_reader(), fact).save()

    def test_a_reader_may_take_it_along(self, client):
        complete(client)
        data = json.loads(b"".join(client.get("/dashboard/export.json").streaming_content))
        assert [event["numbers"] for event in data["events"] if event["kind"] == "completed"] == [
            NumberChange.objects.version()
        ]

    def test_asking_costs_two_queries_and_none_while_nothing_changes(self, django_assert_num_queries):
        version = NumberChange.objects.version()
        with django_assert_num_queries(0):
            corrections.since({"one": version}, version)
        publish("4")
        newest = NumberChange.objects.version()
        with django_assert_num_queries(2):
            assert len(corrections.since({"one": version}, newest)) == 2


class TestTheChangelog:
    def fixed(self, client, address="/changelog/"):
        days = client.get(address).context["days"]
        return [one.number for _, kinds in days for kind in kinds if kind.name == "Fixed" for one in kind.corrections]

    def test_what_is_new_corrects_nothing(self, client):
        assert self.fixed(client) == []

    def test_it_stands_under_fixed(self, client):
        publish("4")
        assert sorted(self.fixed(client)) == ["one:count", "one:total"]
        assert "was 3, is <strong>4</strong>" in client.get("/changelog/").content.decode()

    def test_each_stands_on_one_page(self, client):
        publish("4")
        lesson, at = Revision.objects.of_lessons()[0].module, Revision.objects.of_lessons()[0].at
        row = {"path": lesson.path, "module": lesson, "kind": "Changed", "at": at}
        Revision.objects.bulk_create(Revision(text=str(n), **row) for n in range(120))
        pages = self.fixed(client) + self.fixed(client, "/changelog/?page=2")
        assert sorted(pages) == ["one:count", "one:total"]

    def test_the_feed_has_one_entry_a_change(self, client):
        publish("4")
        atom = "{http://www.w3.org/2005/Atom}"
        entries = ElementTree.fromstring(client.get("/changelog.atom").content).findall(f"{atom}entry")
        (entry,) = [one for one in entries if one.findtext(f"{atom}title") == "Fixed: 2 numbers"]
        assert "How many: was 3, is 4" in entry.findtext(f"{atom}summary")
        assert "fixed-" in entry.findtext(f"{atom}id")

    def test_a_number_that_is_gone_is_told_by_its_id(self, client):
        publish("4")
        make_lesson("one")
        assert "<code>one:count</code>" in client.get("/changelog/").content.decode()
