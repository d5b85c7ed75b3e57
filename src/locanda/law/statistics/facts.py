"""The facts of a guest that a format asks for, looked up and judged (spec flussi-turistici 2.5, 3, 4.1, 6.3).

What is needed and missing is a problem; what is given and cannot be is one too. Paths are relative to the guest.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import NamedTuple

from locanda.core.people import Guest, GuestDetails, Sex
from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.law.statistics.residences import unresolved
from locanda.law.statistics.rooms import rooms_of_guest
from locanda.law.statistics.spans import Span
from locanda.law.statistics.values import RoomUse
from locanda.law.statistics.vocabulary import LISTS, Term, meaning
from locanda.places import ITALY, Tables, Unresolved

__all__ = ["FACTS", "Facts", "derived_flow_id"]

FACTS = (
    "flow_id", "role", "sex", "birth_date", "citizenship", "birth_place", "rooms", *LISTS, "profession", "tax_exemption",
    "occupies_bed",
)  # fmt: skip
"""What a format may need or use of a guest, beside the days and the residence, which everybody gets."""

_NOBODY = GuestDetails()
_NOWHERE = (None, None)


class GuestFacts(NamedTuple):
    """The facts of a guest, in the order in which :class:`FlowGuest` has them; None is what was not asked or is not known."""

    sex: Sex | None
    birth_date: date | None
    citizenship: str | None
    birth_state: str | None
    birth_comune: str | None
    occupies_bed: bool
    rooms: tuple[RoomUse, ...]
    tourism: Term | None
    transport: Term | None
    channel: Term | None
    education: Term | None
    profession: str | None
    tax_exemption: str | None


class Facts:
    """Reads the facts in ``needs``, which must be there, and those in ``uses``."""

    def __init__(self, home: Property, needs: frozenset[str], uses: frozenset[str], tables: Tables) -> None:
        self.home, self.needs, self.tables = home, needs, tables
        reads = needs | uses
        self._sex_, self._birth_date_, self._citizenship_ = ("sex" in reads, "birth_date" in reads, "citizenship" in reads)
        self._birth_place_, self._rooms_ = "birth_place" in reads, "rooms" in reads
        self._tourism_, self._transport_, self._education_, self._channel_ = (
            name in reads for name in ("tourism", "transport", "education", "channel")
        )  # fmt: skip
        self._profession_, self._tax_exemption_ = "profession" in reads, "tax_exemption" in reads
        self._shared: tuple[Stay | None, Span | None, tuple[RoomUse, ...]] = (None, None, ())
        """The rooms of those who have none of their own: of the last stay and its days."""

    def of(self, stay: Stay, guest: Guest, span: Span, found: list[Problem], notes: list[Problem]) -> GuestFacts:
        """What was asked for, looked up; problems and notes of it are added."""
        details = guest.details or _NOBODY
        return GuestFacts(
            self._sex(guest, found) if self._sex_ else None,
            self._birth_date(guest, span, found) if self._birth_date_ else None,
            self._citizenship(guest, span, found) if self._citizenship_ else None,
            *(self._birth_place(guest, span, found) if self._birth_place_ else _NOWHERE),
            details.occupies_bed,
            self._rooms(stay, guest, span) if self._rooms_ else (),
            self._term("tourism", details.tourism, found) if self._tourism_ else None,
            self._term("transport", details.transport, found) if self._transport_ else None,
            self._channel(stay, notes) if self._channel_ else None,
            self._term("education", details.education, found) if self._education_ else None,
            details.profession if self._profession_ else None,
            details.tax_exemption if self._tax_exemption_ else None,
        )

    def _rooms(self, stay: Stay, guest: Guest, span: Span) -> tuple[RoomUse, ...]:
        if guest.details is not None and guest.details.rooms:
            return rooms_of_guest(self.home, stay, guest, span)
        of_stay, of_span, rooms = self._shared
        if of_stay is not stay or of_span != span:
            rooms = rooms_of_guest(self.home, stay, guest, span)
            self._shared = stay, span, rooms
        return rooms

    def _channel(self, stay: Stay, notes: list[Problem]) -> Term | None:
        if stay.channel is None:
            return None
        known, entry = meaning("channel", stay.channel)
        if not known:  # a word of the operator's own: it decides nothing, and is not guessed
            notes.append(Problem.of("flows.channel.unknown", "", value=stay.channel))
        return entry

    def _term(self, name: str, value: str | None, found: list[Problem]) -> Term | None:
        if value is None:
            return None
        known, entry = meaning(name, value)
        if not known:
            found.append(Problem.of("flows.value.unknown", name, value=value, list=name))
        return entry

    def _sex(self, guest: Guest, found: list[Problem]) -> Sex | None:
        if guest.sex is None and "sex" in self.needs:
            found.append(Problem("flows.sex.missing", "sex"))
        return guest.sex

    def _birth_date(self, guest: Guest, span: Span, found: list[Problem]) -> date | None:
        if guest.birth_date is None:
            if "birth_date" in self.needs:
                found.append(Problem("flows.birth_date.missing", "birth_date"))
        elif guest.birth_date > span.arrival:
            born = {"born": guest.birth_date, "arrival": span.arrival}
            found.append(Problem.of("flows.birth_date.after_arrival", "birth_date", **born))
        return guest.birth_date

    def _citizenship(self, guest: Guest, span: Span, found: list[Problem]) -> str | None:
        if guest.citizenship is None:
            if "citizenship" in self.needs:
                found.append(Problem("flows.citizenship.missing", "citizenship"))
            return None
        answer = self.tables.state(guest.citizenship, span.arrival)
        if isinstance(answer, Unresolved):
            found.append(unresolved(answer, "citizenship", span.arrival))
            return None
        return answer.police

    def _birth_place(self, guest: Guest, span: Span, found: list[Problem]) -> tuple[str | None, str | None]:
        """State and comune, judged on the birth date; closed codes are fine as a birthplace (spec 4.1)."""
        state, comune = guest.birth_state, guest.birth_comune
        needed = "birth_place" in self.needs
        on = guest.birth_date or span.arrival
        if state is None and comune is None:
            if needed:
                found.append(Problem("flows.birth_place.missing", "birth_state"))
            return None, None
        born_in = self.tables.state(state, guest.birth_date) if state is not None else self.tables.state(ITALY)
        if isinstance(born_in, Unresolved):
            found.append(unresolved(born_in, "birth_state", on))
            return None, None
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
                return born_in.police, answer.police
        return born_in.police, None


def derived_flow_id(home: str, stay: str, guest: str) -> str | None:
    """An identifier for who has none: ten letters and digits made from the ids of property, stay and guest.

    The same ids give the same identifier, so that it never changes after it was sent; other stays give another one. None where an
    id is missing: a place in a list may change.
    """
    if not stay or not guest:
        return None
    bits = int.from_bytes(hashlib.sha256(f"{home}\0{stay}\0{guest}".encode()).digest()[:7], "big") >> 6
    pairs = _PAIRS
    return (
        pairs[bits >> 40] + pairs[bits >> 30 & 1023] + pairs[bits >> 20 & 1023] + pairs[bits >> 10 & 1023] + pairs[bits & 1023]
    )


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
"""Base 32 of RFC 4648, ten bits at a time: of every guest of a year, an encoder that goes byte by byte is felt."""
