"""The short way for rules that look at each guest alone: most stays of most comuni (spec imposta-di-soggiorno 7.1).

Between two edges of the calendar and two birthdays that matter, the verdict on a guest does not change; so it is made once for
all guests alike, and the records of its nights are made once too and handed out by the slice. Anything that looks at the family,
the group, the price of the room, nights elsewhere, or that lacks a fact, goes the long way. Both ways give the same answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Property
from locanda.law.tourist_tax.cells import Cell, Cells, every_when
from locanda.law.tourist_tax.counters import Counters
from locanda.law.tourist_tax.facts import Refused, cutoff, stay_facts
from locanda.law.tourist_tax.judging import Verdict, judge
from locanda.law.tourist_tax.nights import Job, asks_residents, is_resident, record_of, say, span_of
from locanda.law.tourist_tax.rules import Condition, Rate, TaxVersion, TouristTax
from locanda.law.tourist_tax.values import COLLECTED, GuestTax, NightTax, StayTax

__all__ = ["Quick"]

_OF_THE_STAY = frozenset({"channel", "price_basis", "group", "participants", "booked_on", "nights_of_stay"})
_BY_NIGHT = {"night"}
_TOGETHER = frozenset({"child_order", "with_parents"})


class Shelf:
    """The verdict on some guests in a cell, with the records of all its nights."""

    __slots__ = ("amount", "beyond", "cap", "collected", "limit", "records", "speaks", "taxed", "verdict", "window")

    def __init__(self, verdict: Verdict, cell: Cell) -> None:
        nights = [date.fromordinal(ordinal) for ordinal in range(cell.first, cell.end)]
        self.verdict = verdict
        self.records = [record_of(verdict, night, beyond=False) for night in nights]
        self.beyond = [record_of(verdict, night, beyond=True) for night in nights] if verdict.taxed else self.records
        away = verdict.status == COLLECTED
        self.amount, self.collected = (0, verdict.amount) if away else (verdict.amount, 0)
        self.taxed, self.cap = verdict.taxed, verdict.cap
        self.limit = verdict.cap.nights if verdict.cap is not None else None
        self.window = verdict.cap.window if verdict.cap is not None else ""
        self.speaks = bool(verdict.papers or verdict.asks or verdict.doubts)


Segment = tuple[Shelf, Cell, int, int]
Stretch = tuple[Cell, int, int, tuple[date, ...], tuple[date, ...]]


class Quick:
    """The short way for one property."""

    def __init__(self, tax: TouristTax, home: Property, cells: Cells, facts: Mapping[str, Any]) -> None:
        self.tax, self.home, self.cells, self.facts = tax, home, cells, facts
        keys = {version.id: _keys(version) for version in tax.versions}
        self.able = {version.id: _alone(version, keys[version.id]) for version in tax.versions}
        self.of_the_stay = any(_OF_THE_STAY & found for found in keys.values()) or any(
            version.intermediary.channels for version in tax.versions
        )
        self.residents = any(version.residents != "taxed" or asks_residents(version) for version in tax.versions)
        self.ages = tuple(sorted(set().union(*(_ages(version) for version in tax.versions))))
        self.reference = {version.age_reference for version in tax.versions}
        self._cutoffs: dict[int, tuple[date, ...]] = {}

    def reckon(
        self, job: Job, counters: Counters | None, notes: dict[Problem, None], versions: dict[str, TaxVersion]
    ) -> StayTax | None:
        """The tax of the stay, or None where the long way must be taken. ``counters`` None: nobody has other stays."""
        stay, first, end = job.stay, job.first, job.end
        if job.past or stay.outside_nights or len(self.reference) > 1:
            return None
        if stay.first_night is not None and "arrival" in self.reference:
            return None  # the age is that of the day of arrival, which is not the first night
        cells = []
        at = first
        while at < end:
            cell = self.cells.at(at)
            if cell.version is None or not self.able[cell.version.id]:
                return None
            cells.append(cell)
            at = cell.end
        about: object = None
        if self.of_the_stay:
            price = stay.price.per if stay.price else None
            about = (stay.channel, price, stay.group, stay.booked_on, max(end - first, 0))
        if counters is None and about is None and len(cells) == 1 and self.reference == _BY_NIGHT:
            plainest = self._in_one_cell(job, cells[0], notes)
            if plainest is not None and cells[0].version is not None:
                versions[cells[0].version.id] = cells[0].version
                return plainest
        plans = []
        swift = None if about is not None else self._stretches(cells, first, end)
        for guest in stay.guests:
            details = guest.details
            if swift is not None and details is None and not (self.residents and guest.residence_comune):
                found = _swift(guest, swift)
                if found is not None:
                    plans.append((guest, first, end, found))
                    continue
            if counters is None and details is not None and (details.arrival is not None or details.departure is not None):
                return None
            begin, over = (first, end) if details is None else span_of(guest, job)
            plan = self._plan(guest, begin, over, cells, job, about)
            if plan is None:
                return None
            plans.append((guest, begin, over, plan))
        for cell in cells:
            if cell.version is not None:
                versions[cell.version.id] = cell.version
        total = 0
        told = []
        for place, (guest, begin, over, plan) in enumerate(plans):
            tax = _alone_of(guest, plan) if counters is None else _counted(guest, begin, over, plan, place, job, counters)
            for segment in plan:
                if segment[0].speaks:
                    say(notes, job.where, place, guest, segment[0].verdict)
            total += tax.amount
            told.append(tax)
        return StayTax(stay.id, told, total)

    def _in_one_cell(self, job: Job, cell: Cell, notes: dict[Problem, None]) -> StayTax | None:
        """The plainest stay: nothing of the calendar changes, and of every guest only the age matters, and stays the same."""
        stay, start, nights = job.stay, job.first - cell.first, job.end - job.first
        early, late = self._born_by(job.first), self._born_by(job.end - 1)
        shelves, ages, total = cell.verdicts, len(early), 0
        told: list[GuestTax] = []
        for guest in stay.guests:
            born = guest.birth_date
            if guest.details is not None or (self.residents and guest.residence_comune) or (ages and born is None):
                return None
            place = bisect_left(early, born) if born is not None else 0
            shelf: Any = shelves.get(ages - place)
            if shelf is None or (born is not None and place != bisect_left(late, born)):
                return None
            take = nights if shelf.limit is None or not shelf.taxed else min(nights, shelf.limit)
            records = shelf.records[start : start + take]
            if take < nights:
                records += shelf.beyond[start + take : start + nights]
            if shelf.speaks:
                say(notes, job.where, len(told), guest, shelf.verdict)
            amount = take * shelf.amount
            total += amount
            told.append(GuestTax(guest.id, records, amount, take * shelf.collected))
        return StayTax(stay.id, told, total)

    def _stretches(self, cells: list[Cell], first: int, end: int) -> list[Stretch] | None:
        """The nights of a stay cell by cell, with the births that make an age on the first and the last of them."""
        if self.reference != _BY_NIGHT:
            return None
        found = []
        for cell in cells:
            begin, over = max(first, cell.first), min(end, cell.end)
            found.append((cell, begin, over, self._born_by(begin), self._born_by(over - 1)))
        return found

    def _plan(self, guest: Guest, first: int, end: int, cells: list[Cell], job: Job, about: object) -> list[Segment] | None:
        """The stretches of a guest's nights with one verdict each."""
        statuses = guest.details.status if guest.details is not None else ()
        if self.residents and "resident" not in statuses and is_resident(guest, self.home, job.stay.arrival_day):
            statuses = (*statuses, "resident")
        found: list[Segment] = []
        for cell in cells:
            begin = first if first > cell.first else cell.first
            over = end if end < cell.end else cell.end
            while begin < over:
                bracket, until = self._bracket(guest, begin, over, first, end)
                if bracket < 0:
                    return None
                key = (bracket, statuses, about) if statuses or about is not None else bracket
                shelf = cell.verdicts.get(key)
                if shelf is None:
                    verdict = self._verdict(cell, bracket, frozenset(statuses), job)
                    if verdict is None:
                        return None
                    shelf = cell.verdicts[key] = Shelf(verdict, cell)
                assert isinstance(shelf, Shelf)
                found.append((shelf, cell, begin, until))
                begin = until
        return found

    def _bracket(self, guest: Guest, begin: int, over: int, first: int, end: int) -> tuple[int, int]:
        """How many of the ages that matter are completed, and until which night that lasts; -1 when nobody told the birth."""
        if not self.ages:
            return 0, over
        born = guest.birth_date
        if born is None:
            return -1, over
        if "night" not in self.reference:
            return self._completed(born, first if "arrival" in self.reference else end), over
        here = self._completed(born, begin)
        if self._completed(born, over - 1) == here:
            return here, over
        until = begin + 1
        while self._completed(born, until) == here:
            until += 1
        return here, until

    def _completed(self, born: date, ordinal: int) -> int:
        cutoffs = self._born_by(ordinal)
        return len(cutoffs) - bisect_left(cutoffs, born)

    def _born_by(self, ordinal: int) -> tuple[date, ...]:
        """For each age that matters, from the highest: born by that day, one has completed it."""
        cutoffs = self._cutoffs.get(ordinal)
        if cutoffs is None:
            day = date.fromordinal(ordinal)
            cutoffs = self._cutoffs[ordinal] = tuple(cutoff(day, years) for years in reversed(self.ages))
        return cutoffs

    def _verdict(self, cell: Cell, bracket: int, statuses: frozenset[str], job: Job) -> Verdict | None:
        version = cell.version
        assert version is not None
        facts = {
            **self.facts, **stay_facts(job.stay, max(job.end - job.first, 0)), "status": statuses, "season": cell.seasons,
            "months": cell.month, "age": self.ages[bracket - 1] if bracket else 0,
        }  # fmt: skip
        try:
            return judge(
                version, facts.__getitem__, in_period=cell.in_period, resident="resident" in statuses,
                allows=lambda row, number: True, price=_no_price,
            )  # fmt: skip
        except Refused:
            return None


