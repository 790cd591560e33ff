"""Numbers with units: entries, bounded formulas, one graph over all of them, and how they print.

Plain Python: no Django, no clock, no settings. Everything that can go wrong is a LedgerError,
a sentence that names the thing.
"""

from modules.ledger.changes import ChangeError, as_query, read_changes, write_changes
from modules.ledger.dimensions import Dimension
from modules.ledger.display import in_words, show
from modules.ledger.elasticity import Elasticity, elasticities
from modules.ledger.entries import Entry, Kind, check, defects, is_price, likened, owner, seen
from modules.ledger.formulas import Formula, parse_formula
from modules.ledger.graph import Graph
from modules.ledger.syntax import LedgerError
from modules.ledger.typed import read_typed, read_unit
from modules.ledger.units import Quantity, Unit, in_unit, parse_quantity, parse_unit

__all__ = [
    "ChangeError",
    "Dimension",
    "Elasticity",
    "Entry",
    "Formula",
    "Graph",
    "Kind",
    "LedgerError",
    "Quantity",
    "Unit",
    "as_query",
    "check",
    "defects",
    "elasticities",
    "in_unit",
    "in_words",
    "is_price",
    "likened",
    "owner",
    "parse_formula",
    "parse_quantity",
    "parse_unit",
    "read_changes",
    "read_typed",
    "read_unit",
    "seen",
    "show",
    "write_changes",
]
