"""What SPOT asks on its screens, to type by hand: the days of the file, line by line (spec flussi-turistici 7.7, 11.5).

For each day its kind and its three figures, then each arrival with its members, then the departures. A day not loaded stops those
that follow: the oldest stands first. It is made from the file itself, so that typing and uploading say the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from locanda.core.problems import Problem
from locanda.law.statistics import Movement
from locanda.places import Tables
from locanda.portals.guest_tables import Places
from locanda.portals.spot.values import Arrival, Day, Figures, Person
from locanda.portals.spot.writing import built
from locanda.portals.table_words import made, word
from locanda.sheets import Table, Value

__all__ = ["spot_entry"]

_Row = tuple[Value, ...]


def spot_entry(moved: Movement, language: str = "it", tables: Tables | None = None) -> Table:
    """The lines to type; where they cannot be made, none, and the remarks say why."""
    unknown = [guest for guest in moved.guests if not (guest.flow_id and guest.sex and guest.birth_date and guest.citizenship)]
    if unknown:
        remark = Problem.of("tables.facts.missing", unknown[0].where, portal="SPOT", count=len(unknown))
        return made("spot", (), language, remarks=[remark])
    file, problems, notes = built(moved)
    if file is None:
        return made("spot", (), language, remarks=problems)
    places = Places(tables)
    rows = [row for day in file.days for row in _day(day, language, places)]
    return made("spot", rows, language, remarks=notes)


def _day(day: Day, language: str, places: Places) -> Iterator[_Row]:
    kind = f"{day.kind} {word(f'spot_{day.kind}', language)}"
    figures = day.figures or Figures(None, None, None)
    nothing = (None,) * 9
    yield (day.day, kind, word("spot_day", language), *nothing, figures.rooms, figures.beds, figures.occupied)
    for arrival in day.arrivals or ():
        yield (day.day, kind, word("spot_arrival", language), *_arrival(arrival, places), None, None, None)
        for member in arrival.members:
            said = (member.code, None, *_person(member, places), None, None)
            yield (day.day, kind, word("spot_member", language), *said, None, None, None)
    for leaving in day.departures or ():
        yield (day.day, kind, word("spot_departure", language), leaving.code, *nothing[1:], None, None, None)


def _arrival(arrival: Arrival, places: Places) -> _Row:
    person = arrival.person
    return person.code, arrival.kind, *_person(person, places), arrival.day_use == "si", len(arrival.members)


def _person(person: Person, places: Places) -> _Row:
    home = places.comune(person.comune) or places.state(person.state)
    return person.sex, person.age, places.state(person.citizenship), home, person.bed == "si"
