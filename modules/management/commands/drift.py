"""Say which prices and dated facts are old, and propose what the prices of APIs should say now."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from modules import drift
from modules.content import Content
from modules.drift import Dated, Finding
from modules.market import Market, MarketError


class Command(BaseCommand):
    help = (
        "List every price and dated fact by age, and compare the prices of APIs with the data of the genai-prices "
        "package. Proposes, never edits."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 if a price has moved or is stale")
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="as of another day than today")

    def handle(self, *, check: bool, on: date | None, **options: Any) -> None:
        today, content = on or timezone.localdate(), Content.read()
        dated = drift.dated(content, today)
        for one in dated:
            self.stdout.write(_aged(one))
        stale = sum(one.is_stale for one in dated)
        self.stdout.write(f"{len(dated)} dated numbers, {stale} of them stale.\n\n")
        try:
            market = Market()
        except MarketError as exc:
            raise CommandError(f"Nothing was compared: {exc}.") from exc
        found = {finding.id: finding for finding in drift.compare(content, market, today)}
        for finding in found.values():
            if finding.has_moved or finding.trouble or finding.next:
                self.stdout.write(_proposal(finding, content, today))
        for key in drift.uncompared(content, found):
            self.stdout.write(f"{key}: compared with nothing; give its group an api_model")
        moved = sum(finding.has_moved for finding in found.values())
        self.stdout.write(
            f"{len(found)} prices compared with genai-prices {market.version}: {moved} have moved. Nothing was edited."
        )
        if check and (moved or stale):
            raise CommandError(f"{moved} prices have moved, {stale} dated numbers are stale.")


def _aged(one: Dated) -> str:
    number = one.defended.number
    kind = "price" if one.is_price else "fact"
    mark = "  stale" if one.is_stale else ""
    source = number.source or "assumed"
    return f"{one.days:>5} days  {kind:<5}  {number.id}  {one.defended.value}  as of {number.as_of}, {source}{mark}"


def _proposal(finding: Finding, content: Content, today: date) -> str:
    """Return what an editor may want to write, as it would stand in the file."""
    if finding.trouble:
        return f"{finding.id}: not compared: {finding.trouble}"
    lines = []
    if finding.has_moved:
        entry = content.entries[finding.id]
        since = f" since {finding.since}" if finding.since else ""
        lines = [
            f"{finding.id}: we say {finding.ours}, the data says {finding.theirs}{since}. See {entry.source}, then:",
            f"    value: {finding.theirs} USD/Mtoken",
            f"    as_of: {today}",
            f"    earlier: [..., {entry.value} on {entry.as_of}]",
        ]
    if finding.next:
        day, value = finding.next
        lines.append(f"{finding.id}: will be {value} USD/Mtoken from {day}")
    return "\n".join(lines)
