"""The six identities of spec 2.2, in total and on every line; months and changes that give the same as the whole."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from locanda.core.stays import Stay
from locanda.law.statistics import DayCount, changed_days, day_counts, month_counts, total
from tests.law.statistics.drawing import FIRST, LAST, counted, days, slow, stays

_DAY = timedelta(days=1)


def figures(day: DayCount) -> tuple[object, ...]:
    entry = day.day
    return entry.day, entry.rooms_occupied, entry.previous, len(entry.arrived), len(entry.departed), entry.present, day.rows


@given(stays())
def test_the_counts_are_those_of_the_definitions(drawn: list[Stay]) -> None:
    moved = counted(drawn)
    assume(moved is not None)
    for day in moved.days:
        arrived, departed, present, rooms = slow(drawn, day.day)
        assert (len(day.arrived), len(day.departed), day.present) == (arrived.total(), departed.total(), present.total())
        assert day.rooms_occupied == rooms
        assert day.previous == slow(drawn, day.day - _DAY)[2].total()


@given(stays())
def test_the_identities_hold_in_total_and_on_every_line(drawn: list[Stay]) -> None:
    moved = counted(drawn)
    assume(moved is not None)
    before: dict[str, int] | None = None
    by_month: dict[str, list[DayCount]] = {}
    for day in day_counts(moved):
        lines = {line.row.code: line for line in day.rows}
        assert len(lines) == len(day.rows)
        for line in day.rows:
            assert line.present == line.previous + line.arrived - line.departed >= 0  # 1
            assert any(line[1:5])
        if before is not None:
            assert before == {code: line.previous for code, line in lines.items() if line.previous}
        before = {code: line.present for code, line in lines.items() if line.present}
        entry = day.day
        sums = [sum(getattr(line, name) for line in day.rows) for name in ("previous", "arrived", "departed", "present")]
        assert sums == [entry.previous, len(entry.arrived), len(entry.departed), entry.present]  # 4
        assert (entry.present > 0) == (entry.rooms_occupied > 0)  # 5
        by_month.setdefault(f"{entry.day:%Y-%m}", []).append(day)
    for month in month_counts(moved):
        inside = by_month[f"{month.first:%Y-%m}"]
        assert month.nights == sum(day.day.present for day in inside)  # 2
        assert month.present == month.previous + month.arrivals - month.departures  # 3
        for line in month.rows:
            mine = [row for day in inside for row in day.rows if row.row == line.row]
            assert line.nights == sum(row.present for row in mine)
            assert line.present == line.previous + line.arrived - line.departed >= 0
            first = [row.previous for row in inside[0].rows if row.row == line.row]
            last = [row.present for row in inside[-1].rows if row.row == line.row]
            assert (line.previous, line.present) == (sum(first), sum(last))
        assert sum(line.nights for line in month.rows) == month.nights
        assert sum(line.previous for line in month.rows) == month.previous


@given(stays(), st.dates(FIRST, LAST - _DAY))
def test_two_parts_are_the_whole(drawn: list[Stay], cut: date) -> None:
    whole, left, right = counted(drawn), counted(drawn, FIRST, cut), counted(drawn, cut + _DAY, LAST)
    assume(whole is not None and left is not None and right is not None)
    parts = [*day_counts(left), *day_counts(right)]
    assert [figures(day) for day in parts] == [figures(day) for day in day_counts(whole)]
    assert total(parts) == total(list(day_counts(whole)))


@given(stays(3), st.data())
def test_counting_the_changed_days_again_is_counting_all(drawn: list[Stay], data: st.DataObject) -> None:
    other = data.draw(stays(1))
    place = data.draw(st.integers(0, len(drawn)))
    old = drawn[place] if place < len(drawn) else None
    new = data.draw(st.sampled_from(_altered(old) + other)) if old is not None else (other[0] if other else None)
    after = [*drawn[:place], *([new] if new is not None else []), *drawn[place + 1 :]]
    was, now = counted(drawn), counted(after)
    assume(was is not None and now is not None)
    known = {day.day.day: figures(day) for day in day_counts(was)}
    again = 0
    for stretch in changed_days(old, new):
        first, last = max(stretch.first, FIRST), min(stretch.last or LAST, LAST)
        if first <= last:
            part = counted(after, first, last)
            assert part is not None
            known |= {day.day.day: figures(day) for day in day_counts(part)}
            again += len(part.days)
    assert known == {day.day.day: figures(day) for day in day_counts(now)}
    assert again <= len(days())


def _altered(stay: Stay) -> list[Stay]:
    """The same stay with one thing changed."""
    end = stay.departure
    found = [stay, stay._replace(departure=None), stay._replace(units=("5",))]
    if len(stay.guests) > 1:
        found.append(stay._replace(guests=stay.guests[1:]))
    if end is not None:
        found += [stay._replace(departure=end + 3 * _DAY), stay._replace(departure=end - _DAY)]
    guest = stay.guests[0]
    found.append(stay._replace(guests=(guest._replace(residence_state="CH", residence_comune=None), *stay.guests[1:])))
    return found


def test_only_the_days_between_two_departures_change() -> None:
    from tests.law.statistics.test_reading import stay

    old, new = stay(departure="2026-10-20"), stay(departure="2026-10-23")
    assert changed_days(old, new) == ((date(2026, 10, 20), date(2026, 10, 23)),)
    assert changed_days(old, old) == ()
    assert changed_days(old, None) == changed_days(None, old) == ((date(2026, 10, 10), date(2026, 10, 20)),)
    assert changed_days(old, stay(departure=None)) == ((date(2026, 10, 20), None),)
