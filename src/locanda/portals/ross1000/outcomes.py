"""What became of each record sent, matched with an answer that names neither day nor order for sure (spec flussi-turistici 6.6).

``risultatiGiorno`` bears no date: it is matched by the position of the day, and by the identifiers. A record that does not come
back, or without a yes or no, is unknown. There is no outcome for the figures of a day, for ``cancellazione`` and ``conferma``: a
day without other records is silent, which is neither accepted nor refused. An answer without any outcome is never a success.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from locanda.portals.ross1000.records import Eliminazione, Movimenti, Movimento
from locanda.portals.ross1000.soap import DayResult, Result, StructureResult

__all__ = ["Outcome", "StructureOutcome", "matched"]


class Outcome(NamedTuple):
    """One record sent. ``success`` None: the portal did not say."""

    day: str
    kind: str
    idswh: str
    success: bool | None
    error: str = ""


class StructureOutcome(NamedTuple):
    """All records of one structure, in the order sent."""

    codice: str
    records: tuple[Outcome, ...]
    silent_days: tuple[str, ...]
    """Days of which the service says nothing: they hold no record that has an outcome."""
    strangers: int = 0
    """Outcomes of records that were not sent."""
    error: str = ""
    named: bool = True
    """Whether the answer speaks of the structure at all."""

    @property
    def all_accepted(self) -> bool:
        """Every record came back with a yes, and there is one at least."""
        return bool(self.records) and not self.error and all(record.success is True for record in self.records)

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """Records that came back with a no."""
        return tuple(record for record in self.records if record.success is False)

    @property
    def unknown(self) -> tuple[Outcome, ...]:
        """Records of which nothing was said."""
        return tuple(record for record in self.records if record.success is None)

    def day_accepted(self, day: str) -> bool | None:
        """True: every record of the day was accepted. False: one was refused. None: not known, or the day is silent."""
        said = [record.success for record in self.records if record.day == day]
        if False in said:
            return False
        return True if said and None not in said else None


_Key = tuple[str, str]


def matched(file: Movimenti, said: StructureResult | None) -> StructureOutcome:
    """The outcome of each record of a file."""
    days = [(day.data or "", _keys(day)) for day in file.movimenti]
    results = () if said is None else said.days
    by_place = _places(days, results)
    records: list[Outcome] = []
    taken = 0
    for place, (data, keys) in enumerate(days):
        waiting: dict[_Key, list[Result]] = {}
        for index in by_place.get(place, ()):
            for result in results[index].results:
                waiting.setdefault((result.kind, result.idswh), []).append(result)
        for key in keys:
            found = waiting.get(key)
            if not found:
                records.append(Outcome(data, *key, None))
                continue
            told = found.pop(0)
            taken += 1
            records.append(Outcome(data, *key, told.success, told.error))
    strangers = sum(len(result.results) for result in results) - taken
    silent = tuple(data for data, keys in days if not keys)
    error = "" if said is None else said.error
    return StructureOutcome(file.codice or "", tuple(records), silent, strangers, error, named=said is not None)


def _keys(day: Movimento) -> list[_Key]:
    keys = [("arrivo", guest.idswh or "") for guest in day.arrivi or ()]
    keys += [("partenza", guest.idswh or "") for guest in day.partenze or ()]
    keys += [("prenotazione", booking.idswh or "") for booking in day.prenotazioni or ()]
    return keys + [("eliminazione", fix.idswh or "") for fix in day.rettifiche or () if isinstance(fix, Eliminazione)]


def _places(days: Sequence[tuple[str, list[_Key]]], results: Sequence[DayResult]) -> dict[int, list[int]]:
    """Which results belong to which day sent."""
    by_date = {data: place for place, (data, _) in enumerate(days)}
    if results and all(result.data is not None for result in results):
        found: dict[int, list[int]] = {}
        for index, result in enumerate(results):
            place = by_date.get((result.data or "").replace("-", ""))
            if place is not None:
                found.setdefault(place, []).append(index)
        return found
    with_records = [place for place, (_, keys) in enumerate(days) if keys]
    for places in (range(len(days)), with_records):
        if len(places) == len(results) and all(
            _fits(result, days[place][1]) for place, result in zip(places, results, strict=True)
        ):
            return {place: [index] for index, place in enumerate(places)}
    return _in_order(days, results)


def _in_order(days: Sequence[tuple[str, list[_Key]]], results: Sequence[DayResult]) -> dict[int, list[int]]:
    """Each result with the next day that holds one of its records; what fits nowhere is left out."""
    found: dict[int, list[int]] = {}
    place = 0
    for index, result in enumerate(results):
        if not result.results:
            continue
        said = {(entry.kind, entry.idswh) for entry in result.results}
        ahead = next((later for later in range(place, len(days)) if not said.isdisjoint(days[later][1])), None)
        if ahead is not None:
            found[ahead] = [index]
            place = ahead + 1
    return found


def _fits(result: DayResult, keys: Sequence[_Key]) -> bool:
    return all((entry.kind, entry.idswh) in keys for entry in result.results)
