"""The one way content changes: check everything, render what went stale, keep the revision, or change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from modules import changes, rendering
from modules import content as contents
from modules.content import Content
from modules.explorers import ExplorerError
from modules.files import FileError, kind_of
from modules.models import Explorer, FailureMode, Module, Passage, ProgramFile, Question, Revision, Term
from modules.models.lesson import RENDERED
from modules.search import indexed

# Passes on what it is given, one by one, and shows how far it is.
Progress = Callable[[list[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong with one lesson or shared number, and where."""

    subject: str
    message: str
    where: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = ", ".join(filter(None, [self.subject, self.where, f"line {self.line}" if self.line else ""]))
        return f"{place}: {self.message}"


class Broken(ValueError):  # noqa: N818  the state of the content, and the word its readers use
    """The content may not be published as it stands; every trouble is listed, and nothing was stored."""

    def __init__(self, troubles: list[Trouble]) -> None:
        self.troubles = troubles
        super().__init__("\n".join(map(str, troubles)))


@dataclass
class Refreshed:
    numbers: int
    rendered: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # those that were recorded, as they are dumped


@transaction.atomic
def publish(
    paths: Iterable[str],
    *,
    author: User | None = None,
    note: str = "",
    kind: str = Revision.Kind.CHANGED,
    progress: Progress = list,
) -> Refreshed:
    """Record a revision of each file in `paths` that changed and bring the whole notebook up to date.

    Raises Broken, after which nothing has changed.
    """
    take_turn()
    now = timezone.now()
    files = {path: _dumped(path) for path in paths}
    changed = {_record(path, data, author, note, kind, now) for path, data in files.items()}
    Module.objects.filter(pk__in=changed - {None}).update(version=F("version") + 1, updated_at=now)
    done = refresh(progress=progress)
    done.files = files
    return done


def take_turn() -> None:
    """Wait until nobody else is changing content; the turn ends with the caller's transaction.

    What one save may do depends on all the rest of the notebook, so two at once could each be right alone and
    wrong together. Whoever changes rows takes the turn before the first of them, or two could wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('content', 0))")


def _dumped(path: str) -> bytes:
    try:
        return kind_of(path).dump(path)
    except FileError as exc:
        raise Broken([Trouble(path, exc.message)]) from exc


def _record(path: str, data: bytes, author: User | None, note: str, kind: str, now: datetime) -> str | None:
    """Keep a revision of a file that changed, and return the lesson it belongs to, if it belongs to one."""
    handler, text = kind_of(path), _text(data)
    latest = Revision.objects.of(path).first()
    before = latest.text if latest else ""
    if before == text:
        return None
    module = Module.objects.filter(pk=handler.module_id(path)).first()
    if not before:
        kind = Revision.Kind.ADDED
    if not text:
        kind = Revision.Kind.REMOVED
    Revision.objects.create(path=path, module=module, text=text, kind=kind, note=note, author=author, at=now)
    return module.pk if module else None


def _text(data: bytes) -> str:
    """Return a file's bytes as a revision keeps them: text, or hexadecimal for a raster picture."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.hex()


@transaction.atomic
def refresh(*, progress: Progress = list) -> Refreshed:
    """Recompute every number and render every lesson whose page is out of date.

    Raises Broken with everything that is wrong in the ledger and in the lessons that had to be rendered.
    """
    take_turn()
    content = Content.read()
    troubles = [
        *ledger_troubles(content),
        *_addresses_taken_twice(content),
        *_terms_defined_twice(),
        *_live_twice(),
        *_circles(),
    ]
    done = Refreshed(numbers=len(content.entries))
    pages: dict[str, rendering.Rendered] = {}
    bare = set(Question.objects.unrendered().values_list("module_id", flat=True))
    bare |= set(FailureMode.objects.filter(html={}).values_list("module_id", flat=True))
    for module in progress(list(contents.lessons())):
        made_from = contents.stamp(module, content)
        if module.rendered_from == _rendered_from(made_from) and module.pk not in bare:
            continue
        if not module.rendered_from.endswith(made_from):
            module.updated_at = timezone.now()
        pages[module.pk], found = render(module, content)
        troubles += found
        if not troubles:
            _store(module, pages[module.pk])
            done.rendered.append(module.pk)
    troubles += [*dead_ends(pages), *_files_built_twice(pages)]
    if troubles:
        raise Broken(troubles)
    _store_files(pages)
    changes.record(content, timezone.now())
    # What a page is made from names what it prints from elsewhere, which is known only now.
    for module in contents.lessons().filter(pk__in=done.rendered):
        Module.objects.filter(pk=module.pk).update(rendered_from=_rendered_from(contents.stamp(module, content)))
    return done


