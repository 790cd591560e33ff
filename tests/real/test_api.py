"""The API of the real notebook says what its pages and its raw Markdown say."""

from __future__ import annotations

import json

import bibtexparser
import pytest
from bibtexparser.model import Entry

from modules import content
from modules.models import Module, Question, Source, Term

WRITTEN = ["tokenization", "attention", "kv-cache", "sampling"]


def ask(client, address):
    response = client.get(f"/api{address}")
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def whole(client, address):
    """Return everything that is in a list, page by page."""
    found, going_on = [], f"{address}{'&' if '?' in address else '?'}limit=100"
    while going_on:
        page = ask(client, going_on)
        found += page["items"]
        going_on = page.get("next", "").partition("/api")[2]
    return found


def test_every_lesson_is_its_raw_markdown(client):
    for row in Module.objects.written():
        assert ask(client, f"/lessons/{row.pk}")["markdown"] == row.raw


@pytest.mark.parametrize("lesson", WRITTEN)
def test_every_section_is_that_of_the_raw_markdown(client, lesson):
    for section in ask(client, f"/lessons/{lesson}")["sections"]:
        text = ask(client, f"/lessons/{lesson}/sections/{section['anchor']}")["markdown"]
        assert text == client.get(f"/raw/{lesson}.md?section={section['anchor']}").content.decode()


@pytest.mark.parametrize("lesson", WRITTEN)
def test_a_what_if_is_that_of_the_page_and_of_the_raw_markdown(client, lesson):
    numbers = [number for number in whole(client, f"/numbers?owner={lesson}") if number["kind"] == "assumed"]
    query = f"?set={numbers[0]['id'].partition(':')[2]}:{numbers[0]['magnitude'] * 2:g}"
    answer = client.get(f"/api/lessons/{lesson}{query}")
    raw = client.get(f"/raw/{lesson}.md{query}")
    assert answer.status_code == raw.status_code
    if answer.status_code == 200:
        assert json.loads(answer.content)["markdown"] == raw.content.decode()


def test_every_number_is_listed_as_the_ledger_has_it(client):
    now = content.current()
    listed = {number["id"]: number for number in whole(client, "/numbers")}
    assert listed.keys() == now.numbers.keys()
    assert all(listed[key]["magnitude"] == number.quantity.magnitude for key, number in now.numbers.items())


def test_every_number_of_a_lesson_is_its_page(client):
    for number in whole(client, "/numbers?owner=kv-cache"):
        address = f"/numbers/kv-cache/{number['id'].partition(':')[2]}"
        defended = ask(client, address)
        assert defended == json.loads(client.get(f"{address}.json").content)
        assert defended["value"] in client.get(f"{address}/").content.decode()


def test_every_question_is_listed_with_an_answer_and_without(client):
    told, asked = whole(client, "/questions"), whole(client, "/questions?answers=no")
    keys = [row.key for row in Question.objects.in_bank()]
    assert [one["id"] for one in told] == [one["id"] for one in asked] == keys
    assert all(one["answer"] and "answer" not in other for one, other in zip(told, asked, strict=True))


def test_every_term_and_source_is_listed_once(client):
    assert sorted(term["name"] for term in whole(client, "/glossary")) == sorted(
        Term.objects.values_list("name", flat=True)
    )
    assert sorted(source["key"] for source in whole(client, "/sources")) == sorted(
        Source.objects.values_list("pk", flat=True)
    )


def test_reference_managers_can_read_every_source(client):
    keys = set(Source.objects.values_list("pk", flat=True))
    csl = json.loads(client.get("/api/bibliography").content)
    assert {entry["id"] for entry in csl} == keys
    assert all(entry["title"] and entry["author"] and entry["URL"] for entry in csl)
    bibtex = bibtexparser.parse_string(client.get("/api/bibliography?format=bibtex").content.decode())
    assert {block.key for block in bibtex.blocks if isinstance(block, Entry)} == keys
    ris = client.get("/api/bibliography?format=ris").content.decode()
    records = [record for record in ris.split("ER  - \r\n") if record.strip()]
    assert {record.split("ID  - ")[1].split("\r\n")[0] for record in records} == keys
    assert all(record.lstrip().startswith("TY  - ") for record in records)
    assert all(line[2:6] == "  - " for line in ris.split("\r\n") if line)


def test_an_answer_is_held_against_the_ledger(client):
    text = "Llama 3 70B has 80 layers. `llama3_70b.layers` is 96."
    response = client.post("/api/check", {"text": text}, content_type="application/json")
    found = response.json()
    assert (found["agrees"], found["contradicts"]) == (1, 1)
    wrong = found["findings"][-1]
    assert (wrong["number"], wrong["value"], wrong["ratio"]) == ("llama3_70b.layers", "80", 1.2)
    assert text[wrong["start"] : wrong["end"]] == wrong["text"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("given", [{}, {"text": ""}, {"text": "x" * 20_001}, {"text": "x", "more": 1}])
def test_what_is_no_text_is_refused(client, given):
    response = client.post("/api/check", given, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
