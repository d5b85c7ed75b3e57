"""Duties without a date: those that must always hold, and the numbers to be reached within a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from locanda.law.deadlines import When, day_of
from locanda.law.duty_plan import DutyPlan, authority_on
from locanda.law.occurrences import Facts
from locanda.law.packs import Obligation

__all__ = ["Counting", "Standing", "counters", "standing"]


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


def counters(facts: Facts, plan: DutyPlan, from_: date, to: date) -> Iterator[Counting]:
    """The counters of every year of a stretch in which the property was open."""
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


def standing(facts: Facts, plan: DutyPlan, today: date) -> Iterator[Standing]:
    """What must hold on a day, where the property is open."""
    if not facts.active(today, today):
        return
    for one in _standing(plan, today):
        begun = facts.occurrences(one.event) if one.event in facts.names else ()
        yield one._replace(since=min((occurrence.at for occurrence in begun), key=day_of)) if begun else one


@lru_cache(maxsize=2048)
def _standing(plan: DutyPlan, today: date) -> tuple[Standing, ...]:
    """What stands on a day for every property of that kind and place."""
    detailed = {row.rule.refines for row in plan.rows if row.rule.refines and row.rule.in_force(today) and not row.advised}
    found = []
    for row in plan.rows:
        rule = next((entry for entry in row.rule.deadlines if entry.kind == "standing"), None)
        if rule is not None and row.rule.in_force(today) and row.rule.id not in detailed:
            authority = authority_on(plan.rules, row.rule.id, today)
            found.append(Standing(row.rule.id, row.rule, rule.event, None, row.advised, authority))
    return tuple(found)
