"""What things are called, how a sentence ties them to a quantity, and when it says something else than that."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

_VOCABULARY = yaml.safe_load(Path(__file__).with_name("vocabulary.yaml").read_text())
PHRASES: dict[str, list[str]] = _VOCABULARY["phrases"]
BEFORE_NAME = frozenset(_VOCABULARY["before_name"])
FROM_NAME = frozenset(_VOCABULARY["from_name"])

# What may stand between a quantity and what it is of: 64 (different query heads), and a hidden size (of) 4096.
AFTER = re.compile(
    r"[\s(\[-]*(?:(?:of|in|for|on|the|total|different|distinct|separate|transformer|decoder|maximum|native|peak|"
    r"theoretical|tokens?)[\s(\[-]+){0,3}",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"(?:\s*(?:[:=(|≈~—–]|\b(?:of|in|is|are|at|to|a|an|the|per|about|around|approximately|roughly|exactly|equals?|"
    r"comes?|reaches|stands|costs?|costing|runs?|priced|takes?|needs?|requires?|occupies|tokens?|size|count|dimension|"
    r"throughput|performance|compute|rate|capacity|value|price|pricing|cost|figure)\b)){0,6}\s*",
    re.IGNORECASE,
)
# What may stand right before the name of a thing whose number follows: no other word qualifies it.
INTRODUCES = re.compile(
    r"(?:\A|[.,:;|(\[—–]|'s|\b(?:an?|the|its|their|whose|has|have|is|are|was|were|been|being|with|of|and|while|but|to|"
    r"for|at|on|in|uses?|total|model|gpu|maximum|max|native|default|official|full|price|charges?|costs?|lists?|offers?|"
    r"provides?|features?|delivers?|supports?|boasts|employs?|sports))[\s\"'(\[]*\Z",
    re.IGNORECASE,
)
VEILED = re.compile(
    rf"\b(?:{'|'.join(re.escape(word) for words in _VOCABULARY['veiled'].values() for word in words)})\b"
    r"|n't\b|\?|\bA\d+B\b",
    re.IGNORECASE,
)
# With these a sentence begins, and says nothing by it.
OPENS = re.compile(
    r"\A\s*(?:for (?:comparison|reference)|note that|recall that|in short|by contrast|notably|specifically|remember|"
    r"also|today|currently),?\s",
    re.IGNORECASE,
)
# What it is a number of goes on: per token and layer.
GOES_ON = re.compile(
    r"\s*(?:,?\s?(?:and|per|for (?:an?|each|every|one))|/|×)\s?"
    r"(?:token|layer|head|block|expert|gpu|sequence|request|user)s?\b",
    re.I,
)
# Of models, what several machines hold is shared out too.
MACHINES = re.compile(r"\b(?:gpus?|machines?|servers?|nodes?|tp|pp|tensor)\b", re.IGNORECASE)
DENIED = re.compile(
    r"\b(?:not|never|no|neither|nor|instead of|rather than|unlike|wrong|incorrect|mistaken|myth|false|without)\b|n't\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:was|were|used to|originally|initially|launch|launched|formerly|previously|once|before|until|in 20\d\d|"
    r"ago|had)\b",
    re.IGNORECASE,
)
SUPPOSED = re.compile(r"\b(?:if|suppose|imagine|would|could|should|than|what)\b|\?", re.IGNORECASE)
ELSEWHERE = re.compile(  # labels that say nothing without their lesson
    r"\b(?:same|its?|their|those|that|this|these|there|here|such|one|other|so|all|whole|if|over|least|most|lead|"
    r"gain|times|what|where|again|then|them|they|floor|alone|counted|printed)\b",
    re.IGNORECASE,
)


_SMALL = frozenset(
    {"a", "an", "the", "of", "in", "on", "at", "for", "to", "by", "with", "and", "or", "its", "it", "as"}
)


def stem(word: str) -> str:
    """Return a word without the endings in which a label and a sentence may differ."""
    word = word.lower()
    for ending in ("ing", "ed", "s"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word


def words(text: str) -> list[str]:
    """Return the words of `text`, each as its stem; articles and their like are none."""
    found = re.findall(r"[A-Za-z][A-Za-z]*\d*|\d+(?:\.\d+)*", text)
    return [stem(word) for word in found if word.lower() not in _SMALL]


def pattern(phrase: str) -> str:
    """Return an expression that finds a phrase, in one number or many, with any hyphens."""
    parts = [re.escape(part.removesuffix("s")) + "s?" for part in re.split(r"[\s_/-]+", phrase)]
    return r"[\s_/-]+".join(parts)
