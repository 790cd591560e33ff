from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.models import Module
from paths.models import LearningPath


class StudyEventQuerySet(models.QuerySet["StudyEvent"]):
    def newest_first(self) -> StudyEventQuerySet:
        """By when it happened; two events at one moment by key, so that the order of merging says nothing."""
        return self.order_by("-at", "-key")


class StudyEvent(models.Model):
    """Something a reader did. Rows are only ever added, and leave with the account: triggers see to both.

    So a lesson or path that anyone has touched stays; its address was promised for ever anyway.
    """

    class Kind(models.TextChoices):
        OPENED = "opened"
        COMPLETED = "completed"
        REOPENED = "reopened"
        STARTED_PATH = "started-path"
        LEFT = "left"
        SEEN = "seen"  # that numbers of a completed lesson have changed
        ANSWERED = "answered"  # a drill
        GRADED = "graded"  # a question of a mock interview: by its reader, or its number by the ledger

    # The index of `progress_event_once` begins with the user: another would only slow writing down.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="events", db_index=False)
    key = models.UUIDField(help_text="Made where the event happened, so that sending it twice adds it once.")
    kind = models.CharField(max_length=20, choices=Kind)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="+")
    path = models.ForeignKey(LearningPath, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(help_text="When it happened, on whichever device.")
    anchor = models.CharField(max_length=120, blank=True, help_text="Of the section in which a lesson was left.")
    numbers = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The NumberChange up to which the reader knows the lesson's numbers."
    )

    # Of an answer. Its lesson is that of the number, or the question; shared numbers have none.
    drill = models.CharField(max_length=100, blank=True, help_text="The id of the number that was asked for.")
    question = models.CharField(max_length=100, blank=True, help_text="The name in its lesson of what was asked.")
    seed = models.PositiveIntegerField(
        null=True, blank=True, help_text="Which inputs were given, or which mock interview it was."
    )
    answer = models.CharField(
        max_length=60, blank=True, help_text="What the reader wrote, or what of the rubric they said, by its places."
    )
    verdict = models.CharField(
        max_length=20, blank=True, help_text="right, the slip that was made, or wrong; of oneself full, partly, missed."
    )

    objects = StudyEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="progress_event_once"),
            models.CheckConstraint(
                condition=models.Q(kind="started-path", path__isnull=False, module__isnull=True)
                | models.Q(kind="answered", path__isnull=True)
                | (
                    ~models.Q(kind__in=["started-path", "answered"]) & models.Q(path__isnull=True, module__isnull=False)
                ),
                name="progress_event_subject",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind="answered", seed__isnull=False)
                    & ~models.Q(drill="")
                    & ~models.Q(answer="")
                    & ~models.Q(verdict="")
                )
                | (models.Q(kind="graded", seed__isnull=False, drill="") & ~models.Q(verdict=""))
                | (
                    ~models.Q(kind__in=["answered", "graded"])
                    & models.Q(seed__isnull=True, drill="", answer="", verdict="")
                ),
                name="progress_event_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="graded") ^ models.Q(question=""), name="progress_event_question"
            ),
            models.CheckConstraint(condition=models.Q(kind="left") ^ models.Q(anchor=""), name="progress_event_anchor"),
            models.CheckConstraint(
                condition=models.Q(kind="completed")
                | models.Q(kind="seen", numbers__isnull=False)
                | (~models.Q(kind__in=["completed", "seen"]) & models.Q(numbers__isnull=True)),
                name="progress_event_numbers",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "kind", "-at"], name="progress_event_latest"),
            models.Index(fields=["user", "module", "-at"], condition=models.Q(kind="left"), name="progress_event_left"),
            models.Index(
                fields=["user", "module", "question", "-at"],
                condition=models.Q(kind="graded"),
                name="progress_event_graded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.drill or self.module_id or self.path_id}"


class Completion(models.Model):
    """That a reader has completed a lesson: what their events come to, kept beside them for speed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="completions", db_index=False)
    module = models.ForeignKey(Module, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "module"], name="progress_completion_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.module_id}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_use(self) -> ApiTokenQuerySet:
        """Those whose reader may sign in."""
        return self.filter(user__is_active=True)

    def used(self, day: date) -> int:
        """Remember on which day they were last used: written once a day, however often that is."""
        return self.exclude(used_on=day).update(used_on=day)


class ApiToken(models.Model):
    """What lets a program speak for one reader. The token itself is nowhere: this is the hash of it."""

    class Scope(models.TextChoices):
        READ = "read", _("Read my progress")
        RECORD = "record", _("Record answers")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", db_index=False)
    name = models.CharField(max_length=60, help_text="What its reader calls it.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hexadecimal.")
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="progress_token_named_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="progress_token_named"),
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="progress_token_digest"),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=["read", "record"]) & ~models.Q(scopes=[]),
                name="progress_token_scopes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.name}"

    @property
    def may(self) -> list[ApiToken.Scope]:
        return [self.Scope(scope) for scope in self.scopes]
