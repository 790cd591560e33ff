"""Who asks for what: companies and the lessons their interview loops return to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from .lesson import Module, lesson_id


class Company(models.Model):
    """A company whose interviews a reader prepares for."""

    id = models.SlugField(primary_key=True, validators=[lesson_id])
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    themes = ArrayField(models.CharField(max_length=120), default=list)
    modules = models.ManyToManyField(Module, through="Focus", related_name="companies")

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("modules:focus", args=[self.pk])


class Focus(models.Model):
    """A lesson stands in a company's list (`position`), or the lesson itself names the company (`asked`), or both."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="focus")
    module = models.ForeignKey(Module, models.CASCADE, related_name="focus")
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    asked = models.BooleanField(default=False)

    class Meta:
        ordering = [models.F("position").asc(nulls_last=True), "module__part__position", "module__position"]
        verbose_name_plural = "focus"
        constraints = [
            models.UniqueConstraint(fields=["company", "module"], name="modules_focus_once"),
            models.CheckConstraint(
                condition=models.Q(asked=True) | models.Q(position__isnull=False), name="modules_focus_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.module_id}"
