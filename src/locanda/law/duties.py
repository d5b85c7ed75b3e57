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
from locanda.law.authorities import Office, comune_code, local_holidays, office_for
from locanda.law.conditions import arises, doubtful, levied, reported
from locanda.law.deadlines import DATED, Due, When, day_of, due_after, due_for
from locanda.law.events import DutyEvent
from locanda.law.holidays import Local
from locanda.law.occurrences import UNKNOWN_START, Facts, Occurrence, Subject, contradictions
from locanda.law.packs import Chain, Deadline, Obligation, UnknownTerritory, chain
from locanda.law.periods import PERIODS, Period, months_later, periods
from locanda.places import Unresolved

__all__ = ["Counting", "Duties", "Duty", "Standing", "chain_of", "list_duties", "wanting"]


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


_SETS_FREE = {"listed_refuge": "rifugio", "lets_over_30_days": "locazione_turistica"}
"""Facts that set a property free of a duty (``unless``), each for the one type of which it can be true: no tick on a hotel makes
it a refuge that owes the police nothing (spec adempimenti 0.2 and 1.1)."""


class _Row(NamedTuple):
    """A version of an obligation that concerns a kind of property."""

    rule: Obligation
    advised: bool


class _Plan:
    """The rows of one kind of property in one place, by what starts them. Shared by all such properties; never changed."""

    def __init__(self, rules: Chain, local: Local) -> None:
        self.rules = rules
        self.local = local
        self.rows: list[_Row] = []
        self.periodic: list[tuple[_Row, Deadline]] = []
        self.counting: list[_Row] = []
        self.moments: dict[str, list[tuple[_Row, tuple[Deadline, ...]]]] = {}


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


def wanting(property: Property | None, stays: Iterable[Stay | None], where: Chain | Problem | None) -> tuple[Problem, ...]:
    """All that duties cannot be told without: type, place (``where``: what :func:`chain_of` gave), planned departures."""
    missing = [] if property is None or property.type else [Problem("duties.type.missing", "property.type")]
    return (*missing, *([where] if isinstance(where, Problem) else ()), *contradictions(stays))


def list_duties(
    property: Property,
    stays: Sequence[Stay] = (),
    events: Sequence[DutyEvent | None] = (),
    *,
    from_: date,
    to: date,
    as_of: datetime | None = None,
    rules: Chain | None = None,
) -> Duties:
    """All duties due from one day to another, both included. ``rules`` is the chain of the comune when it is already at hand.

    ``as_of`` says on which day standing duties are looked at: the last of the stretch when it is left out.
    """
    where = rules or chain_of(property, to)
    if isinstance(where, Problem) or not property.type:
        return Duties(problems=wanting(property, stays, where))
    facts = Facts(property, stays, events, where)
    freed = frozenset(name for name, kind in _SETS_FREE.items() if property.type == kind and getattr(property, name))
    plan = _plan(where, property.type, property.business, freed)
    started = [duty for duty in _nearest(list(_started(facts, plan))) if from_ <= duty.when.day <= to]
    found = [entry.duty for entry in _periodic(plan, from_, to) if _lived(facts, entry)]
    if started:
        found = sorted(found + started, key=_order)
    today = max(from_, min(to, rome_day(as_of) if as_of else to))
    counters, standing = tuple(_counters(facts, plan, from_, to)), tuple(_stand(facts, plan, today))
    return Duties(tuple(found), counters, standing, tuple(facts.problems))


