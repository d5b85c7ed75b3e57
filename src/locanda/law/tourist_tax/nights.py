"""The nights of a stay and of each guest, and how a verdict is written down (spec imposta-di-soggiorno 7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.core.time import ROME, rome_day
from locanda.law.tourist_tax.cells import every_when
from locanda.law.tourist_tax.facts import lives_in
from locanda.law.tourist_tax.judging import Verdict
from locanda.law.tourist_tax.rules import TaxVersion
from locanda.law.tourist_tax.values import BEYOND_CAP, COLLECTED, NightTax
from locanda.law.tourist_tax.words import exemption_facts

__all__ = ["EARLY", "Job", "asks_residents", "is_early", "is_resident", "misplaced", "own_days", "record_of", "say", "span_of"]

EARLY = 6
"""Who arrives before this hour may have slept the night before (interfaces: ``first_night``)."""

_DAY = timedelta(days=1)
_UNKNOWN = {"cap": "tax.cap.unknown", "children": "tax.children.unknown", "exemptions": "tax.exemptions.unknown"}


class Job(NamedTuple):
    """A stay to work through: its nights as ordinals, where it stands in the input, and whether it is only history."""

    stay: Stay
    number: int
    where: str
    first: int
    end: int
    past: bool
    persons: Sequence[int]


def own_days(guest: Guest) -> tuple[date | None, date | None]:
    """The days in Italy on which a guest came and left, where they differ from the stay's."""
    details = guest.details
    if details is None:
        return None, None
    arrival, departure = details.arrival, details.departure
    return (
        None if arrival is None else rome_day(arrival),
        rome_day(departure) if isinstance(departure, datetime) else departure,
    )


def span_of(guest: Guest, job: Job) -> tuple[int, int]:
    """The nights of a guest, who may come later and leave earlier than the others; who came with them has their first night."""
    came, left = own_days(guest)
    first = job.first if came is None or came <= job.stay.arrival_day else came.toordinal()
    return first, max(first, job.end if left is None else min(job.end, left.toordinal()))


def is_early(moment: datetime) -> bool:
    """Whether the night before may have been slept too. Shapes hold instants of Rome already."""
    return (moment if moment.tzinfo is ROME else moment.astimezone(ROME)).hour < EARLY


def misplaced(stay: Stay, where: str) -> list[Problem]:
    """Days of a stay that cannot be: a first night that is not that of the arrival, a guest there before or after the stay."""
    found: list[Problem] = []
    arrival, departure = stay.arrival_day, stay.departure_day
    early = is_early(stay.arrival)
    if stay.first_night is not None and stay.first_night not in (arrival, arrival - _DAY if early else arrival):
        found.append(Problem.of("tax.first_night.impossible", f"{where}.first_night", night=stay.first_night, arrival=arrival))
    for place, guest in enumerate(stay.guests):
        came, left = own_days(guest)
        at = f"{where}.guests[{place}]"
        if came is not None and not (arrival <= came and (departure is None or came <= departure)):
            found.append(Problem.of("tax.guest.outside", f"{at}.arrival", day=came, arrival=arrival, departure=departure))
        if left is not None and not ((came or arrival) <= left and (departure is None or left <= departure)):
            found.append(Problem.of("tax.guest.outside", f"{at}.departure", day=left, arrival=arrival, departure=departure))
    return found


def is_resident(guest: Guest, home: Property, day: date) -> bool:
    """Whether a guest lives in the comune of the property: as their status says, or as their residence shows."""
    if guest.details is not None and "resident" in guest.details.status:
        return True
    return bool(guest.residence_comune and home.comune) and lives_in(str(guest.residence_comune), home.comune, day)


def asks_residents(version: TaxVersion) -> bool:
    """Whether some row speaks of residents by their status."""
    return any(
        condition.key == "status" and "resident" in (condition.words or ()) for when in every_when(version) for condition in when
    )


def record_of(verdict: Verdict, night: date, *, beyond: bool) -> NightTax:
    """The record of a night."""
    if beyond:
        return NightTax(night, verdict.version.id, verdict.row, verdict.base, verdict.reduction, 0, BEYOND_CAP, verdict.by)
    amount = 0 if verdict.status == COLLECTED else verdict.amount
    by = None if verdict.taxed else verdict.by
    return NightTax(night, verdict.version.id, verdict.row, verdict.base, verdict.reduction, amount, verdict.status, by)


def say(notes: dict[Problem, None], where: str, place: int, guest: Guest, verdict: Verdict) -> None:
    """What a verdict leaves open: a paper not yet handed in, a rule that no source told."""
    held = guest.details.documents_held if guest.details else ()
    for code, form in verdict.papers:
        if form not in held:
            notes[Problem("tax.document.missing", f"{where}.guests[{place}].documents_held", exemption_facts(code, form))] = None
    for code, form in verdict.lost:
        notes[Problem("tax.exemption.lost", f"{where}.guests[{place}].documents_held", exemption_facts(code, form))] = None
    for name in verdict.asks:
        at = f"{where}.guests[{place}]" if name == "children" else where
        notes[Problem.of(_UNKNOWN[name], at, version=verdict.version.id)] = None
    for doubt in verdict.doubts:
        at = f"{where}.guests[{place}]" if doubt.personal else where
        notes[Problem.of("tax.doubt", at, version=verdict.version.id, it=doubt.text.it, en=doubt.text.en)] = None
