"""What the content was: revisions of each file, and which of them came from disk."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .lesson import Module, heavy


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of(self, path: str) -> RevisionQuerySet:
        return self.filter(path=path).order_by("-pk")

    def edition(self) -> int:
        """Return a number that grows with every change of the content: one quick query."""
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0

    def of_lessons(self) -> RevisionQuerySet:
        """What readers are told of: lessons, newest first, without the texts."""
        return (
            self.filter(path__startswith="modules/")
            .select_related("module", "author")
            .defer("text", *heavy("module__"))
            .order_by("-pk")
        )


class Revision(models.Model):
    """One file of the notebook as it stood after a save; the diff to the one before is derived."""

    class Kind(models.TextChoices):
        """The groups of Keep a Changelog that content can fall into."""

        ADDED = "Added", _("Added")
        CHANGED = "Changed", _("Changed")
        FIXED = "Fixed", _("Fixed")
        REMOVED = "Removed", _("Removed")

    path = models.CharField(max_length=120, help_text="The fixture file, such as modules/attention.md.")
    module = models.ForeignKey(Module, models.CASCADE, null=True, blank=True, related_name="revisions")
    text = models.TextField()
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="revisions"
    )
    at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["path", "-id"], name="modules_revision_path")]

    def __str__(self) -> str:
        return f"{self.path} {self.at:%Y-%m-%d %H:%M}"

    def before(self) -> Revision | None:
        return Revision.objects.of(self.path).filter(pk__lt=self.pk).first()


class NumberChangeQuerySet(models.QuerySet["NumberChange"]):
    def version(self) -> int:
        """Return a number that grows with every change of a number: one quick query."""
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0

    def corrections(self) -> NumberChangeQuerySet:
        """Changes of what a cited or computed number says, newest first, each with its value `before`.

        One that comes or goes corrects nothing, and an assumption is chosen anew rather than corrected.
        """
        earlier = NumberChange.objects.filter(number=models.OuterRef("number"), pk__lt=models.OuterRef("pk"))
        changed = (
            self.annotate(before=models.Subquery(earlier.values("value")[:1]))
            .exclude(value="")
            .exclude(how__startswith="assumed")
        )
        return changed.filter(before__gt="").exclude(before=models.F("value")).order_by("-pk")


class NumberChange(models.Model):
    """What a number said from one moment on; its first row is the day it came into the ledger.

    Rows are only ever added: what a reader learnt on any day can be told from what stands now.
    """

    number = models.CharField(max_length=140, help_text="lesson-id:name or group.name.")
    at = models.DateTimeField()
    value = models.CharField(max_length=200, blank=True, help_text="As printed; empty once the number is gone.")
    how = models.TextField(blank=True, help_text="Its formula, or its value with where that is from.")

    objects = NumberChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["number", "-id"], name="modules_number_change")]

    def __str__(self) -> str:
        return f"{self.number} {self.at:%Y-%m-%d %H:%M}"


class LoadedFile(models.Model):
    """What a file was when it and the database last agreed: whichever of them was edited since is not overwritten."""

    path = models.CharField(primary_key=True, max_length=120)
    digest = models.CharField(max_length=64, help_text="Of the file as dump writes it.")
    found = models.CharField(max_length=64, blank=True, help_text="Of the file as it lay on disk, in whatever layout.")

    def __str__(self) -> str:
        return self.path


class CodeRun(models.Model):
    """What came of running a lesson's code, once, on the text that `code` is the digest of.

    `defend` writes it, a file carries it to where nobody runs code. It says nothing of any other text.
    """

    module = models.OneToOneField(Module, models.CASCADE, primary_key=True, related_name="run")
    code = models.CharField(max_length=16)
    program = models.CharField(
        max_length=16, blank=True, help_text="The digest of the files of all lessons, where the code imports them."
    )
    since = models.DateField(help_text="The first day on which this text gave this result.")
    passed = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, help_text="The derivations that hold."
    )
    trouble = models.TextField(blank=True, help_text="The first thing that did not hold.")
    ran_at = models.DateTimeField(null=True, blank=True, help_text="When it last ran here, if it ever did.")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.module_id} {self.since}"

    def is_of(self, code: str, program: str) -> bool:
        """Whether it is of just this code, with just these files of other lessons."""
        return (self.code, self.program) == (code, program)

    def holds(self, code: str, program: str) -> bool:
        return self.is_of(code, program) and not self.trouble

    @property
    def path(self) -> str:
        """The fixture file this is loaded from and dumped to."""
        return f"runs/{self.module_id}.yaml"
