"""How the tax of a stay is told: nights with their reasons, what is missing and where it is put right, the stamp (spec 7, 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse

from locanda.archive.models import Guest, Stay
from locanda.core.problems import Problem
from locanda.law.remitting import stamp_duty
from locanda.office import correcting
from locanda.office.tax.stay_story import StayStory
from locanda.web.duty_look import euro
from locanda.web.gate import Seat
from locanda.web.words import language, say

__all__ = ["Lacking", "LineSeen", "StampSeen", "guest_label", "lacking", "line_seen", "missing", "problem_words", "stamp"]

_OF_THE_RULE = (
    "tax.rule.absent", "tax.rule.none", "tax.rate.unknown", "tax.rate.unclear", "tax.rate.missing", "tax.amount.missing",
)  # fmt: skip
"""What only the rule of the comune can say."""
_OF_THE_RECORD = ("surname", "name", "sex", "birth_date", "birth_state", "birth_comune", "citizenship", "role")
"""Facts of a guest that the schedina holds."""


class LineSeen(NamedTuple):
    """Some nights of a guest in words."""

    words: str
    why: str


class Lacking(NamedTuple):
    """What keeps the amount from being told, and where it is put right; an empty link where this person cannot."""

    words: str
    link: str
    label: str


def problem_words(problem: Problem) -> str:
    return f"{problem.message(language())} {problem.hint(language())}".strip()


def guest_label(name: str, number: int) -> str:
    return name or say("check_in.guest", n=number)


def line_seen(line: Any) -> LineSeen:
    price = say("tax_stay.at_price", amount=euro(line.amount)) if line.amount else ""
    nights = say("tax_stay.night") if line.nights == 1 else say("tax_stay.nights", n=line.nights)
    return LineSeen(f"{nights} {price}".strip(), line.reason.text(language()))


def lacking(seat: Seat, row: Stay, story: StayStory, names: list[str], problem: Problem) -> Lacking:
    """A fact of a guest is corrected with the schedina, one of the property with the property, the others on this page."""
    words, place = problem_words(problem), problem.where.removeprefix("guests[").partition("]")[0]
    if problem.code in _OF_THE_RULE and row.property.comune:
        link = reverse("tax_rules", args=[row.property_id]) if seat.may_manage else ""
        return Lacking(words, link, say("tax_stay.to_rule"))
    if problem.where.startswith("property."):
        link = reverse("property", args=[row.property_id]) if seat.may_manage else ""
        return Lacking(words, link, say("tax_stay.to_property"))
    if place.isdecimal() and int(place) < len(story.guests) and problem.where.rpartition(".")[2] in _OF_THE_RECORD:
        link = _record_link(seat, story.guests[int(place)].guest)
        return Lacking(f"{names[int(place)]}: {words}", link if seat.may_send else "", say("tax_stay.to_guest"))
    return Lacking(words, "#facts" if seat.may_send and story.asked is not None else "", say("tax_stay.facts_open"))


def _record_link(seat: Seat, guest: Guest) -> str:
    """Where the data of a guest are corrected: straight there while they can be, else to the schedina with its history."""
    rows = seat.segments().filter(party=guest.party_id, cancelled_at=None).order_by("first_day")
    first = rows.first()
    if first is None:
        return reverse("stay", args=[guest.party.stay_id])
    delivery = seat.deliveries().filter(segment=first.pk).order_by("-created_at").first()
    return reverse("correct" if delivery is not None and correcting.correctable(delivery) else "segment", args=[first.pk])


def missing(story: StayStory) -> list[tuple[str, bool, Any]]:
    found = []
    for guest in story.guests:
        for paper in guest.missing:
            words = say(
                "tax_stay.lost" if paper.lost else "tax_stay.missing", who=guest_label(guest.name, guest.number),
                form=say(f"tax_form.{paper.form}"),
            )  # fmt: skip
            found.append((words, paper.lost, paper.until))
    return found


_MONEY = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3}){0,2}|[0-9]{1,7})(?:[.,]([0-9]{1,2}))?", re.ASCII)
"""An amount in euro as people type it: ``75``, ``77,48``, ``77.48``, ``1.075,00``."""


class StampSeen(NamedTuple):
    """The stamp of the invoice or receipt that the tax stands on; ``amount`` is empty where none is due."""

    amount: str
    base: str
    typed: str
    counts: bool
    notes: list[str]


def stamp(typed: Mapping[str, str], tax: int) -> StampSeen:
    """With what else is outside VAT on the paper, as it was typed, and whether the tax is counted (spec 14)."""
    text, counts = typed.get("fuori", "").strip(), "conta" in typed
    read = _MONEY.fullmatch(text)
    outside = int(read[1].replace(".", "")) * 100 + int((read[2] or "0").ljust(2, "0")) if read else 0
    found = stamp_duty(outside, tax, counts_tax=counts)
    notes = [problem_words(one) for one in found.notes]
    return StampSeen(euro(found.amount) if found.amount else "", euro(found.base), text if read else "", counts, notes)
