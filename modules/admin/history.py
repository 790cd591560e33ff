"""Reading revisions, and going back to one."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from modules.files import FileError, replace
from modules.models import Revision
from modules.publishing import Broken, publish, take_turn

from . import overtaking
from .diffs import diff

RASTER = (".png", ".webp")
LIMIT_REASONS = 20


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin[Revision]):
    list_display = ("path", "at", "kind", "note", "by")
    list_filter = ("kind",)
    list_select_related = ("author",)
    date_hierarchy = "at"
    search_fields = ("path", "note")
    fields = ("path", "at", "kind", "note", "by", "changes")
    readonly_fields = fields
    change_form_template = "admin/modules/revision/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Revision]:
        return super().get_queryset(request).defer("text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False  # what was, was; restoring makes a new one

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False

    @admin.display(ordering="author__email")
    def by(self, revision: Revision) -> str:
        return overtaking.name(revision)

    @admin.display(description="What changed")
    def changes(self, revision: Revision) -> SafeString:
        if revision.path.endswith(RASTER):
            return format_html("A picture of {} bytes.", f"{len(revision.text) // 2:,}")
        earlier = revision.before()
        return diff(earlier.text if earlier else "", revision.text) or format_html("{}", "Nothing.")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        revision: Revision = context["original"]
        context["is_current"] = revision.pk == Revision.objects.of(revision.path).values_list("pk", flat=True)[0]
        context["may_restore"] = bool(revision.text) and _may_restore(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        restore = require_POST(self.admin_site.admin_view(self.restore))
        return [path("<int:pk>/restore/", restore, name="modules_revision_restore"), *super().get_urls()]

    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the text of a revision current again, as a new revision."""
        if not _may_restore(request):
            raise PermissionDenied
        revision = get_object_or_404(Revision.objects.exclude(text=""), pk=pk)
        when = f"{revision.at:%Y-%m-%d %H:%M} UTC"
        try:
            with transaction.atomic():
                take_turn()
                replace(revision.path, _bytes(revision))
                publish([revision.path], author=cast(User, request.user), note=f"Restored the version of {when}")
        except (FileError, Broken) as exc:
            messages.error(request, "Nothing was restored: the rest of the notebook is no longer as it was then.")
            for line in str(exc).splitlines()[:LIMIT_REASONS]:
                messages.error(request, line)
            return HttpResponseRedirect(reverse("admin:modules_revision_change", args=[pk]))
        messages.success(request, f"{revision.path} is again as it was on {when}.")
        newest = Revision.objects.of(revision.path).values_list("pk", flat=True)[0]
        return HttpResponseRedirect(reverse("admin:modules_revision_change", args=[newest]))


def _may_restore(request: HttpRequest) -> bool:
    return request.user.has_perm("modules.change_revision")


def _bytes(revision: Revision) -> bytes:
    """Return the file a revision kept: rasters are kept as hexadecimal."""
    return bytes.fromhex(revision.text) if revision.path.endswith(RASTER) else revision.text.encode()
