"""What must be there every day, as a checklist with photo and date, on one sheet to print: what an inspector would ask."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from locanda.archive.models import Property
from locanda.core.time import rome_day
from locanda.office import calendar as office
from locanda.office.clock import now as office_now
from locanda.office.tables import in_force
from locanda.web.duty_look import kind_of, person_words, proof_words, two
from locanda.web.files import SHOWN
from locanda.web.gate import Seat, door
from locanda.web.time_words import long_day
from locanda.web.words import say

__all__ = ["CheckSeen", "inspection", "seen_check"]


_OURS = {"sign": "signs", "prices": "prices", "insurance": "safety"}


class PhotoSeen(NamedTuple):
    """A proof on the sheet."""

    pk: UUID
    name: str
    words: str
    picture: bool
    media_type: str


class CheckSeen(NamedTuple):
    """One thing that an inspector asks for."""

    entry: Any
    title: str
    kind: str
    basis: str
    ok: bool
    tone: str
    icon: str
    seen: str
    lines: list[str]
    proof: list[str]
    photos: list[PhotoSeen]
    link: str
    done_link: str
    advised: bool
    undo: UUID | None

    @property
    def anchor(self) -> str:
        """Where the page goes back to."""
        return f"{self.entry.obligation}-{self.entry.subject.replace(':', '-')}"


@require_safe
@door()
def inspection(request: HttpRequest, property: UUID) -> HttpResponse:
    """The sheet of a property."""
    seat: Seat = request.seat
    row: Property = seat.one(seat.properties(), property)
    now = office_now()
    today = rome_day(now)
    checks = [seen_check(entry) for entry in office.standing(row, now=now)]
    comune = in_force().places.comune_row(row.comune)
    codes = ((say("standing.cin"), row.cin), (say("standing.regional"), row.regional_code))
    context = {
        "property": row, "checks": checks, "ok": sum(check.ok for check in checks), "all": len(checks),
        "today_words": long_day(today), "comune": comune.label if comune else "",
        "codes": [(label, code) for label, code in codes if code],
        "counters": [
            {"title": two(one.rule), "year": one.year, "have": one.have, "need": one.need, "satisfied": one.satisfied,
             "left": max(0, one.need - one.have)}
            for one in office.counters(row, today.year)
        ],
    }  # fmt: skip
    return render(request, "web/calendar/inspection.html", context)


def seen_check(entry: office.StandingEntry) -> CheckSeen:
    """A standing duty with everything that the sheet says of it."""
    ok = entry.done is not None
    address = [entry.property.pk, entry.obligation, entry.subject]
    ours = entry.obligation.startswith("LOC-") and not entry.basis  # no rule of any pack: there is nothing to open
    photos = [
        PhotoSeen(proof.pk, proof.name, _day(rome_day(proof.added_at)), proof.media_type in SHOWN, proof.media_type)
        for proof in entry.proofs
        if proof.media_type
    ]
    kind = _OURS.get(entry.check, "other") if ours else kind_of(entry.obligation)
    told = f"{say('standing.seen_on', day=_day(entry.seen_on))} {say('standing.by', who=person_words(entry.done))}"
    return CheckSeen(
        entry, two(entry), kind, two(entry.basis) if entry.basis else "", ok, "good" if ok else "todo",
        "check" if ok else "hand", told if ok else "", _lines(entry), [proof_words(one) for one in entry.evidence], photos,
        "" if ours else reverse("duty", args=address), reverse("duty_done", args=address), entry.advised,
        entry.done.pk if entry.done else None,
    )  # fmt: skip


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def _lines(entry: office.StandingEntry) -> list[str]:
    """The listing it is about, the devices it asks for."""
    lines = [" · ".join(part for part in (entry.site, entry.address) if part)] if entry.site or entry.address else []
    needed = entry.devices
    if needed is not None:
        if needed.extinguishers is None:
            lines.append(say("standing.area_missing"))
        else:
            lines.append(say("standing.extinguishers", n=needed.extinguishers))
        for name, wanted in (("gas", needed.gas_detector), ("co", needed.co_detector)):
            if wanted is not False:
                lines.append(say(f"device.{name}") if wanted else say(f"device.{name}_maybe"))
    return lines
