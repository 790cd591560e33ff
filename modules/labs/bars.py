"""The lab of the sampling lesson: what temperature and truncation leave of a real distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.labs.following import after, counted
from modules.labs.sampling import Distribution, entropy, keep_min_p, keep_top_k, keep_top_p, temper

LETTERS = {"top-k": "k", "top-p": "p", "min-p": "m"}
ROWS = 14  # words with a bar of their own; the rest are counted together


@dataclass(frozen=True)
class Row:
    """A word, or the rest of them, with its probability at each of three moments."""

    text: str
    model: float
    tempered: float
    sampled: float
    keepers: tuple[str, ...] = ()  # k, p and m: the truncations that would keep the word on their own

    @property
    def tempered_percent(self) -> str:
        return f"{self.tempered:.2%}"

    @property
    def sampled_percent(self) -> str:
        return f"{self.sampled:.2%}"


@dataclass(frozen=True)
class Rule:
    """What one truncation keeps when it is the only one."""

    name: str
    setting: str
    words: int
    mass: float

    @property
    def mass_percent(self) -> str:
        return f"{self.mass:.1%}"


@dataclass(frozen=True)
class Bars:
    """What the lab shows for a word and its settings."""

    given: str
    temperature: float
    rows: tuple[Row, ...] = ()
    rest: Row | None = None
    rules: tuple[Rule, ...] = ()
    vocabulary: int = 0
    kept: int = 0
    entropies: tuple[float, float, float] = (0.0, 0.0, 0.0)
    error: str = ""

    template = "modules/labs/bars.html"

    @property
    def widest(self) -> float:
        """The longest bar there is to draw."""
        return max(max(row.tempered, row.sampled) for row in self.rows)

    def markdown(self) -> str:
        if self.rest is None:
            return f"{self.error}\n"
        lines = [
            f"After `{self.given}`, temperature {self.temperature:g}: {self.kept:,} of {self.vocabulary:,} words stay. "
            f"Entropy {self.entropies[0]:.2f} bit, tempered {self.entropies[1]:.2f} bit, truncated "
            f"{self.entropies[2]:.2f} bit.",
            "",
            "| rule, alone | words kept | their mass |",
            "|---|---|---|",
            *(f"| {rule.name} {rule.setting} | {rule.words:,} | {rule.mass:.1%} |" for rule in self.rules),
            "",
            "| word | model | tempered | sampled |",
            "|---|---|---|---|",
            *(
                f"| {row.text} | {row.model:.2%} | {row.tempered:.2%} | {row.sampled:.2%} |"
                for row in (*self.rows, self.rest)
            ),
        ]
        return "\n".join(lines) + "\n"


def run(given: Mapping[str, str]) -> Bars:
    """Answer the lab's form. The numbers come checked against their bounds; the word may be any text."""
    word = given["after"].strip().lower()
    temperature = float(given["temperature"])
    contexts = [each for each in counted() if each]
    if word not in contexts:
        return Bars(
            word[:40], temperature, error=f"The notebook counts what follows these words: {', '.join(contexts)}."
        )
    k, mass, share = round(float(given["top_k"])), float(given["top_p"]), float(given["min_p"])
    return bars(word, temperature, k, mass, share)


def bars(word: str, temperature: float, k: int, mass: float, share: float) -> Bars:
    """Temper what follows `word`, then truncate in the order of the lesson: min-p, top-k, top-p."""
    model = after(word)
    tempered = temper(model, temperature)
    alone = {
        "top-k": (f"{k}", keep_top_k(tempered, k)),
        "top-p": (f"{mass:g}", keep_top_p(tempered, mass)),
        "min-p": (f"{share:g}", keep_min_p(tempered, share)),
    }
    sampled = keep_top_p(keep_top_k(keep_min_p(tempered, share), k), mass)
    shown = list(model)[:ROWS]
    rows = [
        Row(
            each,
            model[each],
            tempered.get(each, 0.0),
            sampled.get(each, 0.0),
            tuple(LETTERS[name] for name, (_, kept) in alone.items() if each in kept),
        )
        for each in shown
    ]
    others = f"{len(model) - len(shown):,} others"
    rest = Row(others, _rest(model, shown), _rest(tempered, shown), _rest(sampled, shown))
    return Bars(
        word,
        temperature,
        tuple(rows),
        rest,
        tuple(
            Rule(name, setting, len(kept), sum(tempered[each] for each in kept))
            for name, (setting, kept) in alone.items()
        ),
        len(model),
        len(sampled),
        (entropy(model), entropy(tempered), entropy(sampled)),
    )


def _rest(p: Distribution, shown: list[str]) -> float:
    return max(0.0, 1 - sum(p.get(each, 0.0) for each in shown))
