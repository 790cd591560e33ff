from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ParamSpec

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition

from modules import rendering
from modules.models import Figure, Module, Revision, Term
from modules.models.lesson import ModuleQuerySet
from modules.onefile import styles
from modules.onefile.links import Links

P = ParamSpec("P")

MEDIA_TYPES = {"png": "image/png", "webp": "image/webp"}
AT_ONCE = 4  # lessons in memory


@dataclass(frozen=True)
class OneFile:
    """A document of some written lessons, in the order of `lessons`."""

    name: str  # of the file, without its ending
    title: str
    address: str  # of the page it is a copy of
    lessons: ModuleQuerySet
    opening: str = ""  # HTML before the first lesson; `#kv-cache.lesson.top` leads to one

    def response(self) -> StreamingHttpResponse:
        headers = {"Content-Disposition": f'attachment; filename="{self.name}.html"'}
        return StreamingHttpResponse(self._pieces(), content_type="text/html; charset=utf-8", headers=headers)

    def _pieces(self) -> Iterator[str]:
        ids = frozenset(self.lessons.values_list("pk", flat=True))
        terms = {term.anchor: term.module_id for term in Term.objects.filter(module__in=ids)}
        links = Links(settings.SITE_URL, ids, terms)
        sheet = styles.styles(self._texts())
        icon = b64encode(styles.file("images/icon.svg").read_bytes()).decode()
        context = {"document": self, "site": settings.SITE_URL, "icon": f"data:image/svg+xml;base64,{icon}"}
        # The style sheet is ours and has no tag in it; escaping would change it and its digest.
        head = context | {"styles": mark_safe(sheet), "digest": styles.digest(sheet)}
        yield render_to_string("modules/onefile/head.html", head)
        for lesson in self._whole().iterator(chunk_size=AT_ONCE):
            html = render_to_string("modules/onefile/lesson.html", {"module": lesson, "site": settings.SITE_URL})
            yield links.rewrite(html, lesson.pk, _pictures(lesson))
        yield render_to_string("modules/onefile/foot.html", context)

    def _texts(self) -> Iterator[str]:
        """Yield every text of the file, for its characters."""
        yield self.title + self.opening
        rows = self.lessons.values_list("title", "hook_html", "html")
        for row in rows.iterator(chunk_size=AT_ONCE):
            yield from row

    def _whole(self) -> ModuleQuerySet:
        rasters = Figure.objects.exclude(name__endswith=".svg")
        lessons = self.lessons.with_neighbours().select_related("part").defer("body", "raw", "hook")
        return lessons.prefetch_related(Prefetch("figures", rasters))


def _pictures(lesson: Module) -> dict[str, str]:
    """Return the contents of a lesson's raster images by their address."""
    return {
        row.get_absolute_url(): f"data:{MEDIA_TYPES[row.name.rpartition('.')[2]]};base64,{b64encode(row.data).decode()}"
        for row in lesson.figures.all()
    }


def kept(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Let every cache keep for a minute what the view makes, and ask after that only whether it changed."""
    return gzip_page(cache_control(public=True, max_age=60)(condition(etag_func=_tag)(view)))


def _tag(request: HttpRequest, **_: str) -> str:
    return f'"{Revision.objects.edition()}-{rendering.VERSION}-{_made_with()}"'


@cache
def _made_with() -> str:
    """Return a digest of what stands around the lessons: styles, and what writes the file."""
    here = [*Path(__file__).parent.glob("*.py"), *(settings.BASE_DIR / "templates").glob("*/onefile/*.html")]
    made_of = [settings.SITE_URL, styles.sheets(), *(file.read_text() for file in sorted(here))]
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:12]
