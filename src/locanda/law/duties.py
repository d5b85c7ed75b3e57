"""Every duty of a property: what, about whom, by when, to which office, under which article (spec adempimenti 1; interfaces.md).

:func:`list_duties` answers for a stretch of days: all duties whose due instant falls in it, the counters of its years, and the
standing duties. Each duty is judged by the law of its own day or period, so that past months keep the law of then. Where a local
duty details a wider one, only the local one is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple, TypeVar

from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.core.time import rome_day
from locanda.law.authorities import comune_code
from locanda.law.conditions import arises, levied, reported
from locanda.law.deadlines import Due, day_of, due_after, due_for, hours_of
from locanda.law.duty_plan import DutyPlan, DutyRow, authority_on, plan_for
from locanda.law.events import DutyEvent
from locanda.law.lasting import Counting, Standing, counters, standing
from locanda.law.occurrences import Facts, Occurrence, Subject, contradictions
from locanda.law.packs import Chain, Deadline, Obligation, UnknownTerritory, chain
from locanda.law.periods import PERIODS, Period, months_later, periods
from locanda.places import Unresolved

__all__ = ["Duties", "Duty", "chain_of", "dated_duties", "list_duties", "wanting"]

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


class Duties(NamedTuple):
    """The answer for a property; with problems, what could be told without the faulty facts."""

    duties: tuple[Duty, ...] = ()
    counters: tuple[Counting, ...] = ()
    standing: tuple[Standing, ...] = ()
    problems: tuple[Problem, ...] = ()


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
    facts, plan = Facts(property, stays, events, where), plan_for(property, where)
    found = _due(facts, plan, from_, to)
    today = max(from_, min(to, rome_day(as_of) if as_of else to))
    return Duties(found, tuple(counters(facts, plan, from_, to)), tuple(standing(facts, plan, today)), tuple(facts.problems))


def dated_duties(
    property: Property, stays: Sequence[Stay] = (), events: Sequence[DutyEvent | None] = (), *, from_: date, to: date,
    rules: Chain,
) -> tuple[Duty, ...]:  # fmt: skip
    """The duties of :func:`list_duties` alone, for a property with a type. Those about periods are the same objects for all
    properties of one kind and place."""
    return _due(Facts(property, stays, events, rules), plan_for(property, rules), from_, to)


def _due(facts: Facts, plan: DutyPlan, from_: date, to: date) -> tuple[Duty, ...]:
    started = [(_order(duty), duty) for duty in _started(facts, plan, from_, to)]
    found = [(term.order, term.duty) for term in _periodic(plan, from_, to) if _lived(facts, term)]
    if started:
        found = sorted(found + started, key=itemgetter(0))
    return tuple(duty for _, duty in found)


# periods ----------------------------------------------------------------------------------------------------------------


class _Term(NamedTuple):
    """A duty about a period, and the days of which some must have been open to guests for it to exist."""

    row: DutyRow
    duty: Duty
    order: tuple[float, str]
    period: Period
    first: date
    last: date

    @property
    def subject(self) -> Subject:
        return self.duty.subject


@lru_cache(maxsize=2048)
def _periodic(plan: DutyPlan, from_: date, to: date) -> tuple[_Term, ...]:
    """What is due between two days for every property of that kind and place."""
    found: list[_Term] = []
    for row, rule in plan.periodic:
        for period in _periods(rule, from_, to):
            when = due_for(rule, period, local=plan.local)
            nominal = day_of(when.nominal)
            basis = nominal if rule.kind == "yearly" and rule.year_offset < 1 else period.last
            if from_ <= when.day <= to and row.rule.in_force(basis) and levied(plan.rules, row.rule, period):
                ahead = rule.kind == "yearly" and rule.year_offset < 0  # next year's prices: due by who is open now
                first, last = (nominal, nominal) if ahead else (period.first, period.last)
                duty = _duty(plan, row, (("period", period.label),), when, nominal)
                found.append(_Term(row, duty, _order(duty), period, first, last))
    return tuple(sorted(_nearest(found), key=lambda term: term.order))


def _periods(rule: Deadline, from_: date, to: date) -> Iterator[Period]:
    """The periods whose term may fall between two days, and a few more."""
    if rule.kind == "yearly":
        return periods("year", months_later(from_, -24), months_later(to, 24))
    kind = rule.period or "month"
    return periods(kind, months_later(from_, -PERIODS[kind] - 2), to)


def _lived(facts: Facts, term: _Term) -> bool:
    return facts.active(term.first, term.last) and reported(facts, term.row.rule, term.period)


# events -----------------------------------------------------------------------------------------------------------------


class _Start(NamedTuple):
    """A duty that something started, before its term is reckoned. ``basis``: the day by whose law it is judged; ``reach``: how
    many days later at least and at most its term ends, where that is known without reckoning it."""

    row: DutyRow
    rule: Deadline
    occurrence: Occurrence
    basis: date
    reach: tuple[timedelta, timedelta] | None

    @property
    def subject(self) -> Subject:
        return self.occurrence.subject

    def may_end(self, from_: date, to: date) -> bool:
        """Whether the term can fall between two days."""
        return self.reach is None or (self.basis + self.reach[0] <= to and self.basis + self.reach[1] >= from_)


def _started(facts: Facts, plan: DutyPlan, from_: date, to: date) -> Iterator[Duty]:
    """What is due between two days because something happened. What the nearest rule replaces, it replaces on all days."""
    touched = {id(entry): entry for name in sorted(facts.names) for entry in plan.moments.get(name, ())}
    found: list[_Start] = []
    for row, moments in touched.values():
        starts = [start for rule in moments for start in _starts(facts, row, rule)]
        if len(moments) > 1 and all(rule.kind == "at_event" for rule in moments):
            starts = sorted(starts, key=lambda start: _order(_begun(plan, start)))[:1]  # "the first of" several events
        found += starts
    for start in _nearest(found):
        if start.may_end(from_, to):
            duty = _begun(plan, start)
            if from_ <= duty.when.day <= to:
                yield duty


def _starts(facts: Facts, row: DutyRow, rule: Deadline) -> Iterator[_Start]:
    reach = _reach(rule)
    for occurrence in _occurrences(facts, row.rule, rule):
        basis = occurrence.day
        transitional = rule.transition_until is not None and basis <= rule.transition_until
        if transitional and rule.transition_due is not None:
            basis = rule.transition_due
        if rule.kind == "standing" and not transitional:
            continue
        if row.rule.in_force(basis) and arises(facts, row.rule, occurrence):
            yield _Start(row, rule, occurrence, basis, reach)


def _reach(rule: Deadline) -> tuple[timedelta, timedelta] | None:
    """Hours end within the days that they fill, or a day off: the hour of the event and the change of the clocks."""
    if rule.kind != "elapsed" or rule.transition_until:
        return None
    days = [hours_of(rule, short=short) // 24 for short in (True, False)]
    return timedelta(days=min(days) - 1), timedelta(days=max(days) + 1)


def _begun(plan: DutyPlan, start: _Start) -> Duty:
    row, occurrence = start.row, start.occurrence
    when = due_after(start.rule, occurrence.at, short=occurrence.short, local=plan.local)
    duty = _duty(plan, row, occurrence.subject, when, start.basis)
    if "IT-PS-05" in (row.rule.id, row.rule.refines):
        return duty._replace(fulfils="IT-PS-03" if occurrence.short else "IT-PS-02")
    return duty


def _occurrences(facts: Facts, obligation: Obligation, rule: Deadline) -> tuple[Occurrence, ...]:
    if rule.event in ("first_transmission", "first_payment"):
        return tuple(_first_of_a_portal(facts, obligation))
    if rule.event == "departure" and obligation.trigger == "guest_exempt":
        return facts.occurrences("guest_departure")
    found = facts.occurrences(rule.event or "")
    if not found and rule.event == "activity_start" and rule.transition_until is not None:
        # begun nobody knows when: it was there already
        return (Occurrence(rule.transition_until, rule.transition_until, facts.about),)
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
        yield Occurrence(first, first, facts.about)


# both -------------------------------------------------------------------------------------------------------------------


def _duty(plan: DutyPlan, row: DutyRow, subject: Subject, when: Due, on: date) -> Duty:
    return Duty(row.rule.id, subject, when, row.rule, row.unsure, authority_on(plan.rules, row.rule.id, on))


_Found = TypeVar("_Found", _Term, _Start)


def _nearest(found: Sequence[_Found]) -> Sequence[_Found]:
    """Without the wider duties that a local one details, about the same subject."""
    there = {one.row.rule.id for one in found}
    local = {(one.row.rule.refines, one.subject) for one in found if one.row.rule.refines in there and not one.row.unsure}
    return [one for one in found if (one.row.rule.id, one.subject) not in local] if local else found


def _order(duty: Duty) -> tuple[float, str]:
    """By what expires first; duties that expire together stay in the order of periods, stays and events."""
    return duty.when.instant.timestamp(), duty.obligation
