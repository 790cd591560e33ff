"""Every computed number that ships can be drilled, and its answer as printed is right."""

from __future__ import annotations

from modules import content, drilling
from modules.drills import Problem, diagnose, read, words
from modules.ledger import Quantity, show


def test_every_drill_has_an_answer_and_a_working():
    now = content.current()
    assert now.drillable
    for key in now.drillable:
        drill = drilling.drill_of(key, 7, now)
        entry, truth = now.entries[key], drill.problem.truth
        assert diagnose(drill.problem, read(show(truth, entry.unit), drill.problem.unit)).is_right, key
        assert drilling.working(drill, now)[-1].value, key
        eightfold = diagnose(drill.problem, Quantity(8 * truth.magnitude, truth.unit))
        assert words.graded(eightfold), key
        words.suspected(eightfold, lambda name: now.entries[name].label)


def test_every_number_is_guessed_right_as_it_is_printed():
    now = content.current()
    for key, value in now.graph.values.items():
        entry, problem = now.entries[key], Problem.of(now.graph, key)
        assert diagnose(problem, read(show(value, entry.unit, entry.digits), problem.unit)).is_right, key
