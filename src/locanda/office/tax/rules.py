"""Which rule of the tourist tax holds for a property: the pack of its comune, changed or replaced by the operator's own rules."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from locanda.archive.models import Account, LocalTaxRule, Property
from locanda.core import stays as core
from locanda.core.problems import Problem
from locanda.law.authorities import comune_code
from locanda.law.packs import UnknownTerritory, chain
from locanda.law.tourist_tax import Reckoner, TouristTax, read_rules
from locanda.office.duty_facts import core_property
from locanda.places import Unresolved

__all__ = ["InForce", "TaxRules"]

_KEPT = 256
_reckoners: dict[tuple[str, core.Property], Reckoner] = {}


class InForce(NamedTuple):
    """The rule of a property: who wrote it is told by ``own``; ``fingerprint`` changes with every change of it."""

    tax: TouristTax
    comune: str
    fingerprint: str
    own: tuple[LocalTaxRule, ...]


class TaxRules:
    """The rules of the properties of an account; read once."""

    def __init__(self, account: Account | UUID) -> None:
        self._own: dict[str, list[LocalTaxRule]] = {}
        for row in LocalTaxRule.objects.of(account).filter(ended_at=None).order_by("made_at"):
            self._own.setdefault(row.comune, []).append(row)
        self._found: dict[tuple[str, UUID], InForce | None] = {}

    def of(self, property: Property) -> InForce | None:
        """The rule of a property; None where neither a pack nor the operator knows one."""
        key = (property.comune, property.pk)
        if key not in self._found:
            self._found[key] = self._read(property)
        return self._found[key]

    def reckoner(self, property: Property) -> Reckoner | None:
        """What computes the tax of a property; the same rule and the same facts give the same one."""
        rule = self.of(property)
        if rule is None:
            return None
        home = core_property(property)
        key = (rule.fingerprint, home)
        found = _reckoners.get(key)
        if found is None:
            if len(_reckoners) >= _KEPT:
                _reckoners.clear()
            found = _reckoners[key] = Reckoner(rule.tax, home)
        return found

    def _read(self, property: Property) -> InForce | None:
        code = comune_code(property.comune, date.max) if property.comune else ""
        if not code or isinstance(code, Unresolved):
            return None
        own = [row for row in self._own.get(code, ()) if row.property_id in (None, property.pk)]
        return with_own(code, own)


def with_own(comune: str, own: list[LocalTaxRule]) -> InForce | None:
    """The rule of a comune (ISTAT code) under some rules of the operator's own, the last one last."""
    tax: TouristTax | None = None
    with suppress(UnknownTerritory):
        tax = chain(comune).tourist_tax()
    used: list[LocalTaxRule] = []
    problems: list[Problem] = []
    for row in own:
        made = read_rules(row.document, "rules", problems) if row.kind == LocalTaxRule.Kind.WHOLE else None
        if made is not None:
            tax = made
            used.append(row)
    if tax is None:
        return None
    return InForce(tax, comune, _fingerprint(comune, used, tax), tuple(used))


def _fingerprint(comune: str, used: list[LocalTaxRule], tax: TouristTax) -> str:
    told: list[Any] = [comune, tax.territory, [version.id for version in tax.versions], [str(row.pk) for row in used]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
