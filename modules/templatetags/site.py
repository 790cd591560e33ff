"""The address of the notebook, for what has to be told in full."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def site() -> str:
    return settings.SITE_URL
