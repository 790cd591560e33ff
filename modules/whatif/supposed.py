"""The whole content with some numbers at other values, made for one request and then forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext

from modules.content import Content
from modules.content import number as rendered
from modules.ledger import Graph, LedgerError, read_changes, show
from modules.rendering import Number


class WhatIfError(ValueError):
    """What cannot be supposed, in a sentence for the reader."""


@dataclass(frozen=True)
class Change:
    """One number that a reader supposes to be another, both as text."""

    number: Number
    name: str  # as it stands in the address
    now: str
    was: str
    is_used: bool = True  # by what the reader looks at

    @property
    def address(self) -> str:
        return self.number.page


@dataclass(frozen=True)
class Supposed(Content):
    """Content whose graph was changed; `written` is what the notebook says."""

    written: Content
    supposed: Graph

    @property
    def graph(self) -> Graph:
        return self.supposed

    @cached_property
    def numbers(self) -> dict[str, Number]:
        values, before = self.graph.values, self.written.graph.values
        moved = {*self.graph.changes, *(key for each in self.graph.changes for key in self.graph.dependents(each))}
        changed = {
            key: replace(rendered(self.entries[key], values[key]), was=before[key])
            for key in moved & values.keys()
            if values[key] != before[key]
        }
        return {key: number for key, number in (self.written.numbers | changed).items() if key in values}

    def changes(self, lesson: str, used: Iterable[str]) -> list[Change]:
        """Return what is supposed, in the reader's order; `used` are the ids that what they look at rests on."""
        own, used = f"{lesson}:", frozenset(used)
        return [
            Change(
                number := self.written.numbers[key],
                key.removeprefix(own),
                show(quantity),
                show(number.quantity, number.unit, number.digits),
                key in used,
            )
            for key, quantity in self.graph.changes.items()
        ]

    def demand(self, used: Iterable[str]) -> None:
        """Raise WhatIfError with the first of `used` that has no value any more, and why."""
        used = frozenset(used)
        for key, (reason, *_) in self.graph.problems.items():
            if key in used and key in self.written.numbers:
                refuse(f"{self.written.numbers[key].label}: {reason}")


def suppose(written: Content, text: str, lesson: str = "") -> Supposed:
    """Return the content with the changes that `text` asks for; bare names are those of `lesson`.

    Raises WhatIfError where the text cannot be used.
    """
    try:
        graph = written.graph.what_if(read_changes(text, written.graph, lesson))
    except LedgerError as error:
        raise WhatIfError(gettext("This what-if cannot be read: %(reason)s.") % {"reason": error}) from error
    return Supposed(
        entries=graph.entries,
        sources=written.sources,
        lessons=written.lessons,
        terms=written.terms,
        live_explorer=written.live_explorer,
        written=written,
        supposed=graph,
    )


def refuse(reason: object) -> None:
    """Raise WhatIfError because nothing follows from what was supposed."""
    raise WhatIfError(gettext("Nothing follows from these values. %(reason)s.") % {"reason": reason})
