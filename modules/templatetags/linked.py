"""What a template says to crawlers."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from modules import linked_data
from modules.models import Module

register = template.Library()

# In a script element nothing but its end is markup; escaped so, no text can hold one.
ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.filter
def as_json_ld(things: list[dict[str, Any]]) -> SafeString:
    """Return schema.org things as script elements, which are data and run nowhere."""
    scripts = (json.dumps(thing, ensure_ascii=False).translate(ESCAPED) for thing in things)
    return mark_safe("\n".join(f'<script type="application/ld+json">{text}</script>' for text in scripts))


@register.filter
def linked_lesson(module: Module) -> list[dict[str, Any]]:
    return linked_data.lesson(module)


@register.filter
def scholarly(module: Module) -> list[tuple[str, str]]:
    return linked_data.scholarly(module)
