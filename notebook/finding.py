"""What the search page and the palette show: hits of every kind in groups, the kind that was named exactly first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from modules import content
from modules.http import Study
from modules.models import Module, Source, Term
from modules.rendering.bibliography import short_name
from modules.search import FoundNumber, Result, search
from paths.models import LearningPath
from paths.search import paths


@dataclass(frozen=True)
class Hit:
    """One thing found. `name` is what it is called; without `url` there is nowhere to go, as for a planned lesson."""

    name: str
    url: str = ""
    at: str = ""  # where in or of what: a heading, a lesson
    text: str = ""
    value: str = ""  # of a number
    kind: str = ""  # of a number: cited, computed, assumed
    keys: tuple[str, ...] = ()  # further exact names


@dataclass(frozen=True)
class Group:
    id: str
    title: str
    hits: list[Hit]


def find(query: str) -> list[Group]:
    """Return what a reader's words find; ten queries at most, however much there is."""
    found = search(query)
    groups = _groups(
        ("lessons", _("Lessons"), map(_lesson_hit, found.lessons)),
        ("numbers", _("Numbers"), map(_number_hit, found.numbers)),
        ("terms", _("Terms"), map(_term_hit, found.terms)),
        ("sources", _("Sources"), map(_source_hit, found.sources)),
        ("paths", _("Paths"), map(_path_hit, paths(query))),
    )
    said = query.casefold()
    return sorted(groups, key=lambda group: not any(_is_called(hit, said) for hit in group.hits))


def useful(study: Study) -> list[Group]:
    """Return where a reader may want to go who has typed nothing: where they were, paths, the notebook's pages."""
    recent = study.recent
    lessons = Module.objects.written().listed().in_bulk(recent) if recent else {}
    return _groups(
        (
            "recent",
            _("Read last"),
            (Hit(lessons[pk].title, lessons[pk].get_absolute_url()) for pk in recent if pk in lessons),
        ),
        ("paths", _("Paths"), map(_path_hit, LearningPath.objects.all())),
        ("pages", _("Pages"), (Hit(str(title), reverse(name)) for name, title in PAGES)),
    )


PAGES = [
    ("home", _("All lessons")),
    ("progress:bank", _("Interview Question Bank")),
    ("modules:glossary", _("Glossary")),
    ("modules:sources", _("Sources")),
    ("modules:changelog", _("Changelog")),
    ("progress:dashboard", _("Dashboard")),
]


def _groups(*groups: tuple[str, str | Promise, Iterable[Hit]]) -> list[Group]:
    made = [Group(id_, str(title), list(hits)) for id_, title, hits in groups]
    return [group for group in made if group.hits]


def _is_called(hit: Hit, said: str) -> bool:
    return any(name.casefold() == said for name in (hit.name, *hit.keys))


def _lesson_hit(result: Result) -> Hit:
    module = result.module
    url = result.url if module.is_written else ""
    return Hit(module.title, url, result.heading, result.excerpt or module.summary)


def _number_hit(number: FoundNumber) -> Hit:
    lesson_id, title = number.lesson or ("", "")
    url = f"{reverse('modules:module', args=[lesson_id])}#{number.anchor}" if lesson_id else ""
    # A name of one plain word, like `cache`, is more likely meant as the word.
    keys = (number.id, number.name) if "_" in number.name else (number.id,)
    return Hit(number.label, url, title, value=number.printed, kind=number.kind, keys=keys)


def _term_hit(term: Term) -> Hit:
    return Hit(term.name, f"{reverse('modules:glossary')}#{term.anchor}", text=term.text)


def _source_hit(source: Source) -> Hit:
    text = ". ".join(filter(None, (short_name(content.source(source)), source.venue)))
    return Hit(source.title, source.get_absolute_url(), text=text, keys=(source.pk,))


def _path_hit(path: LearningPath) -> Hit:
    return Hit(path.title, path.get_absolute_url(), text=path.summary, keys=(path.pk,))
