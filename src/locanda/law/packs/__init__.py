"""Territories as data: which duties, sanctions, offices and numbers hold where and when (spec adempimenti 9).

    chain("110009").obligations(date(2026, 7, 1))

Nothing of pydantic is imported until a file is read.
"""

from __future__ import annotations

from locanda.law.packs.chain import Chain, Override, override_problems
from locanda.law.packs.loading import PackInfo, chain, check_text, check_tree, territory, tree
from locanda.law.packs.reader import Fault, Pack, Territory
from locanda.law.packs.tree import BrokenPack, UnknownTerritory
from locanda.law.packs.values import (
    STATUSES,
    Contact,
    Counter,
    Cure,
    Deadline,
    Delay,
    Instruction,
    Item,
    Keep,
    Note,
    Obligation,
    PaperNeeded,
    Parameter,
    PortalEntry,
    Revocation,
    Sanction,
    Statistics,
    Step,
    Suspended,
    Words,
)

__all__ = [
    "STATUSES", "BrokenPack", "Chain", "Contact", "Counter", "Cure", "Deadline", "Delay", "Fault", "Instruction", "Item", "Keep",
    "Note", "Obligation", "Override", "Pack", "PackInfo", "PaperNeeded", "Parameter", "PortalEntry", "Revocation", "Sanction",
    "Statistics", "Step", "Suspended", "Territory", "UnknownTerritory", "Words", "chain", "check_text", "check_tree",
    "override_problems", "territory", "tree",
]  # fmt: skip
