"""The hand-entry sheet of ABIT: guests, the C/59 of each day, the calendar, closings (spec flussi-turistici 8 and 11).

ABIT feeds the regional ROSS1000 and its screens were not seen: the sheet holds what the guide of the Province says is typed,
guest by guest, and the figures to compare with what the portal shows. No name and no document is on it: they are not statistics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from locanda.core.people import Role
from locanda.core.problems import Problem
from locanda.law.statistics import FlowGuest, Movement, day_counts, month_counts
from locanda.places import builtin
from locanda.portals.abit.closings import LEAST, closing_counts, closings, rule_for, tell_by
from locanda.portals.flows import Read, Report, Written
from locanda.portals.sheets import Section, Sheet, cells, decode_sheet, encode_sheet

__all__ = ["check", "encode", "read", "write"]

MARK = "ABIT"
GUESTS = (
    "Numero", "Codice", "Tipo", "Capo", "Sesso", "Data di nascita", "Cittadinanza", "Stato di residenza", "Comune di residenza",
    "Arrivo", "Partenza", "Camera",
)  # fmt: skip
CALENDAR = (
    "Giorno", "Stato", "Camere disponibili", "Letti disponibili", "Camere occupate", "Notte precedente", "Arrivati", "Partiti",
    "Presenti",
)  # fmt: skip
DAYS = ("Giorno", "Riga", "Codice", "Residenza", "Notte precedente", "Arrivati", "Partiti", "Presenti")
MONTHS = (
    "Mese", "Arrivi", "Partenze", "Presenze", "Giorni aperti", "Giorni senza movimento", "Giorni chiusi", "Giornate camera",
)  # fmt: skip
CLOSED = ("Dal", "Al", "Giorni", "Totale dell'anno", "Da comunicare entro", "Minimo annuo", "Mancano")
STATES = ("movimento", "zero", "chiuso")
_TITLES = {"Ospiti": GUESTS, "Calendario": CALENDAR, "C/59": DAYS, "Mesi": MONTHS, "Chiusure": CLOSED}
_ROLES = {
    Role.SINGLE: "16", Role.HEAD_OF_FAMILY: "17", Role.HEAD_OF_GROUP: "18", Role.FAMILY_MEMBER: "19", Role.GROUP_MEMBER: "20",
}  # fmt: skip
_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)


# writing ----------------------------------------------------------------------------------------------------------------------


def write(movement: Movement) -> Written:
    """The sheet of a movement."""
    home = movement.home
    sections = (
        Section("Ospiti", GUESTS, tuple(_guests(movement.guests))),
        Section("Calendario", CALENDAR, tuple(_calendar(movement))),
        Section("C/59", DAYS, tuple(_days(movement))),
        Section("Mesi", MONTHS, tuple(_months(movement))),
        Section("Chiusure", CLOSED, tuple(_closed(movement))),
    )
    sheet = Sheet(MARK, " ".join((home.name or home.id).split()), movement.first, movement.last, sections)
    return Written(encode(sheet), (), (Problem("abit.by_hand", ""),))


encode = encode_sheet


def _guests(guests: Iterable[FlowGuest]) -> Iterable[tuple[str, ...]]:
    states = {state.police: state.name for state in builtin().states}
    comuni = {comune.police: comune.label for comune in builtin().comuni if comune.police}
    for number, guest in enumerate(guests, 1):
        home = guest.residence
        rooms = " + ".join(dict.fromkeys(use.unit for use in guest.rooms))
        yield cells(
            number, guest.flow_id, _ROLES[guest.role] if guest.role else None, guest.head, guest.sex, guest.birth_date,
            states.get(guest.citizenship or "", guest.citizenship), states.get(home.state, home.state),
            None if home.comune is None else comuni.get(home.comune, home.comune), guest.arrival, guest.departure, rooms,
        )  # fmt: skip


def _calendar(movement: Movement) -> Iterable[tuple[str, ...]]:
    for day in movement.days:
        state = "chiuso" if not day.open else "zero" if day.is_zero else "movimento"
        yield cells(
            day.day, state, day.rooms, day.beds, day.rooms_occupied, day.previous, len(day.arrived), len(day.departed),
            day.present,
        )  # fmt: skip


def _days(movement: Movement) -> Iterable[tuple[str, ...]]:
    for counted in day_counts(movement):
        for row in counted.rows:
            if row.arrived or row.departed or row.previous or row.present:
                yield cells(
                    counted.day.day, row.row.kind, row.row.code, row.row.it, row.previous, row.arrived, row.departed, row.present
                )


def _months(movement: Movement) -> Iterable[tuple[str, ...]]:
    for month in month_counts(movement):
        yield cells(
            f"{month.first:%Y-%m}", month.arrivals, month.departures, month.nights, month.days_open, month.zero_days,
            month.days_closed, month.room_nights,
        )  # fmt: skip


def _closed(movement: Movement) -> Iterable[tuple[str, ...]]:
    rule = rule_for(movement.home)
    days = [day.day for day in movement.days if not day.open]
    for closing in closings(days):
        need = LEAST if rule else None
        missing = None if need is None else max(need - closing.year_to_date, 0)
        yield cells(closing.first, closing.last, closing.days, closing.year_to_date, tell_by(closing, rule), need, missing)


# reading and checking ---------------------------------------------------------------------------------------------------------


def read(data: bytes) -> Read:
    """The tables of a sheet of ABIT."""
    sheet = decode_sheet(data, MARK)
    if isinstance(sheet, Problem):
        return Read(None, (sheet,))
    if [(section.title, section.head) for section in sheet.sections] != list(_TITLES.items()):
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
    for column, index, word in ((9, 4, "Arrivati"), (10, 5, "Partiti")):
        counts: dict[str, int] = {}
        for guest in guests:
            counts[guest[column]] = counts.get(guest[column], 0) + 1
        for row, values in zip(rows, numbers, strict=True):
            if counts.get(row[0], 0) != values[index]:
                facts = {"day": row[0], "counter": word, "guests": counts.get(row[0], 0), "told": values[index]}
                found.append(Problem.of("abit.guests.differ", f"Ospiti[{row[0]}]", **facts, rule="2.2"))


def _judge_closings(rows: Sequence[tuple[str, ...]], closed: Sequence[tuple[str, ...]], found: list[Problem]) -> None:
    days = [date.fromisoformat(row[0]) for row in rows if row[1] == "chiuso" and _is_day(row[0])]
    mine = [cells(entry.first, entry.last, entry.days, entry.year_to_date) for entry in closings(days)]
    if mine != [row[:4] for row in closed]:
        facts = {"days": len(days), "counted": ", ".join(f"{count.year}: {count.have}" for count in closing_counts(days)) or "0"}
        found.append(Problem.of("abit.closings.differ", "Chiusure", **facts, rule="8"))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
