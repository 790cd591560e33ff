"""Containers: `::: name arguments title` to `:::`.

One rule reads all of them, so that an unknown name is an error and not a paragraph. The title
becomes an inline token of its own (`container_title_open`, `inline`, `container_title_close`),
so numbers and citations in a caption are found like any others.
"""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.utils import is_code_block

ANCHOR = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
VERDICTS = {"holds": "Holds", "needs-context": "Needs context", "wrong": "Wrong"}

PATTERNS = {
    "anchor": re.compile(ANCHOR),
    "id": re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*"),
    "file": re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\.(?:svg|png|webp)"),
    "verdict": re.compile("|".join(VERDICTS)),
}


@dataclass(frozen=True)
class Grammar:
    """The arguments a container takes, in order, and whether a title follows them."""

    arguments: tuple[str, ...] = ()
    titled: bool = True
    empty: bool = False  # an empty container is opened and closed; the page fills it
    ordered: bool = False  # its first line is no text but an order, in backquotes, kept as `meta["order"]`


CONTAINERS = {
    "derivation": Grammar(("anchor",)),
    "figure": Grammar(("file",)),
    "plot": Grammar(("anchor",), ordered=True),
    "table": Grammar(("anchor",)),
    "claim": Grammar(("verdict",)),
    "pitfall": Grammar(),
    "example": Grammar(),
    "note": Grammar(),
    "explorer": Grammar(("id",), titled=False, empty=True),
    "check": Grammar(("id",), titled=False, empty=True),
    "questions": Grammar(titled=False, empty=True),
    "failures": Grammar(titled=False, empty=True),
    "template": Grammar(("anchor",)),
}

FENCE = re.compile(r"(:{3,})[ \t]*(.*?)[ \t]*$")


def read_arguments(name: str, rest: str) -> tuple[list[str], str, str | None]:
    """Split what follows a container's name into arguments, title and, if any, a complaint."""
    grammar = CONTAINERS.get(name)
    if grammar is None:
        return [], rest, f"unknown container '{name}'; there are {', '.join(sorted(CONTAINERS))}"
    words = rest.split(maxsplit=len(grammar.arguments))
    arguments = words[: len(grammar.arguments)]
    title = words[len(arguments)] if len(words) > len(arguments) else ""
    usage = " ".join([":::", name, *(a.upper() for a in grammar.arguments), *(["Title"] if grammar.titled else [])])
    for kind, word in zip(grammar.arguments, [*arguments, *[""] * len(grammar.arguments)], strict=False):
        if not word:
            return arguments, title, f"{name} needs its {kind}: {usage}"
        if not PATTERNS[kind].fullmatch(word):
            if kind == "verdict":
                return arguments, title, f"unknown claim verdict '{word}'; there are {', '.join(VERDICTS)}"
            return arguments, title, f"'{word}' is not a {kind}: {usage}"
    if grammar.titled and not title:
        return arguments, title, f"{name} needs a title: {usage}"
    if title and not grammar.titled:
        return arguments, title, f"{name} takes no title: {usage}"
    return arguments, title, None


def container_plugin(md: MarkdownIt) -> None:
    """Teach the parser containers; complaints go to `env["complaints"]` as (message, line)."""

    def rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        opening = _fence(state, start_line)
        if opening is None:
            return False
        if silent:
            return True
        colons, text = opening
        complaints = state.env.setdefault("complaints", [])
        if not text:
            complaints.append(("this ':::' closes nothing", start_line + 1))
            state.line = start_line + 1
            return True
        name, _, rest = text.partition(" ")
        arguments, title, complaint = read_arguments(name, rest)
        if complaint:
            complaints.append((complaint, start_line + 1))
        last, closed = _closing(state, start_line, end_line, len(colons))
        if not closed:
            complaints.append((f"unclosed container '{name}': no '{colons}' ends it", start_line + 1))
        _push(state, name if name in CONTAINERS else "unknown", arguments, title, colons, start_line, last)
        state.line = last + closed
        return True

    interrupts = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", "container", rule, {"alt": interrupts})


def _fence(state: StateBlock, line: int) -> tuple[str, str] | None:
    """Return the colons and the text after them when `line` is a container fence."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(":::", start) or is_code_block(state, line):
        return None
    found = FENCE.match(state.src[start : state.eMarks[line]])
    return (found[1], found[2]) if found else None


def _closing(state: StateBlock, start_line: int, end_line: int, length: int) -> tuple[int, bool]:
    """Find the line that ends the container: bare colons, as many as it was opened with or more."""
    for line in range(start_line + 1, end_line):
        start = state.bMarks[line] + state.tShift[line]
        if start < state.eMarks[line] and state.sCount[line] < state.blkIndent:
            return line, False  # the list or quote around it ends here
        fence = _fence(state, line)
        if fence and not fence[1] and len(fence[0]) >= length:
            return line, True
    return end_line, False


def _push(
    state: StateBlock, name: str, arguments: list[str], title: str, colons: str, start_line: int, last: int
) -> None:
    parent, line_max = state.parentType, state.lineMax
    state.parentType = "container"
    state.lineMax = last  # so that no lazy continuation runs past the end
    opened = state.push(f"container_{name}_open", "div", 1)
    opened.meta = {"args": arguments, "title": title}
    start_content = start_line + 1
    if name in CONTAINERS and CONTAINERS[name].ordered and start_content < last:
        opened.meta["order"] = state.getLines(start_content, start_content + 1, state.blkIndent, False).strip()
        start_content += 1
    opened.markup, opened.block, opened.map = colons, True, [start_line, last]
    if title:
        state.push("container_title_open", "p", 1).map = [start_line, start_line + 1]
        text = state.push("inline", "", 0)
        text.content, text.children, text.map = title, [], [start_line, start_line + 1]
        state.push("container_title_close", "p", -1)
    state.md.block.tokenize(state, start_content, last)
    closed = state.push(f"container_{name}_close", "div", -1)
    closed.markup, closed.block = colons, True
    state.parentType, state.lineMax = parent, line_max
