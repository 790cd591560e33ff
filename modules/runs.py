"""What came of running the code of the lessons: kept with the text it was run on, so that nothing else is claimed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from modules.defend import Defence
from modules.models import CodeRun

RESULT = ("code", "program", "passed", "trouble")


def keep(defences: Iterable[Defence], at: datetime) -> None:
    """Note the lessons whose code `defend` ran; a result that was known of the same text keeps its first day."""
    known = CodeRun.objects.in_bulk()
    for defence in defences:
        if not defence.has_run:
            continue
        row = CodeRun(
            module=defence.module,
            code=defence.document.code,
            program=defence.program,
            since=at.date(),
            passed=defence.passed,
            trouble=defence.trouble,
            ran_at=at,
            written_at=at,
        )
        before = known.get(defence.module.pk)
        if before and all(getattr(before, name) == getattr(row, name) for name in RESULT):
            row.since = before.since
        row.save()
