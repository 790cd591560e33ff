"""What a template says of ages, on the day the page is made."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from modules import ages

register = template.Library()


@register.filter
def with_badges(html: str) -> SafeString:
    return ages.with_badges(html, timezone.localdate())


@register.filter
def badge(seen: str) -> SafeString:
    return ages.badge(seen, timezone.localdate())


@register.filter
def age(seen: str) -> str:
    return ages.age(seen, timezone.localdate())
