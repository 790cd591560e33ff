"""What came of an exam: the numbers that the ledger marked, and what the reader said of each phase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid4

from modules import drilling
from modules.drilling import Marked
from modules.drills import Problem
from modules.exams import Drawn, Phase
from progress.bank.items import Answered
from progress.bank.results import Result, results
from progress.facts import Answer, Fact, Grade


@dataclass(frozen=True)
class Asked(Answered):
    """A number that a phase asks for; `text` and `trouble` are an answer that could not be read, and why."""

    name: str
    label: str
    subject: str  # what an event calls it
    problem: Problem
    drawn: Drawn
    result: Result | None = None
    text: str = ""
    trouble: str = ""

    @property
    def id(self) -> str:
        return f"number.{self.name}"

    @cached_property
    def key(self) -> UUID:
        """Names the next answer, so that a form that is sent twice counts once."""
        return uuid4()

    @property
    def unit(self) -> str:
        return drilling.asked_in(self.problem)

    def mark(self, text: str) -> Marked:
        """Mark an answer; raises LedgerError, with a sentence, on what is none."""
        return drilling.mark(self.problem, text, self.drawn.supposed)


@dataclass(frozen=True)
class Sat:
    """A phase as it is sat."""

    phase: Phase
    numbers: Sequence[Asked]
    subject: str
    own: Answer | None = None

    @cached_property
    def key(self) -> UUID:
        return uuid4()

    @property
    def rubric(self) -> list[tuple[int, str, bool]]:
        """What an answer should say: its place, its HTML, and whether the reader said so."""
        said = self.own.text.split() if self.own else []
        return [(place, line, str(place) in said) for place, line in enumerate(self.phase.html.rubric, start=1)]


def sat(drawn: Drawn, facts: Iterable[Fact]) -> list[Sat]:
    """Return the phases of an exam with what was answered in one sitting."""
    found = results(facts)
    phases = []
    for phase in drawn.phases:
        subject = f"{drawn.module.pk}:exam.{phase.name}"
        numbers = [
            Asked(
                name,
                drawn.supposed.numbers[problem.id].label,
                f"{subject}.{name}",
                problem,
                drawn,
                found.get(f"{subject}.{name}"),
            )
            for name, problem in phase.problems.items()
        ]
        own = found.get(subject)
        phases.append(Sat(phase, numbers, subject, own.own if own else None))
    return phases


@dataclass(frozen=True)
class Before:
    """How the phases of an exam went the last time each was graded, whatever was drawn."""

    full: int
    graded: int


def before(module_id: str, facts: Iterable[Fact]) -> Before | None:
    """Return what came of earlier sittings of a lesson's exam; None where there was none."""
    own = f"{module_id}:exam."
    answers = [fact.answer for fact in facts if fact.subject.startswith(own) and fact.answer and fact.answer.is_own]
    return Before(sum(answer.verdict == Grade.FULL for answer in answers), len(answers)) if answers else None


@dataclass(frozen=True)
class Outcome:
    """What an exam has come to so far."""

    phases: Sequence[Sat]

    @property
    def graded(self) -> int:
        return sum(phase.own is not None for phase in self.phases)

    @property
    def grades(self) -> Counter[str]:
        return Counter(phase.own.verdict for phase in self.phases if phase.own)

    @property
    def full(self) -> int:
        return self.grades[Grade.FULL]

    @property
    def partly(self) -> int:
        return self.grades[Grade.PARTLY]

    @property
    def missed(self) -> int:
        return self.grades[Grade.MISSED]

    @property
    def numbers(self) -> int:
        return sum(len(phase.numbers) for phase in self.phases)

    @property
    def right(self) -> int:
        return sum(
            bool(number.marked and number.marked.diagnosis.is_right) for each in self.phases for number in each.numbers
        )
