"""Highlighted code: Pygments' classes, no inline styles."""

from functools import lru_cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

MAX_HIGHLIGHTED = 20_000  # characters; past it code is printed without colours

# A short list, so that a slip in a language's name is noticed and no lexer nobody needs ever runs.
LANGUAGES = (
    *("bash", "c", "console", "cpp", "cuda", "diff", "django", "docker", "go", "html", "http", "ini", "java"),
    *(
        "javascript",
        "json",
        "makefile",
        "nginx",
        "python",
        "pycon",
        "rust",
        "sql",
        "text",
        "toml",
        "typescript",
        "yaml",
    ),
)

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def highlighted(code: str, language: str) -> str:
    """Return `code` as escaped HTML with a span around each token."""
    name = language if len(code) <= MAX_HIGHLIGHTED and language in LANGUAGES else "text"
    return highlight(code, _lexer(name), _FORMATTER)


@lru_cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False)
