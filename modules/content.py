"""The whole content read once: rows turned into what the ledger and the renderer understand."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from modules import rendering
from modules.drills.problems import computes
from modules.explorers import ExplorerError, Ground, Live, View, drawn, entry_id
from modules.files.bibliography import names
from modules.ledger import Entry, Graph, as_query, likened, write_changes
from modules.models import Explorer, FailureMode, Figure, Group, Module, Quantity, Question, Revision, Source, Term
from modules.models.reviews import PARTS
from modules.referee.facts import Known, Owner

# A lesson's explorers at their defaults by name, each that does not work as its error.
Views = dict[str, View | ExplorerError]


@dataclass(frozen=True)
class Content:
    """Every number, source, term and title of the notebook as the database has them now."""

    entries: dict[str, Entry]
    sources: dict[str, rendering.Source]
    lessons: dict[str, rendering.LessonRef]
    terms: dict[str, str]
    live_explorer: Explorer | None

    @classmethod
    def read(cls) -> Content:
        rows = Quantity.objects.select_related("group").in_file_order()
        modules = Module.objects.values_list("pk", "title", "is_written")
        return cls(
            entries={entry.id: entry for entry in likened(row.entry() for row in rows)},
            sources={row.pk: source(row) for row in Source.objects.all()},
            lessons={pk: rendering.LessonRef(pk, title, written) for pk, title, written in modules},
            terms=dict(Term.objects.values_list("name", "module_id")),
            live_explorer=Explorer.objects.exclude(live="").first(),
        )

    @cached_property
    def graph(self) -> Graph:
        return Graph(self.entries.values())

    @property
    def what_if(self) -> str:
        """What is supposed, as an address says it; "" except in a what-if."""
        return write_changes(self.graph.changes)

    @property
    def query(self) -> str:
        """What addresses end in that show the same values: nothing, except in a what-if."""
        return as_query(self.graph.changes)

    @cached_property
    def numbers(self) -> dict[str, rendering.Number]:
        """Every number that has a value, by its full id; broken ones are in `graph.problems`."""
        seen: dict[str, str] = {}  # each number follows what it reads
        for key in self.graph.values:
            days = [self.entries[key].as_of, *(seen[read] for read in self.graph.inputs(key))]
            seen[key] = min(filter(None, days), default="")
        values = self.graph.values
        return {key: number(self.entries[key], value, seen[key]) for key, value in values.items()}

    def numbers_for(self, module_id: str) -> dict[str, rendering.Number]:
        """Every number under the names that a lesson writes: its own ones bare."""
        own = f"{module_id}:"
        bare = {entry_id.removeprefix(own): n for entry_id, n in self.numbers.items() if entry_id.startswith(own)}
        return self.numbers | bare

    def material(self, module: Module, views: Views) -> rendering.Material:
        """Return all that a lesson may refer to, `views` being its explorers."""
        return rendering.Material(
            numbers=self.numbers_for(module.pk),
            sources=self.sources,
            lessons=self.lessons,
            figures={figure.name: picture(figure) for figure in module.figures.all()},
            terms=self.terms,
            explorer_html=lambda name: _part(views, name, View.html),
            explorer_markdown=lambda name: _part(views, name, View.markdown),
            plot=lambda order, anchor: drawn(order, anchor, module.pk, self.graph, self.entries),
            query=self.query,
        )

    @cached_property
    def drillable(self) -> dict[str, None]:
        """The ids of all numbers that a drill can ask for, in notebook order."""
        return dict.fromkeys(key for key in self.entries if key in self.graph.values and computes(self.graph, key))

    @cached_property
    def known(self) -> Known:
        """What the referee compares by name; one query when it is first asked for."""
        groups = Group.objects.values_list("pk", "title", "kind", "api_model")
        owners = {pk: Owner(title, kind, bool(seller)) for pk, title, kind, seller in groups}
        return Known.of(self.entries, self.graph, owners)

    @cached_property
    def live(self) -> Live | None:
        """The sentence of the home page at its own value, if the notebook has one."""
        return Live.of(self.live_explorer, self.graph, self.entries) if self.live_explorer else None

    @cached_property
    def live_grounds(self) -> list[Ground]:
        """What its answer rests on."""
        return self.live.grounds(rendering.short_names(self.sources.values())) if self.live else []

    def explorers(self, module: Module) -> Views:
        return {row.name: self._explorer(row) for row in module.explorers.all()}

    def _explorer(self, row: Explorer) -> View | ExplorerError:
        try:
            if row.live:
                Live.of(row, self.graph, self.entries)
            return View.of(row, self.graph, self.entries)
        except ExplorerError as exc:
            return exc


def _part(views: Views, name: str, make: Callable[[View], str]) -> str:
    """Return a rendering of one explorer; of one that does not work, or is not there, nothing."""
    view = views.get(name)
    return make(view) if isinstance(view, View) else ""


def lessons(*, written: bool = True) -> QuerySet[Module]:
    """Return the written lessons, or all, with everything that is written inside them."""
    modules = Module.objects.written() if written else Module.objects.all()
    return modules.select_related("part").prefetch_related(
        Prefetch("quantities", Quantity.objects.select_related("group").order_by("position", "pk")),
        "explorers",
        Prefetch("questions", Question.objects.as_written()),
        "terms",
        Prefetch("failures", FailureMode.objects.defer("html", "raw")),
        "exam",
        "phases",
        "figures",
        "focus__company",
        "requires__part",
    )


def number(entry: Entry, quantity: rendering.Quantity, seen: str = "") -> rendering.Number:
    return rendering.Number(
        id=entry.id,
        label=entry.label,
        kind=entry.kind,
        quantity=quantity,
        digits=entry.digits,
        formula=entry.formula,
        like=entry.like,
        unit=entry.unit,
        source=entry.source,
        at=entry.at,
        because=entry.because,
        as_of=entry.as_of,
        note=entry.note,
        seen=seen,
    )


def source(row: Source) -> rendering.Source:
    return rendering.Source(
        key=row.pk,
        kind=row.kind,
        authors=names(row.author),
        title=row.title,
        year=str(row.year),
        url=row.url,
        note=row.note,
        eprint=row.eprint,
        checked_on=row.opened_on.isoformat() if row.opened_on else "",
    )


def picture(figure: Figure) -> str:
    """Return what the renderer puts in a figure: the SVG itself, or the address of a raster picture."""
    if figure.name.endswith(".svg"):
        return bytes(figure.data).decode()
    return figure.get_absolute_url()


def lesson(module: Module, numbers: dict[str, rendering.Number]) -> rendering.Lesson:
    """Turn a row of `lessons()` into the renderer's lesson; numbers without a value are left out."""
    own = [row.entry_id for row in module.quantities.all()]
    return rendering.Lesson(
        id=module.pk,
        title=module.title,
        part=module.part.title,
        summary=module.summary,
        hook=module.hook,
        requires=tuple(sorted(required.pk for required in module.requires.all())),
        focus=tuple(sorted(focus.company.name for focus in module.focus.all() if focus.asked)),
        minutes=module.minutes,
        reviewed=str(module.reviewed or ""),
        updated=module.updated_at.date().isoformat() if module.updated_at else "",
        version=str(module.version),
        url=settings.SITE_URL + reverse("modules:module", args=[module.pk]),
        licence="CC BY 4.0",
        ledger=tuple(numbers[entry_id] for entry_id in own if entry_id in numbers),
        explorers=tuple(row.name for row in module.explorers.all()),
        terms=tuple((term.name, term.text) for term in module.terms.all()),
        questions=tuple(
            rendering.Question(row.name, row.stars, row.ask, row.answer, tuple(row.rubric), row.number)
            for row in module.questions.all()
        ),
        failures=tuple(
            rendering.Failure(
                row.name,
                row.mode,
                tuple(row.systems),
                str(row.pulled.label),
                {part: getattr(row, part) for part in PARTS},
                row.cost,
            )
            for row in module.failures.all()
        ),
        exam=exam(module),
        body=module.body,
    )


