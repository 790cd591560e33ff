"""Write the database's content back to its files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from modules.files.sync import dump


class Command(BaseCommand):
    help = "Write the content of the database to fixtures/, touching only the files that differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", dest="root", default=settings.FIXTURES_DIR, type=Path, help="another folder")

    def handle(self, *, root: Path, **options: Any) -> str:
        quiet = options["verbosity"] == 0
        written = dump(root, progress=lambda items: tqdm(items, unit="file", disable=quiet or None, leave=False))
        for path in written:
            self.stdout.write(path)
        return f"Wrote {len(written)} files."
