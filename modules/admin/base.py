"""An admin whose every save goes through publish(): checked whole, or shown again with all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from modules.models import Revision, Source
from modules.publishing import Broken, publish, take_turn

from . import overtaking
from .forms import PublishingForm
from .order import renumber
from .overtaking import Overtaken

M = TypeVar("M", bound=models.Model)


@dataclass
class Save:
    """What is known about one save, kept on its request, since an admin object serves every request."""

    paths: list[str] = field(default_factory=list)  # the files it may change
    texts: dict[str, str] = field(default_factory=dict)  # those files as another editor left them
    overtaken_by: list[Revision] | None = None
    refusal: str = ""


def save_of(request: HttpRequest) -> Save:
    return cast(Save, request.__dict__.setdefault("save", Save()))


class PublishingAdmin(admin.ModelAdmin[M], Generic[M]):
    """Base of every admin that edits content.

    A save is one transaction: rows, revisions and every page that shows them. Whatever refuses it rolls all of it
    back, and the same submission is shown again with the reasons.
    """

    form = PublishingForm  # type: ignore[assignment]  # a ModelForm of the same model
    change_form_template = "admin/content_form.html"
    # The rows a page edits besides its own: their related name, and the field by which a row is known.
    parts: Mapping[str, str] = {}
    # Whether fields of its page name a source (fields.SourceField).
    has_numbers = False

    def path_of(self, obj: M) -> str:
        """Return the fixture file that the object's page edits."""
        raise NotImplementedError

    def paths_of(self, obj: M) -> Iterable[str]:
        """Return every file that saving the object may change."""
        return [self.path_of(obj)]

    def siblings(self, obj: M) -> models.QuerySet[M]:
        """Return the rows among which the object has its place."""
        return type(obj)._default_manager.all()

    def edition(self, obj: M) -> str:
        """Return what tells whether the page shows what the database has."""
        return overtaking.edition([obj, *(row for part in self.parts for row in getattr(obj, part).all())])

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        return ("id", *self.readonly_fields) if obj else self.readonly_fields  # an address, once given, stays

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["show_save_and_add_another"] = False
        context["sources"] = Source.objects.values_list("pk", "title") if self.has_numbers else ()
        return super().render_change_form(request, context, *args, **kwargs)

    # Saving

    def get_form(self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)  # a new class each time
        form.current_edition = self.edition(obj) if obj else ""
        form.refusal = save_of(request).refusal
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                take_turn()
                self.compare(request, object_id)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except (Broken, Overtaken) as refusal:
            context = {**(extra_context or {}), **self._refused(request, object_id, refusal)}
            return super().changeform_view(request, object_id, form_url, context)

    def compare(self, request: HttpRequest, object_id: str | None) -> None:
        """Note how things stand before a save, and whether they are still as its editor was shown them."""
        obj = self.get_object(request, object_id) if object_id else None
        if obj is None:
            return
        save, given = save_of(request), request.POST.get("edition", "")
        save.paths = list(self.paths_of(obj))
        if not overtaking.is_same(given, self.edition(obj)):
            save.texts = {path: overtaking.text(path) for path in save.paths}
            save.overtaken_by = overtaking.since(given, save.paths)
            request.POST = data = request.POST.copy()  # type: ignore[assignment]  # made to be set
            for part, key in self.parts.items():
                rows = {str(row.pk): str(row.serializable_value(key)) for row in getattr(obj, part).all()}
                overtaking.rebase(data, part, key, rows)

    def _refused(self, request: HttpRequest, object_id: str | None, refusal: Broken | Overtaken) -> dict[str, Any]:
        """Make the request one that shows its form again, and return what its page needs for that."""
        for file in request.FILES.values():
            file.seek(0)  # type: ignore[union-attr]  # it was read the first time
        if isinstance(refusal, Broken):
            save_of(request).refusal = "Nothing was saved."
            return {"troubles": refusal.troubles}
        save_of(request).refusal = str(refusal)
        obj = self.get_object(request, object_id or "")
        # The editor knows now: the next save compares with what is there today.
        data: Any = request.POST  # compare() made it a copy that may be changed
        data["edition"] = self.edition(obj) if obj else ""
        return {"changes": refusal.changes}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        obj = type(form.instance)._default_manager.get(pk=form.instance.pk)
        if "position" in form.changed_data or ("position" in form.fields and not change):
            renumber(self.siblings(obj), {obj.pk: form.initial.get("position")})
        said = form.cleaned_data if change else {"change_note": f"Added {obj}"}
        self.finish(request, obj, said)

    def finish(self, request: HttpRequest, obj: M, said: Mapping[str, Any]) -> None:
        """Publish what the rows now say; raises Overtaken or Broken."""
        save = save_of(request)
        if save.overtaken_by is not None:
            raise Overtaken(save.overtaken_by, overtaking.changes(save.overtaken_by, save.texts))
        self._publish(request, [*save.paths, *self.paths_of(obj)], said)

    def _publish(self, request: HttpRequest, paths: Iterable[str], said: Mapping[str, Any]) -> None:
        done = publish(
            dict.fromkeys(paths),
            author=cast(User, request.user),
            note=said.get("change_note", ""),
            kind=said.get("change_kind", Revision.Kind.CHANGED),
        )
        if done.rendered:
            messages.info(request, f"Rendered again: {', '.join(done.rendered)}.")

    # Deleting

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            with transaction.atomic():
                take_turn()
                return super().delete_view(request, object_id, extra_context)
        except Broken as exc:
            messages.error(request, "It cannot be deleted: what is listed here needs it.")
            for trouble in exc.troubles[:20]:
                messages.error(request, str(trouble))
            return HttpResponseRedirect(reverse(f"admin:{self._name('change')}", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        paths, note = list(self.paths_of(obj)), f"Removed {obj}"
        super().delete_model(request, obj)
        self._publish(request, paths, {"change_note": note})

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no bulk delete: each deletion is checked on its own."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    # History

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Lead to the revisions, which say more than Django's log of who pressed a button."""
        obj = self.get_object(request, object_id)
        query = urlencode({"path": self.path_of(obj)} if obj else {})
        return HttpResponseRedirect(f"{reverse('admin:modules_revision_changelist')}?{query}")

    def _name(self, view: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"
