"""Tokens to plain text, for titles, search and word counts."""

from collections.abc import Sequence

from markdown_it.token import Token


def plain(tokens: Sequence[Token] | None) -> str:
    """Return the words of inline tokens without markup; maths, numbers and citations are left out."""
    pieces = []
    for token in tokens or ():
        if token.type in ("text", "code_inline", "malformed"):
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif token.type == "image":
            pieces.append(plain(token.children))
    return " ".join("".join(pieces).split())
