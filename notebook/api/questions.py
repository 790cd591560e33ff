"""Interview questions, with their answers or without."""

from __future__ import annotations

from enum import StrEnum

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from markdownify import markdownify
from ninja import Router
from pydantic import BaseModel, Field

from modules.models import Question as Row
from notebook.api import paging
from notebook.api.operations import public
from notebook.api.problems import RefusedError
from notebook.api.shapes import Answers, LessonId, LessonRef, Slug, Words, full
from progress.bank.asking import Asking
from progress.bank.reading import NUMBER, RAW, WORDS, whole

router = Router(tags=["Questions"])


class QuestionKind(StrEnum):
    """Whether the answer is a number, which the ledger can mark, or words."""

    NUMBER = NUMBER
    WORDS = WORDS


class Question(BaseModel):
    id: str = Field(description="Its name in the whole notebook: `kv-cache:size-70b`.")
    lesson: LessonRef
    url: str
    stars: int = Field(ge=1, le=3, description="How hard it is.")
    kind: QuestionKind
    ask: str = Field(description="Markdown.")
    answer: str | None = Field(default=None, description="Markdown; absent without answers.")
    rubric: list[str] | None = Field(
        default=None, description="What an answer should say, a line each; it is graded by their places."
    )
    number: str | None = Field(default=None, description="The id of the number that is the answer, if one is.")


class Questions(paging.Page):
    total: int = Field(description="How many there are of what was asked for.")
    items: list[Question]


@public(router, "/questions", Questions)
def list_questions(
    request: HttpRequest,
    response: HttpResponse,
    q: Words = "",
    company: Slug | None = None,
    part: Slug | None = None,
    lesson: Slug | None = None,
    path: Slug | None = None,
    stars: int | None = None,
    kind: QuestionKind | None = None,
    answers: Answers = Answers.YES,
    cursor: paging.Cursor = "",
    limit: paging.Limit = 20,
) -> Questions:
    """The questions of every lesson, narrowed as at /bank/. `answers=no` leaves answers, rubrics and numbers out."""
    chosen = QueryDict(mutable=True)
    given = {"q": q, "company": company, "part": part, "lesson": lesson, "path": path, "stars": stars, "kind": kind}
    chosen.update({name: str(value) for name, value in given.items() if value is not None})
    asking = Asking.read(chosen, {})
    if asking.troubles:
        raise RefusedError(" ".join(asking.troubles))
    rows, after = paging.cut(asking.found, lambda row: row.key, cursor, limit)
    items = [_shape(row, answers) for row in whole(rows, [*RAW, "rubric_html"])]
    return Questions(total=len(asking.found), items=items, **paging.follow(request, response, after))


@public(router, "/questions/{lesson}/{name}", Question, keep=False)
def read_question(request: HttpRequest, lesson: LessonId, name: Slug, answers: Answers = Answers.YES) -> Question:
    """One question."""
    row = Row.objects.in_bank().select_related("module").filter(module=lesson, name=name).first()
    if row is None:
        raise Http404(_("There is no question of this name."))
    return _shape(row, answers)


def _shape(row: Row, answers: Answers) -> Question:
    told = answers is Answers.YES
    lesson = LessonRef(id=row.module_id, title=row.module.title, url=full(f"/modules/{row.module_id}/"))
    return Question(
        id=row.key,
        lesson=lesson,
        url=full(row.get_absolute_url()),
        stars=row.stars,
        kind=QuestionKind.NUMBER if row.number else QuestionKind.WORDS,
        ask=row.ask_raw,
        answer=row.answer_raw if told else None,
        rubric=[markdownify(line).strip() for line in row.rubric_html] if told else None,
        number=(row.number_id or None) if told else None,
    )
