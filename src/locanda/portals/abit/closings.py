"""Closing days told in advance, and how far they are from the ninety a year (L.R. Lombardia 27/2015; spec flussi-turistici 8).

A B&B not run as a business tells each closing at the latest on the day before it begins (art. 29 c. 2); a holiday home not run
as a business tells them by the end of the year (art. 26 c. 2 b). Both must close on at least ninety days a year. The duties
themselves, with their ids, stand in the territory file; here is by when to type which days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from locanda.core.stays import Property
from locanda.law.statistics import LEAST_CLOSED, Closing

__all__ = ["LEAST", "rule_for", "tell_by"]

LEAST = LEAST_CLOSED
_DAY = timedelta(days=1)
_RULES: Mapping[str, str] = {"bb": "LO-BB-01", "cav": "LO-CAV-01"}


def rule_for(home: Property) -> str | None:
    """The duty that asks for closing days of this property; None where none does."""
    return None if home.business else _RULES.get(home.type)


def tell_by(closing: Closing, rule: str | None) -> date | None:
    """The last day on which a closing may still be told in advance; None where no duty asks for it."""
    if rule == "LO-BB-01":
        return closing.first - _DAY
    return date(closing.first.year, 12, 31) if rule == "LO-CAV-01" else None
