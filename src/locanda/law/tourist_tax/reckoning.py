"""The calculation: every guest, every night, in date order (spec imposta-di-soggiorno 7).

    Reckoner(tax, property).reckon(stays, history)

Stays are worked through in the order of their first nights, whatever the order given, so that limits by month or year fill up as
they did in life; answers come in the order given. Amounts are whole cents, rounded night by night: any split by month gives the
same total.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay
from locanda.core.time import rome_day
from locanda.law.tourist_tax.cells import Cells, every_when
from locanda.law.tourist_tax.counters import Counters, tracks_of
from locanda.law.tourist_tax.facts import property_facts
from locanda.law.tourist_tax.nights import (
    Job,
    asks_residents,
    is_early,
    misplaced,
)
from locanda.law.tourist_tax.people import Persons
from locanda.law.tourist_tax.quick import Quick
from locanda.law.tourist_tax.rules import Exemption, Reduction, TaxVersion, TouristTax
from locanda.law.tourist_tax.slow import Setting, Slow
from locanda.law.tourist_tax.values import Reckoning, StayTax

__all__ = ["CERTAINTY", "Reckoner"]

CERTAINTY = ("law", "official", "press", "disputed", "unverified")
_GRADED = frozenset({"albergo", "rta", "albergo_diffuso", "condhotel", "villaggio_albergo", "campeggio", "villaggio_turistico"})


class Reckoner:
    """The tax of one property. Keep it: what it works out about the calendar serves every stay after."""

    def __init__(self, tax: TouristTax, home: Property, *, quick: bool = True, papers_due: bool = False) -> None:
        """``quick`` False takes the long way for every stay; both ways give the same answer.

        ``papers_due``: the guests have left, and what needs a paper (``document.required``) holds only with it (spec 3.4).
        """
        self.tax, self.home = tax, home
        quick = quick and not (papers_due and _asks_papers(tax))
        self.cells = Cells(tax)
        self._tracks = tracks_of(tax)
        facts = property_facts(home)
        self._setting = Setting(
            tax, home, self.cells, facts, papers_due=papers_due, residents=any(map(asks_residents, tax.versions)),
            families=any(
                condition.key in ("child_order", "with_parents")
                for version in tax.versions for when in every_when(version) for condition in when
            ),
        )  # fmt: skip
        self._by_stars = (
            frozenset(version.id for version in tax.versions if self._asks_stars(version)) if home.stars is None else frozenset()
        )
        self._scoped = any(cap.scope == "comune" for version in tax.versions for cap in version.caps)
        self._quick = Quick(tax, home, self.cells, facts) if quick else None

    def reckon(self, stays: Sequence[Stay | None], history: Sequence[Stay | None] = ()) -> Reckoning:
        """The tax of the stays. ``history``: earlier stays of the same guests, as far as the limits look back."""
        if len(stays) == 1 and not history and self._quick is not None:
            alone = self._alone(stays[0], self._quick)
            if alone is not None:
                return alone
        problems: dict[Problem, None] = {}
        jobs = self._jobs(stays, history, problems)
        here = frozenset(person for job in jobs if not job.past for person in job.persons)
        jobs = [job for job in jobs if not job.past or not here.isdisjoint(job.persons)]
        counters = Counters(self._tracks)
        notes: dict[Problem, None] = {}
        found: dict[int, StayTax] = {}
        versions: dict[str, TaxVersion] = {}
        for job in sorted(jobs, key=lambda job: (job.first, not job.past, job.number)):
            if not job.past:
                self._ask(job, notes)
            told = self._quick.reckon(job, counters if len(jobs) > 1 else None, notes, versions) if self._quick else None
            if told is None:
                told = Slow(self._setting, job, counters, notes, problems, versions, here).reckon()
            if told is not None and not job.past:
                found[job.number] = told
        used = sorted(versions.values(), key=lambda version: version.first)
        notes.update(dict.fromkeys(self._ungraded(used)))
        return Reckoning(
            tuple(found[number] for number in range(len(stays)) if number in found),
            tuple(version.id for version in used),
            max((version.status for version in used), key=CERTAINTY.index, default=None),
            tuple(notes), tuple(problems),
        )  # fmt: skip

    def _alone(self, stay: Stay | None, quick: Quick) -> Reckoning | None:
        """One stay of people without others, when the short way serves it."""
        if stay is None:
            return None
        arrival, end = stay.arrival_day, stay.departure_day
        if end is None or end < arrival or stay.first_night is not None:
            return None
        notes: dict[Problem, None] = {}
        versions: dict[str, TaxVersion] = {}
        job = Job(stay, 0, "stays[0]", arrival.toordinal(), end.toordinal(), False, ())  # noqa: FBT003
        told = quick.reckon(job, None, notes, versions)
        if told is None:
            return None
        if stay.outside_nights or is_early(stay.arrival):
            asked: dict[Problem, None] = {}
            self._ask(job, asked)
            notes = {**asked, **notes}
        used = list(versions.values())  # in the order of the nights
        if self._by_stars:
            notes.update(dict.fromkeys(self._ungraded(used)))
        status = used[0].status if len(used) == 1 else max((entry.status for entry in used), key=CERTAINTY.index, default=None)
        return Reckoning((told,), tuple(versions), status, tuple(notes), ())

    def _jobs(
        self, stays: Sequence[Stay | None], history: Sequence[Stay | None], problems: dict[Problem, None]
    ) -> list[Job]:
        persons = Persons() if len(stays) + len(history) > 1 else None
        jobs = []
        given = [(stay, place, False) for place, stay in enumerate(stays)]
        for stay, place, past in (*((stay, place, True) for place, stay in enumerate(history)), *given):
            if stay is None:
                continue
            where = f"{'history' if past else 'stays'}[{place}]"
            departure = stay.departure_day
            if departure is None:
                problems[Problem.of("tax.departure.missing", f"{where}.departure")] = None
                continue
            if departure < stay.arrival_day:
                problems[Problem.of("stay.departure.before_arrival", f"{where}.departure")] = None
                continue
            wrong = misplaced(stay, where)
            if wrong:
                problems.update(dict.fromkeys(wrong))
                continue
            first = (stay.first_night or stay.arrival_day).toordinal()
            numbers = persons.numbers(stay.guests) if persons else range(len(stay.guests))
            jobs.append(Job(stay, place, where, first, departure.toordinal(), past, numbers))
        return jobs

    def _ask(self, job: Job, notes: dict[Problem, None]) -> None:
        stay = job.stay
        if stay.first_night is None and is_early(stay.arrival):
            notes[Problem.of("tax.night.unconfirmed", f"{job.where}.first_night", arrival=stay.arrival_day)] = None
        for place, guest in enumerate(stay.guests):
            came = guest.details.arrival if guest.details is not None else None
            if came is not None and is_early(came) and rome_day(came) > stay.arrival_day:
                at = f"{job.where}.guests[{place}].arrival"
                notes[Problem.of("tax.night.unconfirmed", at, arrival=rome_day(came))] = None
        if stay.outside_nights and not self._scoped:
            notes[Problem.of("tax.outside.ignored", f"{job.where}.outside_nights", nights=stay.outside_nights)] = None


    def _ungraded(self, used: Iterable[TaxVersion]) -> list[Problem]:
        """A hotel or campsite without stars, where stars make the price: it was reckoned as one that has none."""
        return [
            Problem.of("tax.stars.absent", "property.stars", version=version.id)
            for version in used if version.id in self._by_stars
        ]  # fmt: skip

    def _asks_stars(self, version: TaxVersion) -> bool:
        """Whether some row would hold for the property if it had the stars for it."""
        for rate in version.rates:
            keys = {condition.key for condition in rate.when}
            others = [condition for condition in rate.when if condition.key in ("type", "zone", "category", "business")]
            named = "type" in keys or self.home.type in _GRADED
            if "stars" in keys and named and all(condition.holds(getattr(self.home, condition.key)) for condition in others):
                return True
        return False


def _asks_papers(tax: TouristTax) -> bool:
    """Whether some row holds only with a paper."""
    rows: list[Exemption | Reduction] = [row for version in tax.versions for row in version.exemptions]
    rows += [row for version in tax.versions for row in version.reductions]
    return any(row.paper is not None and row.paper.required for row in rows)
