"""Prices of rooms and the people in them, for amounts by price (spec imposta-di-soggiorno 7.1 step 3, 7.6).

A unit of the property is a room or a flat: a price per unit and one per room are the same. Guests whose room nobody told share
the rooms of the stay that are left. All who sleep there divide the price, not only those who pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.law.tourist_tax.facts import Refused
from locanda.law.tourist_tax.rules import PriceBasis, Rounding

__all__ = ["Room", "rooms_of", "shares"]

_VAT = Fraction(110, 100)
"""Lodging bears 10 percent (DPR 633/1972, table A, part III, n. 120)."""


class Room:
    """The room of some guests on one night, or several rooms that nobody told apart."""

    def __init__(self, guests: list[int], count: int) -> None:
        self.guests, self.count = guests, count

    def price(self, basis: PriceBasis, night: date, stay: Stay, home: Property, notes: list[Problem]) -> Fraction:
        """The price that a rule means, in cents."""
        price = stay.price
        cents = None if price is None else dict(price.nights).get(night, price.cents)
        if price is None or cents is None:
            raise Refused.missing("price")
        people = len(self.guests)
        whole = Fraction(cents) * (people if price.per == "person" else self.count)
        if basis.breakfast and price.breakfast and basis.breakfast != price.breakfast:
            raise Refused(Problem.of("tax.price.breakfast", "price.breakfast", wanted=basis.breakfast))
        if basis.vat and basis.vat != price.vat and home.business:
            whole = whole / _VAT if basis.vat == "excluded" else whole * _VAT
            notes.append(Problem.of("tax.price.vat", "price.vat"))
        if basis.per == "person":
            return whole / people
        if basis.per == "unit_per_declared_room":
            if not home.declared_rooms:
                raise Refused.missing("property.declared_rooms")
            return whole / self.count / home.declared_rooms
        return whole / self.count


def rooms_of(stay: Stay, present: Sequence[bool], night: date) -> list[Room]:
    """Who sleeps where on a night; for each guest the room, by place."""
    where: dict[str, list[int]] = {}
    for place, guest in enumerate(stay.guests):
        if present[place]:
            used = guest.details.rooms if guest.details else ()
            unit = next((unit for unit, first, end in used if first <= night < end), "")
            where.setdefault(unit, []).append(place)
    left = max(1, len({unit for unit in stay.units if unit not in where}))
    rooms = {unit: Room(guests, 1 if unit else left) for unit, guests in where.items()}
    nobody = Room([], 1)
    found = [nobody] * len(stay.guests)
    for room in rooms.values():
        for place in room.guests:
            found[place] = room
    return found


def shares(tax: Fraction, ceiling: Fraction | None, payers: int, rounding: Rounding) -> list[int]:
    """The tax of a room and night in equal parts; the cents that are over go to the first (spec 7.1 step 3)."""
    if not payers:
        return []
    total = rounding.cents(tax if ceiling is None else min(tax, ceiling * payers))
    part, over = divmod(total, payers)
    return [part + over, *[part] * (payers - 1)]
