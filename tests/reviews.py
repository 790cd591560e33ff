"""What a design review has beside its text, for tests."""

from __future__ import annotations

from tests.factories import make_number

MODEL = {
    "rate": make_number("3 request/s"),
    "work": make_number("2 gpu*s/request"),
    "gpus": {"formula": "rate * work", "unit": "gpu", "label": "GPUs to have"},
}
LIKE = {
    "rate": make_number("5 request/s"),
    "work": make_number("4 gpu*s/request"),
    "gpus": {"like": "model:gpus"},
}
BODY = "## Failure modes {#failures}\n\n::: failures\n:::\n"


def failure(name="lost", **fields):
    """Return a failure mode as front matter has it."""
    parts = {"symptom": "It is slow.", "seen": "In a paper.", "detect": "Hits fall.", "escalate": "Serving."}
    known = {"mode": "The cache is lost", "systems": ["Acme"], "rollback": "Shed load.", "lever": "shed"}
    return {"id": name, **known, **parts} | fields


def exam(**fields):
    """Return an exam of `MODEL` as front matter has it."""
    names = ("clarify", "slo", "eval", "design", "cost", "failure")
    phases = [{"id": name, "minutes": 5, "ask": "What?", "rubric": ["It says so"], "answer": "So."} for name in names]
    phases[3] |= {"numbers": ["gpus"], "answer": "[=gpus] for [=rate]."}
    draws = {"rate": {"min": "1 request/s", "max": "9 request/s"}}
    return {"brief": "There are [=rate].", "draws": draws, "phases": phases} | fields
