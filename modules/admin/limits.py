"""How often one editor may ask for what is expensive."""

from __future__ import annotations

import time

from django.core.cache import caches
from django.http import HttpRequest

PER_MINUTE = {"preview": 90, "upload": 20}  # a preview follows each pause of the typing


def allow(request: HttpRequest, action: str) -> bool:
    """Count one request of this minute. Each process counts for itself: good enough against a runaway."""
    key = f"admin-{action}-{request.user.pk}-{int(time.time() // 60)}"
    cache = caches["local"]
    cache.add(key, 0, timeout=120)
    return cache.incr(key) <= PER_MINUTE[action]
