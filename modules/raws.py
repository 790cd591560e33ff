"""A lesson's Markdown as an answer to a request: all of it, one section, or without its answers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils.http import http_date

from modules.http import MARKDOWN
from modules.models import Module
from modules.rendering.extracts import section, sections, without_answers
from modules.rendering.rawfile import tokens


def response(lesson: Module, raw: str, given: QueryDict) -> HttpResponse:
    """Return `raw`, or what of it the address asks for; an anchor that is not there is told, with those that are."""
    status, text = 200, raw
    if given.get("answers") == "no":
        text = without_answers(text)
    if anchor := given.get("section", ""):
        whole, text = text, section(text, anchor)
        if not text:
            there = ", ".join(f"`{name}`" for name in sections(whole))
            text = f"# No such section\n\n{lesson.title} has no place `{anchor[:80]}`. It has: {there}\n"
            status = 404
    told = HttpResponse(text, content_type=MARKDOWN, status=status)
    told["Link"] = f'<{settings.SITE_URL}{lesson.get_absolute_url()}>; rel="canonical"'
    told["X-Markdown-Tokens"] = str(tokens(text))
    if lesson.updated_at:
        told["Last-Modified"] = http_date(lesson.updated_at.timestamp())
    return told
