"""What every guest owes for every night, kept as a ledger (spec imposta-di-soggiorno 7.1, 7.8, 9.1).

Provisional while the guests are there, final from the day they leave. :func:`settle` may be called at any time and for any stay:
it reckons again only what changed. A final night is never changed; a later reckoning supersedes it and the history says so.

After the day of departure an exemption whose paper is not here is lost (3.4); until then a stay that lacks one is not final.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from locanda.archive import chain
from locanda.archive.models import Account, Guest, GuestNight, Property, Stay, TaxedStay
from locanda.core import stays as core
from locanda.core.problems import Problem
from locanda.core.time import rome_day, rome_midnight
from locanda.law.authorities import comune_code
from locanda.law.remitting import ledger_nights
from locanda.law.tourist_tax import Reckoning, TouristTax
from locanda.law.tourist_tax.words import exemption_facts
from locanda.office.tax import facts
from locanda.office.tax.collecting import nothing_due
from locanda.office.tax.rules import TaxRules

__all__ = ["LOST", "MISSING", "Reckoned", "looks_back", "nights_of", "problems_of", "reckon", "settle", "settle_due"]

log = logging.getLogger(__name__)

MISSING, LOST = "tax.document.missing", "tax.exemption.lost"
"""Notes about the paper of an exemption: it may still come, or it is too late."""
_LOOK_BACK = timedelta(days=400)
_BATCH = 200


class Reckoned(NamedTuple):
    """The tax of a stay as of now, not stored. ``reckoning`` is None when something keeps it open."""

    reckoning: Reckoning | None
    problems: tuple[Problem, ...]
    inputs: str
    guests: Sequence[Guest]
    read: core.Stay | None


def reckon(stay: Stay, rules: TaxRules | None = None, *, papers_due: bool = False) -> Reckoned:
    """Compute the tax of a stored stay, its guests' earlier nights included."""
    rules = rules or TaxRules(stay.account_id)
    guests = facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])
    rule = rules.of(stay.property)
    reckoner = rules.reckoner(stay.property, papers_due=papers_due)
    shape = facts.shape_of(stay, guests)
    if rule is None or reckoner is None:
        problem = Problem.of("tax.rule.absent", "property.comune", comune=stay.property.comune)
        return Reckoned(None, (problem,), _digest([shape, None]), guests, None)
    (read, problems), *_ = facts.core_stays([stay], {stay.pk: guests})
    past = _past(stay, guests, rule.comune, _scopes(rule.tax))
    earlier = facts.core_stays(past, facts.guests_of(stay.account_id, [row.pk for row in past]))
    told = [facts.shape_of(row, ()) | {"who": str(row.pk), "facts": repr(one[0])} for row, one in zip(past, earlier, strict=True)]
    inputs = _digest([shape, rule.fingerprint, repr(reckoner.home), told, papers_due])
    if read is None or problems:
        return Reckoned(None, tuple(problems), inputs, guests, read)
    if read.departure_day is None:
        return Reckoned(None, (Problem.of("tax.departure.missing", "departure"),), inputs, guests, read)
    found = reckoner.reckon([read], [one for one, _ in earlier])
    outside = tuple(problem._replace(where=_within(problem.where)) for problem in found.problems)
    return Reckoned(found if not outside and found.stays else None, outside, inputs, guests, read)


def _within(where: str) -> str:
    return where.removeprefix("stays[0]").lstrip(".")


def _scopes(tax: TouristTax) -> frozenset[str]:
    """How far limits that look beyond one stay look."""
    caps = (cap for version in tax.versions for cap in version.caps if cap.nights is not None)
    return frozenset(cap.scope for cap in caps if cap.carry_over or cap.window == "run")


def _past(stay: Stay, guests: Sequence[Guest], comune: str, scopes: frozenset[str]) -> list[Stay]:
    """Earlier stays of the same people that the limits may count: in this property, or in all of the operator's in the comune."""
    hashes = {guest.person_hash for guest in guests} - {""}
    if not hashes or stay.arrival is None or not scopes:
        return []
    rows = Stay.objects.of(stay.account_id).filter(
        status=Stay.Status.CHECKED_IN, parties__guests__person_hash__in=hashes, arrival__lte=stay.arrival,
        arrival__gte=stay.arrival - _LOOK_BACK,
    ).exclude(pk=stay.pk).select_related("property", "account", "unit").distinct()  # fmt: skip
    if scopes == {"structure"}:
        rows = rows.filter(property=stay.property_id)
    found = [row for row in rows if _before(row, stay)]
    if scopes != {"structure"}:
        found = [row for row in found if row.property_id == stay.property_id or _comune(row.property) == comune]
    return sorted(found, key=lambda row: (row.arrival, str(row.pk)))


def looks_back(tax: TouristTax) -> bool:
    """Whether some limit counts nights of earlier stays as well."""
    return bool(_scopes(tax))


