"""The tax of one stay told to whoever stands at the desk: what is due and why, guest by guest, and what is missing (7.1, 9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from locanda.archive.models import Guest, GuestNight, Party, Stay, TaxedStay
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.tourist_tax import (
    ExplainedNights,
    FactsAsked,
    NightTax,
    TaxVersion,
    TouristTax,
    explained,
    facts_asked,
)  # fmt: skip
from locanda.office.tax import facts, ledger
from locanda.office.tax.receipts import Owed, owed
from locanda.office.tax.rules import InForce, TaxRules

__all__ = ["GuestStory", "MissingPaper", "StayStory", "missing_papers", "name_of", "story_of"]


class MissingPaper(NamedTuple):
    """A form that an exemption needs and that is not here. ``lost``: the guests have left without it."""

    guest: Guest
    name: str
    form: str
    code: str
    until: date
    lost: bool


class GuestStory(NamedTuple):
    """A guest with the nights put together by reason. ``name`` is empty when the police record is gone."""

    guest: Guest
    name: str
    number: int
    amount: int
    collected: int
    lines: Sequence[ExplainedNights]
    exempt: str
    missing: Sequence[MissingPaper]


class StayStory(NamedTuple):
    """Everything about the tax of a stay. ``taxed`` is None for a stay that was cancelled before it was reckoned."""

    taxed: TaxedStay | None
    owed: Owed
    guests: Sequence[GuestStory]
    versions: Sequence[TaxVersion]
    rule: InForce | None
    asked: FactsAsked | None
    problems: Sequence[Problem]
    notes: Sequence[Problem]
    parties: Sequence[Party]

    @property
    def missing(self) -> list[MissingPaper]:
        return [paper for guest in self.guests for paper in guest.missing]


def name_of(stay: Stay, guest: Guest) -> str:
    """Surname and name while the data live, else empty."""
    if guest.party.wrapped_key is None:
        return ""
    shape = Vault(stay.account).party(guest.party).open(guest.sealed, "guest")
    return " ".join(str(shape[key]) for key in ("surname", "name") if shape.get(key))


def story_of(stay: Stay) -> StayStory:
    """The stay as the ledger has it now: settle it before."""
    taxed = TaxedStay.objects.of(stay.account_id).filter(stay=stay).first()
    rule = TaxRules(stay.account_id).of(stay.property)
    people = facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])
    nights: dict[object, list[GuestNight]] = {}
    for night in ledger.nights_of(stay.account, stay):
        nights.setdefault(night.guest_id, []).append(night)
    notes = ledger.problems_of(taxed.notes) if taxed else []
    missing = missing_papers(stay, people, notes)
    tax = rule.tax if rule is not None else None
    told = [_guest(stay, guest, place, nights.get(guest.pk, ()), tax, missing) for place, guest in enumerate(people)]
    ids = taxed.versions if taxed else []
    versions = [version for ident in ids if tax is not None and (version := tax.named(ident)) is not None]
    asked = None
    if tax is not None and stay.arrival is not None:
        asked = facts_asked(tax, rome_day(stay.arrival), stay.departure_day or rome_day(stay.arrival))
    return StayStory(
        taxed, owed(stay), told, versions, rule, asked, ledger.problems_of(taxed.problems) if taxed else [],
        [note for note in notes if note.code not in (ledger.MISSING, ledger.LOST)], list(stay.parties.order_by("position")),
    )  # fmt: skip


def missing_papers(stay: Stay, people: Sequence[Guest], notes: Sequence[Problem]) -> list[MissingPaper]:
    """Whose paper is missing, by the notes of the reckoning."""
    found: list[MissingPaper] = []
    for note in notes:
        place = note.where.removeprefix("guests[").partition("]")[0]
        if note.code in (ledger.MISSING, ledger.LOST) and place.isdecimal() and int(place) < len(people):
            told, guest = dict(note.facts), people[int(place)]
            until = stay.departure_day or rome_day(stay.arrival)
            lost = note.code == ledger.LOST
            found.append(MissingPaper(guest, name_of(stay, guest), str(told["form"]), str(told["exemption"]), until, lost))
    return found


def _guest(
    stay: Stay, guest: Guest, place: int, nights: Sequence[GuestNight], tax: TouristTax | None, missing: Sequence[MissingPaper]
) -> GuestStory:
    read = [
        NightTax(one.night, one.version, one.row, one.base, one.reduction or None, one.amount, one.status, one.by)
        for one in nights
    ]
    exempt = next((one.status[7:] for one in nights if one.status.startswith("exempt:")), "")
    return GuestStory(
        guest, name_of(stay, guest), place + 1, sum(one.amount for one in nights), sum(one.collected for one in nights),
        explained(read, tax) if tax is not None else [], exempt, [one for one in missing if one.guest.pk == guest.pk],
    )  # fmt: skip
