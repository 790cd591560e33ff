"""Three lessons with questions of every kind, for the tests of the bank."""

from __future__ import annotations

from modules.models import Company, Module, Part
from modules.publishing import refresh
from tests.factories import BODY, REFERENCE, make_file, make_lesson, make_number, make_planned, make_source
from tests.make import make_path

LEDGER = {
    "layers": make_number("80", label="Layers"),
    "size": make_number("2 B", label="Size"),
    "cache": make_number(formula="layers * size * chip.cores", unit="B", label="Cache"),
}
QUESTIONS = [
    {
        "id": "size",
        "stars": 1,
        "ask": "How large is the *cache* of [=layers] layers [@doe, Table 2]?",
        "answer": "It is [=cache], see [why](#minute) and [two](two.md).",
        "rubric": ["Gets the [=cache]", "Names the unit", "Doubts it"],
        "number": "cache",
    },
    {
        "id": "why",
        "stars": 3,
        "ask": "Why quantise at all? $x_i$",
        "answer": "A secret.",
        "rubric": ["Says why", "Says when"],
    },
]


def make_bank() -> None:
    """Make the lessons one (of Acme, on the path), two, and three with the one question `bare`; four is planned."""
    make_source("doe")
    make_file("reference.yaml", REFERENCE)
    make_planned("two")
    make_lesson(
        "two", questions=[{"id": "shared", "stars": 2, "ask": "Cores?", "answer": "8.", "number": "chip.cores"}]
    )
    make_lesson("one", ledger=LEDGER, questions=QUESTIONS, body=f"{BODY}\nIt takes [=cache].\n")
    make_lesson("three", questions=[{"id": "bare", "stars": 2, "ask": "What now?", "answer": "Wait."}])
    make_planned("four")
    other = Part.objects.create(id="other", title="Other part", position=1)
    Module.objects.filter(pk="three").update(part=other, position=1)
    Module.objects.filter(pk="one").update(position=1)
    Module.objects.filter(pk="two").update(position=2)
    Company.objects.create(id="acme", name="Acme", position=1).focus.create(module_id="one", asked=True)
    Company.objects.create(id="none", name="Nobody", position=2).focus.create(module_id="four", asked=True)
    refresh()
    make_path("way", Module.objects.get(pk="one"), Module.objects.get(pk="three"), Module.objects.get(pk="four"))
