"""Count the words of the sampling lab in the lessons; see modules/labs/following.py before running it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from modules.labs.following import FOLLOWING, count, write

from .train_bpe import body


class Command(BaseCommand):
    help = "Recount the sampling lab's words in the lessons. Changes what the lab shows: commit it on purpose."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contexts", type=int, default=24, help="how many given words to keep")
        parser.add_argument("--from", dest="root", default=settings.FIXTURES_DIR, type=Path, help="another folder")
        parser.add_argument("--to", default=FOLLOWING, type=Path, help="another file")

    def handle(self, *, contexts: int, root: Path, to: Path, **options: Any) -> str:
        lessons = sorted((root / "modules").glob("*.md"))
        if not lessons:
            raise CommandError(f"There are no lessons in {root / 'modules'}.")
        counts = count((body(path.read_text("utf-8")) for path in lessons), contexts)
        to.write_text(write(counts), "ascii")
        return f"Counted {counts[''].total():,} words, {len(counts['']):,} different ones, in {len(lessons)} lessons."
