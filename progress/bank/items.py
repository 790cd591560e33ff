"""Questions as a page shows them: with what came of each, and in a mock interview with what can be answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from modules import drilling
from modules.content import Content
from modules.drilling import Marked
from modules.drills import Problem
from modules.ledger import LedgerError
from modules.models import Question
from progress.bank.facets import Row
from progress.bank.reading import HTML, whole
from progress.bank.results import Result, graded
from progress.facts import Answer


@dataclass(frozen=True)
class Item:
    """One question among others; `place` counts from 1."""

    question: Question
    place: int
    result: Result | None = None

    @property
    def id(self) -> str:
        return f"{self.question.module_id}.{self.question.name}"

    @property
    def stars(self) -> str:
        return "★" * self.question.stars + "☆" * (3 - self.question.stars)


def items(rows: Iterable[Row], found: Mapping[str, Result], first: int = 1) -> list[Item]:
    """Return the questions of these rows; one query."""
    questions = whole(rows, HTML)
    return [Item(question, place, found.get(question.key)) for place, question in enumerate(questions, first)]


class Answered(ABC):
    """What a reader answered with a number; `text` and `trouble` are what could not be read, and why."""

    result: Result | None
    text: str
    trouble: str

    @abstractmethod
    def mark(self, text: str) -> Marked:
        """Mark a number; raises LedgerError, with a sentence, on what is none."""

    @property
    def given(self) -> str:
        """What stands in the field of the number."""
        return self.text or (self.result.marked.text if self.result and self.result.marked else "")

    @cached_property
    def marked(self) -> Marked | None:
        """What the ledger says of the last number; None where there is none, or it can be read no more."""
        if self.trouble or not (self.result and self.result.marked):
            return None
        try:
            return self.mark(self.result.marked.text)
        except LedgerError:
            return None


@dataclass(frozen=True)
class Asked(Item, Answered):
    """A question of a sitting; `text` and `trouble` are an answer that could not be read, and why."""

    content: Content | None = None
    text: str = ""
    trouble: str = ""

    @cached_property
    def key(self) -> UUID:
        """Names the next grade, so that a form that is sent twice counts once."""
        return uuid4()

    @cached_property
    def problem(self) -> Problem | None:
        """What the ledger can mark; None for a question without a number."""
        number = self.question.number_id
        if self.content is None or number not in self.content.numbers:
            return None
        return Problem.of(self.content.graph, number)

    @property
    def unit(self) -> str:
        return drilling.asked_in(self.problem) if self.problem else ""

    def mark(self, text: str) -> Marked:
        """Mark a number; raises LedgerError, with a sentence, on what is none."""
        if self.problem is None or self.content is None:
            raise LedgerError(_("this question has no number"))
        return drilling.mark(self.problem, text, self.content)

    @property
    def rubric(self) -> list[tuple[int, str, bool]]:
        """What an answer should say: its place, its HTML, and whether the reader said so."""
        own = self.result.own.text.split() if self.result and self.result.own else []
        lines = self.question.rubric_html or [_("What the answer says")]
        return [(place, line, str(place) in own) for place, line in enumerate(lines, start=1)]

    def own(self, said: Sequence[str], seed: int) -> Answer:
        """Return the grade that follows from the places of the rubric that the reader ticked."""
        return graded(said, len(self.rubric), seed)

    def refused(self, text: str, trouble: str) -> Asked:
        return replace(self, text=text.replace("\0", "")[:100], trouble=trouble)
