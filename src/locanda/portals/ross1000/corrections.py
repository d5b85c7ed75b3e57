"""What to send when days that the portal already has have changed (GIES, tracciato v3; spec flussi-turistici 6.4).

Of each day sent a mark is kept: its fingerprint, and the identifiers of who arrived and left; no fact about anybody. Compared
with the days as they are now it gives the transmissions to make, one after the other:

* a day that differs, or was never sent, goes again whole: the portal overwrites. So do both days of a departure that moved;
* nobody is removed by silence: who arrived on no day any more, or on another day, or as another type, is taken out by an
  ``eliminazione``. Where that touches records that stay (somebody who comes back under the same identifier, the members of a
  head) it is a transmission of its own, made before, and the days of all of them follow whole;
* a day forgotten before days already sent makes all the later ones go again, in order.

A departure that was sent and is now unknown cannot be taken back by any record: a note says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from locanda.core.problems import Problem
from locanda.portals.ross1000.records import Arrivo, Eliminazione, Movimenti, Movimento, Rettifica, day_text
from locanda.portals.ross1000.values import HEAD_OF, MEMBERS

__all__ = ["Corrections", "DayMark", "corrections", "marks"]


class DayMark(NamedTuple):
    """What the portal holds of a day, as far as we must remember it."""

    day: str
    fingerprint: str
    arrivals: tuple[tuple[str, str], ...] = ()
    """Identifier and type."""
    departures: tuple[str, ...] = ()


class Corrections(NamedTuple):
    """Transmissions in their order, each to be made when the one before was accepted; none where nothing changed."""

    steps: tuple[Movimenti, ...]
    notes: tuple[Problem, ...] = ()


def marks(file: Movimenti) -> tuple[DayMark, ...]:
    """The marks to keep of the days of a file, once they were accepted."""
    return tuple(
        DayMark(
            day.data or "", _fingerprint(day),
            tuple((guest.idswh or "", guest.tipoalloggiato or "") for guest in day.arrivi or ()),
            tuple(guest.idswh or "" for guest in day.partenze or ()),
        )
        for day in file.movimenti
    )  # fmt: skip


def _fingerprint(day: Movimento) -> str:
    return hashlib.sha256(day_text(day._replace(rettifiche=None)).encode()).hexdigest()


class _Entry(NamedTuple):
    """An arrival that the portal holds, or shall hold."""

    day: str
    kind: str


def corrections(before: Iterable[DayMark], now: Movimenti) -> Corrections:
    """How to bring the portal from what it holds to the days of a file; days outside of the file are left alone."""
    held = {mark.day: mark for mark in before}
    days = {day.data or "": day for day in now.movimenti}
    was = {ident: _Entry(mark.day, kind) for mark in held.values() for ident, kind in mark.arrivals}
    arriving = [(guest.idswh or "", name, guest) for name, day in days.items() for guest in day.arrivi or ()]
    wanted = {ident: guest for ident, _, guest in arriving}
    shall = {ident: _Entry(name, guest.tipoalloggiato or "") for ident, name, guest in arriving}
    gone = {
        ident: entry for ident, entry in was.items()
        if (ident in shall and shall[ident] != entry) or (ident not in shall and entry.day in days)
    }  # fmt: skip
    again = {name for name, day in days.items() if name not in held or held[name].fingerprint != _fingerprint(day)}
    notes = []
    latest = max(held, default="")
    forgotten = min((name for name in days if name not in held and name < latest), default=None)
    if forgotten is not None:
        again |= {name for name in days if name >= forgotten}
        beyond = sorted(name for name in held if name > max(days))
        if beyond:
            facts = {"first": _iso(beyond[0]), "last": _iso(beyond[-1])}
            notes.append(Problem.of("ross1000.days.again", "", **facts))
    notes += _withdrawn(held, days, gone)
    apart = any(ident in shall or entry.kind in HEAD_OF.values() for ident, entry in gone.items())
    removals = _by_day(gone, days)
    steps: list[Movimenti] = []
    if apart:
        touched = _touched(gone, was, shall, wanted)
        again |= {name for name, day in days.items() if _speaks_of(day, touched)}
        steps.append(now._replace(movimenti=tuple(
            _without(days[name], touched)._replace(rettifiche=removals[name]) for name in sorted(removals)
        )))  # fmt: skip
        removals = {}
    again |= removals.keys()
    if again:
        rows = tuple(
            days[name]._replace(rettifiche=removals[name]) if name in removals else days[name] for name in sorted(again)
        )
        steps.append(now._replace(movimenti=rows))
    return Corrections(tuple(steps), tuple(notes))


def _by_day(gone: Mapping[str, _Entry], days: Mapping[str, Movimento]) -> dict[str, tuple[Rettifica, ...]]:
    """The removals with their day of arrival; where that is outside of the file, with its first day: each names its own date."""
    found: dict[str, tuple[Rettifica, ...]] = {}
    for ident, entry in gone.items():
        name = entry.day if entry.day in days else min(days)
        found[name] = (*found.get(name, ()), Eliminazione(ident, entry.kind, entry.day))
    return found


def _touched(
    gone: Mapping[str, _Entry], was: Mapping[str, _Entry], shall: Mapping[str, _Entry], wanted: Mapping[str, Arrivo]
) -> frozenset[str]:
    """Who is sent only after the removals: those the portal does not hold as they are, and the members of such heads.

    Marks do not say whose member somebody was: when any head is taken out, every member is sent again.
    """
    fresh = {ident for ident, entry in shall.items() if was.get(ident) != entry}
    beheaded = any(entry.kind in HEAD_OF.values() for entry in gone.values())
    led = {
        ident for ident, guest in wanted.items()
        if guest.tipoalloggiato in MEMBERS and (beheaded or guest.idcapo in fresh or guest.idcapo in gone)
    }  # fmt: skip
    return frozenset(fresh | led)


def _speaks_of(day: Movimento, idents: frozenset[str]) -> bool:
    return any(guest.idswh in idents for guest in day.arrivi or ()) or any(guest.idswh in idents for guest in day.partenze or ())


def _without(day: Movimento, idents: frozenset[str]) -> Movimento:
    """The day without the records of some people."""
    return day._replace(
        arrivi=tuple(guest for guest in day.arrivi or () if guest.idswh not in idents) or None,
        partenze=tuple(guest for guest in day.partenze or () if guest.idswh not in idents) or None,
    )  # fmt: skip


def _withdrawn(held: Mapping[str, DayMark], days: Mapping[str, Movimento], gone: Mapping[str, _Entry]) -> list[Problem]:
    """Departures that the portal has and that nobody knows any more."""
    leaving = {guest.idswh for day in days.values() for guest in day.partenze or ()}
    return [
        Problem.of("ross1000.departure.withdrawn", "", id=ident, day=_iso(name))
        for name, mark in sorted(held.items())
        if name in days
        for ident in mark.departures
        if ident not in leaving and ident not in gone
    ]


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"
