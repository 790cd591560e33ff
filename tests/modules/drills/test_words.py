"""A diagnosis in sentences."""

from __future__ import annotations

import re

import pytest

from modules.drills import Problem, SlipKind, diagnose, read, words
from modules.ledger import Graph
from tests.modules.drills.ledger import GRAPH, assumed


def said(key, answer, graph=GRAPH):
    problem = Problem.of(graph, key)
    diagnosis = diagnose(problem, read(answer, problem.unit))
    return words.graded(diagnosis), words.suspected(diagnosis, lambda key: re.split("[.:]", key)[1])


@pytest.mark.parametrize(
    ("key", "answer", "graded", "suspected"),
    [
        ("kv:per_token", "320", "Right.", ""),
        ("kv:per_token", "500", "Within 2×: 1.56 times too large.", ""),
        ("kv:per_token", "1000", "Within 10×: 3.13 times too large.", ""),
        ("kv:per_token", "7777", "Far off: 24.3 times too large.", ""),
        ("kv:per_token", "2560", "Within 10×: 8 times too large.", "Off by 8: bits for bytes?"),
        ("kv:per_token", "327.68", "Within 2×: 1.02 times too large.", "Off by 1.024: KB for KiB?"),
        ("kv:cache", "2.5", "Within 2×: 1.07 times too small.", "Off by 1.0737: GiB for GB?"),
        ("kv:weights", "146.8", "Within 2×: 1.05 times too large.", "Off by 1.0486: MB for MiB?"),
        ("kv:per_token", "327680", "Far off: 1,024 times too large.", "Off by 1,024: KiB for B, or another binary"),
        ("kv:weights", "0.14", "Far off: 1,000 times too small.", "Off by 1,000: a prefix off, as MB for GB?"),
        ("kv:sequence", "8000", "Within 2×: 1.02 times too small.", "Off by 1.024: 1,000 for 1,024?"),
        ("kv:per_token", "160", "Within 2×: 2 times too small.", "Off by 2: keys without values, or “size” left out?"),
        ("kv:flop", "573.4", "Within 2×: 2.00 times too small.", "Off by 2: multiply-adds for FLOP?"),
        ("kv:per_token", "4", "Far off: 80 times too small.", "Off by 80: “layers” left out?"),
        ("kv:per_token", "40", "Within 10×: 8 times too small.", "bytes for bits, or “kv_heads” left out?"),
        ("kv:bill", "0.1699", "Far off: 3,600 times too large.", "hours for seconds?"),
        ("kv:per_token", "0", "It is not zero.", ""),
        ("kv:per_token", "-320", "It has the other sign.", ""),
    ],
)
def test_sentences(key, answer, graded, suspected):
    assert said(key, answer)[0] == graded
    assert suspected in said(key, answer)[1]


def test_zero_is_zero():
    graph = Graph([assumed("a:x", "0 GB")])
    assert said("a:x", "0", graph) == ("Right.", "")
    assert said("a:x", "1", graph) == ("It is zero.", "")


def test_no_more_reasons_than_a_reader_wants():
    assert said("kv:per_token", "40")[1].count(", or ") < words.MOST_SLIPS


def test_every_slip_has_a_name():
    assert words.NAMES.keys() == set(SlipKind)


def test_the_tolerance_is_told():
    assert words.tolerance() == "2%"
