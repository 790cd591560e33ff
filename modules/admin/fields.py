"""Form fields that show what a column keeps in the way the files write it."""

from __future__ import annotations

import textwrap
from typing import Any

from django import forms

from modules.files import FileError
from modules.files.lesson import input_fields, read_inputs
from modules.files.yamlfile import emit, parse
from modules.models import Source


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> str:
        return "\n".join(line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip())

    def clean(self, value: Any) -> list[str]:
        return str(super().clean(value)).splitlines()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class InputsField(forms.CharField):
    """An explorer's inputs as in a lesson's file: a YAML mapping, usually one line an input."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return textwrap.dedent("\n".join(emit({"inputs": input_fields(value)}).splitlines()[1:])) if value else ""

    def clean(self, value: Any) -> list[dict[str, str]]:
        text = super().clean(value).replace("\r\n", "\n")
        try:
            return read_inputs(parse(text)) if text else []
        except FileError as exc:
            raise forms.ValidationError(f"{exc}.") from exc

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), (data or "").replace("\r\n", "\n"))


class SourceField(forms.ModelChoiceField[Source]):
    """A source by its key, offered from one list for all the fields of a page (admin/content_form.html)."""

    widget = forms.TextInput(attrs={"list": "sources", "class": "vTextField", "autocomplete": "off"})
    default_error_messages = {"invalid_choice": "There is no source “%(value)s”. Add it under Sources first."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Source.objects.all(), **kwargs)
