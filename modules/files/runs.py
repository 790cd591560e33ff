"""runs/<lesson>.yaml <-> what came of running a lesson's code, for those who read it and run nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import PurePosixPath

from django.utils import timezone

from modules.models import CodeRun, Module

from .base import FileKind, decode, validated
from .yamlfile import Fields, FileError, emit, parse

FIELDS = ("code", "program", "since", "passed", "trouble")


class Runs(FileKind):
    glob = "runs/*.yaml"
    is_content = False

    def dumped(self) -> Iterable[str]:
        return [row.path for row in CodeRun.objects.order_by("pk")]

    def dump(self, path: str) -> bytes:
        row = CodeRun.objects.filter(pk=self.module_id(path)).first()
        if row is None:
            return b""
        return emit({name: getattr(row, name) for name in FIELDS}).encode()

    def load(self, path: str, data: bytes) -> None:
        """Take over a run, unless one of a later day is known here."""
        module_id = self.module_id(path)
        if not Module.objects.filter(pk=module_id).exists():
            raise FileError(f"there is no lesson {module_id!r}")
        fields = parse(decode(data))
        fields.refuse_unknown(FIELDS)
        known = CodeRun.objects.filter(pk=module_id).first()
        row = CodeRun(
            module_id=str(module_id),
            code=fields.text("code"),
            program=fields.text("program", ""),
            since=_day(fields),
            passed=fields.texts("passed"),
            trouble=fields.text("trouble", ""),
            written_at=timezone.now(),
        )
        validated(row, fields.line, exclude=["module"])
        if known is None or known.since <= row.since:
            row.save()

    def prune(self, data: bytes) -> None:
        """Nothing rests on a run."""

    def module_id(self, path: str) -> str | None:
        return PurePosixPath(path).stem


def _day(fields: Fields) -> date:
    try:
        return date.fromisoformat(fields.text("since"))
    except ValueError as exc:
        if isinstance(exc, FileError):
            raise
        raise FileError(f"since is not a date: {fields['since']!r}", line=fields.lines["since"]) from None
