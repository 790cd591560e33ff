"""Lines of text to HTML: what stands inside a paragraph, a heading or a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from markdown_it.tree import SyntaxTreeNode as Node

from modules.rendering.defence import dated, how_in_words
from modules.rendering.markup import Fragments, escape
from modules.rendering.material import Citation, Number
from modules.rendering.references import References, slug
from modules.rendering.spoken import spoken
from modules.rendering.tex import TexError, mathml

LINES = (
    "inline text softbreak hardbreak strong em code_inline math_inline number citation span link footnote_ref"
    " footnote_anchor"
)

_OPENING = re.compile(r"(?:(?<=\s)[(\[“‘\"']+|[(\[“‘]+)$")
_CLOSING = re.compile(r"[^\w\s(\[“‘]+|\w+")


class Lines:
    """Writes the nodes of a line, and keeps count of what is cited and noted on the way.

    `HANDLED` names the kinds of nodes that have a method; those of blocks are added by `Page`.
    """

    HANDLED = frozenset(LINES.split())

    def __init__(self, references: References) -> None:
        self.references = references
        self.fragments = Fragments()
        self.citations: list[Citation] = []
        self.cited: dict[str, int] = {}  # how often each source was cited so far
        self.backlinks: dict[str, dict[tuple[str, str], str]] = {}  # source: (heading, locator): first cite id
        self.place = ("", "")  # anchor and title of what is being written
        self.notes: dict[int, Node] = {}
        self.shown: set[int] = set()  # the footnotes that already stand in the text

    def blocks(self, nodes: Iterable[Node]) -> str:
        return "".join(self.node(node) for node in nodes)

    def node(self, node: Node) -> str:
        write: Callable[[Node], str] = getattr(self, node.type) if node.type in self.HANDLED else self.unknown
        return write(node)

    def unknown(self, node: Node) -> str:
        """Write what has no form of its own (an unknown container, a picture out of place) as what is in it."""
        return self.blocks(node.children) or escape(node.content)

    def words(self, node: Node) -> str:
        """Return a line, or an element in one, as plain text."""
        tokens = node.to_tokens()
        return spoken(tokens[0].children if node.type == "inline" else tokens, self.references)

    def formula(self, tex: str, *, display: bool) -> str:
        try:
            return self.fragments.keep(mathml(tex, display=display))
        except TexError:
            return f"<code>{escape(tex)}</code>"

    def inline(self, node: Node) -> str:
        return self.blocks(node.children)

    def text(self, node: Node) -> str:
        text = node.content
        if _is_formula(node.next_sibling):
            text = text.removesuffix(_opening(node))
        if _is_formula(node.previous_sibling):
            text = text.removeprefix(_closing(node))
        return escape(text)

    def softbreak(self, node: Node) -> str:
        return "\n"

    def hardbreak(self, node: Node) -> str:
        return "<br>\n"

    def strong(self, node: Node) -> str:
        return f"<strong>{self.blocks(node.children)}</strong>"

    def em(self, node: Node) -> str:
        return f"<em>{self.blocks(node.children)}</em>"

    def code_inline(self, node: Node) -> str:
        return f"<code>{escape(node.content)}</code>"

    def math_inline(self, node: Node) -> str:
        """Write a formula with the signs that belong to it: a browser breaks the line on either side of one."""
        formula = self.formula(node.content, display=False)
        before, after = _opening(node.previous_sibling), _closing(node.next_sibling)
        if not before and not after:
            return formula
        return f'<span class="tied">{escape(before)}{formula}{escape(after)}</span>'

    def number(self, node: Node) -> str:
        number = self.references.number(node.meta["name"])
        if number is None:
            return escape(node.content)
        return self.print(number, node.meta["name"], node.meta["unit"], node.meta["digits"])

    def print(self, number: Number, name: str, unit: str, digits: int | None) -> str:
        text = self.references.printed(name, unit, digits)
        if text is None:
            return escape(f"[={name}]")
        title = f"{number.label}: {how_in_words(number, self.references)}"
        changed = ""
        if was := self.references.was(number, unit, digits):
            title, changed = f"{title}; as written {was}", " is-changed"
        classes = f"number number-{escape(number.kind)}{changed}{dated(number)}"
        return (
            f'<a class="{classes}" href="#{self.references.anchor(number)}" title="{escape(title)}">{escape(text)}</a>'
        )

    def citation(self, node: Node) -> str:
        return f'<span class="citation">({"; ".join(self.cite(*item) for item in node.meta["items"])})</span>'

    def cite(self, key: str, locator: str) -> str:
        """Write one citation and note the place, for the list of sources."""
        name = self.references.source_names.get(key)
        if name is None:
            return escape(f"@{key}")
        self.cited[key] = self.cited.get(key, 0) + 1
        id_ = f"cite-{key}-{self.cited[key]}"
        self.backlinks.setdefault(key, {}).setdefault((self.place[1], locator), id_)
        self.citations.append(Citation(key, *self.place, locator))
        link = f'<a class="cite" id="{escape(id_)}" href="#source-{escape(key)}">{escape(name)}</a>'
        return f"{link}, {escape(locator)}" if locator else link

    def span(self, node: Node) -> str:
        content = self.blocks(node.children)
        if node.attrs.get("class") == "toy":
            return f'<span class="toy">{content}</span>'
        term = self.references.term(self.words(node)) if node.attrs.get("class") == "term" else None
        if term is None:
            return content
        return f'<dfn class="term"><a href="/glossary/#term-{slug(term)}">{content}</a></dfn>'

    def link(self, node: Node) -> str:
        link = self.references.link(str(node.attrs.get("href", "")))
        content = self.blocks(node.children)
        if link is None or not link.page:
            return content
        kind = ' class="lesson"' if link.lesson else ""
        rel = ' rel="noopener"' if link.is_outside else ""
        title = f' title="{escape(str(node.attrs["title"]))}"' if "title" in node.attrs else ""
        return f'<a{kind} href="{escape(link.page)}"{rel}{title}>{content}</a>'

    def footnote_ref(self, node: Node) -> str:
        id_ = int(node.meta["id"])
        note, n = self.notes.get(id_), id_ + 1
        if note is None or id_ in self.shown:
            return f'<a class="note-ref" href="#note-{n}" aria-label="Note {n}"><sup>{n}</sup></a>'
        self.shown.add(id_)
        paragraphs = [self.blocks(child.children) for child in note.children if child.type == "paragraph"]
        return (
            f'<a class="note-ref" id="noteref-{n}" href="#note-{n}" aria-label="Note {n}"><sup>{n}</sup></a>'
            f'<span class="sidenote" id="note-{n}" role="note"><span class="sidenote-number">{n}</span> '
            f"{'<br>'.join(paragraphs)}</span>"
        )

    def footnote_anchor(self, node: Node) -> str:
        return ""


def _is_formula(node: Node | None) -> bool:
    return node is not None and node.type == "math_inline"


def _opening(node: Node | None) -> str:
    """Return the brackets and quotes that a text ends in."""
    found = _OPENING.search(node.content) if node is not None and node.type == "text" else None
    return found[0] if found else ""


def _closing(node: Node | None) -> str:
    """Return the signs, or the rest of a word, that a text begins with."""
    found = _CLOSING.match(node.content) if node is not None and node.type == "text" else None
    return found[0] if found else ""
