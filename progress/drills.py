"""What a reader is drilled on: the lessons they have read, one lesson, a path, or what a company asks."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from modules import content as contents
from modules import drilling
from modules.content import Content
from modules.defences import Defended
from modules.drills.draws import SEEDS
from modules.drills.words import NAMES
from modules.models import Company, Module
from paths.models import LearningPath
from progress.facts import Fact
from progress.study import ReaderStudy

READ, ANY = "read", "any"
AGAIN = 3  # numbers worth another try that a page lists


@dataclass(frozen=True)
class Scope:
    """Where drills are taken from, as an address names it: `read`, `lesson:kv-cache`, `path:serving`."""

    name: str
    title: str | Promise
    lessons: frozenset[str]

    def numbers(self, content: Content) -> list[str]:
        return drilling.drillable(self.lessons, content)


def scope(name: str, study: ReaderStudy) -> Scope | None:
    """Return the scope of this name; None when there is none. Without a name it is what the reader has read, or any."""
    kind, _colon, key = name.partition(":")
    written = Module.objects.written()
    match kind:
        case "" | "read" | "any":
            lessons = frozenset(written.values_list("pk", flat=True))
            read = lessons & (study.completed | study.reading)
            if kind == ANY or not read:
                return Scope(ANY, _("any lesson"), lessons)
            return Scope(READ, _("lessons you have read"), read)
        case "lesson":
            titles = dict(written.filter(pk=key).values_list("pk", "title"))
            return Scope(name, titles[key], frozenset(titles)) if titles else None
        case "path":
            path = LearningPath.objects.filter(pk=key).first()
            return Scope(name, path.title, _ids(written.filter(steps__path=path))) if path else None
        case "company":
            company = Company.objects.filter(pk=key).first()
            return Scope(name, company.name, _ids(written.filter(focus__company=company))) if company else None
    return None


def _ids(lessons: QuerySet[Module]) -> frozenset[str]:
    return frozenset(lessons.values_list("pk", flat=True))


def choose(numbers: Sequence[str], answers: Sequence[Fact]) -> str:
    """Return one of `numbers` at random, of those that were not answered rightly the last time if there are any."""
    latest = {fact.subject: fact.answer for fact in reversed(answers)}
    left = [key for key in numbers if not (answer := latest.get(key)) or not answer.is_right]
    return secrets.choice(left or numbers)


def address(key: str, seed: int | None = None, scope_name: str = "", answer: str = "") -> str:
    """Return where a drill is; without a seed it is a new one."""
    owner_id, name = key.replace(".", ":").split(":")
    query = QueryDict(mutable=True)
    for field, value in (("seed", seed), ("from", scope_name), ("answer", answer)):
        if value not in (None, ""):
            query[field] = str(value)
    return reverse("progress:drill", args=[owner_id, name]) + (f"?{query.urlencode()}" if query else "")


def new_seed() -> int:
    return secrets.randbelow(SEEDS)


@dataclass(frozen=True)
class Score:
    """The last answers of a reader, as their dashboard sums them up."""

    answered: int
    right: int
    slip: str | Promise = ""  # the one made most often
    again: Sequence[Defended] = ()  # numbers whose last answer was wrong, the newest first


def score(study: ReaderStudy) -> Score | None:
    """Sum up the last answers of a reader; None where there are none. One query, and one more if there are."""
    answers = study.answers()
    return _score(answers, contents.current()) if answers else None


def _score(answers: Sequence[Fact], content: Content) -> Score:
    verdicts = Counter(fact.answer.verdict for fact in answers if fact.answer)
    slips = [(count, name) for name, count in verdicts.items() if name in NAMES]
    latest = {fact.subject: fact.answer for fact in reversed(answers)}
    wrong = dict.fromkeys(fact.subject for fact in answers if (last := latest[fact.subject]) and not last.is_right)
    again = [Defended(content.numbers[key], content) for key in wrong if key in content.drillable]
    return Score(len(answers), verdicts["right"], NAMES[max(slips)[1]] if slips else "", again[:AGAIN])


@dataclass(frozen=True)
class Choices:
    """What the page of drills offers, each a list of names and titles; only what has a number to ask for."""

    lessons: list[tuple[str, str]]
    paths: list[tuple[str, str]]
    companies: list[tuple[str, str]]

    @classmethod
    def of(cls, content: Content) -> Choices:
        asks = {key.partition(":")[0] for key in content.drillable}
        lessons = Module.objects.written().filter(pk__in=asks)
        paths = LearningPath.objects.filter(steps__module__in=lessons)
        companies = Company.objects.filter(focus__module__in=lessons)
        return cls(
            [(f"lesson:{pk}", title) for pk, title in lessons.listed().values_list("pk", "title")],
            [(f"path:{pk}", title) for pk, title in paths.distinct().values_list("pk", "title")],
            [(f"company:{pk}", name) for pk, name in companies.distinct().values_list("pk", "name")],
        )
