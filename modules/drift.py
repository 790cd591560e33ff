"""How what has a date has aged, and where the prices of APIs have moved on. It proposes; nothing is edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from modules import ages, prices
from modules.content import Content
from modules.defences import Defended
from modules.ledger import parse_unit
from modules.market import Market, MarketError
from modules.models import Group

MTOKEN = parse_unit("USD/Mtoken")


@dataclass(frozen=True)
class Dated:
    """A number that somebody saw on a day, and how long ago that was."""

    defended: Defended
    days: int
    is_price: bool
    is_stale: bool


@dataclass(frozen=True)
class Finding:
    """One price of an API beside what the data says; `trouble` where the two cannot be compared."""

    id: str
    ours: Decimal | None = None
    theirs: Decimal | None = None
    since: date | None = None
    next: tuple[date, Decimal] | None = None
    trouble: str = ""

    @property
    def has_moved(self) -> bool:
        return self.theirs is not None and self.theirs != self.ours


def dated(content: Content, today: date) -> list[Dated]:
    """Return every price and every other number with a date, the oldest first."""
    found = [
        Dated(
            Defended(content.numbers[key], content),
            ages.days(entry.as_of, today),
            prices.is_given(entry),
            ages.is_stale(entry.as_of, today),
        )
        for key, entry in content.entries.items()
        if entry.as_of and key in content.numbers
    ]
    return sorted(found, key=lambda one: (-one.days, one.defended.number.id))


def compare(content: Content, market: Market, today: date) -> Iterator[Finding]:
    """Yield each price of a group that says whose API it is, beside today's price in the data."""
    models = dict(Group.objects.exclude(api_model="").values_list("pk", "api_model"))
    for key, number in content.numbers.items():
        group, _, name = key.partition(".")
        entry = content.entries[key]
        if group not in models or not prices.is_given(entry):
            continue
        try:
            rate = market.rate(models[group], name, today)
        except MarketError as exc:
            yield Finding(key, trouble=str(exc))
            continue
        if number.quantity.dimension != MTOKEN.dimension:
            yield Finding(key, trouble=f"it is in {number.quantity.unit}, which is no price of tokens")
            continue
        ours = Decimal(f"{number.quantity.to(MTOKEN).magnitude:.12g}")
        yield Finding(key, ours, rate.value, rate.since, rate.next)


def uncompared(content: Content, compared: Mapping[str, Finding]) -> list[str]:
    """Return the prices of tokens that no data is named for."""
    return [
        key
        for key, number in content.numbers.items()
        if prices.is_given(content.entries[key])
        and number.quantity.dimension == MTOKEN.dimension
        and key not in compared
    ]
