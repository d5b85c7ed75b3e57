"""When plans change during a stay: longer, or shorter (spec alloggiati-web 1.1, 1.4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Alarm, Delivery, Party, Person, Segment, Stay
from locanda.core.problems import Problem
from locanda.core.stays import Stay as CoreStay
from locanda.core.time import ROME, rome_day
from locanda.delivery.erasing import erase_what_is_done
from locanda.delivery.machine import State
from locanda.law.police_terms import police_term, segments
from locanda.office import correcting

__all__ = ["LONGEST", "extend", "leave_early"]

LONGEST = timedelta(days=1_000)
"""A departure further off than this is a slip of the finger."""


def extend(stay: Stay, departure: date, *, now: datetime, person: Person) -> list[Problem]:
    """Stay on until a later day: new schedine for the nights beyond those already registered.

    They arrive on the day the old ones end, and obey the same window. A stay whose guests are already erased must be
    checked in again, with the document in hand. The stay is locked first, so that two taps extend it once.
    """
    with transaction.atomic():
        stay = Stay.objects.of(stay.account_id).select_for_update(no_key=True).get(pk=stay.pk)
        arrival = stay.arrival.astimezone(ROME)
        if stay.departure_day is None or departure <= stay.departure_day:
            return [Problem.of("stay.departure.not_later", "departure")]
        if departure - rome_day(arrival) > LONGEST:
            return [Problem.of("stay.departure.too_far", "departure", nights=LONGEST.days)]
        if stay.property.closed_at is not None:
            return [Problem.of("property.closed", "property")]
        parties = list(stay.parties.select_related("account"))
        if any(party.wrapped_key is None for party in parties):
            return [Problem.of("stay.erased")]
        whole = CoreStay(id=str(stay.pk), arrival=arrival, departure=departure)
        for party in parties:
            _register_beyond(stay, party, whole)
        before, stay.departure_day, stay.departure = stay.departure_day, departure, None
        stay.nights = (departure - rome_day(arrival)).days
        stay.save(update_fields=["departure_day", "departure", "nights"])
        chain.append(
            stay.account, "stay.extended", at=now, actor=str(person.pk), subject=f"stay:{stay.pk}",
            data={"from": before.isoformat(), "to": departure.isoformat()},
        )  # fmt: skip
    return []


def _register_beyond(stay: Stay, party: Party, whole: CoreStay) -> None:
    """Segments for the nights that no schedina of the party covers. A departure brought forward uncovers none: what was
    registered until then stays registered."""
    known = list(Segment.objects.of(stay.account_id).filter(party=party))
    standing = [segment for segment in known if segment.cancelled_at is None]
    covered = max((_end(segment) for segment in standing), default=whole.arrival_day)
    after = max((segment.index for segment in known), default=-1) + 1
    beyond = whole._replace(registered_nights=(covered - whole.arrival_day).days)
    Segment.everywhere.bulk_create(
        Segment(
            account=stay.account,
            party=party,
            property=stay.property,
            index=after + position,
            first_day=found.first_day,
            nights=found.nights,
            starts_at=found.term.starts,
            legal_due=found.term.legal,
            prudent_due=found.term.prudent,
            obligation=found.term.obligation,
        )
        for position, found in enumerate(segments(beyond))
    )


def _end(segment: Segment) -> date:
    return segment.first_day + timedelta(days=segment.nights)


def leave_early(stay: Stay, departure: date, *, now: datetime, person: Person) -> None:
    """Gone sooner than planned. What the police have is not changed; follow-ups that never began are dropped or shortened,
    and what is written but not yet sent is written again."""
    with transaction.atomic():
        stay = Stay.objects.of(stay.account_id).select_for_update(no_key=True).get(pk=stay.pk)
        mine = Segment.objects.of(stay.account_id).filter(party__stay=stay, cancelled_at=None)
        dropped = mine.filter(deliveries=None, first_day__gte=departure)
        subjects = [f"segment:{key}" for key in dropped.values_list("pk", flat=True)]
        Alarm.objects.of(stay.account_id).filter(subject__in=subjects, cleared_at=None).update(cleared_at=now)
        dropped.update(cancelled_at=now)
        shorter = [segment for segment in mine.filter(first_day__lt=departure) if _end(segment) > departure]
        unsent = [_shorten(segment, departure) for segment in shorter]
        stay.departure_day, stay.departure = departure, None
        stay.nights = max((departure - rome_day(stay.arrival)).days, 0)
        stay.save(update_fields=["departure_day", "departure", "nights"])
        chain.append(
            stay.account, "stay.left_early", at=now, actor=str(person.pk), subject=f"stay:{stay.pk}",
            data={"to": departure.isoformat()},
        )  # fmt: skip
    for delivery in unsent:
        if delivery is not None:
            correcting.correct(delivery, {}, now=now, person=person)
    erase_what_is_done(list(stay.parties.select_related("account")), at=now, actor=str(person.pk))


def _shorten(segment: Segment, departure: date) -> Delivery | None:
    """Fewer nights for a segment that the police do not have yet; the delivery that must be written again, if there is one.

    The term of a segment that has begun stays what it was (spec adempimenti 4.4); one that has not begun is judged anew.
    """
    deliveries = list(segment.deliveries.select_related("account", "party__account", "segment", "property__account"))
    if any(delivery.state not in (State.READY, State.POSTPONED, State.WITHDRAWN) for delivery in deliveries):
        return None
    segment.nights = (departure - segment.first_day).days
    if not deliveries:
        term = police_term(segment.starts_at.astimezone(ROME), short=segment.nights <= 1)
        segment.legal_due, segment.prudent_due, segment.obligation = term.legal, term.prudent, term.obligation
    segment.save(update_fields=["nights", "legal_due", "prudent_due", "obligation"])
    waiting = [delivery for delivery in deliveries if delivery.state != State.WITHDRAWN]
    for delivery in waiting:
        delivery.segment = segment
    return waiting[0] if waiting else None
