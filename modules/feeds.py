from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from modules.models import Revision


class Changelog(Feed[Revision, Revision]):
    """What changed in the lessons, as Atom; its addresses are the site's, by whatever name it was asked."""

    feed_type = Atom1Feed
    title = "Every Number: changes"
    subtitle = "Lessons added, changed and corrected"
    author_name = "The notebook's authors"

    def link(self) -> str:
        return settings.SITE_URL + reverse("modules:changelog")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("modules:changelog-atom")

    def feed_guid(self, obj: object) -> str:
        return _tag("changelog")

    def items(self) -> list[Revision]:
        return list(Revision.objects.of_lessons()[:50])

    def item_title(self, item: Revision) -> str:
        return f"{item.kind}: {item.module}"

    def item_description(self, item: Revision) -> str:
        return item.note or (item.module.summary if item.module else "")

    def item_link(self, item: Revision) -> str:
        return settings.SITE_URL + item.module.get_absolute_url() if item.module else self.link()

    def item_guid(self, item: Revision) -> str:
        return _tag(f"revision-{item.pk}")

    def item_pubdate(self, item: Revision) -> datetime:
        return item.at

    def item_updateddate(self, item: Revision) -> datetime:
        return item.at


def _tag(name: str) -> str:
    """Return a permanent id (RFC 4151) under this site's name."""
    host = settings.SITE_URL.partition("//")[2].partition(":")[0]
    return f"tag:{host},2026:{name}"
