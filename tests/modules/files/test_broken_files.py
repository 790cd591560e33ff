"""A file that is wrong changes nothing, and the error names the file, the line and the reason."""

from __future__ import annotations

import pytest

from modules.files import FileError
from modules.files.sync import load
from modules.models import Term
from modules.publishing import Broken
from tests.factories import (
    COMPANIES,
    PATHS,
    REFERENCE,
    SVG,
    catalogue_text,
    everything,
    lesson_text,
    make_number,
    source_text,
    write_files,
    write_notebook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path):
    load(write_notebook(tmp_path))
    return tmp_path


def question(name, **fields):
    return {"id": name, "stars": 1, "ask": "Why?", "answer": "Because.", "rubric": ["It says because"]} | fields


CATALOGUE = catalogue_text("one", "two", "three", written=("one",))
INPUTS = {"m": {"min": "1", "max": "9"}}

# What is wrong: the file, its text, words that stand last on the line that has to be named, and the reason.
BROKEN = {
    "an unknown field": ("modules/one.md", lesson_text("one").replace("minutes:", "minuets:"), "minuets", "unknown"),
    "no front matter": ("modules/one.md", "Hello\n", "Hello", "front matter"),
    "an empty body": ("modules/one.md", lesson_text("one", body="").rstrip() + "\n", "---", "the body is empty"),
    "another lesson's id": ("modules/one.md", lesson_text("two"), "id: two", "the file is named 'one'"),
    "a lesson of no catalogue": ("modules/five.md", lesson_text("five"), "id: five", "the catalogue has no lesson"),
    "a missing field": (
        "modules/one.md",
        lesson_text("one").replace("summary: About one\n", ""),
        "id: one",
        "'summary'",
    ),
    "a long summary": ("modules/one.md", lesson_text("one", summary="x " * 60), "id: one", "summary: "),
    "no number of minutes": ("modules/one.md", lesson_text("one", minutes="many"), "minutes", "whole number"),
    "too many minutes": ("modules/one.md", lesson_text("one", minutes=99999), "id: one", "minutes: "),
    "no date": ("modules/one.md", lesson_text("one", reviewed="lately"), "lately", "must be a date"),
    "an unknown company": ("modules/one.md", lesson_text("one", focus=["nobody"]), "nobody", "unknown company"),
    "a lesson that requires itself": ("modules/one.md", lesson_text("one", requires=["one"]), "requires", "no other"),
    "an unknown source": (
        "modules/one.md",
        lesson_text("one", ledger={"m": make_number(), "n": make_number("3", source="nobody", at="Table 1")}),
        "nobody",
        "unknown source",
    ),
    "a value and a formula": (
        "modules/one.md",
        lesson_text("one", ledger={"m": make_number(), "n": make_number("3") | {"formula": "2"}}),
        "formula",
        "either a value or a formula",
    ),
    "two questions of one name": (
        "modules/one.md",
        lesson_text("one", questions=[question("why"), question("why", ask="Again?")]),
        "id: why",
        "the question 'why' is given twice",
    ),
    "four stars": ("modules/one.md", lesson_text("one", questions=[question("why", stars=4)]), "id: why", "stars: "),
    "an explorer of nothing": (
        "modules/one.md",
        lesson_text("one", explorers={"what": {"title": "What if", "inputs": INPUTS}}),
        "title: What if",
        "either outputs or a lab",
    ),
    "an input of no kind": (
        "modules/one.md",
        lesson_text("one", explorers={"what": {"title": "What if", "inputs": {"m": {"size": "1"}}, "lab": "bpe"}}),
        "title: What if",
        "inputs: ",
    ),
    "a lesson given twice": ("catalogue.yaml", CATALOGUE + "      - {id: two}\n", "{id: two}", "'two' is given twice"),
    "a part given twice": (
        "catalogue.yaml",
        CATALOGUE + "  - id: part\n    title: Again\n    modules: []\n",
        "id: part",
        "the part 'part' is given twice",
    ),
    "a bad id": ("catalogue.yaml", CATALOGUE.replace("id: two", "id: ../two"), "../two", "id: "),
    "a planned lesson without a title": (
        "catalogue.yaml",
        CATALOGUE + "      - {id: six}\n",
        "six",
        "'six' is planned and needs a title",
    ),
    "a company given twice": (
        "companies.yaml",
        COMPANIES + "  - {id: acme, name: Again}\n",
        "Again",
        "the company 'acme' is given twice",
    ),
    "a company's unknown lesson": ("companies.yaml", COMPANIES.replace("two", "six"), "six", "no lesson 'six'"),
    "a path given twice": (
        "paths.yaml",
        PATHS + PATHS.partition("\n")[2].replace("A way", "B"),
        "id: way",
        "'way' is given",
    ),
    "a path's unknown lesson": ("paths.yaml", PATHS.replace("two", "six"), "six", "no lesson 'six'"),
    "a path's step given twice": ("paths.yaml", PATHS.replace("two", "one"), "It goes on", "is a step already"),
    "a group given twice": (
        "reference.yaml",
        REFERENCE + REFERENCE.partition("\n")[2].replace("A chip", "B"),
        "id: chip",
        "the group 'chip' is given twice",
    ),
    "a key given twice": (
        "sources.bib",
        source_text("doe") + "\n" + source_text("doe").partition("\n\n")[2],
        "@article{doe",
        "'doe' is given twice",
    ),
    "an unclosed entry": ("sources.bib", source_text("doe") + "\n@article{roe,\n  title = {On", "roe", "broken BibTeX"),
    "a macro": (
        "sources.bib",
        source_text("doe").replace("{On doe}", "neurips # { 30}"),
        "neurips",
        "must stand in braces",
    ),
    "a comment": ("sources.bib", source_text("doe") + "\n% why\n", "why", "comment"),
    "an unknown BibTeX field": ("sources.bib", source_text("doe").replace("year", "jahr"), "jahr", "unknown field"),
    "an unknown kind": ("sources.bib", source_text("doe").replace("@article", "@webpage"), "webpage", "kind: "),
    "broken YAML": ("paths.yaml", "paths: [\n", "", "broken YAML"),
    "bad UTF-8": ("modules/one.md", lesson_text("one").encode() + b"\nna\xefve\n", "na", "not UTF-8"),
    "a null byte": ("modules/one.md", lesson_text("one") + "\na\0b\n", "\0", "null byte"),
    "an escaped null byte": ("modules/one.md", lesson_text("one").replace("Read on.", '"a\\0b"'), "hook", "U\\+0000"),
    "half a character": ("modules/one.md", lesson_text("one").replace("Read on.", '"a\\ud800b"'), "hook", "U\\+D800"),
    "a picture that runs a script": (
        "figures/one/boxes.svg",
        SVG.replace("</svg>", "<script>alert(1)</script></svg>"),
        None,
        "script",
    ),
    "a picture of another kind": ("figures/one/photo.png", SVG, None, "photo.png is not"),
    "a picture of no lesson": ("figures/nine/boxes.svg", SVG, None, "no lesson 'nine'"),
    "a picture with a bad name": ("figures/one/My Boxes.svg", SVG, None, "name"),
}

