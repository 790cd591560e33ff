"""One reader's own progress, for a program that has their token: read, taken away, and added to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from modules import content
from modules.ledger import LedgerError
from modules.models import Module
from modules.models import Question as QuestionRow
from notebook.api.operations import own, recording
from notebook.api.problems import RefusedError
from notebook.api.shapes import LessonRef, full
from paths.standing import Standing, standings
from progress import drills
from progress.bank import outcomes
from progress.bank.asking import Asking
from progress.bank.due import so_far
from progress.bank.items import Asked
from progress.bank.outcomes import Weakness
from progress.bank.reading import DUE, Bank
from progress.bank.results import Result, results
from progress.export import export
from progress.facts import Answer, Fact, Grade, Window
from progress.models import ApiToken
from progress.next_up import suggest
from progress.study import AccountStudy

router = Router(tags=["A reader's own"])
SEED = 0  # of answers that belong to no mock interview


class Done(BaseModel):
    lesson: str
    at: datetime


class PathProgress(BaseModel):
    id: str
    title: str
    url: str
    started_at: datetime
    done: int
    total: int = Field(description="Of its lessons that are written.")
    minutes_left: int
    next: str | None = Field(default=None, description="The lesson to go on with; absent when all are done.")


class Progress(BaseModel):
    completed: list[Done]
    reading: list[str] = Field(description="Lessons opened lately and not completed.")
    recent: list[str] = Field(description="Lessons opened last, the newest first.")
    paths: list[PathProgress] = Field(description="Those that were started, the newest first.")


class Next(BaseModel):
    """What to read next; without a lesson where every one is completed."""

    lesson: LessonRef | None = None
    minutes: int | None = None
    why: str | None = None
    path: str | None = None
    first: list[LessonRef] | None = Field(default=None, description="Not completed, and better read before.")


class QuestionGrade(BaseModel):
    question: str
    grade: Grade = Field(description="The worse of the reader's own grade and the ledger's mark of their number.")
    own: Grade | None = Field(default=None, description="What of the rubric they said they had said.")
    number: str | None = Field(default=None, description="`right`, the slip that was made, or `wrong`.")
    at: datetime


class DrillScore(BaseModel):
    """Of the last answers to drills."""

    answered: int
    right: int
    again: list[str] = Field(description="Numbers whose last answer was wrong.")


class Weak(BaseModel):
    """Where less than two thirds of the points were got."""

    facet: str = Field(description="part, lesson or kind.")
    value: str
    title: str
    asked: int
    full: int
    read: str = Field(description="Where to read about it.")
    again: str = Field(description="A mock interview about what was not answered in full.")


class DueQuestion(BaseModel):
    question: str
    due_at: datetime = Field(description="When it is remembered with a chance of nine in ten.")


class Due(BaseModel):
    """Questions that were asked and are to be asked again by now, the longest due first."""

    questions: list[DueQuestion]
    ask: str | None = Field(default=None, description="A mock interview about them; absent where none is due.")
    next_at: datetime | None = Field(default=None, description="When the next one is; absent where none waits.")


class Grades(BaseModel):
    questions: list[QuestionGrade]
    weak: list[Weak]
    drills: DrillScore | None = None


class Given(BaseModel):
    """An answer to a question: what of its rubric was said, or the number; one of the two."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(pattern=r"^[a-z][a-z0-9-]{0,49}:[A-Za-z0-9_-]{1,50}$", examples=["kv-cache:size-70b"])
    said: list[Annotated[int, Field(ge=1, le=100)]] | None = Field(
        default=None,
        max_length=100,
        description="The places of the lines of the rubric that were said, from 1; empty for none.",
    )
    number: str | None = Field(default=None, max_length=60, description="With its unit, for the ledger to mark.")
    key: UUID | None = Field(default=None, description="Made by the sender: two answers with one key are one.")


class Marked(BaseModel):
    question: str
    verdict: str = Field(description="full, partly or missed; of a number right, the slip that was made, or wrong.")
    said: str | None = Field(default=None, description="Of a number: what the ledger says of it, in a sentence.")
    suspected: str | None = Field(default=None, description="Of a wrong number: what probably went wrong.")


@own(router, "/me/progress", Progress)
def my_progress(request: HttpRequest) -> Progress:
    """What is done, what is under way, and how far each path is."""
    return progress_of(_reader(request))


def progress_of(user: User) -> Progress:
    study = AccountStudy(user)
    done = user.completions.order_by("at", "module_id").values_list("module_id", "at")
    return Progress(
        completed=[Done(lesson=lesson, at=at) for lesson, at in done],
        reading=sorted(study.reading),
        recent=study.recent,
        paths=[_path(one, study) for one in _started(study)],
    )


@own(router, "/me/next", Next)
def my_next(request: HttpRequest) -> Next:
    """What to read next, and why."""
    return next_of(_reader(request))


def next_of(user: User) -> Next:
    study = AccountStudy(user)
    found = suggest(study, _started(study))
    if found is None:
        return Next()
    return Next(
        lesson=_lesson(found.module),
        minutes=found.module.minutes,
        why=found.why,
        path=found.step.path_id if found.step else None,
        first=[_lesson(row) for row in found.first] or None,
    )


