"""What a period owes, the payment, its receipt, and the papers of the year: from the ledger to the duty marked as done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from locanda.archive import chain
from locanda.archive.models import Delivery, DutyMark, Stay, TaxDeclaration, TaxPayment
from locanda.core.time import ROME
from locanda.law.periods import parse_period
from locanda.office import accounts, staying
from locanda.office.duty_marks import File
from locanda.office.tax import agreement, declarations, explained, ledger, operators, payers, payments, receipts
from locanda.office.tax.payers import Payer
from tests.world import World, family, guest, world

pytestmark = pytest.mark.django_db(transaction=True)

JULY = datetime(2026, 7, 10, 16, 0, tzinfo=ROME)
ADA = {"name": "Ada Neri", "tax_code": "NREDAA75E50F376R", "address": "Contrada Esempio 12, Monopoli"}


@pytest.fixture
def here() -> Iterator[World]:
    with world(JULY) as made:
        row, _ = operators.save_operator(made.account, ADA, now=JULY, by=made.person)
        made.property.operator = row
        made.property.save()
        yield made


def the_payer(here: World) -> Payer:
    (payer,) = payers.payers(here.account)
    return payer


def seen(here: World, period: str = "2026-Q3") -> payments.PeriodView:
    return payments.view(here.account, the_payer(here), parse_period(period), here.now.date())


def collect(here: World, stay: Stay) -> None:
    fresh = Stay.objects.of(here.account).select_related("property__operator", "account", "unit").get(pk=stay.pk)
    row, problems = receipts.issue(fresh, method="cash", now=here.now, person=here.person)
    assert row is not None, problems


def test_the_rhythm_and_the_term_are_those_of_the_comune(here: World) -> None:
    payer = the_payer(here)
    assert (payer.name, payer.obligation, payer.channels, payer.assumed) == (
        "Monopoli",
        "MO-IDS-04",
        ("pagopa_spontaneo",),
        False,
    )
    due = payer.due(parse_period("2026-Q4"))
    assert due is not None and (due.nominal, due.due) == (date(2027, 1, 16), date(2027, 1, 18))
    assert [one.period.label for one in payments.views(here.account, payer, here.now.date(), back=3)] == [
        "2026-Q3",
        "2026-Q2",
        "2026-Q1",
        "2025-Q4",
    ]


def test_a_quarter_runs_is_owed_is_overdue_is_paid(here: World) -> None:
    stay = here.check_in(*family(), nights=3)
    ledger.settle_due(here.now)
    assert (seen(here).state, seen(here, "2026-Q2").state) == ("running", "zero")
    here.pass_time(days=3)
    collect(here, stay)
    here.now = datetime(2026, 10, 5, 9, tzinfo=ROME)
    told = seen(here)
    assert (told.state, told.left, told.figures.presences.taxed, told.figures.presences.all_exempt) == ("to_pay", 1200, 6, 3)
    assert payments.late_today(told, here.now.date()) is None
    here.now = datetime(2026, 10, 28, 9, tzinfo=ROME)
    late = payments.late_today(seen(here), here.now.date())
    assert seen(here).state == "overdue" and late is not None and late.days_late == 12
    row, problems = payments.prepare(here.account, seen(here), channel="pagopa_spontaneo", now=here.now, person=here.person)
    assert problems == [] and row is not None
    # 12.00 euro: 12 days at 0.08333 percent each are 0.12 euro; interest 12 x 1.6 % x 12 / 365 is 0.01
    assert (row.tax, row.sanction, row.interest, row.total) == (1200, 12, 1, 1213)
    assert [(share.property_id, share.tax) for share in row.shares.all()] == [(here.property.pk, 1200)]
    again = payments.prepare(here.account, seen(here), channel="pagopa_spontaneo", now=here.now, person=here.person)
    assert [problem.code for problem in again[1]] == ["tax.payment.prepared"]
    _, problems = payments.paid(row, paid_on=here.now.date(), now=here.now, person=here.person)
    assert [problem.code for problem in problems] == ["tax.payment.reference"]
    _, problems = payments.paid(row, paid_on=here.now.date(), now=here.now, person=here.person, iuv="RF18539007547034")
    assert problems == []
    assert (seen(here).state, seen(here).left) == ("paid", 0)
    mark = DutyMark.objects.of(here.account).get(obligation="MO-IDS-04")
    assert (mark.subject, mark.number) == ("period:2026-Q3", "RF18539007547034")
    assert not list(chain.verify(here.account))


def test_what_changes_after_it_was_paid_is_told_stay_by_stay(here: World) -> None:
    stay = here.check_in(guest(), nights=3)
    here.pass_time(days=1)
    collect(here, stay)
    here.now = datetime(2026, 10, 5, 9, tzinfo=ROME)
    row, _ = payments.prepare(here.account, seen(here), channel="transfer", now=here.now, person=here.person)
    assert row is not None
    payments.paid(row, paid_on=here.now.date(), now=here.now, person=here.person, reference="CRO 1")
    assert payments.changes(here.account, seen(here)) == []
    staying.extend(stay, date(2026, 7, 15), now=here.now, person=here.person)
    ledger.settle([Stay.objects.of(here.account).select_related("property", "account", "unit").get(pk=stay.pk)], now=here.now)
    (changed,) = payments.changes(here.account, seen(here))
    assert (changed.stay, changed.settled, changed.difference) == (str(stay.pk), 600, 400)
    assert (seen(here).state, seen(here).left) == ("to_pay", 400)
    assert payments.withdraw(row, why="Errore", now=here.now, person=here.person) == []
    assert not DutyMark.objects.of(here.account).filter(obligation="MO-IDS-04").exists()
    assert seen(here).left == 1000


def test_a_stay_whose_tax_is_not_known_holds_the_payment_up(here: World) -> None:
    here.property.comune, here.property.stars = "403014061", None  # Sondrio: an albergo owes by star
    here.property.type = "albergo"
    here.property.save()
    here.check_in(guest(), nights=1)
    here.pass_time(days=2)
    ledger.settle_due(here.now)
    told = [problem for row in seen(here).stuck for problem in ledger.problems_of(row.problems)]
    assert told
    row, problems = payments.prepare(here.account, seen(here), channel="f24", now=here.now, person=here.person)
    assert row is None and "tax.payment.stuck" in [problem.code for problem in problems]


def test_two_properties_of_one_operator_are_paid_together_and_counted_apart(here: World) -> None:
    values = {"name": "La Torre", "type": "bb", "comune": "416072030", "credential": here.credential}
    other = accounts.add_property(here.account, values, now=here.now, by=here.person)
    other.operator = here.property.operator
    other.save()
    collect(here, here.check_in(guest(), nights=2))
    collect(here, here.check_in(guest("BIANCHI", "LEA"), nights=1, property=other))
    here.now = datetime(2026, 10, 5, 9, tzinfo=ROME)
    row, problems = payments.prepare(here.account, seen(here), channel="pagopa_spontaneo", now=here.now, person=here.person)
    assert row is not None and problems == []
    assert sorted(share.tax for share in row.shares.all()) == [200, 400] and row.tax == 600


def test_zero_periods_are_closed_without_a_payment(here: World) -> None:
    told = seen(here, "2026-Q2")
    row, problems = payments.prepare(here.account, told, channel="pagopa_spontaneo", now=here.now, person=here.person)
    assert row is None and [problem.code for problem in problems] == ["tax.payment.nothing"]
    assert payments.mark_zero(told, now=here.now, person=here.person, note="Nessun ospite") == []
    assert DutyMark.objects.of(here.account).filter(obligation="MO-IDS-04", subject="period:2026-Q2").exists()
    assert [problem.code for problem in payments.mark_zero(seen(here), now=here.now, person=here.person, note="")] == [
        "tax.payment.not_zero"
    ]


# ----------------------------------------------------------------------------------------------------------- declarations


@pytest.fixture
def year(here: World) -> World:
    """A year with one family, paid in October."""
    stay = here.check_in(*family(), nights=3)
    here.engine.round()
    here.pass_time(days=3)
    collect(here, stay)
    here.now = datetime(2026, 10, 5, 9, tzinfo=ROME)
    row, _ = payments.prepare(here.account, seen(here), channel="pagopa_spontaneo", now=here.now, person=here.person)
    assert row is not None
    payments.paid(row, paid_on=date(2026, 10, 5), now=here.now, person=here.person, iuv="RF18539007547034")
    here.now = datetime(2027, 1, 12, 9, tzinfo=ROME)
    return here


def made(here: World, form: str, **more: Any) -> TaxDeclaration:
    row, problems = declarations.prepare(here.account, the_payer(here), form, 2026, now=here.now, person=here.person, more=more)
    assert row is not None, [problem.render() for problem in problems]
    return row


@pytest.mark.parametrize("form", declarations.FORMS)
def test_the_papers_of_the_year_come_from_the_ledger(year: World, form: str) -> None:
    row = made(year, form)
    assert declarations.content(row).startswith(b"%PDF")
    assert row.keep_until == date(2032, 12, 31)
    draft = declarations.draft(year.account, the_payer(year), form, 2026, on=year.now.date())
    (told,) = draft.data["properties"]
    if form == "modello_21":
        assert told["collected"] == [{"month": 7, "amount": "12.00", "first_receipt": "1", "last_receipt": "1"}]
        assert told["paid"][0]["reference"] == "RF18539007547034"
    elif form == "modello_2":
        quarter = next(one for one in told["periods"] if one["period"] == "2026-Q3")
        assert (quarter["persons"], quarter["presences"], quarter["taxed"], quarter["due"]) == (3, 9, 6, "12.00")
        assert quarter["exempt"] == [{"code": "minor", "persons": 1, "presences": 3}]
    elif form == "national_declaration":
        quarter = next(one for one in told["quarters"] if one["quarter"] == 3)
        assert (quarter["presences"], quarter["due"]) == (9, "12.00")
        assert quarter["rates"] == [{"kind": "full", "presences": 6, "amount": "2.00", "due": "12.00"}]
    else:
        assert len(told["months"]) == 12 and sum(month["presences"] for month in told["months"]) == 9


def test_a_declaration_that_was_sent_marks_the_duty_and_is_replaced_not_changed(year: World) -> None:
    first = made(year, "modello_2")
    told = {"channel": "pec", "now": year.now, "person": year.person}
    assert [p.code for p in declarations.sent(first, the_payer(year), protocol="", **told)] == ["tax.declaration.proof"]
    assert declarations.sent(first, the_payer(year), protocol="Prot. 12/2027", **told) == []
    assert DutyMark.objects.of(year.account).get(obligation="MO-IDS-05").subject == "period:2026"
    second = made(year, "modello_2", place="Monopoli", replaces_why="Mancava il luogo")
    assert second.replaces_id == first.pk
    first.refresh_from_db()
    assert first.state == "sent"


def test_a_difference_that_nobody_explained_stops_the_account(year: World) -> None:
    TaxPayment.objects.of(year.account).update(state=TaxPayment.State.WITHDRAWN)
    _, problems = declarations.prepare(year.account, the_payer(year), "modello_21", 2026, now=year.now, person=year.person)
    assert [problem.code for problem in problems] == ["paper.account.unexplained"]
    assert made(year, "modello_21", difference_reason="Versamento in ritardo").form == "modello_21"


def test_tax_and_police_agree_guest_by_guest_or_the_difference_is_listed(year: World) -> None:
    found = agreement.compared(year.account, [year.property], parse_period("2026-Q3"))
    assert (found.totals, found.agrees) == ((9, 9), True)
    year.now = datetime(2027, 1, 13, 16, tzinfo=ROME)
    year.property.send_on_check_in = False
    year.property.save()
    year.check_in(guest("VERDI", "UGO"), nights=2)
    ledger.settle_due(year.now)
    found = agreement.compared(year.account, [year.property], parse_period("2027-01"))
    (difference,) = found.differences
    assert difference.counts == (2, 0) and [reason.code for reason in difference.reasons] == ["agree.record.not_sent"]


def test_the_statistics_are_a_third_source_with_their_own_reasons(here: World) -> None:
    at_home = {"residence_state": "IT", "residence_comune": "MONOPOLI (BA)"}
    here.check_in(
        guest("VERDI", "UGO", **at_home), guest("BIANCHI", "EVA", tourist=False, **at_home), guest("NERI", "PIO"), nights=2
    )
    here.engine.round()
    ledger.settle_due(here.now)
    found = agreement.compared(here.account, [here.property], parse_period("2026-07"))
    assert (found.sources, found.totals) == (agreement.SOURCES, (6, 6, 2))
    told = [(one.counts, [reason.code for reason in one.reasons]) for one in found.differences]
    assert sorted(told, key=str) == [((2, 2, 0), ["agree.statistics.incomplete"]), ((2, 2, 0), ["agree.statistics.not_tourist"])]


def test_a_long_stay_whose_next_segment_is_still_to_come_says_so(here: World) -> None:
    here.check_in(guest("VERDI", "UGO"), nights=45)
    here.engine.round()
    ledger.settle_due(here.now)
    (told,) = agreement.compared(here.account, [here.property], parse_period("2026-08")).differences
    assert told.counts == (23, 8) and [reason.code for reason in told.reasons] == ["agree.police.segments"] and not told.likely


def test_statistics_of_which_nothing_is_known_are_no_source(year: World) -> None:
    found = agreement.compared(year.account, [year.property], parse_period("2026"))
    assert found.sources == ("tax", "police") and agreement.in_order(found, found.totals) == (9, 9, None)


def test_a_guest_without_a_reason_holds_the_summary_up_until_the_operator_says_why(year: World) -> None:
    Delivery.objects.of(year.account).update(arrival_day=date(2026, 7, 20))
    payer, who = the_payer(year), {"now": year.now, "person": year.person}
    row, problems = declarations.prepare(year.account, payer, "presence_summary", 2026, **who)
    assert row is None and [problem.code for problem in problems] == ["tax.declaration.guests"]
    assert "(da spiegare" in str(declarations.draft(year.account, payer, "presence_summary", 2026, on=year.now.date()).data)
    guests = [one.guest for one in agreement.matched(year.account, payer, parse_period("2026"))[0].whole.differences]
    assert len(guests) == 3
    assert explained.explain(year.account, payer, 2026, {guests[0]: "Data sbagliata", guests[1]: "Data sbagliata"}, **who)
    assert explained.explain(year.account, payer, 2026, {guests[2]: " Altro   motivo "}, **who)
    assert not explained.explain(year.account, payer, 2026, {guests[2]: "Altro motivo"}, **who)  # nothing new
    told = made(year, "presence_summary")
    kept = declarations.data_of(told)["properties"][0]["guests"]
    assert [one["reason"] for one in kept] == ["Data sbagliata", "Data sbagliata", "Altro motivo"]
    assert {(one["first"], one["last"], one["tax"], one["police"]) for one in kept} == {("2026-07-10", "2026-07-22", 3, 3)}
    assert "Altro motivo" not in str(declarations.data_of(made(year, "modello_2"))) and "coincidono" in str(
        declarations.data_of(made(year, "modello_2"))["other_information"]
    )


@pytest.mark.parametrize("form", declarations.SIGNED)
def test_a_paper_made_again_names_the_one_that_was_sent(year: World, form: str) -> None:
    first = made(year, form)
    assert declarations.sent(
        first, the_payer(year), channel="pec", protocol="Prot. 12/2027", now=year.now, person=year.person
    ) == []  # fmt: skip
    _, problems = declarations.prepare(year.account, the_payer(year), form, 2026, now=year.now, person=year.person)
    assert [problem.code for problem in problems] == ["tax.declaration.replaces_why"]
    again = made(year, form, replaces_why="Mancava una ricevuta")
    told = {"on": "2027-01-12", "protocol": "Prot. 12/2027", "reason": "Mancava una ricevuta"}
    assert declarations.data_of(again)["replaces"] == told
    third = made(year, form, replaces_why="Di nuovo")  # the second was never sent: still the first is named
    assert declarations.data_of(third)["replaces"] == {**told, "reason": "Di nuovo"}


def test_a_receipt_that_does_not_fit_is_shown_and_stops(here: World) -> None:
    collect(here, here.check_in(guest(), nights=2))
    here.now = datetime(2026, 10, 5, 9, tzinfo=ROME)
    row, _ = payments.prepare(here.account, seen(here), channel="pagopa_spontaneo", now=here.now, person=here.person)
    assert row is not None
    file = File("ricevuta.xml", b"<not-a-receipt/>")
    _, problems = payments.paid(row, paid_on=here.now.date(), now=here.now, person=here.person, file=file)
    assert problems and TaxPayment.objects.of(here.account).get().state == "prepared"
