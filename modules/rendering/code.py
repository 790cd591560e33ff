"""Highlighted code: Pygments' classes, no inline styles."""

from functools import lru_cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

# Lexers take quadratic time on text made for it: 5,000 characters cost the slowest of these 0.2 s.
MAX_BLOCK = 5_000
MAX_LESSON = 30_000  # characters; past either, code is printed without colours
HIGHLIGHTED = ("bash", "diff", "html", "http", "ini", "json", "pycon", "python", "rust", "sql", "toml", "yaml")
# A short list, so that a slip in a language's name is noticed. Those not above print without colours:
# their lexers are twenty times slower on hostile text.
LANGUAGES = (*HIGHLIGHTED, "c", "console", "cpp", "cuda", "docker", "go", "java", "javascript", "makefile", "text")

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def is_highlighted(code: str, language: str, before: int) -> bool:
    """Whether to colour `code`, after `before` characters of the lesson were coloured."""
    return language in HIGHLIGHTED and len(code) <= MAX_BLOCK and before + len(code) <= MAX_LESSON


@lru_cache(maxsize=512)
def highlighted(code: str, language: str) -> str:
    """Return `code` as escaped HTML with a span around each token."""
    return highlight(code, _lexer(language), _FORMATTER)


@lru_cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False)
