from __future__ import annotations

from types import SimpleNamespace

import pytest

from modules.models import Module
from paths.models import LearningPath, Step
from paths.standing import Standing, _standing
from paths.templatetags.paths import duration


def steps(*written):
    path = LearningPath(id="p")
    return [
        Step(path=path, module=Module(id=f"m{number}", minutes=10 * number, is_written=is_written), position=number)
        for number, is_written in enumerate(written, 1)
    ]


def standing(written, completed=(), last_opened=None, paths=(), at=""):
    study = SimpleNamespace(completed=frozenset(completed), last_opened=last_opened, paths=dict.fromkeys(paths))
    return _standing(LearningPath(id="p"), steps(*written), study, at=at)


@pytest.mark.parametrize(
    ("written", "completed", "done", "total", "percent", "minutes_left", "next_module"),
    [
        ([True, True, True], [], 0, 3, 0, 60, "m1"),
        ([True, True, True], ["m1"], 1, 3, 33, 50, "m2"),
        ([True, True, True], ["m2"], 1, 3, 33, 40, "m1"),
        ([True, True, True], ["m1", "m2"], 2, 3, 66, 30, "m3"),
        ([True, True, True], ["m1", "m2", "m3"], 3, 3, 100, 0, None),
        ([True, True, True], ["elsewhere"], 0, 3, 0, 60, "m1"),
        ([False, True, False], [], 0, 1, 0, 20, "m2"),
        ([False, True, False], ["m2"], 1, 1, 100, 0, None),
        ([False, True, False], ["m1"], 0, 1, 0, 20, "m2"),
        ([False], [], 0, 0, 0, 0, None),
        ([], [], 0, 0, 0, 0, None),
    ],
)
def test_only_written_lessons_count(written, completed, done, total, percent, minutes_left, next_module):
    here = standing(written, completed)
    assert (here.done, here.total, here.percent, here.minutes_left) == (done, total, percent, minutes_left)
    assert (here.next.module_id if here.next else None) == next_module


def test_the_way_on_is_where_the_reader_was():
    assert standing([True, True, True], ["m1"], last_opened="m3").next.module_id == "m3"


def test_a_completed_lesson_is_not_where_to_go_on():
    assert standing([True, True, True], ["m3"], last_opened="m3").next.module_id == "m1"


def test_a_place_outside_the_path_does_not_matter():
    assert standing([True, True], [], last_opened="elsewhere").next.module_id == "m1"


def test_a_hundred_percent_means_that_nothing_is_left():
    ids = [f"m{number}" for number in range(1, 201)]
    assert standing([True] * 201, ids).percent == 99


def test_without_a_study_a_path_stands_at_its_start():
    here = _standing(LearningPath(id="p"), steps(True, True), None)
    assert isinstance(here, Standing)
    assert (here.done, here.started, here.next.module_id) == (0, False, "m1")


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (1, "1 min"), (59, "59 min"), (60, "1 h"), (80, "1 h 20 min"), (1500, "25 h")]
)
def test_minutes_read_as_people_say_them(minutes, text):
    assert duration(minutes) == text


@pytest.mark.parametrize(
    ("written", "at", "before", "after"),
    [
        ([True, True, True], "m2", "m1", "m3"),
        ([True, True, True], "m1", None, "m2"),
        ([True, True, True], "m3", "m2", None),
        ([True, False, True, False, True], "m3", "m1", "m5"),
        ([False, True, False], "m2", None, None),
    ],
)
def test_before_and_after_are_the_written_steps_around(written, at, before, after):
    around = standing(written, at=at).around
    assert [step.module_id if step else None for step in around] == [before, after]
