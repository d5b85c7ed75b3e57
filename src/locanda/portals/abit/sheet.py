"""The hand-entry sheet of ABIT: guests, the C/59 of each day, the calendar, closings (spec flussi-turistici 8 and 11).

ABIT feeds the regional ROSS1000 and its screens were not seen: the sheet holds what the guide of the Province says is typed,
guest by guest, and the figures to compare with what the portal shows. No name and no document is on it: they are not statistics.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from locanda.core.problems import Problem
from locanda.core.stays import Property
from locanda.core.time import iso_day
from locanda.law.statistics import FlowDay, Movement, closing_counts, closings
from locanda.portals.abit.closings import LEAST, rule_for, tell_by
from locanda.portals.figure_tables import calendar, closures, daily, months
from locanda.portals.flows import Read, Report, Written
from locanda.portals.guest_tables import guest_list
from locanda.portals.sheets import Section, Sheet, cells, decode_sheet, encode_sheet, section_of
from locanda.portals.table_words import word

__all__ = ["check", "encode", "read", "write"]

MARK = "ABIT"
STATES = tuple(word(state, "it") for state in ("movement", "staying", "zero", "closed", "unsaid"))
_GUESTS = (
    "number", "guest_code", "type", "head_code", "sex", "birth_date", "citizenship", "residence_state", "residence_comune",
    "arrival", "departure", "units",
)  # fmt: skip
_MONTHS = ("month", "arrivals", "departures", "nights", "days_open", "zero_days", "days_closed", "room_nights")
_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)


# writing ----------------------------------------------------------------------------------------------------------------------


def write(movement: Movement) -> Written:
    """The sheet of a movement."""
    home = movement.home
    sheet = Sheet(MARK, " ".join((home.name or home.id).split()), movement.first, movement.last, _sections(movement))
    return Written(encode(sheet), (), (Problem("abit.by_hand", ""),))


encode = encode_sheet


def _sections(movement: Movement) -> tuple[Section, ...]:
    """The tables of every portal typed by hand, with the columns that ABIT asks for."""
    rule = rule_for(movement.home)
    tables = {
        "Ospiti": guest_list(movement).only(*_GUESTS),
        "Calendario": calendar(movement),
        "C/59": daily(movement, quiet=True, totals=False),
        "Mesi": months(movement).only(*_MONTHS),
        "Chiusure": closures(movement, need=LEAST if rule else None, tell_by=lambda closing: tell_by(closing, rule)),
    }
    return tuple(section_of(table, title) for title, table in tables.items())


@cache
def _heads() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The titles and heads that a sheet must have."""
    nobody = Property()
    day = date(2000, 1, 1)
    empty = Movement(nobody, day, day, (FlowDay(day, True, 0, 0, 0, 0, (), ()),), ())  # noqa: FBT003
    return tuple((section.title, section.head) for section in _sections(empty))


# reading and checking ---------------------------------------------------------------------------------------------------------


def read(data: bytes) -> Read:
    """The tables of a sheet of ABIT."""
    sheet = decode_sheet(data, MARK)
    if isinstance(sheet, Problem):
        return Read(None, (sheet,))
    if tuple((section.title, section.head) for section in sheet.sections) != _heads():
        return Read(None, (Problem.of("sheet.other", "", mark=MARK),))
    return Read(sheet)


def check(data: bytes) -> Report:
    """The identities of the C/59 on a sheet: every day once, totals and lines agree, guests explain the movements."""
    sheet, problems = read(data)
    if sheet is None:
        return Report(0, 0, 0, problems)
    found: list[Problem] = []
    tables = {section.title: section.rows for section in sheet.sections}
    calendar = _numbers(tables["Calendario"], 2, "Calendario", found)
    lines = _numbers(tables["C/59"], 4, "C/59", found)
    if found:
        return Report(len(calendar), 0, 0, tuple(found))
    _judge_days(sheet, tables["Calendario"], calendar, found)
    _judge_lines(tables["Calendario"], calendar, tables["C/59"], lines, found)
    _judge_guests(tables["Ospiti"], tables["Calendario"], calendar, found)
    _judge_closings(tables["Calendario"], tables["Chiusure"], found)
    arrived, departed = sum(row[4] for row in calendar), sum(row[5] for row in calendar)
    return Report(len(calendar), arrived, departed, tuple(found))


