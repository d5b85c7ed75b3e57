"""Rules RX-01 to RX-21 on the days of one file (spec flussi-turistici 6.10).

One file is seen: what may stand in an earlier one (a head, the arrival of somebody who leaves) is a warning, what the file itself
contradicts is a problem. Where the guests of an earlier file cannot be known, nothing is claimed about rooms without guests.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from locanda.core.problems import Problem
from locanda.places import builtin
from locanda.portals.flows import Report
from locanda.portals.ross1000.calendar_rules import calendar, presence
from locanda.portals.ross1000.facts import Finding, Judge, real_day, whole_number
from locanda.portals.ross1000.records import Arrivo, Cancellazione, Eliminazione, Movimenti, Movimento, Partenza, Prenotazione
from locanda.portals.ross1000.values import BOOKING, HEAD_OF, LIST_OF, MEMBERS, TYPES

__all__ = ["ID_MAX", "YEAR", "judge", "judge_arrival"]

ID_MAX: Final = 20
YEAR: Final = 365
"""Who stays longer is probably no tourist (RX-20)."""


class _Stay(NamedTuple):
    """An arrival in the file."""

    day: date | None
    place: tuple[int, int]
    """Which day of the file, and which arrival of that day."""
    kind: str | None
    facts: Arrivo


def judge(file: Movimenti, problems: tuple[Problem, ...] = ()) -> Report:
    """The verdict on a file; ``problems`` are those of its reading."""
    return _Checking(file, problems).report()


def judge_arrival(judge: Judge, guest: Arrivo, day: date | None) -> str | None:
    """What one arrival says by itself (RX-08, RX-10 to RX-14, RX-18); its type, where it is one."""
    kind = judge.kind("tipoalloggiato", guest.tipoalloggiato)
    if kind in MEMBERS and not guest.idcapo:
        judge.wrong("ross1000.idcapo.missing", "RX-08", "idcapo")
    elif kind is not None and kind not in MEMBERS and guest.idcapo:
        judge.wrong("ross1000.idcapo.unwanted", "RX-08", "idcapo", value=guest.idcapo)
    for name, limit in (("idcapo", ID_MAX), ("cognome", 50), ("nome", 30)):
        judge.length(name, getattr(guest, name), limit)
    judge.sex("sesso", guest.sesso, "MF")
    if judge.present("cittadinanza", guest.cittadinanza):
        judge.state("cittadinanza", guest.cittadinanza, day)
    judge.residence("statoresidenza", guest.statoresidenza, "luogoresidenza", guest.luogoresidenza, day)
    judge.birthplace("statonascita", guest.statonascita, "comunenascita", guest.comunenascita)
    judge.birth("datanascita", guest.datanascita, kind, day, real_day)
    for name, list_name in LIST_OF.items():
        judge.listed(name, list_name, getattr(guest, name), wanted=name in ("tipoturismo", "mezzotrasporto"))
    return kind


class _Checking:
    """One pass over the days, then what only the whole file tells."""

    def __init__(self, file: Movimenti, problems: tuple[Problem, ...]) -> None:
        self.file = file
        self.into = Finding(list(problems), [])
        self.judge = Judge(builtin(), self.into)
        self.days = tuple(real_day(day.data) for day in file.movimenti)
        self.first = min((day for day in self.days if day is not None), default=None)
        self.listed = frozenset(self.days)
        self.stays: dict[str, _Stay] = {}
        self.left: dict[str, date | None] = {}
        self.bookings: set[str] = set()

    def report(self) -> Report:
        file, judge = self.file, self.judge
        for name, text in (("codice", file.codice), ("prodotto", file.prodotto)):
            if not text:
                judge.wrong("ross1000.head.missing", "RX-01", name)
        if not file.movimenti:
            judge.wrong("ross1000.file.empty", "RX-01")
        calendar(file.movimenti, self.days, judge)
        judge.where = ""
        for place, (movimento, day) in enumerate(zip(file.movimenti, self.days, strict=True)):
            self._arrivals(movimento, day, place)
        for where, movimento, day in self._walk():
            for index, guest in enumerate(movimento.partenze or ()):
                judge.where = f"{where}.partenza[{index}]"
                self._departure(guest, day)
            for index, booking in enumerate(movimento.prenotazioni or ()):
                judge.where = f"{where}.prenotazione[{index}]"
                self._booking(booking)
            self._corrections(movimento, where)
        self._heads()
        self._long_stays()
        presence(file.movimenti, self.days, self.into)
        return Report(
            len(file.movimenti), sum(len(day.arrivi or ()) for day in file.movimenti),
            sum(len(day.partenze or ()) for day in file.movimenti), tuple(self.into.problems), tuple(self.into.warnings),
        )  # fmt: skip

    def _walk(self) -> Iterator[tuple[str, Movimento, date | None]]:
        for place, (movimento, day) in enumerate(zip(self.file.movimenti, self.days, strict=True)):
            yield f"movimento[{place}]", movimento, day

    # arrivals --------------------------------------------------------------------------------------------------------

    def _arrivals(self, movimento: Movimento, day: date | None, place: int) -> None:
        judge = self.judge
        for index, guest in enumerate(movimento.arrivi or ()):
            judge.where = f"movimento[{place}].arrivo[{index}]"
            ident = judge.identifier("idswh", guest.idswh, ID_MAX)
            kind = judge_arrival(judge, guest, day)
            if ident is not None:
                self._enter(ident, _Stay(day, (place, index), kind, guest))

    def _enter(self, ident: str, stay: _Stay) -> None:
        """An id is one person and one arrival (RX-07)."""
        before = self.stays.setdefault(ident, stay)
        if before is not stay:
            code = "ross1000.id.twice" if (before.day, before.facts) == (stay.day, stay.facts) else "ross1000.id.reused"
            first = f"movimento[{before.place[0]}].arrivo[{before.place[1]}]"
            self.judge.wrong(code, "RX-07", "idswh", id=ident, first=first)

    def _heads(self) -> None:
        """A member's head was sent before the member (RX-09), and came on the same day (RX-16)."""
        judge = self.judge
        for ident, stay in self.stays.items():
            head_id = stay.facts.idcapo
            if stay.kind not in MEMBERS or not head_id:
                continue
            judge.where = f"movimento[{stay.place[0]}].arrivo[{stay.place[1]}]"
            head = self.stays.get(head_id)
            if head is None:
                judge.warn("ross1000.head.elsewhere", "RX-09", "idcapo", id=ident, head=head_id)
            elif head.kind != HEAD_OF[stay.kind]:
                facts = {"id": ident, "head": head_id, "kind": head.facts.tipoalloggiato or "", "wanted": HEAD_OF[stay.kind]}
                judge.wrong("ross1000.head.kind", "RX-09", "idcapo", **facts)
            elif head.place > stay.place:
                judge.wrong("ross1000.head.after", "RX-09", "idcapo", id=ident, head=head_id)
            elif head.day is not None and stay.day is not None and head.day != stay.day:
                judge.warn("ross1000.member.apart", "RX-16", "idcapo", id=ident, arrival=stay.day, head=head.day)

    # departures ------------------------------------------------------------------------------------------------------

    def _departure(self, guest: Partenza, day: date | None) -> None:
        """Of a known arrival, later than it, of the same type, once (RX-15)."""
        judge = self.judge
        kind = judge.kind("tipoalloggiato", guest.tipoalloggiato)
        ident = judge.identifier("idswh", guest.idswh, ID_MAX)
        arrived = real_day(guest.arrivo)
        if arrived is None:
            judge.wrong("ross1000.date.unreal", "RX-02", "arrivo", value=guest.arrivo or "")
        elif day is not None and day <= arrived:
            judge.wrong("ross1000.departure.early", "RX-15", "arrivo", id=ident or "", arrival=arrived, departure=day)
        if ident is None:
            return
        if ident in self.left:
            judge.wrong("ross1000.departure.twice", "RX-15", "idswh", id=ident)
        self.left.setdefault(ident, day)
        stay = self.stays.get(ident)
        if stay is None:
            self._unknown(ident, arrived, day)
            return
        if kind is not None and stay.kind is not None and kind != stay.kind:
            judge.wrong("ross1000.departure.kind", "RX-15", "tipoalloggiato", id=ident, kind=kind, wanted=stay.kind)
        if arrived is not None and stay.day is not None and arrived != stay.day:
            judge.wrong("ross1000.departure.date", "RX-15", "arrivo", id=ident, told=arrived, arrival=stay.day)

    def _unknown(self, ident: str, arrived: date | None, day: date | None) -> None:
        """Nobody of that id arrives in this file: in an earlier one, unless this file has the day of arrival."""
        if arrived is None or (day is not None and day <= arrived):
            return
        if arrived in self.listed:
            self.judge.wrong("ross1000.departure.lost", "RX-15", "idswh", id=ident, arrival=arrived)
        else:
            self.judge.warn("ross1000.departure.elsewhere", "RX-15", "idswh", id=ident, arrival=arrived)
        if day is not None and (day - arrived).days > YEAR:
            self.judge.warn("ross1000.stay.over_a_year", "RX-20", "idswh", id=ident, nights=(day - arrived).days)

    def _long_stays(self) -> None:
        """Longer than a year, by a departure or by still being there (RX-20)."""
        last = max((day for day in self.days if day is not None), default=None)
        for ident, stay in self.stays.items():
            end = self.left.get(ident) or last
            if stay.day is not None and end is not None and end - stay.day > timedelta(days=YEAR):
                self.judge.where = f"movimento[{stay.place[0]}].arrivo[{stay.place[1]}]"
                self.judge.warn("ross1000.stay.over_a_year", "RX-20", "idswh", id=ident, nights=(end - stay.day).days)

    # bookings, corrections -------------------------------------------------------------------------------------------

    def _booking(self, booking: Prenotazione) -> None:
        judge = self.judge
        ident = judge.identifier("idswh", booking.idswh, ID_MAX)
        if ident is not None:
            if ident in self.bookings:
                judge.wrong("ross1000.booking.twice", "RX-07", "idswh", id=ident)
            self.bookings.add(ident)
        days: list[date | None] = []
        for name in ("arrivo", "partenza"):
            text = getattr(booking, name)
            days.append(real_day(text))
            if days[-1] is None:
                judge.wrong("ross1000.date.unreal", "RX-02", name, value=text or "")
        if days[0] is not None and days[1] is not None and days[1] <= days[0]:
            judge.wrong("ross1000.booking.backwards", "RX-15", "partenza", arrival=days[0], departure=days[1])
        for name in ("ospiti", "camere"):
            text = getattr(booking, name)
            if whole_number(text) is None:
                judge.wrong("ross1000.number.unfit", "RX-04", name, value=text or "")
        if booking.prezzo and not _is_amount(booking.prezzo):
            judge.wrong("ross1000.price.unfit", "RX-04", "prezzo", value=booking.prezzo)
        judge.listed("canaleprenotazione", "channel", booking.canaleprenotazione, wanted=False)
        if booking.statoprovenienza:
            names = ("statoprovenienza", booking.statoprovenienza, "comuneprovenienza", booking.comuneprovenienza)
            if booking.comuneprovenienza:
                judge.residence(*names, days[0])
            else:
                judge.state(*names[:2], days[0])

    def _corrections(self, movimento: Movimento, where: str) -> None:
        """Complete, and 99 for bookings only (RX-21)."""
        judge = self.judge
        for index, entry in enumerate(movimento.rettifiche or ()):
            name = "eliminazione" if isinstance(entry, Eliminazione) else (
                "cancellazione" if isinstance(entry, Cancellazione) else "conferma"
            )  # fmt: skip
            judge.where = f"{where}.{name}[{index}]"
            for field, text in zip(entry._fields, entry, strict=True):
                if not text:
                    judge.wrong("ross1000.correction.incomplete", "RX-21", field)
            if entry.arrivo and real_day(entry.arrivo) is None:
                judge.wrong("ross1000.date.unreal", "RX-02", "arrivo", value=entry.arrivo)
            if entry.idswh and len(entry.idswh) > ID_MAX:
                judge.wrong("ross1000.id.long", "RX-07", "idswh", value=entry.idswh, limit=ID_MAX)
            if isinstance(entry, Eliminazione) and entry.tipoalloggiato:
                known = self.stays.get(entry.idswh or "")
                booked = entry.tipoalloggiato == BOOKING
                if entry.tipoalloggiato not in TYPES | {BOOKING} or (booked and known and entry.idswh not in self.bookings):
                    judge.wrong("ross1000.correction.kind", "RX-21", "tipoalloggiato", value=entry.tipoalloggiato)


def _is_amount(text: str) -> bool:
    whole, dot, cents = text.partition(".")
    return whole.isascii() and whole.isdigit() and (not dot or (cents.isascii() and cents.isdigit()))