@lru_cache(maxsize=1024)
def _plan(rules: Chain, kind: str, business: bool, freed: frozenset[str]) -> _Plan:  # noqa: FBT001 - part of a cache's key
    """The duties that concern a property of that kind, every version, sorted by what starts them."""
    plan = _Plan(rules, local_holidays(rules))
    for ident in rules.ids("obligation"):
        for rule in rules.versions("obligation", ident):
            bound = rules.binds(rule, kind, business=business, listed="listed_refuge" in freed)
            if bound is None or freed & set(rule.unless):
                continue
            rule = rules.for_type(rule, kind, business=business)
            row = _Row(rule, bound == "advised")
            plan.rows.append(row)
            if rule.counter is not None and not row.advised:
                plan.counting.append(row)
            for deadline in rule.deadlines:
                if deadline.kind in ("after_period", "yearly"):
                    plan.periodic.append((row, deadline))
            moments = tuple(entry for entry in rule.deadlines if entry.event and entry.kind in (*DATED, "standing"))
            names = {entry.event or "" for entry in moments if entry.kind != "standing" or entry.transition_until}
            if any(entry.event == "activity_start" and entry.transition_until for entry in moments):
                names.add(UNKNOWN_START)
            started = (row, moments)
            for name in names:
                plan.moments.setdefault(name, []).append(started)
    return plan


# periods ----------------------------------------------------------------------------------------------------------------


class _Term(NamedTuple):
    """A duty about a period, and the days of which some must have been open to guests for it to exist."""

    duty: Duty
    period: Period
    first: date
    last: date


@lru_cache(maxsize=2048)
def _periodic(plan: _Plan, from_: date, to: date) -> tuple[_Term, ...]:
    """What is due between two days for every property of that kind and place."""
    found: list[_Term] = []
    for row, rule in plan.periodic:
        for period in _periods(rule, from_, to):
            when = due_for(rule, period, local=plan.local)
            nominal = day_of(when.nominal)
            basis = nominal if rule.kind == "yearly" and rule.year_offset < 1 else period.last
            if from_ <= when.day <= to and row.rule.in_force(basis) and levied(plan.rules, row.rule, period):
                ahead = rule.kind == "yearly" and rule.year_offset < 0  # next year's prices: due by who is open now
                duty = _duty(plan, row, (("period", period.label),), when, nominal)
                found.append(_Term(duty, period, nominal if ahead else period.first, nominal if ahead else period.last))
    kept = {id(duty) for duty in _nearest([entry.duty for entry in found])}
    return tuple(sorted((entry for entry in found if id(entry.duty) in kept), key=lambda entry: _order(entry.duty)))


def _periods(rule: Deadline, from_: date, to: date) -> Iterator[Period]:
    """The periods whose term may fall between two days, and a few more."""
    if rule.kind == "yearly":
        return periods("year", months_later(from_, -24), months_later(to, 24))
    kind = rule.period or "month"
    return periods(kind, months_later(from_, -PERIODS[kind] - 2), to)


def _lived(facts: Facts, entry: _Term) -> bool:
    return facts.active(entry.first, entry.last) and reported(facts, entry.duty.rule, entry.period)


# events -----------------------------------------------------------------------------------------------------------------


def _started(facts: Facts, plan: _Plan) -> Iterator[Duty]:
    touched = {id(entry): entry for name in sorted(facts.names) for entry in plan.moments.get(name, ())}
    for row, moments in touched.values():
        found = [duty for rule in moments for duty in _from_event(facts, plan, row, rule)]
        if len(moments) > 1 and all(rule.kind == "at_event" for rule in moments):
            found = sorted(found, key=_order)[:1]  # "the first of" several events
        yield from found


def _from_event(facts: Facts, plan: _Plan, row: _Row, rule: Deadline) -> Iterator[Duty]:
    for occurrence in _occurrences(facts, row.rule, rule):
        basis = occurrence.day
        transitional = rule.transition_until is not None and basis <= rule.transition_until
        if transitional and rule.transition_due is not None:
            basis = rule.transition_due
        if rule.kind == "standing" and not transitional:
            continue
        if row.rule.in_force(basis) and arises(facts, row.rule, occurrence):
            when = due_after(rule, occurrence.at, short=occurrence.short, local=plan.local)
            duty = _duty(plan, row, occurrence.subject, when, basis)
            if "IT-PS-05" in (row.rule.id, row.rule.refines):
                duty = duty._replace(fulfils="IT-PS-03" if occurrence.short else "IT-PS-02")
            yield duty


