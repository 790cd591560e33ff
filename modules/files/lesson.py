"""modules/<id>.md <-> a lesson with its numbers, explorers, terms and questions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from modules.models import Company, Exam, Explorer, FailureMode, Focus, Module, Phase, Question, Term
from modules.models.reviews import PARTS

from .base import FileKind, decode, validated
from .catalogue import notebook_order, set_requires
from .reference import known_sources, number_fields, quantity
from .yamlfile import Fields, FileError, emit, parse

FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
FIELDS = (
    "id",
    "title",
    "part",
    "summary",
    "hook",
    "requires",
    "focus",
    "minutes",
    "reviewed",
    "ledger",
    "explorers",
    "terms",
    "questions",
    "failures",
    "exam",
)
FAILURE_FIELDS = ("mode", "systems", *PARTS, "lever", "cost")
PHASES = ("clarify", "slo", "eval", "design", "cost", "failure")
INPUT_FIELDS = ("label", "default", "options", "min", "max", "scale", "step")


class Lessons(FileKind):
    glob = "modules/*.md"

    def dumped(self) -> Iterable[str]:
        return [module.path for module in Module.objects.written().only("pk").order_by("pk")]

    def dump(self, path: str) -> bytes:
        module = Module.objects.select_related("part").filter(pk=self.module_id(path)).first()
        return dump(module).encode() if module and module.body else b""

    def load(self, path: str, data: bytes) -> None:
        load(decode(data), self.module_id(path) or "")

    def module_id(self, path: str) -> str | None:
        return path.removeprefix("modules/").removesuffix(".md")


def dump(module: Module) -> str:
    """Return the lesson's file in canonical layout."""
    front = emit(
        {
            "id": module.pk,
            "title": module.title,
            "part": module.part_id,
            "summary": module.summary,
            "hook": module.hook,
            "requires": [m.pk for m in sorted(module.requires.select_related("part"), key=notebook_order)],
            "focus": list(
                module.focus.filter(asked=True).order_by("company__position").values_list("company", flat=True)
            ),
            "minutes": module.minutes,
            "reviewed": module.reviewed,
            "ledger": {row.name: number_fields(row) for row in module.quantities.all()},
            "explorers": {row.name: _explorer_fields(row) for row in module.explorers.all()},
            "terms": {row.name: row.text for row in module.terms.all()},
            "questions": [_question_fields(row) for row in module.questions.all()],
            "failures": [
                {"id": row.name, **{field: getattr(row, field) for field in FAILURE_FIELDS}}
                for row in module.failures.all()
            ],
            "exam": _exam_fields(module),
        }
    )
    return f"---\n{front}---\n\n{tidy(module.body)}"


def tidy(body: str) -> str:
    """Return a body as files keep it: no blank lines around it, Unix line ends, one newline last."""
    return body.replace("\r\n", "\n").strip("\n").rstrip() + "\n"


def _explorer_fields(row: Explorer) -> dict[str, Any]:
    return {
        "title": row.title,
        "ask": row.ask,
        "lab": row.lab,
        "inputs": input_fields(row.inputs),
        "outputs": row.outputs,
        "plot": row.plot,
        "live": row.live,
    }


def input_fields(inputs: list[dict[str, str]]) -> dict[str, Any]:
    """Return an explorer's inputs as they stand in a file."""
    return {item["name"]: {field: item.get(field) for field in INPUT_FIELDS} for item in inputs}


def read_inputs(fields: Fields) -> list[dict[str, str]]:
    """Read an explorer's inputs from a mapping of names; the other way round than `input_fields`."""
    inputs = []
    for name, item in fields.items():
        if not isinstance(item, Fields):
            raise FileError(f"the input {name!r} is written as {{min: ..., max: ...}}", line=fields.lines[name])
        inputs.append({"name": name, **{key: item.text(key) for key in item}})
    return inputs


def _question_fields(row: Question) -> dict[str, Any]:
    return {
        "id": row.name,
        "stars": row.stars,
        "ask": row.ask,
        "answer": row.answer,
        "rubric": row.rubric,
        "number": row.number,
    }


def _exam_fields(module: Module) -> dict[str, Any]:
    exam = Exam.objects.filter(module=module).first()
    if exam is None:
        return {}
    phases = [
        {
            "id": row.name,
            "minutes": row.minutes,
            "ask": row.ask,
            "numbers": row.numbers,
            "rubric": row.rubric,
            "answer": row.answer,
        }
        for row in module.phases.all()
    ]
    return {"brief": exam.brief, "draws": input_fields(exam.draws), "phases": phases}


def split(text: str) -> tuple[Fields, str, int]:
    """Return a lesson file's front matter, its body, and the line before the body's first."""
    match = FRONT_MATTER.match(text)
    if match is None:
        raise FileError("a lesson begins with front matter between two lines of ---", line=1)
    before = text[: match.start(2)]
    body = match[2]
    blank = len(body) - len(body.lstrip("\n"))
    return parse(match[1], first_line=2), body, before.count("\n") + blank


