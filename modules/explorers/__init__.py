"""What-ifs: an explorer's inputs, outputs and plot, with the author's defaults or a reader's values."""

from .inputs import ExplorerError, Input, entry_id
from .live import Ground, Live
from .view import View, drawn

__all__ = ["ExplorerError", "Ground", "Input", "Live", "View", "drawn", "entry_id"]