def _numbers(rows: Sequence[tuple[str, ...]], start: int, title: str, found: list[Problem]) -> list[list[int]]:
    made = []
    for place, row in enumerate(rows):
        if all(_NUMBER.fullmatch(cell) for cell in row[start:]):
            made.append([int(cell) for cell in row[start:]])
        else:
            found.append(Problem.of("abit.number.wrong", f"{title}[{place}]", rule="C59"))
    return made


def _judge_days(sheet: Sheet, rows: Sequence[tuple[str, ...]], numbers: Sequence[Sequence[int]], found: list[Problem]) -> None:
    wanted = [(sheet.first + timedelta(days=index)).isoformat() for index in range((sheet.last - sheet.first).days + 1)]
    if [row[0] for row in rows] != wanted:
        found.append(Problem.of("abit.calendar.incomplete", "Calendario", first=sheet.first, last=sheet.last, rule="1"))
    before: int | None = None
    for place, (row, (rooms, beds, occupied, previous, arrived, departed, present)) in enumerate(zip(rows, numbers, strict=True)):
        where = f"Calendario[{place}]"
        if present != previous + arrived - departed or (before is not None and previous != before):
            found.append(Problem.of("abit.balance", where, day=row[0], rule="2.2-1"))
        if row[1] not in STATES or (row[1] != "chiuso" and (row[1] == "movimento") != bool(arrived or departed)):
            found.append(Problem.of("abit.state.differs", where, day=row[0], state=row[1], rule="2.1"))
        if row[1] == "chiuso" and any((rooms, beds, occupied, present, arrived)):
            found.append(Problem.of("abit.closed.figures", where, day=row[0], rule="RX-05"))
        before = present


def _judge_lines(
    rows: Sequence[tuple[str, ...]], numbers: Sequence[Sequence[int]], lines: Sequence[tuple[str, ...]],
    told: Sequence[Sequence[int]], found: list[Problem],
) -> None:  # fmt: skip
    sums: dict[str, list[int]] = {row[0]: [0, 0, 0, 0] for row in rows}
    for line, values in zip(lines, told, strict=True):
        mine = sums.setdefault(line[0], [0, 0, 0, 0])
        for index, value in enumerate(values):
            mine[index] += value
    totals = {row[0]: list(values[3:]) for row, values in zip(rows, numbers, strict=True)}
    for day, values in sums.items():
        if totals.get(day) != values:
            found.append(Problem.of("abit.lines.differ", f"C/59[{day}]", day=day, rule="2.2-4"))


def _judge_guests(
    guests: Sequence[tuple[str, ...]], rows: Sequence[tuple[str, ...]], numbers: Sequence[Sequence[int]], found: list[Problem]
) -> None:
    for column, index, counter in ((9, 4, "Arrivati"), (10, 5, "Partiti")):
        counts: dict[str, int] = {}
        for guest in guests:
            counts[guest[column]] = counts.get(guest[column], 0) + 1
        for row, values in zip(rows, numbers, strict=True):
            if counts.get(row[0], 0) != values[index]:
                facts = {"day": row[0], "counter": counter, "guests": counts.get(row[0], 0), "told": values[index]}
                found.append(Problem.of("abit.guests.differ", f"Ospiti[{row[0]}]", **facts, rule="2.2"))


def _judge_closings(rows: Sequence[tuple[str, ...]], closed: Sequence[tuple[str, ...]], found: list[Problem]) -> None:
    days = [day for row in rows if row[1] == "chiuso" and (day := iso_day(row[0])) is not None]
    mine = [cells(entry.first, entry.last, entry.days, entry.year_to_date) for entry in closings(days)]
    if mine != [row[:4] for row in closed]:
        facts = {"days": len(days), "counted": ", ".join(f"{count.year}: {count.have}" for count in closing_counts(days)) or "0"}
        found.append(Problem.of("abit.closings.differ", "Chiusure", **facts, rule="8"))