def exam(module: Module) -> rendering.Exam | None:
    """Return the exam of a lesson, if it has one."""
    row = getattr(module, "exam", None)
    if row is None:
        return None
    phases = (
        rendering.Phase(phase.name, phase.ask, phase.answer, tuple(phase.rubric), tuple(phase.numbers))
        for phase in module.phases.all()
    )
    return rendering.Exam(row.brief, tuple(item["name"] for item in row.draws), tuple(phases))


def stamp(module: Module, content: Content) -> str:
    """Return a digest of all that a lesson's page is made from, so that only what changed is rendered again.

    What the lesson prints from elsewhere is known from its last rendering (`uses`); if the lesson itself
    changed since, its own part of the digest differs anyway.
    """
    made = replace(lesson(module, content.numbers), updated="", version="", url="")
    outside: Iterable[object] = [
        [repr(content.numbers.get(name)) for name in module.uses.get("numbers", [])],
        [repr(content.sources.get(key)) for key in module.uses.get("sources", [])],
        [repr(content.lessons.get(name)) for name in module.uses.get("lessons", [])],
        [content.terms.get(name) for name in module.uses.get("terms", [])],
        [(figure.name, hashlib.sha256(bytes(figure.data)).hexdigest()) for figure in module.figures.all()],
        [_explorer_stamp(explorer, content) for explorer in module.explorers.all()],
    ]
    plain = json.dumps([asdict(made), outside], default=repr, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _explorer_stamp(explorer: Explorer, content: Content) -> object:
    """Return all that an explorer is made from: what the author wrote, and every number it names or rests on.

    A curve may change where no value at the defaults does.
    """
    numbers = {number: repr(content.numbers.get(number)) for number in explorer_numbers(explorer, content.graph)}
    written = [
        explorer.title,
        explorer.ask,
        explorer.lab,
        explorer.inputs,
        explorer.outputs,
        explorer.plot,
        explorer.live,
    ]
    return [*written, numbers]


def explorer_numbers(explorer: Explorer, graph: Graph) -> list[str]:
    """Return every number an explorer names, and all that these rest on; also names that are no number."""
    names = [*(item["name"] for item in explorer.inputs), *explorer.outputs, *re.split(r"[,\s]+", explorer.plot)]
    waiting = [entry_id(explorer, name) for name in names]
    numbers: dict[str, None] = {}
    while waiting:
        number = waiting.pop()
        if number not in numbers:
            numbers[number] = None
            waiting += graph.inputs(number)
    return list(numbers)


_current: tuple[int, Content] | None = None


def current() -> Content:
    """Return the content as of now, read again only after it changed; one quick query otherwise."""
    global _current
    edition = Revision.objects.edition()
    if _current is None or _current[0] != edition:
        _current = (edition, Content.read())
    return _current[1]


def forget() -> None:
    """Drop what `current` keeps; for tests, whose databases come and go."""
    global _current
    _current = None
