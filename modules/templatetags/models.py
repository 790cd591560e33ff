"""Assistants that take a prompt in their address."""

from __future__ import annotations

from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from modules.models import Module

register = template.Library()

ASSISTANTS = {
    "ChatGPT": "https://chatgpt.com/?hints=search&q=",
    "Claude": "https://claude.ai/new?q=",
    "Perplexity": "https://www.perplexity.ai/search?q=",
}


@register.filter
def assistants(module: Module) -> list[tuple[str, str]]:
    """Return each assistant with the address that opens it on this lesson."""
    raw = settings.SITE_URL + reverse("modules:raw", args=[module.pk])
    prompt = _(
        "Read %(address)s, a lesson on %(title)s in which every number has an id and a defence. Then help me study it: "
        "explain what I ask, and quote the ids of the numbers you use."
    ) % {"address": raw, "title": module.title}
    return [(name, address + quote(prompt, safe="")) for name, address in ASSISTANTS.items()]