# What is wrong with a lesson that reads well but does not hold.
BROKEN_CONTENT = {
    "an unknown number": (lesson_text("one", body="## A {#a}\n\nWords.\n\nIt is [=nothing].\n"), "nothing"),
    "an undefended numeral": (lesson_text("one", body="## A {#a}\n\nIt takes 4711 GB.\n"), "4711"),
    "an unknown number in the hook": (lesson_text("one", hook="It is [=nothing]."), "nothing"),
    "an unknown number in an answer": (
        lesson_text("one", questions=[question("a"), question("b", answer="It is [=nothing].")]),
        "nothing",
    ),
    "an unknown number in a rubric": (
        lesson_text("one", questions=[question("a", rubric=["Says [=nothing]"])]),
        "nothing",
    ),
    "an unknown name in a formula": (
        lesson_text("one", ledger={"m": make_number(), "n": make_number(formula="2 * nothing")}),
        "nothing",
    ),
    "an assumption without a reason": (lesson_text("one", ledger={"n": {"value": "3", "label": "N"}}), "label: N"),
    "an unknown unit": (lesson_text("one", ledger={"m": make_number(), "n": make_number("3 furlong")}), "furlong"),
    "an explorer that does not work": (
        lesson_text(
            "one",
            ledger={"m": make_number()},
            explorers={"what": {"title": "What if", "inputs": INPUTS, "outputs": ["nothing"]}},
        ),
        "what:",
    ),
}


def line_of(text, marker):
    """Return the line on which `marker` stands last."""
    if marker is None:
        return None
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    return text.count("\n", 0, text.rindex(marker)) + 1


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_with_its_line_and_changes_nothing(root, name):
    before = everything()
    path, content, marker, message = BROKEN[name]
    write_files(root, {path: content, "modules/two.md": lesson_text("two")})
    with pytest.raises(FileError, match=message) as caught:
        load(root)
    assert (caught.value.path, caught.value.line) == (path, line_of(content, marker))
    assert everything() == before


@pytest.mark.parametrize("name", BROKEN_CONTENT)
def test_so_is_one_that_does_not_hold(root, name):
    before = everything()
    text, marker = BROKEN_CONTENT[name]
    write_files(root, {"modules/one.md": text})
    with pytest.raises(Broken) as caught:
        load(root)
    assert str(caught.value).startswith(f"modules/one.md, line {line_of(text, marker)}: ")
    assert everything() == before


def test_a_shared_number_that_does_not_hold_is_named_with_its_line(root):
    write_files(root, {"reference.yaml": REFERENCE.replace("value: 8,", "value: 8 furlong,")})
    with pytest.raises(Broken, match=r"reference\.yaml, line 8: .*chip\.cores.*furlong"):
        load(root)


def test_a_term_defined_twice_is_named(root):
    write_files(root, {"modules/one.md": lesson_text("one", terms={"Token": "A."})})
    write_files(root, {"modules/two.md": lesson_text("two", terms={"token": "B."})})
    with pytest.raises(Broken, match="'token' is defined in one already"):
        load(root)
    assert not Term.objects.exists()
