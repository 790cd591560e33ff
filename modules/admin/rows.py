"""Tables of rows inside a page: kept in order, with the rows of one thing side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.contrib import admin
from django.db import models
from django.forms import BaseInlineFormSet, Textarea

from modules.models import Exam, Explorer, FailureMode, Phase, Quantity, Question, Term
from modules.models.reviews import PARTS

from .fields import InputsField, LinesField, SourceField
from .forms import RowForm
from .order import renumber

M = TypeVar("M", bound=models.Model)
P = TypeVar("P", bound=models.Model)
SMALL = Textarea(attrs={"rows": 2})


class OrderedFormSet(BaseInlineFormSet[M, P, RowForm[M]]):
    """Rows whose typed places become 1, 2, 3 ... when they are saved."""

    def save(self, commit: bool = True) -> list[M]:
        saved = super().save(commit)
        before = {form.instance.pk: form.initial.get("position") for form in self.forms if form.instance.pk}
        renumber(self.queryset_of_all(), before)
        return saved

    def queryset_of_all(self) -> models.QuerySet[M]:
        """Return the rows there are now, those that another editor added included."""
        rows: models.QuerySet[M] = cast(type[M], self.model)._default_manager.filter(**{self.fk.name: self.instance})
        return rows


class Rows(admin.StackedInline[M, P]):
    """A table of rows, each folded until it is edited."""

    formset = OrderedFormSet  # type: ignore[assignment]  # stubs want the form of every inline spelled out
    template = "admin/rows.html"
    extra = 0
    classes: Sequence[str] = ("collapse",)


class QuantityForm(RowForm[Quantity]):
    source = SourceField(required=False)
    earlier = LinesField(
        required=False,
        help_text="What a dated number said before, one a line, the oldest first: 0.435 USD/Mtoken on 2026-08-15.",
    )

    class Meta:
        model = Quantity
        exclude = ("module", "group")
        widgets = {"because": SMALL, "note": SMALL}

    @property
    def gist(self) -> str:
        row = self.instance
        how = row.value or f"{row.formula or f'as {row.like}'} in {row.unit}".removesuffix(" in ")
        return f"{row.label or row.name} = {how}" if row.label or row.like else ""


class QuantityInline(Rows[Quantity, Any]):
    model = Quantity
    form = QuantityForm
    verbose_name = "number"
    verbose_name_plural = "ledger: the numbers this page defends"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("position", "name", "label"),
                    ("value", "formula", "like", "unit", "digits"),
                    ("source", "at", "as_of"),
                    ("because", "note"),
                    "earlier",
                )
            },
        ),
    )


class ExplorerForm(RowForm[Explorer]):
    inputs = InputsField(
        required=False,
        help_text="As in a file, one line each: sequence: {min: 1 token, max: 131072 token, scale: log}",
    )
    outputs = LinesField(required=False, help_text="Ledger numbers, one a line.")

    class Meta:
        model = Explorer
        fields = ("position", "name", "title", "ask", "lab", "inputs", "outputs", "plot", "live")
        widgets = {"ask": SMALL, "live": SMALL}

    @property
    def gist(self) -> str:
        return self.instance.title


class ExplorerInline(Rows[Explorer, Any]):
    model = Explorer
    form = ExplorerForm
    verbose_name_plural = "explorers: what-ifs over the ledger"
    fieldsets = (
        (None, {"fields": (("position", "name", "title"), "ask", "inputs", ("outputs", "plot", "lab"), "live")}),
    )


class QuestionForm(RowForm[Question]):
    rubric = LinesField(required=False, help_text="What a passing answer says, what a strong one adds: one a line.")

    class Meta:
        model = Question
        fields = ("position", "name", "stars", "number", "ask", "answer", "rubric")
        widgets = {"ask": SMALL, "answer": Textarea(attrs={"rows": 4})}

    @property
    def gist(self) -> str:
        return self.instance.ask


class QuestionInline(Rows[Question, Any]):
    model = Question
    form = QuestionForm
    verbose_name_plural = "questions of an interview"
    fieldsets = ((None, {"fields": (("position", "name", "stars", "number"), "ask", "answer", "rubric")}),)


class FailureForm(RowForm[FailureMode]):
    systems = LinesField(help_text="The real systems it is told of, one a line.")

    class Meta:
        model = FailureMode
        fields = ("position", "name", "mode", "systems", *PARTS, "lever", "cost")
        widgets = dict.fromkeys(PARTS, SMALL)

    @property
    def gist(self) -> str:
        return self.instance.mode


class FailureInline(Rows[FailureMode, Any]):
    model = FailureMode
    form = FailureForm
    verbose_name_plural = "failure modes"
    fieldsets = ((None, {"fields": (("position", "name", "lever", "cost"), ("mode", "systems"), *PARTS)}),)


class ExamForm(RowForm[Exam]):
    draws = InputsField(
        required=False, help_text="As in a file, one line each: daily_users: {min: 1e6 user, max: 1e8 user}"
    )

    class Meta:
        model = Exam
        fields = ("brief", "draws")
        widgets = {"brief": Textarea(attrs={"rows": 4})}

    @property
    def gist(self) -> str:
        return self.instance.brief


class ExamInline(admin.StackedInline[Exam, Any]):
    model = Exam
    form = ExamForm
    template = "admin/rows.html"
    extra = 0
    classes = ("collapse",)
    verbose_name_plural = "exam: the brief and what a seed draws"


class PhaseForm(RowForm[Phase]):
    numbers = LinesField(required=False, help_text="Computed ledger numbers that have to be given, one a line.")
    rubric = LinesField(help_text="What a passing answer says, what a strong one adds: one a line.")

    class Meta:
        model = Phase
        fields = ("position", "name", "minutes", "ask", "numbers", "rubric", "answer")
        widgets = {"ask": SMALL, "answer": Textarea(attrs={"rows": 4})}

    @property
    def gist(self) -> str:
        return self.instance.ask


class PhaseInline(Rows[Phase, Any]):
    model = Phase
    form = PhaseForm
    verbose_name = "phase"
    verbose_name_plural = "phases of the exam"
    fieldsets = ((None, {"fields": (("position", "name", "minutes"), "ask", "numbers", "rubric", "answer")}),)


class TermForm(RowForm[Term]):
    class Meta:
        model = Term
        fields = ("position", "name", "text")
        widgets = {"text": SMALL}


class TermInline(admin.TabularInline[Term, Any]):
    model = Term
    form = TermForm
    formset = OrderedFormSet  # type: ignore[assignment]  # stubs want the form of every inline spelled out
    extra = 0
    verbose_name_plural = "terms of the glossary"
    classes = ("collapse",)
