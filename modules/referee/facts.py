"""The ledger as a referee knows it: what each number is a number of, in words that may stand in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from modules.ledger import Entry, Graph, is_price, owner
from modules.referee.phrases import ELSEWHERE, PHRASES, pattern, words
from modules.rendering import names

_HARDWARE = re.compile(
    r"(?:\d+ ?[x×] ?)?(?:NVIDIA |AMD )?(?:[A-Z]{1,2}\d{2,3}[A-Z]?\b|MI\d|TPU|RTX|GTX|GeForce|Trainium)"
)
# Names with digits that nothing is a property of: formats, places, standards.
_NO_SUBJECT = re.compile(
    r"(?i:sec|tab|fig|eq|app|chap|part|page|line|§|p\.|top-|pass@|best-of|recall@|arxiv|http|[bt]?fp?\d+|b?float|int\d|"
    r"e\d+m\d|hbm\d*|pcie|nvlink|nvswitch|ddr|gddr|cuda|python|pytorch|vllm|flashattention|q\d_|d_model|d_ff|version|"
    r"release|\d+-|\d+d\b|v\d|fp-|int-|bf-|infiniband|http|step|year|stage)"
)
_MAKERS = r"(?:(?:NVIDIA|Claude|Amazon|Meta(?:'s)?|OpenAI(?:'s)?)[\s-]+)?"
_MAKER = re.compile(r"\A(?:NVIDIA|Claude|Amazon)\s")
_VARIANT = (
    r"(?!\w)(?!\.\d)(?!-\d{3})(?!-(?:optimal|style|class|like|level|sized|scale|based))(?![\s-]*(?i:mini|nano|turbo|lite|air|flash|pro|max|ultra|pcie|nvl|nvl72|super|vision|"
    r"coder|distill\w*|base ii|audio|realtime|codex|exp|terminus|speciale|and \d|/\d|or \d))"
)
_HEAD = re.compile(r"(?P<head>.+?)(?: of (?:an? |the )?|, )\Z")
_REST = re.compile(r"(?:\Z|,| (?:in|at|on|for|with|per) )")
_QUALIFIES = re.compile(r", | in | of (?:the )?| at | on | for | with ")
_PLAIN = frozenset({"parameter", "layer", "vocabulary", "expert"})  # what one word says well enough


@dataclass(frozen=True)
class Owner:
    """Whose shared numbers they are: title, kind as `Group.Kind` has it, whether they are one seller's prices."""

    title: str
    kind: str
    has_seller: bool = False


@dataclass(frozen=True)
class Phrase:
    """What a thing is called, with the words that its sentence must have; `is_rate` where the unit says the rest."""

    said: re.Pattern[str]
    needed: frozenset[str] = frozenset()
    is_rate: bool = False
    is_weak: bool = False  # said of other things too, so it contradicts nothing


@dataclass(frozen=True, eq=False)
class Fact:
    """A number that may be compared by what it is called."""

    key: str
    subject: str
    kind: str  # model, hardware or price
    phrases: tuple[Phrase, ...]
    is_price: bool = False
    is_rate: bool = False  # its label says per what, so that a sentence may leave it out of the unit


