"""Receipts, refusals and papers of the tourist tax: numbered without gaps, never changed, corrected by new ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from locanda import papers
from locanda.archive import chain
from locanda.archive.erasure import erase_party
from locanda.archive.models import DutyMark, Stay, TaxReceipt, TaxReceiptBook
from locanda.core.time import ROME
from locanda.office import calendar, duty_marks, staying
from locanda.office.duty_marks import File
from locanda.office.tax import collected_papers, facts, ledger, operators, receipts, refusals
from tests.guards import guards_down
from tests.world import World, family, guest, world

pytestmark = pytest.mark.django_db(transaction=True)

JULY = datetime(2026, 7, 10, 16, 0, tzinfo=ROME)
ADA = {
    "name": "Ada Neri", "tax_code": "NREDAA75E50F376R", "address": "Contrada Esempio 12, Monopoli", "signer_surname": "Neri",
    "signer_name": "Ada", "role": "owner",
}  # fmt: skip


@pytest.fixture
def here() -> Iterator[World]:
    with world(JULY) as made:
        row, problems = operators.save_operator(made.account, ADA, now=JULY, by=made.person)
        assert row is not None and problems == []
        made.property.operator = row
        made.property.save()
        yield made


def issue(here: World, stay: Stay, **more: Any) -> TaxReceipt:
    fresh = Stay.objects.of(here.account).select_related("property__operator", "account", "unit").get(pk=stay.pk)
    row, problems = receipts.issue(fresh, method=more.pop("method", "cash"), now=here.now, person=here.person, **more)
    assert row is not None, [problem.render() for problem in problems]
    return row


def refused(here: World, stay: Stay, **more: Any) -> list[str]:
    fresh = Stay.objects.of(here.account).select_related("property__operator", "account", "unit").get(pk=stay.pk)
    row, problems = receipts.issue(fresh, method=more.pop("method", "cash"), now=here.now, person=here.person, **more)
    assert row is None
    return [problem.code for problem in problems]


def test_a_receipt_names_who_pays_and_says_how_it_was_reckoned(here: World) -> None:
    stay = here.check_in(*family(), nights=3)
    row = issue(here, stay)
    assert (row.year, row.number, row.total, row.amount, row.persons, row.nights) == (2026, 1, 1200, 1200, 2, 6)
    assert row.keep_until == date(2032, 12, 31)
    content = receipts.pdf(row)
    assert content.startswith(b"%PDF") and hashlib.sha256(content).hexdigest() == row.pdf_sha256
    data = receipts.data_of(row)
    assert data["payer"] == {"surname": "D'AMICO", "name": "LUCA"}
    assert (data["persons_exempt"], data["exempt_nights"]) == (1, 3)
    assert "minor" not in repr(data)  # never why
    assert Stay.objects.of(here.account).get(pk=stay.pk).sealed_payer is None
    assert not list(chain.verify(here.account))


def test_a_receipt_does_the_duty_to_collect(here: World) -> None:
    stay = here.check_in(guest(), nights=3)

    def duty() -> calendar.Entry:
        days = calendar.entries(here.account, [here.property], from_=date(2026, 7, 1), to=date(2026, 7, 31), now=here.now)
        return next(entry for entry in days if entry.obligation == "MO-IDS-03")

    assert duty().done_at is None
    issue(here, stay)
    mark = duty_marks.mark_of(here.property, "MO-IDS-03", duty().subject)
    assert duty().state == "done" and mark is not None and mark.number == "1/2026"


def test_the_payer_is_still_known_when_the_police_record_is_gone(here: World) -> None:
    stay = here.check_in(guest(), nights=3)
    for party in stay.parties.select_related("account"):
        erase_party(party, at=here.now, actor="test", why="test")
    assert receipts.data_of(issue(here, stay))["payer"] == {"surname": "ROSSI", "name": "MARIA"}


def test_without_a_name_it_asks_for_one(here: World) -> None:
    stay = here.check_in(guest(), nights=3)
    for party in stay.parties.select_related("account"):
        erase_party(party, at=here.now, actor="test", why="test")
    Stay.objects.of(here.account).filter(pk=stay.pk).update(sealed_payer=None)
    assert refused(here, stay) == ["tax.receipt.payer"]
    assert issue(here, stay, payer={"surname": "ROSSI", "name": "MARIA"}).number == 1


def test_numbers_have_no_gap_whatever_goes_wrong(here: World) -> None:
    stays = [here.check_in(guest("ROSSI", name), nights=2) for name in ("ADA", "BICE", "CLARA")]
    assert issue(here, stays[0]).number == 1
    assert refused(here, stays[1], method="shells") == ["tax.receipt.method"]
    assert refused(here, stays[0]) == ["tax.receipt.already"]
    assert [issue(here, stay).number for stay in stays[1:]] == [2, 3]
    assert TaxReceiptBook.objects.of(here.account).get().last == 3


def test_every_year_begins_at_one(here: World) -> None:
    first = here.check_in(guest(), nights=2)
    assert (issue(here, first).year, issue(here, here.check_in(guest("B", "BEA"), nights=1)).number) == (2026, 2)
    here.now = datetime(2027, 1, 2, 12, tzinfo=ROME)
    later = here.check_in(guest("C", "CLEO"), nights=1)
    row = issue(here, later)
    assert (row.year, row.number) == (2027, 1)


def test_a_stay_that_changed_is_corrected_by_a_new_receipt(here: World) -> None:
    stay = here.check_in(guest(), nights=3)
    first = issue(here, stay)
    here.pass_time(days=1)
    staying.leave_early(stay, date(2026, 7, 11), now=here.now, person=here.person)
    assert refused(here, stay) == ["tax.receipt.reason"]
    second = issue(here, stay, reason="Partita prima")
    assert (second.number, second.corrects_id, second.total, second.amount) == (2, first.pk, 200, -400)
    data = receipts.data_of(second)
    assert data["corrects"] == {"number": "1", "on": "2026-07-10", "total": "6.00", "reason": "Partita prima"}
    assert receipts.data_of(first)["total"] == "6.00"
    assert refused(here, stay) == ["tax.receipt.already"]


def test_an_issued_receipt_cannot_be_changed_in_the_database(here: World) -> None:
    row = issue(here, here.check_in(guest(), nights=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        TaxReceipt.everywhere.filter(pk=row.pk).update(amount=1)
    with guards_down():
        TaxReceipt.everywhere.filter(pk=row.pk).update(amount=200)


def test_each_party_may_have_its_own(here: World) -> None:
    stay = here.check_in(guest(), guest("BIANCHI", "LEA"), nights=2)
    parties = list(stay.parties.all())
    rows = [issue(here, stay, party=party) for party in parties]
    assert [(row.number, row.amount) for row in rows] == [(1, 400), (2, 400)]
    assert receipts.data_of(rows[1])["payer"]["surname"] == "BIANCHI"
    assert refused(here, stay) == ["tax.receipt.by_party"]


def test_who_owes_nothing_gets_no_receipt(here: World) -> None:
    stay = here.check_in(guest(status=["l104_permanent_care"], documents_held=["modello_6"]), nights=2)
    assert refused(here, stay) == ["tax.receipt.nothing"]


def test_without_an_operator_it_says_so(here: World) -> None:
    here.property.operator = None
    here.property.save()
    assert refused(here, here.check_in(guest(), nights=2)) == ["operator.missing"]


# --------------------------------------------------------------------------------------------------------------- refusals


def test_a_refusal_starts_the_clock_of_48_hours_and_is_done_when_sent(here: World) -> None:
    stay = here.check_in(guest(), nights=2)
    ledger.settle([stay], now=here.now)
    person = refusals.guest_on_paper(stay, facts.guests_of(here.account, [stay.pk])[stay.pk][0])
    signed = here.now - timedelta(minutes=5)
    row, problems = refusals.record(stay, "modello_4", person, signed_at=signed, now=here.now, person=here.person, language="en")
    assert problems == [] and row is not None
    assert (row.amount, row.persons, row.nights) == (400, 1, 2)
    assert row.due_at - row.signed_at == timedelta(hours=48)
    assert refusals.pdf(row).startswith(b"%PDF")
    days = calendar.entries(here.account, [here.property], from_=date(2026, 7, 1), to=date(2026, 7, 31), now=here.now)
    duty = next(entry for entry in days if entry.obligation == "MO-IDS-08")
    assert duty.subject == f"event:{row.event_id}"
    here.pass_time(hours=2)
    assert refusals.sent(row, channel="pec", protocol="PEC 1", now=here.now, person=here.person) == []
    mark = DutyMark.objects.of(here.account).get(obligation="MO-IDS-08")
    assert (mark.subject, mark.number) == (duty.subject, "PEC 1")
    assert receipts.owed(stay).left == 0
    assert refused(here, stay) == ["tax.receipt.nothing"]


def test_48_hours_are_elapsed_hours_when_the_clocks_change() -> None:
    signed = datetime(2026, 10, 24, 12, 0, tzinfo=ROME)
    assert refusals._term(signed).isoformat() == "2026-10-26T11:00:00+01:00"


def test_who_refused_twice_or_paid_before_is_told(here: World) -> None:
    stay = here.check_in(guest(), guest("BIANCHI", "LEA"), nights=2)
    people = facts.guests_of(here.account, [stay.pk])[stay.pk]
    person = {"surname": "BIANCHI", "name": "LEA"}
    told = {"signed_at": here.now, "now": here.now, "person": here.person}
    row, problems = refusals.record(stay, "modello_5", person, guests=people[1:], **told)
    assert row is not None and (row.amount, problems) == (400, [])
    assert [p.code for p in refusals.record(stay, "modello_4", person, guests=people[1:], **told)[1]] == ["tax.refusal.twice"]
    receipt = issue(here, stay)
    assert (receipt.total, receipt.persons) == (400, 1)
    assert [p.code for p in refusals.record(stay, "modello_4", person, **told)[1]] == ["tax.refusal.paid"]
    assert refusals.withdraw(row, why="", now=here.now, person=here.person)[0].code == "tax.refusal.why"
    assert refusals.withdraw(row, why="Ha pagato", now=here.now, person=here.person) == []
    assert issue(here, stay, reason="Ha pagato anche lei").amount == 400


def test_a_signature_to_come_is_no_signature(here: World) -> None:
    stay = here.check_in(guest(), nights=2)
    row, problems = refusals.record(
        stay, "modello_1", {"surname": "A", "name": "B"}, signed_at=here.now + timedelta(hours=1), now=here.now,
        person=here.person,
    )  # fmt: skip
    assert row is None and [p.code for p in problems] == ["tax.refusal.form", "tax.refusal.future"]


# ----------------------------------------------------------------------------------------------------------------- papers


def test_a_paper_that_is_here_is_no_longer_asked_for(here: World) -> None:
    stay = here.check_in(*family(), nights=2)
    (taxed,) = ledger.settle([stay], now=here.now)
    assert [problem.code for problem in ledger.problems_of(taxed.notes)] == ["tax.document.missing"]
    child = facts.guests_of(here.account, [stay.pk])[stay.pk][1]
    data, _ = papers.read("modello_1", papers.sample("modello_1"))
    file = File("Modello 3 firmato.pdf", papers.write("modello_1", data, on=JULY.date()))
    told = {"guest": child, "code": "minor", "signed_on": date(2026, 7, 10), "now": here.now, "person": here.person}
    row, problems = collected_papers.hold(stay, "modello_3", file=file, **told)
    assert row is not None and problems == []
    (taxed,) = ledger.settle([stay], now=here.now)
    assert taxed.notes == []
    assert collected_papers.content(row) == file.content and collected_papers.name_of(row) == file.name
    collected_papers.withdraw(row, now=here.now, person=here.person)
    (taxed,) = ledger.settle([Stay.objects.of(here.account).get(pk=stay.pk)], now=here.now)
    assert len(taxed.notes) == 1


def test_a_paper_of_after_the_departure_comes_too_late(here: World) -> None:
    stay = here.check_in(*family(), nights=1)
    here.pass_time(days=5)
    child = facts.guests_of(here.account, [stay.pk])[stay.pk][1]
    row, problems = collected_papers.hold(
        stay, "modello_3", guest=child, signed_on=date(2026, 7, 14), now=here.now, person=here.person
    )
    assert row is None and [p.code for p in problems] == ["tax.paper.too_late"]


def test_a_stay_that_owes_nothing_needs_no_receipt_and_leaves_no_duty_open(here: World) -> None:
    child = guest("ROSSI", "IDA", birth_date="2020-03-01", documents_held=["modello_3"])
    stay = here.check_in(child, nights=2)
    here.now = JULY + timedelta(days=2, hours=1)
    ledger.settle_due(here.now)
    marks = DutyMark.objects.of(here.account).filter(obligation="MO-IDS-03")
    assert [(mark.subject, mark.done_by, mark.number) for mark in marks] == [(f"stay:{stay.pk}", None, "0,00 €")]
    one = stay.parties.get().guests.get()
    type(one).objects.of(here.account).filter(pk=one.pk).update(birth_date=date(1980, 3, 1))
    fresh = Stay.objects.of(here.account).select_related("property__operator", "account", "unit").get(pk=stay.pk)
    (taxed,) = ledger.settle([fresh], now=here.now)
    assert taxed.total > 0 and not marks.all()  # something is due after all
    issue(here, stay)
    assert [mark.number for mark in marks.all()] == ["1/2026"]
