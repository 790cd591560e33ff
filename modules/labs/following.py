"""Which words follow which in the notebook's own lessons: the real distribution the sampling lab shapes.

`manage.py count_words` writes following.txt. What the lab shows then changes, so like the merges of the
tokenizer it is recounted only on purpose.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from modules.labs.sampling import Distribution, normalise

FOLLOWING = Path(__file__).with_name("following.txt")
SEEN = 0.9  # the share of the mass for words seen after the given one; all words share the rest
NO_PROSE = re.compile(
    r"^```.*?^```|^\$\$.*?^\$\$.*?$|\$[^$]*\$|`[^`]*`|\[[=@][^\]]*\]|\]\([^)]*\)|^:::.*?$|\{#.*?\}",
    re.MULTILINE | re.DOTALL,
)
WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
Counts = dict[str, Counter[str]]  # a word: how often each word follows it; "" stands for any place


def count(texts: Iterable[str], contexts: int) -> Counts:
    """Count every word of the prose, and what follows each of the `contexts` most frequent ones.

    No pair crosses the end of a sentence, a cell of a table or what is no prose (formulas, code, citations).
    """
    alone: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for phrase in re.split(r"[.,;:!?|()\n*]+", NO_PROSE.sub("|", text.lower())):
            words = WORD.findall(phrase)
            alone.update(words)
            pairs.update(pairwise(words))
    common = sorted(alone, key=lambda word: (-alone[word], word))[:contexts]
    return {"": alone} | {
        given: Counter({word: times for (before, word), times in pairs.items() if before == given}) for given in common
    }


def write(counts: Counts) -> str:
    """Return one line for each given word: itself, then every word that follows with its count."""
    lines = []
    for given, words in counts.items():
        ordered = sorted(words.items(), key=lambda item: (-item[1], item[0]))
        lines.append(" ".join([f"{given}:", *(f"{word} {times}" for word, times in ordered)]) + "\n")
    return "".join(lines)


def read(text: str) -> Counts:
    """Read what `write` wrote."""
    counts: Counts = {}
    for line in text.splitlines():
        given, _, rest = line.partition(":")
        fields = rest.split()
        counts[given] = Counter(dict(zip(fields[::2], map(int, fields[1::2]), strict=True)))
    return counts


@cache
def counted() -> Counts:
    """Return the committed counts."""
    return read(FOLLOWING.read_text("ascii"))


@cache
def after(given: str) -> Distribution:
    """Return the probability of every word after `given`: its own counts, smoothed with those of all words."""
    counts = counted()
    seen, alone = counts[given], counts[""]
    return normalise(
        {word: SEEN * seen[word] / seen.total() + (1 - SEEN) * times / alone.total() for word, times in alone.items()}
    )
