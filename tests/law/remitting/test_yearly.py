"""The papers of the year: Modello 21 and the return to the tax agency (spec imposta-di-soggiorno 11, 12.2)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from locanda.law.periods import Period, parse_period
from locanda.law.remitting import (
    Book,
    LedgerNight,
    LedgerPayment,
    LedgerReceipt,
    LedgerRefusal,
    TaxedStructure,
    Terms,
    modello_21_of,
    national_return,
)

TERMS = Terms("collected", residents=(("2025", "taxed"), ("2026", "excluded")))
P = TaxedStructure("P", "Il Trullo", "IT072030C200012345")
DAY = timedelta(days=1)


def night(day: date, amount: int = 100, status: str = "taxed", guest: str = "a", version: str = "2025") -> LedgerNight:
    return LedgerNight("P", f"S{day:%j}", guest, day, status, amount, version)


def receipt(number: int, day: date, amount: int = 100) -> LedgerReceipt:
    return LedgerReceipt("P", f"S{day:%j}", number, day, amount)


YEAR = [date(2026, 1, 5), date(2026, 1, 20), date(2026, 7, 3), date(2026, 12, 30)]
BOOK = Book(
    [night(day) for day in YEAR],
    [receipt(number, day) for number, day in enumerate(YEAR, 1)],
    structures=[P, TaxedStructure("Q")],
)
PAID = [
    LedgerPayment("P", parse_period("2026-Q1"), date(2026, 4, 10), 200, "RF01"),
    LedgerPayment("P", parse_period("2026-Q3"), date(2026, 10, 10), 100, "RF03"),
    LedgerPayment("P", parse_period("2026-Q4"), date(2027, 1, 12), 100, "RF04"),
    LedgerPayment("P", parse_period("2025-Q4"), date(2026, 1, 12), 999, "RF00"),
]


def test_twelve_rows_with_first_and_last_receipt_of_the_month() -> None:
    account = modello_21_of(BOOK, "P", 2026, TERMS, payments=PAID)
    assert [row.month for row in account.rows] == list(range(1, 13)) and account.entries == 12
    january, february = account.rows[:2]
    assert (january.subject, january.first, january.last, january.receipts, january.collected) == (
        "GENNAIO – IDS",
        "1",
        "2",
        2,
        200,
    )
    assert (february.first, february.last, february.collected, february.paid, february.references) == ("", "", 0, 0, "")
    assert (account.collected, account.paid, account.difference) == (400, 400, 0)


def test_a_payment_of_january_stands_in_the_year_it_refers_to_and_says_so() -> None:
    account = modello_21_of(BOOK, "P", 2026, TERMS, payments=PAID)
    assert {row.month: (row.paid, row.references) for row in account.rows if row.paid} == {
        3: (200, "RF01"), 9: (100, "RF03"), 12: (100, "RF04"),
    }  # fmt: skip
    [note] = account.notes
    assert note.code == "remit.payment.next_year" and "12/01/2027" in note.message("it")
    assert modello_21_of(BOOK, "P", 2025, TERMS, payments=PAID).rows[11].paid == 999


def test_a_structure_without_guests_has_twelve_rows_of_zeros() -> None:
    account = modello_21_of(BOOK, "Q", 2026, TERMS, payments=PAID)
    assert len(account.rows) == 12 and not (account.collected or account.paid or account.notes or account.problems)


def test_refusals_are_no_takings_and_explain_what_was_paid_beyond_them() -> None:
    book = Book(
        [night(YEAR[0]), night(YEAR[0], guest="b")], [receipt(1, YEAR[0])], [LedgerRefusal("P", "S005", YEAR[0], 100, ("b",))]
    )
    account = modello_21_of(book, "P", 2026, TERMS, payments=[PAID[0]])
    assert (account.collected, account.paid, account.difference, account.refused) == (100, 200, -100, 100)
    [note] = account.notes
    assert note.code == "remit.account.differs" and "-1,00" in note.message("it") and "-1.00" in note.message("en")


def test_numbers_that_repeat_or_are_missing_and_payments_without_reference_are_told() -> None:
    book = Book([night(day) for day in YEAR], [receipt(number, day) for number, day in zip([1, 1, 4, 5], YEAR, strict=True)])
    account = modello_21_of(book, "P", 2026, TERMS, payments=[PAID[0]._replace(reference="")])
    assert {problem.code for problem in account.problems} == {
        "remit.receipt.twice", "remit.receipt.gap", "remit.payment.reference",
    }  # fmt: skip
    gap = next(problem for problem in account.problems if problem.code == "remit.receipt.gap")
    assert (gap.fact("first"), gap.fact("last")) == ("2", "3")


def test_receipts_are_ordered_by_number_and_shown_as_printed() -> None:
    day = date(2026, 6, 10)
    book = Book(
        [night(day, 300)], [receipt(10, day)._replace(label="10/A"), receipt(9, day), receipt(11, day)._replace(label="11/A")]
    )
    june = modello_21_of(book, "P", 2026, TERMS).rows[5]
    assert (june.first, june.last) == ("9", "11/A")


# the return to the tax agency -----------------------------------------------------------------------------------------------


def test_four_quarters_for_every_structure_with_the_amounts_applied() -> None:
    rows = [
        night(date(2026, 2, 27)), night(date(2026, 2, 28)), night(date(2026, 3, 1), 200, version="2026"),
        night(date(2026, 3, 1), 100, "reduced:youth", "b", "2026"), night(date(2026, 3, 1), 0, "exempt:minor", "c", "2026"),
    ]  # fmt: skip
    told = national_return(Book(rows, structures=[P, TaxedStructure("Q", "Bis", "IT1")]), 2026, TERMS)
    assert [entry.structure.id for entry in told.structures] == ["P", "Q"]
    assert [[box.quarter for box in entry.quarters] for entry in told.structures] == [[1, 2, 3, 4]] * 2
    first = told.structures[0].quarters[0]
    assert (first.full, first.reduced, first.exempt, first.presences, first.due) == (((100, 2), (200, 1)), ((100, 1),), 1, 5, 500)
    assert [note.code for note in told.notes] == ["remit.return.amounts"]
    assert [problem.code for problem in told.problems] == ["remit.return.payments"]


def test_what_has_no_known_box_stands_apart() -> None:
    rows = [night(YEAR[0], 0, status) for status in ("beyond_cap", "out_of_period", "collected_by_portal")]
    told = national_return(Book(rows, structures=[P]), 2026, TERMS)
    box = told.structures[0].quarters[0]
    assert box.presences == 0 and dict(box.apart) == {"beyond_cap": 1, "out_of_period": 1, "collected_by_portal": 1}
    assert [note.code for note in told.notes] == ["remit.return.apart"] * 3 and not told.problems


def test_the_checks_of_the_return() -> None:
    rows = [
        night(YEAR[0], 100, "exempt:minor"),
        night(YEAR[1], 0, "excluded"),
        night(YEAR[2], 0, "exempt:resident", version="2026"),
    ]
    told = national_return(Book(rows), 2026, TERMS)
    assert [problem.code for problem in told.problems] == [
        "remit.return.cin", "remit.return.sum", "remit.return.payments", "remit.return.residents", "remit.return.residents",
    ]  # fmt: skip
    fine = national_return(BOOK, 2026, TERMS, payments=PAID)
    assert {problem.code for problem in fine.problems} == {"remit.return.cin"}  # of Q, which has none
    assert fine.structures[0].paid == fine.structures[0].due == 400


@given(
    st.lists(st.tuples(st.integers(0, 364), st.sampled_from([100, 200]), st.sampled_from(["taxed", "reduced:x"])), max_size=30)
)
def test_quarters_and_months_hold_the_whole_year(entries: list[tuple[int, int, str]]) -> None:
    rows = [
        night(date(2026, 1, 1) + DAY * day, amount, status, f"g{place}") for place, (day, amount, status) in enumerate(entries)
    ]
    receipts = [receipt(place, row.night, row.amount) for place, row in enumerate(rows, 1)]
    book = Book(rows, receipts, structures=[P])
    told = national_return(book, 2026, TERMS)
    assert told.structures[0].due == sum(row.amount for row in rows) == modello_21_of(book, "P", 2026, TERMS).collected
    assert sum(box.presences for box in told.structures[0].quarters) == len(rows)
    assert "remit.return.sum" not in [problem.code for problem in told.problems]


def test_a_payment_for_a_year_stands_in_december() -> None:
    paid = LedgerPayment("P", Period("year", 2026), date(2026, 12, 31), 400, "X")
    assert modello_21_of(BOOK, "P", 2026, TERMS, payments=[paid]).rows[11].paid == 400
