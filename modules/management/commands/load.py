"""Bring the fixture files into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modules.files import FileError
from modules.files.sync import Kept, load
from modules.publishing import Broken


class Command(BaseCommand):
    help = "Load fixtures/ into the database: all of it or, if one file is wrong, none of it."
    requires_migrations_checks = True  # names what is missing before the database does

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", metavar="ID", action="append", default=[], help="load one lesson and its figures")
        parser.add_argument("--force", action="store_true", help="overwrite what was edited since it was last loaded")
        parser.add_argument("--from", dest="root", default=settings.FIXTURES_DIR, type=Path, help="another folder")

    def handle(self, *, only: list[str], force: bool, root: Path, **options: Any) -> str:
        quiet = options["verbosity"] == 0

        def bar(items: list[Any]) -> Any:
            return tqdm(items, unit="file", disable=quiet or None, leave=False)

        try:
            report = load(root, only=only, force=force, progress=bar)
        except (FileError, Broken) as exc:
            raise CommandError(f"Nothing was loaded.\n{exc}") from exc
        for path in report.kept:
            self.stderr.write(self._kept(path))
        return (
            f"Loaded {len(report.loaded)} of {report.seen} files, {len(report.rendered)} lessons rendered, "
            f"{report.numbers} numbers computed."
        )

    def _kept(self, path: Kept) -> str:
        return f"{path} was edited here since it was last loaded and is kept: dump it, or load with --force."
