"""Write the database's content back to its files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modules.files.sync import EditedOnDisk, dump


class Command(BaseCommand):
    help = "Write the content of the database to fixtures/, touching only the files that differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", dest="root", default=settings.FIXTURES_DIR, type=Path, help="another folder")
        parser.add_argument(
            "--force", action="store_true", help="overwrite what was edited on disk since it was loaded"
        )

    def handle(self, *, root: Path, force: bool, **options: Any) -> str:
        quiet = options["verbosity"] == 0
        try:
            written = dump(
                root, force=force, progress=lambda files: tqdm(files, unit="file", disable=quiet or None, leave=False)
            )
        except EditedOnDisk as exc:
            raise CommandError(str(exc)) from exc
        for path in written:
            self.stdout.write(path)
        return f"Wrote {len(written)} files."