def _swift(guest: Guest, stretches: list[Stretch]) -> list[Segment] | None:
    """The plan of a guest of whom only the age matters, and does not change; None when it is not that simple."""
    born = guest.birth_date
    found: list[Segment] = []
    for cell, begin, over, early, late in stretches:
        if early:
            if born is None:
                return None
            place = bisect_left(early, born)
            if place != bisect_left(late, born):
                return None
            shelf = cell.verdicts.get(len(early) - place)
        else:
            shelf = cell.verdicts.get(0)
        if shelf is None:
            return None
        found.append((shelf, cell, begin, over))  # type: ignore[arg-type]
    return found


def _no_price(rate: Rate) -> Fraction:
    raise AssertionError("rules by price go the long way")


def _alone_of(guest: Guest, plan: list[Segment]) -> GuestTax:
    """A guest without other stays: nothing to remember beyond this one."""
    used: dict[object, int] = {}
    found: list[NightTax] = []
    amount = collected = 0
    for shelf, cell, begin, end in plan:
        start, nights = begin - cell.first, end - begin
        take = nights
        if shelf.taxed:
            if shelf.limit is not None:
                take = min(nights, max(shelf.limit - used.get(cell.keys.get(shelf.window, shelf.window), 0), 0))
            for key in (*cell.keys.values(), "stay", "run"):
                used[key] = used.get(key, 0) + take
            amount += take * shelf.amount
            collected += take * shelf.collected
        found += shelf.records[start : start + take]
        found += shelf.beyond[start + take : start + nights]
    return GuestTax(guest.id, found, amount, collected)


