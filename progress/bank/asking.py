"""What a reader asks of the bank: an address is all there is to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from modules.search import LIMIT_CHARACTERS
from progress.bank.facets import Choice, Row, chosen, counts
from progress.bank.reading import NAMES, Bank, saying
from progress.bank.results import Result


@dataclass(frozen=True)
class Option:
    value: str
    title: str | Promise
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """A facet as a form shows it: what can be chosen, and how many questions each choice would leave."""

    name: str
    label: str | Promise
    options: list[Option]


@dataclass(frozen=True)
class Asking:
    """A choice among the questions of the bank, and what was wrong with what was asked."""

    bank: Bank
    choice: Choice
    text: str = ""
    troubles: Sequence[str] = field(default_factory=tuple)

    @classmethod
    def read(cls, given: QueryDict, found: Mapping[str, Result]) -> Asking:
        """Read what an address asks; a value that no question has is left out, with a sentence."""
        bank = Bank.read(found)
        asked = {facet: given.get(facet, "").strip()[:LIMIT_CHARACTERS] for facet in NAMES}
        choice = {facet: value for facet, value in asked.items() if value in bank.titles[facet]}
        troubles = [
            _("No question has “%(value)s” as its %(facet)s.") % {"value": value, "facet": str(NAMES[facet]).lower()}
            for facet, value in asked.items()
            if value and facet not in choice
        ]
        return cls(bank, choice, given.get("q", "").replace("\0", "").strip()[:LIMIT_CHARACTERS], troubles)

    @cached_property
    def rows(self) -> list[Row]:
        """Those that say the words, before anything is chosen."""
        if not self.text:
            return self.bank.rows
        found = saying(self.text)
        return [row for row in self.bank.rows if row.pk in found]

    @cached_property
    def found(self) -> list[Row]:
        return chosen(self.rows, self.choice)

    @property
    def fields(self) -> list[Field]:
        return [Field(facet, label, self._options(facet)) for facet, label in NAMES.items()]

    def _options(self, facet: str) -> list[Option]:
        """Return what leaves a question, and what is chosen even if it leaves none."""
        left = counts(self.rows, self.choice, facet)
        return [
            Option(value, title, left[value], value == self.choice.get(facet))
            for value, title in self.bank.titles[facet].items()
            if left[value] or value == self.choice.get(facet)
        ]

    @property
    def said(self) -> list[tuple[str | Promise, str | Promise]]:
        """What is chosen, in words: each facet and its value."""
        words = [(_("Words"), self.text)] if self.text else []
        return [*((NAMES[facet], self.bank.titles[facet][value]) for facet, value in self.choice.items()), *words]

    def address(self, name: str, **more: str | int | None) -> str:
        """Return the address of the same choice on a page of the bank; `more` follows, but for what is None or ""."""
        query = QueryDict(mutable=True)
        for key, value in {**self.choice, "q": self.text, **more}.items():
            if value not in (None, ""):
                query[key] = str(value)
        path = reverse(f"progress:{name}")
        return f"{path}?{query.urlencode()}" if query else path

    @property
    def here(self) -> str:
        return self.address("bank")

    @property
    def print_address(self) -> str:
        return self.address("bank-print")

    @property
    def markdown_address(self) -> str:
        return self.address("bank-markdown")

    @property
    def mock_address(self) -> str:
        return self.address("mock")
