"""Check that every number of the notebook is defended."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from modules import content, defend, runs
from modules.defend import Running
from modules.models import Module
from modules.publishing import Broken, publish, take_turn

KINDS = ["ledger", "cited", "maths", "toy", "name", "count"]


class Command(BaseCommand):
    help = "Recompute every number, run every block of code, resolve every citation; exit 1 if anything does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", metavar="ID", help="only these lessons")
        parser.add_argument("--record", action="store_true", help="first write what each block prints below it")
        parser.add_argument(
            "--run",
            type=Running,
            choices=list(Running),
            default=Running.ALL,
            help="whose code to run: all, unknown (what no kept run says of it that it holds) or none",
        )

    def handle(self, *, ids: list[str], record: bool, run: Running, **options: Any) -> None:
        unknown = set(ids) - set(Module.objects.written().values_list("pk", flat=True))
        if unknown:
            raise CommandError(f"There is no written lesson {', '.join(sorted(unknown))}.")
        if record:
            self._record(ids)
        quiet = options["verbosity"] == 0

        def bar(items: list[Any]) -> Any:
            return tqdm(items, unit="lesson", disable=quiet or None, leave=False)

        verdict = defend.examine(timezone.localdate(), ids, run=run, progress=bar)
        runs.keep(verdict.defences, timezone.now())
        self.stdout.write(_table(verdict))
        for warning in verdict.all_warnings:
            self.stdout.write(f"warning: {warning}")
        errors = verdict.all_errors
        for error in errors:
            self.stderr.write(error)
        if errors:
            raise CommandError(f"{len(errors)} things do not hold.")
        numbers = sum(defence.kinds.total() for defence in verdict.defences)
        self.stdout.write(f"{len(verdict.defences)} lessons, {numbers} ledger numbers, 0 undefended.")

    @transaction.atomic
    def _record(self, ids: list[str]) -> None:
        take_turn()
        modules = [module for module in content.lessons() if not ids or module.pk in ids]
        for module in modules:
            try:
                module.body = defend.record(module)
            except RuntimeError as exc:
                raise CommandError(exc) from exc
            module.save(update_fields=["body"])
        try:
            publish([module.path for module in modules], note="Recorded what the code prints")
        except Broken as exc:
            raise CommandError(f"Recorded nothing.\n{exc}") from exc


def _table(verdict: defend.Verdict) -> str:
    """Return a line a lesson: its ledger by kind, its numerals by what defends them, what it contains."""
    head = ["lesson", "cited", "assumed", "computed", "|", *KINDS, "undefended", "|", "runs", "words"]
    rows = [head]
    for defence in verdict.defences:
        ledger = [str(defence.kinds[kind]) for kind in ("cited", "assumed", "computed")]
        numerals = [str(defence.numerals[kind]) for kind in KINDS]
        contains = [str(len(defence.document.runs)), f"{defence.document.words:,}"]
        rows.append([defence.module.pk, *ledger, "|", *numerals, str(defence.undefended), "|", *contains])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if not i else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
