"""What the simulated service does with the days of a structure, once the envelope is open (spec flussi-turistici 6.4, 6.6)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from locanda.core.time import rome_day
from locanda.places import Tables
from locanda.portals.ross1000.checking import judge_arrival
from locanda.portals.ross1000.facts import Finding, Judge, real_day
from locanda.portals.ross1000.records import Arrivo, Eliminazione, Movimenti, Movimento, Partenza
from locanda.portals.ross1000.simulator.behaviour import Behaviour
from locanda.portals.ross1000.simulator.store import Kept, Store
from locanda.portals.ross1000.soap import DayResult, Result, StructureResult
from locanda.portals.ross1000.values import BOOKING, HEAD_OF, LIST_OF, MEMBERS, canonical
from locanda.portals.simulated_clock import SimClock

__all__ = ["Account", "Service", "Turned"]


@dataclass
class Account:
    """A user of an installation and the structures it sends for. Everything about it is invented."""

    user: str
    password: str = field(repr=False)
    structures: tuple[str, ...] = ("X00001",)
    disabled: bool = False


class Turned(ValueError):
    """A call that the service answers with a soap:Fault."""


class Service:
    """The business side of an installation. Not safe for threads: whoever serves it calls it one at a time."""

    def __init__(
        self, accounts: Iterable[Account], *, clock: SimClock, behaviour: Behaviour, store: Store, tables: Tables
    ) -> None:
        self.accounts = {account.user: account for account in accounts}
        self.clock = clock
        self.behaviour = behaviour
        self.store = store
        self.tables = tables

    def account(self, user: str, password: str) -> Account | None:
        """Whose user and password these are."""
        found = self.accounts.get(user)
        right = found is not None and hmac.compare_digest(found.password.encode(), password.encode())
        return found if right and found is not None and not found.disabled else None

    def send(self, account: Account, files: Sequence[Movimenti], *, many: bool) -> tuple[StructureResult, ...]:
        """What becomes of the days sent."""
        if not files and self.behaviour.empty_list == "fault":
            raise Turned("nessuna movimentazione")
        found = []
        for file in files:
            code = file.codice or ""
            if code not in account.structures:
                if not many or self.behaviour.foreign_structure == "fault":
                    raise Turned(f"struttura {code} non associata all'utente")
                found.append(StructureResult(code, "Struttura non associata all'utente", ()))
                continue
            found.append(self._structure(code, file, dated=many and self.behaviour.dates_in_list))
        return tuple(found)

    def _structure(self, code: str, file: Movimenti, *, dated: bool) -> StructureResult:
        limit = self.behaviour.max_days
        if limit and len(file.movimenti) > limit:
            raise Turned(f"più di {limit} giorni")
        self.store.begin()
        days = [self._day(code, day, dated=dated) for day in file.movimenti]
        self.store.commit()
        if self.behaviour.outcomes == "none":
            days = []
        elif self.behaviour.outcomes == "refused":
            days = [day._replace(results=tuple(entry for entry in day.results if not entry.success)) for day in days]
        if self.behaviour.silent_days == "absent":
            days = [day for day, sent in zip(days, file.movimenti, strict=True) if day.results or _speaks(sent)] if days else []
        return StructureResult(code, "", tuple(days))

    def _day(self, code: str, movimento: Movimento, *, dated: bool) -> DayResult:
        day = real_day(movimento.data)
        problem = self._untimely(day)
        results = [self._arrival(code, guest, day, problem) for guest in movimento.arrivi or ()]
        if day is not None and not problem:
            text = movimento.data or ""
            if self.behaviour.missing_removed:
                sent = {guest.idswh for guest in movimento.arrivi or ()}
                for guest in self.store.of_day(code, text):
                    if guest.record.idswh not in sent:
                        self.store.remove(guest)
            if movimento.struttura is not None:
                self.store.set_day(code, text, movimento.struttura)
        results += [self._departure(code, guest, day, problem) for guest in movimento.partenze or ()]
        for booking in movimento.prenotazioni or ():
            self.store.book(code, booking.idswh or "", there=True)
            results.append(Result("prenotazione", booking.idswh or "", success=not problem, error=problem))
        for fix in movimento.rettifiche or ():
            if isinstance(fix, Eliminazione):
                results.append(self._removal(code, fix))
        return DayResult(movimento.data if dated else None, tuple(results))

    def _untimely(self, day: date | None) -> str:
        """Why a day as a whole is not taken; empty when it is."""
        if day is None:
            return "Data non valida"
        today = rome_day(self.clock())
        if self.behaviour.future_refused and day > today:
            return "Data futura"
        if self.behaviour.oldest_days and day < today - timedelta(days=self.behaviour.oldest_days):
            return "Data troppo indietro"
        return ""

    # records ---------------------------------------------------------------------------------------------------------

    def _arrival(self, code: str, guest: Arrivo, day: date | None, problem: str) -> Result:
        ident = guest.idswh or ""
        found = self._same(code, ident, day)
        problem = problem or self._unfit(code, guest, day, found)
        if not problem:
            self.store.keep(code, f"{day:%Y%m%d}", guest, instead_of=found)
        return Result("arrivo", ident, success=not problem, error=problem)

    def _same(self, code: str, ident: str, day: date | None) -> Kept | None:
        known = self.store.known(code, ident)
        if self.behaviour.key_is_id_and_arrival:
            known = [guest for guest in known if day is not None and guest.day == f"{day:%Y%m%d}"]
        return known[0] if known else None

    def _unfit(self, code: str, guest: Arrivo, day: date | None, before: Kept | None) -> str:
        into = Finding([], [])
        judge = Judge(self.tables, into)
        judge.identifier("idswh", guest.idswh, 20)
        judge_arrival(judge, guest, day)
        if into.problems:
            return into.problems[0].message("it")
        if self.behaviour.lists_case_sensitive:
            for name, list_name in LIST_OF.items():
                text = getattr(guest, name)
                if text and canonical(list_name, text) != text:
                    return f"{name} non riconosciuto"
        if before is not None and before.record.tipoalloggiato != guest.tipoalloggiato and not self.behaviour.type_may_change:
            return "Tipo alloggiato non modificabile"
        if guest.tipoalloggiato in MEMBERS and self.behaviour.unknown_head_refused:
            heads = self.store.known(code, guest.idcapo or "")
            if not any(head.record.tipoalloggiato == HEAD_OF[guest.tipoalloggiato or ""] for head in heads):
                return "Capo non trovato"
        return ""

    def _departure(self, code: str, guest: Partenza, day: date | None, problem: str) -> Result:
        ident = guest.idswh or ""
        known = [
            entry for entry in self.store.known(code, ident)
            if entry.record.tipoalloggiato == guest.tipoalloggiato and entry.day == guest.arrivo
        ]  # fmt: skip
        if not problem and day is not None and guest.arrivo and f"{day:%Y%m%d}" <= guest.arrivo:
            problem = "Partenza non successiva all'arrivo"
        if not problem and not known and self.behaviour.unknown_departure_refused:
            problem = "Arrivo non trovato"
        if not problem and known:
            self.store.leave(known[0], f"{day:%Y%m%d}", beside=self.behaviour.old_departure_kept)
        return Result("partenza", ident, success=not problem, error=problem)

    def _removal(self, code: str, fix: Eliminazione) -> Result:
        ident = fix.idswh or ""
        if fix.tipoalloggiato == BOOKING:
            done = self.store.book(code, ident, there=False)
        else:
            known = [
                entry for entry in self.store.known(code, ident)
                if entry.record.tipoalloggiato == fix.tipoalloggiato and entry.day == fix.arrivo
            ]  # fmt: skip
            for guest in known:
                self.store.remove(guest)
                if self.behaviour.removal_takes_members:
                    for member in self.store.guests(code):
                        if member.record.idcapo == ident:
                            self.store.remove(member)
            done = bool(known)
        fine = done or not self.behaviour.unknown_removal_refused
        return Result("eliminazione", ident, success=fine, error="" if fine else "Record non trovato")


def _speaks(day: Movimento) -> bool:
    return bool(day.arrivi or day.partenze or day.prenotazioni or day.rettifiche)
