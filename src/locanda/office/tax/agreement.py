"""Do the nights of the tax and those told to the police agree? (D.L. 34/2019 art. 13-quater c. 2; spec imposta 2.5.)

Asked before anything is declared: the comune is given what the police were told. Every difference is listed guest by guest, with
its reason where one is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from locanda.archive.models import Account, DeliveryRow, Guest, Property, Segment, Stay
from locanda.core.time import rome_day
from locanda.law.periods import Period
from locanda.law.remitting import Agreement, SourceNights, agreement, tax_nights
from locanda.office.tax.book import nights_of_stays, stays_between

__all__ = ["compared", "police_nights"]

_CHUNK = 400


def compared(
    account: Account | UUID, properties: Collection[Property], period: Period, *, statistics: Sequence[SourceNights] | None = None
) -> Agreement:
    """Tax and police, and the statistics where somebody hands in what they were told."""
    stays = stays_between(account, properties, period.first, period.last)
    records = [*tax_nights(nights_of_stays(account, stays)), *police_nights(account, stays)]
    sources = ("tax", "police")
    if statistics is not None:
        records += statistics
        sources += ("statistics",)
    return agreement(records, period, sources=sources)


def police_nights(account: Account | UUID, stays: Sequence[UUID]) -> Iterator[SourceNights]:
    """What the police hold of these stays: the rows they accepted, with their days of stay; a guest they do not have says so."""
    for start in range(0, len(stays), _CHUNK):
        some = stays[start : start + _CHUNK]
        held = _accepted(account, some)
        guests = Guest.objects.of(account).filter(party__stay__in=some).select_related("party__stay")
        for guest in guests:
            stay = guest.party.stay
            key = (str(stay.property_id), str(stay.pk), str(guest.pk))
            rows = held.get(guest.pk, ())
            for first, nights in rows:
                yield SourceNights("police", *key, first, nights)
            if not rows:
                yield SourceNights("police", *key, rome_day(stay.arrival), 0, _mark(stay))


def _mark(stay: Stay) -> str:
    return "cancelled" if stay.status == Stay.Status.CANCELLED else "not_sent"


def _accepted(account: Account | UUID, stays: Sequence[UUID]) -> Mapping[UUID, list[tuple[date, int]]]:
    """Guest -> first day and days of every accepted schedina. Day use is written as one day at the police, and has no night."""
    found: dict[UUID, dict[date, int]] = {}
    rows = DeliveryRow.objects.of(account).filter(
        outcome=DeliveryRow.Outcome.ACCEPTED, delivery__party__stay__in=stays
    ).select_related("delivery__party__stay")  # fmt: skip
    for row in rows:
        nights = 0 if row.delivery.party.stay.nights == 0 else row.days
        found.setdefault(row.guest_id, {})[row.delivery.arrival_day] = nights
    by_hand = Segment.objects.of(account).filter(
        party__stay__in=stays, settled_at__isnull=False, deliveries__state="substituted"
    ).select_related("party").distinct()  # fmt: skip
    for segment in by_hand:  # the substitute communication is the proof: all its guests
        for guest in Guest.objects.of(account).filter(party=segment.party_id):
            found.setdefault(guest.pk, {}).setdefault(segment.first_day, segment.nights)
    return {guest: sorted(days.items()) for guest, days in found.items()}
