"""What everyone may read of the notebook as JSON: all there is, the same as on its pages."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from modules import content
from modules.models import NumberChange
from tests.factories import lesson_text, make_file, make_lesson
from tests.modules.test_reviews import BODY, MODEL, exam, failure
from tests.progress.bank.lessons import LEDGER, QUESTIONS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

SITE = settings.SITE_URL


@pytest.fixture(autouse=True)
def _lessons(db):
    content.forget()


def ask(client, address, status=200, **headers):
    response = client.get(f"/api{address}", headers=headers)
    assert response.status_code == status, response.content
    return json.loads(response.content)


class TestLessons:
    def test_every_lesson_is_listed_in_notebook_order(self, client):
        items = ask(client, "/lessons")["items"]
        assert [(item["id"], item["is_written"]) for item in items if item["part"]["id"] == "part"] == [
            ("one", True),
            ("two", True),
            ("four", False),
        ]
        assert "markdown_url" not in next(item for item in items if item["id"] == "four")

    def test_those_of_one_part_can_be_asked_for(self, client):
        assert [item["id"] for item in ask(client, "/lessons?part=other")["items"]] == ["three"]

    def test_a_lesson_is_its_raw_text_with_the_ids_of_what_stands_in_it(self, client):
        lesson = ask(client, "/lessons/one")
        assert lesson["markdown"] == client.get("/raw/one.md").content.decode()
        assert lesson["sections"][0]["title"] == "In one minute"
        assert lesson["questions"] == ["one:size", "one:why"]
        assert {"one:cache", "one:layers"} <= set(lesson["numbers"])
        assert (lesson["sources"], lesson["companies"]) == (["doe"], ["acme"])

    def test_it_comes_without_answers(self, client):
        assert "A secret." in ask(client, "/lessons/one")["markdown"]
        lesson = ask(client, "/lessons/one?answers=no")
        assert lesson["markdown"] == client.get("/raw/one.md?answers=no").content.decode()
        assert "A secret." not in json.dumps(lesson)

    def test_it_comes_with_other_values(self, client):
        lesson = ask(client, "/lessons/one?set=layers:10")
        assert lesson["markdown"] == client.get("/raw/one.md?set=layers:10").content.decode()
        assert lesson["what_if"] == "one:layers:10"

    @pytest.mark.parametrize("query", ["", "?answers=no"])
    def test_a_section_is_that_of_the_raw_text(self, client, query):
        section = ask(client, f"/lessons/one/sections/minute{query}")
        assert section["markdown"] == client.get("/raw/one.md?section=minute").content.decode()
        assert (section["title"], section["url"]) == ("In one minute", f"{SITE}/modules/one/#minute")

    def test_whatever_has_an_anchor_can_be_asked_for(self, client):
        question = ask(client, "/lessons/one/sections/question-why")
        assert "Why quantise" in question["markdown"]
        assert "title" not in question

    @pytest.mark.parametrize("address", ["nothing", "four", "one/sections/nothing", "Ö", "a%00b"])
    def test_what_is_not_there_is_404(self, client, address):
        assert ask(client, f"/lessons/{address}", 404)["status"] == 404


class TestNumbers:
    def test_a_number_is_what_its_page_says_it_is(self, client):
        assert ask(client, "/numbers/one/cache") == json.loads(client.get("/numbers/one/cache.json").content)

    def test_it_is_computed_from_other_inputs(self, client):
        supposed = ask(client, "/numbers/one/cache?set=layers:10,chip.cores:2")
        assert supposed == json.loads(client.get("/numbers/one/cache.json?set=layers:10,chip.cores:2").content)
        assert (supposed["magnitude"], supposed["as_written"]) == (40, ask(client, "/numbers/one/cache")["value"])

    def test_what_cannot_be_supposed_is_told(self, client):
        assert "'many'" in ask(client, "/numbers/one/cache?set=layers:many", 400)["detail"]

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("owner=one", ["one:layers", "one:size", "one:cache"]),
            ("owner=chip", ["chip.cores"]),
            ("q=cache", ["one:cache"]),
            ("kind=computed", ["one:cache"]),
            ("kind=assumed&q=layers", ["one:layers"]),
            ("q=nothing", []),
        ],
    )
    def test_numbers_are_found(self, client, query, ids):
        assert sorted(item["id"] for item in ask(client, f"/numbers?{query}")["items"]) == sorted(ids)

    @pytest.mark.parametrize("address", ["one/nothing", "nothing/cache", "chip/cache", "one/Cache", "one"])
    def test_what_is_no_number_is_404(self, client, address):
        ask(client, f"/numbers/{address}", 404)


class TestOthers:
    def test_a_source_has_every_place_that_cites_it(self, client):
        (source,) = ask(client, "/sources")["items"]
        assert source["csl"]["title"] == "On doe"
        assert {place["lesson"] for place in source["cited_in"]} == {"one", "two"}
        assert source["numbers"] == ["chip.cores"]
        assert ask(client, "/sources/doe") == source
        ask(client, "/sources/nobody", 404)

    def test_terms_come_by_name(self, client):
        make_lesson("words", terms={"Beta": "Second.", "Alpha": "First."})
        assert [(item["name"], item["lesson"]["id"]) for item in ask(client, "/glossary")["items"]] == [
            ("Alpha", "words"),
            ("Beta", "words"),
        ]
        assert ask(client, "/glossary?lesson=one")["items"] == []

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("", ["one:size", "one:why", "two:shared", "three:bare"]),
            ("company=acme", ["one:size", "one:why"]),
            ("path=way&stars=3&kind=words", ["one:why"]),
            ("q=quantised", ["one:why"]),
        ],
    )
    def test_questions_are_chosen_as_in_the_bank(self, client, query, ids):
        found = ask(client, f"/questions?{query}")
        assert [item["id"] for item in found["items"]] == ids
        assert found["total"] == len(ids)

    def test_a_question_comes_with_its_answer(self, client):
        question = ask(client, "/questions/one/size")
        assert question["answer"].startswith("It is ")
        assert question["rubric"][1:] == ["Names the unit", "Doubts it"]
        assert (question["kind"], question["number"]) == ("number", "one:cache")

    @pytest.mark.parametrize("address", ["/questions", "/questions/one/size", "/questions/one/why"])
    def test_without_answers_nothing_gives_them_away(self, client, address):
        text = json.dumps(ask(client, f"{address}?answers=no"))
        assert not any(word in text for word in ("answer", "rubric", "A secret", "one:cache", "Names the unit"))

    def test_a_failure_mode_has_its_parts(self, client):
        make_lesson("review", body=BODY, ledger=MODEL, failures=[failure(cost="gpus")], exam=exam())
        assert [item["id"] for item in ask(client, "/failures?lever=shed&system=Acme")["items"]] == ["review:lost"]
        assert ask(client, "/failures?lever=stop")["items"] == []
        whole = ask(client, "/failures/review/lost")
        assert (whole["symptom"], whole["cost"]) == ("It is slow.", "review:gpus")
        ask(client, "/failures/review/nothing", 404)

    def test_the_changelog_has_the_newest_first(self, client):
        make_lesson("newest")
        first = ask(client, "/changelog?limit=1")["items"][0]
        assert (first["lesson"]["id"], first["kind"]) == ("newest", "Added")

    def test_a_number_that_changed_is_a_correction(self, client):
        ledger = LEDGER | {"cache": LEDGER["cache"] | {"formula": "2 * layers * size * chip.cores"}}
        make_file(
            "modules/one.md",
            lesson_text("one", ledger=ledger, questions=QUESTIONS, body="## A {#minute}\n\nIt takes [=cache].\n"),
        )
        assert NumberChange.objects.corrections().exists()
        (correction,) = ask(client, "/corrections")["items"]
        assert (correction["number"], correction["label"]) == ("one:cache", "Cache")
        assert correction["before"] != correction["now"]

    def test_search_finds_what_the_page_finds(self, client):
        found = ask(client, "/search?q=cache")
        page = client.get("/search/?q=cache").context["groups"]
        assert [(group["kind"], [hit["name"] for hit in group["items"]]) for group in found["groups"]] == [
            (group.id, [hit.name for hit in group.hits]) for group in page
        ]
        assert "<mark>" not in json.dumps(found)


class TestBibliography:
    def text(self, client, query):
        response = client.get(f"/api/bibliography?{query}")
        assert response.status_code == 200, response.content
        return response["Content-Type"], response.content.decode()

    def test_csl(self, client):
        kind, text = self.text(client, "")
        assert kind == "application/vnd.citationstyles.csl+json"
        assert json.loads(text) == [
            {
                "id": "doe",
                "type": "article-journal",
                "title": "On doe",
                "author": [{"family": "Doe", "given": "Jane"}],
                "issued": {"date-parts": [[2020]]},
                "URL": "https://example.org/doe",
            }
        ]

    def test_bibtex(self, client):
        kind, text = self.text(client, "format=bibtex&lesson=one")
        assert kind.startswith("application/x-bibtex")
        assert "@article{doe," in text

    def test_ris(self, client):
        kind, text = self.text(client, "format=ris&key=doe")
        assert kind.startswith("application/x-research-info-systems")
        assert text.split("\r\n")[:3] == ["TY  - JOUR", "ID  - doe", "AU  - Doe, Jane"]
        assert text.endswith("ER  - \r\n")

    @pytest.mark.parametrize(
        ("query", "status"), [("key=doe,nobody", 400), ("lesson=nothing", 404), ("format=endnote", 400)]
    )
    def test_what_is_not_there_is_told(self, client, query, status):
        assert client.get(f"/api/bibliography?{query}").status_code == status
