"""Train the toy transformer of the labs on the lessons; see modules/labs/weights.py before running it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from modules.labs.bpe import encode, vocabulary
from modules.labs.merges import learned
from modules.labs.weights import MODEL, write

from .train_bpe import body


class Command(BaseCommand):
    help = (
        "Retrain the labs' transformer on the lessons' prose: about ten minutes with OPENBLAS_NUM_THREADS=1. "
        "Changes what the labs show and what lessons print: commit it on purpose, with `defend --record`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--steps", type=int, default=6000, help="how many batches to learn from")
        parser.add_argument("--lessons", nargs="*", default=[], help="only these")
        parser.add_argument("--from", dest="root", default=settings.FIXTURES_DIR, type=Path, help="another folder")
        parser.add_argument("--to", default=MODEL, type=Path, help="another file")

    def handle(self, *, steps: int, lessons: list[str], root: Path, to: Path, **options: Any) -> str:
        try:
            import numpy as np

            from modules.labs import training
        except ImportError as exc:
            raise CommandError(f"Training needs NumPy, which the application itself does not: {exc}") from exc
        paths = [path for path in sorted((root / "modules").glob("*.md")) if not lessons or path.stem in lessons]
        if not paths:
            raise CommandError(f"There are no lessons in {root / 'modules'}.")
        ranks = learned()
        ids = vocabulary(ranks)
        texts = [training.prose(body(path.read_text("utf-8"))) for path in paths]
        tokens = np.array([ids[token] for text in texts for token in encode(text + "\n", ranks)])
        sizes, course = training.Sizes(len(ids)), training.Course(steps=steps)
        if len(tokens) <= course.length:
            raise CommandError(f"The lessons have {len(tokens)} tokens; a sequence has {course.length}.")
        loss = 0.0
        bar = tqdm(training.train(tokens, sizes, course), total=steps, unit="step", disable=options["verbosity"] == 0)
        for loss, weights in bar:  # noqa: B007  the last are kept
            bar.set_postfix_str(f"{loss:.2f} nat", refresh=False)
        to.write_text(write(training.model_of(weights, sizes)), "ascii")
        return f"Learned from {len(tokens):,} tokens of {len(paths)} lessons; {loss:.2f} nat at the end."
