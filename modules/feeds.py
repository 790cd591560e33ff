from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from modules import corrections
from modules.corrections import Correction
from modules.models import Revision

LIMIT_ENTRIES, LIMIT_LINES = 50, 20


@dataclass(frozen=True)
class Fixed:
    """The numbers that one change of the content corrected."""

    corrections: list[Correction]

    @property
    def at(self) -> datetime:
        return self.corrections[0].at

    def __str__(self) -> str:
        lines = [f"{one.label}: was {one.before}, is {one.now}" for one in self.corrections[:LIMIT_LINES]]
        more = len(self.corrections) - len(lines)
        return "; ".join([*lines, *([_g("and {more} more").format(more=more)] if more else [])])


class Changelog(Feed[Revision | Fixed, Revision | Fixed]):
    """What changed in the lessons, as Atom; its addresses are the site's, by whatever name it was asked."""

    feed_type = Atom1Feed
    title = _("Every Number: changes")
    subtitle = _("Lessons added, changed and corrected")
    author_name = _("The notebook's authors")

    def link(self) -> str:
        return settings.SITE_URL + reverse("modules:changelog")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("modules:changelog-atom")

    def feed_guid(self, obj: object) -> str:
        return _tag("changelog")

    def items(self) -> list[Revision | Fixed]:
        rows = corrections.between()
        fixed = [Fixed(list(group)) for _at, group in groupby(rows, lambda row: row.at)]
        items = [*Revision.objects.of_lessons()[:LIMIT_ENTRIES], *fixed[:LIMIT_ENTRIES]]
        return sorted(items, key=lambda item: item.at, reverse=True)[:LIMIT_ENTRIES]

    def item_title(self, item: Revision | Fixed) -> str:
        if isinstance(item, Revision):
            return f"{item.get_kind_display()}: {item.module}"
        count = len(item.corrections)
        return f"{Revision.Kind.FIXED.label}: " + (
            ngettext("{n} number", "{n} numbers", count).format(n=count) if count > 1 else item.corrections[0].label
        )

    def item_description(self, item: Revision | Fixed) -> str:
        if isinstance(item, Fixed):
            return str(item)
        return item.note or (item.module.summary if item.module else "")

    def item_link(self, item: Revision | Fixed) -> str:
        if isinstance(item, Revision):
            return settings.SITE_URL + item.module.get_absolute_url() if item.module else self.link()
        return f"{self.link()}#day-{item.at:%Y-%m-%d}"

    def item_guid(self, item: Revision | Fixed) -> str:
        return _tag(f"revision-{item.pk}" if isinstance(item, Revision) else f"fixed-{item.at:%Y%m%dT%H%M%S%f}")

    def item_pubdate(self, item: Revision | Fixed) -> datetime:
        return item.at

    def item_updateddate(self, item: Revision | Fixed) -> datetime:
        return item.at


def _tag(name: str) -> str:
    """Return a permanent id (RFC 4151) under this site's name."""
    host = settings.SITE_URL.partition("//")[2].partition(":")[0]
    return f"tag:{host},2026:{name}"
