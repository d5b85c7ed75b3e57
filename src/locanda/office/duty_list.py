"""The duties of many properties between two days: what the law says, what the segments say of the police, what was done.

Duties of returns and payments are the same for all properties of one kind and place, so they are reckoned once and shared;
stays, events and the day of opening add what is a property's own. Few questions go to the database, whatever the number of
properties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from locanda.archive.models import Account, DutyMark, Property, Segment, Stay
from locanda.archive.parts import in_parts
from locanda.core import stays
from locanda.core.time import ROME, end_of_day, last_day, rome_day, rome_midnight
from locanda.law.deadlines import When, ends_on
from locanda.law.duties import Duty, list_duties
from locanda.law.packs import Chain, Override
from locanda.law.periods import parse_period
from locanda.office.duty_facts import ONE_BY_ONE, Events, core_property, events_of, stays_of, subject_key
from locanda.office.full_houses import EMPTY, Asked, full_houses
from locanda.office.overrides import Rules

__all__ = ["FROM_SEGMENTS", "STATES", "Done", "Entry", "entries", "find", "overdue", "state_of"]

STATES = ("done", "overdue", "today", "soon", "later")
SOON = timedelta(days=14)
FROM_SEGMENTS = frozenset({"IT-PS-01", "IT-PS-02", "IT-PS-03", "IT-PS-05"})
"""Duties of an arrival towards the police: check-in and the ledger of deliveries do them, nobody marks them by hand."""

_SETTLED_BEFORE = 4
"""Years after which the day of opening starts nothing any more: only its year counts."""
_LOOK_BACK = timedelta(days=740)
_STAYS_BACK = timedelta(days=135)
"""Stays so long before may still matter: the longest period that is reported by nights, and its term."""
_MOVES_BACK = timedelta(days=40)
"""... and where only comings and goings matter: the longest term after one."""


class Done(NamedTuple):
    """The mark of a duty, as far as a list shows it; ``duty_marks.mark_of`` has all of it."""

    pk: UUID
    done_at: datetime
    done_by_id: UUID | None
    number: str


class Entry(NamedTuple):
    """A duty of a property as the calendar shows it. ``done_at`` is also there when the ledger did it and no mark was made."""

    property: Property
    obligation: str
    it: str
    en: str
    subject: str
    nominal: When
    due: datetime
    prudent_due: When
    remind_by: When
    state: str
    status: str
    advised: bool
    portal: str
    authority: str | None
    sanctions: tuple[str, ...]
    done: Done | None
    done_at: datetime | None = None

    @property
    def key(self) -> tuple[UUID, str, str]:
        """What names it for ever."""
        return self.property.pk, self.obligation, self.subject

    @property
    def from_ledger(self) -> bool:
        """Whether sending does it, so that nobody can mark it by hand."""
        return self.subject.startswith("segment:")


class _Line(NamedTuple):
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


def entries(
    account: Account | UUID, properties: Iterable[Property], *, from_: date, to: date, now: datetime
) -> list[Entry]:
    """Every duty due from one day to another, both included, in order of time."""
    listed = list(properties)
    if not listed or to < from_:
        return []
    rules = Rules(account)
    made = _marked(account, listed, _of_the_law(account, listed, rules, from_, to), now)
    made += _of_segments(account, listed, rules, from_, to, now)
    made.sort(key=itemgetter(0))
    return [entry for _, entry in made]


def _marked(
    account: Account | UUID, listed: Sequence[Property], found: Sequence[tuple[Property, _Line]], now: datetime
) -> list[tuple[float, Entry]]:
    """Each with what is known of its being done."""
    stamp, today = now.timestamp(), rome_day(now)
    marks = _marks(account, listed, {line.subject or f"property:{row.pk}" for row, line in found})
    states: dict[int, str] = {}
    made: list[tuple[float, Entry]] = []
    for row, line in found:
        subject = line.subject or f"property:{row.pk}"
        mark = marks.get((row.pk, line.obligation, subject)) if marks else None
        if mark is not None:
            state = "done"
        else:
            state = states.get(id(line), "")
            if not state:
                state = states[id(line)] = _state(line.stamp, line.due, line.remind_by, stamp, today)
        made.append((line.stamp, Entry(
            row, line.obligation, line.it, line.en, subject, line.nominal, line.due, line.prudent_due, line.remind_by, state,
            line.status, line.advised, line.portal, line.authority, line.sanctions, mark, mark.done_at if mark else None,
        )))  # fmt: skip
    return made


def overdue(account: Account | UUID, properties: Iterable[Property], *, now: datetime) -> list[Entry]:
    """What should have been done and was not, since each property is kept here (two years back at most)."""
    listed = list(properties)
    if not listed:
        return []
    first = max(rome_day(now - _LOOK_BACK), min(rome_day(row.created_at) for row in listed))
    late = entries(account, listed, from_=first, to=rome_day(now), now=now)
    return [entry for entry in late if entry.state == "overdue" and entry.due >= entry.property.created_at]


def state_of(due: datetime, remind_by: When, *, done: bool, now: datetime) -> str:
    """``done``, ``overdue``, ``today``, ``soon`` (within two weeks, or its reminder is due) or ``later``."""
    return "done" if done else _state(due.timestamp(), due, remind_by, now.timestamp(), rome_day(now))


def _state(stamp: float, due: datetime, remind_by: When, now: float, today: date) -> str:
    if stamp < now:
        return "overdue"
    day = last_day(due)
    if day == today:
        return "today"
    return "soon" if day - today <= SOON or ends_on(remind_by) <= today else "later"


# what the law says ------------------------------------------------------------------------------------------------------


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


def _of_the_law(
    account: Account | UUID, properties: Sequence[Property], rules: Rules, from_: date, to: date
) -> list[tuple[Property, _Line]]:
    """What the law says of each property. Its stays are read only where they make a difference."""
    told = events_of(account, properties)
    grouped: list[tuple[Property, Chain, stays.Property, bool]] = []
    who, guests, back = [], False, _MOVES_BACK
    for row in properties:
        where = rules.of(row, to)
        if where is None or not row.type:
            continue
        core = core_property(row)
        needs = _needs(where, core.type, core.business)
        whole = needs.moves or core.credentials != "active" or row.pk in told
        if whole:
            who.append(row)
            guests = guests or needs.guests
            back = _STAYS_BACK if needs.nights else back
        grouped.append((row, where, core, whole))
    slept = stays_of(account, who, from_ - back, to, guests=guests) if who else {}
    found: list[tuple[Property, _Line]] = []
    asked: list[Asked] = []
    for row, where, core, whole in grouped:
        if whole and (row.pk in slept or row.pk in told):
            found += [(row, line) for line in _own(where, core, slept.get(row.pk, ()), told.get(row.pk, Events()), from_, to)]
            continue
        for line in _shared(*_kind_of(where, core, from_), from_, to):
            if not whole and line.duty.rule.trigger in EMPTY and line.subject.startswith("period:"):
                asked.append(Asked(len(found), row, line.duty.rule, line.subject.partition(":")[2]))
            found.append((row, line))
    if asked:
        dropped = full_houses(account, asked)
        found = [pair for index, pair in enumerate(found) if index not in dropped]
    return found


def _own(
    rules: Chain, core: stays.Property, slept: Sequence[stays.Stay], told: Events, from_: date, to: date
) -> Iterator[_Line]:
    """With everything that happened at one property."""
    for duty in list_duties(core, slept, told.read, from_=from_, to=to, rules=_without_police(rules)).duties:
        yield _line(duty, subject_key(duty.subject, told.ids))


def _kind_of(rules: Chain, core: stays.Property, from_: date) -> tuple[Chain, str, bool, tuple[str, ...], date | None, str]:
    """What properties have in common that owe the same."""
    freed = tuple(name for name in ("listed_refuge", "lets_over_30_days") if getattr(core, name))
    since = core.since
    if since is not None and since.year < from_.year - _SETTLED_BEFORE:
        since = date(since.year, 1, 1)
    return rules, core.type, core.business, freed, since, core.credentials


@lru_cache(maxsize=4096)
def _shared(
    rules: Chain, kind: str, business: bool, freed: tuple[str, ...], since: date | None, credentials: str, from_: date, to: date  # noqa: FBT001
) -> tuple[_Line, ...]:
    """What is due by every property of a kind and place that opened on that day, as long as nothing happened there."""
    core = stays.Property(
        type=kind, business=business, since=since, credentials=credentials, listed_refuge="listed_refuge" in freed,
        lets_over_30_days="lets_over_30_days" in freed,
    )  # fmt: skip
    duties = list_duties(core, from_=from_, to=to, rules=_without_police(rules)).duties
    return tuple(_line(duty, "" if duty.subject[0][0] == "property" else subject_key(duty.subject)) for duty in duties)


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


def _line(duty: Duty, subject: str) -> _Line:
    when, rule = duty.when, duty.rule
    due = when.instant
    return _Line(
        due.timestamp(), duty.obligation, rule.it, rule.en, subject, when.nominal, due, when.prudent_due, when.remind_by,
        rule.status, duty.advised, rule.channel, duty.authority, rule.sanctions, duty,
    )  # fmt: skip


# what was done ----------------------------------------------------------------------------------------------------------


def _marks(account: Account | UUID, properties: Collection[Property], subjects: Collection[str]) -> dict[Any, Done]:
    rows = DutyMark.objects.of(account)
    if len(properties) <= ONE_BY_ONE:
        rows = rows.filter(property__in=[row.pk for row in properties])
    found: dict[Any, Done] = {}
    columns = ("property_id", "obligation", "subject", "pk", "done_at", "done_by_id", "number")
    for part in in_parts(subjects, 900):
        for row in rows.filter(subject__in=part).order_by().values_list(*columns):
            found[row[:3]] = Done(*row[3:])
    return found


def _of_segments(
    account: Account | UUID, properties: Sequence[Property], rules: Rules, from_: date, to: date, now: datetime
) -> Iterator[tuple[float, Entry]]:
    """What is due to the police: one entry a segment, done when it is settled."""
    by_id = {row.pk: row for row in properties}
    rows = Segment.objects.of(account).filter(
        legal_due__gte=rome_midnight(from_), legal_due__lte=end_of_day(to), cancelled_at=None
    )  # fmt: skip
    if len(by_id) <= ONE_BY_ONE:
        rows = rows.filter(property__in=list(by_id))
    stamp, today = now.timestamp(), rome_day(now)
    heads: dict[tuple[int, str, date], tuple[Any, ...] | None] = {}
    values = rows.order_by().values_list("pk", "property_id", "obligation", "legal_due", "prudent_due", "settled_at")
    for ident, where, obligation, legal, safe, settled in values:
        row = by_id.get(where)
        if row is None:
            continue
        chain = rules.of(row, to)
        due = legal.astimezone(ROME)
        prudent = due if safe == legal else safe.astimezone(ROME)
        key = (id(chain), obligation, due.date())
        head = heads[key] if key in heads else heads.setdefault(key, _head(chain, obligation, due.date()))
        if head is None:
            continue
        it, en, status, channel, authority, sanctions = head
        at = due.timestamp()
        state = "done" if settled else _state(at, due, prudent, stamp, today)
        yield at, Entry(
            row, obligation, it, en, f"segment:{ident}", due, due, prudent, prudent, state, status, False, channel, authority,  # noqa: FBT003
            sanctions, None, settled,
        )  # fmt: skip


def _head(rules: Chain | None, obligation: str, on: date) -> tuple[Any, ...] | None:
    rule = rules.obligation(obligation, on) if rules else None
    if rules is None or rule is None:
        return None
    contacts = rules.contacts(obligation, on)
    return rule.it, rule.en, rule.status, rule.channel, contacts[0].office if contacts else None, rule.sanctions


# one duty ---------------------------------------------------------------------------------------------------------------


def find(property: Property, obligation: str, subject: str, *, now: datetime) -> tuple[Entry, Duty | None] | None:
    """One duty of a property with what the law says of it; None when it is not due (any more). Police duties have no Duty."""
    first, last = _around(property, subject, now)
    account, rules = property.account_id, Rules(property.account_id)
    if subject.startswith("segment:"):
        told = (entry for _, entry in _of_segments(account, [property], rules, first, last, now))
        return next(((one, None) for one in told if (one.obligation, one.subject) == (obligation, subject)), None)
    for row, line in _of_the_law(account, [property], rules, first, last):
        if line.obligation == obligation and (line.subject or f"property:{property.pk}") == subject:
            return _marked(account, [property], [(row, line)], now)[0][1], line.duty
    return None


def _around(property: Property, subject: str, now: datetime) -> tuple[date, date]:
    """Days between which the term of a subject lies."""
    kind, _, rest = subject.partition(":")
    ident = rest.split(",")[0]
    today = rome_day(now)
    if kind == "period":
        try:
            period = parse_period(ident)
        except ValueError:
            return today, today
        return period.first - timedelta(days=400), period.last + timedelta(days=800)
    if kind in ("segment", "stay"):
        day = _first_day(property, kind, ident)
        return (day - timedelta(days=3), day + timedelta(days=430)) if day else (today, today)
    start = property.since or rome_day(property.created_at)
    return max(min(start, today) - timedelta(days=400), today.replace(day=1) - timedelta(days=3660)), today + timedelta(days=740)


def _first_day(property: Property, kind: str, ident: str) -> date | None:
    try:
        key = UUID(ident)
    except ValueError:
        return None
    if kind == "segment":
        found: date | None = Segment.objects.of(property.account_id).filter(pk=key).values_list("first_day", flat=True).first()
        return found
    arrival = Stay.objects.of(property.account_id).filter(pk=key).values_list("arrival", flat=True).first()
    return rome_day(arrival) if arrival else None
