"""The tourist tax (imposta di soggiorno): rules as data, one record per guest and night (spec imposta-di-soggiorno 6, 7).

    Reckoner(chain("072030").tourist_tax(), property).reckon(stays, history)
"""

from __future__ import annotations

from locanda.law.tourist_tax.asked import FactsAsked, facts_asked
from locanda.law.tourist_tax.notice import TaxNotice, notice
from locanda.law.tourist_tax.own_rules import OwnRule, tax_under_own_rules, under_own_rules
from locanda.law.tourist_tax.pack_text import pack_text, read_pack_text
from locanda.law.tourist_tax.reckoning import Reckoner
from locanda.law.tourist_tax.rules import TaxVersion, TouristTax
from locanda.law.tourist_tax.validation import read_rules, uncovered
from locanda.law.tourist_tax.values import GuestTax, NightTax, Reckoning, StayTax
from locanda.law.tourist_tax.words import ExplainedNights, Reason, explained, reason, reason_of

__all__ = [
    "ExplainedNights",
    "FactsAsked",
    "GuestTax",
    "NightTax",
    "OwnRule",
    "Reason",
    "Reckoner",
    "Reckoning",
    "StayTax",
    "TaxNotice",
    "TaxVersion",
    "TouristTax",
    "explained",
    "facts_asked",
    "notice",
    "pack_text",
    "read_pack_text",
    "read_rules",
    "reason",
    "reason_of",
    "tax_under_own_rules",
    "uncovered",
    "under_own_rules",
]  # fmt: skip
