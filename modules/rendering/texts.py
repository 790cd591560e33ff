"""Every text of a lesson, parsed: its body, its hook, its questions, its failure modes, its exam."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from modules.rendering.document import Document
from modules.rendering.material import Exam, Failure, Lesson, Phase, Question
from modules.rendering.parsing import parse

# What is said of a way to fail, in the order in which it is told.
FAILURE_PARTS = {
    "symptom": "Symptom",
    "seen": "Seen",
    "detect": "Detect",
    "escalate": "Escalate",
    "rollback": "Roll back",
}


@dataclass(frozen=True)
class Answered:
    """What is asked, its answer, and what to look for in one; `where` is what problems call it."""

    where: str
    ask: Document
    answer: Document
    rubric: tuple[Document, ...]

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        yield self.where, self.ask
        yield f"{self.where}, answer", self.answer
        for n, text in enumerate(self.rubric, start=1):
            yield f"{self.where}, rubric {n}", text


def _parts(where: str, asked: Question | Phase) -> tuple[str, Document, Document, tuple[Document, ...]]:
    rubric = tuple(parse(text, f"{where}, rubric {n}") for n, text in enumerate(asked.rubric, start=1))
    return where, parse(asked.ask, where), parse(asked.answer, f"{where}, answer"), rubric


@dataclass(frozen=True)
class QuestionTexts(Answered):
    question: Question

    @classmethod
    def read(cls, question: Question) -> QuestionTexts:
        return cls(*_parts(f"question {question.id}", question), question)


@dataclass(frozen=True)
class FailureTexts:
    failure: Failure
    parts: Mapping[str, Document]

    @classmethod
    def read(cls, failure: Failure) -> FailureTexts:
        where = f"failure {failure.id}"
        return cls(failure, {name: parse(text, f"{where}, {name}") for name, text in failure.parts.items()})

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        for name, text in self.parts.items():
            yield f"failure {self.failure.id}, {name}", text


@dataclass(frozen=True)
class ExamTexts:
    exam: Exam
    brief: Document
    phases: Mapping[str, Answered]

    @classmethod
    def read(cls, exam: Exam) -> ExamTexts:
        return cls(
            exam,
            parse(exam.brief, "exam"),
            {phase.id: Answered(*_parts(f"exam {phase.id}", phase)) for phase in exam.phases},
        )

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        yield "exam", self.brief
        for phase in self.phases.values():
            yield from phase


@dataclass(frozen=True)
class Texts:
    body: Document
    hook: Document
    questions: Mapping[str, QuestionTexts]
    failures: Mapping[str, FailureTexts] = field(default_factory=dict)
    exam: ExamTexts | None = None

    @classmethod
    def read(cls, lesson: Lesson) -> Texts:
        questions = {question.id: QuestionTexts.read(question) for question in lesson.questions}
        failures = {failure.id: FailureTexts.read(failure) for failure in lesson.failures}
        exam = ExamTexts.read(lesson.exam) if lesson.exam else None
        return cls(parse(lesson.body), parse(lesson.hook, "hook"), questions, failures, exam)

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        """Yield each document with the name it has in problems, in the order a reader meets them."""
        yield from self.page
        if self.exam:
            yield from self.exam

    @property
    def page(self) -> Iterator[tuple[str, Document]]:
        """Yield those that stand on the lesson's page, which the exam does not."""
        yield "hook", self.hook
        yield "body", self.body
        for question in self.questions.values():
            yield from question
        for failure in self.failures.values():
            yield from failure

    @property
    def has_loose_questions(self) -> bool:
        """Whether there are questions that no `::: questions` gives a place."""
        return bool(self.questions) and "questions" not in self.body.env
