"""Questions about the ledger: what a reader is asked, how an answer is read, and what went wrong in it.

Plain Python over `modules.ledger`, but for `words`, which puts it into sentences.
"""

from .answers import read
from .draws import Drill, draw
from .problems import Problem
from .slips import Diagnosis, Grade, Slip, SlipKind, diagnose

__all__ = ["Diagnosis", "Drill", "Grade", "Problem", "Slip", "SlipKind", "diagnose", "draw", "read"]