@dataclass(frozen=True)
class Known:
    """All that is known by name: the facts of each subject, whose name is squeezed; what `loose` names it may be."""

    subjects: re.Pattern[str]
    facts: Mapping[str, tuple[Fact, ...]]
    kinds: Mapping[str, str]
    loose: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, entries: Mapping[str, Entry], graph: Graph, owners: Mapping[str, Owner]) -> Known:
        """Read the ledger; `owners` are the groups of shared numbers by id."""
        firm = firm_ones(entries, graph)
        found: dict[str, list[Fact]] = {}
        spoken: dict[str, str] = {}
        for key in graph.values:
            fact = (_shared if "." in key else _own)(key, entries[key], graph, owners) if key in firm else None
            if fact:
                found.setdefault(squeezed(fact.subject), []).append(fact)
                spoken[squeezed(fact.subject)] = fact.subject
        titles, loose = {squeezed(of.title) for of in owners.values()}, dict[str, list[str]]()
        for name, title in list(spoken.items()):
            if name in titles and (short := _shortened(title)):
                loose.setdefault(squeezed(short), []).append(name)
                spoken.setdefault(squeezed(short), short)
        said = "|".join(map(_spelled, sorted(spoken.values(), key=len, reverse=True))) or r"(?!)"
        return cls(
            re.compile(rf"(?<![\w.-])(?:{said}){_VARIANT}"),
            {name: tuple(rows) for name, rows in found.items()},
            {name: rows[0].kind for name, rows in found.items()},
            {name: tuple(whole) for name, whole in loose.items()},
        )

    def subjects_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where a subject is named, and its name squeezed; "" for one that the ledger does not know.

        Places overlap nowhere: the ledger's own names come first.
        """
        taken: list[tuple[int, int]] = []
        for match in self.subjects.finditer(text):
            taken.append(match.span())
            yield *match.span(), squeezed(match[0])
        for start, end in sorted(names.spans(text), key=lambda span: (span[0], -span[1])):
            is_free = all(end <= other or start >= stop for other, stop in taken)
            if is_free and text[start].isupper() and not _NO_SUBJECT.match(text[start:end]):
                taken.append((start, end))
                yield start, end, ""


def kind_named(text: str) -> str:
    """Return what a name that the ledger does not know looks like."""
    return "hardware" if _HARDWARE.match(text) else "model"


def firm_ones(entries: Mapping[str, Entry], graph: Graph) -> set[str]:
    """Return the ids of what is cited, or computed from what is cited alone."""
    firm: set[str] = set()
    for key in graph.values:  # each follows what it reads
        kind = entries[key].kind
        if kind == "cited" or (kind == "computed" and firm.issuperset(graph.inputs(key))):
            firm.add(key)
    return firm


def squeezed(name: str) -> str:
    """Return a name as it is compared: `Llama-3-70B` and `llama3_70b` are `llama370b`."""
    return re.sub(r"[\s_-]", "", _MAKER.sub("", re.sub(r"(?i)\A(?:meta|openai)('s)?[\s-]+", "", name))).lower()


def _shared(key: str, entry: Entry, graph: Graph, owners: Mapping[str, Owner]) -> Fact | None:
    of, price = owners.get(owner(key)[:-1]), is_price(graph.values[key])
    if of is None or not (of.kind in ("model", "hardware") or (of.kind == "price" and of.has_seller and price)):
        return None
    return _fact(key, of.title, of.kind, entry.label, price)


def _own(key: str, entry: Entry, graph: Graph, owners: Mapping[str, Owner]) -> Fact | None:
    """Return a lesson's number whose label says all: `Training tokens of Chinchilla`."""
    label = entry.label
    for start, end in sorted(names.spans(label)):
        head = _HEAD.fullmatch(label[:start])
        if not (head and label[start].isupper() and _REST.match(label[end:])) or is_price(graph.values[key]):
            continue
        rest = label[end:]
        is_alone = not ELSEWHERE.search(head["head"] + rest) and not _another(label, start)
        thing, *qualified = re.split(_QUALIFIES, head["head"], maxsplit=1)
        is_thing = len(words(thing)) > 1 or (set(words(thing)) <= _PLAIN and not (qualified or rest))
        if is_alone and is_thing and not _NO_SUBJECT.match(label[start:end]):
            kind = kind_named(label[start:end])
            return _fact(key, label[start:end], kind, head["head"] + rest, False, rest)
    return None


def _another(label: str, start: int) -> bool:
    return any(s != start and label[s].isupper() and not _NO_SUBJECT.match(label[s:e]) for s, e in names.spans(label))


def _fact(key: str, subject: str, kind: str, label: str, price: bool, rest: str = "") -> Fact | None:
    plain = label.removesuffix(rest) if rest else label
    said = PHRASES.get(label.lower().strip())
    if said is None:
        thing, *qualified = re.split(_QUALIFIES, plain, maxsplit=1)
        if price:  # of output, long prompts
            base = max((one for one in PHRASES if label.lower().startswith(one)), key=len, default="")
            return _phrased(key, subject, kind, PHRASES[base], words(label[len(base) :]), price) if base else None
        spelled = PHRASES.get(thing.lower(), (thing,))
        return _phrased(key, subject, kind, spelled, words(" ".join([*qualified, rest])), price)
    return _phrased(key, subject, kind, said, [], price)


def _phrased(key: str, subject: str, kind: str, spelled: Iterable[str], needed: Iterable[str], price: bool) -> Fact:
    own, found = frozenset(needed), []
    for phrase in sorted(spelled, key=len, reverse=True):
        said, _, more = phrase.removesuffix(" ~").partition(" +")
        found.append(Phrase(_found(said), own | frozenset(words(more)), is_weak=phrase.endswith(" ~")))
        thing, _, each = said.partition(" per ")
        if each and " " in thing:  # a KV cache of 320 KiB per token
            found.append(Phrase(_found(thing), own, is_rate=True))
    return Fact(key, subject, kind, tuple(found), price, any(phrase.is_rate for phrase in found))


def _found(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![\w/-]){pattern(phrase)}(?!\w)")


def _shortened(title: str) -> str:
    """Return what a thing is called for short, which may name others too: H100, GPT-3."""
    short = re.sub(r"(?: \d+ GB)? SXM\Z| \d+B\Z|-\d+B\Z", "", title)
    return short if short != title else ""


def _spelled(name: str) -> str:
    """Return an expression that finds a name however its parts are joined; without digits as it is written."""
    parts = re.findall(r"[A-Za-z]+|\d+(?:\.\d+)*|\+", _MAKER.sub("", name))
    joined = r"[\s_-]*".join(map(re.escape, parts))
    return rf"{_MAKERS}(?i:{joined})" if any(part[0].isdigit() for part in parts) else joined
