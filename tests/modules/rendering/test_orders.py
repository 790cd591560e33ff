"""Plots in a lesson's text: what is ordered, what the page and the raw Markdown show, what is refused."""

import pytest

from modules.rendering import render
from modules.rendering.orders import PlotOrder, read_order
from tests.modules.rendering.sample import make_bare, make_lesson, make_material

PARTS = "**What you see.** A line.\n\n**What to notice.** It rises.\n"


def plotted(order="`per_token over window from 1 token to 9 token`", parts=PARTS, **material):
    body = f"## A {{#a}}\n\n::: plot growth A caption\n{order}\n\n{parts}:::\n"
    return render(make_bare(body), make_material(**material))


def messages(rendered):
    return [problem.message for problem in rendered.problems]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("`y over x from 1 to 2`", PlotOrder(("y",), "x", "1", "2")),
        ("y over x from 1 to 2", PlotOrder(("y",), "x", "1", "2")),
        ("y, a.y over b:x from 1 token to 2 token, log", PlotOrder(("y", "a.y"), "b:x", "1 token", "2 token", True)),
        (
            "`y over x from 1 to 2, log by z at 1 B, 2 B`",
            PlotOrder(("y",), "x", "1", "2", True, "z", ("1 B", "2 B")),
        ),
        ("y over x", None),
        ("y over x from 1", None),
        ("y over x from 1 to 2, linear", None),
        ("", None),
    ],
)
def test_order_is_read_or_refused(text, order):
    assert read_order(text) == order


def test_page_shows_the_drawing_and_folds_its_values():
    html = plotted().html
    assert '<figure class="figure" id="growth">' in html
    assert '<title id="growth-title">per_token</title>' in html
    assert '<details class="plot-data"><summary>The plot as a table</summary>' in html
    assert "<td>9</td><td>9.5</td>" in html
    assert "from 1 token" not in html


def test_raw_gives_the_values_as_a_table():
    raw = plotted().raw
    assert "**Figure:** A caption {#growth}" in raw
    assert "> | window | It \\| all |\n> | --- | --- |\n> | 1 | 1 |\n> | 9 | 9.5 |" in raw


def test_numbers_that_are_plotted_stand_in_the_ledger_with_all_they_rest_on():
    uses = plotted().uses.numbers
    assert uses >= {"kv-cache:per_token", "kv-cache:window", "kv-cache:value_size", "llama3_70b.layers"}


def test_a_plot_may_be_linked_to():
    linked = make_lesson(
        "[it](#growth)\n\n::: plot growth C\n`per_token over window from 1 to 2`\n\n" + PARTS + ":::\n"
    )
    assert not [m for m in messages(render(linked, make_material())) if "dead link" in m]


@pytest.mark.parametrize(
    ("rendered", "said"),
    [
        (
            lambda: plotted("Some text."),
            "'Some text.' orders no plot; the first line inside is `y over x from LOW to HIGH`",
        ),
        (
            lambda: plotted("`a over broken from 1 to 2`"),
            "the plot 'growth' cannot be drawn: the input 'broken' is not",
        ),
        (lambda: plotted(parts="**What you see.** A line.\n"), "the plot 'growth' does not say **What to notice.**"),
        (lambda: plotted(parts=""), "plot 'A caption' is empty"),
    ],
)
def test_what_is_wrong_is_said(rendered, said):
    assert any(said in message for message in messages(rendered())), messages(rendered())
