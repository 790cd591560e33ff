"""The referee: what a text states as numbers, held against the ledger. Plain Python, and no model is asked.

`referee(text, content)` returns a Finding for each quantity it can read: it agrees, contradicts, or is unknown.
How it decides, and why it rather says nothing: docs/decisions/0030-referee.md.
"""

from modules.referee.facts import Known, Owner
from modules.referee.findings import MAX_TEXT, Finding, TooLongError, Verdict, referee

__all__ = ["MAX_TEXT", "Finding", "Known", "Owner", "TooLongError", "Verdict", "referee"]
