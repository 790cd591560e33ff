"""The bank as a page, on paper and as Markdown."""

from __future__ import annotations

import re

import pytest
import yaml
from django.test import Client

from modules import content
from modules.models import Module, Question
from modules.publishing import refresh
from progress import events
from progress.facts import Answer, Kind
from tests.factories import make_lesson
from tests.make import make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]
ALL = ["one:size", "one:why", "two:shared", "three:bare"]
PAGES = ["/bank/", "/bank/print/", "/bank.md"]


@pytest.fixture(autouse=True)
def _bank(db):
    content.forget()


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def asked(client, query="", address="/bank/"):
    return [item.question.key for item in client.get(f"{address}{query}").context["items"]]


def grade(user, question, verdict, seed=7):
    events.record(user, Kind.GRADED, question, answer=Answer(seed, "", verdict))


def options(client, query=""):
    fields = client.get(f"/bank/{query}").context["asking"].fields
    return {field.name: {option.value: option.count for option in field.options} for field in fields}


class TestChoosing:
    def test_it_has_every_question_of_every_written_lesson_in_notebook_order(self, client):
        assert asked(client) == ALL

    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ("?company=acme", ["one:size", "one:why"]),
            ("?part=other", ["three:bare"]),
            ("?lesson=two", ["two:shared"]),
            ("?path=way", ["one:size", "one:why", "three:bare"]),
            ("?stars=2", ["two:shared", "three:bare"]),
            ("?kind=number", ["one:size", "two:shared"]),
            ("?kind=words", ["one:why", "three:bare"]),
            ("?path=way&stars=3&kind=words", ["one:why"]),
            ("?path=way&stars=2&company=acme", []),
            ("?q=quantised", ["one:why"]),
            ("?q=quant", ["one:why"]),
            ("?q=secret", []),
            ("?q=quant&stars=1", []),
            ("?q=%21%21", []),
            ("?company=&part=&stars=", ALL),
            ("?page=99", ALL),
            ("?page=x", ALL),
        ],
    )
    @pytest.mark.parametrize("address", ["/bank/", "/bank/print/"])
    def test_an_address_says_what_is_found(self, client, query, keys, address):
        assert asked(client, query, address) == keys

    @pytest.mark.parametrize(
        "query", ["?part=x", "?company=none", "?stars=4", "?seen=maybe", "?path=%00", "?kind=a" * 99]
    )
    @pytest.mark.parametrize("address", PAGES)
    def test_a_value_that_no_question_has_is_told_and_the_rest_kept(self, client, query, address):
        response = client.get(f"{address}{query}&lesson=two")
        assert response.status_code == 400
        page = response.content.decode()
        assert "No question has" in page
        assert "Cores?" in page
        assert "What now?" not in page

    def test_each_choice_tells_how_many_it_leaves(self, client):
        assert options(client) == {
            "company": {"acme": 2},
            "part": {"part": 3, "other": 1},
            "lesson": {"one": 2, "two": 1, "three": 1},
            "path": {"way": 3},
            "stars": {"1": 1, "2": 2, "3": 1},
            "kind": {"number": 2, "words": 2},
            "seen": {"new": 4},
        }

    def test_and_what_else_is_chosen_counts(self, client):
        found = options(client, "?path=way&stars=2")
        assert found["stars"] == {"1": 1, "2": 1, "3": 1}
        assert found["lesson"] == {"three": 1}
        assert options(client, "?q=quant")["kind"] == {"words": 1}

    def test_what_is_chosen_stays_even_if_it_leaves_nothing(self, client):
        assert options(client, "?stars=3&part=other")["part"] == {"part": 1, "other": 0}

    def test_it_is_paged(self, client):
        questions = [{"id": f"q{n}", "stars": 1, "ask": f"{n}?", "answer": "Yes."} for n in range(1, 13)]
        for name in ("five", "six"):
            make_lesson(name, questions=[question | {"ask": "Really?"} for question in questions])
        assert len(asked(client)) == 20
        last = client.get("/bank/?stars=1&page=2")
        assert [item.place for item in last.context["items"]] == [21, 22, 23, 24, 25]
        assert 'href="/bank/?stars=1&amp;page=1"' in last.content.decode()
        assert len(asked(client, address="/bank/print/")) == 28

    def test_with_htmx_it_is_the_list_and_the_choices_at_a_stable_address(self, client):
        response = client.get("/bank/?company=&stars=2&part=&q=", headers={"HX-Request": "true"})
        page = response.content.decode()
        assert "<html" not in page
        assert 'id="bank-choices" hx-swap-oob="true"' in page
        assert page.count('class="question"') == 2
        assert response["HX-Push-Url"] == "/bank/?stars=2"
        assert "hx-swap-oob" not in client.get("/bank/").content.decode()

    def test_an_empty_notebook_has_an_empty_bank(self, client):
        Question.objects.all().delete()
        for address in (*PAGES, "/bank/mock/"):
            assert client.get(address).status_code == 200

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    @pytest.mark.parametrize("address", PAGES)
    def test_other_methods_are_refused(self, client, method, address):
        assert getattr(client, method)(address).status_code == 405


