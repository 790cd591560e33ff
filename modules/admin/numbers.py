"""Editing what lessons share: sources and groups of numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from modules.files import FileError
from modules.files.bibliography import check_kept
from modules.models import Group, Source

from .base import PublishingAdmin
from .fields import SourceField
from .forms import PublishingForm
from .rows import SMALL, QuantityInline


class SourceForm(PublishingForm[Source]):
    class Meta:
        model = Source
        fields = ("id", "kind", "title", "author", "year", "venue", "url", "eprint", "opened_on", "note")
        widgets = {
            "author": SMALL,
            "note": SMALL,
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "url": forms.URLInput(attrs={"class": "vURLField"}),
        }
        labels = {"url": "Address", "eprint": "arXiv"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        return {key: " ".join(value.split()) if isinstance(value, str) else value for key, value in cleaned.items()}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, not in its stubs
        if not self.errors:
            try:
                check_kept(self.instance)
            except FileError as exc:
                self.add_error(None, f"The bibliography cannot keep this: {exc.message}.")


@admin.register(Source)
class SourceAdmin(PublishingAdmin[Source]):
    form = SourceForm
    list_display = ("id", "title", "year", "kind", "opened_on")
    list_filter = ("kind", "year")
    search_fields = ("id", "title", "author")
    fieldsets = (
        (
            None,
            {"fields": (("id", "kind", "year"), "title", "author", "venue", "url", ("eprint", "opened_on"), "note")},
        ),
    )

    def path_of(self, obj: Source) -> str:
        return "sources.bib"


class GroupForm(PublishingForm[Group]):
    source = SourceField(required=False, help_text="Of every number here that has none of its own.")

    class Meta:
        model = Group
        fields = ("id", "title", "kind", "position", "source", "at", "as_of", "api_model", "note")
        widgets = {"note": SMALL}
        labels = {"at": "Where in it"}


class SharedNumbers(QuantityInline):
    verbose_name_plural = "numbers of this group"
    classes = ()  # open: they are what one comes here for


@admin.register(Group)
class GroupAdmin(PublishingAdmin[Group]):
    form = GroupForm
    list_display = ("title", "id", "kind", "source", "as_of")
    list_filter = ("kind",)
    list_select_related = ("source",)
    search_fields = ("id", "title")
    inlines = (SharedNumbers,)
    has_numbers = True
    parts = {"quantities": "name"}
    fieldsets = (
        (None, {"fields": (("id", "kind", "position"), "title", ("source", "at", "as_of"), "api_model", "note")}),
    )

    def path_of(self, obj: Group) -> str:
        return "reference.yaml"
