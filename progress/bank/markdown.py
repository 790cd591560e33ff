"""The bank as Markdown, for language models and for whoever has no browser: answers apart from questions."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from modules.models import Question
from modules.rendering.raw import anchored, blocks, literal
from progress.bank.asking import Asking
from progress.bank.facets import Row
from progress.bank.reading import RAW, whole


class Answers(StrEnum):
    """Where the answers are: after all questions, nowhere, or alone."""

    LAST = "last"
    NONE = "none"
    ONLY = "only"


def written(asking: Asking, rows: Iterable[Row], answers: Answers) -> str:
    """Return the questions of these rows as one file; one query."""
    questions = list(enumerate(whole(rows, RAW), start=1))
    asked = [blocks([_heading(place, row), row.ask_raw]) for place, row in questions]
    told = [blocks([_heading(place, row, "answer-"), row.answer_raw]) for place, row in questions]
    parts = [
        _front_matter(asking, len(questions), answers),
        f"# {_('Interview Question Bank')}",
        *(f"> {literal(trouble)}" for trouble in asking.troubles),
        _lead(answers),
    ]
    if answers is not Answers.ONLY:
        parts += [f"## {_('Questions')} {{#questions}}", *asked]
    if answers is not Answers.NONE:
        parts += [f"## {_('Answers')} {{#answers}}", *told]
    parts.append(_("All lessons, for machines: [/llms.txt](/llms.txt)"))
    return blocks(parts) + "\n"


def _front_matter(asking: Asking, number: int, answers: Answers) -> str:
    data = {
        "title": "Interview Question Bank",
        "url": settings.SITE_URL + asking.here,
        "chosen": {str(facet): str(value) for facet, value in asking.said},
        "questions": number,
        "answers": answers.value,
        "licence": "CC BY 4.0",
    }
    given = {key: value for key, value in data.items() if value != {}}
    return f"---\n{yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=10_000)}---"


def _lead(answers: Answers) -> str:
    """Say what is here, and how to have the rest."""
    if answers is Answers.NONE:
        return _("The questions alone. With `answers=only` in the address it is the answers alone, by the same names.")
    if answers is Answers.ONLY:
        return _("The answers alone. With `answers=none` in the address it is the questions alone, by the same names.")
    return _("First all questions, then all answers. With `answers=none` in the address it is the questions alone.")


def _heading(place: int, row: Question, prefix: str = "") -> str:
    stars = "★" * row.stars + "☆" * (3 - row.stars)
    lesson = f"[{literal(row.module.title)}](/raw/{row.module_id}.md#question-{row.name})"
    return f"### {place}. `{row.key}` {stars} {lesson}{anchored(f'{prefix}{row.module_id}.{row.name}')}"
