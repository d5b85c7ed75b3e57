"""What a period owes under both bases, and where every cent goes (spec imposta-di-soggiorno 8.2, 9.2-9.4)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.people import Guest, Role
from locanda.core.stays import Property, Stay
from locanda.core.time import ROME
from locanda.law.packs import chain
from locanda.law.periods import Period, parse_period
from locanda.law.remitting import (
    Book,
    LedgerNight,
    LedgerPayment,
    LedgerReceipt,
    LedgerRefusal,
    TaxedStructure,
    Terms,
    changed_since,
    figures,
    figures_by_period,
    figures_by_structure,
    ledger_nights,
    settle,
    shifts,
    together,
)
from locanda.law.tourist_tax import Reckoner

DAY = timedelta(days=1)
COLLECTED, NIGHT = Terms("collected"), Terms("night")
NIGHT_DEDUCTED = Terms("night", frozenset({"v"}))
Q1, Q2 = parse_period("2026-Q1"), parse_period("2026-Q2")


def nights(stay: str, first: date, count: int, *guests: str, amount: int = 100, **more: Any) -> list[LedgerNight]:
    status = more.pop("status", "taxed")
    return [
        LedgerNight(more.get("structure", "P"), stay, guest, first + DAY * number, status, amount, "v", more.get("portal", 0))
        for guest in guests or ("a",)
        for number in range(count)
    ]


def receipt(stay: str, number: int, day: date, amount: int, structure: str = "P", **more: Any) -> LedgerReceipt:
    return LedgerReceipt(structure, stay, number, day, amount, **more)


ACROSS = nights("S", date(2026, 3, 28), 6, "a", "b")  # 28 March - 3 April: four nights each in March, two in April


def test_a_stay_across_the_quarter_goes_whole_to_the_quarter_of_its_receipt_or_is_split() -> None:
    book = Book(ACROSS, [receipt("S", 1, date(2026, 4, 3), 1200)])
    assert (figures(book, Q1, COLLECTED).to_pay, figures(book, Q2, COLLECTED).to_pay) == (0, 1200)
    assert (figures(book, Q1, NIGHT).to_pay, figures(book, Q2, NIGHT).to_pay) == (800, 400)
    assert figures(book, Q1, COLLECTED).difference == -800 == -figures(book, Q2, NIGHT).difference
    assert [tuple(shift) for shift in shifts(book, Q1)] == [("P", "S", 800, 0)]


def test_presences_follow_the_night_under_either_basis() -> None:
    book = Book(ACROSS, [receipt("S", 1, date(2026, 4, 3), 1200)])
    for terms in (COLLECTED, NIGHT):
        assert figures(book, Q1, terms).presences.total == 8
        assert figures(book, Q2, terms).presences.total == 4


def test_a_couple_for_three_nights_is_two_guests_and_six_nights() -> None:
    told = figures(Book(nights("S", date(2026, 5, 1), 3, "a", "b")), Q2, COLLECTED)
    assert (told.persons.total, told.persons.taxed, told.presences.taxed, told.arrivals) == (2, 2, 6, 2)


def test_who_stays_over_the_end_of_a_month_is_a_person_of_both_and_arrives_once() -> None:
    march, april = figures_by_period(Book(ACROSS), "month", date(2026, 3, 1), date(2026, 4, 30), COLLECTED)
    assert (march.persons.total, march.arrivals, april.persons.total, april.arrivals) == (2, 2, 2, 0)


def test_who_is_excluded_in_one_month_and_taxed_in_the_next_arrives_once() -> None:
    rows = [*nights("S", date(2026, 2, 28), 1, amount=0, status="excluded"), *nights("S", date(2026, 3, 1), 1)]
    february, march = figures_by_period(Book(rows), "month", date(2026, 2, 1), date(2026, 3, 31), COLLECTED)
    assert (february.arrivals, march.arrivals) == (0, 1) and figures(Book(rows), Q1, COLLECTED).arrivals == 1


def test_every_status_is_counted_under_its_own_heading() -> None:
    day = date(2026, 5, 1)
    rows = [
        *nights("S", day, 1, "a"), *nights("S", day, 2, "b", amount=50, status="reduced:youth"),
        *nights("S", day, 3, "c", amount=0, status="exempt:minor"), *nights("S", day, 4, "d", amount=0, status="beyond_cap"),
        *nights("S", day, 5, "e", amount=0, status="out_of_period"), *nights("S", day, 6, "f", amount=0, status="excluded"),
        *nights("S", day, 7, "g", amount=0, status="collected_by_portal", portal=100),
        *nights("S", day, 1, "h", amount=0, status="exempt:disabled_l104"),
    ]  # fmt: skip
    told = figures(Book(rows), Q2, COLLECTED)
    counts = told.presences
    assert (counts.taxed, counts.reduced, counts.exempt) == (1, (("youth", 2),), (("disabled_l104", 1), ("minor", 3)))
    assert (counts.beyond_cap, counts.out_of_period, counts.portal, counts.excluded) == (4, 5, 7, 6)
    assert counts.total == 1 + 2 + 3 + 1 + 4 + 5 + 7
    assert told.persons.total == 7 and told.persons.excluded == 1 and told.arrivals == 7
    assert (told.to_pay, told.portal) == (200, 700)


def test_refused_tax_is_due_unless_the_comune_deducts_it_and_both_sums_are_told() -> None:
    book = Book(ACROSS, [receipt("S", 1, date(2026, 3, 31), 600)], [LedgerRefusal("P", "S", date(2026, 3, 31), 600, ("b",))])
    due, off = figures(book, Q1, COLLECTED), figures(book, Q1, Terms("collected", frozenset({"v"})))
    assert (due.to_pay, off.to_pay) == (1200, 600)
    for told in (due, off):
        assert (told.money.to_pay_with_refused, told.money.to_pay_without_refused) == (1200, 600)
    assert [note.code for note in due.notes if "refused" in note.code] == ["remit.refused.due"]
    assert [note.code for note in off.notes if "refused" in note.code] == ["remit.refused.deducted"]


def test_a_refusal_takes_the_nights_of_who_refused() -> None:
    book = Book(ACROSS, [receipt("S", 1, date(2026, 3, 31), 600)], [LedgerRefusal("P", "S", date(2026, 4, 1), 600, ("b",))])
    assert figures(book, Q1, NIGHT).by_night.refused == 400
    assert figures(book, Q1, NIGHT_DEDUCTED).to_pay == 400 == figures(book, Q1, NIGHT_DEDUCTED).by_night.collected
    assert figures(book, Q1, COLLECTED).by_receipt.collected == 600
    assert not book.problems


def test_what_was_neither_collected_nor_refused_is_owed_at_the_departure() -> None:
    told = figures(Book(ACROSS), Q2, COLLECTED)
    assert (told.by_receipt.outstanding, told.to_pay) == (1200, 1200)
    assert figures(Book(ACROSS), Q1, COLLECTED).to_pay == 0
    assert "remit.outstanding.counted" in [note.code for note in told.notes]


def test_money_given_back_counts_on_its_own_day_and_reopens_the_last_nights() -> None:
    rows = nights("S", date(2026, 3, 28), 2)
    book = Book(rows, [receipt("S", 1, date(2026, 3, 28), 600), receipt("S", 2, date(2026, 4, 2), -400, corrects=1)])
    assert (figures(book, Q1, COLLECTED).by_receipt.collected, figures(book, Q1, COLLECTED).by_receipt.excess) == (200, 400)
    assert (figures(book, Q1, COLLECTED).to_pay, figures(book, Q2, COLLECTED).to_pay) == (600, -400)
    assert not book.problems and figures(book, Q1, NIGHT).to_pay == 200
    wrong = Book(rows, [receipt("S", 1, date(2026, 3, 28), 200), receipt("S", 2, date(2026, 3, 29), -50)])
    assert (figures(wrong, Q1, NIGHT).by_night.collected, figures(wrong, Q1, NIGHT).by_night.outstanding) == (150, 50)


@pytest.mark.parametrize(
    ("receipts", "refusals", "code"),
    [
        ([receipt("S", 1, date(2026, 3, 31), 1300)], [], "remit.receipt.beyond"),
        ([receipt("S", 1, date(2026, 3, 31), 10), receipt("S", 2, date(2026, 3, 31), -30)], [], "remit.receipt.below"),
        ([], [LedgerRefusal("P", "S", date(2026, 3, 31), 700, ("b",))], "remit.refusal.beyond"),
    ],
)
def test_money_that_does_not_fit_the_tax_is_told(receipts: Any, refusals: Any, code: str) -> None:
    assert [problem.code for problem in Book(ACROSS, receipts, refusals).problems] == [code]


def test_a_period_without_anything_is_zero_and_still_there() -> None:
    book = Book(structures=[TaxedStructure("P"), TaxedStructure("Q")])
    year = figures_by_period(book, "quarter", date(2026, 1, 1), date(2026, 12, 31), COLLECTED)
    assert len(year) == 4 and all(told.is_zero and told.to_pay == 0 for told in year)
    assert set(figures_by_structure(book, Q1, COLLECTED)) == {"P", "Q"}
    assert not figures(Book(ACROSS), Q1, COLLECTED).is_zero


def test_payments_count_for_the_period_they_refer_to() -> None:
    book = Book(ACROSS, [receipt("S", 1, date(2026, 4, 3), 1200)])
    paid = [LedgerPayment("P", Q2, date(2026, 7, 10), 1000, "IUV1"), LedgerPayment("Z", Q2, date(2026, 7, 10), 5, "IUV2")]
    assert figures(book, Q2, COLLECTED, payments=paid).still_to_pay == 200
    assert figures(book, parse_period("2026"), COLLECTED, payments=paid).paid == 1000
    assert figures(book, Q1, COLLECTED, payments=paid).paid == 0


def test_a_stay_changed_after_its_period_was_paid_is_told() -> None:
    before = Book(nights("S", date(2026, 3, 20), 3))
    paid = settle(before, Q1, COLLECTED)
    assert [row.amount for row in paid] == [300]
    late = Book(nights("S", date(2026, 3, 20), 3), [receipt("S", 1, date(2026, 4, 2), 300)])
    [changed] = changed_since(late, paid, COLLECTED)
    assert (changed.settled, changed.now, changed.difference) == (300, 0, -300)
    assert changed_since(before, paid, COLLECTED) == []
    more = Book([*nights("S", date(2026, 3, 20), 3), *nights("T", date(2026, 3, 1), 1)])
    assert [(row.stay, row.difference) for row in changed_since(more, paid, COLLECTED)] == [("T", 100)]


def test_terms_come_from_the_rules_of_the_comune() -> None:
    tax = chain("072030").tourist_tax()
    assert tax is not None
    terms = Terms.of(tax)
    assert (terms.basis, terms.deducted, dict(terms.residents)["2026"]) == ("collected", frozenset(), "taxed")


def test_a_calculated_stay_becomes_ledger_nights_with_every_cent_of_the_portal() -> None:
    tax = chain("072030").tourist_tax()
    assert tax is not None
    intermediary = tax.versions[0].intermediary._replace(channels=frozenset({"portal"}), collects=True)
    tax = tax._replace(versions=tuple(version._replace(intermediary=intermediary) for version in tax.versions))
    home = Property(id="P", type="bb", comune="072030")
    guest = Guest(id="a", role=Role.SINGLE, birth_date=date(1980, 1, 1))
    for channel, paid, portal in (("direct", 5, 0), ("portal", 0, 5)):
        stay = Stay(
            "S", datetime(2026, 2, 26, 16, tzinfo=ROME), date(2026, 3, 2), guests=(guest,), channel=channel, first_night=None
        )
        [told] = Reckoner(tax, home).reckon([stay]).stays
        rows = ledger_nights("P", told)
        assert [row.night for row in rows] == [date(2026, 2, 26) + DAY * number for number in range(4)]
        assert sum(row.amount for row in rows) == told.total == paid * 100
        assert sum(row.portal for row in rows) == portal * 100
    assert [row.portal for row in rows] == [100, 100, 100, 200]


# what holds for every ledger ------------------------------------------------------------------------------------------------

FIRST = date(2026, 1, 1)
STATUSES = ("taxed", "taxed", "reduced:youth", "exempt:minor", "beyond_cap", "out_of_period", "excluded", "collected_by_portal")


@st.composite
def ledgers(draw: Any) -> tuple[list[LedgerNight], list[LedgerReceipt], list[LedgerRefusal]]:
    rows: list[LedgerNight] = []
    receipts: list[LedgerReceipt] = []
    refusals: list[LedgerRefusal] = []
    for number in range(draw(st.integers(0, 5))):
        structure, stay = draw(st.sampled_from("PQ")), f"S{number}"
        first = FIRST + DAY * draw(st.integers(0, 330))
        for guest in "abc"[: draw(st.integers(1, 3))]:
            for offset in range(draw(st.integers(1, 12))):
                status = draw(st.sampled_from(STATUSES))
                amount = draw(st.integers(0, 500)) if status in ("taxed", "reduced:youth") else 0
                rows.append(
                    LedgerNight(structure, stay, guest, first + DAY * offset, status, amount, draw(st.sampled_from("vw")))
                )
        for place in range(draw(st.integers(0, 3))):
            day = first + DAY * draw(st.integers(-40, 30))
            receipts.append(LedgerReceipt(structure, stay, 10 * number + place, day, draw(st.integers(-900, 3000))))
        if draw(st.booleans()):
            guests = draw(st.sampled_from([(), ("a",), ("b", "c")]))
            refusals.append(
                LedgerRefusal(structure, stay, first + DAY * draw(st.integers(0, 20)), draw(st.integers(0, 2000)), guests)
            )
    return rows, receipts, refusals


ALWAYS = (date(2025, 1, 1), date(2026, 12, 31))
words = st.builds(Terms, st.sampled_from(["collected", "night"]), st.sampled_from([frozenset(), frozenset("v"), frozenset("vw")]))


@given(ledgers(), words)
def test_every_split_by_time_gives_the_whole(ledger: Any, terms: Terms) -> None:
    book = Book(*ledger)
    kinds = ("month", "quarter", "four_months", "half_year", "year")
    split = {kind: figures_by_period(book, kind, *ALWAYS, terms) for kind in kinds}
    for field in ("to_pay", "difference", "portal", "receipts", "arrivals"):
        assert len({sum(getattr(told, field) for told in split[kind]) for kind in kinds}) == 1, field
    for basis in ("by_night", "by_receipt"):
        assert len({tuple(map(sum, zip(*(getattr(told, basis) for told in split[kind]), strict=True))) for kind in kinds}) == 1
    for told in split["month"]:
        counts = told.presences
        assert counts.total == (counts.taxable + counts.all_exempt + counts.beyond_cap + counts.out_of_period + counts.portal)


@given(ledgers(), words)
def test_structures_add_up_to_the_whole(ledger: Any, terms: Terms) -> None:
    book = Book(*ledger)
    for period in (Q1, Q2, Period("year", 2026)):
        whole, parts = figures(book, period, terms), figures_by_structure(book, period, terms).values()
        assert whole.to_pay == sum(part.to_pay for part in parts)
        assert whole.persons.total == sum(part.persons.total for part in parts)
        assert whole.presences.total == sum(part.presences.total for part in parts)


@given(ledgers(), words)
def test_a_book_of_each_structure_gives_together_what_one_book_of_all_gives(ledger: Any, terms: Terms) -> None:
    book = Book(*ledger)
    alone = [
        (ident, Book(*([row for row in rows if row.structure == ident] for rows in ledger))) for ident in book.structures
    ]  # fmt: skip
    for period in (Q1, Q2, Period("year", 2026)):
        paid = [LedgerPayment(ident, period, date(2026, 7, 1), 150) for ident in book.structures]
        each = [figures(one, period, terms, structure=ident, payments=paid) for ident, one in alone]
        assert together(each, period, terms) == figures(book, period, terms, payments=paid)


@given(ledgers())
def test_no_cent_is_lost_or_made(ledger: Any) -> None:
    rows, receipts, _ = ledger
    book = Book(*ledger)
    for terms in (COLLECTED, NIGHT):
        told = figures_by_period(book, "year", *ALWAYS, terms)
        assert sum(entry.by_night.due for entry in told) == sum(entry.by_receipt.due for entry in told)
        assert sum(entry.by_night.due for entry in told) == sum(row.amount for row in rows)
        taken = sum(entry.by_receipt.collected + entry.by_receipt.excess for entry in told)
        assert taken == sum(row.amount for row in receipts)
    for month in figures_by_period(book, "month", *ALWAYS, COLLECTED):
        inside = [row.amount for row in receipts if month.period.first <= row.day <= month.period.last]
        assert month.by_receipt.collected + month.by_receipt.excess == sum(inside)


@given(ledgers())
def test_the_tax_of_a_night_is_never_collected_or_refused_twice(ledger: Any) -> None:
    rows, _, _ = ledger
    book = Book(*ledger)
    amounts = {(row.structure, row.stay, row.guest, row.night): row.amount for row in rows}
    found: Counter[Any] = Counter()
    kinds: Counter[Any] = Counter()
    for entries in book.by_night.values():
        for entry in entries:
            key = (entry.structure, entry.stay, entry.guest, entry.night)
            found[key] += entry.amount
            kinds[(*key, entry.kind)] += entry.amount
    assert {key: amount for key, amount in amounts.items() if amount} == {key: amount for key, amount in found.items() if amount}
    assert all(amount >= 0 for amount in kinds.values())


@given(ledgers(), words)
def test_the_shares_of_the_stays_are_what_is_paid(ledger: Any, terms: Terms) -> None:
    book = Book(*ledger)
    for period in (Q1, Q2):
        assert sum(row.amount for row in settle(book, period, terms)) == figures(book, period, terms).to_pay
        assert changed_since(book, settle(book, period, terms), terms) == []
