"""What search makes of words; tests/real/test_search.py asks the real lessons."""

from __future__ import annotations

import pytest

from modules.models import Passage
from modules.search import LIMIT_RESULTS, search
from tests.factories import REFERENCE, make_file, make_lesson, make_number, make_planned, make_source

pytestmark = pytest.mark.django_db


def body(*sections):
    return "\n\n".join(f"## {heading} {{#{heading.lower()}}}\n\n{text}" for heading, text in sections)


def ids(query):
    return [result.module.pk for result in search(query).lessons]


def make_many(number, start=0):
    """Make listed lessons with a passage each, without rendering any."""
    for n in range(start, start + number):
        module = make_planned(f"many-{n}", body="Text.")
        Passage.objects.create(module=module, position=0, title=module.title, text=f"Pages of many kinds, {n}.")


class TestRanking:
    def test_a_title_before_a_heading_before_a_text(self):
        make_lesson("text", body=body(("One", "All about pages here.")))
        make_lesson("heading", body=body(("Pages", "All about them here.")))
        make_lesson("title", title="Pages", body=body(("One", "All about them here.")))
        assert ids("pages") == ["title", "heading", "text"]

    def test_each_lesson_is_found_once_at_its_best_passage(self):
        make_lesson("one", body=body(("First", "A page."), ("Pages", "A page of pages."), ("Last", "A page.")))
        (result,) = search("pages").lessons
        assert (result.anchor, result.heading, result.url) == ("pages", "Pages", "/modules/one/#pages")

    def test_a_summary_leads_to_the_top_of_its_lesson(self):
        make_lesson("one", summary="All about zebras")
        (result,) = search("zebra").lessons
        assert result.url == "/modules/one/"

    def test_equal_results_stand_in_one_order(self):
        make_many(6)
        assert ids("pages") == ids("pages") == [f"many-{n}" for n in range(6)]

    def test_no_more_than_a_page_of_results(self):
        make_many(LIMIT_RESULTS + 5)
        assert len(ids("pages")) == LIMIT_RESULTS


class TestWords:
    @pytest.fixture(autouse=True)
    def _lessons(self):
        make_lesson("both", title="Lesson", summary="A lesson", body=body(("One", "Paged memory holds keys.")))
        make_lesson("paged", title="Lesson", summary="A lesson", body=body(("One", "Paged lists of readers.")))
        make_lesson(
            "memory", title="Lesson", summary="A lesson", body=body(("One", "The memory of Müller in naïve cafés."))
        )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("paged memory", ["both"]),
            ("memory paged", ["both"]),
            ("paged mem", ["both"]),
            ("muller", ["memory"]),
            ("MÜLLER", ["memory"]),
            ("cafe naive", ["memory"]),
            ("cafés", ["memory"]),
            ("paged -memory", ["paged"]),
            ('"memory holds"', ["both"]),
            ('"holds memory"', []),
            ("lists OR keys", ["both", "paged"]),
            ("the of in", []),
            ("zzz", []),
            ("\u200b", []),
            ("½ ² ①", []),
            ("' OR 1=1 --", []),
            ("paged:*", ["both", "paged"]),
            ("paged & ! memory", ["both"]),
        ],
    )
    def test_they_find(self, query, found):
        assert sorted(ids(query)) == found

    def test_only_the_first_hundred_characters_count(self):
        assert ids("x" * 100 + " paged") == []
        assert sorted(ids("paged" + " " * 200 + "zzz")) == ["both", "paged"]

    def test_an_excerpt_marks_words_and_escapes_the_rest(self):
        make_lesson("code", body=body(("One", "Write `<eos>` and 1 & 2 for zebras.")))
        (result,) = search("zebras").lessons
        assert "<mark>zebras</mark>" in result.excerpt
        assert "Write &lt;eos&gt; and 1 &amp; 2" in result.excerpt

    def test_what_looks_like_a_tag_is_found(self):
        make_lesson("code", body=body(("One", "It ends with `<|endoftext|>` or `<eos>`.")))
        assert ids("eos") == ids("endoftext") == ids("<eos>") == ["code"]

    def test_a_mark_in_the_text_marks_nothing(self):
        make_lesson("marked", body=body(("One", "A \ue001zebra\ue000 b.")))
        (result,) = search("zebra").lessons
        assert result.excerpt == "A <mark>zebra</mark> b."


