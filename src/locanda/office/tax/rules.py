"""Which rule of the tourist tax holds for a property: the pack of its comune, under the operator's own rules (design 5).

An own rule is dated, signed and explained; ending it touches only the nights to come. Whatever changes, the stays it touches are
reckoned again by the engine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from locanda import places
from locanda.archive import chain as history
from locanda.archive.models import Account, LocalTaxRule, Person, Property, TaxedStay
from locanda.core import stays as core
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.authorities import comune_code
from locanda.law.packs import UnknownTerritory, chain
from locanda.law.tourist_tax import OwnRule, Reckoner, TouristTax, pack_text, tax_under_own_rules, under_own_rules
from locanda.office.duty_facts import core_property
from locanda.places import Unresolved

__all__ = ["InForce", "TaxRules", "add", "end", "export", "own_rules", "reckon_again", "section_of"]

_KEPT = 256
_reckoners: dict[tuple[str, core.Property, bool], Reckoner] = {}


class InForce(NamedTuple):
    """The rule of a property. ``own``: the operator's rules in it; ``faults``: what keeps one of them out."""

    tax: TouristTax
    comune: str
    fingerprint: str
    own: tuple[LocalTaxRule, ...]
    faults: tuple[Problem, ...]


class TaxRules:
    """The rules of the properties of an account; read once."""

    def __init__(self, account: Account | UUID) -> None:
        self._own: dict[str, list[LocalTaxRule]] = {}
        for row in LocalTaxRule.objects.of(account).select_related("made_by").order_by("made_at"):
            self._own.setdefault(row.comune, []).append(row)
        self._found: dict[tuple[str, UUID], InForce | None] = {}

    def of(self, property: Property) -> InForce | None:
        """The rule of a property; None where neither a pack nor the operator knows one."""
        key = (property.comune, property.pk)
        if key not in self._found:
            self._found[key] = self._read(property)
        return self._found[key]

    def reckoner(self, property: Property, *, papers_due: bool = False) -> Reckoner | None:
        """What computes the tax of a property; the same rule and the same facts give the same one.

        ``papers_due``: the guests have left, and an exemption whose paper is not here is lost (spec 3.4).
        """
        rule = self.of(property)
        if rule is None:
            return None
        home = core_property(property)
        key = (rule.fingerprint, home, papers_due)
        found = _reckoners.get(key)
        if found is None:
            if len(_reckoners) >= _KEPT:
                _reckoners.clear()
            found = _reckoners[key] = Reckoner(rule.tax, home, papers_due=papers_due)
        return found

    def _read(self, property: Property) -> InForce | None:
        code = comune_code(property.comune, date.max) if property.comune else ""
        if not code or isinstance(code, Unresolved):
            return None
        rows = [row for row in self._own.get(code, ()) if row.property_id in (None, property.pk) and _holds(row)]
        found: list[Problem] = []
        tax = tax_under_own_rules(section_of(code), [_law(row) for row in rows], found, territory=code) if rows else _pack(code)
        return None if tax is None else InForce(tax, code, _fingerprint(code, rows), tuple(rows), tuple(found))


def _holds(row: LocalTaxRule) -> bool:
    """Whether it ever held: one that ended on the day it was to begin did not."""
    return row.valid_to is None or row.valid_to >= row.valid_from


def _law(row: LocalTaxRule) -> OwnRule:
    """As the law reads it; who made it is told by role, a name is no part of a rule."""
    whole = row.kind == LocalTaxRule.Kind.WHOLE
    who = str(row.made_by_id) if row.made_by_id else "engine"
    days = (None, None) if whole else (row.valid_from, row.valid_to)
    return OwnRule(row.document, row.note, who, rome_day(row.made_at), *days, whole)


def _pack(comune: str) -> TouristTax | None:
    try:
        return chain(comune).tourist_tax()
    except UnknownTerritory:
        return None


def section_of(comune: str) -> Mapping[str, Any] | None:
    """The ``[tourist_tax]`` section of the pack of a comune (ISTAT code), as its file writes it."""
    try:
        return chain(comune).tourist_tax_section()
    except UnknownTerritory:
        return None


