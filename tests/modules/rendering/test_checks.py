"""What keeps a lesson from being saved: a sentence, a line, a place. Nothing raises."""

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.rendering import Problem, Question, render
from tests.modules.rendering.sample import BODY, make_bare, make_lesson, make_material, make_numbers
from tests.modules.rendering.test_limits import HOSTILE, SECONDS

QUESTION = Question("q", 1, "Why?", "So.")


def problems(body, material=None, **fields):
    return render(make_bare(body, **fields), material or make_material()).problems


@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        ("a\n[=nothing]", "unknown number 'nothing'", 2),
        ("[=window in MB]", "the number 'window' cannot be printed: 8192 token is in token, which does not convert", 1),
        ("[=window in furlong]", "the number 'window' cannot be printed: ", 1),
        ("a\n\n[@nobody1999]", "unknown source 'nobody1999'", 3),
        ("[a](nothing.md)", "dead link 'nothing.md'", 1),
        ("[a](attention.html)", "dead link", 1),
        ("[a](//evil.example)", "dead link", 1),
        ("[a](#nowhere)", "dead link '#nowhere'", 1),
        ("[a](kv-cache.md#nowhere)", "dead link", 1),
        ("[some thing]{.term}", "unknown term 'some thing'", 1),
        ("a\n\n$\\foo$", "the formula '\\foo' is refused: Unknown command \"\\foo\", at character 1", 3),
        ("$$\na\n$$\n\n$$\n\\frac{a\n$$", "is refused: Expected closing token", 5),
        ("::: explorer nothing\n:::", "unknown explorer 'nothing'", 1),
        ("::: check nothing\n:::", "unknown question 'nothing'", 1),
        ("::: figure no.svg A\n**What you see.** **What to notice.**\n:::", "unknown figure 'no.svg'", 1),
        ("::: note [=nothing]\ntext\n:::", "unknown number 'nothing'", 1),
        ("| a |\n|---|\n| [=nothing] |", "unknown number 'nothing'", 3),
        ("a[^1]\n\n[^1]: [=nothing]", "unknown number 'nothing'", 3),
        ("## A", "has no anchor", 1),
    ],
)
def test_problem_is_a_sentence_with_its_line(body, message, line):
    (problem,) = problems(body)
    assert message in problem.message
    assert (problem.line, problem.where) == (line, "body")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"hook": "One [=nothing]."}, "hook"),
        ({"questions": (replace(QUESTION, ask="[=nothing]"),)}, "question q"),
        ({"questions": (replace(QUESTION, answer="[=nothing]"),)}, "question q, answer"),
        ({"questions": (replace(QUESTION, rubric=("a", "[=nothing]")),)}, "question q, rubric 2"),
        ({"questions": (replace(QUESTION, number="nothing"),)}, "question q"),
        ({"questions": (replace(QUESTION, stars=4),)}, "question q"),
        ({"questions": (QUESTION, QUESTION)}, "question q"),
    ],
)
def test_problem_names_the_text_it_is_in(fields, where):
    assert {problem.where for problem in problems("x", **fields)} == {where}


def test_number_of_the_ledger_with_an_unknown_source_is_a_problem():
    number = replace(make_numbers()["share"], source="nobody1999")
    assert problems("x", ledger=(number,)) == [Problem("unknown source 'nobody1999'", None, "number share")]


def test_refused_drawing_is_a_problem():
    material = make_material(figures={"a.svg": "<svg onload='x'/>"})
    (problem,) = problems("::: figure a.svg A\n**What you see.** **What to notice.**\n:::", material)
    assert problem.message.startswith("the figure 'a.svg' is refused: ")


def test_broken_explorer_is_a_problem_and_the_page_stands():
    def broken(name):
        raise ValueError("the bounds of 'x' must rise")

    rendered = render(make_lesson(), make_material(explorer_html=broken, explorer_markdown=broken))
    assert rendered.problems == [
        Problem("the explorer 'memory' does not work: the bounds of 'x' must rise", None, "explorer memory")
    ]
    assert "<h2" in rendered.html


@pytest.mark.parametrize(
    "link",
    ["#figure-paging", "#eq-soft", "#scale", "#question-gqa", "#number-window", "#source-kwon2023", "#explorer-memory"],
)
def test_link_to_anything_with_an_id_is_alive(link):
    lesson = make_lesson(f"{BODY}\n\n[x]({link})")
    assert render(lesson, make_material()).problems == []


def test_question_that_asks_for_all_questions_is_a_problem_and_no_endless_page():
    question = Question("q", 1, "::: questions\n:::", "::: check q\n:::")
    rendered = render(make_bare("::: questions\n:::", questions=(question,)), make_material())
    assert {problem.message for problem in rendered.problems} == {"a question has no containers"}
    assert rendered.html.count('<li class="question"') == 1


def test_page_with_problems_still_shows_the_text():
    rendered = render(
        make_bare("[=nothing] [@nobody1999] $\\foo$ [a](no.md) [b]{.term} ::: nots x\n\n::: nots x\ny\n:::"),
        make_material(),
    )
    assert (
        '<p>[=nothing] <span class="citation">(@nobody1999)</span> <code>\\foo</code> a b ::: nots x</p>'
        in rendered.html
    )
    assert "<p>y</p>" in rendered.html
    assert "\ny\n" in rendered.raw


@pytest.mark.parametrize(
    "name",
    ["numbers", "footnotes", "setext headings", "deep emphasis", "backticks", "listed containers", "stray fences"],
)
def test_hostile_text_that_is_read_is_also_rendered_within_a_second(name):
    start = process_time()
    render(make_bare(HOSTILE[name]), make_material())
    assert process_time() - start < SECONDS


@pytest.mark.parametrize("language", ["python", "yaml", "html", "java"])
def test_hostile_code_is_coloured_or_not_within_a_second(language):
    block = f"```{language}\n{'  ' + chr(10)}{'`&@ ' * 1200}\n{chr(10).join(['  '] * 600)}\n```\n\n"
    start = process_time()
    render(make_bare(block * 20), make_material())
    assert process_time() - start < SECONDS


PIECES = [
    *BODY.split(),
    *BODY.splitlines(),
    *("\n", "\n\n", "> ", "- ", "1. ", "    ", "::: note A", ":::", "```", "$$", "$", "|", "|-|-|", "# ", "## A {#a}"),
    *("[=", "[@", "]", "]{.toy}", "[^1]", "[^1]: ", "![", "](", "*", "**", "`", "<b>", "&amp;", "\\"),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from([" ", "", "\n"]))
def test_no_text_makes_render_raise(pieces, between):
    text = between.join(pieces)
    questions = (Question("q", 1, text, text, (text,), text),)
    rendered = render(
        make_bare(text, hook=text, title=text, terms=((text, text),), questions=questions), make_material()
    )
    assert rendered.raw.endswith("(/llms.txt)\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The mean of $x$", "'$'"),
        ("Costs [=price]", "'[='"),
        ("As `numpy` does", "'`'"),
        ("As [told](attention.md)", "']('"),
        ("Costs $5 at most, in [brackets], a*b", None),
    ],
)
def test_a_term_is_explained_in_plain_text(text, found):
    messages = [problem.message for problem in problems("Text.", terms=(("prefill", text),))]
    assert messages == ([f"the explanation is plain text, in which {found} would be printed"] if found else [])
