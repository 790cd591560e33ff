from __future__ import annotations

import pytest

from modules.search import search
from tests.factories import make_planned


def titles(query):
    return [result.module.pk for result in search(query).lessons]


def test_a_title_weighs_more_than_a_text():
    assert titles("tokenization")[0] == "tokenization"
    assert set(titles("attention")[:3]) == {"attention", "multi-head", "flash-attention"}


@pytest.mark.parametrize("query", ["prefil", "prefill", "prefilling", "PREFILL"])
def test_words_are_found_by_stem_and_while_they_are_typed(query):
    assert "kv-cache" in titles(query)


def test_a_misspelt_title_is_found():
    assert "attention" in titles("atention")


def test_accents_do_not_matter():
    assert titles("tokenizatión")[0] == "tokenization"


def test_a_result_leads_to_the_section_and_marks_the_words():
    result = search("disaggregation").lessons[0]
    assert result.url.startswith("/modules/kv-cache/#")
    assert "<mark>" in result.excerpt


def test_planned_lessons_are_found_by_title():
    make_planned("yet-to-be-written", title="Quantum Transformers")
    assert "yet-to-be-written" in titles("Quantum Transformers")


def test_terms_are_found():
    assert [term.name for term in search("copy-on-write").terms] == ["copy-on-write"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "&",
        "a & | !",
        "':*",
        "\\",
        "\0",
        "a\0b",
        "(((",
        "x" * 10_000,
        "<b>",
        "🍓",
        "a" + " or" * 500,
        "%_",
        "--",
        '"',
    ],
)
def test_any_query_is_answered(client, query):
    for headers in ({}, {"hx-request": "true"}):
        assert client.get("/search/", {"q": query}, headers=headers).status_code == 200


def test_what_matched_is_marked_and_markup_is_not():
    excerpts = " ".join(str(result.excerpt) for result in search("softmax").lessons)
    assert "<mark>softmax</mark>" in excerpts.lower()


def test_a_query_is_not_written_into_the_page_as_markup(client):
    assert b"<script>x" not in client.get("/search/", {"q": "<script>x"}).content


def test_htmx_gets_the_results_alone(client):
    assert b"<html" not in client.get("/search/", {"q": "cache"}, headers={"hx-request": "true"}).content
    assert b"<html" in client.get("/search/", {"q": "cache"}).content


def test_search_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    search("attention cache")  # values come from the ledger, which a process reads once
    with django_assert_max_num_queries(8):
        search("attention cache")
