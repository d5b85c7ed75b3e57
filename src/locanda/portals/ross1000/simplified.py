"""The simplified entry of ROSS1000, to type by hand: a line for each stay and each origin in it (spec flussi-turistici 11.3).

The rooms of the whole stay stand on its first line, zero on the others. People of one stay who came or left on other days have a
line of their own. Origin is the province of who lives in Italy, else the state.
"""

from __future__ import annotations

from collections.abc import Iterator

from locanda.law.statistics import FlowGuest, Movement, row_of_province
from locanda.places import Tables
from locanda.portals.guest_tables import Places, by_stay, rooms_of
from locanda.portals.table_words import made
from locanda.sheets import Table, Value

__all__ = ["simplified_entry"]


def simplified_entry(moved: Movement, language: str = "it", tables: Tables | None = None) -> Table:
    """The lines to type, in the order of the stays."""
    places = Places(tables)
    rows: list[tuple[Value, ...]] = []
    for together in by_stay(moved.guests):
        for place, (count, guest) in enumerate(_alike(together)):
            code, origin = _origin(guest, places)
            rooms = rooms_of(together) if place == 0 else 0
            rows.append((len(rows) + 1, count, rooms, guest.arrival, guest.departure, code, origin))
    return made("ross1000_simple", rows, language)


def _alike(together: list[FlowGuest]) -> Iterator[tuple[int, FlowGuest]]:
    """How many share days and origin, and one of them; in the order of the stay."""
    groups: dict[object, list[FlowGuest]] = {}
    for guest in together:
        home = guest.residence
        groups.setdefault((guest.arrival, guest.departure, home.state, home.province), []).append(guest)
    for group in groups.values():
        yield len(group), group[0]


def _origin(guest: FlowGuest, places: Places) -> tuple[str, str | None]:
    home = guest.residence
    if home.province is None:
        return home.state, places.state(home.state)
    row = row_of_province(home.province)
    return home.province, row.it if row is not None else home.province
