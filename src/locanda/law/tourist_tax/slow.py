"""The long way: a stay night by night, for rules that look at the whole room, the family or the group (spec
imposta-di-soggiorno 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import Property
from locanda.law.tourist_tax.cells import Cell, Cells
from locanda.law.tourist_tax.counters import Counters, Lodging
from locanda.law.tourist_tax.facts import Refused, age_fact, child_orders, stay_facts
from locanda.law.tourist_tax.judging import Verdict, judge, reduced
from locanda.law.tourist_tax.nights import Job, is_resident, own_days, record_of, say, span_of
from locanda.law.tourist_tax.rooms import Room, rooms_of, shares
from locanda.law.tourist_tax.rules import Cap, Exemption, Rate, Reduction, TaxVersion, TouristTax
from locanda.law.tourist_tax.values import COLLECTED, GuestTax, NightTax, StayTax

__all__ = ["Setting", "Slow"]

_GUIDES = frozenset({"tour_leader", "coach_driver"})


class Setting(NamedTuple):
    """What is the same for every stay in a property. ``families``, ``residents``: whether some rule asks for them."""

    tax: TouristTax
    home: Property
    cells: Cells
    facts: dict[str, Any]
    papers_due: bool
    families: bool
    residents: bool


class Slow:
    """One stay, night by night: rules that look at the whole room, the family or the group."""

    def __init__(
        self, setting: Setting, job: Job, counters: Counters, notes: dict[Problem, None], problems: dict[Problem, None],
        versions: dict[str, TaxVersion], here: frozenset[int],
    ) -> None:  # fmt: skip
        """``here``: the people whose tax is asked for; what nobody told about others in their history does not matter."""
        self.here = here
        self.setting, self.job, self.counters = setting, job, counters
        self.notes, self.problems, self.versions = notes, problems, versions
        self.stay = job.stay
        self.facts = {**setting.facts, **stay_facts(job.stay, max(job.end - job.first, 0))}
        self.spans = [span_of(guest, job) for guest in self.stay.guests]
        self.lodgings = [
            counters.lodging(person, job.number if not job.past else -1 - job.number, *span)
            for person, span in zip(job.persons, self.spans, strict=True)
        ]
        self.nights: list[list[NightTax]] = [[] for _ in self.stay.guests]
        self.collected = [0] * len(self.stay.guests)
        self.failed = False

    def reckon(self) -> StayTax | None:
        """The tax of the stay; None when something is missing, which is then among the problems."""
        if self.stay.outside_nights:
            for lodging, (first, end) in zip(self.lodgings, self.spans, strict=True):
                if first < end:
                    self.counters.elsewhere(self.stay.outside_nights, self.setting.cells.at(first), lodging)
        for ordinal in range(self.job.first, self.job.end):
            present = [first <= ordinal < end for first, end in self.spans]
            if not any(present):
                continue
            try:
                self._night(ordinal, present)
            except Refused as refused:
                self._refuse(refused)
                break
        if self.failed or self.job.past:
            return None
        guests = [
            GuestTax(guest.id, nights, sum(night.amount for night in nights), collected)
            for guest, nights, collected in zip(self.stay.guests, self.nights, self.collected, strict=True)
        ]
        return StayTax(self.stay.id, guests, sum(guest.amount for guest in guests))

    def _refuse(self, refused: Refused) -> None:
        self.failed = True
        problem = refused.problem
        self.problems[problem if problem.where.startswith("property.") else problem.within(self.job.where)] = None

    def _version(self, cell: Cell, night: date) -> TaxVersion | None:
        """The version of the night, or the one before where the stay was booked too early for it."""
        version, versions = cell.version, self.setting.tax.versions
        while version is not None and version.bookings_from is not None:
            booked = self.stay.booked_on
            if booked is None:
                raise Refused.missing("booked_on")
            if booked >= version.bookings_from:
                break
            place = versions.index(version)
            version = versions[place - 1] if place else None
        return version

    def _night(self, ordinal: int, present: list[bool]) -> None:
        night, cell = date.fromordinal(ordinal), self.setting.cells.at(ordinal)
        version = self._version(cell, night)
        if version is None:
            if self.job.past:
                return
            raise Refused(Problem.of("tax.rule.none", "", night=night))
        if not self.job.past:
            self.versions[version.id] = version
        in_period = cell.in_period if version is cell.version else _in_period(version, night)
        orders = child_orders(self.stay, present, night) if self.setting.families else None
        rooms: list[Room] | None = None
        taken: Counter[object] = Counter()
        pools: dict[object, tuple[Room, Rate, TaxVersion, list[tuple[int, Verdict]]]] = {}
        for place, guest in enumerate(self.stay.guests):
            if not present[place]:
                continue

            told: list[Problem] = []

            def price(rate: Rate, place: int = place, told: list[Problem] = told) -> Fraction:
                nonlocal rooms
                rooms = rooms or rooms_of(self.stay, present, night)
                assert rate.price is not None
                return rooms[place].price(rate.price, night, self.stay, self.setting.home, told)
            try:
                verdict = judge(
                    version, self._fact(guest, place, night, cell, version, orders), in_period=in_period,
                    resident=self._resident(guest, version, night), allows=self._allows(guest, present, taken), price=price,
                    counting=self.job.past, held=self._held(guest),
                )  # fmt: skip
                if verdict.rate is not None:
                    price(verdict.rate)
            except Refused as refused:
                if not self.job.past or self.job.persons[place] in self.here:
                    self._refuse(refused)
                continue
            self.notes.update(dict.fromkeys(problem.within(self.job.where) for problem in told))
            payer = self._settle(place, guest, night, cell, verdict)
            if payer and verdict.rate is not None and rooms is not None:
                room = rooms[place]
                pools.setdefault((id(room), verdict.rate.row), (room, verdict.rate, version, []))[3].append((place, verdict))
        for room, rate, held, payers in pools.values():
            self._share(room, rate, held, payers, night)

    def _settle(self, place: int, guest: Guest, night: date, cell: Cell, verdict: Verdict) -> bool:
        """Count the night against the limits and write it down; whether it is taxed."""
        lodging: Lodging = self.lodgings[place]
        spent = next((cap for cap in _limits(verdict) if self.counters.left(cap, cell, lodging) <= 0), None)
        left = verdict.taxed and spent is None
        self.counters.count(1, cell, lodging, taxed=False)
        if left:
            self.counters.count(1, cell, lodging, taxed=True)
        if self.job.past:
            return False
        say(self.notes, self.job.where, place, guest, verdict)
        record = record_of(verdict, night, beyond=verdict.taxed and not left)
        if spent is not None and verdict.also:
            record = record._replace(by=verdict.version.caps.index(spent))
        self.nights[place].append(record)
        if record.status == COLLECTED:
            self.collected[place] += verdict.amount
        return left

    def _share(self, room: Room, rate: Rate, version: TaxVersion, payers: list[tuple[int, Verdict]], night: date) -> None:
        """A percentage of the price of a room, among those who pay."""
        assert rate.price is not None
        price = room.price(rate.price, night, self.stay, self.setting.home, [])
        times = len(payers) if rate.price.per == "person" else room.count
        parts = shares(price * times * rate.amount, rate.ceiling, len(payers), version.rounding)
        for (place, verdict), part in zip(payers, parts, strict=True):
            # the whole is rounded already: a step of ten cents must not be taken twice
            amount = version.rounding.cents(reduced(version, rate, Fraction(part), verdict.cuts)) if verdict.cuts else part
            record = self.nights[place][-1]
            if record.status == COLLECTED:
                self.collected[place] += amount
                amount = 0
            self.nights[place][-1] = record._replace(base=part, amount=amount)

    def _fact(
        self, guest: Guest, place: int, night: date, cell: Cell, version: TaxVersion, orders: list[Any] | None
    ) -> Callable[[str], Any]:
        def fact(key: str) -> Any:
            match key:
                case "age":
                    return age_fact(guest, f"guests[{place}]", self._day_of_age(place, night, version))
                case "status":
                    words = guest.details.status if guest.details else ()
                    lives_here = self.setting.residents and is_resident(guest, self.setting.home, self.stay.arrival_day)
                    return frozenset((*words, "resident") if lives_here else words)
                case "season":
                    return cell.seasons if version is cell.version else _seasons(version, night)
                case "months":
                    return night.month
                case "child_order" | "with_parents":
                    return orders[place][key == "with_parents"] if orders else None
                case _:
                    return self.facts[key]

        return fact

    def _day_of_age(self, place: int, night: date, version: TaxVersion) -> date:
        if version.age_reference == "night":
            return night
        came, left = own_days(self.stay.guests[place])
        if version.age_reference == "arrival":
            return came or self.stay.arrival_day
        return left or date.fromordinal(self.job.end)

    def _held(self, guest: Guest) -> frozenset[str] | None:
        """The papers of a guest, when it is too late for others."""
        if not self.setting.papers_due:
            return None
        return frozenset(guest.details.documents_held if guest.details else ())

    def _resident(self, guest: Guest, version: TaxVersion, night: date) -> bool:
        return version.residents != "taxed" and is_resident(guest, self.setting.home, self.stay.arrival_day)

    def _allows(
        self, guest: Guest, present: list[bool], taken: Counter[object]
    ) -> Callable[[Exemption | Reduction, int], bool]:
        def allows(row: Exemption | Reduction, number: int) -> bool:
            quota = row.quota
            if quota is None:
                return True
            label = None if quota.per == "participants" else (guest.details.companion_of if guest.details else None)
            if taken[number, label] >= quota.allowed(self._participants(present)):
                return False
            taken[number, label] += 1
            return True

        return allows

    def _participants(self, present: list[bool]) -> int:
        """As the group was told; otherwise the guests who are neither leaders nor drivers (spec 7.7)."""
        group = self.stay.group
        if group is not None and group.participants is not None:
            return group.participants
        return sum(
            here and not (guest.details and _GUIDES.intersection(guest.details.status))
            for guest, here in zip(self.stay.guests, present, strict=True)
        )


def _limits(verdict: Verdict) -> Iterator[Cap]:
    """The limits that a taxed night has to pass."""
    for cap in (verdict.cap, *verdict.also) if verdict.taxed else ():
        if cap is not None and cap.nights is not None:
            yield cap


def _in_period(version: TaxVersion, night: date) -> bool:
    return not version.periods or any(span.holds(night) for span in version.periods)


def _seasons(version: TaxVersion, night: date) -> frozenset[str]:
    return frozenset(name for name, spans in version.seasons if any(span.holds(night) for span in spans))
