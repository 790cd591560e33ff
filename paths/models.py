from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from modules.models import Module, heavy
from modules.models.lesson import lesson_id


class LearningPathQuerySet(models.QuerySet["LearningPath"]):
    def with_steps(self) -> LearningPathQuerySet:
        """Bring the steps too, each with its lesson: one query more, however many there are."""
        return self.prefetch_related(models.Prefetch("steps", Step.objects.with_lessons()))


class LearningPath(models.Model):
    """A guided order through lessons, for one kind of reader."""

    id = models.SlugField(primary_key=True, validators=[lesson_id])
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=200)
    audience = models.CharField(max_length=200)
    program = models.CharField(
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", "A package has a lower-case name.")],
        help_text="The package that its lessons build in `python file` blocks, if they build one.",
    )
    position = models.PositiveSmallIntegerField()

    objects = LearningPathQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["program"],
                condition=~models.Q(program=""),
                name="paths_program_once",
                violation_error_message="Another path builds this program.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("paths:path", args=[self.pk])


class StepQuerySet(models.QuerySet["Step"]):
    def with_lessons(self) -> StepQuerySet:
        """In order, each with its lesson as a list shows it."""
        return self.select_related("module").defer(*heavy("module__")).order_by("path", "position")


class Step(models.Model):
    """One lesson of a path and why it stands there."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="steps")
    module = models.ForeignKey(Module, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=200)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["path", "position"]
        constraints = [
            models.UniqueConstraint(fields=["path", "module"], name="paths_step_once"),
            # Checked at commit, so that an editor can swap two steps in one save.
            models.UniqueConstraint(
                fields=["path", "position"], name="paths_step_position", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path_id} {self.position}: {self.module_id}"
