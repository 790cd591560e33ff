"""Each page of the notebook: what it shows and leaves out, and that its cost does not grow with the notebook.

What every page does alike (missing, other methods, conditional requests) is asked of the real lessons in
tests/real/test_pages.py, and of `shared` in test_shared.py; explorers have test_explorers.py.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from modules import shared
from modules.models import Company, Focus, Group, Module, Quantity, Revision, Term
from modules.models.lesson import HEAVY
from paths.models import LearningPath
from progress import events
from progress.facts import Kind
from tests.factories import SVG, make_file, make_lesson, make_number, make_planned, make_source
from tests.make import make_path, make_reader

pytestmark = pytest.mark.django_db


def grow(number):
    """Add lessons, with all that other pages list of them, in a few inserts."""
    have = Module.objects.count()
    part = make_planned("seed").part
    ids = [f"grown-{have + n}" for n in range(number)]
    Module.objects.bulk_create(
        Module(
            id=id_,
            part=part,
            position=1000 + have + n,
            title=id_,
            summary=f"About {id_}",
            hook="Read.",
            body="Text." if n % 2 else "",
            html="<p>Text</p>",
            citations=[["doe", "minute", "In one minute", "Table 1"]],
        )
        for n, id_ in enumerate(ids)
    )
    Term.objects.bulk_create(Term(module_id=id_, name=f"term {id_}", text="A word.") for id_ in ids)
    Revision.objects.bulk_create(
        Revision(path=f"modules/{id_}.md", module_id=id_, text="", kind="Added", at="2026-11-23T12:00:00Z")
        for id_ in ids
    )
    company, _ = Company.objects.get_or_create(id="acme", defaults={"name": "Acme", "position": 0})
    Focus.objects.bulk_create(Focus(company=company, module_id=id_, position=have + n) for n, id_ in enumerate(ids))
    for id_ in ids[:3]:
        make_path(f"path-{id_}", *Module.objects.filter(pk__in=ids))


def queries(client, address):
    shared.forget()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


LISTS = [
    "/",
    "/map/",
    "/sources/",
    "/sources/?q=doe",
    "/glossary/",
    "/changelog/",
    "/changelog/?page=2",
    "/changelog.atom",
    "/focus/acme/",
    "/paths/path-grown-0/",
    "/llms.txt",
    "/sitemap.xml",
    "/search/?q=grown",
    "/dashboard/",
    "/bank/",
]


class TestCost:
    @pytest.fixture(params=[False, True], ids=["anyone", "reader"])
    def client(self, request):
        client = Client()
        if request.param:
            reader = make_reader()
            client.force_login(reader)
        client.is_reader = request.param
        return client

    @pytest.mark.parametrize("address", LISTS)
    def test_a_list_asks_the_same_however_long_it_is(self, client, address):
        make_source("doe")
        grow(6)
        queries(client, address)  # what a process asks once
        few = queries(client, address)
        grow(60)
        queries(client, address)  # and once for each change of the content
        assert len(queries(client, address)) == len(few) <= 10

    @pytest.mark.parametrize("address", LISTS)
    def test_a_list_leaves_the_texts_of_lessons_alone(self, client, address):
        make_source("doe")
        grow(6)
        heavy = [f'"modules_module"."{column}"' for column in HEAVY if column != "citations"]
        assert [
            sql for sql in queries(client, address) if any(column in sql.partition(" WHERE ")[0] for column in heavy)
        ] == []

    def test_a_lesson_costs_a_reader_six_queries_at_most(self):
        lesson = make_lesson("one")
        grow(6)
        reader, client = make_reader(), Client()
        client.force_login(reader)
        events.record(reader, Kind.STARTED_PATH, LearningPath.objects.first().pk)
        queries(client, lesson.get_absolute_url())
        few = queries(client, lesson.get_absolute_url())
        grow(60)
        for pk in Module.objects.written().exclude(pk="one").values_list("pk", flat=True)[:20]:
            events.record(reader, Kind.COMPLETED, pk)
        assert len(queries(client, lesson.get_absolute_url())) == len(few) <= 6

    def test_everything_in_one_file_is_one_query_for_the_texts(self, client):
        grow(6)
        grow(60)
        texts = [sql for sql in queries(client, "/llms-full.txt") if '"modules_module"."raw"' in sql]
        assert len(texts) == 1


class TestLesson:
    def test_it_shows_its_neighbours_and_what_to_read_before(self, client):
        make_lesson("before")
        make_planned("between")
        make_lesson("one", requires=["before", "between"])
        make_lesson("after")
        page = client.get("/modules/one/").content.decode()
        assert 'rel="prev" href="/modules/before/"' in page
        assert 'rel="next" href="/modules/after/"' in page
        assert 'href="/modules/between/"' not in page
        assert "Between (planned)" in page

    def test_the_first_and_the_last_have_one_neighbour(self, client):
        make_lesson("only")
        page = client.get("/modules/only/").content.decode()
        assert 'rel="prev"' not in page
        assert 'rel="next"' not in page

    def test_markup_in_a_title_is_text(self, client):
        make_lesson("one", title="<script>alert(1)</script> & co")
        for address in ("/modules/one/", "/", "/changelog/", "/search/?q=alert"):
            page = client.get(address).content.decode()
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in page

    def test_raw_is_linked_and_canonical(self, client):
        make_lesson("one")
        assert 'type="text/markdown" href="/raw/one.md"' in client.get("/modules/one/").content.decode()

    def test_opening_it_signed_out_and_never_clicked_keeps_nothing(self, client):
        make_lesson("one")
        assert not client.get("/modules/one/").cookies

    def test_opening_it_signed_in_is_remembered(self, client):
        make_lesson("one")
        reader = make_reader()
        client.force_login(reader)
        client.get("/modules/one/")
        client.get("/modules/one/")
        assert reader.events.get().module_id == "one"


class TestRaw:
    def test_a_planned_lesson_says_what_it_will_cover(self, client):
        make_planned("later", title="Later & <more>", summary="About *later*")
        response = client.get("/raw/later.md")
        assert response.status_code == 404
        assert response.content.decode().startswith("# Later & <more>\n")
        assert "About *later*" in response.content.decode()

    def test_an_unknown_one_is_not_found_in_markdown(self, client):
        response = client.get("/raw/nothing.md")
        assert (response.status_code, response["Content-Type"]) == (404, "text/markdown; charset=utf-8")
        assert "/llms.txt" in response.content.decode()


class TestFigure:
    @pytest.fixture(autouse=True)
    def _lesson(self):
        make_lesson("one", figures={"boxes.svg": SVG})

    def test_it_is_what_was_drawn(self, client):
        response = client.get("/figures/one/boxes.svg")
        assert response.content.decode() == SVG
        assert response["Content-Type"] == "image/svg+xml"
        assert "script-src 'self'" in response["Content-Security-Policy"]

    @pytest.mark.parametrize(
        "name", ["none.svg", "boxes.png", "boxes.svg%00", "%00", "a%2fb.svg", "boxes.svg%0a", ".svg"]
    )
    def test_another_name_is_not_found(self, client, name):
        assert client.get(f"/figures/one/{name}").status_code == 404

    def test_it_sets_no_cookie(self, client):
        assert not client.get("/figures/one/boxes.svg").cookies


class TestFocus:
    def test_what_a_company_lists_stands_before_what_lessons_say(self, client):
        Company.objects.create(id="acme", name="Acme", position=0, themes=["Anvils & <b>"])
        for name in ("last", "first"):
            make_planned(name)
        Focus.objects.create(company_id="acme", module_id="last", position=1)
        Focus.objects.create(company_id="acme", module_id="first", position=0)
        make_lesson("asks", focus=["acme"])
        response = client.get("/focus/acme/")
        assert [row.module_id for row in response.context["listed"]] == ["first", "last"]
        assert [row.module_id for row in response.context["others"]] == ["asks"]
        assert "Anvils &amp; &lt;b&gt;" in response.content.decode()
        assert "/modules/first/" not in response.content.decode()


class TestSources:
    @pytest.fixture(autouse=True)
    def _sources(self):
        make_source("doe", title="On <pages>", author="Doe, Jane and {ACME}", kind="book", year=1999)
        make_source("roe", title="On keys", author="Roe, Richard", note="Read twice")
        body = "## In one minute {#minute}\n\nSo it is said [@doe, Table 7].\n"
        make_lesson("one", body=body, ledger={"n": make_number("3", source="roe", at="Figure 4")})
        group = Group.objects.create(
            id="chip", title="A chip", kind="hardware", position=0, source_id="roe", at="Page 9"
        )
        Quantity.objects.create(group=group, name="cores", value="8", label="Cores")

    def ids(self, client, **query):
        return [cited.source.pk for cited in client.get("/sources/", query).context["sources"]]

    def test_each_leads_to_the_places_that_cite_it(self, client):
        page = client.get("/sources/").content.decode()
        assert "/modules/one/#" in page
        assert "Table 7" in page
        assert "Figure 4" in page
        assert "<code>chip.cores</code>: Page 9" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "jane"}, ["doe"]),
            ({"q": "ACME pages"}, ["doe"]),
            ({"q": "1999"}, ["doe"]),
            ({"q": "on"}, ["doe", "roe"]),
            ({"q": "on zzz"}, []),
            ({"q": "%"}, []),
            ({"q": "_"}, []),
            ({"q": "\\"}, []),
            ({"kind": "book"}, ["doe"]),
            ({"kind": "book", "q": "keys"}, []),
            ({"kind": "nonsense"}, ["doe", "roe"]),
            ({"kind": "\0"}, ["doe", "roe"]),
            ({"q": "²"}, []),
            ({"q": "99"}, []),
        ],
    )
    def test_it_can_be_searched(self, client, query, found):
        assert self.ids(client, **query) == found

    def test_markup_is_text(self, client):
        page = client.get("/sources/", {"q": '"><script>'}).content.decode()
        assert "<script>" not in page.replace("<script src", "")
        assert "On &lt;pages&gt;" in client.get("/sources/").content.decode()


class TestGlossary:
    def test_terms_stand_by_letter_whatever_their_case(self, client):
        terms = {"token": "A.", "KV cache": "B.", "kernel": "C.", "Token budget": "D.", "4-bit": "E.", "épée": "F."}
        make_lesson("one", terms=terms)
        letters = client.get("/glossary/").context["letters"]
        assert [letter for letter, _ in letters] == ["4", "K", "T", "É"]
        assert [[term.name for term in terms] for _, terms in letters][1] == ["kernel", "KV cache"]

    def test_each_leads_to_where_it_is_explained(self, client):
        make_lesson("one", terms={"KV cache": "Keys & values."}, body="## A {#minute}\n\nThe [KV cache]{.term}.\n")
        page = client.get("/glossary/").content.decode()
        assert 'href="/modules/one/#term-kv-cache"' in page
        assert "Keys &amp; values." in page
        assert 'id="term-kv-cache"' in client.get("/modules/one/").content.decode()

    def test_anchors_are_the_ones_of_the_lesson(self, client):
        names = ["KV cache", "top-p", "C++ kernels", "naïve", "a_b", "GPT-3.5", "σ-algebra"]
        make_lesson("one", terms=dict.fromkeys(names, "A word."))
        page, lesson = client.get("/glossary/").content.decode(), client.get("/modules/one/").content.decode()
        for term in Term.objects.all():
            assert f'id="{term.anchor}"' in page
            assert f'id="{term.anchor}"' in lesson, term.name


class TestChangelog:
    def test_a_day_is_grouped_by_kind(self, client):
        make_lesson("one")
        make_lesson("two")
        make_lesson("one", title="Renamed")
        ((_, kinds),) = client.get("/changelog/").context["days"]
        assert [(kind.name, [row.module_id for row in kind.revisions]) for kind in kinds] == [
            ("Added", ["two", "one"]),
            ("Changed", ["one"]),
        ]

    def test_it_tells_of_lessons_only(self, client):
        make_lesson("one", figures={"boxes.svg": SVG})
        make_file("companies.yaml", "companies:\n  - {id: acme, name: Acme, themes: [Anvils]}\n")
        assert client.get("/changelog/").context["page"].paginator.count == 1

    def test_older_changes_are_on_further_pages(self, client):
        grow(120)
        response = client.get("/changelog/?page=2")
        assert response.context["page"].number == 2
        assert "Newer" in response.content.decode()

    def test_a_note_is_text(self, client):
        make_lesson("one")
        Revision.objects.update(note="<b>bold</b>")
        assert "&lt;b&gt;bold" in client.get("/changelog/").content.decode()
