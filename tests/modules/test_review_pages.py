"""Failure modes in a table and alone, reviews side by side, documents to take away."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from modules import content
from modules.models import Module
from tests.factories import make_lesson
from tests.make import make_reader
from tests.reviews import BODY, LIKE, MODEL, exam, failure

pytestmark = pytest.mark.django_db

TEMPLATE = """
## The document {#document}

::::: template slo A document

#### Promise

It has [=gpus] for [=rate] of requests.

::: note Why so
Only for whoever learns.
:::

#### Load

| what | how much |
|---|---|
| load | [=rate] |

- first **point**
- second
:::::
"""


@pytest.fixture
def failures():
    content.forget()
    one = [failure(), failure("leak", mode="A row leaks", systems=["Zeta", "Acme"], lever="stop")]
    make_lesson("one", body=BODY, ledger=MODEL, failures=one)
    make_lesson("two", body=BODY, failures=[failure("prompt", mode="An old prompt", systems=["Beta"], lever="restore")])


def modes(response):
    return [row.name for row in response.context["asking"].found]


@pytest.mark.usefixtures("failures")
class TestFailures:
    def test_all_stand_in_the_order_of_the_notebook(self, client):
        response = client.get("/failures/")
        assert modes(response) == ["lost", "leak", "prompt"]
        assert '<a href="/failures/one/leak/">A row leaks</a>' in response.content.decode()
        assert "public" in response["Cache-Control"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("system=Acme", ["lost", "leak"]),
            ("lever=stop", ["leak"]),
            ("review=two", ["prompt"]),
            ("system=Acme&lever=restore", []),
            ("system=Nobody", []),
            ("sort=mode", ["leak", "prompt", "lost"]),
            ("sort=-mode", ["lost", "prompt", "leak"]),
            ("sort=system", ["lost", "prompt", "leak"]),
            ("sort=nonsense", ["lost", "leak", "prompt"]),
        ],
    )
    def test_the_address_narrows_and_sorts(self, client, query, found):
        assert modes(client.get(f"/failures/?{query}")) == found

    def test_a_choice_says_how_many_it_would_leave(self, client):
        fields = {
            name: options for name, _label, options in client.get("/failures/?system=Acme").context["asking"].fields
        }
        assert [(option.value, option.count) for option in fields["lever"]] == [("shed", 1), ("stop", 1)]
        assert [(option.value, option.count) for option in fields["system"]] == [("Acme", 2), ("Beta", 1), ("Zeta", 1)]

    def test_with_htmx_it_is_the_table_alone_and_its_address(self, client):
        response = client.get("/failures/?lever=stop&sort=mode", headers={"HX-Request": "true"})
        assert "<html" not in response.content.decode()
        assert response["HX-Push-Url"] == "/failures/?lever=stop&sort=mode"

    def test_each_has_a_page_with_what_else_befalls_its_systems(self, client):
        page = client.get("/failures/one/lost/").content.decode()
        assert "Hits fall." in page
        assert '<a href="/failures/one/leak/">A row leaks</a>' in page
        assert "An old prompt" not in page
        assert client.get("/failures/one/nothing/").status_code == 404

    def test_that_of_a_lesson_planned_again_is_gone(self, client):
        Module.objects.filter(pk="one").update(body="")
        assert client.get("/failures/one/lost/").status_code == 404
        assert modes(client.get("/failures/")) == ["prompt"]


class TestCompare:
    @pytest.fixture(autouse=True)
    def _reviews(self):
        content.forget()
        make_lesson("design-doc", ledger=MODEL)
        like = LIKE | {"gpus": {"like": "design-doc:gpus"}}
        make_lesson("one", ledger=like)
        make_lesson("two", ledger=like | {"gpus": {"formula": "3 * rate * work", "unit": "gpu", "label": "GPUs"}})

    def cells(self, response):
        return {
            line.name: [
                (str(cell.defended.number.quantity), cell.ratio, cell.is_own) if cell else None for cell in line.cells
            ]
            for line in response.context["table"].lines
        }

    def test_the_lines_of_the_model_stand_in_its_order(self, client):
        response = client.get("/compare/?lessons=one,two")
        assert self.cells(response) == {
            "rate": [("5 request/s", "", False), ("5 request/s", "1", False)],
            "work": [("4 gpu*s/request", "", False), ("4 gpu*s/request", "1", False)],
            "gpus": [("20.0 gpu", "", False), ("60.0 gpu", "3", True)],
        }
        assert "its own formula" in response.content.decode()

    def test_a_form_names_each_lesson_by_itself(self, client):
        response = client.get("/compare/?lessons=one&lessons=design-doc")
        assert [lesson.pk for lesson in response.context["table"].lessons] == ["one", "design-doc"]

    def test_what_one_does_not_have_is_none(self, client):
        make_lesson("three", ledger={"rate": MODEL["rate"]})
        assert self.cells(client.get("/compare/?lessons=one,three"))["gpus"][1] is None

    def test_a_supposed_value_reaches_the_table(self, client):
        response = client.get("/compare/?lessons=one,two&set=one:rate:10+request/s")
        assert self.cells(response)["gpus"][0][0] == "40.0 gpu"

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("lessons=one", "Choose two"),
            ("lessons=one,nothing", "no lesson “nothing”"),
            ("lessons=one,two,design-doc,a,b", "at most"),
            ("lessons=one,two&set=rate:many", "cannot be read"),
        ],
    )
    def test_what_cannot_be_is_told(self, client, query, told):
        response = client.get(f"/compare/?{query}")
        assert response.status_code == 400
        assert told in response.content.decode()

    def test_nothing_asked_is_the_choice(self, client):
        response = client.get("/compare/")
        assert response.status_code == 200
        assert response.context["table"].lines == []


class TestDocuments:
    @pytest.fixture(autouse=True)
    def _lesson(self):
        content.forget()
        make_lesson("one", body=TEMPLATE, ledger=MODEL)

    def test_it_is_markdown_without_its_notes(self, client):
        response = client.get("/documents/one/slo.md")
        text = response.content.decode()
        assert response["Content-Type"] == "text/markdown; charset=utf-8"
        assert text.startswith("# A document\n\n## Promise\n\nIt has 6 GPUs for 3")
        assert "Only for whoever learns" not in text
        assert "## Load" in text
        assert "- second" in text

    def test_the_lesson_has_it_whole(self):
        lesson = Module.objects.get(pk="one")
        assert "Only for whoever learns" in lesson.html
        assert '<a href="/documents/one/slo.docx">Word</a>' in lesson.html
        assert "#### Promise" in lesson.raw

    def test_it_follows_what_is_supposed(self, client):
        assert "It has 20 GPUs" in client.get("/documents/one/slo.md?set=rate:10+request/s").content.decode()
        assert client.get("/documents/one/slo.md?set=rate:many").status_code == 400

    def test_word_processors_read_the_same(self, client):
        document = Document(BytesIO(client.get("/documents/one/slo.docx").content))
        said = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
        assert said[:2] == [("Title", "A document"), ("Heading 1", "Promise")]
        assert ("List Bullet", "first point") in said
        assert [cell.text for cell in document.tables[0].rows[0].cells] == ["what", "how much"]
        assert any(run.bold for paragraph in document.paragraphs for run in paragraph.runs if run.text == "point")

    @pytest.mark.parametrize("address", ["/documents/one/nothing.md", "/documents/nothing/slo.md"])
    def test_what_is_not_there_is_not_found(self, client, address):
        assert client.get(address).status_code == 404


def test_a_lesson_leads_to_its_exam(client):
    content.forget()
    make_lesson("one", ledger=MODEL, exam=exam())
    make_lesson("two")
    assert 'href="/exams/one/"' in client.get("/modules/one/").content.decode()
    assert 'href="/exams/two/"' not in client.get("/modules/two/").content.decode()
    client.force_login(make_reader())
    assert "private" in client.get("/modules/one/")["Cache-Control"]