@own(router, "/me/grades", Grades)
def my_grades(request: HttpRequest) -> Grades:
    """What came of every question that was asked, where points are lost, and how drills went."""
    return grades_of(_reader(request))


def grades_of(user: User) -> Grades:
    study = AccountStudy(user)
    facts = study.grades(Window())
    found = results(facts)
    outcome, score = outcomes.of_reader(study, timezone.now()), drills.score(study)
    return Grades(
        questions=_graded(found, facts),
        weak=[_weak(each) for _heading, some in outcome.weaknesses for each in some] if outcome else [],
        drills=_drills(score) if score else None,
    )


@own(router, "/me/due", Due)
def my_due(request: HttpRequest) -> Due:
    """Which questions are to be asked again, by all grades they were given."""
    return due_of(_reader(request))


def due_of(user: User) -> Due:
    now = timezone.now()
    found = so_far(AccountStudy(user), Window(), now)
    bank = Bank.read(found)
    asked = sorted((at, row.key) for row in bank.rows if row.key in found and (at := found[row.key].due_at))
    due = [DueQuestion(question=key, due_at=at) for at, key in asked if found[key].is_due]
    return Due(
        questions=due,
        ask=full(Asking(bank, {"seen": DUE}).mock_address) if due else None,
        next_at=next((at for at, key in asked if not found[key].is_due), None),
    )


@own(
    router,
    "/me/export",
    None,
    openapi_extra={
        "responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
    },
)
def my_export(request: HttpRequest) -> StreamingHttpResponse:
    """Every event of the reader's study, as at /dashboard/export.json; what concerns their account is only there."""
    pieces = export(AccountStudy(_reader(request)), None, timezone.now())
    return StreamingHttpResponse(pieces, content_type="application/json")


@recording(router, "/me/answers", Marked)
def record_answer(request: HttpRequest, given: Given) -> Marked:
    """Record an answer to an interview question, and say what it comes to."""
    return answer_of(_reader(request), given)


def answer_of(user: User, given: Given) -> Marked:
    """Record an answer for its reader; raises RefusedError, or Http404 for a question that is not there."""
    if (given.said is None) is (given.number is None):
        raise RefusedError(_("An answer has either `said` or `number`."))
    lesson, _colon, name = given.question.partition(":")
    row = QuestionRow.objects.in_bank().select_related("module").filter(module=lesson, name=name).first()
    if row is None:
        raise Http404(_("There is no question of this name."))
    asked = Asked(row, 1, None, content.current())
    study = AccountStudy(user)
    if given.said is not None:
        answer = asked.own([str(place) for place in given.said], SEED)
        study.grade(row.key, answer, given.key)
        return Marked(question=row.key, verdict=answer.verdict)
    text = (given.number or "").replace("\0", "").strip()
    try:
        marked = asked.mark(text)
    except LedgerError as error:
        raise RefusedError(str(error)) from error
    study.grade(row.key, Answer(SEED, text, marked.diagnosis.verdict), given.key)
    return Marked(
        question=row.key,
        verdict=marked.diagnosis.verdict,
        said=str(marked.graded) or None,
        suspected=str(marked.suspected) or None,
    )


def _reader(request: HttpRequest) -> User:
    """Return whose token it is: the only reader about whom anything is asked here."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return token.user


def _started(study: AccountStudy) -> list[Standing]:
    started = [one for one in standings(study) if one.started]
    return sorted(started, key=lambda one: study.paths[one.path.pk], reverse=True)


def _path(one: Standing, study: AccountStudy) -> PathProgress:
    return PathProgress(
        id=one.path.pk,
        title=one.path.title,
        url=full(one.path.get_absolute_url()),
        started_at=study.paths[one.path.pk],
        done=one.done,
        total=one.total,
        minutes_left=one.minutes_left,
        next=one.next.module_id if one.next else None,
    )


def _lesson(row: Module) -> LessonRef:
    return LessonRef(id=row.pk, title=row.title, url=full(row.get_absolute_url()))


def _graded(found: dict[str, Result], facts: Iterable[Fact]) -> list[QuestionGrade]:
    at: dict[str, datetime] = {}
    for fact in facts:
        at[fact.subject] = max(fact.at, at.get(fact.subject, fact.at))
    return [
        QuestionGrade(
            question=key,
            grade=result.grade,
            own=Grade(result.own.verdict) if result.own else None,
            number=result.marked.verdict if result.marked else None,
            at=at[key],
        )
        for key, result in found.items()
    ]


def _drills(score: drills.Score) -> DrillScore:
    return DrillScore(answered=score.answered, right=score.right, again=[each.number.id for each in score.again])


def _weak(one: Weakness) -> Weak:
    return Weak(
        facet=one.area.facet,
        value=one.area.value,
        title=str(one.title),
        asked=one.area.asked,
        full=one.area.full,
        read=full(one.reading),
        again=full(one.again),
    )
