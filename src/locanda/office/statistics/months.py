"""Where the statistics of a month stand, for one property or for hundreds: what is missing, what waits, by when (spec 1, 10).

The term is that of the duty in the packs which details the national survey; where a place has a term for each movement, it is
that of the oldest day which its portal does not have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, DutyMark, Property
from locanda.core.time import end_of_day, rome_day
from locanda.law.deadlines import day_of, due_after, due_for
from locanda.law.packs import Chain, Deadline, Obligation
from locanda.law.periods import Period
from locanda.office.overrides import Rules
from locanda.office.statistics.brief import DayBrief, briefs, words_of
from locanda.office.statistics.calendar import colour_of, is_stuck
from locanda.office.statistics.days import lived
from locanda.office.statistics.home import FlowService, services_of
from locanda.office.statistics.preparing import complete_until
from locanda.office.statistics.status import HELD

__all__ = ["MONTH_STATES", "MonthNow", "Term", "month_now", "months_now", "terms"]

MONTH_STATES = (
    "late", "rejected", "doubt", "stuck", "white", "changed", "send", "handed", "going", "running", "unbound", "before", "done",
)
"""What a month may be, the worst first. ``unbound``: no duty is known; ``before``: due before the property was written here."""

_SURVEY = "IT-STAT-01"
"""The national survey, which every regional duty details."""
_WAITS = ("todo", "ready")
_REFUSED = ("rejected", "refused")


class Term(NamedTuple):
    """By when a month is due, and the duties that say so. ``day`` is None where the packs have no day for it."""

    day: date | None
    duties: tuple[str, ...]
    after: Deadline | None = None
    """The rule of a place where each movement has its term."""
    status: str = ""
    advised: bool = False
    """The sources leave open whether it binds."""


class MonthNow(NamedTuple):
    """A month of a property at a glance."""

    property: Property
    service: FlowService
    month: Period
    state: str
    due: date | None
    term: Term
    white: int
    stuck: int
    to_send: int
    rejected: int
    doubt: int
    changed: int
    accepted: int
    days: int
    """Days of the month that are over and belong to the activity."""
    arrived: int
    nights: int
    marked: bool = False
    """Marked as done by hand in the calendar of duties."""


@lru_cache(maxsize=1024)
def _duties(rules: Chain, kind: str, business: bool, on: date, how: str) -> tuple[Obligation, ...]:  # noqa: FBT001 - a key
    return tuple(
        rule for rule in rules.obligations(on)
        if rule.refines == _SURVEY and rules.binds(rule, kind, business=business) == how
    )  # fmt: skip


@lru_cache(maxsize=4096)
def terms(rules: Chain, kind: str, business: bool, month: Period) -> Term:  # noqa: FBT001 - part of a key
    """The term of a month for a kind of property."""
    day: date | None = None
    after: Deadline | None = None
    status = ""
    bound = _duties(rules, kind, business, month.last, "bound")
    found = bound or _duties(rules, kind, business, month.last, "advised")
    for rule in found:
        for deadline in rule.deadlines:
            if deadline.kind == "after_period" and deadline.period == "month":
                when = day_of(due_for(deadline, month).nominal)
                if day is None or when < day:
                    day, status = when, rule.status
            elif deadline.event == "movement":
                after, status = deadline, rule.status
    return Term(day, tuple(rule.id for rule in found), after, status, advised=bool(found) and not bound)


def months_now(
    account: Account | UUID, properties: Sequence[Property], months: Collection[Period], *, now: datetime
) -> list[MonthNow]:
    """The months of many properties, in the order of the properties, each counted where anything changed."""
    today = rome_day(now)
    ordered = sorted(months, key=lambda one: one.first)
    first, last = ordered[0].first, ordered[-1].last
    services = services_of(account, properties, today)
    rules = Rules(account)
    until = min(last, today)
    counts = briefs(account, properties, first, until, now=now) if first <= today else {}
    told = words_of(account, properties, services, counts, first, until) if counts else {}
    done = _marked(account, ordered)
    spans = {month: (month.first, month.last) for month in ordered}
    found = []
    for row in properties:
        chain = rules.of(row, today)
        for month, (start, end) in spans.items():
            term = terms(chain, row.type, row.business, month) if chain is not None and row.type else Term(None, ())
            days = [day for day in counts.get(row.pk, ()) if start <= day.day <= end]
            marked = any((row.pk, duty, month.label) in done for duty in term.duties)
            found.append(month_now(row, services[row.pk], month, days, told.get(row.pk, {}), term, now, marked=marked))
    return found


def _marked(account: Account | UUID, months: Collection[Period]) -> set[tuple[UUID, str, str]]:
    rows = DutyMark.objects.of(account).filter(subject__in=[f"period:{month.label}" for month in months])
    return {
        (where, duty, subject.partition(":")[2])
        for where, duty, subject in rows.values_list("property_id", "obligation", "subject")
    }


def month_now(
    property: Property, service: FlowService, month: Period, counts: Sequence[DayBrief], told: Mapping[date, str],
    term: Term, now: datetime, *, marked: bool = False,
) -> MonthNow:  # fmt: skip
    """A month from its days as they are counted and as its portal has them."""
    today, until = rome_day(now), complete_until(now)
    over = [count for count in counts if count.day <= until and lived(property, count.day)]
    if term.after is not None:  # what was due before the property was written in here is nobody's to do
        since = rome_day(property.created_at)
        over = [count for count in over if _due_of(term.after, count.day) >= since]
    words = [told.get(count.day, "todo") for count in over]
    white = sum(colour_of(count, today) == "white" for count in over)
    stuck = sum(is_stuck(count) for count in over)
    waiting = [count.day for count, word in zip(over, words, strict=True) if word in _WAITS]
    due = _due(term, waiting, month)
    seen = MonthNow(
        property, service, month, "", due, term, white, stuck, len(waiting), sum(word in _REFUSED for word in words),
        words.count("in_doubt"), words.count("changed"), sum(word in HELD for word in words), len(over),
        sum(count.arrived for count in counts), sum(count.present for count in counts if count.day <= today), marked,
    )  # fmt: skip
    return seen._replace(state=_state(seen, words, today))


def _due(term: Term, waiting: Sequence[date], month: Period) -> date | None:
    if term.after is None or (term.day is not None and not waiting):
        return term.day
    return _due_of(term.after, waiting[0] if waiting else month.last)


@lru_cache(maxsize=8192)
def _due_of(rule: Deadline, day: date) -> date:
    """By when a day is due where each movement has its term."""
    return day_of(due_after(rule, end_of_day(day)).nominal)


def _state(seen: MonthNow, words: Sequence[str], today: date) -> str:
    over = today > seen.month.last
    if over and not seen.days and seen.term.after is not None:
        return "before"
    if seen.marked or (over and seen.accepted == seen.days):
        return "done"
    open_ = seen.to_send + seen.rejected + seen.stuck + seen.white
    if seen.due is not None and seen.due < rome_day(seen.property.created_at):
        return "before"
    if open_ and seen.due is not None and seen.due < today:
        return "late"
    daily = seen.term.after is not None or seen.service.sends
    for name in ("rejected", "doubt", "stuck", "white", "changed"):
        if getattr(seen, name) and (name != "white" or over or daily):
            return name
    if seen.to_send and (over or daily):
        return "send" if seen.term.duties or seen.service.pack is None else "unbound"
    if "handed_over" in words:
        return "handed"
    if "sending" in words or "postponed" in words:
        return "going"
    return "running" if not over else "done"
