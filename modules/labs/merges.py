"""The merges the lab runs on: learned from the notebook's own lessons, committed, retrained only on purpose.

`manage.py train_bpe` writes merges.txt. What the lab shows then changes, so it is a change to look at
like any other; nothing retrains it on the way.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from modules.labs.bpe import Pair

MERGES = Path(__file__).with_name("merges.txt")


@cache
def learned() -> dict[Pair, int]:
    """Return the committed merges with their ranks."""
    return {pair: rank for rank, pair in enumerate(read(MERGES.read_text("ascii")))}


def read(text: str) -> list[Pair]:
    """Read what `write` wrote."""
    lines = (line.split(" ") for line in text.splitlines())
    return [(unquote_to_bytes(left), unquote_to_bytes(right)) for left, right in lines]


def write(pairs: Iterable[Pair]) -> str:
    """Return one merge a line, its two pieces percent-encoded: `%20t he`."""
    return "".join(f"{quote_from_bytes(left, '')} {quote_from_bytes(right, '')}\n" for left, right in pairs)
