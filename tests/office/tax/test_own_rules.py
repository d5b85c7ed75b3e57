"""The operator's own rules of the tax: dated, signed, and felt by every stay they touch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from locanda.archive.models import TaxedStay
from locanda.core.time import ROME
from locanda.law.authorities import comune_code
from locanda.law.tourist_tax import read_pack_text
from locanda.office.tax import ledger, rules
from tests.world import World, guest, world

pytestmark = pytest.mark.django_db(transaction=True)

JULY = datetime(2026, 7, 10, 16, 0, tzinfo=ROME)
WHOLE = {
    "versions": [
        {"id": "mia", "valid_from": "2026-01-01", "status": "unverified", "sources": ["avviso del comune"],
         "rates": [{"fixed": "1.30"}], "cap": [{"nights": 5, "window": "stay"}]}
    ]
}  # fmt: skip


@pytest.fixture
def here() -> Iterator[World]:
    with world(JULY) as made:
        yield made


def test_a_rate_that_the_council_changed_holds_from_its_night_on(here: World) -> None:
    stay = here.check_in(guest(), nights=4)
    ledger.settle_due(here.now)
    told = {"note": "Delibera 12/2026", "now": here.now, "person": here.person, "valid_from": date(2026, 7, 12)}
    row, problems = rules.add(here.account, "072030", "rate", {"rates": [{"fixed": "3.00"}]}, **told)
    assert row is not None and problems == []
    assert ledger.settle_due(here.now) == 1
    taxed = TaxedStay.objects.of(here.account).get()
    assert (taxed.total, len(taxed.versions)) == (1000, 2)
    here.now = datetime(2026, 7, 13, 9, tzinfo=ROME)
    rules.end(row, now=here.now, person=here.person)
    ledger.settle_due(here.now)
    assert [night.amount for night in ledger.nights_of(here.account, stay)] == [200, 200, 300, 200]


def test_a_comune_that_no_pack_knows_can_be_written_and_exported(here: World) -> None:
    here.property.comune = "415063060"
    here.property.save()
    here.check_in(guest(), nights=7)
    ledger.settle_due(here.now)
    assert TaxedStay.objects.of(here.account).get().state == "stuck"
    rule = rules.TaxRules(here.account)
    assert rule.of(here.property) is None
    code = str(comune_code(here.property.comune, date.max))
    row, problems = rules.add(here.account, code, "whole", WHOLE, note="Avviso", now=here.now, person=here.person)
    assert row is not None and problems == []
    ledger.settle_due(here.now)
    taxed = TaxedStay.objects.of(here.account).get()
    assert taxed.problems == []
    assert (taxed.state, taxed.total, taxed.status) == ("provisional", 5 * 130, "unverified")
    text = rules.export(here.account, code, on=JULY.date())
    assert read_pack_text(text)["versions"][0]["rates"] == [{"fixed": "1.30"}]


def test_a_rule_with_a_fault_is_not_stored_and_says_where(here: World) -> None:
    row, problems = rules.add(
        here.account, "072030", "rate", {"rates": [{"fixed": "tre"}]}, note="", now=here.now, person=here.person
    )
    assert row is None
    assert {problem.where for problem in problems} >= {"document.note", "document.rates[0].fixed"}
    assert rules.own_rules(here.account) == []
