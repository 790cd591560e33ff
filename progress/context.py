from __future__ import annotations

from typing import Any

from django.conf import settings

from modules.http import NotebookRequest


def study(request: NotebookRequest) -> dict[str, Any]:
    """Tell templates who reads and how far they are, unless the page is one and the same for everyone."""
    # A request that an earlier middleware refused has no study; its error page still has a template.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "study"):
        return {}
    return {"reader": request.user if request.user.is_authenticated else None, "study": request.study}
