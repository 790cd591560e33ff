"""The ledger's rows: sources, groups of shared numbers, and the numbers themselves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from modules.ledger import Entry

number_name = RegexValidator(r"\A[a-z][a-z0-9_]*\Z", "A name is lower-case letters, digits and underscores.")
source_key = RegexValidator(r"\A[a-z0-9][a-z0-9_-]*\Z", "A key is lower-case letters, digits, hyphens and underscores.")


class Source(models.Model):
    """One entry of the bibliography; the locator belongs to the citation, not here."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Paper")
        INPROCEEDINGS = "inproceedings", _("Conference paper")
        BOOK = "book", _("Book")
        TECHREPORT = "techreport", _("Report")
        ONLINE = "online", _("Web page")
        SOFTWARE = "software", _("Code")

    id = models.CharField("key", primary_key=True, max_length=50, validators=[source_key])
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=300)
    author = models.TextField(help_text="BibTeX names joined by “and”; {OpenAI} for an organisation.")
    year = models.PositiveSmallIntegerField()
    venue = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=400, validators=[URLValidator(["http", "https"])])
    eprint = models.CharField(max_length=40, blank=True, help_text="arXiv number with its version.")
    opened_on = models.DateField("checked on", null=True, blank=True, help_text="The day it was opened and checked.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"{reverse('modules:sources')}#source-{self.pk}"


class Group(models.Model):
    """Numbers many lessons share: a model, a piece of hardware, a price list, a convention."""

    class Kind(models.TextChoices):
        MODEL = "model", "Model"
        HARDWARE = "hardware", "Hardware"
        PRICE = "price", "Price"
        CONVENTION = "convention", "Convention"

        @property
        def plural(self) -> str:
            """What a section of such groups is called."""
            many = {"hardware": _("Hardware"), "model": _("Models"), "price": _("Prices")}
            return str(many.get(self.value, _("Conventions")))

    id = models.CharField(primary_key=True, max_length=60, validators=[number_name])
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField()
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="groups")
    at = models.CharField(max_length=200, blank=True)
    as_of = models.CharField(max_length=10, blank=True)
    api_model = models.CharField(
        max_length=120,
        blank=True,
        validators=[RegexValidator(r"\A[a-z0-9_-]+/[^\s/]+\Z", "Write provider/model, such as openai/gpt-4o.")],
        help_text="Whose prices these are, as the data that `manage.py drift` compares with calls it: openai/gpt-4o.",
    )
    note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "groups of shared numbers"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class QuantityQuerySet(models.QuerySet["Quantity"]):
    def in_file_order(self) -> QuantityQuerySet:
        return self.order_by("module_id", "group__position", "position", "pk")


class Quantity(models.Model):
    """One defended number of a lesson or of a shared group: cited, assumed or computed."""

    module = models.ForeignKey("Module", models.CASCADE, null=True, blank=True, related_name="quantities")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="quantities")
    name = models.CharField(max_length=80, validators=[number_name])
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    value = models.CharField(
        max_length=120, blank=True, help_text="A number with its unit, such as 3.99 USD/(gpu*hour)."
    )
    formula = models.CharField(max_length=400, blank=True)
    like = models.CharField(
        max_length=200, blank=True, help_text="A number whose formula it shares, with its own inputs: design-doc:gpus."
    )
    unit = models.CharField(max_length=80, blank=True, help_text="What a formula is expressed in.")
    digits = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Significant digits when printed.")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="quantities")
    at = models.CharField("where in it", max_length=300, blank=True)
    as_of = models.CharField(max_length=10, blank=True, help_text="The day a price was seen, 2026-11-23.")
    earlier = ArrayField(
        models.CharField(max_length=140),
        default=list,
        blank=True,
        help_text="What it said before, the oldest first: 0.435 USD/Mtoken on 2026-08-15.",
    )
    because = models.TextField(blank=True, help_text="The reason of an assumption.")
    note = models.TextField(blank=True)

    objects = QuantityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "quantities"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(module__isnull=False) ^ Q(group__isnull=False), name="modules_quantity_one_owner"
            ),
            models.CheckConstraint(
                condition=(~Q(value="") & Q(formula="", like=""))
                | (~Q(formula="") & Q(value="", like=""))
                | (~Q(like="") & Q(value="", formula="")),
                name="modules_quantity_value_or_formula",
            ),
            models.CheckConstraint(condition=~Q(label="") | ~Q(like=""), name="modules_quantity_labelled"),
            models.UniqueConstraint(fields=["module", "name"], name="modules_quantity_once_in_module"),
            models.UniqueConstraint(fields=["group", "name"], name="modules_quantity_once_in_group"),
        ]

    def __str__(self) -> str:
        return self.entry_id

    def clean(self) -> None:
        """Say which of value, formula and like is missing; what the number says is for the ledger to check."""
        if sum(map(bool, (self.value, self.formula, self.like))) != 1:
            raise ValidationError({"value": f"{self.name} needs either a value or a formula, or a number it is like."})
        if not self.label and not self.like:
            raise ValidationError({"label": f"{self.name} has no label."})

    @property
    def entry_id(self) -> str:
        """The name by which any lesson may refer to this number."""
        return f"{self.module_id}:{self.name}" if self.module_id else f"{self.group_id}.{self.name}"

    def entry(self) -> Entry:
        """Return the ledger's form of this row; a group's source holds where the row names none."""
        shared = self.group if self.group and self.value and not (self.source_id or self.because) else None
        return Entry(
            id=self.entry_id,
            label=self.label,
            value=self.value,
            formula=self.formula,
            like=self.like,
            unit=self.unit,
            digits=self.digits,
            source=self.source_id or (shared.source_id if shared else None) or "",
            at=self.at or (shared.at if shared else ""),
            as_of=self.as_of or (self.group.as_of if self.group and self.value else ""),
            because=self.because,
            note=self.note,
            earlier=tuple(self.earlier),
        )
