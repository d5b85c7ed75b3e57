"""Which facts the rules of some days read: nobody is asked for what decides nothing (spec imposta-di-soggiorno 6, 7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from locanda.law.tourist_tax.rules import Cap, Condition, Exemption, Rate, Reduction, TaxVersion, TouristTax

__all__ = ["OF_PROPERTIES", "FactsAsked", "facts_asked"]

OF_PROPERTIES = (
    "stars", "suns", "superior", "category", "cadastral_category", "zone", "let_as", "declared_rooms",
)  # fmt: skip
"""Facts of a property that a rule may read, beside its type and comune."""

_OF_STAYS = {
    "channel": "channel", "booked_on": "booked_on", "group": "group", "participants": "group", "price_basis": "price",
}  # fmt: skip
"""Conditions on a stay, and the fact that is asked for them."""


class FactsAsked(NamedTuple):
    """Keys of the property and of the stay, the words of a guest's ``status``, and the words that each key may have."""

    property: frozenset[str]
    stay: frozenset[str]
    statuses: tuple[str, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]

    def words_of(self, key: str) -> tuple[str, ...]:
        """The words that conditions compare a fact with, sorted; empty where numbers are compared."""
        return dict(self.words).get(key, ())


def facts_asked(tax: TouristTax, first: date, last: date) -> FactsAsked:
    """What the versions in force between two days read."""
    versions = [version for version in tax.versions if version.first <= last and version.last >= first]
    conditions = [condition for version in versions for row in _deciding(version) for condition in row.when]
    keys = {condition.key for condition in conditions}
    home = {key for key in OF_PROPERTIES if key in keys}
    stay = {_OF_STAYS[key] for key in _OF_STAYS if key in keys}
    for version in versions:
        for rate in version.rates:
            home |= {"stars"} if rate.kind == "per_star" else set()
            stay |= {"price"} if rate.priced else set()
            home |= {"declared_rooms"} if rate.price is not None and rate.price.per == "unit_per_declared_room" else set()
        stay |= set(_of_version(version))
    words = {key: tuple(sorted(_words(conditions, key))) for key in sorted(keys)}
    statuses = set(words.pop("status", ()))
    statuses |= {"resident"} if any(version.residents != "taxed" for version in versions) else set()
    told = tuple((key, found) for key, found in words.items() if found)
    return FactsAsked(frozenset(home), frozenset(stay), tuple(sorted(statuses)), told)


def _deciding(version: TaxVersion) -> Iterator[Rate | Cap | Exemption | Reduction]:
    """The rows that make an amount; for a doubt nobody is asked for anything."""
    yield from version.rates
    yield from version.caps
    yield from version.exemptions
    yield from version.reductions


def _of_version(version: TaxVersion) -> Iterator[str]:
    if version.bookings_from is not None:
        yield "booked_on"
    if version.intermediary.channels:
        yield "channel"
    rows: list[Exemption | Reduction] = [*version.exemptions, *version.reductions]
    if any(row.quota is not None and row.quota.per == "participants" for row in rows):
        yield "group"
    if any(cap.scope == "comune" for cap in version.caps):
        yield "outside_nights"


def _words(conditions: list[Condition], key: str) -> set[str]:
    return {str(word) for condition in conditions if condition.key == key for word in condition.words or ()}
