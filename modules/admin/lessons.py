"""Editing lessons: the Markdown editor with the real renderer as its preview, and all that stands in a lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import MarkdownxWidget

from modules import content
from modules.content import Content
from modules.files.lesson import tidy
from modules.models import Company, Focus, Module, Part

from . import figures, limits, overtaking, rehearsal
from .base import PublishingAdmin
from .figures import FigureInline
from .forms import PublishingForm
from .rows import (
    SMALL,
    ExamInline,
    ExplorerInline,
    FailureInline,
    PhaseInline,
    QuantityInline,
    QuestionInline,
    TermInline,
)

Action = Callable[["ModuleAdmin", HttpRequest, Module], HttpResponse]


class BodyWidget(MarkdownxWidget):  # type: ignore[misc]  # markdownx has no types
    """The markdownx editor, pointed at a lesson's own preview and upload; markdownx's are served nowhere."""

    addresses: Mapping[str, str] = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-markdownx-urls-path": self.addresses.get("preview", ""),
            "data-markdownx-upload-urls-path": self.addresses.get("upload", ""),
            "data-markdownx-editor-resizable": "False",  # it scrolls beside the preview
        }
        return context

    class Media:
        css = {"all": ("css/admin-lesson.css",)}
        js = (Script("js/lesson-editor.js", defer=True),)  # it looks for the editor, which the head comes before


class ModuleForm(PublishingForm[Module]):
    body = MarkdownxFormField(
        required=False, strip=False, widget=BodyWidget(attrs={"rows": 40, "aria-label": "The lesson, in Markdown"})
    )
    asked_by = forms.ModelMultipleChoiceField(
        Company.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Companies whose interviews ask for this lesson.",
    )

    class Meta:
        model = Module
        fields = ("id", "title", "part", "position", "summary", "hook", "requires", "minutes", "reviewed", "body")
        widgets = {"summary": forms.TextInput(attrs={"class": "vLargeTextField"}), "hook": SMALL}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding or "body" not in self.fields:
            return
        addresses = {
            name: reverse(f"admin:modules_module_{name}", args=[self.instance.pk]) for name in ("preview", "upload")
        }
        self.fields["body"].widget.addresses = addresses
        self.initial["asked_by"] = Company.objects.filter(focus__module=self.instance, focus__asked=True)

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        body = tidy(body) if body.strip() else ""
        if self.instance.body and not body:
            raise forms.ValidationError("A lesson that is written cannot become an empty one.")
        return body


def action(view: Action) -> Callable[..., HttpResponse]:
    """Make a view of what an editor's script asks of one lesson: only who may change it may ask."""

    @wraps(view)
    def checked(self: ModuleAdmin, request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
        module = get_object_or_404(content.lessons(written=False), pk=id)
        if not self.has_change_permission(request, module):
            raise PermissionDenied
        return view(self, request, module)

    return checked


@admin.register(Module)
class ModuleAdmin(PublishingAdmin[Module]):
    form = ModuleForm
    change_form_template = "admin/modules/module/change_form.html"
    list_display = ("title", "id", "part", "written", "reviewed", "updated")
    list_filter = ("part", "is_written")
    search_fields = ("id", "title", "body")
    autocomplete_fields = ("requires",)
    readonly_fields = ("version", "updated_at")
    has_numbers = True
    parts = dict.fromkeys(("quantities", "explorers", "questions", "failures", "phases", "terms", "figures"), "name")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Module]:
        return super().get_queryset(request).select_related("part").defer("html", "raw", "toc", "citations", "uses")

    @admin.display(boolean=True, ordering="is_written")
    def written(self, module: Module) -> bool:
        return bool(module.is_written)

    @admin.display(ordering="updated_at")
    def updated(self, module: Module) -> date | None:
        return module.updated_at.date() if module.updated_at else None

    def get_fieldsets(self, request: HttpRequest, obj: Module | None = None) -> Any:
        planned = (("id", "part", "position"), "title", "summary", ("minutes", "requires"))
        if obj is None:
            about = "A lesson is planned first, which takes no more than this, and written once it is in the catalogue."
            return [(None, {"fields": planned, "description": about})]
        return [
            (None, {"fields": ("body",), "classes": ("lesson-text",)}),
            ("About the lesson", {"fields": ("hook", "asked_by", ("reviewed", "version", "updated_at"))}),
            ("In the catalogue", {"fields": planned, "classes": ("collapse",)}),
        ]

    def get_inlines(self, request: HttpRequest, obj: Module | None) -> Any:
        if obj is None:
            return []
        exam = [ExamInline, PhaseInline]
        return [QuantityInline, ExplorerInline, QuestionInline, FailureInline, *exam, TermInline, FigureInline]

    def has_delete_permission(self, request: HttpRequest, obj: Module | None = None) -> bool:
        return False  # an address, once given, never leads nowhere

    def path_of(self, obj: Module) -> str:
        return obj.path if obj.body else "catalogue.yaml"

    def paths_of(self, obj: Module) -> Iterable[str]:
        yield "catalogue.yaml"
        for figure in obj.figures.only("name", "module_id"):
            yield figure.path
        yield obj.path

    def siblings(self, obj: Module) -> models.QuerySet[Module]:
        return Module.objects.filter(part=obj.part_id)

    def edition(self, obj: Module) -> str:
        # Not its pictures: what an editor drops into the text is kept at once, and is nobody else's doing.
        rows = [row for part in self.parts if part != "figures" for row in getattr(obj, part).all()]
        rows += filter(None, [getattr(obj, "exam", None)])
        asked_by = sorted(obj.focus.filter(asked=True).values_list("company", flat=True))
        return overtaking.edition([obj, *rows], asked_by)

    def save_model(self, request: HttpRequest, obj: Module, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "asked_by" in form.cleaned_data:
            _set_asked_by(obj, form.cleaned_data["asked_by"])

    def finish(self, request: HttpRequest, obj: Module, said: Mapping[str, Any]) -> None:
        if request.resolver_match and request.resolver_match.url_name == "modules_module_preview":
            raise rehearsal.Rehearsed(content.lessons(written=False).get(pk=obj.pk), Content.read())
        super().finish(request, obj, said)

    def get_urls(self) -> list[URLPattern]:
        preview, upload = (require_POST(self.admin_site.admin_view(view)) for view in (self.preview, self.upload))
        return [
            path("<slug:id>/preview/", preview, name="modules_module_preview"),
            path("<slug:id>/upload/", upload, name="modules_module_upload"),
            *super().get_urls(),
        ]

    @action
    def preview(self, request: HttpRequest, module: Module) -> HttpResponse:
        """Show what the editor holds as it would be published, with everything that is wrong above it."""
        if not limits.allow(request, "preview"):
            return rehearsal.busy(request, 429)
        if "content" in request.POST:
            return rehearsal.of_text(request, module, request.POST["content"])
        request.POST = data = request.POST.copy()  # type: ignore[assignment]  # made to be set
        data["change_note"] = str(data["change_note"] or "A rehearsal")
        return rehearsal.of_form(request, module, lambda: admin.ModelAdmin.changeform_view(self, request, module.pk))

    @action
    def upload(self, request: HttpRequest, module: Module) -> HttpResponse:
        """Keep a picture that was dropped into the text."""
        if not limits.allow(request, "upload"):
            return figures.refused("Too many in a minute; wait a little.", status=429)
        return figures.keep(request, module)


def _set_asked_by(module: Module, companies: Iterable[Company]) -> None:
    """Set which companies ask for a lesson; one that also lists it keeps it in its list."""
    others = module.focus.exclude(company__in=companies)
    others.filter(position=None).delete()
    others.update(asked=False)
    for company in companies:
        Focus.objects.update_or_create(company=company, module=module, defaults={"asked": True})


class PartForm(PublishingForm[Part]):
    class Meta:
        model = Part
        fields = ("id", "title", "position")


@admin.register(Part)
class PartAdmin(PublishingAdmin[Part]):
    form = PartForm
    list_display = ("title", "id", "position")
    fieldsets = ((None, {"fields": (("id", "position"), "title")}),)

    def has_delete_permission(self, request: HttpRequest, obj: Part | None = None) -> bool:
        return False  # a part goes with its last lesson

    def path_of(self, obj: Part) -> str:
        return "catalogue.yaml"
