from __future__ import annotations

from collections.abc import Iterable

from django import template

from modules.models import Module

register = template.Library()


@register.filter
def written(modules: Iterable[Module]) -> list[Module]:
    """Keep the lessons that are written, of a list already fetched."""
    return [module for module in modules if module.is_written]
