from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from modules.models import Company, Module
from paths.models import LearningPath

Row = TypeVar("Row", bound=Module | str)


class OnSite(Sitemap[Row]):
    """A sitemap whose addresses are the site's, by whatever name it was asked."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Lessons(OnSite[Module]):
    def items(self) -> QuerySet[Module]:
        return Module.objects.written().listed()

    def lastmod(self, item: Module) -> datetime | None:
        return item.updated_at


class Lists(OnSite[str]):
    """Pages made of lessons: as new as the newest of them."""

    def items(self) -> list[str]:
        names = [
            "home",
            "modules:map",
            "modules:numbers",
            "modules:reference",
            "modules:trust",
            "modules:sources",
            "modules:glossary",
            "progress:bank",
            "progress:exams",
            "modules:failures",
            "modules:compare",
            "modules:changelog",
        ]
        rows = [*LearningPath.objects.all(), *Company.objects.all()]
        return [*(reverse(name) for name in names), *(row.get_absolute_url() for row in rows)]

    def location(self, item: str) -> str:
        return item

    @cached_property
    def newest(self) -> datetime | None:
        newest: datetime | None = Module.objects.aggregate(newest=Max("updated_at"))["newest"]
        return newest

    def lastmod(self, item: str) -> datetime | None:
        return self.newest


SITEMAPS = {"lessons": Lessons, "lists": Lists}
