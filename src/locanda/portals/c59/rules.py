"""What must hold in a C/59: the six identities, line by line and in total (spec flussi-turistici 2.2), and no day left out (1).

Problems name the rule as ``2.2-1`` to ``2.2-6``; silence of a day is ``1`` and a closed day with figures is ``RX-05``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from locanda.core.problems import Problem
from locanda.portals.c59.table import Day, Line, Month, Sheet

__all__ = ["judge"]

_Key = tuple[str, str]


def judge(sheet: Sheet) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings."""
    found: list[Problem] = []
    warnings: list[Problem] = []
    _calendar(sheet, found)
    before: Day | None = None
    for day in sheet.days:
        where = f"days[{day.day}]"
        _lines(day.total, day.lines, where, found)
        _state(day, where, found, warnings)
        if before is not None and before.day + timedelta(days=1) == day.day:
            _follows(before, day, where, found)
        before = day
    _months(sheet, found)
    return found, warnings


def _calendar(sheet: Sheet, found: list[Problem]) -> None:
    """Every day from the first to the last, once and in order."""
    wanted = sheet.first
    for day in sheet.days:
        if day.day < wanted:
            found.append(Problem.of("c59.day.order", f"days[{day.day}]", rule="1"))
            continue
        if day.day > wanted:
            until = day.day - timedelta(days=1)
            found.append(Problem.of("c59.day.silent", f"days[{wanted}]", first=wanted, last=until, rule="1"))
        wanted = day.day + timedelta(days=1)
    if wanted <= sheet.last:
        found.append(Problem.of("c59.day.silent", f"days[{wanted}]", first=wanted, last=sheet.last, rule="1"))
    elif sheet.last < sheet.first or wanted > sheet.last + timedelta(days=1):
        found.append(Problem.of("c59.day.order", f"days[{sheet.last}]", rule="1"))


def _lines(total: Line, lines: Sequence[Line], where: str, found: list[Problem]) -> None:
    """Identity 1 within each line, identity 4 between the lines and their total."""
    for line in (total, *lines):
        if line.sum != line.previous + line.arrived or line.present != line.sum - line.departed:
            found.append(Problem.of("c59.line.balance", where, line=_name(line), present=line.present, rule="2.2-1"))
    seen: set[_Key] = set()
    for line in lines:
        if (line.kind, line.code) in seen:
            found.append(Problem.of("c59.line.twice", where, line=_name(line), rule="2.2-4"))
        seen.add((line.kind, line.code))
    for name in ("previous", "arrived", "departed", "present", "nights"):
        both = sum(getattr(line, name) for line in lines)
        if both != getattr(total, name):
            found.append(
                Problem.of("c59.total.differs", where, counter=_WORDS[name], lines=both, total=getattr(total, name), rule="2.2-4")
            )


_WORDS = {
    "previous": "Notte precedente", "arrived": "Arrivati", "departed": "Partiti", "present": "Presenti", "nights": "Presenze",
}  # fmt: skip


def _name(line: Line) -> str:
    return line.name or line.code


def _state(day: Day, where: str, found: list[Problem], warnings: list[Problem]) -> None:
    """The state of a day against its figures; identities 5 and 6, which portals paint red and take all the same."""
    moves = bool(day.total.arrived or day.total.departed)
    if day.state == "chiuso":
        if day.total.present or day.total.arrived or day.occupied or day.rooms or day.beds:
            found.append(Problem.of("c59.closed.figures", where, rule="RX-05"))
        return
    if moves != (day.state == "movimento"):
        found.append(Problem.of("c59.state.differs", where, state=day.state, rule="2.1"))
    if bool(day.total.present) != bool(day.occupied):
        facts = {"present": day.total.present, "occupied": day.occupied}
        warnings.append(Problem.of("c59.rooms.differ", where, **facts, rule="2.2-5"))
    if day.occupied > day.rooms:
        warnings.append(Problem.of("c59.rooms.beyond", where, occupied=day.occupied, rooms=day.rooms, rule="2.2-6"))


def _follows(before: Day, day: Day, where: str, found: list[Problem]) -> None:
    """The night before is that of the day before, on every line."""
    slept = _present(before)
    there = {("T", ""): day.total.previous} | {(line.kind, line.code): line.previous for line in day.lines if line.previous}
    for key in sorted(slept.keys() | there.keys()):
        if slept.get(key, 0) != there.get(key, 0):
            facts = {"line": _named(key, (before, day)), "before": slept.get(key, 0), "previous": there.get(key, 0)}
            found.append(Problem.of("c59.night.differs", where, **facts, rule="2.2-1"))


def _present(day: Day) -> dict[_Key, int]:
    return {("T", ""): day.total.present} | {(line.kind, line.code): line.present for line in day.lines if line.present}


def _named(key: _Key, days: Iterable[Day]) -> str:
    lines = (line for day in days for line in (day.total, *day.lines))
    return next((_name(line) for line in lines if (line.kind, line.code) == key), key[1])


def _months(sheet: Sheet, found: list[Problem]) -> None:
    """Identities 2 and 3: months are the sums of their days, on every line."""
    by_month: dict[str, list[Day]] = {}
    for day in sheet.days:
        by_month.setdefault(f"{day.day:%Y-%m}", []).append(day)
    told = {month.month: month for month in sheet.months}
    for name in sorted(by_month.keys() ^ told.keys()):
        found.append(Problem.of("c59.month.differs", f"months[{name}]", line=name, counter="Mese", days=0, month=0, rule="2.2-2"))
    for name in by_month.keys() & told.keys():
        _month(told[name], by_month[name], found)


def _month(month: Month, days: Sequence[Day], found: list[Problem]) -> None:
    where = f"months[{month.month}]"
    _lines(month.total, month.lines, where, found)
    expected: dict[_Key, list[int]] = {}
    for place, day in enumerate(days):
        for line in (day.total, *day.lines):
            sums = expected.setdefault((line.kind, line.code), [0, 0, 0, 0, 0])
            if place == 0:
                sums[0] = line.previous
            sums[1] += line.arrived
            sums[2] += line.departed
            sums[3] = line.present if place == len(days) - 1 else 0
            sums[4] += line.nights
    given = {
        (line.kind, line.code): [line.previous, line.arrived, line.departed, line.present, line.nights]
        for line in (month.total, *month.lines)
    }
    for key in sorted(expected.keys() | given.keys()):
        mine, theirs = expected.get(key, [0] * 5), given.get(key, [0] * 5)
        for word, sum_, told in zip(_WORDS.values(), mine, theirs, strict=True):
            if sum_ != told:
                facts = {"line": _named(key, days), "counter": word, "days": sum_, "month": told}
                rule = "2.2-2" if word == "Presenze" else "2.2-3"
                found.append(Problem.of("c59.month.differs", where, **facts, rule=rule))
    counts = (
        sum(day.state != "chiuso" for day in days), sum(day.state == "zero" for day in days),
        sum(day.state == "chiuso" for day in days), sum(day.occupied for day in days),
    )  # fmt: skip
    for word, sum_, told in zip(
        ("Giorni aperti", "Giorni zero", "Giorni chiusi", "Giornate camera"), counts,
        (month.days_open, month.days_zero, month.days_closed, month.room_nights), strict=True,
    ):  # fmt: skip
        if sum_ != told:
            found.append(
                Problem.of("c59.month.differs", where, line=month.month, counter=word, days=sum_, month=told, rule="2.2-2")
            )
