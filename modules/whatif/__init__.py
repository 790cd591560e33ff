"""What-if links: a lesson, its Markdown and its numbers as they would be if some numbers had other values."""

from .asking import asked, what_ifs
from .lessons import SupposedLesson, suppose_lesson
from .supposed import Change, Supposed, WhatIfError, suppose

__all__ = [
    "Change",
    "Supposed",
    "SupposedLesson",
    "WhatIfError",
    "asked",
    "suppose",
    "suppose_lesson",
    "what_ifs",
]
