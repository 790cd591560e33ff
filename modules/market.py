"""What the `genai-prices` package says API models cost: its own data, as installed; nothing is asked of anybody.

The package is heavy (Pydantic, an HTTP client), so it is there for those who check prices and not where pages are
served: it comes with the development lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo

# What the ledger calls a price, and what the package does; all are dollars for a million tokens.
KEYS = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_read": "cache_read_mtok",
    "cached_input": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "cache_write_5m": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok",
}
_NAME = re.compile(r"(?P<what>.+?)(?:_to_\d+k|_above_(?P<above>\d+)k)?(?P<peak>_peak)?")


class MarketError(ValueError):
    """Why a price cannot be compared: a sentence."""


@dataclass(frozen=True)
class Rate:
    """A price in dollars for a million tokens; `since` when it is known, `next` the one that is announced."""

    value: Decimal
    since: date | None = None
    next: tuple[date, Decimal] | None = None


class Market:
    """The prices of every provider that the installed package knows."""

    def __init__(self) -> None:
        """Raise MarketError, saying how to get it, where the package is not installed."""
        try:
            from genai_prices.data import providers
        except ImportError:
            raise MarketError("genai-prices is not installed here; it comes with requirements-dev.lock") from None
        self.version = version("genai-prices")
        self._models: Mapping[str, Mapping[str, ModelInfo]] = {
            provider.id: {model.id: model for model in provider.models} for provider in providers
        }

    def rate(self, api_model: str, name: str, today: date) -> Rate:
        """Return what a model's price of this name is on a day.

        `api_model` is provider/model; `name` is one of `KEYS`, which may go on `_above_200k` (the rate of a long
        prompt), `_to_200k` and `_peak` (the dearest hours of the day, where else the cheapest). Raises MarketError
        for a model or a price that is not there: it never passes for a price of zero.
        """
        provider, _, model_id = api_model.partition("/")
        model = self._models.get(provider, {}).get(model_id)
        if model is None:
            raise MarketError(f"genai-prices has no {api_model}")
        match = _NAME.fullmatch(name)
        if match is None or match["what"] not in KEYS:
            raise MarketError(f"{name!r} names no price that genai-prices has; there are {', '.join(KEYS)}")
        starts = sorted(_starts(model))
        value = _on(model, match, today)
        if value is None:
            raise MarketError(f"genai-prices has no {KEYS[match['what']]} for {api_model}")
        since = max((day for day in starts if day <= today), default=None)
        coming = ((day, _on(model, match, day)) for day in starts if day > today)
        return Rate(value, since, next(((day, price) for day, price in coming if price and price != value), None))


def _starts(model: ModelInfo) -> Iterable[date]:
    """The days on which a price of the model begins."""
    for price in model.prices if isinstance(model.prices, list) else ():
        start = getattr(price.constraint, "start_date", None)
        if start:
            yield start


def _on(model: ModelInfo, match: re.Match[str], day: date) -> Decimal | None:
    """Return a price on a day: of the hours of the day the cheapest, unless the peak is asked for."""
    at = [datetime.combine(day, time(hour, 30), UTC) for hour in range(24)]
    found = [_tier(getattr(model.get_prices(moment), KEYS[match["what"]], None), match["above"]) for moment in at]
    known = [price for price in found if price is not None]
    return (max if match["peak"] else min)(known, default=None)


def _tier(price: object, above: str | None) -> Decimal | None:
    """Return the rate of a prompt of a length: the base, or that of the tier which begins at `above` thousand."""
    tiers = {tier.start: tier.price for tier in getattr(price, "tiers", ())}
    if above:
        return tiers.get(int(above) * 1000)
    base = getattr(price, "base", price)
    return base if isinstance(base, Decimal) else None