def _before(row: Stay, stay: Stay) -> bool:
    return (row.arrival, str(row.pk)) < (stay.arrival, str(stay.pk))


def _comune(property: Property) -> str:
    return str(comune_code(property.comune, date.max))


def _digest(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# --------------------------------------------------------------------------------------------------------------- storing


def settle(stays: Iterable[Stay], *, now: datetime, rules: TaxRules | None = None) -> list[TaxedStay]:
    """Bring the ledger of these stays up to date; then of later stays whose limits of nights hang on them."""
    waiting = list(stays)
    seen: set[tuple[UUID, str]] = set()
    found: dict[UUID, TaxedStay] = {}
    by_account: dict[UUID, TaxRules] = {}
    while waiting:
        stay = waiting.pop(0)
        mine = rules or by_account.setdefault(stay.account_id, TaxRules(stay.account_id))
        taxed, changed, guests = _settle(stay, mine, now)
        if taxed is not None:
            found[stay.pk] = taxed
        if changed:
            for later in _later(stay, guests):
                key = (later.pk, taxed.inputs if taxed else "")
                if key not in seen:
                    seen.add(key)
                    waiting.append(later)
    return list(found.values())


def _later(stay: Stay, guests: Sequence[Guest]) -> list[Stay]:
    """Stays of the same people after this one that were reckoned already."""
    hashes = {guest.person_hash for guest in guests} - {""}
    if not hashes:
        return []
    rows = Stay.objects.of(stay.account_id).filter(
        parties__guests__person_hash__in=hashes, arrival__gte=stay.arrival, arrival__lte=stay.arrival + _LOOK_BACK,
        taxed__isnull=False,
    ).exclude(pk=stay.pk).select_related("property", "account", "unit").distinct().order_by("arrival", "pk")  # fmt: skip
    return list(rows)


def _settle(stay: Stay, rules: TaxRules, now: datetime) -> tuple[TaxedStay | None, bool, Sequence[Guest]]:
    """One stay; whether anything changed. Of one whose facts are gone what was final stays final."""
    if stay.statistics_closed_at is not None:
        return TaxedStay.objects.of(stay.account_id).filter(stay=stay).first(), False, ()
    if stay.status == Stay.Status.DRAFT or stay.arrival is None:
        return None, False, ()
    if stay.status == Stay.Status.CANCELLED:
        return _void(stay, now)
    today = rome_day(now)
    made = reckon(stay, rules, papers_due=stay.departure_day is not None and stay.departure_day < today)
    departure = stay.departure_day or (made.read.departure_day if made.read else None)
    over = departure is not None and departure <= today and not (departure == today and _papers_missing(made))
    state = TaxedStay.State.STUCK if made.reckoning is None else TaxedStay.State.FINAL if over else TaxedStay.State.PROVISIONAL
    with transaction.atomic():
        mine = TaxedStay.objects.of(stay.account_id).select_for_update(no_key=True).filter(stay=stay)
        taxed = mine.first()
        if taxed is None:  # two pages that reckon it for the first time: one after the other
            Stay.objects.of(stay.account_id).select_for_update(no_key=True).only("pk").get(pk=stay.pk)
            taxed = mine.all().first()
        if taxed is not None and taxed.inputs == made.inputs and taxed.state == state:
            if rome_day(taxed.reckoned_at) != today:  # looked at today: the engine need not come back before tomorrow
                TaxedStay.objects.of(stay.account_id).filter(pk=taxed.pk).update(reckoned_at=now)
            return taxed, False, made.guests
        first = (made.read.first_night if made.read else None) or rome_day(stay.arrival)
        if taxed is None:
            taxed = TaxedStay(account_id=stay.account_id, stay=stay)
        before = (taxed.inputs, taxed.total, taxed.state)
        taxed.property, taxed.state, taxed.inputs, taxed.reckoned_at = stay.property, state, made.inputs, now
        taxed.first_night, taxed.departure = first, departure or first
        _fill(taxed, made)
        taxed.save()
        _write_nights(stay, made, final=state == TaxedStay.State.FINAL, now=now)
        if state == TaxedStay.State.FINAL or before[2] == TaxedStay.State.FINAL:
            nothing_due(stay, taxed, now=now)
            data = {"total": taxed.total, "state": taxed.state, "versions": taxed.versions, "inputs": made.inputs}
            chain.append(stay.account, "tax.settled", at=now, actor=chain.ENGINE, subject=f"stay:{stay.pk}", data=data)
    return taxed, True, made.guests


def _papers_missing(made: Reckoned) -> bool:
    """Whether somebody may still sign for an exemption, until the day of departure is over."""
    return made.reckoning is not None and any(note.code == MISSING for note in made.reckoning.notes)


def _fill(taxed: TaxedStay, made: Reckoned) -> None:
    found = made.reckoning
    taxed.total = found.stays[0].total if found else 0
    taxed.collected = sum(guest.collected for guest in found.stays[0].guests) if found else 0
    taxed.versions, taxed.status = list(found.versions) if found else [], (found.status or "") if found else ""
    taxed.problems = [_kept(problem) for problem in made.problems]
    taxed.notes = [_kept(note) for note in found.notes] if found else []


def _kept(problem: Problem) -> list[Any]:
    return [problem.code, _within(problem.where), [list(fact) for fact in problem.facts]]


def problems_of(told: Iterable[Sequence[Any]]) -> list[Problem]:
    """What was stored as problems or notes, as problems again; those of a paper in words, also where they were stored without."""
    found = [Problem(code, where, tuple((name, value) for name, value in facts)) for code, where, facts in told]
    return [
        one._replace(facts=exemption_facts(str(one.fact("exemption")), str(one.fact("form"))))
        if one.code in (MISSING, LOST) and one.fact("it") is None else one
        for one in found
    ]  # fmt: skip


def _write_nights(stay: Stay, made: Reckoned, *, final: bool, now: datetime) -> None:
    _take_away(stay, now)
    if made.reckoning is None or made.read is None:
        return
    channel = (made.read.channel or "")[:40]
    room = (made.read.units[0] if made.read.units else "")[:60]
    (tax,) = made.reckoning.stays
    shares = ledger_nights("", tax)  # what a portal collects, night by night
    rows = [
        GuestNight(
            account_id=stay.account_id, property_id=stay.property_id, stay=stay, guest=guest, night=night.night,
            status=night.status, base=night.base, reduction=night.reduction or "", amount=night.amount,
            collected=shares.pop(0).portal, version=night.version, row=night.row, by=night.by,
            room=room, channel=channel, final=final,
        )
        for guest, taxed in zip(made.guests, tax.guests, strict=True)
        for night in taxed.nights
    ]  # fmt: skip
    GuestNight.everywhere.bulk_create(rows, batch_size=200)


def _take_away(stay: Stay, now: datetime) -> None:
    """Provisional nights go; final ones are superseded and stay to be seen."""
    mine = GuestNight.objects.of(stay.account_id).filter(stay=stay, superseded_at=None)
    mine.filter(final=False).delete()
    mine.update(superseded_at=now)


def _void(stay: Stay, now: datetime) -> tuple[TaxedStay | None, bool, Sequence[Guest]]:
    """A stay that was cancelled owes nothing."""
    with transaction.atomic():
        taxed = TaxedStay.objects.of(stay.account_id).select_for_update(no_key=True).filter(stay=stay).first()
        if taxed is None or taxed.inputs == "":
            return taxed, False, ()
        taxed.state, taxed.total, taxed.collected, taxed.inputs, taxed.reckoned_at = TaxedStay.State.FINAL, 0, 0, "", now
        taxed.problems = taxed.notes = []
        taxed.save()
        _take_away(stay, now)
        chain.append(stay.account, "tax.voided", at=now, actor=chain.ENGINE, subject=f"stay:{stay.pk}")
    return taxed, True, facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])


