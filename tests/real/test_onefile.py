"""The files for offline of the real lessons say what the pages say, and are no larger than they must be."""

from __future__ import annotations

import re

import pytest

from modules.models import Module
from modules.rendering.fidelity import read_html
from paths.models import LearningPath

WRITTEN = ["tokenization", "attention", "kv-cache"]
AROUND_BYTES = 450_000  # styles and every font, as base64


def lessons_in(client, address):
    """Return the HTML of each lesson in a file, by id."""
    file = b"".join(client.get(address)).decode()
    _, *articles = re.split(r'<article class="lesson-page" id="([a-z0-9-]+)\.lesson\.top"', file)
    return dict(zip(articles[::2], articles[1::2], strict=True)), len(file.encode())


@pytest.mark.parametrize("lesson", WRITTEN)
def test_a_lesson_says_the_same_as_its_page(client, lesson):
    row = Module.objects.get(pk=lesson)
    files, _ = lessons_in(client, f"/modules/{lesson}/offline.html")
    page, copy = read_html(row.hook_html + row.html), read_html(_own(files[lesson]))
    assert (copy.headings, copy.tables, copy.code) == (page.headings, page.tables, page.code)
    assert (copy.formulas, copy.numerals) == (page.formulas, page.numerals)


@pytest.mark.parametrize("lesson", WRITTEN)
def test_a_lesson_is_as_large_as_its_page_and_what_surrounds_it(client, lesson):
    _, size = lessons_in(client, f"/modules/{lesson}/offline.html")
    assert size < len(Module.objects.get(pk=lesson).html.encode()) * 1.1 + AROUND_BYTES


def test_a_path_has_every_written_lesson_whole_and_the_fonts_once(client):
    for path in LearningPath.objects.all():
        steps = list(path.steps.filter(module__is_written=True).values_list("module", flat=True))
        files, size = lessons_in(client, f"/paths/{path.pk}/offline.html")
        assert list(files) == steps
        rows = Module.objects.in_bulk(steps)
        for lesson, file in files.items():
            assert read_html(_own(file)).numerals == read_html(rows[lesson].hook_html + rows[lesson].html).numerals
        assert size < sum(len(row.html.encode()) for row in rows.values()) * 1.1 + AROUND_BYTES


def _own(file):
    """Return the hook and the text of a lesson, without what stands between them."""
    hook = re.search(r'<div class="standfirst">(.*?)</div>\s*<p class="meta">', file, re.DOTALL)[1]
    return hook + re.search(r'<div class="lesson">(.*)</div>\s*</article>', file, re.DOTALL)[1]
