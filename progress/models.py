from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from modules.models import Module
from paths.models import LearningPath


class StudyEvent(models.Model):
    """Something a reader did. Rows are only ever added; a trigger refuses to change one."""

    class Kind(models.TextChoices):
        OPENED = "opened"
        COMPLETED = "completed"
        REOPENED = "reopened"
        STARTED_PATH = "started-path"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="events")
    key = models.UUIDField(help_text="Made where the event happened, so that sending it twice adds it once.")
    kind = models.CharField(max_length=20, choices=Kind)
    module = models.ForeignKey(Module, models.CASCADE, null=True, blank=True, related_name="+")
    path = models.ForeignKey(LearningPath, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(help_text="When it happened, on whichever device.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="progress_event_once"),
            models.CheckConstraint(
                condition=models.Q(kind="started-path", path__isnull=False, module__isnull=True)
                | (~models.Q(kind="started-path") & models.Q(module__isnull=False)),
                name="progress_event_subject",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "kind", "-at"], name="progress_event_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.module_id or self.path_id}"


class Completion(models.Model):
    """That a reader has completed a lesson: what their events come to, kept beside them for speed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="completions")
    module = models.ForeignKey(Module, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "module"], name="progress_completion_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.module_id}"
