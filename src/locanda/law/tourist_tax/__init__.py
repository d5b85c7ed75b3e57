"""The tourist tax (imposta di soggiorno): rules as data, one record per guest and night (spec imposta-di-soggiorno 6, 7).

    Reckoner(chain("072030").tourist_tax(), property).reckon(stays, history)
"""

from __future__ import annotations

from locanda.law.tourist_tax.reckoning import Reckoner
from locanda.law.tourist_tax.rules import TaxVersion, TouristTax
from locanda.law.tourist_tax.validation import read_rules, uncovered
from locanda.law.tourist_tax.values import GuestTax, NightTax, Reckoning, StayTax

__all__ = [
    "GuestTax", "NightTax", "Reckoner", "Reckoning", "StayTax", "TaxVersion", "TouristTax", "read_rules", "uncovered",
]  # fmt: skip
