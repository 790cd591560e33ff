from .history import CodeRun, LoadedFile, NumberChange, Revision
from .lesson import Explorer, Figure, Module, Part, Passage, Question, Term, heavy
from .numbers import Group, Quantity, Source
from .people import Company, Focus
from .programs import ProgramFile
from .reports import Report
from .reviews import Exam, FailureMode, Phase

__all__ = [
    "CodeRun",
    "Company",
    "Exam",
    "Explorer",
    "FailureMode",
    "Figure",
    "Focus",
    "Group",
    "LoadedFile",
    "Module",
    "NumberChange",
    "Part",
    "Passage",
    "Phase",
    "ProgramFile",
    "Quantity",
    "Question",
    "Report",
    "Revision",
    "Source",
    "Term",
    "heavy",
]
