"""The calendar of duties: what is due, what it is about, what lasts, what is counted.

    entries(account, properties, from_=..., to=..., now=...)
    detail(account, property, "IT-PS-02", "segment:...", now=..., language="it")
"""

from __future__ import annotations

from locanda.office.duty_detail import Detail, Risk, TooLate, detail
from locanda.office.duty_list import STATES, Entry, entries, overdue
from locanda.office.standing import CHECKS, StandingEntry, counters, standing

__all__ = [
    "CHECKS", "STATES", "Detail", "Entry", "Risk", "StandingEntry", "TooLate", "counters", "detail", "entries", "overdue",
    "standing",
]  # fmt: skip
