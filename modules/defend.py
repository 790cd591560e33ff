"""The check behind `manage.py defend`: what holds each lesson's numbers up, and everything that does not hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from modules import ages, content, programs, publishing, rendering, running
from modules.content import Content
from modules.files import lesson as lesson_files
from modules.files.places import line_in_lesson
from modules.models import CodeRun, Module, Quantity, Source
from modules.publishing import Progress, Trouble

STALE_REVIEW = timedelta(days=365)
TOY_SHARE = 0.15
WORDS = (2000, 3500)
SECTIONS = {
    "lesson": ["minute", "idea", "derivation", "worked", "production", "breaks", "claims", "try", "interview"],
    "design review": [
        "brief",
        "slo",
        "eval",
        "architecture",
        "capacity",
        "cost",
        "failures",
        "tradeoffs",
        "claims",
        "try",
        "interview",
    ],
}


@dataclass
class Defence:
    """One lesson under examination."""

    module: Module
    document: rendering.Document
    kinds: Counter[str]
    numerals: Counter[str]
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    undefended: int = 0
    has_run: bool = False
    program: str = ""  # a digest of the files of other lessons that the code can import
    passed: list[str] = field(default_factory=list)  # the derivations whose code holds
    trouble: str = ""  # the first thing about the code that does not

    @cached_property
    def text(self) -> str:
        """The lesson's file, in which an error has its line."""
        return lesson_files.dump(self.module)

    def error(self, message: str, where: str = "", line: int | None = None) -> None:
        place = f"fixtures/{self.module.path}"
        if found := line_in_lesson(self.text, where or "body", line):
            place += f":{found}"
        if where not in ("", "body"):
            message = f"{where}: {message}"
        self.errors.append(f"{place}: {message}")


@dataclass
class Verdict:
    defences: list[Defence]
    errors: list[str]
    warnings: list[str]

    @property
    def all_errors(self) -> list[str]:
        return self.errors + [error for defence in self.defences for error in defence.errors]

    @property
    def all_warnings(self) -> list[str]:
        return self.warnings + [warning for defence in self.defences for warning in defence.warnings]


class Running(StrEnum):
    """Which lessons' code `examine` runs."""

    ALL = "all"
    UNKNOWN = "unknown"  # that of which no kept run says that it holds
    NONE = "none"


def examine(today: date, only: Iterable[str] = (), *, run: Running = Running.ALL, progress: Progress = list) -> Verdict:
    """Examine the notebook, or some lessons of it, as the database has it now. Nothing is changed."""
    now = Content.read()
    chosen = set(only)
    modules = [module for module in content.lessons() if not chosen or module.pk in chosen]
    known = CodeRun.objects.in_bulk()
    files = programs.files()
    with ThreadPoolExecutor() as pool:  # the code runs in processes of its own, while this one renders
        documents = [rendering.parse(module.body) for module in modules]
        needs = [programs.needed(document, files) for document in documents]
        runs = [
            _start(known.get(module.pk), document, needed, run, pool)
            for module, document, needed in zip(modules, documents, needs, strict=True)
        ]
        defences = [
            _defence(module, document, programs.digest(needed), now)
            for module, document, needed in zip(modules, documents, needs, strict=True)
        ]
        for defence, results in zip(progress(defences), runs, strict=True):
            if results:
                _compare_runs(defence, results.result())
    for defence in defences:
        _measure(defence)
        _age(defence, today, known.get(defence.module.pk))
    errors = [f"{entry_id}: {message}" for entry_id, found in now.graph.problems.items() for message in found]
    if not chosen:
        errors += [f"sources.bib: {key} is cited by nobody" for key in sorted(_uncited(defences))]
        errors += [
            f"sources.bib: {key} has no urldate, so it was not opened; its note has to say how it was read"
            for key in Source.objects.filter(opened_on=None, note="").values_list("pk", flat=True)
        ]
    return Verdict(defences, errors, list(_stale_prices(today)))


def _start(
    known: CodeRun | None,
    document: rendering.Document,
    needed: Mapping[str, str],
    run: Running,
    pool: ThreadPoolExecutor,
) -> Future[list[running.Result]] | None:
    """Start running a lesson's code, if it is to be run."""
    holds = known is not None and known.holds(document.code, programs.digest(needed))
    if run is Running.NONE or (run is Running.UNKNOWN and holds):
        return None
    return pool.submit(running.run, [block.code for block in document.runs], needed)


def _defence(module: Module, document: rendering.Document, program: str, now: Content) -> Defence:
    lesson = content.lesson(module, now.numbers)
    troubles: list[Trouble] = []
    undefended = 0
    if publishing.is_current(module, now):  # it was published, which nothing is with a trouble
        numerals = Counter(module.tally["numerals"])
    else:
        page, troubles = publishing.render(module, now)
        numerals, undefended = page.numerals.counts, len(page.numerals.undefended)
    kinds = Counter(number.kind for number in lesson.ledger)
    defence = Defence(module, document, kinds, numerals, undefended=undefended, program=program)
    for trouble in troubles:
        defence.error(trouble.message, trouble.where, trouble.line)
    for path, code in defence.document.files.items():
        try:
            compile(code, path, "exec")
        except (SyntaxError, ValueError) as exc:
            defence.error(f"{path} is not Python: {exc}")
    names = now.numbers_for(module.pk)
    for question in lesson.questions:
        if question.number and question.number not in names:
            defence.error(
                f"the answer names the number {question.number!r}, which there is not", f"question {question.id}"
            )
    return defence


