"""Nights of the tax, of the police and of the statistics (spec imposta-di-soggiorno 2.5, 9.2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.law.periods import parse_period
from locanda.law.remitting import LedgerNight, SourceNights, agreement, tax_nights
from locanda.law.remitting.agreement import MARKS, SOURCES

MAY = parse_period("2026-05")
FIRST = date(2026, 5, 10)
DAY = timedelta(days=1)


def record(source: str, first: date = FIRST, nights: int = 3, guest: str = "a", mark: str = "") -> SourceNights:
    return SourceNights(source, "P", "S", guest, first, nights, mark)


def everywhere(**more: Any) -> list[SourceNights]:
    return [record(source, **more) for source in SOURCES]


def test_the_same_nights_everywhere_agree() -> None:
    told = agreement(everywhere(), MAY)
    assert told.agrees and told.totals == (3, 3, 3) and told.sources == SOURCES


def test_a_guest_whom_the_police_do_not_know_is_named_and_unexplained() -> None:
    told = agreement([*everywhere(), record("tax", guest="b"), record("statistics", guest="b")], MAY)
    [difference] = told.unexplained
    assert (difference.guest, difference.counts, len(difference.nights)) == ("b", (3, 0, 3), 3)
    assert told.totals == (6, 3, 6) and not told.agrees


def test_residents_excluded_from_the_tax_explain_themselves() -> None:
    ledger = [LedgerNight("P", "S", "a", FIRST + DAY * number, "excluded") for number in range(3)]
    told = agreement([*tax_nights(ledger), record("police"), record("statistics")], MAY)
    [difference] = told.differences
    assert [reason.code for reason in difference.reasons] == ["agree.resident.excluded"] and not difference.likely
    assert difference.counts == (0, 3, 3) and not told.unexplained


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_mark_explains_and_has_words(mark: str) -> None:
    told = agreement([record("tax"), record("police", nights=2, mark=mark), record("statistics")], MAY)
    [difference] = told.differences
    assert difference.explained and difference.reasons[0].message("it") != difference.reasons[0].message("en")


def test_day_use_is_a_record_of_the_police_without_a_night_of_the_tax() -> None:
    told = agreement([record("police", nights=1, mark="day_use")], MAY)
    assert told.differences[0].counts == (0, 1, 0) and told.differences[0].explained


def test_an_arrival_after_midnight_is_told_as_likely() -> None:
    told = agreement([record("tax"), record("police", first=FIRST + DAY), record("statistics")], MAY)
    [difference] = told.differences
    assert difference.likely and difference.reasons[0].code == "agree.night.before"
    assert difference.counts == (3, 3, 3) and difference.nights == (FIRST, FIRST + DAY * 3)


def test_a_departure_that_changed_is_told_as_likely() -> None:
    told = agreement([record("tax"), record("police", nights=5), record("statistics")], MAY)
    assert [(entry.likely, entry.reasons[0].code) for entry in told.differences] == [(True, "agree.police.planned")]


def test_where_tax_and_statistics_differ_too_nothing_is_guessed() -> None:
    told = agreement([record("tax"), record("police", nights=5), record("statistics", nights=4)], MAY)
    assert len(told.unexplained) == 1


def test_only_the_nights_of_the_period_are_compared() -> None:
    start = date(2026, 5, 30)
    told = agreement([record("tax", start, 4), record("police", start, 2), record("statistics", start, 4)], MAY)
    assert told.agrees and told.totals == (2, 2, 2)
    assert not agreement(
        [record("tax", start, 4), record("police", start, 2)], parse_period("2026-06"), sources=("tax", "police")
    ).agrees


def test_segments_of_a_long_stay_are_put_together() -> None:
    long = [record("tax", nights=20), record("police", nights=15), record("police", first=FIRST + DAY * 15, nights=5)]
    assert agreement(long, parse_period("2026"), sources=("tax", "police")).agrees


def test_one_structure_at_a_time() -> None:
    assert agreement([record("tax")], MAY, structure="Q").totals == (0, 0, 0)


entries = st.lists(
    st.builds(
        record, st.sampled_from(SOURCES), st.dates(date(2026, 4, 20), date(2026, 6, 5)), st.integers(0, 40),
        st.sampled_from("abc"), st.sampled_from(["", "", "cancelled"]),
    ),
    max_size=12,
)  # fmt: skip


@given(entries)
def test_totals_differ_by_exactly_the_differences(rows: list[SourceNights]) -> None:
    told = agreement(rows, MAY)
    for place in range(1, 3):
        assert told.totals[place] - told.totals[0] == sum(entry.counts[place] - entry.counts[0] for entry in told.differences)
    assert told.agrees == (not told.differences)
    months = [agreement(rows, parse_period(f"2026-{number:02}")).totals for number in range(1, 13)]
    assert tuple(map(sum, zip(*months, strict=True))) == agreement(rows, parse_period("2026")).totals
