"""Learn the merges of the tokenization lab from the lessons; see modules/labs/merges.py before running it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modules.labs.bpe import train
from modules.labs.merges import MERGES, write


class Command(BaseCommand):
    help = "Retrain the tokenization lab on the lessons' own text. Changes what the lab shows: commit it on purpose."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merges", type=int, default=1500, help="how many to learn")
        parser.add_argument("--from", dest="root", default=settings.FIXTURES_DIR, type=Path, help="another folder")
        parser.add_argument("--to", default=MERGES, type=Path, help="another file")

    def handle(self, *, merges: int, root: Path, to: Path, **options: Any) -> str:
        lessons = sorted((root / "modules").glob("*.md"))
        if not lessons:
            raise CommandError(f"There are no lessons in {root / 'modules'}.")
        texts = [body(path.read_text("utf-8")) for path in lessons]
        learned = list(tqdm(train(texts, merges), total=merges, unit="merge", disable=options["verbosity"] == 0))
        to.write_text(write(learned), "ascii")
        return f"Learned {len(learned)} merges from {len(lessons)} lessons."


def body(lesson: str) -> str:
    """Return a lesson file without its front matter."""
    return lesson.split("\n---\n", 1)[-1]
