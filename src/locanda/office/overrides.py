"""Rules that the operator changed for themselves: dated, signed, with a reason, visible wherever the rule is shown.

A local letter of a comune, an agreement with an office, a term that moved this year: nobody should wait for a new release. What
an override said stays in force for the days it covered; ending it touches only the days to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from locanda.archive import chain as history
from locanda.archive.models import Account, Person, Property, RuleOverride
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.authorities import comune_code
from locanda.law.packs import Chain, Override, UnknownTerritory, chain, override_problems
from locanda.places import Unresolved

__all__ = ["Rules", "add", "end", "rules_of", "shown"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = frozenset({"until", "due", "read_on", "from", "to", "value"})
_KEPT = 512
_known: dict[tuple[Chain, tuple[Any, ...]], Chain] = {}


class Rules:
    """The rules of the properties of an account; the operator's own changes are read once."""

    def __init__(self, account: Account | UUID) -> None:
        self._own: dict[UUID | None, list[RuleOverride]] = {}
        for row in RuleOverride.objects.of(account):
            self._own.setdefault(row.property_id, []).append(row)
        self._found: dict[tuple[str, UUID | None], Chain | None] = {}

    def of(self, property: Property, on: date) -> Chain | None:
        """What holds for a property; None where its comune has no rules."""
        mine = property.pk if property.pk in self._own else None
        key = (property.comune, mine)
        if key not in self._found:
            self._found[key] = self._chain(property.comune, mine, on)
        return self._found[key]

    def _chain(self, comune: str, property: UUID | None, on: date) -> Chain | None:
        code = comune_code(comune, on) if comune else ""
        if not code or isinstance(code, Unresolved):
            return None
        try:
            rules = chain(code)
        except UnknownTerritory:
            return None
        rows = [*self._own.get(None, ()), *(self._own.get(property, ()) if property else ())]
        return _with(rules, rows) if rows else rules


def rules_of(property: Property, on: date) -> Chain | None:
    """What holds for one property."""
    return Rules(property.account_id).of(property, on)


def _with(rules: Chain, rows: Sequence[RuleOverride]) -> Chain:
    """The chain with the operator's changes; the same ones give the same chain, so that what is reckoned from it is kept."""
    overrides = [made for row in rows if (made := _override(row)) is not None]
    key = (rules, tuple((row.pk, row.valid_to) for row in rows))
    found = _known.get(key)
    if found is None:
        if len(_known) >= _KEPT:
            _known.clear()
        found = _known[key] = rules.with_overrides(overrides) if overrides else rules
    return found


def _override(row: RuleOverride) -> Override | None:
    made_on = rome_day(row.made_at)
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        return None  # ended on the day it was to begin: it never held
    return Override(row.kind, row.item, _dated(row.changes), row.note, made_on, row.valid_from, row.valid_to, row.off)


def _dated(value: Any, key: str = "") -> Any:
    """JSON as a territory file would give it: days are days."""
    if isinstance(value, Mapping):
        return {name: _dated(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner, key) for inner in value]
    return date.fromisoformat(value) if isinstance(value, str) and key in _DAYS and _DAY.fullmatch(value) else value


def add(
    account: Account, property: Property | None, kind: str, item: str, changes: Mapping[str, Any], *, note: str, now: datetime,
    person: Person | None, valid_from: date | None = None, valid_to: date | None = None, off: bool = False,
) -> tuple[RuleOverride | None, list[Problem]]:  # fmt: skip
    """Change a rule for one property or for the whole account, from a day on (today when none is named)."""
    start = valid_from or rome_day(now)
    made = Override(kind, item, _dated(dict(changes)), note, rome_day(now), start, valid_to, off)
    found = override_problems(made)
    if not changes and not off:
        found.append(Problem.of("override.changes.missing", "changes"))
    if valid_to is not None and valid_to < start:
        found.append(Problem.of("override.days.backwards", "valid_to"))
    if not found and not off and property is not None:
        found += _unusable(property, made, rome_day(now))
    if found:
        return None, found
    row = RuleOverride(
        account=account, property=property, kind=kind, item=item, changes=dict(changes), off=off, valid_from=start,
        valid_to=valid_to, note=note.strip()[:300], made_by=person, made_at=now,
    )  # fmt: skip
    with transaction.atomic():
        row.save()
        data = {"kind": kind, "item": item, "keys": sorted(changes), "off": off, "from": start.isoformat()}
        history.append(account, "rule.changed", at=now, actor=history.actor_of(person), subject=_subject(property), data=data)
    return row, []


def _unusable(property: Property, made: Override, on: date) -> Iterable[Problem]:
    """A rule that is not there cannot be changed in part."""
    rules = rules_of(property, on)
    known = rules is not None and rules.versions(made.kind, made.id)
    return () if known else (Problem.of("override.item.unknown", "item", id=made.id),)


def end(override: RuleOverride, *, now: datetime, person: Person | None) -> None:
    """No longer from today on; the days before keep it."""
    yesterday = rome_day(now) - timedelta(days=1)
    with transaction.atomic():
        override.ended_at = now
        override.valid_to = min(override.valid_to or yesterday, yesterday)
        override.save(update_fields=["ended_at", "valid_to"])
        data = {"kind": override.kind, "item": override.item}
        where = _subject(override.property)
        history.append(override.account, "rule.restored", at=now, actor=history.actor_of(person), subject=where, data=data)


def shown(account: Account, property: Property | None = None) -> list[RuleOverride]:
    """The operator's own rules, the newest first: all of the account, or those that touch a property."""
    rows = RuleOverride.objects.of(account).select_related("made_by", "property").order_by("-made_at")
    return list(rows if property is None else rows.filter(Q(property=None) | Q(property=property)))


def _subject(property: Property | None) -> str:
    return f"property:{property.pk}" if property else "account"
