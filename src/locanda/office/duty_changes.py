"""When something about a duty last changed, from the history: marked, changed, taken back, another rule, another fact.

A calendar program takes a newer version of what it has only when its stamp is newer; so the stamp never goes back, not even when
a mark is taken away, or when it says that the thing was done long ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from locanda.archive.models import Account, Event, Property
from locanda.office.duty_list import Entry

__all__ = ["Changes", "last_changes"]

_OF_DUTIES = ("duty.done", "duty.changed", "duty.undone")
_OF_PROPERTIES = (
    "duty.before", "duty.before_undone", "rule.changed", "rule.restored", "event.recorded", "event.withdrawn",
    "property.changed", "property.closed", "property.reopened",
)  # fmt: skip


class Changes:
    """The last change of each duty, of each property, and of the account (a rule for all of them)."""

    def __init__(self, last: Mapping[tuple[str, str, str], datetime]) -> None:
        self._last = last
        self._known: dict[UUID, datetime] = {}

    def of(self, entry: Entry) -> datetime:
        """Never before the property came here."""
        row = entry.property
        told = [self._known.get(row.pk) or self._of_property(row), entry.done_at if entry.from_ledger else None]
        if self._last:
            told.append(self._last.get((f"property:{row.pk}", entry.obligation, entry.subject)))
        return max(at for at in told if at)

    def _of_property(self, row: Property) -> datetime:
        told = (row.created_at, self._last.get((f"property:{row.pk}", "", "")), self._last.get(("account", "", "")))
        found = self._known[row.pk] = max(at for at in told if at)
        return found


def last_changes(account: Account | UUID) -> Changes:
    """All of an account, in one question."""
    rows = Event.objects.of(account).filter(kind__in=[*_OF_DUTIES, *_OF_PROPERTIES]).order_by("number")
    last: dict[tuple[str, str, str], datetime] = {}
    for at, kind, subject, data in rows.values_list("at", "kind", "subject", "data"):
        duty = (data.get("obligation", ""), data.get("subject", "")) if kind in _OF_DUTIES else ("", "")
        last[subject, *duty] = at
    return Changes(last)
