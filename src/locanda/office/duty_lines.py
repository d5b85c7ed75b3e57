"""What the law says of many properties between two days, as lines made ready for a calendar; nothing of what was done.

Duties of returns and payments are the same for all properties of one kind and place, so they are reckoned once and shared;
stays, events and the day of opening add what is a property's own. What is owed to the police for each arrival is left out:
the segments tell of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, Property
from locanda.core import stays
from locanda.law.deadlines import When
from locanda.law.duties import Duty, dated_duties
from locanda.law.packs import Chain, Obligation, Override
from locanda.office.duty_facts import Events, core_property, credentials_of, events_of, stays_of, subject_key
from locanda.office.full_houses import EMPTY, Asked, full_houses
from locanda.office.overrides import Rules

__all__ = ["FROM_SEGMENTS", "DutyLine", "lines"]

FROM_SEGMENTS = frozenset({"IT-PS-01", "IT-PS-02", "IT-PS-03", "IT-PS-05"})
"""Duties of an arrival towards the police: check-in and the ledger of deliveries do them, nobody marks them by hand."""

_SETTLED_BEFORE = 4
"""Years after which the day of opening starts nothing any more: only its year counts."""
_STAYS_BACK = timedelta(days=135)
"""Stays so long before may still matter: the longest period that is reported by nights, and its term."""
_MOVES_BACK = timedelta(days=40)
"""... and where only comings and goings matter: the longest term after one."""


class DutyLine(NamedTuple):
    """A duty made ready for many properties. ``subject`` is empty when it is the property itself."""

    stamp: float
    obligation: str
    it: str
    en: str
    subject: str
    nominal: When
    due: datetime
    prudent_due: When
    remind_by: When
    status: str
    advised: bool
    portal: str
    authority: str | None
    sanctions: tuple[str, ...]
    duty: Duty


class _Needs(NamedTuple):
    """What the duties of a kind of property must know of its stays."""

    nights: bool
    moves: bool
    guests: bool


def lines(
    account: Account | UUID, properties: Sequence[Property], rules: Rules, from_: date, to: date
) -> list[tuple[Property, Sequence[DutyLine]]]:
    """What is due by each property, in order of time. Stays are read only where they make a difference, guests too."""
    told = events_of(account, properties)
    grouped: list[tuple[Property, Chain, bool]] = []
    who, with_guests, back = [], set(), _MOVES_BACK
    for row in properties:
        where = rules.of(row, to)
        if where is None or not row.type:
            continue
        needs = _needs(where, row.type, row.business)
        whole = needs.moves or credentials_of(row) != "active" or row.pk in told
        if whole:
            who.append(row)
            if needs.guests:
                with_guests.add(row.pk)
            back = _STAYS_BACK if needs.nights else back
        grouped.append((row, where, whole))
    slept = stays_of(account, who, from_ - back, to, guests=with_guests) if who else {}
    found: list[tuple[Property, Sequence[DutyLine]]] = []
    asked: list[Asked] = []
    ready: dict[int, DutyLine] = {}
    for row, where, whole in grouped:
        if whole and (row.pk in slept or row.pk in told):
            own = _own(where, core_property(row), slept.get(row.pk, ()), told.get(row.pk, Events()), from_, to, ready)
            found.append((row, list(own)))
            continue
        owed = _shared(*_kind_of(where, row, from_), from_, to)
        if not whole:
            asked += [Asked((len(found), place), row, rule, label) for place, rule, label in owed.empty]
        found.append((row, owed.lines))
    for place, index in sorted(full_houses(account, asked), reverse=True) if asked else ():
        row, listed = found[place]
        found[place] = row, [*listed[:index], *listed[index + 1 :]]
    return found


def _own(
    rules: Chain, core: stays.Property, slept: Sequence[stays.Stay], told: Events, from_: date, to: date,
    ready: dict[int, DutyLine],
) -> Iterator[DutyLine]:  # fmt: skip
    """With everything that happened at one property. ``ready``: lines by the identity of their duty, which they keep alive."""
    for duty in dated_duties(core, slept, told.read, from_=from_, to=to, rules=_without_police(rules)):
        line = ready.get(id(duty))
        if line is None:
            line = ready[id(duty)] = _line(duty, subject_key(duty.subject, told.ids))
        yield line


@lru_cache(maxsize=2048)
def _needs(whole: Chain, kind: str, business: bool) -> _Needs:  # noqa: FBT001 - part of a cache's key
    nights = moves = guests = False
    rules = _without_police(whole)
    for ident in rules.ids("obligation"):
        for rule in rules.versions("obligation", ident):
            if rules.binds(rule, kind, business=business) is None:
                continue
            nights = nights or rule.trigger in EMPTY
            moved = any(entry.event in ("departure", "movement", "arrival") for entry in rule.deadlines)
            moves = moves or moved
            guests = guests or (moved and rule.trigger in ("guest_exempt", "non_eu_guest"))
    return _Needs(nights, moves, guests)


def _kind_of(rules: Chain, row: Property, from_: date) -> tuple[Chain, str, bool, tuple[str, ...], date | None, str]:
    """What properties have in common that owe the same."""
    freed = tuple(name for name in ("listed_refuge", "lets_over_30_days") if getattr(row, name))
    since = row.since
    if since is not None and since.year < from_.year - _SETTLED_BEFORE:
        since = date(since.year, 1, 1)
    return rules, row.type, row.business, freed, since, credentials_of(row)


class _Owed(NamedTuple):
    """What is due by a kind of property; ``empty``: which lines are declarations of days without guests, and of which period."""

    lines: tuple[DutyLine, ...]
    empty: tuple[tuple[int, Obligation, str], ...]


@lru_cache(maxsize=4096)
def _shared(
    rules: Chain, kind: str, business: bool, freed: tuple[str, ...], since: date | None, credentials: str, from_: date, to: date  # noqa: FBT001
) -> _Owed:
    """What is due by every property of a kind and place that opened on that day, as long as nothing happened there."""
    core = stays.Property(
        type=kind, business=business, since=since, credentials=credentials, listed_refuge="listed_refuge" in freed,
        lets_over_30_days="lets_over_30_days" in freed,
    )  # fmt: skip
    duties = dated_duties(core, from_=from_, to=to, rules=_without_police(rules))
    made = tuple(_line(duty, "" if duty.subject[0][0] == "property" else subject_key(duty.subject)) for duty in duties)
    empty = (
        (place, line.duty.rule, line.subject.partition(":")[2]) for place, line in enumerate(made)
        if line.duty.rule.trigger in EMPTY and line.subject.startswith("period:")
    )  # fmt: skip
    return _Owed(made, tuple(empty))


@lru_cache(maxsize=1024)
def _without_police(rules: Chain) -> Chain:
    """The same rules without the duties that the segments tell of."""
    told = [
        ident for ident in rules.ids("obligation")
        if any({rule.id, rule.refines} & FROM_SEGMENTS for rule in rules.versions("obligation", ident))
    ]  # fmt: skip
    return rules.with_overrides(
        [Override("obligation", ident, {}, "segments tell of it", date.min, off=True) for ident in told]
    )


def _line(duty: Duty, subject: str) -> DutyLine:
    when, rule = duty.when, duty.rule
    due = when.instant
    return DutyLine(
        due.timestamp(), duty.obligation, rule.it, rule.en, subject, when.nominal, due, when.prudent_due, when.remind_by,
        rule.status, duty.advised, rule.channel, duty.authority, rule.sanctions, duty,
    )  # fmt: skip
