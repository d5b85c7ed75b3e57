"""When plans change during a stay: longer, or shorter (spec alloggiati-web 1.1, 1.4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Alarm, Person, Segment, Stay
from locanda.core.problems import Problem
from locanda.core.stays import Stay as CoreStay
from locanda.core.time import ROME, rome_day
from locanda.delivery.receipts import erase_what_is_done
from locanda.law.police_terms import segments

__all__ = ["extend", "leave_early"]


def extend(stay: Stay, departure: date, *, now: datetime, person: Person) -> list[Problem]:
    """Stay on until a later day: new schedine for the nights beyond those already registered.

    They arrive on the day the old ones end, and obey the same window. A stay whose guests are already erased must be
    checked in again, with the document in hand.
    """
    if stay.departure_day is None or departure <= stay.departure_day:
        return [Problem.of("stay.departure.not_later", "departure")]
    if stay.property.closed_at is not None:
        return [Problem.of("property.closed", "property")]
    parties = list(stay.parties.select_related("account"))
    if any(party.wrapped_key is None for party in parties):
        return [Problem.of("stay.erased")]
    arrival = stay.arrival.astimezone(ROME)
    registered = (stay.departure_day - rome_day(arrival)).days
    whole = CoreStay(id=str(stay.pk), arrival=arrival, departure=departure, registered_nights=registered)
    with transaction.atomic():
        for party in parties:
            last = Segment.objects.of(stay.account_id).filter(party=party).order_by("-index").first()
            Segment.everywhere.bulk_create(
                Segment(
                    account=stay.account,
                    party=party,
                    property=stay.property,
                    index=(last.index + 1 if last else 0) + position,
                    first_day=found.first_day,
                    nights=found.nights,
                    starts_at=found.term.starts,
                    legal_due=found.term.legal,
                    prudent_due=found.term.prudent,
                    obligation=found.term.obligation,
                )
                for position, found in enumerate(segments(whole))
            )
        before, stay.departure_day, stay.departure = stay.departure_day, departure, None
        stay.nights = (departure - rome_day(arrival)).days
        stay.save(update_fields=["departure_day", "departure", "nights"])
        chain.append(
            stay.account, "stay.extended", at=now, actor=str(person.pk), subject=f"stay:{stay.pk}",
            data={"from": before.isoformat(), "to": departure.isoformat()},
        )  # fmt: skip
    return []


def leave_early(stay: Stay, departure: date, *, now: datetime, person: Person) -> None:
    """Gone sooner than planned. The police are not told; follow-ups that never began are dropped."""
    with transaction.atomic():
        dropped = Segment.objects.of(stay.account_id).filter(party__stay=stay, deliveries=None, first_day__gte=departure)
        subjects = [f"segment:{key}" for key in dropped.values_list("pk", flat=True)]
        Alarm.objects.of(stay.account_id).filter(subject__in=subjects, cleared_at=None).update(cleared_at=now)
        dropped.update(cancelled_at=now)
        stay.departure_day, stay.departure = departure, None
        stay.nights = max((departure - rome_day(stay.arrival)) // timedelta(days=1), 0)
        stay.save(update_fields=["departure_day", "departure", "nights"])
        chain.append(
            stay.account, "stay.left_early", at=now, actor=str(person.pk), subject=f"stay:{stay.pk}",
            data={"to": departure.isoformat()},
        )  # fmt: skip
    erase_what_is_done(list(stay.parties.select_related("account")), at=now, actor=str(person.pk))
