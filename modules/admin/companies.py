"""Editing companies and the lists of lessons their interviews return to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models

from modules.models import Company, Focus, Module

from .base import PublishingAdmin
from .fields import LinesField
from .forms import PublishingForm, RowForm
from .rows import OrderedFormSet


class CompanyForm(PublishingForm[Company]):
    themes = LinesField(required=False, help_text="One a line.")

    class Meta:
        model = Company
        fields = ("id", "name", "position", "themes")


class FocusForm(RowForm[Focus]):
    class Meta:
        model = Focus
        fields = ("position", "module")

    def clean(self) -> dict[str, Any]:
        """Take the row that a lesson already has for this company, since there is one for both."""
        cleaned = super().clean()
        module = cleaned.get("module")
        if module and not self.instance.pk:
            asked = Focus.objects.filter(company=self.instance.company_id, module=module, position=None).first()
            self.instance = asked or self.instance
        return cleaned


class FocusFormSet(OrderedFormSet[Focus, Company]):
    """The lessons a company's list has; a lesson that only names the company itself is not in it."""

    def get_queryset(self) -> models.QuerySet[Focus]:
        return super().get_queryset().filter(position__isnull=False)

    def queryset_of_all(self) -> models.QuerySet[Focus]:
        return super().queryset_of_all().filter(position__isnull=False)

    def delete_existing(self, obj: Focus, commit: bool = True) -> None:
        if obj.asked:
            obj.position = None
            obj.save()
        else:
            super().delete_existing(obj, commit)


class FocusInline(admin.TabularInline[Focus, Company]):
    model = Focus
    form = FocusForm
    formset = FocusFormSet  # type: ignore[assignment]  # as in modules.admin.rows
    extra = 0
    verbose_name = "lesson"
    verbose_name_plural = "lessons its interviews return to"
    autocomplete_fields = ("module",)


@admin.register(Company)
class CompanyAdmin(PublishingAdmin[Company]):
    form = CompanyForm
    list_display = ("name", "id", "position")
    search_fields = ("id", "name")
    inlines = (FocusInline,)
    parts = {"focus": "module"}
    fieldsets = ((None, {"fields": (("id", "name", "position"), "themes")}),)

    def path_of(self, obj: Company) -> str:
        return "companies.yaml"

    def paths_of(self, obj: Company) -> Iterable[str]:
        yield "companies.yaml"
        for module in Module.objects.written().filter(focus__company=obj, focus__asked=True):
            yield module.path
