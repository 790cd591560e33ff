"""An exam: told, begun, sat, marked; what is drawn, and what stays a reader's own."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from modules import content
from modules.exams import draw
from progress.facts import Kind
from tests.factories import make_lesson
from tests.make import make_reader
from tests.reviews import MODEL, exam

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def _lesson():
    content.forget()
    make_lesson("one", ledger=MODEL, exam=exam())
    make_lesson("two")


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def sitting(seed=7, minutes="&minutes=30", ago=1):
    start = int((timezone.now() - timedelta(minutes=ago)).timestamp())
    return f"/exams/one/?seed={seed}{minutes}&start={start}"


def post(client, address, subject, **fields):
    headers = SAME_ORIGIN | ({"HX-Request": "true"} if fields.pop("htmx", False) else {})
    return client.post(address, {"subject": subject, **fields}, headers=headers)


def rate(drawn):
    return drawn.supposed.numbers["one:rate"].quantity


class TestDraws:
    def test_a_seed_is_one_exam(self):
        assert rate(draw("one", 7)) == rate(draw("one", 7))
        assert len({str(rate(draw("one", seed))) for seed in range(20)}) > 3

    def test_a_draw_is_a_round_number_between_its_bounds(self):
        values = {rate(draw("one", seed)).magnitude for seed in range(40)}
        assert values <= {1, 2, 3, 4, 5, 6, 8}

    def test_texts_and_problems_have_the_numbers_drawn(self):
        drawn = draw("one", 7)
        design = drawn.phases[3]
        assert design.problems["gpus"].truth.base == 2 * rate(drawn).base
        assert drawn.supposed.numbers["one:gpus"].quantity == design.problems["gpus"].truth

    def test_only_a_lesson_with_an_exam_has_one(self, client):
        assert client.get("/exams/two/").status_code == 404
        assert client.get("/exams/nothing/").status_code == 404
        assert [lesson.pk for lesson in client.get("/exams/").context["lessons"]] == ["one"]


class TestBeginning:
    def test_it_is_told_first(self, client):
        response = client.get("/exams/one/")
        page = response.content.decode()
        assert "Begin, 30 minutes" in page
        assert "There are" not in page
        assert "public" in response["Cache-Control"]

    def test_its_address_is_all_there_is_to_it(self, client):
        response = client.get("/exams/one/?begin=1")
        query = parse_qs(urlsplit(response["Location"]).query)
        assert query.keys() == {"seed", "minutes", "start"}
        assert query["minutes"] == ["30"]
        assert "private" in response["Cache-Control"]
        assert client.get(response["Location"]).status_code == 200

    def test_the_clock_can_be_left_out(self, client):
        address = client.get("/exams/one/?begin=1&untimed=1&seed=9")["Location"]
        assert "minutes" not in address
        assert "seed=9&" in address
        assert 'id="clock"' not in client.get(address).content.decode()

    @pytest.mark.parametrize(
        "query", ["seed=x", "seed=1234567", "start=5", "seed=7&start=99999999999", "minutes=0&seed=7"]
    )
    def test_what_names_no_sitting_is_not_found(self, client, query):
        assert client.get(f"/exams/one/?{query}").status_code == 404


class TestSitting:
    def test_it_shows_the_brief_the_phases_and_a_clock(self, client):
        response = client.get(sitting())
        page = response.content.decode()
        assert "There are" in page
        assert [each.phase.name for each in response.context["phases"]][::5] == ["clarify", "failure"]
        assert 28 * 60 < response.context["left_s"] <= 29 * 60
        assert "private" in response["Cache-Control"]

    def test_a_number_is_marked_by_the_ledger(self, client, reader):
        address = sitting()
        right = draw("one", 7).phases[3].problems["gpus"].truth.magnitude
        post(client, address, "one:exam.design.gpus", answer=f"{right:g} gpu")
        context = client.get(address).context
        assert context["phases"][3].numbers[0].marked.diagnosis.is_right
        assert context["outcome"].right == 1
        event = reader.events.get(kind=Kind.GRADED)
        assert (event.module_id, event.question, event.seed, event.verdict) == ("one", "exam.design.gpus", 7, "right")

    def test_a_wrong_number_is_wrong(self, client, reader):
        post(client, sitting(), "one:exam.design.gpus", answer="1e9")
        assert reader.events.get(kind=Kind.GRADED).verdict != "right"

    @pytest.mark.parametrize("htmx", [False, True])
    def test_what_is_no_number_comes_back(self, client, reader, htmx):
        response = post(client, sitting(), "one:exam.design.gpus", answer="many", htmx=htmx)
        assert response.status_code == (200 if htmx else 400)
        assert 'aria-invalid="true"' in response.content.decode()
        assert 'value="many"' in response.content.decode()
        assert not reader.events.filter(kind=Kind.GRADED).exists()

    def test_words_are_graded_by_the_reader(self, client, reader):
        address = sitting()
        response = post(client, address, "one:exam.slo", said=["1"])
        assert response.status_code == 302
        assert response["Location"].endswith("#slo")
        outcome = client.get(address).context["outcome"]
        assert (outcome.graded, outcome.full) == (1, 1)
        post(client, address, "one:exam.slo")
        assert client.get(address).context["outcome"].missed == 1

    def test_with_htmx_the_phase_comes_back_and_the_line(self, client, reader):
        page = post(client, sitting(), "one:exam.slo", said=["1"], htmx=True).content.decode()
        assert "<html" not in page
        assert '<li class="question asked" id="slo">' in page
        assert "1 of 6 phases graded" in page

    def test_signed_out_the_session_keeps_it(self, client):
        address = sitting()
        post(client, address, "one:exam.slo", said=["1"])
        assert client.get(address).context["outcome"].graded == 1

    def test_a_form_sent_twice_counts_once(self, client, reader):
        key = "0c9f7b1e-7a55-4a44-8b7c-3f3c1c1c1c1c"
        for _ in range(2):
            post(client, sitting(), "one:exam.slo", said=["1"], key=key)
        assert reader.events.filter(kind=Kind.GRADED).count() == 1

    def test_the_exam_says_how_it_went_before(self, client, reader):
        post(client, sitting(), "one:exam.slo", said=["1"])
        post(client, sitting(seed=8), "one:exam.cost")
        assert "graded 2 of its phases, 1 in full" in client.get("/exams/one/").content.decode()

    def test_another_sitting_begins_anew(self, client, reader):
        post(client, sitting(), "one:exam.slo", said=["1"])
        assert client.get(sitting(seed=8)).context["outcome"].graded == 0

    def test_nobody_sees_anothers(self, client, reader):
        address = sitting()
        post(client, address, "one:exam.slo", said=["1"])
        client.force_login(make_reader())
        assert client.get(address).context["outcome"].graded == 0

    def test_what_it_does_not_ask_is_not_found(self, client, reader):
        assert post(client, sitting(), "one:exam.other").status_code == 404
        assert post(client, "/exams/one/", "one:exam.slo").status_code == 405

    def test_another_site_cannot_answer(self):
        stranger = Client(enforce_csrf_checks=True)
        response = stranger.post(sitting(), {"subject": "one:exam.slo"}, headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 403

    def test_an_exam_is_no_question_of_the_bank(self, client, reader):
        post(client, sitting(), "one:exam.slo", said=["1"])
        assert client.get("/dashboard/").context["outcome"] is None
