from __future__ import annotations

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from modules.models import Company, Module
from paths.models import LearningPath


class Lessons(Sitemap[Module]):
    def items(self) -> QuerySet[Module]:
        return Module.objects.written().listed()

    def lastmod(self, item: Module) -> datetime | None:
        return item.updated_at


class Lists(Sitemap[str]):
    """Pages made of lessons: as new as the newest of them."""

    def items(self) -> list[str]:
        names = ["home", "modules:sources", "modules:glossary", "modules:changelog"]
        rows = [*LearningPath.objects.all(), *Company.objects.all()]
        return [*(reverse(name) for name in names), *(row.get_absolute_url() for row in rows)]

    def location(self, item: str) -> str:
        return item

    def get_latest_lastmod(self) -> datetime | None:
        newest: datetime | None = Module.objects.aggregate(newest=Max("updated_at"))["newest"]
        return newest


SITEMAPS = {"lessons": Lessons, "lists": Lists}
