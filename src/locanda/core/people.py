"""People and their documents, as the operator knows them at the door.

Places stay the words or codes they were given (``"MONOPOLI (BA)"``, ``"F376"``, ``"IT"``); which place that is depends on
a date and on a table, and is decided by :mod:`locanda.places` when a portal's format needs it.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Document", "Guest", "GuestDetails", "Identification", "Role", "Sex"]


class Role(StrEnum):
    """Part a guest plays in the party (Alloggiati Web: 16, 17, 18, 19, 20)."""

    SINGLE = "single"
    HEAD_OF_FAMILY = "head_of_family"
    HEAD_OF_GROUP = "head_of_group"
    FAMILY_MEMBER = "family_member"
    GROUP_MEMBER = "group_member"

    @property
    def is_member(self) -> bool:
        return self in (Role.FAMILY_MEMBER, Role.GROUP_MEMBER)

    @property
    def is_head(self) -> bool:
        return self in (Role.HEAD_OF_FAMILY, Role.HEAD_OF_GROUP)


class Sex(StrEnum):
    """As the police record knows it; a document marked X needs a human decision."""

    MALE = "M"
    FEMALE = "F"


class Identification(StrEnum):
    """How the guest was matched to the document (TULPS art. 109; Cons. Stato III 9101/2025)."""

    IN_PERSON = "in_person"
    LIVE_VIDEO_AT_ENTRY = "live_video_at_entry"
    PASSIVE_REMOTE = "passive_remote"

    @property
    def is_proof(self) -> bool:
        """A sent copy of a document alone identifies nobody."""
        return self is not Identification.PASSIVE_REMOTE


class Document(NamedTuple):
    """An identity document: police type code, number, and the comune or state that issued it."""

    type: str | None = None
    number: str | None = None
    issued_in: str | None = None


class GuestDetails(NamedTuple):
    """What statistics and tax want to know beside the police record; value lists in ``interfaces.md``."""

    status: tuple[str, ...] = ()
    documents_held: tuple[str, ...] = ()
    companion_of: str | None = None
    occupies_bed: bool = True
    tourist: bool = True
    arrival: datetime | None = None
    departure: datetime | date | None = None
    rooms: tuple[tuple[str, date, date], ...] = ()
    tourism: str | None = None
    transport: str | None = None
    education: str | None = None
    profession: str | None = None
    flow_id: str | None = None
    tax_exemption: str | None = None


class Guest(NamedTuple):
    """A person who lodges. ``sex`` and ``role`` are None while nobody has said them."""

    id: str = ""
    role: Role | None = None
    surname: str | None = None
    name: str | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    birth_state: str | None = None
    birth_comune: str | None = None
    citizenship: str | None = None
    document: Document | None = None
    residence_state: str | None = None
    residence_comune: str | None = None
    residence_place: str | None = None
    details: GuestDetails | None = None
