"""What came of questions that were asked, and where points are lost. Plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from progress.bank.facets import Row
from progress.facts import Answer, Fact, Grade

POINTS = {Grade.FULL: 1.0, Grade.PARTLY: 0.5, Grade.MISSED: 0.0}
LONGEST = 60  # characters of an answer that an event holds
STRONG = 2 / 3  # of the points of an area: from here on it is not weak


@dataclass(frozen=True)
class Result:
    """What came of one question: the grade its reader gave, the mark the ledger gave their number, or both."""

    own: Answer | None = None
    marked: Answer | None = None
    due_at: datetime | None = None  # where it was asked for: see `due`
    is_due: bool = False

    @property
    def grade(self) -> Grade:
        """The worse of the two, since nothing that is said makes a wrong number right."""
        grades = [Grade(self.own.verdict)] if self.own else []
        if self.marked:
            grades.append(Grade.FULL if self.marked.is_right else Grade.MISSED)
        return min(grades, key=POINTS.__getitem__)


def results(facts: Iterable[Fact]) -> dict[str, Result]:
    """Return the result of each question by its name: of each kind the last grade counts."""
    by_question: dict[str, list[Fact]] = {}
    for fact in facts:
        by_question.setdefault(fact.subject, []).append(fact)
    return {key: result_of(grades) for key, grades in by_question.items()}


def result_of(grades: Iterable[Fact]) -> Result:
    """Return what the grades of one question come to, the oldest first."""
    last = {fact.answer.is_own: fact.answer for fact in grades if fact.answer}
    return Result(last.get(True), last.get(False))


def graded(said: Sequence[str], lines: int, seed: int) -> Answer:
    """Return the grade that follows from the places of a rubric of `lines` that the reader ticked."""
    places = [str(place) for place in range(1, lines + 1) if str(place) in said]
    grade = Grade.MISSED if not places else Grade.PARTLY if len(places) < lines else Grade.FULL
    text = " ".join(places)
    return Answer(seed, text if len(text) <= LONGEST else "", grade.value)


@dataclass(frozen=True)
class Area:
    """The questions of one part, lesson or kind that were asked, by how they were answered."""

    facet: str
    value: str
    grades: Counter[Grade]

    @property
    def asked(self) -> int:
        return self.grades.total()

    @property
    def full(self) -> int:
        return self.grades[Grade.FULL]

    @property
    def lost(self) -> float:
        return sum((1 - POINTS[grade]) * count for grade, count in self.grades.items())

    @property
    def is_weak(self) -> bool:
        return self.asked - self.lost < STRONG * self.asked


def weak(found: Mapping[str, Result], rows: Iterable[Row], facet: str) -> list[Area]:
    """Return the weak areas of a facet, the one that lost most first; of equals the one met first."""
    grades: dict[str, Counter[Grade]] = {}
    for row in rows:
        if row.key in found:
            for value in row.tags[facet]:
                grades.setdefault(value, Counter())[found[row.key].grade] += 1
    areas = [Area(facet, value, counted) for value, counted in grades.items()]
    return sorted((area for area in areas if area.is_weak), key=lambda area: -area.lost)
