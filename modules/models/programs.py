"""The programs that lessons build together."""

from __future__ import annotations

from django.db import models

from modules.models.lesson import Module


class ProgramFile(models.Model):
    """A file of a program, made by publishing.refresh() from the `python file` blocks of the lesson it stands in."""

    path = models.CharField(primary_key=True, max_length=100)
    module = models.ForeignKey(Module, models.CASCADE, related_name="program_files")
    anchor = models.CharField(max_length=110, help_text="Where in the lesson it begins.")
    code = models.TextField()

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path

    def get_absolute_url(self) -> str:
        return f"{self.module.get_absolute_url()}#{self.anchor}"

    @property
    def program(self) -> str:
        """The package it belongs to."""
        return self.path.split("/")[0]
