"""The guest list for typing by hand, guest by guest (spec flussi-turistici 11.4): no name and no document is on it.

Who is not a tourist is in no statistics and on no line: the mark says so of everybody who is. Values of lists are the portal's
own words; where nobody knows one, the cell is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from locanda.core.people import Role
from locanda.law.statistics import FlowGuest, Movement, Term, rooms_slept_in
from locanda.places import Tables, builtin
from locanda.portals.table_words import made
from locanda.sheets import Table, Value

__all__ = ["GUEST_TYPES", "Places", "by_stay", "guest_list", "rooms_of"]

GUEST_TYPES = {
    Role.SINGLE: "16", Role.HEAD_OF_FAMILY: "17", Role.HEAD_OF_GROUP: "18", Role.FAMILY_MEMBER: "19", Role.GROUP_MEMBER: "20",
}  # fmt: skip


class Places:
    """Names of police codes, as the portals' lists have them; the code itself where a table does not know it."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.tables = tables or builtin()

    def state(self, code: str | None) -> str | None:
        """The name of a state."""
        row = self.tables.state_row(code) if code else None
        return code if row is None else row.name

    def comune(self, code: str | None) -> str | None:
        """The name of a comune with its province."""
        row = self.tables.comune_row(code) if code else None
        return code if row is None else row.label


def by_stay(guests: Iterable[FlowGuest]) -> Iterator[list[FlowGuest]]:
    """Guests of a stay together, in the order in which the first of each stands."""
    found: dict[str, list[FlowGuest]] = {}
    for guest in guests:
        found.setdefault(guest.stay or guest.where.partition(".")[0], []).append(guest)
    yield from found.values()


def guest_list(moved: Movement, language: str = "it", tables: Tables | None = None) -> Table:
    """Everybody who was there: those of a stay stand together, its rooms on their first line."""
    rows = list(_rows(moved, Places(tables)))
    return made("guests", rows, language)


def _rows(moved: Movement, places: Places) -> Iterator[tuple[Value, ...]]:
    ordered = [(guest, together) for together in by_stay(moved.guests) for guest in together]
    lines = {guest.flow_id: number for number, (guest, _) in enumerate(ordered, 1) if guest.flow_id}
    for number, (guest, together) in enumerate(ordered, 1):
        home = guest.residence
        yield (
            number, guest.flow_id or None, GUEST_TYPES[guest.role] if guest.role else None,
            lines.get(guest.head) if guest.head else None, guest.head, rooms_of(together) if guest is together[0] else 0,
            " + ".join(dict.fromkeys(use.unit for use in guest.rooms)) or None, guest.arrival, guest.departure,
            guest.sex.value if guest.sex else None, guest.birth_date, places.state(guest.citizenship),
            places.state(guest.birth_state), places.comune(guest.birth_comune), places.state(home.state),
            places.comune(home.comune) or home.place, _word(guest.tourism), _word(guest.transport), _word(guest.education),
            _word(guest.channel), False,
        )  # fmt: skip


def rooms_of(together: list[FlowGuest]) -> int | None:
    """Rooms that the guests of a stay sleep in on its first night; None where nobody said which."""
    night = min(guest.arrival for guest in together)
    return rooms_slept_in(together, night) if any(guest.rooms for guest in together) else None


def _word(term: Term | None) -> str | None:
    return None if term is None else term.ross1000
