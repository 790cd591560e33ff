from .history import LoadedFile, NumberChange, Revision
from .lesson import Explorer, Figure, Module, Part, Passage, Question, Term, heavy
from .numbers import Group, Quantity, Source
from .people import Company, Focus

__all__ = [
    "Company",
    "Explorer",
    "Figure",
    "Focus",
    "Group",
    "LoadedFile",
    "Module",
    "NumberChange",
    "Part",
    "Passage",
    "Quantity",
    "Question",
    "Revision",
    "Source",
    "Term",
    "heavy",
]