def is_current(module: Module, content: Content) -> bool:
    """Whether the stored page is what rendering would give: made of the same, so nothing is wrong with it either."""
    return module.rendered_from == _rendered_from(contents.stamp(module, content))


def _rendered_from(made_from: str) -> str:
    """Return what `Module.rendered_from` says of a page: by which renderer, in which language, for which site."""
    return f"{rendering.VERSION} {settings.LANGUAGE_CODE} {settings.SITE_URL} {made_from}"


def ledger_troubles(content: Content) -> list[Trouble]:
    """Return what is wrong with the numbers of the whole notebook."""
    return [Trouble(entry_id, message) for entry_id, found in content.graph.problems.items() for message in found]


def _addresses_taken_twice(content: Content) -> list[Trouble]:
    """A number of the group moe and one of the lesson moe would both be /numbers/moe/NAME/."""
    keys = [key for key in content.entries if "." in key and key.replace(".", ":") in content.entries]
    return [Trouble(key, f"has the address of {key.replace('.', ':')}: rename one of the two") for key in keys]


def _terms_defined_twice() -> list[Trouble]:
    first: dict[str, Term] = {}
    troubles = []
    for term in Term.objects.order_by("pk"):
        other = first.setdefault(term.anchor, term)
        if other is not term:
            same = "" if other.name == term.name else f", as {other.name!r}"
            troubles.append(
                Trouble(
                    term.module_id, f"the term {term.name!r} is defined in {other.module_id} already{same}", "terms"
                )
            )
    return troubles


def _circles() -> list[Trouble]:
    """Lessons that could never be begun, because each needs the other first."""
    rows = Module.requires.through.objects.order_by("from_module__part__position", "from_module__position", "pk")
    needs: dict[str, list[str]] = {}
    for lesson, needed in rows.values_list("from_module_id", "to_module_id"):
        needs.setdefault(lesson, []).append(needed)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as exc:
        ring = exc.args[1][::-1]
        return [Trouble(ring[0], f"can never be begun: {' needs '.join(ring)}", "requires")]
    return []


def _live_twice() -> list[Trouble]:
    """The home page has one live number: which, the explorer with a sentence says."""
    rows = list(Explorer.objects.exclude(live="").order_by("pk"))
    return [
        Trouble(row.module_id, f"{rows[0].module_id} has the live sentence of the home page", f"explorer {row.name}")
        for row in rows[1:]
    ]


def render(module: Module, content: Content) -> tuple[rendering.Rendered, list[Trouble]]:
    """Render one row of `content.lessons()`; the troubles include numerals that nothing defends."""
    lesson = contents.lesson(module, content.numbers)
    views = content.explorers(module)
    rendered = rendering.render(lesson, content.material(module, views))
    troubles = [Trouble(module.pk, p.message, p.where, p.line) for p in rendered.problems]
    troubles += [Trouble(module.pk, p.message, p.where, p.line) for p in rendered.numerals.undefended]
    for row in module.explorers.all():
        where = f"explorer {row.name}"
        sentence = rendering.classify(rendering.parse(row.live, where), where)
        troubles += [Trouble(module.pk, p.message, where) for p in sentence.undefended]
    troubles += [
        Trouble(module.pk, str(view), f"explorer {name}")
        for name, view in views.items()
        if isinstance(view, ExplorerError)
    ]
    return rendered, troubles


