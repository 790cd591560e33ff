"""Inline tokens as the plain words a reader sees, numbers printed: for contents, labels and search."""

from collections.abc import Sequence

from markdown_it.token import Token

from modules.rendering.references import References


def spoken(tokens: Sequence[Token] | None, references: References, *, maths: bool = True) -> str:
    """Return the text of inline tokens; formulas as TeX, or left out with `maths=False`."""
    pieces = []
    for token in tokens or ():
        if token.type in ("text", "code_inline", "malformed"):
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif token.type == "number":
            printed = references.printed(token.meta["name"], token.meta["unit"], token.meta["digits"])
            pieces.append(printed or token.content)
        elif token.type == "citation":
            names = (references.source_names.get(key, key) for key, _ in token.meta["items"])
            pieces.append(f"({'; '.join(names)})")
        elif token.type == "math_inline" and maths:
            pieces.append(token.content)
        elif token.type == "image":
            pieces.append(spoken(token.children, references, maths=maths))
    return " ".join("".join(pieces).split())
