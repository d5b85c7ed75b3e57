"""The schedine of a stay beyond thirty nights: written when their day comes, or when a person gives what is missing.

A follow-up is a new arrival (spec alloggiati-web 1.4). It may lack what the first schedina did not need: when the head of a
family has left, those who stay on go each alone, with a document of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from locanda.archive import chain
from locanda.archive.models import Guest, Person, Segment
from locanda.archive.vault import Erased, Vault
from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.delivery.record import clear_alarm, raise_alarm
from locanda.office import schedine
from locanda.office.correcting import Corrected, rewritten, store

__all__ = ["BLOCKED", "complete_follow_up", "lacking", "prepare_due_segments", "to_complete"]

BLOCKED = "follow_up_blocked"
"""The alarm of a follow-up that lacks what only a person can give."""

_LINKS = ("account", "party__account", "party__stay__unit", "property__credential", "property__account")
_SOON = timedelta(hours=1)
# not the form's to change: they decide who is in the party, and when
_KEPT = frozenset({"id", "role", "arrival", "departure"})


def prepare_due_segments(now: datetime) -> int:
    """Write the schedine of follow-ups whose first day has come; the number written.

    One that lacks something raises its alarms, those of the term too: there is no delivery yet that could.
    """
    due = Segment.everywhere.filter(
        first_day__lte=rome_day(now), settled_at=None, cancelled_at=None, deliveries=None, party__erased_at=None
    )
    done = 0
    for segment in due.select_related(*_LINKS):
        guests = list(segment.party.guests.all())
        made, _ = rewritten(segment, segment.party, guests, now=now, send=segment.property.send_on_check_in)
        if made is None:
            _tell(segment, now)
            continue
        with suppress(IntegrityError):  # another process may have been quicker
            _keep(segment, made, "segment.prepared", at=now, actor=chain.ENGINE)
        done += 1
    return done


def _tell(segment: Segment, now: datetime) -> None:
    subject, name = f"segment:{segment.pk}", segment.property.name
    facts = {"property": name, "day": segment.first_day.isoformat()}
    raise_alarm(segment.account, BLOCKED, subject, at=now, facts=facts)
    if segment.prudent_due <= now + _SOON:
        kind = "term_passed" if segment.legal_due <= now else "term_near"
        facts = {"property": name, "due": segment.legal_due.isoformat(), "state": "blocked"}
        raise_alarm(segment.account, kind, subject, at=now, facts=facts)


def _keep(segment: Segment, made: schedine.Made, kind: str, *, at: datetime, actor: str, **more: Any) -> None:
    with transaction.atomic():
        store(made)
        chain.append(
            segment.account, kind, at=at, actor=actor, subject=f"segment:{segment.pk}",
            data={"index": segment.index, "digest": made.delivery.digest}, **more,
        )  # fmt: skip
    clear_alarm(segment.account, BLOCKED, f"segment:{segment.pk}", at=at)


def to_complete(segment: Segment) -> list[tuple[Guest, dict[str, Any]]]:
    """The guests of a follow-up that is not written yet, as its schedine would have them; Erased when their key is gone."""
    guests = list(segment.party.guests.all())
    opened = schedine.open_guests(guests, Vault(segment.account), segment.party)
    staying = schedine.present(segment, opened)
    alone = bool(staying) and staying[0][0] != 0
    return [(guests[place], {**shape, "role": Role.SINGLE.value} if alone else shape) for place, shape in staying]


def lacking(segment: Segment, *, now: datetime) -> list[Problem]:
    """What holds a follow-up back now; ``where`` as in :func:`complete_follow_up`."""
    made, found = rewritten(segment, segment.party, list(segment.party.guests.all()), now=now)
    return found if made is None else []


def complete_follow_up(
    segment: Segment, shapes: Mapping[str, Mapping[str, Any]], *, now: datetime, person: Person | None
) -> Corrected:
    """Give what a follow-up lacks and hand it over. ``shapes``: guest id (of the table) -> the fields as they are now.

    ``where`` of a problem is ``guests[i].field`` in the order of :func:`to_complete`. Nothing is kept until all of it holds.
    """
    open_still = Segment.objects.of(segment.account_id).filter(
        pk=segment.pk, settled_at=None, cancelled_at=None, deliveries=None, first_day__lte=rome_day(now)
    )
    if not open_still.exists():
        return Corrected(None, [Problem.of("delivery.not_correctable")], [])
    try:
        people = to_complete(segment)
    except Erased:
        return Corrected(None, [Problem.of("stay.erased")], [])
    vault, party = Vault(segment.account), segment.party
    everybody = list(party.guests.all())
    given = {
        guest.pk: {key: value for key, value in shapes.get(str(guest.pk), {}).items() if key not in _KEPT} for guest, _ in people
    }
    changed = {
        guest.pk: {**shape, **given.get(guest.pk, {})}
        for guest, shape in zip(everybody, schedine.open_guests(everybody, vault, party), strict=True)
    }
    made, found = rewritten(segment, party, everybody, now=now, shapes=[changed[guest.pk] for guest in everybody])
    if made is None:
        return Corrected(None, found, [])
    stay, _ = schedine.stay_of_segment(segment, [{**shape, **given[guest.pk]} for guest, shape in people])
    assert stay is not None
    box = vault.party(party)
    try:
        with transaction.atomic():
            for (guest, _), read in zip(people, stay.guests, strict=True):
                shape = changed[guest.pk]
                columns = {**schedine.clear_columns(read), "role": guest.role}
                values = {"sealed": box.seal(shape, "guest"), "document_hash": schedine.document_hash(vault, shape), **columns}
                for name, value in values.items():
                    setattr(guest, name, value)
                guest.save(update_fields=list(values))
            _keep(
                segment, made, "segment.completed", at=now, actor=chain.actor_of(person), party=party,
                secret={"guests": [changed[guest.pk] for guest, _ in people]},
            )  # fmt: skip
    except IntegrityError:  # somebody else has just completed it
        return Corrected(None, [Problem.of("delivery.not_correctable")], [])
    return Corrected(made.delivery, [], found)
