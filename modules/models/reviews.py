"""What design reviews have beside a lesson's text: how the system fails, and its exam."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from modules.models.lesson import Module

PARTS = ("symptom", "seen", "detect", "escalate", "rollback")


class FailureModeQuerySet(models.QuerySet["FailureMode"]):
    def listed(self) -> FailureModeQuerySet:
        """Those of written lessons, in notebook order, with their lessons' titles."""
        order = ("module__part__position", "module__position", "position", "pk")
        rows = self.filter(module__is_written=True).exclude(html={}).select_related("module")
        return rows.only("name", "mode", "systems", "lever", "module__title").order_by(*order)


class FailureMode(models.Model):
    """One way in which a system fails: how it shows, who is woken, what is pulled first."""

    class Lever(models.TextChoices):
        ROUTE = "route", _("Route away")
        RESTORE = "restore", _("Restore")
        SHED = "shed", _("Shed load")
        CUT = "cut", _("Cut a capability")
        STOP = "stop", _("Stop the product")

        @property
        def means(self) -> str:
            """What is done when it is pulled, in a line."""
            return str(MEANINGS[self])

    module = models.ForeignKey(Module, models.CASCADE, related_name="failures")
    name = models.SlugField()
    position = models.PositiveSmallIntegerField(default=0)
    mode = models.CharField(max_length=90, help_text="What fails, in plain text.")
    systems = ArrayField(models.CharField(max_length=60), help_text="The real systems it is told of.")
    symptom = models.TextField(help_text="What is seen first, without the cause.")
    seen = models.TextField(help_text="Who had it, when and what it did, cited; or the paper that predicts it.")
    detect = models.TextField()
    escalate = models.TextField()
    rollback = models.TextField()
    lever = models.CharField(max_length=10, choices=Lever, help_text="What is pulled first.")
    cost = models.CharField(max_length=120, blank=True, help_text="The ledger number that says what it costs.")

    # Made with the lesson's page: its parts as they stand apart from it.
    html = models.JSONField(default=dict, editable=False)
    raw = models.JSONField(default=dict, editable=False)

    objects = FailureModeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["module", "name"], name="modules_failure_once"),
            models.CheckConstraint(
                condition=Q(lever__in=["route", "restore", "shed", "cut", "stop"]), name="modules_failure_lever"
            ),
        ]

    def __str__(self) -> str:
        return self.mode

    def get_absolute_url(self) -> str:
        return reverse("modules:failure", args=[self.module_id, self.name])

    @property
    def key(self) -> str:
        return f"{self.module_id}:{self.name}"

    @property
    def pulled(self) -> FailureMode.Lever:
        return self.Lever(self.lever)


MEANINGS = {
    FailureMode.Lever.ROUTE: _("Send the traffic elsewhere: another pool, region, provider or model"),
    FailureMode.Lever.RESTORE: _("Go back to an older artefact: build, configuration, prompt, index or checkpoint"),
    FailureMode.Lever.SHED: _("Do less of the same: admit less, queue, throttle, answer shorter"),
    FailureMode.Lever.CUT: _("Switch one capability off and keep the rest"),
    FailureMode.Lever.STOP: _("Take the product down until it is safe"),
}


class Exam(models.Model):
    """A review to be sat: a brief whose inputs are drawn by a seed. Its phases are answered in turn."""

    module = models.OneToOneField(Module, models.CASCADE, related_name="exam")
    brief = models.TextField()
    draws = models.JSONField(default=list, help_text="A list of {name, min, max}.")

    def __str__(self) -> str:
        return self.module_id

    def get_absolute_url(self) -> str:
        return reverse("progress:exam", args=[self.module_id])

    def clean(self) -> None:
        """Say in a sentence how draws must look; what they mean is for the ledger to check."""
        draws = self.draws if isinstance(self.draws, list) else [self.draws]
        for item in draws:
            is_text = isinstance(item, dict) and all(isinstance(value, str) for value in item.values())
            if not is_text or set(item) != {"name", "min", "max"}:
                raise ValidationError({"draws": "A draw is a number's name with min and max."})
        names = [item["name"] for item in draws]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValidationError({"draws": f"The number {twice!r} is drawn twice."})


class Phase(models.Model):
    """A part of a lesson's exam: what is asked, which numbers have to be given, and what a good answer says."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="phases")
    name = models.SlugField()
    position = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(60)])
    ask = models.TextField()
    numbers = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    rubric = ArrayField(models.TextField())
    answer = models.TextField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["module", "name"], name="modules_phase_once"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 60)), name="modules_phase_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id}: {self.name}"
