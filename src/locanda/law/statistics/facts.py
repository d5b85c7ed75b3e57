"""The facts of a guest that a format asks for, looked up and judged (spec flussi-turistici 2.5, 3, 4.1, 6.3).

What is needed and missing is a problem; what is given and cannot be is one too. Paths are relative to the guest.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Callable
from typing import Any

from locanda.core.people import Guest, GuestDetails
from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.law.statistics.residences import unresolved
from locanda.law.statistics.rooms import rooms_of_guest
from locanda.law.statistics.spans import Span
from locanda.law.statistics.vocabulary import LISTS, Term, meaning
from locanda.places import ITALY, Tables, Unresolved

__all__ = ["FACTS", "Facts", "derived_flow_id"]

FACTS = ("flow_id", "role", "sex", "birth_date", "citizenship", "birth_place", "rooms", *LISTS, "profession", "tax_exemption")
"""What a format may need or use of a guest, beside the days and the residence, which everybody gets."""

_NOBODY = GuestDetails()
_Reader = Callable[["Facts", Guest, Span, dict[str, Any], list[Problem]], None]


class Facts:
    """Reads the facts in ``needs``, which must be there, and those in ``uses``."""

    def __init__(self, home: Property, needs: frozenset[str], uses: frozenset[str], tables: Tables) -> None:
        reads = needs | uses
        self.home, self.needs, self.tables = home, needs, tables
        self._readers = [reader for name, reader in _READERS.items() if name in reads]
        self._lists = [name for name in LISTS if name in reads and name != "channel"]
        self._channel = "channel" in reads
        self._rooms = "rooms" in reads
        self._own = [name for name in ("profession", "tax_exemption") if name in reads]

    def of(self, stay: Stay, guest: Guest, span: Span, found: list[Problem], notes: list[Problem]) -> dict[str, Any]:
        """The facts by the names of :class:`FlowGuest`."""
        facts: dict[str, Any] = {}
        details = guest.details or _NOBODY
        for reader in self._readers:
            reader(self, guest, span, facts, found)
        for name in self._lists:
            value = getattr(details, name)
            if value is not None:
                facts[name] = self._term(name, value, found)
        if self._channel and stay.channel is not None:
            known, entry = meaning("channel", stay.channel)
            facts["channel"] = entry
            if not known:  # a word of the operator's own: it decides nothing, and is not guessed
                notes.append(Problem.of("flows.channel.unknown", "", value=stay.channel))
        if self._rooms:
            facts["rooms"] = rooms_of_guest(self.home, stay, guest, span)
        for name in self._own:
            facts[name] = getattr(details, name)
        return facts

    def _term(self, name: str, value: str, found: list[Problem]) -> Term | None:
        known, entry = meaning(name, value)
        if not known:
            found.append(Problem.of("flows.value.unknown", name, value=value, list=name))
        return entry

    def _sex(self, guest: Guest, span: Span, facts: dict[str, Any], found: list[Problem]) -> None:
        if guest.sex is None and "sex" in self.needs:
            found.append(Problem("flows.sex.missing", "sex"))
        facts["sex"] = guest.sex

    def _birth_date(self, guest: Guest, span: Span, facts: dict[str, Any], found: list[Problem]) -> None:
        if guest.birth_date is None:
            if "birth_date" in self.needs:
                found.append(Problem("flows.birth_date.missing", "birth_date"))
        elif guest.birth_date > span.arrival:
            born = {"born": guest.birth_date, "arrival": span.arrival}
            found.append(Problem.of("flows.birth_date.after_arrival", "birth_date", **born))
        facts["birth_date"] = guest.birth_date

    def _citizenship(self, guest: Guest, span: Span, facts: dict[str, Any], found: list[Problem]) -> None:
        if guest.citizenship is None:
            if "citizenship" in self.needs:
                found.append(Problem("flows.citizenship.missing", "citizenship"))
            return
        answer = self.tables.state(guest.citizenship, span.arrival)
        if isinstance(answer, Unresolved):
            found.append(unresolved(answer, "citizenship", span.arrival))
        else:
            facts["citizenship"] = answer.police

    def _birth_place(self, guest: Guest, span: Span, facts: dict[str, Any], found: list[Problem]) -> None:
        """Judged on the birth date; closed codes are fine as a birthplace (spec 4.1)."""
        state, comune = guest.birth_state, guest.birth_comune
        needed = "birth_place" in self.needs
        on = guest.birth_date or span.arrival
        if state is None and comune is None:
            if needed:
                found.append(Problem("flows.birth_place.missing", "birth_state"))
            return
        born_in = self.tables.state(state, guest.birth_date) if state is not None else self.tables.state(ITALY)
        if isinstance(born_in, Unresolved):
            found.append(unresolved(born_in, "birth_state", on))
            return
        facts["birth_state"] = born_in.police
        if comune is None:
            if needed and born_in.police == ITALY:
                found.append(Problem("flows.birth_comune.missing", "birth_comune"))
        elif born_in.police != ITALY:
            found.append(Problem.of("flows.birth_place.contradiction", "birth_comune", state=state))
        else:
            answer = self.tables.comune(comune, on)
            if isinstance(answer, Unresolved):
                found.append(unresolved(answer, "birth_comune", on))
            else:
                facts["birth_comune"] = answer.police


_READERS: dict[str, _Reader] = {
    "sex": Facts._sex, "birth_date": Facts._birth_date, "citizenship": Facts._citizenship, "birth_place": Facts._birth_place,
}  # fmt: skip


def derived_flow_id(home: str, stay: str, guest: str) -> str | None:
    """An identifier for who has none: ten letters and digits made from the ids of property, stay and guest.

    The same ids give the same identifier, so that it never changes after it was sent; other stays give another one. None where an
    id is missing: a place in a list may change.
    """
    if not stay or not guest:
        return None
    return b32encode(hashlib.sha256(f"{home}\0{stay}\0{guest}".encode()).digest()[:10])[:10].decode()
