"""When something about a duty last changed, from the history: marked, changed, taken back, another rule, another fact.

A calendar program takes a newer version of what it has only when its stamp is newer; so the stamp never goes back, not even when
a mark is taken away, or when it says that the thing was done long ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, Event
from locanda.office.duty_list import Entry

__all__ = ["Changes", "last_changes"]

_OF_DUTIES = ("duty.done", "duty.changed", "duty.undone")
_OF_PROPERTIES = (
    "duty.before", "duty.before_undone", "rule.changed", "rule.restored", "event.recorded", "event.withdrawn",
    "property.changed", "property.closed", "property.reopened",
)  # fmt: skip


class Changes(NamedTuple):
    """The last change of each duty, of each property, and of the account (a rule for all of them)."""

    last: Mapping[tuple[str, str, str], datetime]

    def of(self, entry: Entry) -> datetime:
        """Never before the property came here."""
        where = f"property:{entry.property.pk}"
        told = [self.last.get(key) for key in ((where, entry.obligation, entry.subject), (where, "", ""), ("account", "", ""))]
        return max(at for at in (entry.property.created_at, entry.done_at if entry.from_ledger else None, *told) if at)


def last_changes(account: Account | UUID) -> Changes:
    """All of an account, in one question."""
    rows = Event.objects.of(account).filter(kind__in=[*_OF_DUTIES, *_OF_PROPERTIES]).order_by("number")
    last: dict[tuple[str, str, str], datetime] = {}
    for at, kind, subject, data in rows.values_list("at", "kind", "subject", "data"):
        duty = (data.get("obligation", ""), data.get("subject", "")) if kind in _OF_DUTIES else ("", "")
        last[subject, *duty] = at
    return Changes(last)
