"""Every text of a lesson, parsed: its body, its hook and its questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modules.rendering.document import Document
from modules.rendering.material import Lesson, Question
from modules.rendering.parsing import parse


@dataclass(frozen=True)
class QuestionTexts:
    question: Question
    ask: Document
    answer: Document
    rubric: tuple[Document, ...]

    @classmethod
    def read(cls, question: Question) -> QuestionTexts:
        where = f"question {question.id}"
        rubric = tuple(parse(text, f"{where}, rubric {n}") for n, text in enumerate(question.rubric, start=1))
        return cls(question, parse(question.ask, where), parse(question.answer, f"{where}, answer"), rubric)

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        where = f"question {self.question.id}"
        yield where, self.ask
        yield f"{where}, answer", self.answer
        for n, text in enumerate(self.rubric, start=1):
            yield f"{where}, rubric {n}", text


@dataclass(frozen=True)
class Texts:
    body: Document
    hook: Document
    questions: Mapping[str, QuestionTexts]

    @classmethod
    def read(cls, lesson: Lesson) -> Texts:
        questions = {question.id: QuestionTexts.read(question) for question in lesson.questions}
        return cls(parse(lesson.body), parse(lesson.hook, "hook"), questions)

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        """Yield each document with the name it has in problems, in the order a reader meets them."""
        yield "hook", self.hook
        yield "body", self.body
        for question in self.questions.values():
            yield from question

    @property
    def has_loose_questions(self) -> bool:
        """Whether there are questions that no `::: questions` gives a place."""
        return bool(self.questions) and "questions" not in self.body.env
