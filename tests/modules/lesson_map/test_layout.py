"""Where the lessons of the map stand, for any graph: nothing overlaps, everything runs down, the same every time."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.lesson_map.layout import GAP, Node, layout, rows, without_shortcuts

NEAR = 0.01


@st.composite
def graphs(draw):
    """Lessons that need only earlier ones, in any order and of any part."""
    count = draw(st.integers(1, 24))
    nodes = [
        Node(
            f"n{number}",
            draw(st.sampled_from("abcd")),
            tuple(sorted(draw(st.sets(st.sampled_from(range(number)), max_size=5)) if number else ())),
            draw(st.sampled_from([29.0, 48.0, 86.0])),
        )
        for number in range(count)
    ]
    nodes = [Node(node.id, node.part, tuple(f"n{needed}" for needed in node.needs), node.height) for node in nodes]
    return tuple(draw(st.permutations(nodes)))


breadths = st.sampled_from([200.0, 700.0, 1064.0])


@settings(max_examples=30, deadline=None)
@given(graphs(), breadths)
def test_every_lesson_stands_once_and_inside(nodes, breadth):
    made = layout(nodes, breadth)
    assert made.boxes.keys() == {node.id for node in nodes}
    for node in nodes:
        box = made.boxes[node.id]
        assert box.height == node.height
        assert -NEAR <= box.x <= made.width - box.width + NEAR
        assert 0 <= box.y <= made.height - box.height


@settings(max_examples=30, deadline=None)
@given(graphs(), breadths)
def test_no_two_lessons_touch(nodes, breadth):
    for one, other in combinations(layout(nodes, breadth).boxes.values(), 2):
        beside = one.x + one.width + GAP <= other.x + NEAR or other.x + other.width + GAP <= one.x + NEAR
        assert beside or one.y + one.height < other.y or other.y + other.height < one.y


@settings(max_examples=30, deadline=None)
@given(graphs(), breadths)
def test_a_line_runs_down_from_what_is_needed_to_what_needs_it(nodes, breadth):
    made = layout(nodes, breadth)
    for line in made.lines:
        source, target = made.boxes[line.source], made.boxes[line.target]
        assert line.runs[0][:2] == (source.middle, source.y + source.height)
        x, top, bottom = line.runs[-1]
        assert top == bottom == target.y
        assert target.x <= x <= target.x + target.width
        assert all(top <= bottom for _, top, bottom in line.runs)
        assert all(before < after for (_, _, before), (_, after, _) in pairwise(line.runs))


@settings(max_examples=30, deadline=None)
@given(graphs(), breadths)
def test_no_line_runs_behind_a_lesson(nodes, breadth):
    made = layout(nodes, breadth)
    for line in made.lines:
        for x, top, bottom in line.runs[1:-1]:
            assert not any(
                box.x < x < box.x + box.width and box.y < bottom and top < box.y + box.height
                for box in made.boxes.values()
            )
        for (_, _, start), (_, end, _) in pairwise(
            line.runs
        ):  # the curves have the space between two rows to themselves
            assert not any(box.y < end and start < box.y + box.height for box in made.boxes.values())


@settings(max_examples=30, deadline=None)
@given(graphs(), breadths)
def test_the_trunks_of_two_lessons_have_lanes_of_their_own(nodes, breadth):
    made = layout(nodes, breadth)
    lanes = {(line.source, x, top, bottom) for line in made.lines for x, top, bottom in line.runs[1:-1]}
    for one, other in combinations(lanes, 2):
        if one[2:] == other[2:]:
            assert abs(one[1] - other[1]) > 5


@settings(max_examples=30, deadline=None)
@given(graphs(), breadths)
def test_it_is_the_same_every_time(nodes, breadth):
    first = layout(nodes, breadth)
    layout.cache_clear()
    assert layout(nodes, breadth) == first


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_the_lines_say_all_that_is_needed_and_nothing_twice(nodes):
    needs = {node.id: node.needs for node in nodes}
    fewest = without_shortcuts(needs)
    assert {name: behind(name, fewest) for name in needs} == {name: behind(name, needs) for name in needs}
    for name, near in fewest.items():
        for left_out in near:
            assert left_out not in behind(name, fewest | {name: [other for other in near if other != left_out]})


def behind(name, needs):
    return {far for near in needs[name] for far in (near, *behind(near, needs))}


@settings(max_examples=30, deadline=None)
@given(graphs(), breadths)
def test_a_row_is_of_one_part_and_bands_follow_each_other(nodes, breadth):
    parts = {node.id: node.part for node in nodes}
    placed = rows(nodes, breadth)
    assert all(len({parts[name] for name in row}) == 1 for row in placed)
    bands = layout(nodes, breadth).bands
    assert all(one.part != other.part and one.y + one.height < other.y for one, other in pairwise(bands))


def node(name, part, *needs):
    return Node(name, part, needs, 29.0)


def test_a_part_stands_together_where_what_it_needs_allows_it():
    # The second part needs nothing of the first to its end; begun in file order, the first would be split in two.
    nodes = (node("a1", "a"), node("a2", "a", "b1"), node("b1", "b"), node("b2", "b", "b1"))
    assert rows(nodes, 1000) == [["b1"], ["b2"], ["a1", "a2"]]


def test_parts_that_need_each_other_are_split():
    nodes = (node("a1", "a"), node("a2", "a", "b1"), node("b1", "b", "a1"))
    assert [band.part for band in layout(nodes, 1000).bands] == ["a", "b", "a"]


def test_a_row_is_as_long_as_fits():
    nodes = tuple(node(f"n{number}", "a") for number in range(7))
    assert [len(row) for row in rows(nodes, 3 * 176)] == [3, 3, 1]


def test_lessons_stand_below_the_middle_of_what_they_need():
    made = layout((node("left", "a"), node("right", "a"), node("both", "a", "left", "right")), 800)
    boxes = made.boxes
    assert boxes["both"].middle == pytest.approx((boxes["left"].middle + boxes["right"].middle) / 2, abs=1)
