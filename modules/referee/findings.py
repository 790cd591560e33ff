"""What is found in a text: each quantity, and the number of the ledger it agrees with or contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from modules.ledger import Quantity, show
from modules.referee.claims import claims
from modules.referee.comparing import Comparison, Outcome, compared
from modules.referee.reading import Candidate, Reading
from modules.rendering import short_name

if TYPE_CHECKING:
    from modules.content import Content

MAX_TEXT = 20_000


class TooLongError(ValueError):
    """A text of more than MAX_TEXT characters."""


class Verdict(StrEnum):
    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """One quantity of a text, from `start` to `end`, and what the ledger says to it.

    What is unknown has the fields up to `verdict` alone. `ratio` is what the text says over `value`, the ledger's, as
    it is printed; `sources` are the short names of what that rests on, `as_of` the day its price was seen. `until` is
    the day until which the text was right, where it was.
    """

    start: int
    end: int
    text: str
    quantity: Quantity
    verdict: Verdict
    number: str = ""
    label: str = ""
    value: str = ""
    ratio: float | None = None
    sources: tuple[str, ...] = ()
    address: str = ""
    as_of: str = ""
    until: date | None = None


def referee(text: str, content: Content) -> list[Finding]:
    """Return a finding for each quantity of `text`, in order: a model's answer, a page, anything in Markdown.

    A bare number is told only where the ledger has something to it. Asks no model and changes nothing; 20,000
    characters take about a tenth of a second. Raises TooLongError past MAX_TEXT characters.
    """
    if len(text) > MAX_TEXT:
        raise TooLongError(f"{len(text):,} characters are more than {MAX_TEXT:,}")
    return [finding for claim in claims(text) for finding in _judged(Reading(claim, content), text, content)]


def _judged(reading: Reading, text: str, content: Content) -> Iterator[Finding]:
    for stated in reading.sentence.stated:
        candidates = reading.candidates(stated)
        told = [(one, compared(stated, one.key, one.is_rate, content)) for one in candidates]
        chosen = _chosen([(one, comparison) for one, comparison in told if comparison])
        start, end = reading.sentence.place(stated)
        if chosen is None and not (stated.unit or stated.exponent or candidates):
            continue
        if chosen is None:
            yield Finding(start, end, text[start:end], stated.quantity, Verdict.UNKNOWN)
            continue
        verdict = Verdict.AGREES if chosen[1].outcome == Outcome.EQUAL else Verdict.CONTRADICTS
        yield _told(Finding(start, end, text[start:end], stated.quantity, verdict), *chosen, content)


def _chosen(told: list[tuple[Candidate, Comparison]]) -> tuple[Candidate, Comparison] | None:
    """Return what decides: of several that agree the first; a difference only where all candidates differ alike."""
    is_sure = all(comparison.outcome == Outcome.EQUAL for one, comparison in told if one.is_loose)
    for one, comparison in told:
        if comparison.outcome == Outcome.EQUAL and one.may_agree and (is_sure or not one.is_loose):
            return one, comparison
    if not told or any(comparison.outcome != Outcome.DIFFERENT or not one.may_differ for one, comparison in told):
        return None
    first, *others = told
    is_one = all(abs(comparison.ratio / first[1].ratio - 1) < 0.02 for _, comparison in others)
    return first if is_one else None


def _told(bare: Finding, candidate: Candidate, comparison: Comparison, content: Content) -> Finding:
    number = content.numbers[candidate.key]
    leaves = dict.fromkeys(_leaves(candidate.key, content))
    return Finding(
        bare.start,
        bare.end,
        bare.text,
        bare.quantity,
        bare.verdict,
        number=number.id,
        label=f"{candidate.subject}: {number.label}" if candidate.subject and "." in number.id else number.label,
        value=show(number.quantity, number.unit, number.digits),
        ratio=comparison.ratio,
        sources=tuple(short_name(content.sources[key]) for key in leaves if key in content.sources),
        address=number.page,
        as_of=number.as_of or number.seen,
        until=comparison.until,
    )


def _leaves(key: str, content: Content) -> Iterator[str]:
    """Yield the keys of the sources that a number rests on, in the order of its formula."""
    waiting, seen = [key], {key}
    while waiting:
        one = waiting.pop(0)
        yield content.entries[one].source
        fresh = [read for read in content.graph.inputs(one) if read not in seen]
        seen.update(fresh)
        waiting += fresh
