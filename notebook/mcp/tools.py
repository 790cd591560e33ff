"""What assistants may ask of the notebook.

Plain functions that read; what is wrong is raised as ToolError, in a sentence.
"""

from __future__ import annotations

import random
from typing import Any

from django.conf import settings
from mcp.server.mcpserver.exceptions import ToolError

from modules import content, defences
from modules.defences import Defended, Story
from modules.models import FailureMode, Module, Question
from modules.rendering.extracts import section as extract
from modules.rendering.extracts import sections, without_answers
from modules.whatif import WhatIfError, suppose, suppose_lesson
from notebook.api.checking import checked
from notebook.finding import find
from paths.models import LearningPath

MOST_HITS, MOST_MODES = 60, 40


def search(query: str, limit: int) -> list[dict[str, Any]]:
    if not query.strip():
        raise ToolError("Nothing to search for: give some words.")
    hits = [
        {"kind": group.id, "name": hit.name, "at": hit.at, "text": hit.text, "value": hit.value, "url": _full(hit.url)}
        for group in find(query.strip()[:200])
        for hit in group.hits[:limit]
    ]
    return [_given(hit) for hit in hits[:MOST_HITS]]


def lessons() -> list[dict[str, Any]]:
    rows = Module.objects.written().listed().only("title", "summary", "minutes", "part__title")
    return [
        {"id": row.pk, "title": row.title, "part": row.part.title, "summary": row.summary, "minutes": row.minutes}
        for row in rows
    ]


def read_lesson(lesson: str, section: str, with_answers: bool, what_if: str) -> str:
    """Return a lesson as Markdown, or one section of it."""
    row = Module.objects.written().only("raw", "title").filter(pk=lesson).first()
    if row is None:
        raise ToolError(f"There is no lesson {lesson!r}. `lessons` lists them.")
    try:
        raw = suppose_lesson(lesson, what_if).draft.raw if what_if else row.raw
    except WhatIfError as error:
        raise ToolError(str(error)) from error
    text = raw if with_answers else without_answers(raw)
    if not section:
        return text
    if found := extract(text, section):
        return found
    raise ToolError(f"{lesson} has no place {section!r}. It has: {', '.join(sections(text))}")


def number(key: str, what_if: str) -> dict[str, Any]:
    """Return a number with its defence, as written or with other values supposed."""
    owner_id, _, name = key.replace(".", ":").partition(":")
    written = defences.find(owner_id, name, content.current())
    if written is None:
        raise ToolError(f"There is no number {key!r}. Ids look like kv-cache:kv_per_token or llama3_70b.layers.")
    if not what_if:
        return defences.as_json(written, Story.of(written))
    try:
        supposed = suppose(written.content, what_if, "" if written.is_shared else written.owner_id)
        supposed.demand([written.number.id])
    except WhatIfError as error:
        raise ToolError(str(error)) from error
    return defences.as_json(Defended(supposed.numbers[written.number.id], supposed), Story.of(written))


def paths() -> list[dict[str, Any]]:
    rows = LearningPath.objects.with_steps()
    return [
        {
            "id": path.pk,
            "title": path.title,
            "summary": path.summary,
            "audience": path.audience,
            "lessons": [step.module_id for step in path.steps.all() if step.module.is_written],
        }
        for path in rows
    ]


def question(lesson: str, part: str, stars: int, seed: int | None) -> dict[str, Any]:
    """Return one interview question without its answer."""
    rows = Question.objects.in_bank().select_related("module")
    if lesson:
        rows = rows.filter(module=lesson)
    if part:
        rows = rows.filter(module__part=part)
    if stars:
        rows = rows.filter(stars=stars)
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        raise ToolError("No question is like that. Leave out the part or the stars, or ask `lessons`.")
    row = rows.get(pk=random.Random(seed).choice(keys))
    lines = len(row.rubric)
    return {"id": row.key, "lesson": row.module.title, "stars": row.stars, "ask": row.ask_raw, "rubric_lines": lines}


def answer(key: str) -> dict[str, Any]:
    """Return the model answer of a question with what to look for."""
    lesson, _, name = key.partition(":")
    row = Question.objects.in_bank().filter(module=lesson, name=name).first()
    if row is None:
        raise ToolError(f"There is no question {key!r}; `quiz` gives one with its id.")
    return {"id": row.key, "ask": row.ask_raw, "answer": row.answer_raw, "rubric": row.rubric, "number": row.number_id}


def check(text: str) -> dict[str, Any]:
    return checked(text.replace("\0", "")).model_dump(mode="json", exclude_none=True)


def failure_modes(system: str, lever: str) -> list[dict[str, Any]]:
    rows = FailureMode.objects.filter(module__is_written=True).exclude(html={})
    if system:
        rows = rows.filter(systems__icontains=system)
    if lever:
        if lever not in FailureMode.Lever.values:
            raise ToolError(f"There is no lever {lever!r}; there are {', '.join(FailureMode.Lever.values)}.")
        rows = rows.filter(lever=lever)
    return [_failure(row) for row in rows.select_related("module")[:MOST_MODES]]


def _failure(row: FailureMode) -> dict[str, Any]:
    named = {"id": row.key, "mode": row.mode, "systems": row.systems, "lever": row.lever}
    return {**named, "url": _full(row.get_absolute_url()), **row.raw}


def _full(url: str) -> str:
    return settings.SITE_URL + url if url.startswith("/") else url


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in fields.items() if value}