def _counted(
    guest: Guest, first: int, end: int, plan: list[Segment], place: int, job: Job, counters: Counters
) -> GuestTax:
    """A guest whose other stays count too."""
    lodging = counters.lodging(job.persons[place], job.number, first, end)
    found: list[NightTax] = []
    amount = collected = 0
    for shelf, cell, begin, over in plan:
        start, nights = begin - cell.first, over - begin
        take = nights
        counters.count(nights, cell, lodging, taxed=False)
        if shelf.taxed:
            if shelf.cap is not None and shelf.cap.nights is not None:
                take = min(nights, counters.left(shelf.cap, cell, lodging))
            counters.count(take, cell, lodging, taxed=True)
            amount += take * shelf.amount
            collected += take * shelf.collected
        found += shelf.records[start : start + take]
        found += shelf.beyond[start + take : start + nights]
    return GuestTax(guest.id, found, amount, collected)


def _conditions(version: TaxVersion) -> list[Condition]:
    return [condition for when in every_when(version) for condition in when]


def _keys(version: TaxVersion) -> frozenset[str]:
    return frozenset(condition.key for condition in _conditions(version))


def _alone(version: TaxVersion, keys: frozenset[str]) -> bool:
    """Whether a version looks at each guest alone."""
    return not (
        _TOGETHER & keys
        or version.bookings_from is not None
        or any(rate.priced for rate in version.rates)
        or any(row.quota is not None for row in version.exemptions)
        or any(row.quota is not None for row in version.reductions)
        or any(cap.counts == "slept" or cap.also for cap in version.caps)
    )


def _ages(version: TaxVersion) -> set[int]:
    """The ages at which some condition changes its mind."""
    found = {18} if "children" in version.unknown else set()
    for condition in _conditions(version):
        if condition.key == "age":
            words = [word for word in condition.words or () if isinstance(word, int)]
            found |= {age for age in (condition.low, *words) if age is not None}
            found |= {age + 1 for age in (condition.high, *words) if age is not None}
    return found - {0}
