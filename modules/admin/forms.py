"""Forms that keep text as the files do, and say of each save what it was for."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django import forms
from django.db import models
from django.forms.utils import ErrorDict

from modules.models import Revision

from .order import LAST

M = TypeVar("M", bound=models.Model)
KINDS = [(Revision.Kind.CHANGED, "Changed"), (Revision.Kind.FIXED, "Fixed")]


class ContentForm(forms.ModelForm[M], Generic[M]):
    """A row's form: line ends are Unix ones, and an empty place means the last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            if self.instance._state.adding:
                self.initial["position"] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "position" in cleaned and cleaned["position"] is None:
            cleaned["position"] = LAST
        return {key: value.replace("\r\n", "\n") if isinstance(value, str) else value for key, value in cleaned.items()}


class RowForm(ContentForm[M], Generic[M]):
    """The form of one row among the many of a page, which its page shows folded under `name` and `gist`."""

    def full_clean(self) -> None:
        """Leave alone a row that comes back as it is in the database, where it was checked when it was saved.

        A lesson has more than a hundred rows, each worth several queries, and its preview follows the typing.
        """
        if self.is_bound and self.instance.pk and not self.has_changed():
            self._errors = ErrorDict()
            self.cleaned_data = dict(self.initial)
        else:
            super().full_clean()

    @property
    def gist(self) -> str:
        return ""


class PublishingForm(ContentForm[M], Generic[M]):
    """A page's form: also what changed and why, and which edition of the page its editor was shown."""

    edition = forms.CharField(widget=forms.HiddenInput, required=False)
    change_kind = forms.ChoiceField(choices=KINDS, label="This is")
    change_note = forms.CharField(
        max_length=300,
        label="What changed, and why",
        widget=forms.TextInput(attrs={"placeholder": "One line for the changelog"}),
        error_messages={"required": "Say in one line what changed, and why: the history and the changelog show it."},
    )

    # Set by PublishingAdmin.get_form: the page's edition now, and why it is shown again instead of saved.
    current_edition = ""
    refusal = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].initial = self.current_edition
        if self.instance._state.adding:
            for name in ("edition", "change_kind", "change_note"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        if self.refusal:
            self.add_error(None, self.refusal)
        return super().clean()
