"""The referee: what a text states as numbers, held against the ledger."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router
from ninja.decorators import decorate_view
from pydantic import BaseModel, ConfigDict, Field

from modules import content
from modules.referee import MAX_TEXT, Finding, Verdict, referee
from notebook.api.limits import READS
from notebook.api.operations import alone, strict
from notebook.api.shapes import full

router = Router(tags=["Referee"])


class Text(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=MAX_TEXT, description="An answer to check, as text or Markdown.")


class Quantity(BaseModel):
    """One quantity of the text; what is unknown has no more than its place and what it says."""

    start: int = Field(description="The first character of it in the text, from 0.")
    end: int = Field(description="The first character after it.")
    text: str
    verdict: Verdict
    number: str | None = Field(default=None, description="The number of the ledger it was held against.")
    label: str | None = None
    value: str | None = Field(default=None, description="What the ledger says.")
    ratio: float | None = Field(default=None, description="What the text says over what the ledger says.")
    sources: list[str] | None = Field(default=None, description="What the ledger's number rests on.")
    url: str | None = None
    as_of: str | None = Field(default=None, description="The day its price was seen.")
    until: date | None = Field(default=None, description="The day until which the text was right.")


class Checked(BaseModel):
    agrees: int
    contradicts: int
    unknown: int
    findings: list[Quantity]


def checked(text: str) -> Checked:
    """Return what the ledger says to each quantity of a text of at most MAX_TEXT characters; nothing is stored."""
    findings = [_found(finding) for finding in referee(text, content.current())]
    counts = {verdict: sum(each.verdict == verdict for each in findings) for verdict in Verdict}
    return Checked(
        agrees=counts[Verdict.AGREES],
        contradicts=counts[Verdict.CONTRADICTS],
        unknown=counts[Verdict.UNKNOWN],
        findings=findings,
    )


@router.post("/check", response=Checked, throttle=READS, operation_id="check", exclude_none=True)
@decorate_view(strict, alone)
def check(request: HttpRequest, given: Text) -> Checked:
    """Check an answer: its numbers agree with the ledger, contradict it, or are unknown to it. No model is asked."""
    return checked(given.text.replace("\0", ""))


def _found(finding: Finding) -> Quantity:
    return Quantity(
        start=finding.start,
        end=finding.end,
        text=finding.text,
        verdict=finding.verdict,
        number=finding.number or None,
        label=finding.label or None,
        value=finding.value or None,
        ratio=finding.ratio,
        sources=list(finding.sources) or None,
        url=full(finding.address) if finding.address else None,
        as_of=finding.as_of or None,
        until=finding.until,
    )
