"""Every duty of a property: what, about whom, by when, to which office, under which article (spec adempimenti 1; interfaces.md).

:func:`list_duties` answers for a stretch of days: all duties whose due instant falls in it, the counters of its years, and the
standing duties. Each duty is judged by the law of its own day or period, so that past months keep the law of then. Where a local
duty details a wider one, only the local one is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.core.time import rome_day
from locanda.law.authorities import Office, comune_code, office_for
from locanda.law.conditions import arises, doubtful, reported
from locanda.law.deadlines import DATED, Due, When, day_of, due_after, due_for
from locanda.law.events import Event
from locanda.law.occurrences import Facts, Occurrence, Subject
from locanda.law.packs import Chain, Deadline, Obligation, UnknownTerritory, chain
from locanda.law.periods import PERIODS, Period, months_later, periods
from locanda.places import Unresolved

__all__ = ["Counting", "Duties", "Duty", "Standing", "chain_of", "list_duties"]


class Duty(NamedTuple):
    """Something due, for a subject, by an instant, under an article, with a sanction.

    ``advised``: the sources leave open whether it binds. ``fulfils``: the duty that is done by doing this one.
    """

    obligation: str
    subject: Subject
    when: Due
    rule: Obligation
    advised: bool
    authority: str | None
    fulfils: str | None = None

    @property
    def portal(self) -> str:
        return self.rule.channel


class Standing(NamedTuple):
    """A permanent state: a check, not a date. ``since`` is when it began, when that is known."""

    obligation: str
    rule: Obligation
    event: str | None
    since: When | None
    advised: bool
    authority: str | None


class Counting(NamedTuple):
    """A number to be reached within a year."""

    obligation: str
    year: int
    have: int
    need: int
    rule: Obligation

    @property
    def satisfied(self) -> bool:
        return self.have >= self.need


class Duties(NamedTuple):
    """The answer for a property; with problems, what could be told without the faulty facts."""

    duties: tuple[Duty, ...] = ()
    counters: tuple[Counting, ...] = ()
    standing: tuple[Standing, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Row(NamedTuple):
    """A version of an obligation that concerns the property."""

    rule: Obligation
    advised: bool


def chain_of(property: Property, on: date) -> Chain | Problem:
    """The rules of the place of a property, or why they cannot be had."""
    if not property.comune:
        return Problem("duties.comune.missing", "property.comune")
    code = comune_code(property.comune, on)
    if isinstance(code, Unresolved):
        return Problem.of("duties.comune.unknown", "property.comune", value=property.comune)
    try:
        return chain(code)
    except UnknownTerritory:
        return Problem.of("duties.comune.unknown", "property.comune", value=property.comune)


def list_duties(
    property: Property,
    stays: Sequence[Stay] = (),
    events: Sequence[Event | None] = (),
    *,
    from_: date,
    to: date,
    as_of: datetime | None = None,
    rules: Chain | None = None,
) -> Duties:
    """All duties due from one day to another, both included. ``rules`` is the chain of the comune when it is already at hand."""
    where = rules or chain_of(property, to)
    missing = [] if property.type else [Problem("duties.type.missing", "property.type")]
    if isinstance(where, Problem) or missing:
        return Duties(problems=(*missing, *([where] if isinstance(where, Problem) else ())))
    facts = Facts(property, stays, events, where)
    freed = frozenset(name for name in ("listed_refuge", "lets_over_30_days") if getattr(property, name))
    rows = _rows(where, property.type, property.business, freed)
    found = list(_periodic(facts, rows, from_, to))
    for row in rows:
        found += _started(facts, row)
    kept = [duty for duty in _nearest(found) if from_ <= duty.when.day <= to]
    kept.sort(key=_order)
    today = max(from_, min(to, rome_day(as_of) if as_of else to))
    return Duties(
        tuple(kept), tuple(_counters(facts, rows, from_, to)), tuple(_standing(facts, rows, today)), tuple(facts.problems)
    )


@lru_cache(maxsize=1024)
def _rows(rules: Chain, kind: str, business: bool, freed: frozenset[str]) -> tuple[_Row, ...]:  # noqa: FBT001 - a cache key
    """The duties that concern a property of that kind, every version."""
    found = []
    for ident in rules.ids("obligation"):
        for rule in rules.versions("obligation", ident):
            bound = rules.binds(rule, kind, business=business)
            if bound is not None and not freed & set(rule.unless):
                found.append(_Row(rule, bound == "advised"))
    return tuple(found)


# periods ----------------------------------------------------------------------------------------------------------------


def _periodic(facts: Facts, rows: Iterable[_Row], from_: date, to: date) -> Iterator[Duty]:
    for row in rows:
        for rule in row.rule.deadlines:
            for period, when in _terms(rule, from_, to):
                basis = day_of(when.nominal) if rule.kind == "yearly" and rule.year_offset < 1 else period.last
                open_then = facts.active(*_lived(rule, period, when))
                if open_then and row.rule.in_force(basis) and reported(facts, row.rule, period):
                    yield _duty(facts, row, (("period", period.label),), when)


@lru_cache(maxsize=4096)
def _terms(rule: Deadline, from_: date, to: date) -> tuple[tuple[Period, Due], ...]:
    """The periods whose term falls between two days."""
    if rule.kind == "after_period" and rule.period:
        candidates = periods(rule.period, months_later(from_, -PERIODS[rule.period] - 2), to)
    elif rule.kind == "yearly":
        candidates = periods("year", months_later(from_, -24), months_later(to, 24))
    else:
        return ()
    terms = ((period, due_for(rule, period)) for period in candidates)
    return tuple((period, when) for period, when in terms if from_ <= when.day <= to)


def _lived(rule: Deadline, period: Period, when: Due) -> tuple[date, date]:
    """The days of which some must have been open: those reported, or for a list of next year's prices the day it is due."""
    if rule.kind == "yearly" and rule.year_offset < 0:
        return day_of(when.nominal), day_of(when.nominal)
    return period.first, period.last


