"""Stays, parties and properties."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from locanda.core.people import Guest, Role
from locanda.core.time import ROME, hours_between, rome_day

__all__ = ["PROPERTY_TYPES", "Group", "Party", "Price", "Property", "PropertyDay", "Stay", "parties"]

PROPERTY_TYPES = (
    "albergo", "rta", "albergo_diffuso", "condhotel", "villaggio_albergo", "bb", "affittacamere", "cav",
    "locazione_turistica", "foresteria", "locanda", "ostello", "residence", "casa_per_ferie", "campeggio",
    "villaggio_turistico", "marina_resort", "rifugio", "agriturismo", "country_house", "dimora_storica",
    "multiproprieta", "turismo_rurale", "casa_di_cura", "residenza_sanitaria", "casa_di_riposo",
)  # fmt: skip


class Property(NamedTuple):
    """What is let. ``comune`` is the ISTAT code, the Belfiore code, the police code or ``NAME (PROV)``."""

    id: str = ""
    name: str = ""
    type: str = ""
    business: bool = False
    comune: str = ""
    stars: int | None = None
    zone: str | None = None
    category: str | None = None
    cadastral_category: str | None = None
    rooms: int | None = None
    beds: int | None = None
    portal_ids: tuple[tuple[str, str | int], ...] = ()
    credentials: str = "active"
    declared_rooms: int | None = None
    let_as: str | None = None
    superior: bool = False
    suns: int | None = None
    since: date | None = None
    floors_m2: tuple[Decimal, ...] = ()
    listed_refuge: bool = False
    lets_over_30_days: bool = False

    def portal_id(self, portal: str) -> str | int | None:
        """The id by which a portal knows this property. An id of 0 is an id."""
        return dict(self.portal_ids).get(portal)


class PropertyDay(NamedTuple):
    """What a property was on one day: open or closed, and the rooms and beds really on offer.

    None leaves them at the capacity of the property.
    """

    day: date
    open: bool
    rooms: int | None = None
    beds: int | None = None


class Price(NamedTuple):
    """Price of one night, in cents; ``nights`` may give it night by night."""

    cents: int | None = None
    per: str = "unit"
    vat: str = "included"
    breakfast: str | None = None
    nights: tuple[tuple[date, int], ...] = ()


class Group(NamedTuple):
    """An organised group: ``agency``, ``school``, ``youth`` or ``sport``."""

    kind: str
    participants: int | None = None


class Stay(NamedTuple):
    """A stay of one or more parties. ``departure`` is an instant, a plain day (hour unknown), or None with ``nights``."""

    id: str
    arrival: datetime
    departure: datetime | date | None = None
    nights: int | None = None
    guests: tuple[Guest, ...] = ()
    units: tuple[str, ...] = ()
    channel: str | None = None
    booked_on: date | None = None
    price: Price | None = None
    first_night: date | None = None
    registered_nights: int = 0
    group: Group | None = None
    outside_nights: int = 0

    @property
    def arrival_day(self) -> date:
        """Day of arrival in Italy: what the police record carries."""
        return rome_day(self.arrival)

    @property
    def departure_day(self) -> date | None:
        """Day of departure in Italy, from the instant, the plain day, or arrival plus nights."""
        if isinstance(self.departure, datetime):
            return rome_day(self.departure)
        if self.departure is not None:
            return self.departure
        return self.arrival_day + timedelta(days=self.nights) if self.nights is not None else None

    @property
    def night_count(self) -> int | None:
        """Nights between arrival day and departure day; None while the departure is unknown."""
        day = self.departure_day
        return None if day is None else (day - self.arrival_day).days

    @property
    def is_short(self) -> bool | None:
        """Planned for 24 hours or less, exactly 24 included; None while the departure is unknown.

        Where the hour of departure is unknown, one night counts as short (TULPS art. 109 c. 3, spec adempimenti 4.4).
        """
        departure = self.departure_instant
        if departure is not None:
            return hours_between(self.arrival, departure) <= 24
        nights = self.night_count
        return None if nights is None else nights <= 1

    @property
    def departure_instant(self) -> datetime | None:
        """The instant of departure, when its hour is known."""
        return self.departure.astimezone(ROME) if isinstance(self.departure, datetime) else None


class Party(NamedTuple):
    """A single guest, or a head and the members on the lines after. ``start`` is its place in ``Stay.guests``."""

    start: int
    guests: tuple[Guest, ...]

    @property
    def head(self) -> Guest:
        return self.guests[0]


def parties(guests: tuple[Guest, ...]) -> list[Party]:
    """Cut a list of guests into parties: a member belongs to the head before it.

    A member without a head begins a party of its own; the portal's rules then say what is wrong with it.
    """
    found: list[Party] = []
    start, headed = 0, True
    for index, guest in enumerate(guests):
        role = guest.role
        if index and not (headed and (role is _FAMILY_MEMBER or role is _GROUP_MEMBER)):
            found.append(Party(start, guests[start:index]))
            start = index
        headed = role is not _SINGLE
    if guests:
        found.append(Party(start, guests[start:]))
    return found


# a member of an enumeration is found by name every time it is asked for; lists of guests are long
_SINGLE, _FAMILY_MEMBER, _GROUP_MEMBER = Role.SINGLE, Role.FAMILY_MEMBER, Role.GROUP_MEMBER
