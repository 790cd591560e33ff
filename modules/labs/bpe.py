"""A byte-level BPE tokenizer small enough to read.

The tokenization lesson prints these functions as they stand here (a test compares the two), so
what it explains is what runs. Pure Python: no Django, no clock, no settings.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

Pair = tuple[bytes, bytes]
WORD = re.compile(r"'(?:[sdmt]|ll|ve|re)| ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+")


def split(text: str) -> list[bytes]:
    """Cut `text` into the pre-tokens that no merge may cross."""
    return [word.encode() for word in WORD.findall(text)]


def replaceable(pieces: list[bytes]) -> Iterator[Pair]:
    """Yield the adjacent pairs that merging would replace: aaa holds (a, a) once, not twice."""
    last = None
    for pair in pairwise(pieces):
        last = None if pair == last else pair
        if last:
            yield pair


def merge(pieces: list[bytes], pair: Pair) -> list[bytes]:
    """Return `pieces` with `pair` joined wherever it stands, from left to right."""
    merged, i = [], 0
    while i < len(pieces):
        width = 2 if tuple(pieces[i : i + 2]) == pair else 1
        merged.append(b"".join(pieces[i : i + width]))
        i += width
    return merged


def train(texts: Iterable[str], merges: int) -> Iterator[Pair]:
    """Yield up to `merges` pairs, each the most frequent once those before it are merged.

    Of equally frequent pairs the one whose bytes sort first wins; a pair seen once is not merged.
    """
    words = Counter(word for text in texts for word in split(text))
    pieces = {word: [bytes([byte]) for byte in word] for word in words}
    count: Counter[Pair] = Counter()
    where: defaultdict[Pair, set[bytes]] = defaultdict(set)

    def tally(word: bytes, times: int) -> None:
        for pair in replaceable(pieces[word]):
            count[pair] += times
            where[pair].add(word)

    for word, times in words.items():
        tally(word, times)
    for _ in range(merges):
        most = max(count.values(), default=0)
        if most < 2:
            return
        best = min(pair for pair, times in count.items() if times == most)
        yield best
        for word in where.pop(best):
            tally(word, -words[word])
            pieces[word] = merge(pieces[word], best)
            tally(word, words[word])


def replay(word: bytes, ranks: Mapping[Pair, int]) -> Iterator[tuple[list[bytes], Pair | None]]:
    """Yield the pieces of `word` and the pair merged next, until no pair is known."""
    pieces = [bytes([byte]) for byte in word]
    while known := [pair for pair in pairwise(pieces) if pair in ranks]:
        pair = min(known, key=lambda pair: ranks[pair])
        yield pieces, pair
        pieces = merge(pieces, pair)
    yield pieces, None


def encode(text: str, ranks: Mapping[Pair, int]) -> list[bytes]:
    """Return the tokens of `text`; their ids are their places in the vocabulary."""
    tokens = []
    for word in split(text):
        *_, (pieces, _) = replay(word, ranks)
        tokens += pieces
    return tokens


def decode(tokens: Iterable[bytes]) -> str:
    """Return the text of `tokens`; a character cut in half becomes a replacement mark."""
    return b"".join(tokens).decode(errors="replace")


def vocabulary(ranks: Mapping[Pair, int]) -> dict[bytes, int]:
    """Return the id of each token: the 256 bytes, then the merges by rank."""
    return {bytes([byte]): byte for byte in range(256)} | {a + b: 256 + rank for (a, b), rank in ranks.items()}