def dead_ends(pages: Mapping[str, rendering.Rendered]) -> list[Trouble]:
    """Return each link to a place that another lesson does not have, once `pages` are what they will be.

    Whichever of the two changed: it is the link that is named, since the place it named may be gone.
    """
    written = {
        pk: (anchors, uses) for pk, anchors, uses in Module.objects.written().values_list("pk", "anchors", "uses")
    }
    anchors = {pk: frozenset(anchors) for pk, (anchors, _) in written.items()} | {
        pk: page.anchors for pk, page in pages.items()
    }
    places = {pk: uses.get("places", []) for pk, (_, uses) in written.items()} | {
        pk: page.uses.places for pk, page in pages.items()
    }
    return [
        Trouble(pk, f"dead link '{lesson}.md#{anchor}': {lesson} has no place '{anchor}'", where, line)
        for pk, found in places.items()
        for lesson, anchor, where, line in found
        if anchor not in anchors.get(lesson, ())
    ]


def _store(module: Module, rendered: rendering.Rendered) -> None:
    module.html = rendered.html
    module.hook_html = rendered.hook
    module.raw = rendered.raw
    module.toc = [list(item) for item in rendered.toc]
    module.anchors = sorted(rendered.anchors)
    module.citations = [list(item) for item in rendered.citations]
    module.uses = {
        "numbers": sorted(rendered.uses.numbers),
        "sources": sorted(rendered.uses.sources),
        "lessons": sorted(rendered.uses.lessons),
        "terms": sorted(rendered.uses.terms),
        "places": [list(place) for place in rendered.uses.places],
    }
    module.tally = {
        "numerals": dict(rendered.numerals.counts),
        "undefended": len(rendered.numerals.undefended),
        "derivations": rendered.derivations,
        "code": rendered.code,
    }
    made = ["html", "hook_html", "raw", "toc", "anchors", "citations", "uses", "tally", "updated_at"]
    module.save(update_fields=made)
    _store_questions(module, rendered.asked)
    _store_failures(module, rendered.failures)
    module.passages.all().delete()
    Passage.objects.bulk_create(
        Passage(
            module=module,
            position=position,
            anchor=anchor,
            title=module.title,
            heading=heading,
            text=indexed(text),
        )
        for position, (anchor, heading, text) in enumerate([("", "", module.summary), *rendered.passages])
    )


def _files_built_twice(pages: Mapping[str, rendering.Rendered]) -> list[Trouble]:
    """Return each file of a program that two lessons build, once `pages` are what they will be."""
    first = dict(ProgramFile.objects.exclude(module__in=pages).values_list("path", "module_id"))
    return [
        Trouble(pk, f"the file {path} is built in {other} already")
        for pk, page in pages.items()
        for path in page.files
        if (other := first.setdefault(path, pk)) != pk
    ]


def _store_files(pages: Mapping[str, rendering.Rendered]) -> None:
    ProgramFile.objects.filter(Q(module__in=pages) | Q(module__body="")).delete()
    ProgramFile.objects.bulk_create(
        ProgramFile(path=path, module_id=pk, anchor=rendering.file_anchor(path), code=code)
        for pk, page in pages.items()
        for path, code in page.files.items()
    )


def _store_failures(module: Module, failures: list[rendering.Apart]) -> None:
    apart = {each.id: each for each in failures}
    rows = [row for row in module.failures.all() if row.name in apart]
    for row in rows:
        row.html, row.raw = dict(apart[row.name].html), dict(apart[row.name].raw)
    FailureMode.objects.bulk_update(rows, ["html", "raw"])


def _store_questions(module: Module, asked: list[rendering.Asked]) -> None:
    apart = {each.id: each for each in asked}
    rows = [row for row in module.questions.all() if row.name in apart]
    for row in rows:
        made = apart[row.name]
        row.ask_html, row.answer_html, row.rubric_html = made.ask, made.answer, list(made.rubric)
        row.ask_raw, row.answer_raw, row.text = made.ask_raw, made.answer_raw, indexed(made.text)
    Question.objects.bulk_update(rows, [column for column in RENDERED if column != "vector"])