# events -----------------------------------------------------------------------------------------------------------------


def _started(facts: Facts, row: _Row) -> Iterator[Duty]:
    found: list[Duty] = []
    moments = [rule for rule in row.rule.deadlines if rule.kind in (*DATED, "standing") and rule.event]
    for rule in moments:
        for occurrence in _occurrences(facts, row.rule, rule):
            transitional = rule.transition_until is not None and day_of(occurrence.at) <= rule.transition_until
            if rule.kind == "standing" and not transitional:
                continue
            when = due_after(rule, occurrence.at, short=occurrence.short)
            basis = day_of(when.nominal) if transitional else day_of(occurrence.at)
            if row.rule.in_force(basis) and arises(facts, row.rule, occurrence):
                found.append(_duty(facts, row, occurrence.subject, when, occurrence))
    if len(moments) > 1 and all(rule.kind == "at_event" for rule in moments):
        found = sorted(found, key=_order)[:1]  # "the first of" several events
    yield from found


def _occurrences(facts: Facts, obligation: Obligation, rule: Deadline) -> tuple[Occurrence, ...]:
    if rule.event in ("first_transmission", "first_payment"):
        return tuple(_first_of_a_portal(facts, obligation))
    if rule.event == "departure" and obligation.trigger == "guest_exempt":
        return facts.occurrences("guest_departure")
    found = facts.occurrences(rule.event or "")
    if not found and rule.event == "activity_start" and rule.transition_until is not None:
        return (Occurrence(rule.transition_until, facts.about),)  # begun nobody knows when: it was there already
    return found


def _first_of_a_portal(facts: Facts, obligation: Obligation) -> Iterator[Occurrence]:
    """The first return or payment through the portal of a duty: the earliest term of a period in which the activity began."""
    if facts.start is None:
        return
    terms = [
        due_for(rule, next(periods(rule.period, facts.start, facts.start)))
        for entry in facts.rules.obligations(facts.start)
        for rule in entry.deadlines
        if entry.channel == obligation.channel and rule.kind == "after_period" and rule.period
    ]
    if terms:
        yield Occurrence(min(day_of(term.nominal) for term in terms), facts.about)


def _duty(facts: Facts, row: _Row, subject: Subject, when: Due, occurrence: Occurrence | None = None) -> Duty:
    rule = row.rule
    office = _office(facts.rules, rule.id, day_of(when.nominal))
    fulfils = None
    if occurrence is not None and "IT-PS-05" in (rule.id, rule.refines):
        fulfils = "IT-PS-03" if occurrence.short else "IT-PS-02"
    advised = row.advised or doubtful(facts, rule, day_of(when.nominal))
    return Duty(rule.id, subject, when, rule, advised, office.id if office else None, fulfils)


@lru_cache(maxsize=8192)
def _office(rules: Chain, duty: str, on: date) -> Office | None:
    return office_for(duty, rules.comune, on, rules=rules)


def _nearest(found: Sequence[Duty]) -> Iterator[Duty]:
    """Without the wider duties that a local one details: the same subject, or any subject where nothing but the place differs."""
    local = {(duty.rule.refines, duty.subject) for duty in found if duty.rule.refines and not duty.advised}
    for duty in found:
        if (duty.obligation, duty.subject) not in local:
            yield duty


def _order(duty: Duty) -> tuple[float, str, str]:
    return duty.when.instant.timestamp(), duty.obligation, str(duty.subject)


# counters and standing duties -------------------------------------------------------------------------------------------


def _counters(facts: Facts, rows: Iterable[_Row], from_: date, to: date) -> Iterator[Counting]:
    for row in rows:
        counter = row.rule.counter
        if counter is None or row.advised:
            continue
        for year in range(from_.year, to.year + 1):
            first, last = date(year, 1, 1), date(year, 12, 31)
            if row.rule.in_force(last) and facts.active(first, last):
                yield Counting(row.rule.id, year, _closing_days(facts, year), counter.at_least, row.rule)


def _closing_days(facts: Facts, year: int) -> int:
    """The number told for the year; where none is, the days of the closures announced."""
    told = [event.number or 0 for event in facts.of("closing_days") if event.year == year]
    if told:
        return sum(told)
    days = set()
    for event in facts.of("closure_planned"):
        if event.at is not None and event.until is not None:
            first, last = max(day_of(event.at), date(year, 1, 1)), min(day_of(event.until), date(year, 12, 31))
            days |= {first + timedelta(days=step) for step in range((last - first).days + 1)}
    return len(days)


def _standing(facts: Facts, rows: Sequence[_Row], today: date) -> Iterator[Standing]:
    detailed = {row.rule.refines for row in rows if row.rule.refines and row.rule.in_force(today) and not row.advised}
    if not facts.active(today, today):
        return
    for row in rows:
        rule = next((entry for entry in row.rule.deadlines if entry.kind == "standing"), None)
        if rule is None or not row.rule.in_force(today) or row.rule.id in detailed:
            continue
        office = _office(facts.rules, row.rule.id, today)
        begun = [occurrence.at for occurrence in facts.occurrences(rule.event)] if rule.event else []
        yield Standing(
            row.rule.id, row.rule, rule.event, min(begun, key=day_of, default=None), row.advised, office.id if office else None
        )
