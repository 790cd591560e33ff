"""How old what was seen is: told when a page is served, since a page that is rendered once ages by itself.

The renderer leaves the day in a class (`dated-2026-05-01`); here it becomes a badge once it is long ago.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

STALE = timedelta(days=180)  # docs/format.md promises a warning from then on

_DATED = re.compile(r'(<(a|td) class="(?:[^"]* )?dated-(\d{4}-\d\d-\d\d)"([^>]*)>[^<]*)</\2>')
_DAY = re.compile(r"dated-(\d{4}-\d\d-\d\d)")
_HREF = re.compile(r' href="([^"]*)"')


def days(seen: str, today: date) -> int:
    """Return how many days ago a day in ISO form was; a day to come is none ago."""
    return max(0, (today - date.fromisoformat(seen)).days)


def is_stale(seen: str, today: date) -> bool:
    return bool(seen) and days(seen, today) > STALE.days


def age(seen: str, today: date) -> str:
    """Return an age in words."""
    number = days(seen, today)
    return ngettext("%(n)d day old", "%(n)d days old", number) % {"n": number}


def badge(seen: str, today: date) -> SafeString:
    """Return the badge of what was seen too long ago; nothing for what was not, or has no date."""
    if not is_stale(seen, today):
        return SafeString("")
    title = _("Rests on what was seen on %(day)s") % {"day": seen}
    return format_html('<span class="stale" title="{}">{}</span>', title, age(seen, today))


def with_badges(html: str, today: date) -> SafeString:
    """Put badges into a rendered lesson: where it first prints a number, and in the number's row of the ledger."""
    if not any(is_stale(seen, today) for seen in set(_DAY.findall(html))):
        return mark_safe(html)
    marked: set[str] = set()

    def add(found: re.Match[str]) -> str:
        opening, element, seen, attributes = found.groups()
        mark = badge(seen, today)
        if element == "td":
            return f"{opening} {mark}</td>" if mark else found[0]
        link = _HREF.search(attributes)
        place = link[1] if link else ""
        if not mark or place in marked:
            return found[0]
        marked.add(place)
        return f"{found[0]} {mark}"

    return mark_safe(_DATED.sub(add, html))
