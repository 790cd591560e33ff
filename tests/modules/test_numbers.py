"""The pages of numbers: what one rests on, what rests on it, and what it said before."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from modules import content, defences
from modules.models import NumberChange
from modules.publishing import Broken
from tests.factories import REFERENCE, lesson_text, make_file, make_lesson, make_number, make_planned, make_source

pytestmark = pytest.mark.django_db

LEDGER = {
    "size": make_number("2 B", label="Size of one"),
    "count": make_number("3", label="How many", source="doe", at="Table 2"),
    "rate": make_number(formula="size / 4 s", unit="B/s", label="Rate"),
    "total": make_number(formula="count * size + rate * 2 s", unit="B", label="All of them"),
    "twice": make_number(formula="2 * total", unit="B", label="Both"),
    "more": make_number(formula="twice + size", unit="B", label="More"),
}


@pytest.fixture
def lesson():
    make_source("doe")
    make_file("reference.yaml", REFERENCE)
    return make_lesson("one", ledger=LEDGER | {"per_core": make_number(formula="1 / chip.cores", label="Of a core")})


def defended(name, owner="one"):
    return defences.find(owner, name, content.current())


def changed(**ledger):
    make_file("modules/one.md", lesson_text("one", ledger=LEDGER | ledger))


class TestDefence:
    @pytest.fixture(autouse=True)
    def _lesson(self, lesson):
        pass

    def test_a_formula_is_written_in_names_and_in_values(self):
        pieces = defended("total").pieces
        assert "".join(piece.text for piece in pieces) == "count * size + rate * 2 s"
        assert "".join(piece.value for piece in pieces) == "3 * 2\N{NO-BREAK SPACE}B + (0.5\N{NO-BREAK SPACE}B/s) * 2 s"
        assert [piece.number.name for piece in pieces if piece.number] == ["count", "size", "rate"]

    def test_it_goes_down_to_the_leaves_and_names_each_number_once(self):
        tree = [(below.defended.name, below.depth) for below in defended("more").tree]
        assert tree == [("twice", 1), ("total", 2), ("count", 3), ("size", 3), ("rate", 3)]
        assert [leaf.name for leaf in defended("more").leaves] == ["count", "size"]

    def test_it_goes_up_to_all_that_rests_on_it(self):
        assert [reader.name for reader in defended("total").readers] == ["twice"]
        assert [reader.name for reader in defended("total").further] == ["more"]

    def test_a_number_of_a_group_is_read_by_lessons(self):
        assert [str(reader) for reader in defended("cores", "chip").readers] == ["Of a core: 0.125"]

    @pytest.mark.parametrize(
        ("query", "kind", "names"),
        [
            ("all them", "", ["total"]),
            ("ONE:", "cited", ["count"]),
            ("doe", "", ["count"]),
            ("all nothing", "", []),
            ("size count", "", ["total"]),
            ("", "assumed", ["size"]),
        ],
    )
    def test_search_looks_for_every_word(self, query, kind, names):
        found = defences.search(query, kind, content.current())
        assert [number.name for number in found if number.owner_id == "one"] == names


class TestPages:
    @pytest.fixture(autouse=True)
    def _lesson(self, lesson):
        pass

    def test_a_computed_number_shows_its_formula_and_links_to_what_it_names(self, client):
        page = client.get("/numbers/one/total/").content.decode()
        assert "<h1>All of them</h1>" in page
        for name in ("count", "size", "rate"):
            assert f'<a href="/numbers/one/{name}/">{name}</a>' in page
        assert 'href="/numbers/one/twice/"' in page
        assert 'href="/modules/one/#number-total"' in page

    def test_a_cited_number_shows_its_source_and_where_in_it(self, client):
        page = client.get("/numbers/one/count/").content.decode()
        assert "https://example.org/doe" in page
        assert "Table 2" in page

    def test_an_assumed_number_shows_its_reason(self, client):
        assert "It is only a test" in client.get("/numbers/one/size/").content.decode()

    def test_json_says_the_same(self, client):
        response = client.get("/numbers/one/total.json")
        assert response["Content-Type"] == "application/json"
        fields = json.loads(response.content)
        assert (fields["id"], fields["value"], fields["magnitude"]) == ("one:total", "7\N{NO-BREAK SPACE}B", 7.0)
        assert fields["inputs"] == ["one:count", "one:size", "one:rate"]
        assert fields["read_by"] == ["one:twice"]
        assert fields["printed_in"] == [f"{settings.SITE_URL}/modules/one/"]
        assert "because" not in fields

    @pytest.mark.parametrize(
        "address", ["one/nothing/", "nothing/total/", "chip/total/", "one/total.xml", "one/to-tal/"]
    )
    def test_what_is_no_number_is_404(self, client, address):
        assert client.get(f"/numbers/{address}").status_code == 404

    def test_shared_numbers_stand_in_the_reference(self, client):
        page = client.get("/reference/").content.decode()
        assert 'id="number-chip-cores"' in page
        assert "1 number" in page

    def test_numbers_are_shown_by_the_hundred(self, client):
        make_lesson("many", ledger={f"n{k}": make_number(str(k)) for k in range(150)})
        page = client.get("/numbers/?q=many:").content.decode()
        assert page.count('href="/numbers/many/') == 100
        assert 'rel="next" href="/numbers/?q=many%3A&amp;page=2"' in page
        assert client.get("/numbers/?q=many:&page=2").content.decode().count('href="/numbers/many/') == 50

    def test_a_fragment_is_not_a_page(self, client):
        fragment = client.get("/numbers/?q=size", headers={"hx-request": "true"})
        assert b"<html" not in fragment.content
        assert "HX-Request" in fragment["Vary"]

    def test_a_lesson_and_a_group_may_not_share_an_address(self):
        make_planned("chip")
        with pytest.raises(Broken, match=r"chip\.cores: has the address of chip:cores"):
            make_file("modules/chip.md", lesson_text("chip", ledger={"cores": make_number("4")}))


class TestHistory:
    @pytest.fixture(autouse=True)
    def _lesson(self, lesson):
        pass

    def said(self, name):
        return [(change.value, change.how) for change in NumberChange.objects.filter(number=f"one:{name}")]

    def test_it_begins_when_the_number_does(self):
        assert self.said("count") == [("3", "cited: doe, Table 2")]

    def test_a_new_value_changes_what_rests_on_it_too(self):
        changed(count=make_number("5", label="How many", source="doe", at="Table 2"))
        assert [value for value, _ in self.said("count")] == ["5", "3"]
        assert [value for value, _ in self.said("total")] == ["11\N{NO-BREAK SPACE}B", "7\N{NO-BREAK SPACE}B"]
        assert len(self.said("rate")) == 1

    def test_so_does_another_defence_of_the_same_value(self):
        changed(count=make_number("3", because="Somebody said so", label="How many"))
        assert self.said("count") == [("3", "assumed: Somebody said so"), ("3", "cited: doe, Table 2")]
        assert len(self.said("total")) == 1

    def test_a_number_that_is_gone_is_noted_once(self):
        make_file("modules/one.md", lesson_text("one", ledger={"size": LEDGER["size"]}))
        make_file("modules/one.md", lesson_text("one", ledger={"size": LEDGER["size"]}, title="Anew"))
        assert self.said("total")[0] == ("", "")
        assert len(self.said("total")) == 2

    def test_a_refused_change_is_not_noted(self):
        before = NumberChange.objects.count()
        with pytest.raises(Broken):
            changed(count=make_number("5"), bad=make_number(formula="nothing"))
        assert NumberChange.objects.count() == before

    @pytest.mark.parametrize("write", ["update", "delete"])
    def test_nobody_rewrites_it(self, write):
        rows = NumberChange.objects.filter(number="one:count")
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            rows.update(value="4") if write == "update" else rows.delete()
