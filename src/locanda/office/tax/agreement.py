"""Do the nights of the tax, of the police and of the statistics agree? (D.L. 34/2019 art. 13-quater c. 2; spec imposta 2.5, 9.2.)

Asked before anything is declared: the comune is given what the police were told. Every difference is listed guest by guest, with
its reason where one is known. Each source is one function, so that a better one can take its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, DeliveryRow, Guest, Property, Segment, Stay, TaxedStay
from locanda.archive.parts import in_parts
from locanda.core.time import rome_day
from locanda.law.periods import Period, periods
from locanda.law.police_terms import MAX_NIGHTS
from locanda.law.remitting import Agreement, SourceNights, agreement, tax_nights
from locanda.law.statistics.counted import counted_guests
from locanda.office.tables import in_force
from locanda.office.tax import facts
from locanda.office.tax.book import nights_of_stays, stays_between
from locanda.office.tax.payers import Payer

__all__ = ["SOURCES", "Matched", "compared", "in_order", "matched", "police_nights", "statistics_nights"]

SOURCES = ("tax", "police", "statistics")
"""In the order of every list."""


class Matched(NamedTuple):
    """A property of a payer over a period: the whole comparison, and the nights of each source month by month."""

    property: Property
    whole: Agreement
    months: Mapping[str, tuple[int | None, ...]]


def compared(account: Account | UUID, properties: Collection[Property], period: Period) -> Agreement:
    """Every source that says something over a period, of some properties together."""
    records, sources = _records(account, properties, period)
    return agreement(records, period, sources=sources)


def matched(account: Account | UUID, payer: Payer, period: Period) -> list[Matched]:
    """Property by property: what stands in a summary of the year, and what is different in it."""
    found = []
    for row in payer.properties:
        records, sources = _records(account, [row], period)
        whole = agreement(records, period, sources=sources)
        inside = periods("month", period.first, period.last)
        each = {month.label: agreement(records, month, sources=sources).totals for month in inside}
        found.append(Matched(row, whole, {label: in_order(whole, totals) for label, totals in each.items()}))
    return found


def in_order(found: Agreement, counts: Sequence[int]) -> tuple[int | None, ...]:
    """Counts of a comparison in the order of ``SOURCES``; None for a source that says nothing."""
    told = dict(zip(found.sources, counts, strict=True))
    return tuple(told.get(source) for source in SOURCES)


def _records(
    account: Account | UUID, properties: Collection[Property], period: Period
) -> tuple[list[SourceNights], tuple[str, ...]]:
    """The records, and the sources to compare: statistics that know nobody's residence say nothing at all."""
    stays = stays_between(account, properties, period.first, period.last)
    counted = list(statistics_nights(account, stays, period))
    records = [
        *tax_nights(nights_of_stays(account, stays)), *_without_amount(account, stays), *police_nights(account, stays),
    ]  # fmt: skip
    if counted and all(one.mark == "incomplete" for one in counted):
        return records, SOURCES[:-1]
    return [*records, *counted], SOURCES


def _without_amount(account: Account | UUID, stays: Sequence[UUID]) -> Iterator[SourceNights]:
    """The guests of stays whose tax waits for a fact or a rule: they have no night of the tax, and that is why."""
    for some in in_parts(stays):
        waiting = TaxedStay.objects.of(account).filter(stay__in=some, state=TaxedStay.State.STUCK)
        rows = {row.stay_id: row.stay for row in waiting.select_related("stay")}
        for ident, guests in facts.guests_of(account, rows).items():
            for guest in guests:
                yield SourceNights("tax", *_key(rows[ident], guest), rome_day(rows[ident].arrival), 0, "stuck")


def statistics_nights(account: Account | UUID, stays: Sequence[UUID], period: Period) -> Iterator[SourceNights]:
    """What the statistics count of these stays, from the facts kept here; whoever is left out says why."""
    tables = in_force().places
    for some in in_parts(stays):
        rows = list(Stay.objects.of(account).filter(pk__in=some).select_related("property", "account", "unit"))
        people = facts.guests_of(account, some)
        for row, (stay, problems) in zip(rows, facts.core_stays(rows, people), strict=True):
            guests = people.get(row.pk, [])
            if row.status == Stay.Status.CANCELLED or stay is None or problems:
                mark = "cancelled" if row.status == Stay.Status.CANCELLED else "incomplete"
                for guest in guests:
                    yield SourceNights("statistics", *_key(row, guest), rome_day(row.arrival), 0, mark)
                continue
            for one in counted_guests(stay, until=period.last, tables=tables):
                yield SourceNights("statistics", *_key(row, guests[one.place]), one.first, one.nights, one.left_out)


def _key(stay: Stay, guest: Guest) -> tuple[str, str, str]:
    return str(stay.property_id), str(stay.pk), str(guest.pk)


def police_nights(account: Account | UUID, stays: Sequence[UUID]) -> Iterator[SourceNights]:
    """What the police hold of these stays: the rows they accepted, with their days of stay; a guest they do not have says so."""
    for some in in_parts(stays):
        held = _accepted(account, some)
        guests = Guest.objects.of(account).filter(party__stay__in=some).select_related("party__stay")
        for guest in guests:
            stay = guest.party.stay
            key = _key(stay, guest)
            rows = held.get(guest.pk, ())
            for first, nights in rows:
                yield SourceNights("police", *key, first, nights)
            if not rows:
                yield SourceNights("police", *key, rome_day(stay.arrival), 0, _mark(stay))
            elif stay.nights > MAX_NIGHTS and sum(nights for _, nights in rows) < stay.nights:
                yield SourceNights("police", *key, rome_day(stay.arrival), 0, "long_stay")


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
