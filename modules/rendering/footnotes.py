"""Footnotes are read by the plugin, which forgets notes nobody calls and the first of two alike."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore


def footnote_rule(state: StateCore) -> None:
    """Complain about notes that the plugin is about to drop."""
    complaints = state.env.setdefault("complaints", [])
    calls = state.env.get("footnotes", {}).get("refs", {})
    lines: dict[str, int] = {}
    for token in state.tokens:
        if token.type != "footnote_reference_open" or not token.map:
            continue
        label, line = token.meta["label"], token.map[0] + 1
        first = lines.setdefault(label, line)
        if first != line:
            complaints.append((f"the footnote '[^{label}]' is already written on line {first}", line))
        elif calls.get(f":{label}", -1) < 0:
            complaints.append((f"the footnote '[^{label}]' is called nowhere", line))


def footnote_check_plugin(md: MarkdownIt) -> None:
    md.core.ruler.before("footnote_tail", "footnote_check", footnote_rule)