def load(text: str, module_id: str) -> Module:
    """Replace a lesson by what its file says; raises FileError. What the numbers mean is checked by refresh()."""
    fields, body, _ = split(text)
    fields.refuse_unknown(FIELDS)
    if fields.text("id") != module_id:
        raise FileError(f"the id is {fields['id']!r}, but the file is named {module_id!r}", line=fields.lines["id"])
    module = Module.objects.filter(pk=module_id).first()
    if module is None:
        raise FileError(f"the catalogue has no lesson {module_id!r}", line=fields.lines["id"])
    if fields.text("part") != module.part_id:
        raise FileError(f"the catalogue has it in the part {module.part_id!r}", line=fields.lines["part"])
    if not body.strip():
        raise FileError("the body is empty", line=text.count("\n"))
    module.title = fields.text("title")
    module.summary = fields.text("summary")
    module.hook = fields.text("hook").strip()
    module.minutes = fields.number("minutes")
    module.reviewed = _date(fields, "reviewed")
    module.body = tidy(body)
    validated(module, fields.line, exclude=["is_written"]).save()
    set_requires(module, fields.texts("requires"), fields.lines.get("requires"))
    _set_asked(module, fields)
    _replace_children(module, fields)
    return module


def _date(fields: Fields, key: str) -> date:
    try:
        return date.fromisoformat(fields.text(key))
    except ValueError as exc:
        if isinstance(exc, FileError):
            raise
        raise FileError(f"{key!r} must be a date such as 2026-11-23", line=fields.lines[key]) from None


def _set_asked(module: Module, fields: Fields) -> None:
    companies = set(Company.objects.values_list("pk", flat=True))
    module.focus.filter(position=None).delete()
    module.focus.update(asked=False)
    for name in fields.texts("focus"):
        if name not in companies:
            raise FileError(f"focus: unknown company {name!r}", line=fields.lines["focus"])
        Focus.objects.update_or_create(company_id=name, module=module, defaults={"asked": True})


def _replace_children(module: Module, fields: Fields) -> None:
    for children in (
        module.quantities,
        module.explorers,
        module.terms,
        module.questions,
        module.failures,
        module.phases,
    ):
        children.all().delete()
    known = known_sources()
    module.quantities.bulk_create(
        quantity(name, entry, place, known, module=module)
        for place, (name, entry) in enumerate(fields.named("ledger"), start=1)
    )
    module.explorers.bulk_create(
        _explorer(module, name, entry, place) for place, (name, entry) in enumerate(fields.named("explorers"), start=1)
    )
    module.questions.bulk_create(
        _question(module, entry, place) for place, entry in enumerate(fields.rows("questions", "question"), start=1)
    )
    terms = fields.mapping("terms")
    for place, name in enumerate(terms, start=1):
        row = Term(module=module, name=name, position=place, text=terms.text(name).strip())
        validated(row, terms.lines[name], exclude=["module"]).save()

    module.failures.bulk_create(
        _failure(module, entry, place) for place, entry in enumerate(fields.rows("failures", "failure mode"), start=1)
    )
    Exam.objects.filter(module=module).delete()
    if "exam" in fields:
        _load_exam(module, fields.mapping("exam"))


def _failure(module: Module, fields: Fields, position: int) -> FailureMode:
    fields.refuse_unknown(["id", *FAILURE_FIELDS])
    row = FailureMode(
        module=module,
        name=fields.text("id"),
        position=position,
        mode=fields.text("mode"),
        systems=fields.texts("systems"),
        lever=fields.text("lever"),
        cost=fields.text("cost", ""),
        **{part: fields.text(part).strip() for part in PARTS},
    )
    return validated(row, fields.line, exclude=["module"])


def _load_exam(module: Module, fields: Fields) -> None:
    fields.refuse_unknown(["brief", "draws", "phases"])
    exam = Exam(module=module, brief=fields.text("brief").strip(), draws=read_inputs(fields.mapping("draws")))
    validated(exam, fields.line, exclude=["module"]).save()
    phases = fields.rows("phases", "phase")
    if tuple(row.text("id") for row in phases) != PHASES:
        raise FileError(f"an exam has the phases {', '.join(PHASES)}, in this order", line=fields.lines["phases"])
    Phase.objects.bulk_create(_phase(module, row, place) for place, row in enumerate(phases, start=1))


def _phase(module: Module, fields: Fields, position: int) -> Phase:
    fields.refuse_unknown(["id", "minutes", "ask", "numbers", "rubric", "answer"])
    row = Phase(
        module=module,
        name=fields.text("id"),
        position=position,
        minutes=fields.number("minutes"),
        ask=fields.text("ask").strip(),
        numbers=fields.texts("numbers"),
        rubric=fields.texts("rubric"),
        answer=fields.text("answer").strip(),
    )
    return validated(row, fields.line, exclude=["module"])


def _explorer(module: Module, name: str, fields: Fields, position: int) -> Explorer:
    fields.refuse_unknown(["title", "ask", "lab", "inputs", "outputs", "plot", "live"])
    row = Explorer(
        module=module,
        name=name,
        position=position,
        title=fields.text("title"),
        ask=fields.text("ask", ""),
        lab=fields.text("lab", ""),
        inputs=read_inputs(fields.mapping("inputs")),
        outputs=fields.texts("outputs"),
        plot=fields.text("plot", ""),
        live=fields.text("live", ""),
    )
    return validated(row, fields.line, exclude=["module"])


def _question(module: Module, fields: Fields, position: int) -> Question:
    fields.refuse_unknown(["id", "stars", "ask", "answer", "rubric", "number"])
    row = Question(
        module=module,
        name=fields.text("id"),
        position=position,
        stars=fields.number("stars"),
        ask=fields.text("ask").strip(),
        answer=fields.text("answer").strip(),
        rubric=fields.texts("rubric"),
        number=fields.text("number", ""),
    )
    return validated(row, fields.line, exclude=["module"])