def _occurrences(facts: Facts, obligation: Obligation, rule: Deadline) -> tuple[Occurrence, ...]:
    if rule.event in ("first_transmission", "first_payment"):
        return tuple(_first_of_a_portal(facts, obligation))
    if rule.event == "departure" and obligation.trigger == "guest_exempt":
        return facts.occurrences("guest_departure")
    found = facts.occurrences(rule.event or "")
    if not found and rule.event == "activity_start" and rule.transition_until is not None:
        # begun nobody knows when: it was there already
        return (Occurrence(rule.transition_until, facts.about, day=rule.transition_until),)
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
        first = min(day_of(term.nominal) for term in terms)
        yield Occurrence(first, facts.about, day=first)


def _duty(plan: _Plan, row: _Row, subject: Subject, when: Due, on: date) -> Duty:
    rule = row.rule
    office = _office(plan.rules, rule.id, on)
    return Duty(rule.id, subject, when, rule, row.advised or doubtful(plan.rules, rule), office.id if office else None)


@lru_cache(maxsize=8192)
def _office(rules: Chain, duty: str, on: date) -> Office | None:
    return office_for(duty, rules.comune, on, rules=rules)


def _nearest(found: Sequence[Duty]) -> Iterator[Duty]:
    """Without the wider duties that a local one details, about the same subject."""
    local = {(duty.rule.refines, duty.subject) for duty in found if duty.rule.refines and not duty.advised}
    return (duty for duty in found if (duty.obligation, duty.subject) not in local)


def _order(duty: Duty) -> tuple[float, str]:
    """By what expires first; duties that expire together stay in the order of periods, stays and events."""
    return duty.when.instant.timestamp(), duty.obligation


# counters and standing duties -------------------------------------------------------------------------------------------


def _counters(facts: Facts, plan: _Plan, from_: date, to: date) -> Iterator[Counting]:
    for row in plan.counting:
        counter = row.rule.counter
        assert counter is not None
        for year in range(from_.year, to.year + 1):
            first, last = date(year, 1, 1), date(year, 12, 31)
            if row.rule.in_force(last) and facts.active(first, last):
                yield Counting(row.rule.id, year, _closing_days(facts, year), counter.at_least, row.rule)


def _closing_days(facts: Facts, year: int) -> int:
    """The number told for the year; where none is, the days of the closures announced."""
    told = [event.number or 0 for event in facts.of("closing_days") if event.year == year]
    if told:
        return sum(told)
    days: set[date] = set()
    for event in facts.of("closure_planned"):
        if event.at is not None and event.until is not None:
            first, last = max(day_of(event.at), date(year, 1, 1)), min(day_of(event.until), date(year, 12, 31))
            days |= {first + timedelta(days=step) for step in range((last - first).days + 1)}
    return len(days)


def _stand(facts: Facts, plan: _Plan, today: date) -> Iterator[Standing]:
    if not facts.active(today, today):
        return
    for standing in _standing(plan, today):
        begun = facts.occurrences(standing.event) if standing.event in facts.names else ()
        yield standing._replace(since=min((occurrence.at for occurrence in begun), key=day_of)) if begun else standing


@lru_cache(maxsize=2048)
def _standing(plan: _Plan, today: date) -> tuple[Standing, ...]:
    """What stands on a day for every property of that kind and place."""
    detailed = {row.rule.refines for row in plan.rows if row.rule.refines and row.rule.in_force(today) and not row.advised}
    found = []
    for row in plan.rows:
        rule = next((entry for entry in row.rule.deadlines if entry.kind == "standing"), None)
        if rule is not None and row.rule.in_force(today) and row.rule.id not in detailed:
            office = _office(plan.rules, row.rule.id, today)
            found.append(Standing(row.rule.id, row.rule, rule.event, None, row.advised, office.id if office else None))
    return tuple(found)
