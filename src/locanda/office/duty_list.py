"""The duties of many properties between two days: what the law says, what the segments say of the police, what was done.

Few questions go to the database, whatever the number of properties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models.functions import NullIf

from locanda.archive.models import Account, DutyMark, Property, Segment, Stay
from locanda.archive.parts import in_parts
from locanda.core.time import ROME, end_of_day, last_day, rome_day, rome_midnight
from locanda.law.deadlines import When, ends_on
from locanda.law.duties import Duty
from locanda.law.duty_plan import authority_on
from locanda.law.packs import Chain
from locanda.law.periods import parse_period
from locanda.office.duty_facts import ONE_BY_ONE
from locanda.office.duty_lines import DutyLine, lines
from locanda.office.overrides import Rules

__all__ = ["STATES", "Entry", "entries", "find", "overdue"]

STATES = ("done", "overdue", "today", "soon", "later")
SOON = timedelta(days=14)
_LOOK_BACK = timedelta(days=740)


class Entry(NamedTuple):
    """A duty of a property as the calendar shows it. ``done_at``: when it was marked as done, or when the ledger did it;
    ``duty_marks.mark_of`` has the mark. ``stamp``: ``due`` as a number, by which lists are sorted."""

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
    done_at: datetime | None
    stamp: float

    @property
    def key(self) -> tuple[UUID, str, str]:
        """What names it for ever."""
        return self.property.pk, self.obligation, self.subject

    @property
    def from_ledger(self) -> bool:
        """Whether sending does it, so that nobody can mark it by hand."""
        return self.subject.startswith("segment:")

    @property
    def was_before(self) -> bool:
        """Due before the property was written in here, and not marked: only the operator knows whether it was done."""
        return self.state == "overdue" and self.stamp < self.property.created_at.timestamp()


def entries(
    account: Account | UUID, properties: Iterable[Property], *, from_: date, to: date, now: datetime
) -> list[Entry]:
    """Every duty due from one day to another, both included, in order of time."""
    listed = list(properties)
    if not listed or to < from_:
        return []
    rules = Rules(account)
    made = _marked(account, listed, lines(account, listed, rules, from_, to), now)
    made += _of_segments(account, listed, rules, from_, to, now)
    made.sort(key=attrgetter("stamp"))
    return made


def _marked(
    account: Account | UUID, listed: Sequence[Property], found: Sequence[tuple[Property, Sequence[DutyLine]]], now: datetime
) -> list[Entry]:
    """Each with what is known of its being done."""
    stamp, today = now.timestamp(), rome_day(now)
    subjects = {line.subject for _, mine in found for line in mine}
    marks = _marks(account, listed, (subjects - {""}) | {f"property:{row.pk}" for row, _ in found})
    states: dict[int, str] = {}
    made: list[Entry] = []
    for row, mine in found:
        marked, itself = marks.get(row.pk, {}), f"property:{row.pk}"
        for line in mine:
            subject = line.subject or itself
            done_at = marked.get((line.obligation, subject)) if marked else None
            state = "done" if done_at is not None else states.get(id(line))
            if state is None:
                state = states[id(line)] = _state(line.stamp, line.due, line.remind_by, stamp, today)
            made.append(Entry(
                row, line.obligation, line.it, line.en, subject, line.nominal, line.due, line.prudent_due, line.remind_by, state,
                line.status, line.advised, line.portal, line.authority, line.sanctions, done_at, line.stamp,
            ))  # fmt: skip
    return made


def overdue(account: Account | UUID, properties: Iterable[Property], *, now: datetime) -> list[Entry]:
    """What should have been done and was not, since each property is kept here (two years back at most)."""
    listed = list(properties)
    if not listed:
        return []
    first = max(rome_day(now - _LOOK_BACK), min(rome_day(row.created_at) for row in listed))
    late = entries(account, listed, from_=first, to=rome_day(now), now=now)
    return [entry for entry in late if entry.state == "overdue" and not entry.was_before]


def _state(stamp: float, due: datetime, remind_by: When, now: float, today: date) -> str:
    """Of what is not done: ``overdue``, ``today``, ``soon`` (within two weeks, or its reminder is due) or ``later``."""
    if stamp < now:
        return "overdue"
    day = last_day(due)
    if day == today:
        return "today"
    return "soon" if day - today <= SOON or ends_on(remind_by) <= today else "later"


# what was done ----------------------------------------------------------------------------------------------------------


def _marks(
    account: Account | UUID, properties: Collection[Property], subjects: Collection[str]
) -> dict[UUID, dict[tuple[str, str], datetime]]:
    """When what is marked was done, by property."""
    rows = DutyMark.objects.of(account)
    if len(properties) <= ONE_BY_ONE:
        rows = rows.filter(property__in=[row.pk for row in properties])
    found: dict[UUID, dict[tuple[str, str], datetime]] = {}
    for part in in_parts(subjects, 900):
        marked = rows.filter(subject__in=part).order_by().values_list("property_id", "obligation", "subject", "done_at")
        for where, obligation, subject, done_at in marked:
            found.setdefault(where, {})[obligation, subject] = done_at
    return found


def _of_segments(
    account: Account | UUID, properties: Sequence[Property], rules: Rules, from_: date, to: date, now: datetime
) -> Iterator[Entry]:
    """What is due to the police: one entry a segment, done when it is settled."""
    by_id = {row.pk: (row, rules.of(row, to)) for row in properties}
    rows = Segment.objects.of(account).filter(
        legal_due__gte=rome_midnight(from_), legal_due__lte=end_of_day(to), cancelled_at=None
    )  # fmt: skip
    if len(by_id) <= ONE_BY_ONE:
        rows = rows.filter(property__in=list(by_id))
    stamp, today = now.timestamp(), rome_day(now)
    earlier = NullIf("prudent_due", "legal_due")  # nearly always they are the same
    values = rows.order_by().values_list("pk", "property_id", "obligation", "legal_due", earlier, "settled_at")
    for ident, where, obligation, legal, safe, settled in values:
        row, chain = by_id.get(where, (None, None))
        due = legal.astimezone(ROME)
        head = _head(chain, obligation, due.date()) if row and chain else None
        if row is None or head is None:
            continue
        it, en, status, channel, authority, sanctions = head
        prudent = safe.astimezone(ROME) if safe else due
        at = due.timestamp()
        state = "done" if settled else _state(at, due, prudent, stamp, today)
        yield Entry(
            row, obligation, it, en, f"segment:{ident}", due, due, prudent, prudent, state, status, False, channel, authority,  # noqa: FBT003
            sanctions, settled, at,
        )  # fmt: skip


@lru_cache(maxsize=8192)
def _head(rules: Chain, obligation: str, on: date) -> tuple[Any, ...] | None:
    """What all terms of a place and a day say; a chain never changes."""
    rule = rules.obligation(obligation, on)
    if rule is None:
        return None
    return rule.it, rule.en, rule.status, rule.channel, authority_on(rules, obligation, on), rule.sanctions


# one duty ---------------------------------------------------------------------------------------------------------------


def find(property: Property, obligation: str, subject: str, *, now: datetime) -> tuple[Entry, Duty | None] | None:
    """One duty of a property with what the law says of it; None when it is not due (any more). Police duties have no Duty."""
    first, last = _around(property, subject, now)
    account, rules = property.account_id, Rules(property.account_id)
    if subject.startswith("segment:"):
        told = _of_segments(account, [property], rules, first, last, now)
        return next(((one, None) for one in told if (one.obligation, one.subject) == (obligation, subject)), None)
    owed = [line for _, mine in lines(account, [property], rules, first, last) for line in mine]
    for line in owed:
        if line.obligation == obligation and (line.subject or f"property:{property.pk}") == subject:
            return _marked(account, [property], [(property, [line])], now)[0], line.duty
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
