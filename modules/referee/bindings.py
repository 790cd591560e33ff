"""Which words of a sentence say what its quantities are quantities of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from modules.ledger import Graph
from modules.referee.comparing import readings
from modules.referee.facts import Fact, Phrase
from modules.referee.phrases import AFTER, BEFORE, INTRODUCES, stem
from modules.referee.quantities import Stated
from modules.referee.sentence import NEAR, Sentence, blank

_KINDS = re.compile(r"\b(?:cached|cache|output|completion|generated|training|read|write|unique|text|prompt|input)\b")


@dataclass(frozen=True)
class Binding:
    """Words for a fact, and where the quantity begins that they stand beside."""

    fact: Fact
    phrase: Phrase
    start: int
    end: int
    quantity: int

    def covers(self, other: Binding) -> bool:
        """Whether these words say more than the other's: cached input, and not input; output at peak hours."""
        size, less = self.end - self.start, other.end - other.start
        is_more = size > less or (size == less and self.phrase.needed > other.phrase.needed)
        return is_more and self.start <= other.start and other.end <= self.end


def bindings(sentence: Sentence, facts: Iterable[Fact], graph: Graph) -> Iterator[Binding]:
    """Yield the words for each fact beside the nearest quantity that may be one of it."""
    for fact in facts:
        unit = graph.values[fact.key].unit
        fitting = [one for one in sentence.stated if readings(one, unit, fact.is_rate)]
        for phrase in fact.phrases:
            near = [one for one in fitting if one.is_rate or not phrase.is_rate]
            if near and phrase.needed <= sentence.words:
                yield from _beside(sentence, fact, phrase, near)


def _beside(sentence: Sentence, fact: Fact, phrase: Phrase, near: Iterable[Stated]) -> Iterator[Binding]:
    for match in phrase.said.finditer(sentence.text):
        gaps = [(_gap(sentence, one, *match.span(), phrase), one.start) for one in near]
        if known := [(gap, start) for gap, start in gaps if gap is not None]:
            yield Binding(fact, phrase, *match.span(), min(known)[1])


def _gap(sentence: Sentence, stated: Stated, start: int, end: int, phrase: Phrase) -> int | None:
    """Return how far words are from a quantity that is said to be theirs; None where it is not."""
    text, end = sentence.text, max(end, sentence.offset)
    if max(start - stated.end, stated.start - end) > NEAR:
        return None
    if start < stated.end and stated.start < end:
        return None if _KINDS.search(text[stated.start : start]) else 0
    if stated.end <= start:
        between = _link(sentence, stated.end, start, phrase)
        return len(between) if AFTER.fullmatch(between) else None
    between = _link(sentence, end, stated.start, phrase)
    is_first = any(one.end <= start and not text[one.end : start].strip(" -'s:") for one in sentence.named)
    is_whole = is_first or INTRODUCES.search(text[max(0, start - NEAR) : start]) is not None
    return len(between) if is_whole and BEFORE.fullmatch(between) else None


def _link(sentence: Sentence, start: int, end: int, phrase: Phrase) -> str:
    """Return what stands between, without names and the words that the fact itself is known by."""
    between = sentence.text[start:end]
    for one in sentence.named:
        if start <= one.start and one.end <= end:
            between = blank(between, one.start - start, one.end - start)
    for match in re.finditer(r"\w+", between):
        if stem(match[0]) in phrase.needed:
            between = blank(between, *match.span())
    return re.sub(r",\s+,", lambda aside: " " * len(aside[0]), between)  # of nothing but such words
