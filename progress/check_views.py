"""The referee as a page: a text is pasted, judged and forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from modules import content
from modules.content import Content
from modules.defences import Defended
from modules.drills import Problem, diagnose, words
from modules.ledger import Quantity
from modules.referee import MAX_TEXT, Finding, TooLongError, Verdict, referee
from modules.shared import shared
from progress.csrf import same_origin
from progress.study import StudyRequest

AROUND = 90  # characters of the text before and after a quantity
_MARKS = re.compile(r"\*\*|`|^\s*(?:[-*+>•]|#+)\s+")  # of Markdown, which the page does not render


@dataclass(frozen=True)
class Told:
    """One finding as the page tells it: with the words around it, and the number of the ledger."""

    finding: Finding
    before: str
    after: str
    defended: Defended | None = None
    suspected: str = ""

    @classmethod
    def of(cls, finding: Finding, text: str, now: Content) -> Told:
        before = _MARKS.sub("", _nearest(text[max(0, finding.start - AROUND) : finding.start][::-1])[::-1])
        after = _MARKS.sub("", _nearest(text[finding.end : finding.end + AROUND]))
        number = now.numbers.get(finding.number)
        defended = Defended(number, now) if number else None
        return cls(finding, before, after, defended, _suspected(finding, now))

    @property
    def ratio(self) -> str:
        """What the text says over what the ledger says."""
        ratio = self.finding.ratio or 1.0
        return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@same_origin
def check(request: StudyRequest) -> HttpResponse:
    return _judge(request) if request.method == "POST" else _ask(request)


@shared
def _ask(request: StudyRequest) -> HttpResponse:
    return render(request, "progress/check.html", {"most": MAX_TEXT})


@cache_control(private=True, no_store=True)
def _judge(request: StudyRequest) -> HttpResponse:
    """Tell what the ledger says to a text. Nothing of it is kept."""
    text = request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
    context: dict[str, object] = {"most": MAX_TEXT, "text": text}
    status, now = 200, content.current()
    try:
        told = [Told.of(finding, text, now) for finding in referee(text, now)]
        context |= {"groups": _grouped(told), "is_judged": bool(text.strip())}
    except TooLongError:
        context["error"] = _("That has %(length)s characters, and %(most)s are read at once: paste it in parts.") % {
            "length": f"{len(text):,}",
            "most": f"{MAX_TEXT:,}",
        }
        status = 413
    if not text.strip():
        context["error"], status = _("There is no text to check: paste one."), 400
    if request.htmx:
        return render(request, "progress/_verdicts.html", context)
    return render(request, "progress/check.html", context, status=status)


def _grouped(told: Iterable[Told]) -> list[tuple[str, str, list[Told]]]:
    """Return the verdicts that occur, what contradicts first, each with its heading."""
    order = [Verdict.CONTRADICTS, Verdict.AGREES, Verdict.UNKNOWN]
    ordered = sorted(told, key=lambda one: order.index(one.finding.verdict))
    groups = [(verdict, list(ones)) for verdict, ones in groupby(ordered, lambda one: one.finding.verdict)]
    return [(str(verdict), _heading(verdict, len(ones)), ones) for verdict, ones in groups]


def _heading(verdict: Verdict, n: int) -> str:
    match verdict:
        case Verdict.CONTRADICTS:
            return ngettext("%(n)d contradicts the ledger", "%(n)d contradict the ledger", n) % {"n": n}
        case Verdict.AGREES:
            return ngettext("%(n)d agrees", "%(n)d agree", n) % {"n": n}
    return ngettext("%(n)d the ledger cannot judge", "%(n)d the ledger cannot judge", n) % {"n": n}


def _suspected(finding: Finding, now: Content) -> str:
    """Return what seems to have gone wrong, as drills say it: bits for bytes; "" where nothing is known."""
    if finding.verdict != Verdict.CONTRADICTS or finding.ratio is None or finding.until:
        return ""
    problem = Problem.of(now.graph, finding.number)
    said = Quantity(finding.ratio * problem.truth.magnitude, problem.truth.unit)
    return words.suspected(diagnose(problem, said), lambda key: now.entries[key].label)


def _nearest(text: str) -> str:
    """Return the beginning of `text`, up to the end of its line and to a whole word."""
    line = text.partition("\n")[0]
    return line if len(line) < AROUND else line.rpartition(" ")[0] + " …"
