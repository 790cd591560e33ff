"""What-ifs of the lessons as they ship."""

from __future__ import annotations

import re

import pytest

from modules import content
from modules.explorers import View
from modules.models import Explorer, Module
from modules.rendering import fidelity
from modules.whatif import suppose_lesson


def written():
    return Module.objects.written()


def moved(row):
    """Return the end of the address of a lesson with every input of an explorer a little further on."""
    now = content.current()
    inputs = View.of(row, now.graph, now.entries).inputs
    given = {f"{item.name}.at": str(min(item.position + 8, 400)) for item in inputs}
    return View.of(row, now.graph, now.entries, given).lesson_query


def test_nothing_supposed_gives_the_stored_pages():
    for module in written():
        for _ in range(2):  # the second from the texts that the first parsed
            draft = suppose_lesson(module.pk, "").draft
            assert (draft.html, draft.hook, draft.raw) == (module.html, module.hook_html, module.raw), module.pk


def test_markdown_says_what_the_page_says_with_other_values_too(client):
    """The explorer of each lesson that moves most of it is asked."""
    most = {row.module_id: row for row in sorted(Explorer.objects.exclude(outputs=[]), key=lambda row: len(row.inputs))}
    for row in most.values():
        raw = client.get(f"/raw/{row.module_id}.md{moved(row)}").content.decode()
        assert "as written" in raw
        lesson = suppose_lesson(row.module_id, re.search(r"(?m)^what_if: '?(.*?)'?$", raw)[1])
        told = re.sub(r"(?m)^> \*\*What if.*\n\n", "", lesson.draft.raw)
        assert fidelity.compare(lesson.draft.hook + lesson.draft.html, told) == []
    assert len(most) > 50


@pytest.mark.parametrize("module_id", ["tokenization", "attention", "kv-cache", "sampling"])
def test_each_explorer_says_what_moves_its_outputs(module_id):
    module = Module.objects.get(pk=module_id)
    assert "Elasticity at the defaults" in module.raw
    assert "-elastic in <em>" in module.html
