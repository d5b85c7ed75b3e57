"""A house that has collected the tax for half a year: one quarter paid, one owed, a stay that is stuck, one nobody collected."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from locanda.archive.models import Operator, Property, Stay, TaxPayment
from locanda.core.time import ROME
from locanda.law.periods import parse_period
from locanda.office import clock
from locanda.office.tax import ledger, operators, payers, payments, receipts
from tests.world import World, guest

ADA = {
    "name": "Ada Neri", "tax_code": "NREDAA75E50F376R", "address": "Contrada Esempio 12, Monopoli", "signer_surname": "Neri",
    "signer_name": "Ada", "role": "owner", "email": "ada@example.org",
}  # fmt: skip


class TaxHouse(NamedTuple):
    """What the pages address."""

    world: World
    operator: Operator
    collected: Stay
    open: Stay
    paid: TaxPayment

    @property
    def payer(self) -> str:
        return f"072030-{self.operator.pk}"


def at(made: World, *when: int) -> None:
    """The world and its pages at an hour."""
    made.now = datetime(*when, tzinfo=ROME)  # type: ignore[misc, arg-type]
    clock.set_demo_clock(made.now)


def collect(made: World, stay: Stay) -> None:
    fresh = Stay.objects.of(made.account).select_related("property__operator", "account", "unit").get(pk=stay.pk)
    row, problems = receipts.issue(fresh, method="cash", now=made.now, person=made.person)
    assert row is not None, problems


def view_of(made: World, period: str) -> payments.PeriodView:
    (payer,) = (one for one in payers.payers(made.account) if one.operator is not None)
    return payments.view(made.account, payer, parse_period(period), made.now.date())


def an_operator(made: World) -> Operator:
    row, problems = operators.save_operator(made.account, ADA, now=made.now, by=made.person)
    assert row is not None, problems
    return row


def lived(made: World) -> TaxHouse:
    """Second quarter paid, third quarter over and owed on 28 October."""
    operator = an_operator(made)
    Property.objects.of(made.account).filter(pk=made.property.pk).update(
        operator=operator, cin="IT072030C100012345", since=date(2020, 1, 1), address="Contrada Losciale 12"
    )
    made.property.refresh_from_db()
    at(made, 2026, 5, 4, 16)
    spring = made.check_in(guest("D'AMICO", "LUCA", sex="M"), guest("FERRO", "ANNA"), nights=3)
    at(made, 2026, 5, 7, 10)
    collect(made, spring)
    at(made, 2026, 7, 2, 9)
    paid, problems = payments.prepare(
        made.account, view_of(made, "2026-Q2"), channel="pagopa_spontaneo", now=made.now, person=made.person
    )
    assert paid is not None, problems
    payments.paid(paid, paid_on=date(2026, 7, 2), now=made.now, person=made.person, iuv="RF18539007547034")
    at(made, 2026, 7, 10, 12)
    summer = made.check_in(guest("RUSSO", "PIA"), guest("RUSSO", "UGO", sex="M"), nights=4)
    open_stay = made.check_in(guest("GRECO", "PAOLO", sex="M"), nights=2)
    at(made, 2026, 7, 14, 10)
    collect(made, summer)
    at(made, 2026, 9, 29, 16)
    across = made.check_in(guest("VERDI", "LEA"), nights=4)
    at(made, 2026, 10, 3, 10)
    collect(made, across)
    ledger.settle_due(made.now)
    at(made, 2026, 10, 28, 9)
    return TaxHouse(made, operator, summer, open_stay, paid)
