"""Plots: always a drawing that keeps the contract, whatever the values."""

import itertools
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.rendering import Series, clean_svg, plot
from modules.rendering.plot import MAX_ROWS
from modules.rendering.scales import MAX_TICKS, Scale

LINE = Series("A", [(1.0, 10.0), (2.0, 20.0), (3.0, 40.0)])


def draw(*series, **options):
    return plot(series or [LINE], **({"title": "T", "x_label": "X", "y_label": "Y"} | options))


def test_plot_keeps_the_contract_of_figures():
    drawn = draw(LINE, Series("B & <b>", [(1, 1), (3, 2)]), marks=[(2, 20)], x_unit="token", y_unit="GB")
    assert re.findall(r'<path class="(f-.-line)"', clean_svg(drawn.svg, "p")) == ["f-a-line", "f-b-line"]
    assert 'aria-labelledby="plot-title plot-desc"><title id="plot-title">T</title>' in drawn.svg
    assert "Y (GB)" in drawn.svg


def test_description_tells_the_ends_of_each_line():
    drawn = draw(LINE, Series("B", [(1, 1), (3, 2)]), x_unit="token", y_unit="GB")
    assert "Y against X. A: 10 GB at 1 token, 40 GB at 3 tokens. B: 1 GB at" in drawn.svg.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_table_has_the_ends_and_the_marks():
    line = Series("", [(float(x), x * 2.0) for x in range(101)])
    drawn = draw(line, x_unit="token", marks=[(37.0, 74.0)])
    cells = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in drawn.rows]
    assert drawn.head == ["X", "Y"]
    assert cells[0] == ["0 tokens", "0"]
    assert cells[-1] == ["100 tokens", "200"]
    assert ["37 tokens", "74"] in cells
    assert len(cells) <= MAX_ROWS + 2


def test_labels_stand_beside_short_and_above_long():
    beside = draw(Series("1 B", [(1, 1), (2, 2)]), Series("2 B", [(1, 1), (2, 2.01)]))
    above = draw(Series("Multi-head attention", [(1, 1), (2, 2)]), Series("Grouped", [(1, 1), (2, 3)]))
    places = [float(y) for y in re.findall(r'f-label" x="[\d.]+" y="([\d.]+)"', beside.svg)]
    assert abs(places[0] - places[1]) >= 20
    assert '<line class="f-a-line"' in above.svg


def test_mark_says_its_value():
    assert re.search(
        r'<circle class="f-box".*?<text class="f-label f-halo"[^>]*>20</text>', draw(marks=[(2.0, 20.0)]).svg
    )


def test_lines_of_different_numbers_share_an_axis_named_by_its_unit():
    long = "Work of a layer that does not depend on how much context there is"
    drawn = draw(Series(long, [(1, 1), (2, 2)]), Series("Scores", [(1, 1), (2, 3)]), y_label="", y_unit="GFLOP/token")
    assert drawn.head == ["X", long, "Scores"]
    assert ">GFLOP/token<" in drawn.svg
    assert ">Work of a layer that does not depend on how<" in drawn.svg
    clean_svg(drawn.svg, "p")


def test_gap_breaks_the_line():
    gap = Series("", [(1, 1), (2, 2), (3, math.nan), (4, 4), (5, 5), (6, math.inf), (7, 7)])
    assert len(re.findall(r'<path class="f-a-line"', draw(gap).svg)) == 2
    assert '<circle class="f-a-solid"' in draw(gap).svg


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(1, 1)],
        [(1, 1), (1, 1)],
        [(0, 0), (1, 0)],
        [(math.nan, 1)],
        [(1, math.inf)],
        [(-1, -5), (0, -5)],
        [(1, 1e308), (2, -1e308)],
    ],
)
@pytest.mark.parametrize("log", [False, True])
def test_degenerate_values_are_drawn(points, log):
    drawn = draw(Series("", points), x_log=log, y_log=log, marks=points)
    clean_svg(drawn.svg, "p")
    assert not re.search(r'="[^"]*(?:nan|inf)', drawn.svg)


def test_nothing_to_draw_is_said():
    assert "No values to draw" in draw(Series("", [(1, math.nan)])).svg


def test_log_is_chosen_for_values_that_span_much():
    steep = Series("", [(10.0**n, 10.0**-n) for n in range(1, 5)])
    assert "0.001" in draw(steep, x_log=True).svg
    assert "0.001" not in draw(steep).svg


numbers = st.floats(allow_nan=True, allow_infinity=True)


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(numbers, numbers), max_size=8), max_size=6), st.booleans(), st.booleans())
def test_any_values_give_a_drawing(lines, x_log, y_log):
    series = [Series(f"line {n}", points) for n, points in enumerate(lines)]
    marks = [points[0] for points in lines if points]
    drawn = plot(series, title="T", x_label="X", y_label="Y", x_log=x_log, y_log=y_log, marks=marks)
    clean_svg(drawn.svg, "p")


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300), st.booleans())
def test_ticks_are_few_and_within_the_axis(a, b, is_log):
    scale = Scale.over([a, b], 0, 100, is_log=is_log)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= MAX_TICKS
    assert all(-1 <= scale(tick) <= 101 for tick in ticks)


@pytest.mark.parametrize(
    ("low", "high", "is_log", "ticks"),
    [
        (0, 10, False, [0, 2, 4, 6, 8, 10]),
        (0.1, 0.35, False, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]),
        (256, 131072, True, [300, 1000, 3000, 10000, 30000, 100000]),
        (1, 1e9, True, [1, 100, 1e4, 1e6, 1e8]),
        (3, 4, True, [3, 3.2, 3.4, 3.6, 3.8, 4]),
    ],
)
def test_ticks_are_round(low, high, is_log, ticks):
    assert Scale(low, high, 0, 1, is_log).ticks() == pytest.approx(ticks)


def test_days_are_steps_and_dots_with_the_days_as_ticks():
    drawn = draw(Series("", [(100.0, 5.0), (130.0, 2.0), (160.0, 2.0)]), x_days=True, y_unit="USD", y_label="Price")
    (path,) = re.findall(r'<path class="f-a-line" d="M([^"]*)"', clean_svg(drawn.svg, "p"))
    corners = [tuple(map(float, corner.split())) for corner in path.split("L")]
    assert len(corners) == 5
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(corners))
    assert drawn.svg.count('class="f-a-solid"') == 3
    assert "10 Apr 1" in drawn.svg
    assert [row[0] for row in drawn.rows] == ["10 April 1", "10 May 1", "9 June 1"]


def test_labels_of_days_never_touch():
    crowded = draw(Series("", [(700000.0 + day, day) for day in range(12)]), x_days=True)
    places = [float(x) for x in re.findall(r'<text class="f-text" x="([\d.]+)"[^>]*>\d+ \w{3} \d+<', crowded.svg)]
    assert 2 <= len(places) <= 5
    assert all(b - a > 60 for a, b in itertools.pairwise(sorted(places)))