def _fingerprint(comune: str, rows: Sequence[LocalTaxRule]) -> str:
    told: list[Any] = [comune, section_of(comune), [[str(row.pk), str(row.valid_to)] for row in rows]]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


# ------------------------------------------------------------------------------------------------------------- own rules


def own_rules(account: Account, comune: str = "") -> list[LocalTaxRule]:
    """The operator's own rules, the newest first."""
    rows = LocalTaxRule.objects.of(account).select_related("made_by", "property", "account").order_by("-made_at")
    return list(rows.filter(comune=comune) if comune else rows)


def add(
    account: Account, comune: str, kind: str, document: Mapping[str, Any], *, note: str, now: datetime, person: Person | None,
    valid_from: date | None = None, valid_to: date | None = None, property: Property | None = None,
) -> tuple[LocalTaxRule | None, list[Problem]]:  # fmt: skip
    """Change a rate from a day on, or write the whole tax of a comune. Judged before it is stored; problems name ``document``."""
    start = valid_from or rome_day(now)
    row = LocalTaxRule(
        account=account, property=property, comune=comune, kind=kind, document=dict(document), valid_from=start,
        valid_to=valid_to, note=" ".join(note.split())[:300], made_by=person, made_at=now,
    )  # fmt: skip
    known = [one for one in own_rules(account, comune)[::-1] if _holds(one)]
    found: list[Problem] = []
    under_own_rules(section_of(comune), [*map(_law, known), _law(row)], found)
    mine = f"own[{len(known)}]"
    told = [
        problem._replace(where="document" + problem.where.removeprefix(mine))
        for problem in found
        if problem.where.startswith(mine)
    ]
    if told:
        return None, told
    with transaction.atomic():
        row.save(force_insert=True)
        data = {"comune": comune, "kind": kind, "from": start.isoformat(), "rule": str(row.pk)}
        history.append(account, "tax.rule_changed", at=now, actor=history.actor_of(person), subject=_subject(property), data=data)
        unsettle(account, comune, start)
    return row, []


def end(row: LocalTaxRule, *, now: datetime, person: Person | None) -> None:
    """No longer from today on; the nights before keep it."""
    yesterday = rome_day(now) - timedelta(days=1)
    with transaction.atomic():
        row.ended_at, row.valid_to = now, min(row.valid_to or yesterday, yesterday)
        row.save(update_fields=["ended_at", "valid_to"])
        data = {"comune": row.comune, "rule": str(row.pk)}
        who = history.actor_of(person)
        history.append(row.account, "tax.rule_ended", at=now, actor=who, subject=_subject(row.property), data=data)
        unsettle(row.account, row.comune, yesterday)


def unsettle(account: Account, comune: str, since: date) -> int:
    """Stays with nights from a day on are reckoned again by the next round of the engine."""
    mine = [row.pk for row in Property.objects.of(account) if comune_code(row.comune, date.max) == comune]
    rows = TaxedStay.objects.of(account).filter(property__in=mine, departure__gte=since)
    return int(rows.update(inputs=""))


def reckon_again(property: Property) -> None:
    """Facts of a property changed: stays not final yet are reckoned again; what is final was so by the facts of then."""
    rows = TaxedStay.objects.of(property.account_id).filter(property=property)
    rows.exclude(state=TaxedStay.State.FINAL).update(inputs="")


def export(account: Account, comune: str, *, on: date) -> str:
    """The tax of a comune as it stands with the operator's own rules, as the text of a pack file; empty without any rule."""
    found: list[Problem] = []
    rows = [row for row in own_rules(account, comune)[::-1] if _holds(row) and row.property_id is None]
    section = under_own_rules(section_of(comune), [_law(row) for row in rows], found)
    if section is None:
        return ""
    place = places.builtin().comune(comune, on)
    name, belfiore = (comune, None) if isinstance(place, Unresolved) else (place.name.title(), place.belfiore)
    return pack_text(section, name=f"Comune di {name}", istat=comune, belfiore=belfiore, read_on=on)


def _subject(property: Property | None) -> str:
    return f"property:{property.pk}" if property else "account"
