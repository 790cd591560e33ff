"""How often one client may ask. Each worker counts for itself: this bounds load, and keeps no secret."""

from __future__ import annotations

import time
from contextlib import suppress
from math import ceil

from django.core.cache import caches
from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.throttling import BaseThrottle

counts = caches["local"]


class Limit(BaseThrottle):
    """At most `most` requests in each window of `seconds`, by the address they come from.

    ninja's own throttles keep what they count on themselves between two calls, which threads then mix up.
    """

    def __init__(self, name: str, most: int, seconds: int) -> None:
        self.name, self.most, self.seconds = name, most, seconds

    def whose(self, request: HttpRequest) -> str:
        return str(self.get_ident(request))

    def allow_request(self, request: HttpRequest) -> bool:
        key = f"api {self.name} {self.whose(request)[:60]} {int(time.time()) // self.seconds}".replace(" ", ":")
        counts.add(key, 0, self.seconds)
        with suppress(ValueError):  # a full cache has dropped the key in between
            return bool(counts.incr(key) <= self.most)
        return True

    def wait(self) -> float:
        return ceil(self.seconds - time.time() % self.seconds)


class ReaderLimit(Limit):
    """By the reader whose token it is, however many tokens they have."""

    def whose(self, request: HttpRequest) -> str:
        return str(request.auth.user_id)  # type: ignore[attr-defined]  # ninja puts the token there


def spend(limit: Limit, request: HttpRequest) -> None:
    """Count one more request; raises Throttled where that is one too many."""
    if not limit.allow_request(request):
        raise Throttled(wait=ceil(limit.wait()))


READS = Limit("reads", 600, 60)
WHAT_IFS = Limit("what-ifs", 60, 60)  # a whole lesson with other values takes a third of a second
RECORDS = ReaderLimit("records", 60, 60)
