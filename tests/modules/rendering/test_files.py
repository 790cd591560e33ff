"""Files of a program: put together from their blocks, named on the page and in the raw Markdown."""

from __future__ import annotations

import pytest

from modules.rendering import parse, render
from tests.modules.rendering.sample import make_bare, make_material

TWO = "```python file agent/loop.py\nLIMIT = 3\n```\n\nAnd then:\n\n```python file agent/loop.py\nprint(LIMIT)\n```\n"


def made(body):
    page = render(make_bare(f"## In one minute {{#minute}}\n\n{body}"), make_material())
    assert not page.problems
    return page


def test_blocks_of_one_name_make_one_file():
    document = parse(TWO + "\n```python file agent/tools.py\nx = 1\n```\n")
    assert document.files == {"agent/loop.py": "LIMIT = 3\n\n\nprint(LIMIT)\n", "agent/tools.py": "x = 1\n"}
    assert not document.problems


def test_they_are_part_of_the_code_that_is_known_to_hold():
    run = "```python run\nprint(1)\n```\n\n"
    codes = {parse(text).code for text in (run, run + TWO, run + TWO.replace("3", "4"))}
    assert len(codes) == 3


@pytest.mark.parametrize(
    "name",
    ["", "loop.py", "agent/loop", "agent/a/b.py", "../a/b.py", "/a/b.py", "agent/__init__.py", "a b/c.py"],
)
def test_a_name_that_is_none_is_refused(name):
    (problem,) = parse(f"```python file {name}\nx = 1\n```\n").problems
    assert "names no file of a program" in problem.message


def test_they_stand_in_the_body_only():
    (problem,) = parse(TWO.split("\n\n")[0], "question one").problems
    assert problem.message == "a question holds no file of a program"


def test_the_page_names_the_file_and_leads_to_the_whole():
    html = made(f"{TWO}\nAs [above](#file-agent-loop).\n").html
    assert '<div class="file" id="file-agent-loop">' in html
    assert '<code>agent/loop.py</code>, a piece of <a href="/programs/agent/">agent</a>' in html
    assert "<code>agent/loop.py</code>, continued" in html
    assert html.count('class="language-python"') == 2


def test_the_raw_markdown_says_the_same():
    raw = made(TWO).raw
    assert "`agent/loop.py`, a piece of [agent](/programs/agent/)\n\n```python\nLIMIT = 3\n```" in raw
    assert "`agent/loop.py`, continued\n\n```python\nprint(LIMIT)\n```" in raw
