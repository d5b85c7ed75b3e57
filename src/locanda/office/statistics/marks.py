"""What became of each day at its portal, in one word a page can show (spec flussi-turistici 3).

Read from what the deliveries remember of the days: nothing is said to be there that the portal did not take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, FlowSending, PortalDay, Property
from locanda.delivery.machine import State

__all__ = ["DONE", "MARKS", "NO_MARK", "DayMark", "day_sendings", "marks"]

MARKS = ("none", "ready", "going", "handed", "doubt", "rejected", "changed", "accepted", "corrected")
DONE = frozenset({"accepted", "corrected"})
"""The portal has the day as it is."""
_OF_STATE = {
    State.READY: "ready", State.POSTPONED: "going", State.SENDING: "going", State.IN_DOUBT: "doubt",
    State.HANDED_OVER: "handed", State.BY_HAND: "handed", State.REJECTED: "rejected", State.REFUSED: "rejected",
    State.PARTLY_ACCEPTED: "doubt", State.ACCEPTED: "accepted", State.CONFIRMED: "accepted",
}  # fmt: skip
_CHUNK = 400


class DayMark(NamedTuple):
    """A day at its portal: a word of :data:`MARKS`, and the last sending that carried it."""

    state: str
    sending: UUID | None = None


NO_MARK = DayMark("none")


def marks(
    account: Account | UUID, portals: Mapping[UUID, str], first: date, last: date
) -> dict[UUID, dict[date, DayMark]]:
    """The marks of the days of some properties; ``portals`` says to which portal each answers."""
    found: dict[UUID, dict[date, DayMark]] = defaultdict(dict)
    keys = list(portals)
    for start in range(0, len(keys), _CHUNK):
        rows = PortalDay.objects.of(account).filter(property__in=keys[start : start + _CHUNK], day__range=(first, last))
        columns = ("property_id", "portal", "day", "state", "held", "corrected", "sending_id")
        for where, portal, day, state, held, corrected, sending in rows.values_list(*columns):
            if portal == portals[where]:
                found[where][day] = DayMark(_word(state, held=held, corrected=corrected), sending)
    return found


def _word(state: str, *, held: bool, corrected: bool) -> str:
    told = _OF_STATE.get(State(state), "accepted" if held else "none")
    return "corrected" if told == "accepted" and corrected else told


def day_sendings(property: Property, day: date) -> list[FlowSending]:
    """Everything that was made for a day, the newest first."""
    rows = FlowSending.objects.of(property.account_id).filter(property=property, first__lte=day, last__gte=day)
    wanted = day.isoformat()
    listed = rows.select_related("created_by", "confirmed_by").defer("sealed_file", "sealed_outcomes", "sealed_proof")
    return [row for row in listed.order_by("-created_at", "-position") if any(one.get("day") == wanted for one in row.marks)]
