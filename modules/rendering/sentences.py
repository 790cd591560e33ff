"""Where a sentence ends, well enough to say which citation stands in which sentence."""

import re
from collections.abc import Iterator

# A stand-in for a citation; see numerals.py. Authors cannot type it (limits.FORBIDDEN).
CITATION = "\ufdd1"

_END = re.compile(rf"([.!?…]+)[\"'”’)\]]*((?:\s*{CITATION})*)(?=\s|\Z)")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_ABBREVIATIONS = frozenset(
    {"e.g", "i.e", "cf", "vs", "al", "approx", "resp", "ca", "fig", "figs", "eq", "eqs", "sec", "secs", "tab", "tabs"}
    | {"dr", "mr", "mrs", "prof", "inc", "ltd", "corp", "w.r.t", "a.k.a", "u.s"}
)
_BEFORE_A_NUMBER = frozenset({"no", "nos", "p", "pp", "ch", "app", "art", "vol", "ref", "refs", "v"})


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of `text` begins and ends.

    A citation after the full stop belongs to the sentence before it, unless the text goes on in
    small letters: "It helps. [@a2020] The" against "It helps. [@a2020] show that".
    """
    start = 0
    for match in _END.finditer(text):
        rest = text[match.end() :].lstrip()
        if _goes_on(text[start : match.start()], match[1], rest, cited=bool(match[2])):
            continue
        end = match.start(2) if match[2] and rest[:1].islower() else match.end()
        yield start, end
        start = end
    if text[start:].strip():
        yield start, len(text)


def _goes_on(before: str, mark: str, rest: str, *, cited: bool) -> bool:
    """Whether the sentence continues after `mark`: an abbreviation, or a question within it."""
    if not rest or cited:
        return False
    if mark != ".":
        return rest[0].islower()
    found = _LAST_WORD.search(before)
    word = found[0].lower() if found else ""
    if word == "etc":
        return rest[0].islower()
    return word in _ABBREVIATIONS or (word in _BEFORE_A_NUMBER and rest[0].isdigit())
