"""Markdown to a lesson's page and to raw Markdown, from one parse; and what is wrong with the text.

Plain Python: no Django, no clock, no settings. Nothing here raises on what an author wrote; what is
wrong comes back as problems, and the caller refuses to save.
"""

from modules.ledger import Quantity
from modules.rendering.apart import PhaseHtml, exam
from modules.rendering.bibliography import short_name, short_names
from modules.rendering.defence import formula_parts
from modules.rendering.document import Document, RunBlock, file_anchor
from modules.rendering.drafts import Draft
from modules.rendering.lessons import render
from modules.rendering.material import (
    Apart,
    Asked,
    Citation,
    Exam,
    Failure,
    Lesson,
    LessonRef,
    Material,
    Number,
    Passage,
    Phase,
    Question,
    Rendered,
    Source,
    TocEntry,
    Uses,
)
from modules.rendering.numerals import Numerals, classify, numerals
from modules.rendering.orders import PlotOrder
from modules.rendering.parsing import parse
from modules.rendering.plot import Plot, Series, plot
from modules.rendering.problems import Problem
from modules.rendering.references import References, slug
from modules.rendering.svg import SvgError, clean_svg, svg_description
from modules.rendering.texts import Texts
from modules.rendering.version import VERSION

__all__ = [
    "VERSION",
    "Apart",
    "Asked",
    "Citation",
    "Document",
    "Draft",
    "Exam",
    "Failure",
    "Lesson",
    "LessonRef",
    "Material",
    "Number",
    "Numerals",
    "Passage",
    "Phase",
    "PhaseHtml",
    "Plot",
    "PlotOrder",
    "Problem",
    "Quantity",
    "Question",
    "References",
    "Rendered",
    "RunBlock",
    "Series",
    "Source",
    "SvgError",
    "Texts",
    "TocEntry",
    "Uses",
    "classify",
    "clean_svg",
    "exam",
    "file_anchor",
    "formula_parts",
    "numerals",
    "parse",
    "plot",
    "render",
    "short_name",
    "short_names",
    "slug",
    "svg_description",
]
