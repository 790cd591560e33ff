from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_local(request: HttpRequest, url: str) -> bool:
    """Return whether `url` is the path of a page on the host that was asked."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )


def local_target(request: HttpRequest, default: str) -> str:
    """Return where the form or link asks to go next, or `default` where that is nowhere or leads away."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_local(request, url) else default
