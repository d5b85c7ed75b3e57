"""Every table for typing by hand, from one movement (spec flussi-turistici 11): as pages, as CSV, as a workbook.

    moved = movement(home, stays, days, first, last, uses=USES).movement
    tables = tables_of(moved)
    to_csv(tables["calendar"]); to_xlsx(tables.values())

The movement may be of a day, a month, a year or the days still missing. What its tables hold of guests is what was read of them:
ask for :data:`USES`, so that whatever is known is there and nothing stops for what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from locanda.law.statistics import FACTS, Closing, Movement
from locanda.places import Tables
from locanda.portals.figure_tables import calendar, closures, daily, months, residences
from locanda.portals.guest_tables import guest_list
from locanda.portals.ross1000.simplified import simplified_entry
from locanda.portals.spot.entry import spot_entry
from locanda.sheets import Table

__all__ = ["TABLES", "USES", "for_typing", "tables_of"]

TABLES = ("calendar", "daily", "ross1000_simple", "guests", "spot", "months", "residences", "closures")
"""The keys, in the order of the spec."""
USES = frozenset(FACTS)
"""What to ask of each guest, as ``uses`` of a movement."""


def tables_of(
    moved: Movement, *, language: str = "it", places: Tables | None = None, closing_days: int | None = None,
    closed: Collection[date] | None = None, tell_by: Callable[[Closing], date | None] | None = None,
) -> Mapping[str, Table]:  # fmt: skip
    """All tables by their keys. ``closing_days`` is the yearly minimum of closed days where a duty asks for one.

    ``closed`` are other closed days of the year, beyond those of the movement, and ``tell_by`` by when a closing is to be told.
    A table that cannot be made is there without rows, and its remarks say why.
    """
    return {
        "calendar": calendar(moved, language),
        "daily": daily(moved, language),
        "ross1000_simple": simplified_entry(moved, language, places),
        "guests": guest_list(moved, language, places),
        "spot": spot_entry(moved, language, places),
        "months": months(moved, language),
        "residences": residences(moved, language),
        "closures": closures(moved, language, need=closing_days, closed=closed, tell_by=tell_by),
    }


_PERSON = (
    "number", "type", "head_line", "rooms_of_stay", "units", "arrival", "departure", "sex", "birth_date", "citizenship",
    "birth_state", "birth_comune", "residence_state", "residence_comune",
)  # fmt: skip
_TRIP = ("number", "guest_code", "head_code", "tourism", "transport", "education", "channel", "non_tourist")


def for_typing(tables: Mapping[str, Table], keys: Iterable[str] = TABLES) -> Iterator[Table]:
    """The tables as they fit on a page: the guest list in two, who they are and how they travel."""
    for key in keys:
        table = tables[key]
        if key != "guests":
            yield table
            continue
        yield replace(table.only(*_PERSON), title=f"{table.title} (1)")
        yield replace(table.only(*_TRIP), title=f"{table.title} (2)", remarks=())