class TestTitlesAndTerms:
    def test_a_planned_lesson_is_found_by_title_and_is_no_link(self, client):
        make_planned("zebra", title="Zebras in the wild")
        page = client.get("/search/", {"q": "zebras"}).content.decode()
        assert "Zebras in the wild" in page
        assert "/modules/zebra/" not in page

    def test_a_title_misspelt_is_found(self):
        make_planned("zebra", title="Attention")
        assert ids("atention") == ["zebra"]

    @pytest.mark.parametrize("query", ["%", "_", "%%%", "100%"])
    def test_signs_of_a_pattern_match_only_themselves(self, query):
        make_planned("zebra", title="Zebras")
        assert ids(query) == []

    def test_every_word_of_a_term_has_to_match(self):
        make_lesson("one", terms={"page table": "Where pages are.", "page": "A piece.", "Table": "Rows."})
        assert [term.name for term in search("page table").terms] == ["page table"]
        assert [term.name for term in search("TABLE").terms] == ["Table", "page table"]

    def test_a_term_misspelt_is_found(self):
        make_lesson("one", terms={"quantization": "Fewer bits."})
        assert [term.name for term in search("quantisaton").terms] == ["quantization"]


class TestNumbers:
    @pytest.fixture(autouse=True)
    def _numbers(self):
        make_source("doe")
        make_planned("one")
        make_planned("two")
        make_file("reference.yaml", REFERENCE)
        ledger = {
            "cores_used": make_number("2", label="Cores in use"),
            "share": make_number(formula="cores_used / chip.cores", unit="percent", label="Share of the chip"),
        }
        make_lesson("two", ledger=ledger)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("cores", ["chip.cores", "two:cores_used"]),
            ("cores_used", ["two:cores_used"]),
            ("two:cores_used", ["two:cores_used"]),
            ("cores in use", ["two:cores_used"]),
            ("chip cores", ["chip.cores"]),
            ("SHARE", ["two:share"]),
            ("share chop", ["two:share"]),
            ("%", []),
        ],
    )
    def test_they_are_found_by_label_name_and_id(self, query, found):
        assert [number.id for number in search(query).numbers][: len(found) or None] == found

    def test_each_says_what_it_is_and_where_it_stands(self):
        (number,) = search("two:share").numbers[:1]
        assert (number.printed, number.kind) == ("25%", "computed")
        assert (number.lesson, number.anchor) == (("two", "Two"), "number-share")

    def test_a_shared_number_leads_to_the_first_lesson_that_uses_it(self):
        make_lesson("one", ledger={"twice": make_number(formula="2 * chip.cores", unit="1")})
        (number,) = search("chip.cores").numbers[:1]
        assert (number.lesson, number.anchor) == (("one", "One"), "number-chip-cores")

    def test_one_that_no_lesson_uses_leads_nowhere(self):
        make_lesson("two")
        (number,) = search("chip.cores").numbers[:1]
        assert (number.printed, number.lesson) == ("8", None)


def test_a_source_is_found_by_author_year_and_key():
    make_source("doe2020", title="On pages", author="Müller, Jane and Roe, Rick", year=2020)
    for query in ("doe2020", "müller 2020", "rick pages", "on pages"):
        assert [source.pk for source in search(query).sources] == ["doe2020"]


def test_it_asks_the_same_however_many_lessons_there_are(django_assert_num_queries):
    make_many(3)
    with django_assert_num_queries(6) as few:
        search("pages")
    make_many(60, start=3)
    with django_assert_num_queries(5) as many:  # a full page of results needs no misspelt titles
        search("pages")
    assert len(many) <= len(few)
