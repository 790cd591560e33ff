"""Drills: choosing, being asked, answering, and what is remembered of it."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from modules import content, drilling
from modules.models import Company, Module
from progress import drills, events
from progress.facts import ANSWERS, Answer, Fact, Kind
from progress.models import StudyEvent
from progress.study import AccountStudy
from tests.factories import REFERENCE, lesson_text, make_file, make_lesson, make_number, make_planned, make_source
from tests.make import PASSWORD, make_path, make_reader

pytestmark = pytest.mark.django_db

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
DRILL = "/drill/one/cache/"
LEDGER = {
    "layers": make_number("80", label="Layers"),
    "size": make_number("2 B", label="Size"),
    "per_token": make_number(formula="2 * layers * size * chip.cores / (1 token)", unit="B/token", label="Per token"),
    "tokens": make_number("8192 token", label="Tokens"),
    "cache": make_number(formula="per_token * tokens", unit="MB", label="Cache"),
    "again": make_number(formula="layers", label="Layers again"),
}
BODY = "## In one minute {#minute}\n\nIt takes [=cache], as each of [=tokens] takes [=per_token].\n"


@pytest.fixture(autouse=True)
def lessons():
    content.forget()
    make_source("doe")
    make_file(
        "reference.yaml",
        REFERENCE.replace("Cores}\n", "Cores}\n      twice: {formula: 2 * chip.cores, label: Twice}\n"),
    )
    make_lesson("one", ledger=LEDGER, body=BODY)
    make_lesson("two", ledger={"a": make_number("4"), "b": make_number(formula="a * a", label="Square")}, body="[=b]")
    make_lesson("none", body="Nothing to compute.")
    make_planned("later")


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def truth(seed=7, key="one:cache"):
    return drilling.drill_of(key, seed, content.current()).problem.truth.magnitude


def answer(client, text, seed=7, address=DRILL, **headers):
    return client.post(f"{address}?seed={seed}", {"seed": seed, "answer": text}, headers=SAME_ORIGIN | headers)


def log(user):
    rows = user.events.filter(kind=Kind.ANSWERED).order_by("pk")
    return list(rows.values_list("drill", "module_id", "seed", "answer", "verdict"))


class TestAsking:
    def test_a_drill_states_its_inputs_and_not_its_answer(self, client):
        page = client.get(f"{DRILL}?seed=7")
        assert [given.defended.number.label for given in page.context["givens"]] == [
            "Layers",
            "Size",
            "Cores",
            "Tokens",
        ]
        assert page.context["givens"][2].group == "A chip"
        assert "Your answer, in MB" in page.content.decode()
        assert f"{truth():.3g}" not in page.content.decode()

    def test_the_address_is_the_drill(self, client):
        pages = [Client().get(f"{DRILL}?seed=7").content for _ in range(2)]
        assert pages[0] == pages[1]
        assert pages[0] != client.get(f"{DRILL}?seed=8").content

    def test_without_a_seed_it_is_a_new_one(self, client):
        response = client.get(f"{DRILL}?from=lesson:one")
        assert response.status_code == 302
        assert response["Location"].startswith(f"{DRILL}?seed=")
        assert response["Location"].endswith("from=lesson%3Aone")
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("seed", ["", "x", "-1", "1234567", "٣", "1.5", "1e3"])
    def test_a_seed_is_up_to_six_digits(self, client, seed):
        assert client.get(DRILL, {"seed": seed}).status_code == 404

    @pytest.mark.parametrize(
        "address", ["one/layers", "one/again", "one/nothing", "nothing/cache", "chip/cores", "later/cache"]
    )
    def test_there_is_no_drill_where_there_is_nothing_to_compute(self, client, address):
        assert client.get(f"/drill/{address}/?seed=1").status_code == 404

    def test_shared_numbers_have_drills_too(self, client):
        assert client.get("/drill/chip/twice/?seed=1").status_code == 200

    def test_an_authors_bounds_hold(self, client):
        explorer = {
            "title": "Try",
            "inputs": {"tokens": {"min": "1024 token", "max": "16384 token"}},
            "outputs": ["cache"],
        }
        body = f"{BODY}\n::: explorer try\n:::\n"
        make_file("modules/one.md", lesson_text("one", ledger=LEDGER, body=body, explorers={"try": explorer}))
        found = {client.get(f"{DRILL}?seed={seed}").context["givens"][3].value for seed in range(40)}
        assert {text.replace("\xa0", " ") for text in found} == {
            f"{n:,} tokens" for n in (1024, 2048, 4096, 8192, 16384)
        }

    def test_it_sets_no_cookie_and_a_readers_is_private(self, client, reader):
        anonymous = Client().get(f"{DRILL}?seed=7")
        assert not anonymous.cookies
        assert "public" in anonymous["Cache-Control"]
        assert "private" in client.get(f"{DRILL}?seed=7")["Cache-Control"]

    def test_it_costs_the_same_queries_whoever_asks(self, client, django_assert_max_num_queries):
        client.get(f"{DRILL}?seed=7")
        with django_assert_max_num_queries(4):
            client.get(f"{DRILL}?seed=9")


class TestAnswering:
    def test_plainly_it_leads_to_an_address_with_the_answer(self, client):
        response = answer(client, "3 MB")
        assert response.status_code == 302
        assert response["Location"] == f"{DRILL}?seed=7&answer=3+MB#answer"
        page = client.get(response["Location"])
        assert page.context["text"] == "3 MB"
        assert "too" in page.context["graded"]

    def test_with_htmx_it_is_told_in_place(self, client):
        response = answer(client, repr(truth()), **{"HX-Request": "true"})
        assert response.status_code == 200
        assert b"<html" not in response.content
        assert response.context["diagnosis"].is_right
        assert b"The working" in response.content

    def test_looking_at_an_answer_records_nothing(self, client, reader):
        client.get(f"{DRILL}?seed=7&answer=3")
        assert log(reader) == []

    def test_the_working_leads_from_the_givens_to_the_answer(self, client):
        page = client.get(f"{DRILL}?seed=7&answer=1")
        labels = [line.defended.number.label for line in page.context["working"]]
        assert labels == ["Per token", "Cache"]
        assert page.context["working"][-1].value == page.context["answer"].value

    def test_a_slip_is_told(self, client):
        page = client.get(f"{DRILL}?seed=7&answer={8 * truth()!r}")
        assert "bits for bytes" in page.context["suspected"]

    @pytest.mark.parametrize("text", ["", "many", "3 tokens", "9" * 61, "1e999", "\0"])
    @pytest.mark.parametrize("htmx", [True, False])
    def test_what_is_no_answer_comes_back_with_a_sentence_and_is_not_recorded(self, client, reader, text, htmx):
        response = answer(client, text, **({"HX-Request": "true"} if htmx else {}))
        assert response.status_code == (200 if htmx else 400)
        assert response.context["error"]
        assert response.context["text"] == text.strip("\0")[:100]
        assert log(reader) == []

    def test_what_was_written_is_text(self, client):
        page = answer(client, "<script>alert(1)</script>").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page

    @pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}])
    def test_another_site_cannot_answer(self, headers):
        client = Client(enforce_csrf_checks=True)
        assert client.post(f"{DRILL}?seed=7", {"seed": 7, "answer": "3"}, headers=headers).status_code == 403

    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_other_methods_are_refused(self, client, method):
        assert getattr(client, method)(DRILL).status_code == 405


class TestLog:
    def test_an_answer_is_an_event(self, client, reader):
        answer(client, repr(truth()))
        answer(client, repr(truth() * 8))
        answer(client, "1e30")
        assert log(reader) == [
            ("one:cache", "one", 7, repr(truth()), "right"),
            ("one:cache", "one", 7, repr(truth() * 8), "bits"),
            ("one:cache", "one", 7, "1e30", "wrong"),
        ]

    def test_that_of_a_shared_number_belongs_to_no_lesson(self, client, reader):
        answer(client, "16", 1, "/drill/chip/twice/")
        assert [row[:2] for row in log(reader)] == [("chip.twice", None)]

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_the_button_pressed_twice_is_one_answer(self, client, signed_in):
        if signed_in:
            client.force_login(make_reader())
        for _ in range(2):
            answer(client, "3")
        assert client.get("/dashboard/").context["score"].answered == 1

    def test_a_browser_remembers_the_last_answers(self, client):
        for seed in range(3):
            answer(client, repr(truth(seed)), seed)
        score = client.get("/dashboard/").context["score"]
        assert (score.answered, score.right) == (3, 3)

    def test_signing_in_carries_them_over(self, client):
        answer(client, "3")
        answer(client, "16", 1, "/drill/chip/twice/")
        user = make_reader()
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert [row[0] for row in log(user)] == ["one:cache", "chip.twice"]
        assert "study" not in client.session

    def test_merging_twice_adds_nothing(self):
        user = make_reader()
        fact = Fact.new(Kind.ANSWERED, "one:cache", timezone.now(), answer=Answer(7, "3", "wrong"))
        assert [events.merge(user, [fact]), events.merge(user, [fact])] == [1, 0]

    def test_one_in_a_lesson_that_left_the_notebook_is_left_out(self):
        fact = Fact.new(Kind.ANSWERED, "gone:cache", timezone.now(), answer=Answer(7, "3", "wrong"))
        assert events.merge(make_reader(), [fact]) == 0

    def test_they_say_nothing_about_completions(self, client, reader):
        answer(client, "3")
        events.rebuild(reader)
        study = AccountStudy(reader)
        assert (study.completed, study.recent) == (frozenset(), [])

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "answered"},
            {"kind": "answered", "drill": "one:cache", "seed": 1, "answer": "3"},
            {"kind": "answered", "drill": "one:cache", "answer": "3", "verdict": "right"},
            {"kind": "answered", "seed": 1, "answer": "3", "verdict": "right"},
            {"kind": "opened", "module_id": "one", "drill": "one:cache"},
            {"kind": "opened", "module_id": "one", "seed": 1},
            {"kind": "opened", "module_id": "one", "verdict": "right"},
            {"kind": "opened"},
        ],
    )
    def test_the_database_refuses_half_an_answer(self, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            StudyEvent.objects.create(user=make_reader(), key=uuid4(), at=timezone.now(), **fields)


class TestChoosing:
    def options(self, client):
        choices = client.get("/drill/").context["choices"]
        return [name for names in (choices.lessons, choices.paths, choices.companies) for name, _ in names]

    def test_it_offers_what_has_a_number_to_ask_for(self, client):
        make_path("way", Module.objects.get(pk="one"), Module.objects.get(pk="none"))
        make_path("other-way", Module.objects.get(pk="none"))
        acme = Company.objects.create(id="acme", name="Acme", position=1)
        acme.focus.create(module_id="two", asked=True)
        assert self.options(client) == ["lesson:one", "lesson:two", "path:way", "company:acme"]

    def test_it_is_the_same_for_everyone_without_a_session(self, client):
        assert not client.get("/drill/").cookies
        assert "public" in client.get("/drill/")["Cache-Control"]

    def test_with_progress_it_begins_with_what_was_read(self, client, reader):
        events.record(reader, Kind.COMPLETED, "two")
        page = client.get("/drill/")
        assert page.context["chosen"].lessons == {"two"}
        assert '<option value="read">' in page.content.decode()

    @pytest.mark.parametrize(
        ("name", "owners"),
        [
            ("read", {"two"}),
            ("", {"two"}),
            ("any", {"one", "two"}),
            ("lesson:one", {"one"}),
            ("path:way", {"one"}),
            ("company:acme", {"two"}),
        ],
    )
    def test_what_is_picked(self, client, reader, name, owners):
        events.record(reader, Kind.OPENED, "two")
        make_path("way", Module.objects.get(pk="one"), Module.objects.get(pk="none"))
        Company.objects.create(id="acme", name="Acme", position=1).focus.create(module_id="two", asked=True)
        found = {client.get(f"/drill/pick/?from={name}")["Location"].split("/")[2] for _ in range(20)}
        assert found == owners

    def test_its_address_says_where_it_was_picked_from(self, client):
        location = client.get("/drill/pick/?from=lesson:two")["Location"]
        assert location.startswith("/drill/two/b/?seed=")
        assert client.get(location).context["from"] == "lesson:two"
        assert "no-store" in client.get("/drill/pick/")["Cache-Control"]

    @pytest.mark.parametrize(
        "name", ["lesson:nothing", "lesson:later", "path:x", "company:x", "x", "x:y", "lesson:\0", "a" * 500]
    )
    def test_what_there_is_not_is_not_found(self, client, name):
        assert client.get("/drill/pick/", {"from": name}).status_code == 404

    def test_a_lesson_without_a_number_says_so(self, client):
        response = client.get("/drill/pick/?from=lesson:none")
        assert response.status_code == 404
        assert "no number to compute in None" in response.content.decode()

    def test_what_was_right_is_asked_last(self):
        right, wrong = Answer(1, "1", "right"), Answer(1, "1", "bits")
        now = timezone.now()
        answers = [
            Fact.new(Kind.ANSWERED, key, now, answer=one)
            for key, one in [("a:a", right), ("a:b", wrong), ("a:b", right)]
        ]
        assert {drills.choose(["a:a", "a:b", "a:c"], answers) for _ in range(30)} == {"a:b", "a:c"}
        assert drills.choose(["a:a"], answers) == "a:a"

    def test_it_costs_the_same_queries_however_many_lessons(self, client, reader, django_assert_max_num_queries):
        client.get("/drill/")
        with django_assert_max_num_queries(10):
            client.get("/drill/")


class TestShowing:
    def test_the_dashboard_sums_up(self, client, reader):
        answer(client, repr(truth()))
        answer(client, repr(truth(8) * 8), 8)
        answer(client, "16", 1, "/drill/chip/twice/")
        page = client.get("/dashboard/").content.decode()
        assert "of your last 3 answers right" in page
        assert "bits for bytes" in page
        assert 'href="/drill/one/cache/"' in page

    def test_without_answers_it_says_nothing(self, client):
        assert 'id="drills"' not in client.get("/dashboard/").content.decode()

    def test_a_number_that_has_gone_is_not_offered_again(self, client, reader):
        fact = Fact.new(Kind.ANSWERED, "one:gone", timezone.now(), answer=Answer(7, "3", "wrong"))
        events.merge(reader, [fact])
        assert client.get("/dashboard/").context["score"].again == []

    def test_only_the_last_answers_are_summed_up(self, reader):
        some = [
            Fact.new(Kind.ANSWERED, "one:cache", timezone.now(), answer=Answer(seed, "3", "wrong"))
            for seed in range(ANSWERS + 5)
        ]
        events.merge(reader, some)
        assert len(AccountStudy(reader).answers()) == ANSWERS

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_the_export_has_them(self, client, signed_in):
        if signed_in:
            client.force_login(make_reader())
        answer(client, "3 MB")
        exported = json.loads(b"".join(client.get("/dashboard/export.json").streaming_content))
        event = next(event for event in exported["events"] if event["kind"] == "answered")
        assert event.items() >= {"number": "one:cache", "seed": 7, "answer": "3 MB"}.items()
        assert event["verdict"]

    def test_a_number_leads_to_its_drill_if_it_has_one(self, client):
        assert 'href="/drill/one/cache/"' in client.get("/numbers/one/cache/").content.decode()
        assert "/drill/one" not in client.get("/numbers/one/layers/").content.decode()

    def test_a_finished_lesson_leads_to_its_drills(self, client, reader):
        link = "/drill/pick/?from=lesson:one"
        assert link not in client.get("/modules/one/").content.decode()
        events.record(reader, Kind.COMPLETED, "one")
        assert link in client.get("/modules/one/").content.decode()

    def test_machines_are_asked_to_stay_out(self, client):
        assert "Disallow: /drill/" in client.get("/robots.txt").content.decode()
        assert b"noindex" in client.get(f"{DRILL}?seed=7").content
