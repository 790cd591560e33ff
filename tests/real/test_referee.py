"""The referee on sentences as assistants write them: what it contradicts is wrong, most of what is wrong it finds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from modules import content
from modules.models import Module
from modules.referee import MAX_TEXT, referee
from modules.referee.facts import firm_ones

CASES = yaml.safe_load((Path(__file__).parent / "referee.yaml").read_text())
VERDICTS = ["contradicts", "agrees"]
PRECISION = {"contradicts": 0.95, "agrees": 0.95}
RECALL = {"contradicts": 0.85, "agrees": 0.9}


def found(text):
    """Return the verdicts on a text that are not unknown, each with what it is on."""
    findings = referee(text, content.current())
    return Counter((one.text, str(one.verdict), one.number) for one in findings if one.verdict != "unknown")


def test_the_set_is_large_and_mixed():
    listed = [finding for case in CASES for finding in case["findings"]]
    assert len(CASES) >= 200
    assert sum(not case["findings"] for case in CASES) >= 60
    assert all(sum(finding[1] == verdict for finding in listed) >= 50 for verdict in VERDICTS)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_it_says_is_so_and_it_says_most_of_it(verdict, capsys):
    right = told = wanted = 0
    for case in CASES:
        expected = Counter(tuple(one[:3]) for one in case["findings"] if one[1] == verdict)
        said = Counter({key: count for key, count in found(case["text"]).items() if key[1] == verdict})
        right += (expected & said).total()
        told, wanted = told + said.total(), wanted + expected.total()
    with capsys.disabled():
        print(f"\nreferee {verdict}: precision {right}/{told}, recall {right}/{wanted}")
    assert right / told >= PRECISION[verdict]
    assert right / wanted >= RECALL[verdict]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_each_sentence(case):
    assert found(case["text"]) == Counter(tuple(one) for one in case["findings"] if len(one) == 3)


def test_only_facts_are_compared_by_what_they_are_called():
    now = content.current()
    firm = firm_ones(now.entries, now.graph)
    named = [fact.key for facts in now.known.facts.values() for fact in facts]
    assert len(named) > 150
    assert firm.issuperset(named)
    assert not any(now.entries[key].because for key in firm)


def test_every_number_agrees_with_itself_when_its_id_is_quoted():
    now = content.current()
    for key, number in now.numbers.items():
        text = f"As the notebook has it, `{key}` is {number.quantity.magnitude!r} {number.quantity.unit}."
        assert not any(one.verdict == "contradicts" for one in referee(text, now)), text


@pytest.mark.parametrize("name", ["attention", "kv-cache", "sampling", "tokenization"])
def test_a_lesson_contradicts_nothing(name):
    """What a lesson says is defended by the same ledger: a contradiction found there would be a false one."""
    raw = Module.objects.get(pk=name).raw
    parts = [raw[start : start + MAX_TEXT] for start in range(0, len(raw), MAX_TEXT)]
    told = [one for part in parts for one in referee(part, content.current()) if one.verdict == "contradicts"]
    assert [(one.text, one.number) for one in told] == []
