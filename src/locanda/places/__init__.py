"""Cellar: comuni and states through time, with the codes the police portal uses (spec alloggiati-web 3).

Pure data and look-up: nothing is read from a network, a database or a clock; the day is always an argument.
"""

from locanda.places.builtin import builtin
from locanda.places.csv_tables import NotATable, Parsed, from_download, from_portal, parse
from locanda.places.tables import Tables, difference
from locanda.places.values import ITALY, BadLine, Change, Comune, FormerState, Place, State, Unresolved

__all__ = [
    "ITALY", "BadLine", "Change", "Comune", "FormerState", "NotATable", "Parsed", "Place", "State", "Tables", "Unresolved",
    "builtin", "difference", "from_download", "from_portal", "parse",
]  # fmt: skip
