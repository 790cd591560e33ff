"""The notebook's addresses, and views that return the same bytes and do nothing else."""

import re

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from modules.shared import Page
from notebook.urls import handler404, handler500
from notebook.urls import urlpatterns as notebook_urls

__all__ = ["handler404", "handler500", "urlpatterns"]

_ASKS = re.compile(r'<link rel="(?:stylesheet|preload)"[^>]*>|<script\b[^>]*>.*?</script>', re.DOTALL)
_alone: dict[str, Page] = {}
_bodies: dict[str, tuple[bytes, str]] = {}


def bare(request: HttpRequest, address: str) -> HttpResponse:
    """Return what `address` returns, fetched once when the process is asked for the first time."""
    if address not in _bodies:
        response = Client(headers={"host": request.get_host()}).get(f"/{address}")
        _bodies[address] = (response.content, response["Content-Type"])
    body, content_type = _bodies[address]
    return HttpResponse(body, content_type=content_type)


def alone(request: HttpRequest, address: str) -> HttpResponse:
    """Return the HTML of `address` without style sheets, scripts and fonts, compressed as the notebook's pages are."""
    if address not in _alone:
        response = Client(headers={"host": request.get_host()}).get(f"/{address}")
        body = _ASKS.sub("", response.content.decode()).encode()
        _alone[address] = Page(body, response["Content-Type"], edition=0, checked_at=0.0)
    return _alone[address].response(request)


# First, so that finding it costs nothing either.
urlpatterns = [path("bare/<path:address>", bare), path("alone/<path:address>", alone), *notebook_urls]