class TestShowing:
    def test_a_question_leads_to_its_place_and_folds_its_answer(self, client):
        page = client.get("/bank/?lesson=one").content.decode()
        assert 'href="/modules/one/#question-size">One</a>' in page
        assert '<li class="question" id="one.size">' in page
        assert page.count('<details class="answer">') == 2
        assert "/report/?about=one%23question-size" in page

    def test_its_links_lead_to_its_lesson_and_no_id_stands_twice(self, client):
        page = client.get("/bank/?lesson=one").content.decode()
        assert '<a class="number number-assumed" href="/modules/one/#number-layers"' in page
        assert 'href="/modules/one/#source-doe"' in page
        assert 'href="/modules/one/#minute"' in page
        assert 'href="/modules/two/"' in page
        assert "<math" in page
        for address in ("/bank/", "/bank/print/", "/bank/mock/?n=9&seed=1&start=1"):
            ids = re.findall(r' id="([^"]+)"', client.get(address).content.decode())
            assert len(ids) == len(set(ids))

    def test_a_question_that_is_loaded_anew_is_rendered_though_its_lesson_is_the_same(self):
        Question.objects.filter(module="one").update(ask_html="", answer_html="", ask_raw="")
        assert refresh().rendered == ["one"]
        assert not Question.objects.filter(module__is_written=True, ask_html="").exists()
        assert refresh().rendered == []

    def test_a_lesson_that_goes_back_to_planned_leaves_the_bank(self, client):
        Module.objects.filter(pk="one").update(body="")
        assert asked(client) == ["two:shared", "three:bare"]

    def test_a_changed_number_changes_its_questions(self, client):
        make_lesson("one", ledger={}, questions=[{"id": "new", "stars": 1, "ask": "New?", "answer": "Yes."}])
        assert asked(client, "?lesson=one") == ["one:new"]

    @pytest.mark.parametrize("address", PAGES)
    def test_everyone_without_a_session_gets_the_same(self, client, reader, address):
        grade(reader, "one:size", "missed")
        anonymous = Client().get(address)
        assert not anonymous.cookies
        assert "public" in anonymous["Cache-Control"]
        assert "Cookie" in anonymous["Vary"]
        own = client.get(address)
        assert "private" in own["Cache-Control"]
        if address == "/bank/":
            assert "HX-Request" in anonymous["Vary"]
            assert "missed" in own.content.decode()
            assert "missed" not in anonymous.content.decode()
            assert 'name="seen"' not in anonymous.content.decode()

    @pytest.mark.parametrize("address", [*PAGES, "/bank/?q=cache&path=way"])
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_it_costs_the_same_queries_however_many_questions(
        self, client, django_assert_max_num_queries, address, signed_in
    ):
        if signed_in:
            client.force_login(make_reader())
        for n in range(4):
            make_lesson(f"more-{n}", questions=[{"id": "q", "stars": 1, "ask": "Cache?", "answer": "Yes."}])
        with django_assert_max_num_queries(5 + 3 * signed_in):
            client.get(address)


class TestReaders:
    def test_a_reader_chooses_by_what_they_were_asked(self, client, reader):
        grade(reader, "one:size", "full")
        grade(reader, "one:why", "partly")
        grade(reader, "two:shared", "bits")
        assert asked(client, "?seen=new") == ["three:bare"]
        assert asked(client, "?seen=asked") == ["one:size", "one:why", "two:shared"]
        assert asked(client, "?seen=again") == ["one:why", "two:shared"]

    def test_the_last_grade_counts(self, client, reader):
        for verdict in ("missed", "full"):
            grade(reader, "one:why", verdict)
        item = next(item for item in client.get("/bank/?lesson=one").context["items"] if item.result)
        assert item.result.grade == "full"

    def test_it_knows_nothing_of_another_reader(self, client, reader):
        grade(make_reader(), "one:size", "missed")
        assert asked(client, "?seen=asked") == []
        assert all(item.result is None for item in client.get("/bank/").context["items"])

    def test_nobody_was_asked_who_has_no_session(self, client):
        assert asked(client, "?seen=new") == ALL
        assert asked(client, "?seen=again") == []


