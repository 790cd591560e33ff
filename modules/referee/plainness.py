"""Whether a sentence says plainly what a thing is or has. Only then can it contradict the ledger.

A sentence on Llama 3 70B may tell its layers, those on one machine, those that were frozen or those it would need.
No list of such turns is ever whole, so the words are counted that a plain sentence may have; what has any other says
something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from modules.referee.bindings import Binding
from modules.referee.phrases import BEFORE_NAME, DENIED, FROM_NAME, GOES_ON, MACHINES, OPENS, SUPPOSED, VEILED, stem
from modules.referee.quantities import Stated
from modules.referee.sentence import Named, Sentence, blank

_PAUSE = re.compile(r"[,;()—–]|\s-\s|[.!:](?=\s|\Z)")
_HAS = re.compile(
    r"\s*(?:[:=(,|—–-]|'s?\b|(?:\w+\s){0,3}?(?:has|have|is|are|was|were|with|uses?|costs?|charges?|features?|contains?|"
    r"offers?|delivers?|provides?|reaches|takes|needs|requires|employs|stacks|supports|consists|comes|includes?|lists|"
    r"bills|boasts|sports)\b)",
    re.IGNORECASE,
)
_WRONG = re.compile(r"\b(?:wrong|incorrect|mistaken|myth|false|not (?:right|correct|true))\b", re.IGNORECASE)


def is_plain(sentence: Sentence, stated: Stated, subjects: Sequence[Named], bound: Sequence[Binding]) -> bool:
    """Whether nothing is said but what a thing is or has, from the beginning of the clause to where its phrase ends.

    `subjects` is what the quantity is of, `bound` what the words of the sentence bind to any of its quantities.
    """
    named = [one for one in sentence.named if one in subjects]
    rest = _unsaid(sentence, named, bound)
    is_of_model = any(one.kind != "hardware" for one in subjects)
    last = max([stated.end, *(one.end for one in bound if one.quantity == stated.start)])
    if VEILED.search(rest) or GOES_ON.match(sentence.text, last) or (is_of_model and MACHINES.search(rest)):
        return False
    start, end = sentence.clause(stated)
    if stop := _PAUSE.search(rest, last, end):
        end = stop.start()
    name = next((one for one in named if start <= one.start < stated.start), None)
    if name:
        is_named = BEFORE_NAME.issuperset(_words(rest[start : name.start]))
        return is_named and _is_had(sentence, rest[name.end : end], name.end)
    if named and named[0].start > stated.start:  # With its 64 layers, Llama 3 70B
        return {"its", "with"}.issubset(_words(rest[start:end])) and _is_had(sentence, rest[start:end], start)
    return _is_had(sentence, rest[start:end], named[0].end if named else start)


def is_denied(sentence: Sentence, stated: Stated) -> bool:
    """Whether the clause says that it is not so."""
    start, end = sentence.clause(stated)
    before, after = sentence.text[start : stated.start], sentence.text[stated.end : end]
    return bool(DENIED.search(before) or _WRONG.search(after))


def is_supposed(sentence: Sentence) -> bool:
    return bool(SUPPOSED.search(sentence.text))


def _unsaid(sentence: Sentence, named: Iterable[Named], bound: Sequence[Binding]) -> str:
    """Return the text without names, and without the quantities and words that are bound to each other."""
    rest, quantities = sentence.text, {one.quantity for one in bound}
    if opening := OPENS.match(rest):
        rest = blank(rest, *opening.span())
    spans = [*((one.start, one.end) for one in named), *((one.start, one.end) for one in bound)]
    spans += [(one.start, one.end) for one in sentence.stated if one.start in quantities]
    for start, end in spans:
        rest = blank(rest, start, end)
    needed = frozenset[str]().union(*(one.phrase.needed for one in bound))
    for match in re.finditer(r"\w+", sentence.text):
        if stem(match[0]) in needed:
            rest = blank(rest, *match.span())
    return rest


def _is_had(sentence: Sentence, text: str, start: int) -> bool:
    """Whether what follows a name, at `start`, says of it alone what it has.

    Of a list the first part counts and the last; of a cell all that its row and its column are called.
    """
    parts = _PAUSE.split(text)
    counted = parts if sentence.offset else [parts[0], parts[-1]]
    is_told = sentence.offset or sentence.claim.lead or _HAS.match(sentence.text[start:])
    return bool(is_told) and FROM_NAME.issuperset(_words(" ".join(counted)))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z\d]+(?:[-'][a-z\d]+)*", text.lower())
