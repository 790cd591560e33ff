from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from modules.admin.base import PublishingAdmin
from modules.admin.forms import PublishingForm, RowForm
from modules.admin.rows import SMALL, OrderedFormSet

from .models import LearningPath, Step


class StepForm(RowForm[Step]):
    class Meta:
        model = Step
        fields = ("position", "module", "why")
        widgets = {"why": SMALL}

    def _get_validation_exclusions(self) -> set[str]:
        """Let two steps ask for one place: all of them are numbered when they are saved."""
        # Django's own hook, not in its stubs.
        return {*super()._get_validation_exclusions(), "position"}  # type: ignore[misc]


class StepInline(admin.TabularInline[Step, LearningPath]):
    model = Step
    form = StepForm
    formset = OrderedFormSet  # type: ignore[assignment]  # as in modules.admin.rows
    extra = 0
    autocomplete_fields = ("module",)


class LearningPathForm(PublishingForm[LearningPath]):
    class Meta:
        model = LearningPath
        fields = ("id", "title", "position", "summary", "audience", "program")
        widgets = {"summary": SMALL, "audience": SMALL}


@admin.register(LearningPath)
class LearningPathAdmin(PublishingAdmin[LearningPath]):
    form = LearningPathForm
    list_display = ("title", "id", "position")
    search_fields = ("id", "title")
    inlines = (StepInline,)
    parts = {"steps": "module"}
    fieldsets = ((None, {"fields": (("id", "title", "position"), "summary", "audience", "program")}),)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say what stands in the way without listing it: what readers did is nobody's to read."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, ["the progress of readers who started it"] if protected else []

    def path_of(self, obj: LearningPath) -> str:
        return "paths.yaml"
