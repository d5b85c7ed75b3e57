"""F24, invoice line, stamp duty, late payment (spec imposta-di-soggiorno 13.7, 14, 15)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.problems import Problem
from locanda.law.late_tax import late_payment, legal_interest
from locanda.law.packs import Chain, chain, territory
from locanda.law.remitting import f24_rows, invoice_lines, overdue, stamp_duty
from locanda.law.remitting.invoice import NATURES

RATES = legal_interest(Chain("", [territory("it")]))
DUE = date(2025, 7, 16)
DAY = timedelta(days=1)


def monopoli(*channels: str) -> Any:
    tax = chain("072030").tourist_tax()
    assert tax is not None and tax.remittance is not None
    return tax._replace(remittance=tax.remittance._replace(channels=channels)) if channels else tax


def test_late_tax_goes_into_three_rows() -> None:
    rows = f24_rows(monopoli("f24"), "F376", 2025, 50000, interest=33, penalty=500)
    assert not isinstance(rows, Problem)
    assert [(row.what, row.code, row.entity, row.year, row.debit_text) for row in rows] == [
        ("tax", "3936", "F376", 2025, "500,00"), ("interest", "3937", "F376", 2025, "0,33"),
        ("penalty", "3938", "F376", 2025, "5,00"),
    ]  # fmt: skip
    assert {row.section for row in rows} == {"IMU e altri tributi locali"}


def test_rows_of_nothing_are_left_out() -> None:
    rows = f24_rows(monopoli("pagopa_spontaneo", "f24"), "F376", 2025, 100)
    assert not isinstance(rows, Problem) and [row.code for row in rows] == ["3936"]


def test_a_comune_without_the_agreement_is_refused() -> None:
    refused = f24_rows(monopoli(), "F376", 2025, 100)
    assert isinstance(refused, Problem) and refused.code == "remit.f24.not_used"
    assert isinstance(f24_rows(monopoli()._replace(remittance=None), "F376", 2025, 100), Problem)


def test_the_line_of_an_invoice() -> None:
    [line] = invoice_lines([200] * 6 + [0])
    assert (line.quantity, line.price, line.total, line.vat_rate, line.nature) == (6, 200, 1200, "0.00", "N1")
    assert line.reference == "Escluso art. 15 c.1 n.3 DPR 633/72 - imposta di soggiorno" and line.status == "press"


def test_two_amounts_are_two_lines_or_one_of_quantity_one() -> None:
    nights = [100, 200, 200, 100, 100]
    assert [(line.quantity, line.price) for line in invoice_lines(nights)] == [(2, 200), (3, 100)]
    assert [(line.quantity, line.price) for line in invoice_lines(nights, single=True)] == [(1, 700)]
    assert invoice_lines([0, 0]) == invoice_lines([], single=True) == []


def test_the_other_nature_is_unverified_and_the_reference_can_be_replaced() -> None:
    [line] = invoice_lines([200], nature="N2.2")
    assert (line.nature, line.status) == ("N2.2", "unverified")
    assert invoice_lines([200], nature="N2.2", reference="altro")[0].reference == "altro"


@pytest.mark.parametrize("nature", NATURES)
def test_references_fit_the_file_of_the_invoice(nature: str) -> None:
    reference = NATURES[nature][0]
    assert len(reference) <= 100 and reference.encode("latin-1")


@given(st.lists(st.integers(0, 700), max_size=40), st.booleans())
def test_lines_add_up_to_the_tax(nights: list[int], single: bool) -> None:
    assert sum(line.total for line in invoice_lines(nights, single=single)) == sum(nights)


@pytest.mark.parametrize(
    ("outside", "tax", "counts", "amount", "other"),
    [
        (7747, 0, False, 0, 0), (7748, 0, False, 200, 200), (7747, 1, False, 0, 200), (7747, 1, True, 200, 0),
        (0, 7748, False, 0, 200), (0, 7747, True, 0, 0), (9000, 500, True, 200, 200), (0, 0, False, 0, 0),
    ],
)  # fmt: skip
def test_stamp_duty(outside: int, tax: int, counts: bool, amount: int, other: int) -> None:
    told = stamp_duty(outside, tax, counts_tax=counts)
    assert (told.amount, told.other, told.status) == (amount, other, "disputed")
    assert bool(told.notes) == (amount != other)
    if told.notes:
        assert told.notes[0].code == ("remit.stamp.with_tax" if counts else "remit.stamp.without_tax")


# late -----------------------------------------------------------------------------------------------------------------------


def test_the_worked_example_and_the_steps_ahead() -> None:
    told = overdue(50000, DUE, date(2025, 7, 28), rates=RATES)
    assert (told.today.days_late, told.today.sanction, told.today.interest, told.today.total) == (12, 500, 33, 50533)
    assert [late.paid for late in told.ahead] == [date(2025, 7, 30), date(2025, 8, 15), date(2025, 10, 14), date(2026, 6, 30)]
    assert [late.step.id for late in told.ahead if late.step] == ["days_1_14", "days_15_30", "days_31_90", "within_return"]
    assert [late.sanction for late in told.ahead] == [583, 625, 694, 1563]


def test_a_year_instead_of_the_return() -> None:
    told = overdue(50000, DUE, date(2025, 12, 1), rates=RATES, periodic_return=False)
    [last] = told.ahead
    assert last.paid == date(2026, 7, 16) and last.step is not None and last.step.id == "within_year"


def test_not_late_yet_shows_all_that_would_come() -> None:
    told = overdue(50000, DUE, DUE, rates=RATES)
    assert not told.is_late and told.today.total == 50000 and len(told.ahead) == 4


def test_days_count_from_the_moved_term() -> None:
    saturday = date(2027, 1, 16)
    told = overdue(10000, saturday, date(2027, 1, 18), rates=RATES)
    assert not told.is_late and told.ahead[0].paid == date(2027, 2, 1)
    assert told.ahead[0].interest is None  # the decree for 2027 is not out


def test_after_the_draft_there_are_no_steps() -> None:
    told = overdue(50000, DUE, date(2025, 7, 28), rates=RATES, after_draft=True)
    assert told.ahead == () and told.today.step and told.today.step.id == "after_draft"


@given(st.integers(1, 10**7), st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.integers(-10, 900), st.booleans())
def test_the_day_after_a_step_is_never_cheaper(amount: int, due: date, days: int, returns: bool) -> None:
    told = overdue(amount, due, due + DAY * days, rates=RATES, periodic_return=returns)
    payments = [told.today, *told.ahead]
    assert [late.sanction for late in payments] == sorted(late.sanction for late in payments)
    assert all(late.paid > told.today.paid for late in told.ahead)
    for late in told.ahead:
        after = late_payment(amount, due, late.paid + DAY, rates=RATES, periodic_return=returns)
        assert after.step and late.step and after.step.id != late.step.id and after.sanction >= late.sanction
