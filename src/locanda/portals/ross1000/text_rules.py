"""Rule RX-22 on the TXT, and of the other rules those that its records can break (spec flussi-turistici 6.7, 6.10).

The record has no identifier of the head: a member belongs to the head on a line above. A record of mode 3 says only type,
arrival and identifier. One file is seen: what may stand in an earlier one is a warning.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from locanda.places import ITALY, Comune, builtin
from locanda.portals.flows import Report
from locanda.portals.ross1000.facts import Finding, Judge, whole_number
from locanda.portals.ross1000.text_record import COLUMNS, Riga, read_lines, slashed_day
from locanda.portals.ross1000.values import HEAD_OF, LIST_OF, MEMBERS

__all__ = ["judge"]

RULE: Final = "RX-22"
NEW, CHANGE, DELETE = "1", "2", "3"
YEAR: Final = 365
_BLANK: Final = tuple(column.name for column in COLUMNS if column.kind == "blank")
_FIGURES: Final = ("camereoccupate", "cameredisponibili", "lettidisponibili")
_ITALIAN: Final = ("comunenascita", "provincianascita"), ("comuneresidenza", "provinciaresidenza")


class _Event(NamedTuple):
    """A record that could be placed: where it stands, when it happens."""

    where: str
    record: Riga
    arrival: date | None
    departure: date | None
    kind: str | None

    @property
    def day(self) -> date | None:
        return self.departure if self.record.modalita == CHANGE else self.arrival


def judge(data: bytes) -> Report:
    """The verdict on a file."""
    records, problems, warnings = read_lines(data)
    into = Finding(list(problems), list(warnings))
    judge = Judge(builtin(), into)
    if not records:
        judge.wrong("ross1000.file.empty", "RX-01")
    events = [_record(judge, record, f"riga[{place}]") for place, record in enumerate(records) if record is not None]
    _identities(judge, events)
    _parties(judge, events)
    _rooms(judge, events)
    days = {event.day for event in events if event.day is not None and event.record.modalita != DELETE}
    left = sum(event.record.modalita == CHANGE and bool(event.record.partenza) for event in events)
    arrived = sum(event.record.modalita == NEW for event in events)
    return Report(len(days), arrived, left, tuple(into.problems), tuple(into.warnings))


# one record ----------------------------------------------------------------------------------------------------------------


def _record(judge: Judge, record: Riga, where: str) -> _Event:
    judge.where = where
    if record.modalita not in (NEW, CHANGE, DELETE):
        judge.wrong("ross1000.txt.mode", RULE, "modalita", value=record.modalita)
    kind = judge.kind("tipoalloggiato", record.tipoalloggiato)
    arrival = _day(judge, "arrivo", record.arrivo, wanted=True)
    if not record.idswh:
        judge.wrong("ross1000.id.missing", "RX-07", "idswh")
    departure = None
    if record.modalita != DELETE:  # of a deletion only type, arrival and identifier are read
        departure = _day(judge, "partenza", record.partenza, wanted=record.modalita == CHANGE)
        if arrival is not None and departure is not None and departure <= arrival:
            facts = {"id": record.idswh, "arrival": arrival, "departure": departure}
            judge.wrong("ross1000.departure.early", "RX-15", "partenza", **facts)
        _person(judge, record, kind, arrival)
        _house(judge, record, kind)
    return _Event(where, record, arrival, departure, kind)


def _day(judge: Judge, name: str, text: str, *, wanted: bool) -> date | None:
    if not text:
        if wanted:
            judge.wrong("ross1000.fact.missing", RULE, name)
        return None
    day = slashed_day(text)
    if day is None:
        judge.wrong("ross1000.date.unreal", "RX-02", name, value=text)
    return day


def _person(judge: Judge, record: Riga, kind: str | None, arrival: date | None) -> None:
    for name in _BLANK:
        if getattr(record, name):
            judge.wrong("ross1000.txt.blank_wanted", RULE, name)
    judge.sex("sesso", record.sesso, "12")
    judge.birth("datanascita", record.datanascita, kind, arrival, slashed_day)
    if judge.present("cittadinanza", record.cittadinanza):
        judge.state("cittadinanza", record.cittadinanza, arrival)
    judge.present("statonascita", record.statonascita, RULE)
    if record.statonascita == ITALY:
        judge.present("comunenascita", record.comunenascita, RULE)
    born = judge.birthplace("statonascita", record.statonascita, "comunenascita", record.comunenascita)
    home = judge.residence("statoresidenza", record.statoresidenza, "comuneresidenza", record.comuneresidenza, arrival)
    for (place, province), comune in zip(_ITALIAN, (born, home), strict=True):
        _province(judge, place, province, record, comune)
    for name in ("tipoturismo", "mezzotrasporto"):
        text = getattr(record, name)
        if not text:
            judge.wrong("ross1000.fact.missing", RULE, name)
        judge.listed(name, LIST_OF[name], text, wanted=False)
    if record.imposta not in ("", "0", "1"):
        judge.wrong("ross1000.txt.tax", RULE, "imposta", value=record.imposta)


def _province(judge: Judge, place: str, province: str, record: Riga, comune: Comune | None) -> None:
    """The letters beside a comune are those of its row; without a comune there are none."""
    text = getattr(record, province)
    if comune is not None and text != comune.province:
        judge.wrong("ross1000.txt.province", RULE, province, value=text, comune=comune.label, wanted=comune.province)
    elif comune is None and text and not getattr(record, place):
        judge.wrong("ross1000.txt.province_alone", RULE, province, value=text)


def _house(judge: Judge, record: Riga, kind: str | None) -> None:
    """Rooms and beds stand with singles and heads, and with nobody else."""
    texts = [getattr(record, name) for name in _FIGURES]
    if kind in MEMBERS:
        for name, text in zip(_FIGURES, texts, strict=True):
            if text:
                judge.wrong("ross1000.txt.member_rooms", RULE, name, value=text)
        return
    if kind is None:
        return
    numbers = [whole_number(text) for text in texts]
    for name, text, number in zip(_FIGURES, texts, numbers, strict=True):
        if number is None:
            judge.wrong("ross1000.number.unfit", RULE, name, value=text)
    occupied, rooms, _ = numbers
    if occupied is not None and rooms is not None and occupied > rooms:
        judge.warn("ross1000.rooms.beyond", "RX-06", "camereoccupate", occupied=occupied, rooms=rooms)


# the whole file ------------------------------------------------------------------------------------------------------------


def _identities(judge: Judge, events: list[_Event]) -> None:
    """An identifier is one person and one arrival (RX-07); a departure fits its arrival, and comes once (RX-15)."""
    came: dict[str, _Event] = {}
    left: dict[str, _Event] = {}
    known = [event.day for event in events if event.day is not None and event.record.modalita in (NEW, CHANGE)]
    first = min(known, default=None)
    for event in events:
        ident = event.record.idswh
        if event.record.modalita == NEW and ident:
            before = came.setdefault(ident, event)
            if before is not event:
                judge.where = event.where
                same = before.record == event.record
                code = "ross1000.id.twice" if same else "ross1000.id.reused"
                judge.wrong(code, "RX-07", "idswh", id=ident, first=before.where)
    for event in events:
        ident = event.record.idswh
        if event.record.modalita != CHANGE or not ident:
            continue
        judge.where = event.where
        if event.record.partenza:
            if ident in left:
                judge.wrong("ross1000.departure.twice", "RX-15", "idswh", id=ident)
            left.setdefault(ident, event)
        arrival = came.get(ident)
        if arrival is not None:
            _fits(judge, event, arrival)
        elif event.arrival is not None and first is not None and (event.departure is None or event.departure > event.arrival):
            tell = judge.wrong if event.arrival >= first else judge.warn
            code = "ross1000.departure.lost" if event.arrival >= first else "ross1000.departure.elsewhere"
            tell(code, "RX-15", "idswh", id=ident, arrival=event.arrival)
        if event.arrival is not None and event.departure is not None and (event.departure - event.arrival).days > YEAR:
            nights = (event.departure - event.arrival).days
            judge.warn("ross1000.stay.over_a_year", "RX-20", "idswh", id=ident, nights=nights)


def _fits(judge: Judge, event: _Event, arrival: _Event) -> None:
    ident = event.record.idswh
    if event.kind is not None and arrival.kind is not None and event.kind != arrival.kind:
        judge.wrong("ross1000.departure.kind", "RX-15", "tipoalloggiato", id=ident, kind=event.kind, wanted=arrival.kind)
    if event.arrival is not None and arrival.arrival is not None and event.arrival != arrival.arrival:
        judge.wrong("ross1000.departure.date", "RX-15", "arrivo", id=ident, told=event.arrival, arrival=arrival.arrival)


def _parties(judge: Judge, events: list[_Event]) -> None:
    """A member follows a head of its kind (RX-09), who came on the same day (RX-16)."""
    head: _Event | None = None
    for event in events:
        if event.record.modalita != NEW or event.kind is None:
            continue
        if event.kind not in MEMBERS:
            head = event
            continue
        judge.where = event.where
        ident = event.record.idswh
        if head is None or head.kind != HEAD_OF[event.kind]:
            judge.warn("ross1000.txt.no_head", "RX-09", "tipoalloggiato", id=ident, wanted=HEAD_OF[event.kind])
        elif head.arrival is not None and event.arrival is not None and head.arrival != event.arrival:
            facts = {"id": ident, "arrival": event.arrival, "head": head.arrival}
            judge.warn("ross1000.member.apart", "RX-16", "arrivo", **facts)


def _rooms(judge: Judge, events: list[_Event]) -> None:
    """The records of one day agree on what was on offer (RX-06)."""
    offered: dict[date, tuple[str, str]] = {}
    for event in events:
        record = event.record
        if record.modalita != NEW or event.arrival is None or event.kind is None or event.kind in MEMBERS:
            continue
        offer = record.cameredisponibili, record.lettidisponibili
        before = offered.setdefault(event.arrival, offer)
        if before != offer:
            judge.where = event.where
            judge.warn("ross1000.txt.offers_differ", "RX-06", "cameredisponibili", day=event.arrival)
