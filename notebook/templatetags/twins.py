"""Where a page is Markdown, in its head."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notebook.twins import address

register = template.Library()


@register.simple_tag(takes_context=True)
def twin(context: Context) -> SafeString | str:
    """Return the link to the page as Markdown; nothing where there is none, as on a page of an error."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    where = address(request, match) if request is not None and match is not None else ""
    return format_html('<link rel="alternate" type="text/markdown" href="{}">\n  ', where) if where else ""
