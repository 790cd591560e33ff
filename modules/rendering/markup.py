"""Writing HTML: escaping, the marks that stand for trusted fragments, and the sanitiser between them.

Authors' text becomes HTML with a mark wherever a formula, a drawing or an explorer belongs; nh3 reduces
that to the allow-list; then the fragments take the places of their marks. They go in last because
nh3 eats parts of MathML (an `mo` with elements in it loses its text), and because what an explorer or
a drawing may contain is decided where it is made.

A mark is a number between two Unicode noncharacters. No author can write one: a text with
noncharacters is refused (limits.py), an entity for one is not decoded by Markdown, and `escape`
drops them from every other string.
"""

import hashlib
import html
import re

import nh3

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}([0-9]{{1,6}}){_CLOSE}")
# A start tag as our own templates and nh3 write it: every value in double quotes, in which `>` may stand.
TAG = re.compile(r'<[A-Za-z](?:"[^"]*"|[^">])*>')
ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
_MARK_CHARACTERS = str.maketrans("", "", _OPEN + _CLOSE)

_TAGS = {
    *("a", "blockquote", "br", "cite", "code", "dd", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure"),
    *("h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "samp", "section", "span", "strong"),
    *("summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "rel", "title", "aria-label"},
    "div": {"tabindex", "role", "aria-label"},
    "img": {"src", "alt", "loading", "decoding"},
    "ol": {"start"},
    "pre": {"tabindex", "role", "aria-label"},
    "span": {"role", "aria-label"},
    "th": {"scope"},
}


def unmarked(text: str) -> str:
    """Return `text` without the characters marks are made of."""
    return text.translate(_MARK_CHARACTERS)


def digest(text: str) -> str:
    """Return a short name for `text`, the same however its spaces are set."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def escape(text: str) -> str:
    """Return `text` as HTML text or the content of a quoted attribute."""
    return html.escape(unmarked(text))


class Fragments:
    """Trusted HTML kept aside while the rest is sanitised."""

    def __init__(self) -> None:
        self._kept: list[str] = []

    def keep(self, fragment: str) -> str:
        """Keep `fragment` and return the mark that stands for it."""
        self._kept.append(fragment)
        return f"{_OPEN}{len(self._kept) - 1}{_CLOSE}"

    def finish(self, untrusted: str) -> str:
        """Sanitise `untrusted` and put the fragments in their places."""
        return _MARK.sub(self._fragment, sanitised(untrusted))

    def _fragment(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return self._kept[number] if number < len(self._kept) else ""


def sanitised(untrusted: str) -> str:
    """Reduce HTML to what a rendered lesson is made of (docs/markup.md)."""
    return nh3.clean(
        untrusted,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,  # the renderer sets rel itself, on outside links only
        strip_comments=True,
    )