def settle_due(now: datetime) -> int:
    """A job of the engine: stays not reckoned yet, those whose guests have left, those whose departure changed."""
    today = rome_day(now)
    fresh = Q(taxed=None, status=Stay.Status.CHECKED_IN)
    left = Q(taxed__state=TaxedStay.State.PROVISIONAL) & (
        Q(taxed__departure__lt=today) | Q(taxed__departure=today, taxed__reckoned_at__lt=rome_midnight(today))
    )
    moved = Q(taxed__isnull=False, status=Stay.Status.CHECKED_IN) & ~Q(taxed__departure=F("departure_day"))
    stale = Q(taxed__inputs="", status=Stay.Status.CHECKED_IN)  # a rule changed
    gone = Q(taxed__isnull=False, status=Stay.Status.CANCELLED) & ~Q(taxed__inputs="")
    rows = Stay.everywhere.filter(fresh | left | moved | stale | gone, statistics_closed_at=None).exclude(departure_day=None)
    due = list(rows.select_related("property", "account", "unit").order_by("arrival")[:_BATCH])
    done = 0
    for stay in due:
        try:
            done += len(settle([stay], now=now))
        except Exception as error:  # one stay's trouble is not another's; a traceback could carry a guest's data
            log.error("the tax of a stay could not be reckoned: %s", type(error).__name__)
    return done


def nights_of(account: Account | UUID, stay: Stay) -> list[GuestNight]:
    """The nights of a stay that stand, guest by guest."""
    rows = GuestNight.objects.of(account).filter(stay=stay, superseded_at=None).select_related("guest")
    return list(rows.order_by("guest__position", "night"))
