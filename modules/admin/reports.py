"""The queue of error reports: each is answered by a revision or declined with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from modules.models import Report, Revision


class ReportForm(forms.ModelForm[Report]):
    revision = forms.ModelChoiceField(
        Revision.objects.none(), required=False, help_text="The change that answers it, made since it was reported."
    )

    class Meta:
        model = Report
        fields = ("state", "revision", "answer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        since = Revision.objects.filter(at__gte=self.instance.at).defer("text").order_by("-pk")
        self.fields["revision"].queryset = since  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say in a sentence what the constraint wants, and set when it was closed."""
        cleaned = super().clean() or self.cleaned_data
        state, revision, answer = cleaned.get("state"), cleaned.get("revision"), cleaned.get("answer")
        if state == Report.State.ANSWERED and not revision and "revision" not in self.errors:
            self.add_error("revision", "Which revision answers it?")
        if state == Report.State.DECLINED and not answer:
            self.add_error("answer", "Give the reason: whoever reported it will read it.")
        if state != Report.State.ANSWERED and revision:
            self.add_error("revision", "Only an answered report has a revision.")
        if state == Report.State.OPEN and answer:
            self.add_error("answer", "An open report has no answer yet: close it, or keep the answer for later.")
        closed = state != Report.State.OPEN
        self.instance.closed_at = (self.instance.closed_at or timezone.now()) if closed else None
        return cleaned


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin[Report]):
    form = ReportForm
    list_display = ("about", "title", "at", "state", "closed_at")
    list_filter = ("state",)
    search_fields = ("about", "text")
    ordering = (F("closed_at").desc(nulls_first=True), "at")  # what is open first, and of that the oldest
    date_hierarchy = "at"
    fields = ("what", "said", "at", "state", "revision", "answer", "closed_at", "reply")
    readonly_fields = ("what", "said", "at", "closed_at", "reply")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # they come from readers

    @admin.display(description="About")
    def what(self, report: Report) -> SafeString:
        return format_html('<a href="{}">{}</a><br><code>{}</code>', report.address, report.title, report.about)

    @admin.display(description="Report")
    def said(self, report: Report) -> SafeString:
        return format_html("{}", linebreaksbr(report.text, autoescape=True))

    @admin.display(description="What its reader sees")
    def reply(self, report: Report) -> SafeString:
        return format_html('<a href="{}">the page of its secret link</a>', report.get_absolute_url())
