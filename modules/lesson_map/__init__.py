"""The map of the lessons: what each needs, drawn and as a list."""

from .drawing import Drawing, Entry, draw, entries
from .layout import Layout, Node, layout

__all__ = ["Drawing", "Entry", "Layout", "Node", "draw", "entries", "layout"]
