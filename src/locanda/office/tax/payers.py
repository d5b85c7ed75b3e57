"""Who pays together: the properties of one comune under one operator, their rule, and the duties that fix the terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from locanda.archive.models import Account, Operator, Property
from locanda.law.authorities import comune_code
from locanda.law.deadlines import Due, due_for
from locanda.law.packs import Chain
from locanda.law.packs.values import Deadline, Obligation
from locanda.law.periods import Period
from locanda.law.remitting import Terms
from locanda.office.overrides import Rules
from locanda.office.tax.operators import comune_on_paper
from locanda.office.tax.rules import InForce, TaxRules
from locanda.places import Unresolved

__all__ = ["ASSUMED_KIND", "Payer", "payer_named", "payers"]

ASSUMED_KIND = "quarter"
"""How often a comune is paid where no rule says so: our assumption, shown as one."""


class Payer(NamedTuple):
    """The properties of a comune under one operator. ``rule`` is None where nobody knows the tax of the comune."""

    comune: str
    name: str
    operator: Operator | None
    properties: tuple[Property, ...]
    rule: InForce | None
    chain: Chain | None

    @property
    def key(self) -> str:
        """How pages name it: the comune, and the operator where there is one."""
        return f"{self.comune}-{self.operator.pk if self.operator else 'none'}"

    @property
    def terms(self) -> Terms:
        return Terms.of(self.rule.tax) if self.rule else Terms()

    @property
    def obligation(self) -> str:
        """The duty to pay over; empty where no rule names one."""
        return self.rule.tax.remittance.obligation if self.rule and self.rule.tax.remittance else ""

    @property
    def channels(self) -> tuple[str, ...]:
        return self.rule.tax.remittance.channels if self.rule and self.rule.tax.remittance else ()

    def duty(self, ident: str, on: date) -> Obligation | None:
        """An obligation of the comune on a day."""
        return self.chain.obligation(ident, on) if self.chain and ident else None

    @property
    def assumed(self) -> bool:
        """Whether the rhythm of payments is our assumption."""
        return self._deadline(date.max) is None

    def _deadline(self, on: date) -> Deadline | None:
        versions = self.chain.versions("obligation", self.obligation) if self.chain and self.obligation else ()
        found = self.duty(self.obligation, on) or (versions[-1] if versions else None)
        if found is None:
            return None
        return next((rule for rule in found.deadlines if rule.kind in ("after_period", "yearly")), None)

    def kind(self, on: date) -> str:
        """How long the periods of payment are: month, quarter, half year…"""
        rule = self._deadline(on)
        return ASSUMED_KIND if rule is None else rule.period or "year"

    def declared_by(self, ident: str, year: int) -> Due | None:
        """By when a duty about a whole year is done; None where no rule says so."""
        found = self.duty(ident, date(year, 12, 31))
        rule = next((one for one in found.deadlines if one.kind in ("after_period", "yearly")), None) if found else None
        return None if rule is None or rule.period not in (None, "", "year") else due_for(rule, Period("year", year))

    def due(self, period: Period) -> Due | None:
        """By when a period is paid; None where no rule says so."""
        rule = self._deadline(period.last)
        if rule is None or (rule.kind == "after_period" and rule.period != period.kind):
            return None
        return due_for(rule, period)


def payers(account: Account | UUID, properties: Iterable[Property] | None = None) -> list[Payer]:
    """Everybody who pays, by comune and operator; a property without a known comune is left to the page of properties."""
    if properties is None:
        properties = Property.objects.of(account).select_related("operator", "account")
    taxes, rules = TaxRules(account), Rules(account)
    grouped: dict[tuple[str, UUID | None], list[Property]] = {}
    for row in properties:
        code = comune_code(row.comune, date.max) if row.comune else ""
        if code and not isinstance(code, Unresolved):
            grouped.setdefault((code, row.operator_id), []).append(row)
    found = []
    for (comune, _), rows in grouped.items():
        first = rows[0]
        named = str(comune_on_paper(first)["name"])
        chain = rules.of(first, date.max)
        found.append(Payer(comune, named, first.operator, tuple(rows), taxes.of(first), chain))
    return sorted(found, key=lambda payer: (payer.name, str(payer.operator)))


def payer_named(account: Account | UUID, properties: Iterable[Property], key: str) -> Payer | None:
    """The payer of that key among some properties."""
    return next((payer for payer in payers(account, properties) if payer.key == key), None)
