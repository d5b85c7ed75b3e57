"""The nights of a stay and of each guest, and how a verdict is written down (spec imposta-di-soggiorno 7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.core.time import rome_day
from locanda.law.tourist_tax.facts import lives_in
from locanda.law.tourist_tax.judging import Verdict
from locanda.law.tourist_tax.values import BEYOND_CAP, COLLECTED, NightTax

__all__ = ["Job", "is_resident", "record_of", "say", "span_of"]


class Job(NamedTuple):
    """A stay to work through: its nights as ordinals, where it stands in the input, and whether it is only history."""

    stay: Stay
    number: int
    where: str
    first: int
    end: int
    past: bool
    persons: Sequence[int]


def span_of(guest: Guest, first: int, end: int) -> tuple[int, int]:
    """The nights of a guest, whose own arrival and departure may be later and earlier than the stay's."""
    details = guest.details
    if details is None or (details.arrival is None and details.departure is None):
        return first, end
    if details.arrival is not None:
        first = max(first, rome_day(details.arrival).toordinal())
    if details.departure is not None:
        day = details.departure
        end = min(end, (rome_day(day) if hasattr(day, "hour") else day).toordinal())  # type: ignore[arg-type]
    return first, max(first, end)


def is_resident(guest: Guest, home: Property, day: date) -> bool:
    """Whether a guest lives in the comune of the property: as their status says, or as their residence shows."""
    if guest.details is not None and "resident" in guest.details.status:
        return True
    return bool(guest.residence_comune and home.comune) and lives_in(str(guest.residence_comune), home.comune, day)


def record_of(verdict: Verdict, night: date, *, beyond: bool) -> NightTax:
    """The record of a night."""
    if beyond:
        return NightTax(night, verdict.version.id, verdict.row, verdict.base, verdict.reduction, 0, BEYOND_CAP)
    amount = 0 if verdict.status == COLLECTED else verdict.amount
    return NightTax(night, verdict.version.id, verdict.row, verdict.base, verdict.reduction, amount, verdict.status)


def say(notes: dict[Problem, None], where: str, place: int, guest: Guest, verdict: Verdict) -> None:
    """What a verdict leaves open: a paper not yet handed in, a rule that no source told."""
    held = guest.details.documents_held if guest.details else ()
    for code, form in verdict.papers:
        if form not in held:
            facts = (("form", form), ("exemption", code))
            notes[Problem("tax.document.missing", f"{where}.guests[{place}].documents_held", facts)] = None
    for name in verdict.asks:
        if name == "children":
            notes[Problem.of("tax.children.unknown", f"{where}.guests[{place}]", version=verdict.version.id)] = None
        else:
            notes[Problem.of("tax.cap.unknown", where, version=verdict.version.id)] = None
