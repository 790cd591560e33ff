"""YAML as data with line numbers, read strictly and written in one canonical layout.

Every scalar is text: the field it stands in decides what it means, so `no` stays a word and
`1e5` stays what the author wrote. Comments, anchors, aliases and tags are refused, because a
database row could not give them back.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from modules.rendering.limits import FORBIDDEN

WIDTH = 110
FOLD = 90
LIMIT_DEPTH = 12

# Line ends that YAML takes for its own: a text that holds one would come back changed.
_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")


class FileError(ValueError):
    """What is wrong with a file, where: the path, a line counted from 1 (None if none), a sentence."""

    def __init__(self, message: str, path: str = "", line: int | None = None) -> None:
        self.message, self.path, self.line = message, path, line
        super().__init__(message)

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        place = ", ".join(filter(None, [self.path, line]))
        return f"{place}: {self.message}" if place else self.message


class Fields(dict[str, Any]):
    """A mapping that knows on which line each of its keys stands."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def refuse_unknown(self, known: Sequence[str]) -> None:
        for key in self:
            if key not in known:
                raise FileError(f"unknown field {key!r}; known are {', '.join(known)}", line=self.lines[key])

    def text(self, key: str, default: str | None = None) -> str:
        value = self.get(key, default)
        if value is None:
            raise FileError(f"the field {key!r} is missing", line=self.line)
        if not isinstance(value, str):
            raise FileError(f"{key!r} must be text", line=self.lines[key])
        return value

    def number(self, key: str, default: int | None = None) -> int:
        if key not in self and default is not None:
            return default
        try:
            return int(self.text(key))
        except ValueError as exc:
            if isinstance(exc, FileError):
                raise
            raise FileError(f"{key!r} must be a whole number, not {self[key]!r}", line=self.lines[key]) from None

    def texts(self, key: str) -> list[str]:
        value = self.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise FileError(f"{key!r} must be a list of texts", line=self.lines[key])
        return value

    def mappings(self, key: str) -> list[Fields]:
        value = self.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Fields) for item in value):
            raise FileError(f"{key!r} must be a list of mappings", line=self.lines[key])
        return value

    def rows(self, key: str, what: str) -> list[Fields]:
        """Return a list of mappings that each have an `id` of their own."""
        rows, seen = self.mappings(key), set()
        for row in rows:
            if row.text("id") in seen:
                raise FileError(f"the {what} {row['id']!r} is given twice", line=row.lines["id"])
            seen.add(row["id"])
        return rows

    def mapping(self, key: str) -> Fields:
        value = self.get(key, Fields(self.line))
        if not isinstance(value, Fields):
            raise FileError(f"{key!r} must be a mapping of names", line=self.lines[key])
        return value

    def named(self, key: str) -> list[tuple[str, Fields]]:
        """Return the entries of a mapping whose values are mappings themselves."""
        outer = self.mapping(key)
        for name, value in outer.items():
            if not isinstance(value, Fields):
                raise FileError(f"{key}.{name} must be a mapping", line=outer.lines[name])
        return list(outer.items())


def parse(text: str, *, first_line: int = 1) -> Fields:
    """Read one YAML mapping.

    Raises FileError, with the line counted from `first_line`, for YAML that is broken, nested more
    than 12 deep, or holds what a database row could not keep.
    """
    offset = first_line - 1
    try:
        node = _composed(text, offset)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise FileError(
            f"broken YAML: {exc.problem or exc.context}", line=mark.line + 1 + offset if mark else None
        ) from None
    except yaml.YAMLError as exc:
        raise FileError(f"broken YAML: {exc}".splitlines()[0]) from None
    value = _construct(node, offset) if node else None
    if not isinstance(value, Fields):
        raise FileError("a mapping of fields is expected", line=first_line)
    return value


def _composed(text: str, offset: int) -> yaml.Node | None:
    """Return the tree of a YAML text as libyaml reads it, in a tenth of the time; what is wrong PyYAML says itself."""
    for loader in (_FAST, yaml.BaseLoader):
        try:
            _refuse_what_would_be_lost(text, offset, loader)
            node: yaml.Node | None = yaml.compose(text, loader)
            return node
        except (yaml.YAMLError, FileError):
            if loader is yaml.BaseLoader:
                raise
    return None


