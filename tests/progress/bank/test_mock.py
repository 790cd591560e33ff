"""A mock interview: chosen, sat, graded by reader and ledger, and what comes of it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from modules import content
from modules.models import Question
from progress import events
from progress.facts import GRADES, Answer, Fact, Grade, Kind, Window, latest_grades, pack, remember, unpack
from progress.models import StudyEvent
from progress.study import AccountStudy
from tests.make import PASSWORD, make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _bank(db):
    content.forget()


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def began(minutes_ago=1):
    return int((timezone.now() - timedelta(minutes=minutes_ago)).timestamp())


def sitting(query="n=9&seed=7", minutes_ago=1):
    return f"/bank/mock/?{query}&start={began(minutes_ago)}"


def post(client, address, question, headers=SAME_ORIGIN, **fields):
    return client.post(address, {"question": question, **fields}, headers=headers)


def log(user):
    rows = user.events.filter(kind=Kind.GRADED).order_by("pk")
    return list(rows.values_list("module_id", "question", "seed", "answer", "verdict"))


def item(response, question):
    return next(one for one in response.context["items"] if one.question.key == question)


class TestChoosing:
    def test_it_offers_the_choices_of_the_bank(self, client):
        page = client.get("/bank/mock/?path=way&stars=3")
        assert page.context["asking"].choice == {"path": "way", "stars": "3"}
        assert "Drawn from 1 question" in page.content.decode()
        assert 'name="minutes" id="mock-minutes" min="1" max="600" value="30"' in page.content.decode()

    def test_beginning_leads_to_an_address_that_is_all_there_is_to_it(self, client):
        response = client.get("/bank/mock/?path=way&stars=&n=2&minutes=20&begin=1")
        assert response.status_code == 302
        query = parse_qs(urlsplit(response["Location"]).query)
        assert query.keys() == {"path", "n", "minutes", "seed", "start"}
        assert (query["path"], query["n"], query["minutes"]) == (["way"], ["2"], ["20"])
        assert "private" in response["Cache-Control"]
        assert len(client.get(response["Location"]).context["items"]) == 2

    def test_a_seed_given_is_kept(self, client):
        page = client.get("/bank/mock/?n=2&seed=482913").content.decode()
        assert "mock interview 482913" in page
        assert 'name="seed" value="482913"' in page
        assert "seed=482913&start=" in client.get("/bank/mock/?n=2&seed=482913&begin=1")["Location"]

    def test_without_minutes_there_is_no_clock(self, client):
        address = client.get("/bank/mock/?n=2&minutes=&begin=1")["Location"]
        assert "minutes" not in address
        assert 'id="clock"' not in client.get(address).content.decode()

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("n=0", "1 to 20 questions"),
            ("n=21", "1 to 20 questions"),
            ("n=many", "1 to 20 questions"),
            ("n=٣", "1 to 20 questions"),
            ("n=2&minutes=0", "1 to 600 minutes"),
            ("n=2&minutes=1e3", "1 to 600 minutes"),
            ("n=2&minutes=30&seed=x", "up to six digits"),
            ("n=2&minutes=30&seed=1234567", "up to six digits"),
            ("n=2&start=x&seed=7", "cannot have begun then"),
            ("n=2&start=99999999999&seed=7", "cannot have begun then"),
            ("part=x", "No question has"),
        ],
    )
    def test_what_cannot_be_is_told_and_the_rest_kept(self, client, query, told):
        for begin in ("", "&begin=1"):
            response = client.get(f"/bank/mock/?path=way&{query}{begin}")
            page = response.content.decode()
            assert response.status_code == 400
            assert told in page
            assert '<option value="way" selected>' in page
        if query == "n=many":
            assert 'value="many"' in page

    def test_a_beginning_in_the_time_to_come_is_none(self, client):
        assert client.get(f"/bank/mock/?n=2&seed=7&start={began(-9)}").status_code == 400

    def test_where_no_question_fits_it_says_so(self, client):
        response = client.get("/bank/mock/?path=way&stars=2&kind=number&n=2&minutes=&begin=1")
        assert response.status_code == 404
        assert "No question fits" in response.content.decode()

    def test_one_that_has_begun_has_a_seed(self, client):
        assert client.get(f"/bank/mock/?n=2&start={began()}").status_code == 404

    def test_with_htmx_it_is_the_count_and_the_choices(self, client):
        response = client.get("/bank/mock/?part=other&stars=&n=5&minutes=30", headers=HTMX)
        page = response.content.decode()
        assert "<html" not in page
        assert "Drawn from 1 question" in page
        assert 'hx-swap-oob="true"' in page
        assert response["HX-Replace-Url"] == "/bank/mock/?part=other&n=5&minutes=30"

    def test_choosing_is_the_same_for_everyone_and_a_sitting_nobody_elses(self, client):
        assert "public" in client.get("/bank/mock/")["Cache-Control"]
        assert "private" in client.get(sitting())["Cache-Control"]
        assert not client.get(sitting()).cookies

    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_other_methods_are_refused(self, client, method):
        assert getattr(client, method)(sitting()).status_code == 405

    def test_nothing_can_be_sent_to_one_that_has_not_begun(self, client):
        assert post(client, "/bank/mock/?n=2&seed=7", "one:why").status_code == 405


class TestSitting:
    def test_the_address_has_the_same_questions_for_everyone(self, client, reader):
        address = sitting("n=3&seed=7")
        pages = [[one.question.key for one in who.get(address).context["items"]] for who in (client, Client())]
        assert pages[0] == pages[1]
        assert len(pages[0]) == 3

    def test_seeds_differ(self, client):
        found = {
            tuple(one.question.key for one in client.get(sitting(f"n=2&seed={n}")).context["items"]) for n in range(9)
        }
        assert len(found) > 3

    def test_answers_are_folded_and_a_number_has_a_field(self, client):
        page = client.get(sitting("n=9&seed=7&lesson=one")).content.decode()
        assert page.count('<details class="answer">') == 2
        assert page.count('class="mark-form"') == 1
        assert "Your number, in bytes" in page or "Your number, in B" in page
        assert "1,280 B" not in re.sub(r"<details.*?</details>", "", page, flags=re.S)

    def test_its_clock_says_what_is_left_and_can_be_extended_or_switched_off(self, client):
        response = client.get(sitting("n=2&minutes=30&seed=7", minutes_ago=10))
        assert 1190 < response.context["left_s"] <= 1200
        assert "minutes=35" in response.context["later"]
        assert "minutes" not in response.context["unclocked"]
        assert 'href="/bank/mock/?n=2&amp;minutes=35&amp;seed=7' in response.content.decode()

    def test_when_it_has_run_out_nothing_is_closed(self, client, reader):
        address = sitting("n=9&minutes=5&seed=7", minutes_ago=60)
        assert client.get(address).context["left_s"] < 0
        post(client, address, "one:why", said=["1"])
        assert len(log(reader)) == 1

    def test_the_clock_stops_growing_somewhere(self, client):
        assert "minutes=600" in client.get(sitting("n=2&minutes=599&seed=7")).context["later"]

    def test_what_was_not_asked_before_stays_so_while_it_is_sat(self, client, reader):
        events.record(
            reader, Kind.GRADED, "two:shared", answer=Answer(1, "", "full"), at=timezone.now() - timedelta(days=1)
        )
        address = sitting("seen=new&n=9&seed=7")
        before = [one.question.key for one in client.get(address).context["items"]]
        assert "two:shared" not in before
        for question in before:
            post(client, address, question, said=["1"])
        assert [one.question.key for one in client.get(address).context["items"]] == before

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_it_costs_the_same_queries_however_many_questions(self, client, django_assert_max_num_queries, signed_in):
        if signed_in:
            client.force_login(make_reader())
        client.get(sitting())
        with django_assert_max_num_queries(6 + 4 * signed_in):
            client.get(sitting("n=4&seed=1"))


class TestGrading:
    @pytest.mark.parametrize(
        ("said", "verdict", "kept"), [([], "missed", ""), (["1"], "partly", "1"), (["2", "1", "2"], "full", "1 2")]
    )
    def test_a_grade_follows_from_what_was_ticked(self, client, reader, said, verdict, kept):
        address = sitting()
        response = post(client, address, "one:why", said=said)
        assert response.status_code == 302
        assert response["Location"] == f"{address}#one.why"
        assert log(reader) == [("one", "why", 7, kept, verdict)]
        page = client.get(address)
        assert item(page, "one:why").result.grade == verdict
        assert re.findall(r'name="said" value="(\d)"[^>]* checked>', page.content.decode()) == sorted(set(said))
        assert '<details class="answer" open>' in page.content.decode()

    @pytest.mark.parametrize("said", [["0"], ["3"], ["x"], ["1\0"], ["-1"]])
    def test_a_tick_that_is_none_counts_for_nothing(self, client, reader, said):
        post(client, sitting(), "one:why", said=said)
        assert log(reader) == [("one", "why", 7, "", "missed")]

    def test_without_a_rubric_it_is_the_answer_itself_that_is_ticked(self, client, reader):
        address = sitting()
        assert "What the answer says" in client.get(address).content.decode()
        post(client, address, "three:bare", said=["1"])
        assert log(reader) == [("three", "bare", 7, "1", "full")]

    @pytest.mark.parametrize(
        ("text", "verdict"), [("1280", "right"), ("1.25 KiB", "right"), ("160 B", "bits"), ("9e9", "wrong")]
    )
    def test_a_number_is_marked_by_the_ledger(self, client, reader, text, verdict):
        address = sitting()
        post(client, address, "one:size", answer=text)
        assert log(reader) == [("one", "size", 7, text, verdict)]
        page = client.get(address)
        marked = item(page, "one:size")
        assert (marked.result.grade == Grade.FULL) == (verdict == "right")
        assert marked.given == text
        assert ("Right." in page.content.decode()) == (verdict == "right")
        assert '<details class="answer" open>' not in page.content.decode()

    def test_a_slip_is_told(self, client):
        response = post(client, sitting(), "one:size", answer=str(1280 * 8), headers=SAME_ORIGIN | HTMX)
        assert "bits for bytes" in response.content.decode()

    def test_the_number_may_be_a_shared_one(self, client, reader):
        post(client, sitting(), "two:shared", answer="8")
        assert log(reader) == [("two", "shared", 7, "8", "right")]

    def test_a_wrong_number_is_not_made_good_by_words(self, client, reader):
        address = sitting()
        post(client, address, "one:size", answer="9e9")
        post(client, address, "one:size", said=["1", "2", "3"])
        assert item(client.get(address), "one:size").result.grade == "missed"

    @pytest.mark.parametrize("text", ["", "many", "3 tokens", "9" * 61, "1e999", "\0"])
    @pytest.mark.parametrize("htmx", [True, False])
    def test_what_is_no_number_comes_back_with_a_sentence_and_is_not_recorded(self, client, reader, text, htmx):
        response = post(client, sitting(), "one:size", answer=text, headers=SAME_ORIGIN | (HTMX if htmx else {}))
        assert response.status_code == (200 if htmx else 400)
        page = response.content.decode()
        assert 'role="alert"' in page
        assert f'value="{text.strip(chr(0))[:100]}"' in page
        assert log(reader) == []

    def test_what_was_written_is_text(self, client):
        page = post(client, sitting(), "one:size", answer="<script>alert(1)</script>").content.decode()
        assert "<script>alert" not in page

    @pytest.mark.parametrize("question", ["one:gone", "four:x", "", "one", "\0", "x" * 500])
    def test_what_it_does_not_ask_cannot_be_answered(self, client, reader, question):
        assert post(client, sitting(), question, said=["1"]).status_code == 404
        assert log(reader) == []

    def test_a_question_in_words_takes_no_number(self, client, reader):
        assert post(client, sitting(), "one:why", answer="3").status_code == 400
        assert log(reader) == []

    def test_with_htmx_it_is_the_question_and_what_all_come_to(self, client):
        response = post(client, sitting(), "one:why", said=["1"], headers=SAME_ORIGIN | HTMX)
        page = response.content.decode()
        assert "<html" not in page
        assert page.count('class="question asked"') == 1
        assert 'id="mock-line" role="status" hx-swap-oob="innerHTML"' in page
        assert "1 of 4 answered: <b>1</b> in part." in " ".join(page.split())
        assert 'id="outcome" hx-swap-oob="true"' in page

    @pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}])
    def test_another_site_cannot_grade(self, headers):
        client = Client(enforce_csrf_checks=True)
        assert post(client, sitting(), "one:why", headers=headers, said=["1"]).status_code == 403

    def test_the_form_sent_twice_is_one_grade_and_a_change_of_mind_another(self, client, reader):
        address = sitting()
        key = str(item(client.get(address), "one:why").key)
        for _ in range(2):
            post(client, address, "one:why", said=["1"], key=key)
        post(client, address, "one:why", said=["1", "2"], key=str(item(client.get(address), "one:why").key))
        assert [row[-1] for row in log(reader)] == ["partly", "full"]

    @pytest.mark.parametrize("key", ["", "x", "0" * 99])
    def test_a_key_that_is_none_is_replaced(self, client, reader, key):
        post(client, sitting(), "one:why", said=["1"], key=key)
        assert len(log(reader)) == 1

    def test_the_same_once_more_begins_without_grades(self, client, reader):
        at = timezone.now() - timedelta(minutes=5)
        events.record(reader, Kind.GRADED, "one:why", answer=Answer(7, "1", "partly"), at=at)
        assert item(client.get(sitting(minutes_ago=9)), "one:why").result.grade == "partly"
        assert item(client.get(sitting(minutes_ago=1)), "one:why").result is None
        assert item(client.get(sitting("n=9&seed=8", minutes_ago=9)), "one:why").result is None


class TestOutcome:
    def answer_all(self, client, address):
        post(client, address, "one:size", answer="9e9")
        post(client, address, "one:why", said=["1"])
        post(client, address, "two:shared", answer="8")
        post(client, address, "three:bare", said=["1"])

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_weak_areas_are_told_with_what_to_read(self, client, signed_in):
        if signed_in:
            client.force_login(make_reader())
        address = sitting()
        self.answer_all(client, address)
        response = client.get(address)
        outcome = response.context["outcome"]
        assert (outcome.asked, outcome.is_done) == (4, True)
        assert [(str(title), [one.area.value for one in some]) for title, some in outcome.weaknesses] == [
            ("By part", ["part"]),
            ("By lesson", ["one"]),
            ("By kind", ["number"]),
        ]
        page = response.content.decode()
        assert '<a href="/modules/one/">One</a> <span class="meta">0 of 2 in full</span>' in page
        assert 'href="/bank/mock/?lesson=one&amp;seen=again"' in page
        assert 'href="/#part-part"' in page

    def test_the_dashboard_sums_up_all_of_them(self, client, reader):
        self.answer_all(client, sitting())
        page = client.get("/dashboard/").content.decode()
        assert "You have answered 4 questions of 4" in page
        assert "<b>2</b> in full, <b>1</b> in part, <b>1</b> missed." in page
        assert 'href="/bank/mock/?lesson=one&amp;seen=again"' in page

    def test_without_answers_it_only_leads_there(self, client):
        page = client.get("/dashboard/").content.decode()
        assert 'href="/bank/mock/"' in page
        assert "You have answered" not in page

    def test_a_question_that_has_gone_counts_no_more(self, client, reader):
        post(client, sitting(), "one:why", said=["1"])
        Question.objects.filter(name="why").delete()
        assert "You have answered 0 questions of 3" in client.get("/dashboard/").content.decode()

    def test_another_readers_answers_are_not_told(self, client, reader):
        other = Client()
        other.force_login(make_reader())
        address = sitting()
        post(other, address, "one:why", said=["1"])
        assert client.get(address).context["outcome"].asked == 0
        assert other.get(address).context["outcome"].asked == 1


class TestLog:
    def test_a_browser_remembers_them_and_signing_in_carries_them_over(self, client):
        address = sitting()
        post(client, address, "one:why", said=["1"])
        post(client, address, "one:size", answer="1280")
        assert client.get(address).context["outcome"].asked == 2
        user = make_reader()
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert log(user) == [("one", "why", 7, "1", "partly"), ("one", "size", 7, "1280", "right")]
        assert client.get(address).context["outcome"].asked == 2
        assert "study" not in client.session

    def test_merging_twice_in_any_order_adds_nothing(self):
        user = make_reader()
        some = [Fact.new(Kind.GRADED, "one:why", timezone.now(), answer=Answer(7, "", v)) for v in ("full", "missed")]
        assert [events.merge(user, some), events.merge(user, some[::-1])] == [2, 0]

    def test_one_of_a_lesson_that_left_the_notebook_is_left_out(self):
        fact = Fact.new(Kind.GRADED, "gone:why", timezone.now(), answer=Answer(7, "", "full"))
        assert events.merge(make_reader(), [fact]) == 0

    def test_two_with_one_key_are_one(self):
        user, key = make_reader(), uuid4()
        given = {"answer": Answer(7, "", "full"), "key": key}
        assert [events.record(user, Kind.GRADED, "one:why", **given) for _ in range(2)] == [True, False]
        facts = []
        for _ in range(2):
            facts = remember(facts, Fact.new(Kind.GRADED, "one:why", timezone.now(), **given))
        assert len(facts) == 1

    def test_a_browser_remembers_the_last_ones_only(self):
        facts = []
        for seed in range(GRADES + 5):
            facts = remember(facts, Fact.new(Kind.GRADED, "one:why", timezone.now(), answer=Answer(seed, "1", "full")))
        assert [fact.answer.seed for fact in facts] == list(range(5, GRADES + 5))
        assert unpack(pack(facts)) == facts

    def test_account_and_browser_tell_the_same_of_the_same_events(self, reader):
        now = timezone.now()
        some = [
            Fact.new(Kind.GRADED, f"one:{name}", now + timedelta(seconds=n), answer=Answer(n % 2, "", verdict))
            for n, (name, verdict) in enumerate(
                [("why", "full"), ("why", "missed"), ("size", "right"), ("size", "partly"), ("why", "partly")]
            )
        ]
        events.merge(reader, some)
        for window in (Window(), Window(seed=1), Window(since=some[2].at), Window(before=some[2].at)):
            assert set(AccountStudy(reader).grades(window)) == set(latest_grades(some, window))

    def test_they_say_nothing_about_completions(self, client, reader):
        post(client, sitting(), "one:why", said=["1"])
        events.rebuild(reader)
        study = AccountStudy(reader)
        assert (study.completed, study.recent, study.answers()) == (frozenset(), [], [])

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_the_export_has_them(self, client, signed_in):
        if signed_in:
            client.force_login(make_reader())
        post(client, sitting(), "one:why", said=["1"])
        exported = json.loads(b"".join(client.get("/dashboard/export.json").streaming_content))
        event = next(event for event in exported["events"] if event["kind"] == "graded")
        assert event.items() >= {"question": "one:why", "seed": 7, "answer": "1", "verdict": "partly"}.items()

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "graded", "module_id": "one", "question": "why", "seed": 1},
            {"kind": "graded", "module_id": "one", "question": "why", "verdict": "full"},
            {"kind": "graded", "module_id": "one", "seed": 1, "verdict": "full"},
            {"kind": "graded", "question": "why", "seed": 1, "verdict": "full"},
            {
                "kind": "graded",
                "module_id": "one",
                "question": "why",
                "seed": 1,
                "verdict": "full",
                "drill": "one:cache",
            },
            {"kind": "opened", "module_id": "one", "question": "why"},
            {"kind": "answered", "drill": "one:cache", "seed": 1, "answer": "3", "verdict": "right", "question": "why"},
        ],
    )
    def test_the_database_refuses_half_a_grade(self, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            StudyEvent.objects.create(user=make_reader(), key=uuid4(), at=timezone.now(), **fields)