class TestPaper:
    def test_all_questions_come_before_all_answers(self, client):
        page = client.get("/bank/print/").content.decode()
        questions, answers = page.split('class="bank-answers"')
        assert "A secret." not in questions
        assert "A secret." in answers
        assert "What now?" in questions
        assert 'href="#one.why"' in answers

    def test_a_mock_interview_can_be_printed_too(self, client):
        drawn = asked(client, "?n=2&seed=7", "/bank/print/")
        assert len(drawn) == 2
        assert re.findall(r"`(\w+:\w+)` ", client.get("/bank.md?n=2&seed=7&answers=none").content.decode()) == drawn


class TestMarkdown:
    def text(self, client, query=""):
        response = client.get(f"/bank.md{query}")
        assert response["Content-Type"] == "text/markdown; charset=utf-8"
        return response.content.decode()

    def test_it_has_all_questions_then_all_answers_each_by_its_name(self, client):
        text = self.text(client)
        questions, answers = text.split("## Answers {#answers}")
        for key in ALL:
            assert f"`{key}` " in questions
            assert f"`{key}` " in answers
        assert "A secret." not in questions
        assert "- Names the unit" in answers
        assert text.endswith("[/llms.txt](/llms.txt)\n")

    def test_answers_can_be_left_out_or_stand_alone(self, client):
        without, alone = self.text(client, "?answers=none"), self.text(client, "?answers=only")
        assert "What now?" in without
        assert "Wait." not in without
        assert "A secret." not in without
        assert "What now?" not in alone
        assert "A secret." in alone

    def test_another_word_for_answers_is_told(self, client):
        response = client.get("/bank.md?answers=please")
        assert response.status_code == 400
        assert b"last, none, only" in response.content

    def test_it_begins_with_what_was_chosen(self, client, settings):
        head = yaml.safe_load(self.text(client, "?path=way&stars=2").split("---\n")[1])
        assert head == {
            "title": "Interview Question Bank",
            "url": f"{settings.SITE_URL}/bank/?path=way&stars=2",
            "chosen": {"Path": "Path 1", "Difficulty": "★★☆"} | {"Path": head["chosen"]["Path"]},
            "questions": 1,
            "answers": "last",
            "licence": "CC BY 4.0",
        }

    def test_its_links_lead_to_the_raw_lesson(self, client):
        text = self.text(client, "?lesson=one")
        assert "[Doe 2020](/raw/one.md#source-doe), Table 2" in text
        assert "[why](/raw/one.md#minute)" in text
        assert "$x_i$" in text
        assert "In numbers: 1,280 B" in text

    def test_it_is_what_the_page_shows(self, client):
        for query in ("?stars=2", "?q=quant", "?kind=number&path=way"):
            assert re.findall(r"^### \d+\. `([^`]+)`", self.text(client, f"{query}&answers=none"), re.M) == asked(
                client, query
            )


class TestWays:
    def test_the_bank_is_where_machines_look(self, client):
        assert "/bank.md" in client.get("/llms.txt").content.decode()
        assert "/bank/<" in client.get("/sitemap.xml").content.decode()

    def test_and_where_people_look(self, client, reader):
        for address in ("/", "/dashboard/", "/search/"):
            assert 'href="/bank/"' in client.get(address).content.decode()

    def test_its_lesson_leads_to_it(self, client):
        make_lesson("interview-question-bank")
        assert 'class="button" href="/bank/"' in client.get("/modules/interview-question-bank/").content.decode()
        assert 'class="button" href="/bank/"' not in client.get("/modules/one/").content.decode()

    def test_a_company_leads_to_the_questions_of_its_lessons(self, client):
        assert 'href="/bank/?company=acme"' in client.get("/focus/acme/").content.decode()
        assert 'href="/bank/' not in client.get("/focus/none/").content.decode().partition("</main>")[0]

    def test_a_finished_lesson_leads_to_its_questions(self, client, reader):
        link = "/bank/mock/?lesson=one"
        assert link not in client.get("/modules/one/").content.decode()
        events.record(reader, Kind.COMPLETED, "one")
        assert link in client.get("/modules/one/").content.decode()