_FAST = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOT_KEPT = {
    yaml.AnchorToken: "anchors",
    yaml.AliasToken: "aliases",
    yaml.TagToken: "tags",
    yaml.DirectiveToken: "directives",
}
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


def _refuse_what_would_be_lost(text: str, offset: int, loader: type[Any]) -> None:
    end = depth = 0
    for token in yaml.scan(text, loader):
        line = token.start_mark.line + 1 + offset
        if type(token) in _NOT_KEPT:
            raise FileError(f"YAML {_NOT_KEPT[type(token)]} are not kept; write the value out", line=line)
        _refuse_comment(text, end, token.start_mark.index, offset)
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > LIMIT_DEPTH:
            raise FileError("nested too deep", line=line)
        end = max(end, token.end_mark.index)
    _refuse_comment(text, end, len(text), offset)


def _refuse_comment(text: str, start: int, end: int, offset: int) -> None:
    """Refuse a hash between two tokens: inside one it is text."""
    place = text.find("#", start, end)
    if place >= 0:
        line = text.count("\n", 0, place) + 1 + offset
        raise FileError("YAML comments are not kept; use a `note` field", line=line)


def _construct(node: yaml.Node, offset: int) -> Any:
    if isinstance(node, yaml.ScalarNode):
        _refuse_characters(node.value, node.start_mark.line + 1 + offset)
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, offset) for child in node.value]
    fields = Fields(node.start_mark.line + 1 + offset)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1 + offset
        if not isinstance(key_node, yaml.ScalarNode):
            raise FileError("a field's name must be text", line=line)
        _refuse_characters(key_node.value, line)
        if key_node.value in fields:
            raise FileError(f"{key_node.value!r} is given twice", line=line)
        fields[key_node.value] = _construct(value_node, offset)
        fields.lines[key_node.value] = line
    return fields


def _refuse_characters(text: str, line: int | None = None) -> None:
    if found := FORBIDDEN.search(text) or _LINE_ENDS.search(text):
        raise FileError(f"a text holds the character U+{ord(found[0]):04X}", line=line)


class _Dumper(
    yaml.emitter.Emitter, yaml.serializer.Serializer, yaml.representer.BaseRepresenter, yaml.resolver.BaseResolver
):
    """Emits text without guessing types, so that what is plain stays plain."""

    def __init__(self, stream: Any) -> None:
        yaml.emitter.Emitter.__init__(self, stream, width=WIDTH, allow_unicode=True, line_break="\n")
        yaml.serializer.Serializer.__init__(self)
        yaml.representer.BaseRepresenter.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _node(value: Any) -> yaml.Node:
    if isinstance(value, Mapping):
        pairs = [(_node(key), _node(item)) for key, item in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=_fits_a_line(value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return yaml.SequenceNode(
            "tag:yaml.org,2002:seq", [_node(item) for item in value], flow_style=_fits_a_line(value)
        )
    text = str(value).replace("\r\n", "\n")  # as browsers send it
    _refuse_characters(text)
    style = "|" if "\n" in text else ">" if len(text) > FOLD else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


def _fits_a_line(value: Any) -> bool:
    items = list(value.items()) if isinstance(value, Mapping) else [("", item) for item in value]
    if not items or any(not isinstance(item, str) or "\n" in item for _, item in items):
        return not items
    return sum(len(key) + len(item) + 4 for key, item in items) <= FOLD


def emit(data: Mapping[str, Any]) -> str:
    """Write nested mappings, lists and texts in the canonical layout, ending in a newline.

    Entries that are empty (`""`, `[]`, `{}`, None) are left out of every mapping. Raises FileError for a
    character that no file could give back.
    """
    stream = io.StringIO()
    dumper = _Dumper(stream)
    dumper.open()
    pairs = [(_node(key), _node(value)) for key, value in _prune(data).items()]
    dumper.serialize(yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False))
    dumper.close()
    return stream.getvalue()


def _prune(value: Any) -> Any:
    if isinstance(value, Mapping):
        pruned = {key: _prune(item) for key, item in value.items()}
        return {key: item for key, item in pruned.items() if item not in ("", [], {})}
    if isinstance(value, list | tuple):
        return [_prune(item) for item in value]
    return "" if value is None else str(value)
