"""Numbers that a text quotes by their ids, each for the quantity beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from modules.referee.comparing import readings
from modules.referee.quantities import Stated
from modules.referee.sentence import NEAR, Sentence, blank

if TYPE_CHECKING:
    from modules.content import Content

_QUOTES = re.compile(  # 40 GiB (`kv-cache:cache_long`), 40 GiB at 131,072 tokens [kv-cache:cache_long]
    r"[\s,;:]*(?:(?:at|for|in|of|the|per|see|from|by|as|ledger|number|id)\b\s*){0,4}[\s(\[\"']*"
    r"|(?:\s+[\w'-]+){1,4}\s*[(\[][\s\"']*",  # 9 loops in all (llama3_70b.loops)
    re.IGNORECASE,
)
_EQUALS = re.compile(  # kv-cache:cache_long = 40 GiB
    r"[\s)\]\"'/]*(?:[=:≈,—–]|\b(?:is|are|of|at|equals|comes to|says|gives|as)\b)?\s*"
    r"(?:about|roughly|exactly|around|only|just|[~≈=])?\s*",
    re.IGNORECASE,
)


def quoted(sentence: Sentence, content: Content) -> dict[int, str]:
    """Return the ids that stand for quantities, by where each of these begins."""
    found: dict[int, str] = {}
    for start, end, key in sentence.ids:
        unit = content.graph.values[key].unit
        near = [one for one in sentence.stated if one.start not in found and readings(one, unit, is_rate=True)]
        before = [one for one in near if one.end <= start and _QUOTES.fullmatch(_between(sentence, one.end, start))]
        after = [one for one in near if one.start >= end and _is_equal(sentence, end, one)]
        if chosen := [*after[:1], *before[-1:]]:
            is_apart = sentence.text[:start].rstrip()[-1:] in ("(", "[")
            found[(chosen[-1] if is_apart else chosen[0]).start] = key
    return found


def _is_equal(sentence: Sentence, end: int, stated: Stated) -> bool:
    """Whether an id that ends at `end` is said to be a quantity: right after it, or alone in a cell of its row."""
    if end <= sentence.offset:
        return sentence.text[sentence.offset :].strip() == sentence.text[stated.start : stated.end]
    return stated.start - end <= NEAR and bool(_EQUALS.fullmatch(sentence.text[end : stated.start]))


def _between(sentence: Sentence, start: int, end: int) -> str:
    """Return what stands between, without other quantities."""
    if end - start > NEAR:
        return "…"
    between = sentence.text[start:end]
    for one in sentence.stated:
        if start <= one.start and one.end <= end:
            between = blank(between, one.start - start, one.end - start)
    return between