def _compare_runs(defence: Defence, results: list[running.Result]) -> None:
    blocks = defence.document.runs
    defence.has_run = bool(blocks)
    held = [False] * len(blocks)  # what stands after a block that fails was not run
    for number, (block, result) in enumerate(zip(blocks, results, strict=False)):
        held[number] = not result.error and result.printed.strip() == (block.output or "").strip()
        if held[number]:
            continue
        if result.error:
            trouble, line = f"the code fails: {result.error}", block.line + result.line
        else:
            trouble, line = "the code prints something else than is recorded", block.line
        defence.trouble = defence.trouble or trouble
        defence.error(trouble if result.error else f"{trouble}; see `defend --record`", line=line)
    failed = {block.derivation for block, holds in zip(blocks, held, strict=True) if not holds}
    defence.passed = [anchor for anchor in defence.document.derivations if anchor not in failed]


def _measure(defence: Defence) -> None:
    """Compare a lesson with what docs/format.md says it contains."""
    module, document = defence.module, defence.document
    sections = SECTIONS["design review" if module.part_id == "design-reviews" else "lesson"]
    found = [heading.anchor for heading in document.headings if heading.level == 2]
    if found != sections:
        defence.error(f"the sections are {', '.join(found) or 'none'}; they should be {', '.join(sections)}")
    numeric = [question for question in module.questions.all() if question.number]
    derivations = len({block.derivation for block in document.runs if block.derivation})
    sources = {use.key for use in document.citations} | set(module.uses.get("sources", []))
    for what, count, least, most in [
        ("figures", len(document.figures) + len(document.plots), 1, None),
        ("explorers", len(document.explorers), 1, None),
        ("checked derivations", derivations, 2, None),
        ("ledger numbers", defence.kinds.total(), 6, None),
        ("questions", len(module.questions.all()), 4, 8),
        ("numeric questions", len(numeric), 1, None),
        ("sources", len(sources), 5, None),
        ("terms", len(module.terms.all()), 0, 10),
        ("words of prose", document.words, *WORDS),
    ]:
        if count < least or (most is not None and count > most):
            defence.error(f"{count:,} {what}; a lesson has {f'{least:,} to {most:,}' if most else f'at least {least}'}")
    for name in sorted({figure.name for figure in module.figures.all()} - {use.file for use in document.figures}):
        defence.error(f"the figure {name!r} is shown nowhere")
    if defence.numerals["toy"] > TOY_SHARE * defence.numerals.total():
        defence.error(f"{defence.numerals['toy']} of {defence.numerals.total()} numerals are toys; at most 15% may be")


def _age(defence: Defence, today: date, known: CodeRun | None) -> None:
    if defence.document.code and not (known and known.is_of(defence.document.code, defence.program)):
        path = f"fixtures/runs/{defence.module.pk}.yaml"
        how = "dump it" if defence.has_run else "run it, then dump"
        defence.warnings.append(f"{path}: what comes of this code is not kept yet; {how}")
    reviewed = defence.module.reviewed
    if reviewed is None or today - reviewed > STALE_REVIEW:
        defence.warnings.append(f"fixtures/{defence.module.path}: last reviewed {reviewed or 'never'}")


def _stale_prices(today: date) -> Iterator[str]:
    for row in Quantity.objects.select_related("group").in_file_order():
        as_of = row.entry().as_of
        if ages.is_stale(as_of, today):
            yield f"{row.entry_id}: the price is of {as_of}"


def _uncited(defences: list[Defence]) -> set[str]:
    cited = {key for defence in defences for key in defence.module.uses.get("sources", [])}
    cited |= {row.entry().source for row in Quantity.objects.select_related("group")}
    return set(Source.objects.values_list("pk", flat=True)) - cited


def record(module: Module) -> str:
    """Return a lesson's body with what its code prints written below each block.

    Raises RuntimeError, with a sentence, when a block fails.
    """
    document = rendering.parse(module.body)
    blocks = document.runs
    results = running.run([block.code for block in blocks], programs.needed(document, programs.files()))
    for block, result in zip(blocks, results, strict=False):
        if result.error:
            raise RuntimeError(f"{module.pk}: the block at line {block.line} fails: {result.error}")
    lines = module.body.split("\n")
    for block, result in reversed(list(zip(blocks, results, strict=True))):
        lines[block.end : block.output_end] = _output(lines[block.line - 1], result.printed)
    return "\n".join(lines)


def _output(opening: str, printed: str) -> list[str]:
    """Return the lines that record what a block printed, as far in as the line that opens it."""
    if not printed.strip():
        return []
    margin = re.match(r"[ >]*", opening)[0]  # type: ignore[index]  # it matches any line
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", printed)), default=0))
    lines = ["", f"{fence}output", *printed.rstrip().split("\n"), fence]
    return [f"{margin}{line}".rstrip() for line in lines]
