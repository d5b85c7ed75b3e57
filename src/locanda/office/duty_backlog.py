"""What was due before Locanda: a house that has been open for years says once, with a day, that all of it was done.

Nobody's proof is invented: such a mark says that a person declared it, who and when, and stands apart from what was done here.
What the ledger of deliveries does is never marked, and what is of the time since is not either: that is opened one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from locanda.archive import chain
from locanda.archive.models import Account, DutyMark, Person, Property
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.deadlines import ends_on
from locanda.office.duty_list import Entry, entries

__all__ = ["LOOK_BACK", "Bundle", "bundles", "declare_done", "declared", "take_back"]

LOOK_BACK = timedelta(days=5 * 366)
"""A breach is time-barred after five years (L. 689/1981 art. 28): what is older asks nobody anything."""


class Bundle(NamedTuple):
    """The terms of one duty at one property that had passed when the property came here."""

    property: Property
    obligation: str
    it: str
    en: str
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        return f"{self.property.pk}:{self.obligation}"

    @property
    def first(self) -> date:
        return ends_on(self.entries[0].nominal)

    @property
    def last(self) -> date:
        return ends_on(self.entries[-1].nominal)


def bundles(account: Account, properties: Iterable[Property], *, until: date, now: datetime) -> list[Bundle]:
    """What was due by a day and before each property came here, and is not marked; by property, then in order of time."""
    listed = list(properties)
    last = min(until, rome_day(now))
    first = rome_day(now) - LOOK_BACK
    found: dict[tuple[UUID, str], list[Entry]] = {}
    for entry in entries(account, listed, from_=first, to=last, now=now):
        if entry.was_before and not entry.from_ledger:
            found.setdefault((entry.property.pk, entry.obligation), []).append(entry)
    made = [Bundle(mine[0].property, mine[0].obligation, mine[0].it, mine[0].en, tuple(mine)) for mine in found.values()]
    return sorted(made, key=lambda bundle: (bundle.property.name, bundle.first, bundle.obligation))


def declare_done(
    account: Account, chosen: Collection[Bundle], *, until: date, now: datetime, person: Person | None
) -> tuple[int, list[Problem]]:
    """All of these were done. One event a property tells how many and until when; the number of marks."""
    if until > rome_day(now):
        return 0, [Problem.of("mark.done_at.future", "until")]
    made = 0
    with transaction.atomic():
        for property in {bundle.property.pk: bundle.property for bundle in chosen}.values():
            mine = [entry for bundle in chosen if bundle.property.pk == property.pk for entry in bundle.entries]
            rows = [_mark(account, entry, until, now, person) for entry in mine]
            subjects = {row.subject for row in rows}
            known = set(
                DutyMark.objects.of(account).filter(property=property, subject__in=subjects).values_list("obligation", "subject")
            )
            fresh = [row for row in rows if (row.obligation, row.subject) not in known]
            DutyMark.everywhere.bulk_create(fresh, ignore_conflicts=True)  # who marked one by hand meanwhile keeps their mark
            made += len(fresh)
            if fresh:
                _tell(account, property, "duty.before", now, person, marks=len(fresh), until=until.isoformat())
    return made, []


def _mark(account: Account, entry: Entry, until: date, now: datetime, person: Person | None) -> DutyMark:
    """Done when nobody knows, but not after the day that was named."""
    by_then = datetime.combine(until, time(12), ROME)
    return DutyMark(
        account=account, property=entry.property, obligation=entry.obligation, subject=entry.subject, done_at=min(by_then, now),
        done_by=person, before=True, created_at=now,
    ).check_account()  # fmt: skip


def declared(account: Account, properties: Iterable[Property]) -> int:
    """How many duties are marked that way, without a proof."""
    return _bare(account, [row.pk for row in properties]).count()


def take_back(account: Account, properties: Sequence[Property], *, now: datetime, person: Person | None) -> int:
    """It was a mistake: the marks that were made at once go, but for those that got a proof since. How many."""
    gone = 0
    with transaction.atomic():
        for property in properties:
            count, _ = _bare(account, [property.pk]).delete()
            gone += count
            if count:
                _tell(account, property, "duty.before_undone", now, person, marks=count)
    return gone


def _bare(account: Account, properties: Sequence[UUID]) -> QuerySet[DutyMark]:
    return DutyMark.objects.of(account).filter(property__in=properties, before=True, proofs=None)


def _tell(account: Account, property: Property, kind: str, now: datetime, person: Person | None, **data: object) -> None:
    actor = chain.actor_of(person)
    chain.append(account, kind, at=now, actor=actor, subject=f"property:{property.pk}", data=data)
