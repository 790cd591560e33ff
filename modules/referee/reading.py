"""Which numbers of the ledger each quantity of a claim may be about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modules.referee.bindings import Binding, bindings
from modules.referee.claims import Claim
from modules.referee.facts import squeezed
from modules.referee.phrases import PAST
from modules.referee.plainness import is_denied, is_plain, is_supposed
from modules.referee.quantities import Stated
from modules.referee.quoting import quoted
from modules.referee.sentence import MOST, Named, Sentence, is_one

if TYPE_CHECKING:
    from modules.content import Content


@dataclass(frozen=True)
class Candidate:
    """A number that a quantity may be about: whether it may say that they agree, or that they differ."""

    key: str
    may_agree: bool
    may_differ: bool
    subject: str = ""
    is_rate: bool = False  # per what is said elsewhere than in the unit
    is_loose: bool = False  # what it is of was named only in part: H100, GPT-3


class Reading:
    """A claim with the candidates of its quantities."""

    def __init__(self, claim: Claim, content: Content) -> None:
        self.sentence, self.content = Sentence(claim, content), content
        self._quoted = quoted(self.sentence, content) if self.sentence.ids else {}
        self._bound: dict[tuple[str, ...], list[Binding]] = {}

    def candidates(self, stated: Stated) -> list[Candidate]:
        """Return the number whose id is quoted for `stated`, else those that it is said to be."""
        is_said = not (stated.is_range or stated.is_bound or is_denied(self.sentence, stated))
        if key := self._quoted.get(stated.start):
            return [Candidate(key, is_said, is_said and not is_supposed(self.sentence), is_rate=True)]
        if len(self.sentence.stated) > MOST:
            return []
        subjects = self.sentence.subjects(stated)
        bound = self._bindings(subjects)
        here = [one for one in bound if one.quantity == stated.start]
        here = [one for one in here if not any(other.covers(one) for other in here)]
        may_differ = bool(here) and is_said and is_one(subjects) and is_plain(self.sentence, stated, subjects, bound)
        whole = {one.whole for one in subjects}
        return [self._candidate(one, is_said, may_differ, squeezed(one.fact.subject) in whole) for one in here]

    def _candidate(self, bound: Binding, may_agree: bool, may_differ: bool, is_whole: bool) -> Candidate:
        fact = bound.fact
        is_past = fact.is_price and PAST.search(self.sentence.text)
        may_differ = may_differ and is_whole and not (bound.phrase.is_weak or is_past)
        return Candidate(fact.key, may_agree, may_differ, fact.subject, fact.is_rate, not is_whole)

    def _bindings(self, subjects: list[Named]) -> list[Binding]:
        keys = tuple(dict.fromkeys(key for one in subjects for key in one.keys))
        if keys not in self._bound:
            facts = [fact for key in keys for fact in self.content.known.facts.get(key, ())]
            self._bound[keys] = list(bindings(self.sentence, facts, self.content.graph))
        return self._bound[keys]
