"""What lasts: the checklist of what a municipal inspector asks to see, and the counters of the year.

The packs say what has to stand; three things that inspectors ask for anywhere (the sign, the prices, the insurance) are on the
list even where no pack vouches for a rule, marked as unverified and only advised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import DutyEvent, DutyMark, DutyProof, Property
from locanda.core.time import rome_day
from locanda.law.deadlines import When
from locanda.law.duties import list_duties
from locanda.law.lasting import Counting, Standing
from locanda.law.packs import Chain, Words
from locanda.law.safety import Devices, area_of, devices
from locanda.office.duty_facts import core_property, events_of, floors
from locanda.office.overrides import rules_of

__all__ = ["CHECKS", "StandingEntry", "check_of", "counters", "standing"]

CHECKS: Mapping[str, tuple[str, ...]] = {
    "cin_outside": ("CIN", "IUN"),
    "listing": (),
    "sign": ("SEG", "CON"),
    "prices": ("PRZ", "TAR"),
    "devices": ("SIC",),
    "insurance": ("ASS",),
    "other": (),
}
"""What an inspector looks at, in that order, with the families of duties that belong there."""

OURS: Mapping[str, tuple[str, Words]] = {
    "sign": (
        "LOC-SIGN", Words("Targa o insegna, se la regione o il comune la chiede", "Sign, where region or comune ask for one")
    ),
    "prices": (
        "LOC-PRICES", Words("Prezzi esposti, se la regione li chiede", "Price list on show, where the region asks for it")
    ),
    "insurance": (
        "LOC-INSURANCE", Words("Polizza di responsabilità civile verso gli ospiti", "Liability insurance towards guests")
    ),
}  # fmt: skip
"""Ours, and nobody's rule, where the packs have none of that kind."""


class StandingEntry(NamedTuple):
    """One thing to show. ``check`` is a key of :data:`CHECKS`; ``address`` that of a listing; ``photo`` the newest one."""

    property: Property
    check: str
    obligation: str
    it: str
    en: str
    subject: str
    since: When | None
    status: str
    advised: bool
    portal: str
    authority: str | None
    sanctions: tuple[str, ...]
    evidence: tuple[str, ...]
    basis: Words | None
    done: DutyMark | None = None
    proofs: tuple[DutyProof, ...] = ()
    address: str = ""
    site: str = ""
    devices: Devices | None = None

    @property
    def state(self) -> str:
        return "done" if self.done else "open"

    @property
    def seen_on(self) -> date | None:
        """The day on which it was seen to be there."""
        return rome_day(self.done.done_at) if self.done else None

    @property
    def photo(self) -> DutyProof | None:
        """The newest photo of it."""
        return next((proof for proof in reversed(self.proofs) if proof.kind == DutyProof.Kind.PHOTO), None)


def check_of(obligation: str, event: str | None) -> str:
    """Under which heading of the checklist a standing duty goes."""
    if event == "listing_published" or obligation == "IT-CIN-03":
        return "listing"
    parts = obligation.split("-")
    return next((check for check, families in CHECKS.items() if set(families) & set(parts)), "other")


def standing(property: Property, *, now: datetime) -> list[StandingEntry]:
    """The checklist of a property, in the order in which an inspector goes round."""
    today = rome_day(now)
    rules = rules_of(property, today)
    if rules is None or not property.type:
        return []
    marks = _marks(property)
    listings = list(DutyEvent.objects.of(property.account_id).filter(
        property=property, kind="listing_published", withdrawn_at=None
    ))  # fmt: skip
    told = events_of(property.account_id, [property]).get(property.pk)
    answer = list_duties(
        core_property(property), (), told.read if told else (), from_=today, to=today, as_of=now, rules=rules
    )  # fmt: skip
    found = [entry for duty in answer.standing for entry in _of(property, duty, rules, today, listings, marks)]
    there = {entry.check for entry in found}
    for check, (ident, words) in OURS.items():
        if check not in there:
            mark, proofs = marks.get((ident, "standing"), (None, ()))
            found.append(StandingEntry(
                property, check, ident, words.it, words.en, "standing", None, "unverified", True, "premises", None, (),  # noqa: FBT003
                ("dated_photo",), None, mark, proofs,
            ))  # fmt: skip
    order = list(CHECKS)
    return sorted(found, key=lambda entry: (order.index(entry.check), entry.obligation, entry.site, entry.address))


def _of(
    property: Property, duty: Standing, rules: Chain, today: date, listings: list[DutyEvent],
    marks: Mapping[tuple[str, str], tuple[DutyMark, tuple[DutyProof, ...]]],
) -> Iterator[StandingEntry]:  # fmt: skip
    rule, check = duty.rule, check_of(duty.obligation, duty.event)
    needed = None
    if duty.obligation == "IT-SIC-01" or rule.refines == "IT-SIC-01":
        gas = {"yes": True, "no": False}.get(property.gas)  # one question for both: gas, or anything that gives off monoxide
        needed = devices(
            floors(property), gas_system=gas, co_excluded=None if gas is None else not gas,
            area=area_of(rules, today),
        )  # fmt: skip
    places: list[tuple[str, str, str]] = [("standing", "", "")]
    if check == "listing" and listings:
        places = [(f"event:{row.pk}", str(row.data.get("url", "")), str(row.data.get("name", ""))) for row in listings]
    for subject, address, site in places:
        mark, proofs = marks.get((duty.obligation, subject), (None, ()))
        yield StandingEntry(
            property, check, duty.obligation, rule.it, rule.en, subject, duty.since, rule.status, duty.advised, rule.channel,
            duty.authority, rule.sanctions, rule.evidence, rule.basis, mark, proofs, address, site, needed,
        )  # fmt: skip


def _marks(property: Property) -> dict[tuple[str, str], tuple[DutyMark, tuple[DutyProof, ...]]]:
    rows = DutyMark.objects.of(property.account_id).filter(property=property).exclude(subject__startswith="period:")
    found = {}
    for mark in rows.select_related("account", "done_by"):
        found[mark.obligation, mark.subject] = (mark, [])
    proofs = DutyProof.objects.of(property.account_id).filter(mark__in=[mark.pk for mark, _ in found.values()])
    by_mark: dict[UUID, list[DutyProof]] = {mark.pk: inside for mark, inside in found.values()}
    for proof in proofs.select_related("account").defer("sealed"):
        by_mark[proof.mark_id].append(proof)
    return {key: (mark, tuple(inside)) for key, (mark, inside) in found.items()}


def counters(property: Property, year: int) -> tuple[Counting, ...]:
    """The numbers to be reached within a year: the days of closure."""
    last = date(year, 12, 31)
    rules = rules_of(property, last)
    if rules is None or not property.type:
        return ()
    told = events_of(property.account_id, [property]).get(property.pk)
    core = core_property(property)
    return list_duties(core, (), told.read if told else (), from_=date(year, 1, 1), to=last, rules=rules).counters
