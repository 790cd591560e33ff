"""The notebook's addresses, and views that return the same bytes and do nothing else."""

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from notebook.urls import handler404, handler500
from notebook.urls import urlpatterns as notebook_urls

__all__ = ["handler404", "handler500", "urlpatterns"]

_bodies: dict[str, tuple[bytes, str]] = {}


def bare(request: HttpRequest, address: str) -> HttpResponse:
    """Return what `address` returns, fetched once when the process is asked for the first time."""
    if address not in _bodies:
        response = Client(headers={"host": request.get_host()}).get(f"/{address}")
        _bodies[address] = (response.content, response["Content-Type"])
    body, content_type = _bodies[address]
    return HttpResponse(body, content_type=content_type)


# First, so that finding it costs nothing either.
urlpatterns = [path("bare/<path:address>", bare), *notebook_urls]
