"""Which duties a kind of property has in one place, every version of them, by what starts them: worked out once for all such.

A plan depends on the rules of a comune, the type, whether it is a business, and what sets it free; on no date and on nothing
that happened.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from locanda.core.stays import Property
from locanda.law.authorities import local_holidays, office_for
from locanda.law.conditions import doubtful
from locanda.law.deadlines import DATED
from locanda.law.holidays import Local
from locanda.law.occurrences import UNKNOWN_START
from locanda.law.packs import Chain, Deadline, Obligation

__all__ = ["DutyPlan", "DutyRow", "authority_on", "plan_for"]

_SETS_FREE = {"listed_refuge": "rifugio", "lets_over_30_days": "locazione_turistica"}
"""Facts that set a property free of a duty (``unless``), each for the one type of which it can be true: no tick on a hotel makes
it a refuge that owes the police nothing (spec adempimenti 0.2 and 1.1)."""


class DutyRow(NamedTuple):
    """A version of an obligation that concerns a kind of property. ``unsure``: advised, or it is unknown if the comune levies
    the tax at all."""

    rule: Obligation
    advised: bool
    unsure: bool


class DutyPlan:
    """The rows of one kind of property in one place, by what starts them. Shared by all such properties; never changed."""

    def __init__(self, rules: Chain, local: Local) -> None:
        self.rules = rules
        self.local = local
        self.rows: list[DutyRow] = []
        self.periodic: list[tuple[DutyRow, Deadline]] = []
        self.counting: list[DutyRow] = []
        self.moments: dict[str, list[tuple[DutyRow, tuple[Deadline, ...]]]] = {}


def plan_for(property: Property, rules: Chain) -> DutyPlan:
    """The plan of the kind of property that this is."""
    freed = frozenset(name for name, kind in _SETS_FREE.items() if property.type == kind and getattr(property, name))
    return _plan(rules, property.type, property.business, freed)


@lru_cache(maxsize=1024)
def _plan(rules: Chain, kind: str, business: bool, freed: frozenset[str]) -> DutyPlan:  # noqa: FBT001 - part of a cache's key
    plan = DutyPlan(rules, local_holidays(rules))
    for ident in rules.ids("obligation"):
        for rule in rules.versions("obligation", ident):
            bound = rules.binds(rule, kind, business=business, listed="listed_refuge" in freed)
            if bound is None or freed & set(rule.unless):
                continue
            rule = rules.for_type(rule, kind, business=business)
            row = DutyRow(rule, bound == "advised", bound == "advised" or doubtful(rules, rule))
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


@lru_cache(maxsize=8192)
def authority_on(rules: Chain, duty: str, on: date) -> str | None:
    """The id of the office to which a duty goes on a day; None where no pack names one."""
    office = office_for(duty, rules.comune, on, rules=rules)
    return office.id if office else None
