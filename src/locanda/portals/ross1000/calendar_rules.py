"""What must hold of the days, and of rooms beside guests (rules RX-02 to RX-06, RX-17; spec flussi-turistici 2.2, 6.8)."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from locanda.core.problems import Problem
from locanda.portals.ross1000.facts import Finding, Judge, real_day, whole_number
from locanda.portals.ross1000.records import Eliminazione, Movimento, Struttura

__all__ = ["calendar", "numbers_of", "presence"]

_DAY = timedelta(days=1)
_FIGURES = ("camereoccupate", "cameredisponibili", "lettidisponibili")


def numbers_of(house: Struttura | None) -> tuple[int, int, int] | None:
    """Rooms occupied, rooms and beds on offer, where all three are whole numbers from zero up."""
    if house is None:
        return None
    occupied, rooms, beds = map(whole_number, house[1:])
    return None if occupied is None or rooms is None or beds is None else (occupied, rooms, beds)


def calendar(movimenti: Sequence[Movimento], days: Sequence[date | None], judge: Judge) -> None:
    """Days real, in order, without gaps, months whole; each with its house."""
    before: date | None = None
    seen: set[date] = set()
    for place, (movimento, day) in enumerate(zip(movimenti, days, strict=True)):
        judge.where = f"movimento[{place}]"
        if day is None:
            judge.wrong("ross1000.date.unreal", "RX-02", "data", value=movimento.data or "")
        else:
            if day in seen:
                judge.wrong("ross1000.date.twice", "RX-02", "data", day=day)
            elif before is not None and day < before:
                judge.wrong("ross1000.date.order", "RX-02", "data", day=day, before=before)
            before = day if before is None else max(before, day)
            seen.add(day)
        _house(movimento, judge)
    judge.into.warnings.extend(_gaps(sorted(seen)))


def _gaps(days: Sequence[date]) -> Iterator[Problem]:
    """Days missing between the first and the last, and the months of both ends cut short (RX-03)."""
    if not days:
        return
    for before, after in pairwise(days):
        if before + _DAY < after:
            yield Problem.of("ross1000.days.missing", "", first=before + _DAY, last=after - _DAY, rule="RX-03")
    first, last = days[0], days[-1]
    ends = []
    if first.day != 1:
        ends.append((first.replace(day=1), first - _DAY))
    end = last.replace(day=months.monthrange(last.year, last.month)[1])
    if last != end:
        ends.append((last + _DAY, end))
    for start, stop in ends:
        yield Problem.of("ross1000.month.incomplete", "", first=start, last=stop, rule="RX-03")


def _house(movimento: Movimento, judge: Judge) -> None:
    """The four figures of a day (RX-04), a closed day (RX-05), rooms within what is on offer (RX-06)."""
    house = movimento.struttura
    if house is None:
        judge.wrong("ross1000.struttura.missing", "RX-04")
        return
    if house.apertura not in ("SI", "NO"):
        judge.wrong("ross1000.apertura.unknown", "RX-04", "struttura.apertura", value=house.apertura or "")
    for name, text in zip(_FIGURES, house[1:], strict=True):
        if whole_number(text) is None:
            judge.wrong("ross1000.number.unfit", "RX-04", f"struttura.{name}", value=text or "")
    figures = numbers_of(house)
    if house.apertura == "NO":
        if figures is not None and any(figures):
            judge.wrong("ross1000.closed.figures", "RX-05", "struttura")
        if movimento.arrivi:
            judge.wrong("ross1000.closed.arrivals", "RX-05", "arrivi", count=len(movimento.arrivi))
    elif figures is not None and figures[0] > figures[1]:
        judge.warn("ross1000.rooms.beyond", "RX-06", "struttura", occupied=figures[0], rooms=figures[1])


def presence(movimenti: Sequence[Movimento], days: Sequence[date | None], into: Finding) -> None:
    """Guests without rooms, rooms without guests: the days that the portal paints orange (RX-17).

    Counted are those of whom the file speaks. Somebody who was there before it and stays beyond it is not seen; such a guest has
    a room on every day, so that one day without rooms proves that there is none. After a gap nothing is claimed.
    """
    steps = _steps(movimenti, days)
    known = (pair for pair in zip(days, movimenti, strict=True) if pair[0] is not None)
    rows = list(_unbroken(sorted(known, key=lambda pair: pair[0] or date.min)))
    figures = [numbers_of(movimento.struttura) for _, movimento in rows]
    nobody_unseen = any(entry is not None and entry[0] == 0 for entry in figures)
    present = steps.pop(None, 0)
    stretches: list[tuple[str, date, date, int]] = []
    for (day, _), entry in zip(rows, figures, strict=True):
        present += steps.pop(day, 0)
        if entry is None:
            continue
        code = None
        if present > 0 and entry[0] == 0:
            code = "ross1000.rooms.none"
        elif present == 0 and entry[0] > 0 and nobody_unseen:
            code = "ross1000.rooms.nobody"
        if code is not None:
            count = present if present else entry[0]
            last = stretches[-1] if stretches else None
            if last is not None and last[0] == code and last[2] + _DAY == day and last[3] == count:
                stretches[-1] = (code, last[1], day, count)
            else:
                stretches.append((code, day, day, count))
    for code, first, until, count in stretches:
        into.warnings.append(Problem.of(code, "", first=first, last=until, count=count, rule="RX-17"))


def _unbroken(rows: Sequence[tuple[date | None, Movimento]]) -> Iterator[tuple[date, Movimento]]:
    """The days from the first up to a gap."""
    before: date | None = None
    for day, movimento in rows:
        if day is None or (before is not None and day > before + _DAY):
            return
        yield day, movimento
        before = day


def _steps(movimenti: Sequence[Movimento], days: Sequence[date | None]) -> dict[date | None, int]:
    """How many more are there from each day on; under None, who was there before the first day."""
    gone = {
        entry.idswh for movimento in movimenti for entry in movimento.rettifiche or () if isinstance(entry, Eliminazione)
    }
    steps: dict[date | None, int] = {}
    come: dict[str | None, date] = {}
    for movimento, day in zip(movimenti, days, strict=True):
        for guest in movimento.arrivi or ():
            if day is not None and guest.idswh not in gone and guest.idswh not in come:
                come[guest.idswh] = day
                steps[day] = steps.get(day, 0) + 1
    left: set[str | None] = set()
    first = min((day for day in days if day is not None), default=None)
    for movimento, day in zip(movimenti, days, strict=True):
        for leaving in movimento.partenze or ():
            ident = leaving.idswh
            if day is None or ident in left or ident in gone:
                continue
            start = come.get(ident)
            if start is None:
                told = real_day(leaving.arrivo)
                if told is None or first is None or told >= first:
                    continue  # wrong by itself, and said so elsewhere
                steps[None] = steps.get(None, 0) + 1
            elif day <= start:
                continue
            left.add(ident)
            steps[day] = steps.get(day, 0) - 1
    return steps
