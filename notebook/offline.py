"""What makes the notebook installable and lets it be read without a connection."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from modules.http import NotebookRequest
from modules.shared import shared

PAPER = "#fdfdfb"  # --paper in tokens.css; a manifest knows one theme
# All but the rarest: a page that needs those brings them.
FONTS = ("serif", "serif-italic", "serif-names", "serif-signs", "sans", "mono", "math")
# What worker.js replaces by a lesson's id.
LESSON = "LESSON"


@require_safe
@shared
def manifest(request: NotebookRequest) -> HttpResponse:
    content = {
        "id": "/",
        "name": "Every Number",
        "short_name": "Every Number",
        "description": "An open study notebook for ML and AI engineers in which every number is defended.",
        "lang": "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": static("images/icon.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": static("images/icon-maskable.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "maskable"},
            *(_icon(name, size) for size in (192, 512) for name in ("icon", "icon-maskable")),
        ],
        "shortcuts": [
            {"name": "Dashboard", "url": reverse("progress:dashboard")},
            {"name": "Search", "url": reverse("search")},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icon(name: str, size: int) -> dict[str, str]:
    purpose = "maskable" if name.endswith("maskable") else "any"
    return {
        "src": static(f"images/{name}-{size}.png"),
        "type": "image/png",
        "sizes": f"{size}x{size}",
        "purpose": purpose,
    }


@require_safe
@conditional_page
@cache_control(no_cache=True)
def service_worker(request: NotebookRequest) -> HttpResponse:
    """The worker, served from the root so that every page is in its reach.

    It is our script and, before it, what only the server knows. Any file of the frame that changes
    changes `version`, and browsers notice a worker that differs by a byte.
    """
    page = render_to_string("offline.html")
    worker = static("js/worker.js")
    content: dict[str, Any] = {
        "page": reverse("offline"),
        "language": get_language(),
        "files": sorted({*_files_of(page), *(static(f"fonts/{name}.woff2") for name in FONTS)}),
        "note": render_to_string("_copy.html"),
        "controls": {
            action: render_to_string("progress/_queued.html", {"lesson": LESSON, "action": action})
            for action in ("complete", "reopen")
        },
    }
    made_of = json.dumps([content, page, worker])
    content["version"] = hashlib.sha256(made_of.encode()).hexdigest()[:12]
    text = f"self.notebook = {json.dumps(content)};\nimportScripts({json.dumps(worker)});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def _files_of(page: str) -> list[str]:
    return re.findall(rf' (?:src|href)="({re.escape(settings.STATIC_URL)}[^"]+)"', page)


@require_safe
@shared
def offline(request: NotebookRequest) -> HttpResponse:
    """The page that the worker shows in place of one it does not have; it puts the lessons it has into it."""
    return render(request, "offline.html")
