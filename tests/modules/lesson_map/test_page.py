"""The map as a page: drawn and as a list, for everybody and for one reader."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from modules.lesson_map.drawing import TITLE, wrapped
from modules.publishing import Broken
from progress import events
from progress.facts import Kind
from tests.factories import make_file, make_lesson, make_planned
from tests.make import make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def lessons():
    """Three lessons of which the last is planned, each needing the one before it."""
    first, second, third = make_lesson("one"), make_lesson("two"), make_planned("three")
    second.requires.add(first)
    third.requires.add(first, second)
    make_file("modules/two.md", dump("two"))  # so that the pages know it


def dump(id_):
    from modules.files import kind_of

    return kind_of(f"modules/{id_}.md").dump(f"modules/{id_}.md").decode()


def drawn(page, title):
    """Return what is drawn for one lesson."""
    groups = re.findall(r'<g class="map-lesson[^"]*">.*?\n  </g>', page, re.DOTALL)
    return next(group for group in groups if f'aria-label="{title}, ' in group)


def listed(page, id_):
    return page.partition(f'<li id="lesson-{id_}"')[2].partition("</li>")[0]


class TestDrawing:
    def test_written_lessons_are_links_and_planned_ones_are_not(self, client, lessons):
        page = client.get("/map/").content.decode()
        assert '<a href="/modules/one/" aria-label="One, to read">' in drawn(page, "One")
        assert "<a" not in drawn(page, "Three")
        assert 'role="img" aria-label="Three, planned"' in drawn(page, "Three")

    def test_a_lesson_carries_lines_from_and_outlines_of_what_it_needs(self, client, lessons):
        page = client.get("/map/").content.decode()
        assert "map-lines" not in drawn(page, "One")
        assert drawn(page, "Two").count("map-needed") == 1
        assert drawn(page, "Three").count("map-needed") == 2
        lines = re.search(r'class="map-lines" d="([^"]+)"', drawn(page, "Three"))[1]
        assert lines.count("M") == 1  # it needs the first through the second already

    def test_the_state_is_a_sign_and_a_word(self, client, lessons):
        reader = make_reader()
        events.record(reader, Kind.COMPLETED, "one")
        events.record(reader, Kind.OPENED, "two")
        client.force_login(reader)
        page = client.get("/map/").content.decode()
        for title, sign, word in [("One", "✓", "read"), ("Two", "▸", "reading"), ("Three", "·", "planned")]:
            assert f'<tspan class="map-sign">{sign}</tspan>' in drawn(page, title)
            assert f'aria-label="{title}, {word}"' in drawn(page, title)
        assert "is-done" in drawn(page, "One")

    def test_nothing_of_a_reader_is_kept_for_others(self, client, lessons):
        reader = make_reader()
        events.record(reader, Kind.COMPLETED, "one")
        before = Client().get("/map/").content
        client.force_login(reader)
        response = client.get("/map/")
        assert "private" in response["Cache-Control"]
        assert b"is-done" in response.content
        assert Client().get("/map/").content == before
        assert b"is-done" not in before

    def test_a_title_is_text(self, client):
        make_lesson("one", title="<b>Bold</b> & more")
        page = client.get("/map/").content.decode()
        assert "<b>Bold" not in page
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in page

    @pytest.mark.parametrize("title", ["A", "Interview Question Bank: derive, estimate, design, defend", "x" * 120, ""])
    def test_a_title_is_in_lines_that_fit_and_whole(self, title):
        lines = wrapped(title)
        assert max(map(len, lines)) <= TITLE
        assert "".join("".join(lines).split()) == "".join(title.split())


class TestList:
    def test_it_says_what_each_needs_and_what_needs_it(self, client, lessons):
        page = client.get("/map/").content.decode()
        two = listed(page, "two")
        needs, _, needed_by = two.partition("Needed by")
        assert 'Needs <a href="#lesson-one">One</a></p>' in needs
        assert '<a href="#lesson-three">Three</a></p>' in needed_by
        assert "Needs" not in listed(page, "one")
        assert "Needed by" not in listed(page, "three")

    def test_every_link_within_it_leads_somewhere(self, client, lessons):
        page = client.get("/map/").content.decode()
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


class TestCircles:
    CATALOGUE = (
        "parts:\n  - id: part\n    title: Part\n    modules:\n"
        "      - {id: one, title: One, summary: A, requires: [%s]}\n"
        "      - {id: two, title: Two, summary: B, requires: [one]}\n"
        "      - {id: three, title: Three, summary: C, requires: [two]}\n"
    )

    def test_lessons_that_need_each_other_are_refused_by_name(self):
        with pytest.raises(Broken, match="one, requires: can never be begun: one needs three needs two needs one"):
            make_file("catalogue.yaml", self.CATALOGUE % "three")

    def test_without_a_circle_they_are_taken(self, client):
        make_file("catalogue.yaml", self.CATALOGUE % "")
        assert client.get("/map/").status_code == 200
