"""Error reports: what one can be about, and the form that a reader fills in."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from modules.content import Content
from modules.defences import Defended
from modules.models import Module
from modules.models.reports import secret_key

ABOUT = re.compile(r"[A-Za-z0-9_.:#-]{1,270}")
SALT = "modules.report"
SOONEST_S, LATEST_S = 3, 24 * 60 * 60  # from opening the form to sending it


@dataclass(frozen=True)
class Subject:
    """What a report is about, as readers know it."""

    about: str
    title: str
    address: str

    @classmethod
    def of(cls, about: str, content: Content) -> Subject | None:
        """Return the number, lesson or place in a lesson with this id, if there is one."""
        if not ABOUT.fullmatch(about):
            return None
        if number := content.numbers.get(about):
            defended = Defended(number, content)
            return cls(about, str(defended), defended.get_absolute_url())
        lesson_id, mark, anchor = about.partition("#")
        lesson = Module.objects.written().only("title", "toc", "anchors").filter(pk=lesson_id).first()
        if lesson is None or (mark and anchor not in lesson.anchors):
            return None
        if not mark:
            return cls(about, lesson.title, lesson.get_absolute_url())
        return cls(about, f"{lesson.title}: {_called(lesson, anchor)}", f"{lesson.get_absolute_url()}#{anchor}")


def _called(lesson: Module, anchor: str) -> str:
    """Return what a place in a lesson is called: its heading, or its anchor in words, as in "question size 70b"."""
    section = lesson.section(anchor)
    return section.title if section else anchor.replace("-", " ")


@dataclass(frozen=True)
class Slip:
    """What a form carries, signed: what it is about, when it was opened, and the key its report will have.

    A form that is sent twice is one report, since its key is there already.
    """

    about: str
    key: str = field(default_factory=secret_key)
    opened_at: float = field(default_factory=time.time)  # seconds since 1970

    @classmethod
    def read(cls, signed: str) -> Slip | None:
        """Return the slip of a form that this site made within a day."""
        try:
            slip = cls(*signing.Signer(salt=SALT).unsign_object(signed))
        except signing.BadSignature:
            return None
        return slip if slip.age_s <= LATEST_S else None

    @property
    def signed(self) -> str:
        return signing.Signer(salt=SALT).sign_object([self.about, self.key, self.opened_at])

    @property
    def age_s(self) -> float:
        return time.time() - self.opened_at


class ReportForm(forms.Form):
    """What is wrong, in the reader's words."""

    text = forms.CharField(
        label=_("What is wrong, and how do you know?"),
        help_text=_("A source or a line of working helps most. Plain text, at most 4,000 characters."),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    # Seen by nobody but programs that fill in whatever there is.
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": -1, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, slip: Slip | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slip = slip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.slip is None:
            raise forms.ValidationError(_("This form was open for more than a day. Press Send once more."))
        if self.slip.age_s < SOONEST_S:
            raise forms.ValidationError(_("That was faster than anyone types. Press Send once more."))
        if cleaned.get("website"):
            raise forms.ValidationError(_("A field that nobody sees was filled in. Send it without that field."))
        return cleaned
