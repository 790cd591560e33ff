"""Pictures of a lesson: a table of files below the text, and what is dropped into the text itself."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils.text import slugify

from modules.images import check_picture, reencode
from modules.models import Figure, Module
from modules.publishing import Broken, publish, take_turn

from .forms import RowForm

PLACE = "\n\n::: figure {} Caption\n**What you see.** \n\n**What to notice.** \n:::\n\n"


class FigureForm(RowForm[Figure]):
    """A picture by its file; what kind of picture it is follows from its content."""

    file = forms.FileField(required=False, help_text="SVG by the rules for figures, PNG or WebP.")

    class Meta:
        model = Figure
        fields = ("name",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name, upload = cleaned.get("name"), cleaned.get("file")
        if not name:
            return cleaned
        if upload:
            self.instance.data = upload.read()
        elif not self.instance.pk:
            raise forms.ValidationError("Choose the file: a form that is shown again cannot keep it.")
        try:
            check_picture(name, bytes(self.instance.data))
        except ValueError as exc:
            raise forms.ValidationError(f"{exc}.") from exc
        return cleaned


class FigureInline(admin.TabularInline[Figure, Module]):
    model = Figure
    form = FigureForm
    extra = 0
    classes = ("collapse",)


def keep(request: HttpRequest, module: Module) -> JsonResponse:
    """Keep a picture that was dropped into the text and answer with the Markdown that shows it.

    Why one is refused is put into the text too, where its author is looking.
    """
    upload = request.FILES.get("image")
    if upload is None:
        return refused("No picture was sent.")
    name = upload.name or "picture"
    try:
        data = reencode(name, upload.read())
        with transaction.atomic():
            take_turn()
            figure = Figure(module=module, name=_free_name(module, name), data=data)
            figure.save()
            publish([figure.path], author=cast(User, request.user), note=f"Uploaded {figure}")
    except (ValueError, Broken) as exc:
        return refused(f"{exc}.")
    return JsonResponse({"image_code": PLACE.format(figure.name), "image_path": figure.get_absolute_url()})


def refused(why: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"image_code": f"[No picture was kept. {why}]"}, status=status)


def _free_name(module: Module, name: str) -> str:
    """Return a name that is safe and not taken, after the one the file had."""
    stem = slugify(name.rpartition(".")[0].replace("_", "-")).strip("-")[:60] or "picture"
    taken = set(module.figures.values_list("name", flat=True))
    names = (f"{stem}{f'-{number}' if number else ''}.webp" for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)
