"""Search as readers meet it: every kind in its group, as a page, results while typing and the palette's options."""

from __future__ import annotations

import pytest

from notebook.finding import find, useful
from progress.study import SessionStudy
from tests.factories import make_lesson, make_number, make_planned, make_source
from tests.make import make_path, make_reader

pytestmark = pytest.mark.django_db

PALETTE = {"hx-request": "true", "hx-target": "palette-options"}


def groups(query):
    return {group.id: [hit.name for hit in group.hits] for group in find(query)}


@pytest.fixture
def zebras():
    make_source("zebra2020", title="Zebras, counted")
    number = make_number("7", label="Stripes of zebras")
    lesson = make_lesson("zebras", title="Zebras", terms={"zebra": "A horse."}, ledger={"zebra_stripes": number})
    path = make_path("zebra-way", lesson)
    path.title = "Way of zebras"
    path.save()


@pytest.mark.usefixtures("zebras")
class TestFind:
    def test_every_kind_stands_in_its_group(self):
        assert groups("zebra") == {
            "terms": ["zebra"],
            "lessons": ["Zebras"],
            "numbers": ["Stripes of zebras"],
            "sources": ["Zebras, counted"],
            "paths": ["Way of zebras"],
        }

    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ("zebras", "lessons"),
            ("ZEBRA", "terms"),
            ("zebra_stripes", "numbers"),
            ("zebras:zebra_stripes", "numbers"),
            ("stripes of zebras", "numbers"),
            ("zebra2020", "sources"),
            ("zebra-way", "paths"),
        ],
    )
    def test_the_kind_that_is_named_exactly_comes_first(self, query, first):
        assert next(iter(groups(query))) == first

    def test_a_number_with_a_plain_word_for_a_name_does_not_push_lessons_down(self):
        make_lesson("horses", title="Horses", ledger={"zebra": make_number("7", label="Zebras among horses")})
        assert next(iter(groups("zebra"))) == "terms"

    def test_each_kind_leads_to_its_place(self):
        places = {group.id: group.hits[0].url for group in find("zebra")}
        assert places == {
            "terms": "/glossary/#term-zebra",
            "lessons": "/modules/zebras/",
            "numbers": "/modules/zebras/#number-zebra_stripes",
            "sources": "/sources/#source-zebra2020",
            "paths": "/paths/zebra-way/",
        }

    def test_the_page_and_the_palette_show_the_same(self, client):
        page = client.get("/search/", {"q": "zebra"})
        palette = client.get("/search/", {"q": "zebra"}, headers=PALETTE)
        assert [group.hits for group in page.context["groups"]] == [group.hits for group in palette.context["groups"]]
        for group in page.context["groups"]:
            assert f'href="{group.hits[0].url}"' in page.content.decode()
            assert f'href="{group.hits[0].url}"' in palette.content.decode()

    def test_a_cache_keeps_page_results_and_options_apart(self, client):
        answers = [client.get("/search/", {"q": "zebra"}, headers=h) for h in ({}, {"hx-request": "true"}, PALETTE)]
        assert len({answer.content for answer in answers}) == 3
        assert all({"HX-Request", "HX-Target"} <= set(answer["Vary"].split(", ")) for answer in answers)

    def test_what_was_typed_is_no_markup(self, client):
        assert b"<b>" not in client.get("/search/", {"q": "zebra <b>"}, headers=PALETTE).content


class TestUseful:
    def test_paths_and_pages_are_offered_before_anything_is_typed(self, client):
        make_path("way")
        page = client.get("/search/", headers=PALETTE).content.decode()
        assert 'href="/paths/way/"' in page
        assert 'href="/glossary/"' in page
        assert "Read last" not in page

    def test_a_reader_is_offered_what_they_read_last_and_no_cache_keeps_it(self, client):
        make_lesson("zebras", title="Zebras")
        client.force_login(make_reader())
        client.get("/modules/zebras/")
        answer = client.get("/search/", headers=PALETTE)
        assert answer.context["groups"][0].title == "Read last"
        assert 'href="/modules/zebras/"' in answer.content.decode()
        assert "private" in answer["Cache-Control"]

    def test_it_asks_little(self, django_assert_num_queries, client):
        study = SessionStudy(client.session, brought=False)
        with django_assert_num_queries(1):
            useful(study)


def test_a_planned_lesson_is_no_target(client):
    make_planned("zebra", title="Zebras")
    page = client.get("/search/", {"q": "zebras"}, headers=PALETTE).content.decode()
    assert 'aria-disabled="true"' in page
    assert "/modules/zebra/" not in page
