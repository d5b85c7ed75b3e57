"""The facts that rules ask about, and what happens when one is not there (interfaces: only the keys its rules read).

A fact that may be absent by nature (stars, group, status) simply fulfils no condition. One that the rule needs and nobody gave is
asked for, and only when every other condition of the row holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from locanda import places
from locanda.core.people import Guest, Role
from locanda.core.problems import Problem
from locanda.core.stays import Property, Stay, parties
from locanda.law.tourist_tax.rules import Condition
from locanda.law.tourist_tax.words import fact_in_words

__all__ = [
    "Facts", "Refused", "age_fact", "age_on", "child_orders", "cutoff", "first_match", "holds", "lives_in", "property_facts",
    "stay_facts",
]  # fmt: skip

ADULT = 18


class Refused(Exception):
    """The calculation cannot go on without inventing something."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem

    @classmethod
    def missing(cls, where: str) -> Refused:
        """A fact that the rule reads and nobody gave, by its key and in words."""
        key = where.rpartition(".")[2]
        said = fact_in_words(key)
        return cls(Problem.of("tax.fact.missing", where, key=key, it=said.it, en=said.en))


class _Missing:
    """Stands in for a fact that would have to be asked for."""

    def __init__(self, where: str) -> None:
        self.where = where


Facts = Mapping[str, Any]


def property_facts(home: Property) -> dict[str, Any]:
    """What ``when`` may ask of a property."""
    asked = {key: getattr(home, key) for key in ("type", "category", "cadastral_category", "zone", "let_as")}
    return {
        "business": home.business, "stars": home.stars, "suns": home.suns, "superior": home.superior,
        **{key: _Missing(f"property.{key}") if value in (None, "") else value for key, value in asked.items()},
    }  # fmt: skip


def stay_facts(stay: Stay, nights: int) -> dict[str, Any]:
    """What ``when`` may ask of a stay; places are within the stay."""
    group = stay.group
    return {
        "channel": stay.channel or "direct",
        "price_basis": stay.price.per if stay.price else _Missing("price"),
        "group": group.kind if group else None,
        "participants": None if group is None else _Missing("group.participants") if group.participants is None
        else group.participants,
        "booked_on": stay.booked_on.toordinal() if stay.booked_on else _Missing("booked_on"),
        "nights_of_stay": nights,
    }  # fmt: skip


def holds(when: Iterable[Condition], fact: Callable[[str], Any]) -> bool:
    """Whether all conditions hold; :class:`Refused` when only an absent fact keeps it open."""
    absent: _Missing | None = None
    for condition in when:
        value = fact(condition.key)
        if isinstance(value, _Missing):
            absent = absent or value
        elif isinstance(value, frozenset):
            assert condition.words is not None
            if not value & condition.words:
                return False
        elif not condition.holds(value):
            return False
    if absent is not None:
        raise Refused.missing(absent.where)
    return True


def first_match(rows: Sequence[Any], fact: Callable[[str], Any]) -> Any:
    """The first row whose conditions hold, or None."""
    return next((row for row in rows if holds(row.when, fact)), None)


def cutoff(day: date, years: int) -> date:
    """Born on or before this day, one has completed so many years on ``day``; born on 29 February, on 1 March (spec 7.2)."""
    year = max(day.year - years, 1)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) and not _leap(year) else day.replace(year=year)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def age_on(born: date, day: date) -> int:
    """Whole years on a day: the birthday itself is already the new age (spec 7.2)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_fact(guest: Guest, where: str, day: date) -> Any:
    """The age, or what to ask for."""
    return _Missing(f"{where}.birth_date") if guest.birth_date is None else age_on(guest.birth_date, day)


def child_orders(stay: Stay, present: Sequence[bool], day: date) -> list[Any]:
    """For each guest the place among the minor children of the family, eldest first, and whether an adult of it is there.

    None where there is no family. Children are those under 18 on the day; twins keep the order of their ids.
    """
    found: list[Any] = [(None, False)] * len(stay.guests)
    for party in parties(stay.guests):
        if party.head.role is not Role.HEAD_OF_FAMILY:
            if party.head.role is None:
                where = f"guests[{party.start}]"
                found[party.start] = (_Missing(f"{where}.role"), _Missing(f"{where}.role"))
            continue
        here = [party.start + place for place in range(len(party.guests)) if present[party.start + place]]
        ages = {place: age_fact(stay.guests[place], f"guests[{place}]", day) for place in here}
        grown = any(isinstance(age, int) and age >= ADULT for age in ages.values())
        children = [place for place in here if isinstance(ages[place], int) and ages[place] < ADULT]
        children.sort(key=lambda place: (stay.guests[place].birth_date or date.max, stay.guests[place].id, place))
        for place in here:
            unknown = ages[place] if isinstance(ages[place], _Missing) else None
            found[place] = (unknown or (children.index(place) + 1 if place in children else None), grown)
    return found


@lru_cache(maxsize=4096)
def lives_in(residence: str, home: str, day: date) -> bool:
    """Whether a place of residence is the comune of the property, however both are written."""
    there, here = places.builtin().comune(residence, day), places.builtin().comune(home, day)
    if isinstance(there, places.Unresolved) or isinstance(here, places.Unresolved):
        return residence == home
    return (there.istat or there.name) == (here.istat or here.name)
