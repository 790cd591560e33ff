"""What readers say is wrong, and what came of it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from statistics import median

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .history import Revision


def secret_key() -> str:
    return secrets.token_urlsafe(18)


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> ReportQuerySet:
        return self.filter(state=Report.State.OPEN)

    def time_to_fix(self) -> timedelta | None:
        """Return the median time from a report to the revision that answered it; None before the first."""
        spans = self.filter(state=Report.State.ANSWERED).annotate(span=F("closed_at") - F("at"))
        found = list(spans.values_list("span", flat=True))
        return median(found) if found else None


class Report(models.Model):
    """A reader's error report. Nothing is kept of who sent it: its secret key is how they come back to it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered by a revision")
        DECLINED = "declined", _("Declined with a reason")

    key = models.CharField(max_length=40, unique=True, default=secret_key, editable=False)
    about = models.CharField(max_length=270, help_text="A number's id, a lesson's, or lesson#anchor.")
    title = models.CharField(max_length=500, help_text="What that was when it was reported.")
    address = models.CharField(max_length=300)
    text = models.TextField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="reports")
    answer = models.TextField(blank=True, help_text="The reason it was declined, or a word beside the revision.")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "error report"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", revision__isnull=True, answer="", closed_at__isnull=True)
                | Q(state="answered", revision__isnull=False, closed_at__isnull=False)
                | (Q(state="declined", revision__isnull=True, closed_at__isnull=False) & ~Q(answer="")),
                name="modules_report_closed_by_something",
            ),
        ]
        indexes = [models.Index(fields=["state", "-at"], name="modules_report_queue")]

    def __str__(self) -> str:
        return f"{self.about} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("modules:reply", args=[self.key])
