"""A year of invented guests for the visitor statistics, in the JSON shape of the commands; the same seed gives the same year.

:func:`year` books every unit one stay after another, so that no unit is ever let twice on one night. In it: families, groups over
two units, singles, changes of room, members who leave before their head, arrivals after midnight (confirmed or not), people who
left on the day they came, day guests, non-tourists, guests still in the house, stays over both ends of the year,
and a closure in November. No real person is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from locanda.core.time import ROME
from locanda.law.statistics import LISTS, terms
from locanda.places import builtin

__all__ = ["year"]

Json = dict[str, Any]
_DAY = timedelta(days=1)
_BEDS = 4
"""Beds of a unit."""
_STATES = (
    "DE", "FR", "AT", "CH", "GB", "US", "NL", "ES", "PL", "CZ", "SE", "DK", "BE", "HU", "RO", "UA", "TR", "BR", "AR", "JP", "CN",
    "IN", "IL", "EG", "MA", "ZA", "AU", "NZ", "CA", "MX", "VE", "RU", "AL", "RS", "XK", "SM", "GP", "RE", "MO", "KR",
)  # fmt: skip
_SURNAMES = ("Rossi", "Bianchi", "Müller", "Lefèvre", "D'Amico", "Nowak", "Smith", "Øster")
_NAMES = ("Ada", "Luca", "Zoé", "Jürgen", "Maria", "Tom")


@cache
def _comuni() -> tuple[str, ...]:
    """Comuni that live today and did ten years ago, by their police code."""
    old = date(2016, 1, 1)
    return tuple(
        row.police for row in builtin().comuni
        if row.police and row.valid_to is None and (row.valid_from is None or row.valid_from < old)
    )  # fmt: skip


def year(
    seed: int = 1, *, units: int = 40, guests: int = 10_000, start: date = date(2026, 1, 1), days: int = 365, closure: bool = True
) -> Json:
    """Property, stays, days, from and to. With few units or a small ``guests`` the year stays emptier."""
    random = Random(seed)
    last = start + (days - 1) * _DAY
    closed = _closure(start, last) if closure else (date.max, date.max)
    stays: list[Json] = []
    left = guests
    walks = [list(_walk(random, unit, units, start, last, closed)) for unit in range(units)]
    rows = sorted((row for walk in walks for row in walk), key=lambda row: (row[0], row[2]))
    for arrival, departure, names in rows:
        stay = _stay(random, len(stays) + 1, arrival, departure, names, last)
        if left < len(stay["guests"]):
            break
        left -= len(stay["guests"])
        stays.append(stay)
    return {
        "property": {
            "id": "P1", "name": "La Locanda", "type": "albergo", "business": True, "stars": 3, "comune": "072030",
            "rooms": units, "beds": units * _BEDS, "portal_ids": {"ross1000": "X00001"},
        },
        "stays": stays, "days": list(_offers(stays, units, start, days, closed)),
        "from": start.isoformat(), "to": last.isoformat(),
    }  # fmt: skip


def _closure(start: date, last: date) -> tuple[date, date]:
    """The nights of two weeks in November."""
    first = date(start.year, 11, 10)
    return (first, first + 13 * _DAY) if start <= first <= last else (date.max, date.max)


def _walk(
    random: Random, unit: int, units: int, start: date, last: date, closed: tuple[date, date]
) -> Iterator[tuple[date, date, tuple[str, ...]]]:
    """The stays of a unit, one after another; units 0 and 1 of every ten are let together."""
    place = unit % 10
    if place == 1:
        return
    names = (f"{unit + 1}", f"{unit + 2}") if place == 0 and unit + 1 < units else (f"{unit + 1}",)
    day = start - random.randint(0, 6) * _DAY
    while day <= last:
        nights = random.choices((1, 2, 3, 4, 7, 14, random.randint(15, 40)), (35, 30, 20, 6, 6, 2, 1))[0]
        end = day + nights * _DAY
        if day <= closed[1] and end > closed[0]:
            day = closed[1] + _DAY
            continue
        yield day, end, names
        day = end + random.choices((0, 1, 2, 5), (55, 25, 15, 5))[0] * _DAY


def _stay(random: Random, number: int, first: date, end: date, names: tuple[str, ...], last: date) -> Json:
    stay: Json = {"id": f"S{number}", "units": list(names)}
    offset = _offset(first, 15)
    stay["arrival"] = f"{first}T{random.randint(13, 22):02d}:{random.randrange(60):02d}{offset}"
    stay["departure"] = f"{end}T10:00{_offset(end, 10)}" if random.random() < 0.5 else end.isoformat()
    after = first + _DAY
    kind = random.random()
    if kind < 0.03 and after < end:  # after midnight, confirmed as the night before
        stay |= {"arrival": f"{after}T01:20{_offset(after, 1)}", "first_night": first.isoformat()}
    elif kind < 0.05 and after < end:  # after midnight, not confirmed
        stay["arrival"] = f"{after}T00:40{_offset(after, 0)}"
    elif kind < 0.06 and after == end:  # slept after midnight, gone the same day
        stay |= {"arrival": f"{first}T02:00{_offset(first, 2)}", "departure": f"{first}T11:00{_offset(first, 11)}"}
    elif kind < 0.065 and after == end:  # a day guest
        stay |= {"arrival": f"{first}T09:00{_offset(first, 9)}", "departure": f"{first}T18:00{_offset(first, 18)}"}
    elif kind < 0.1 and end > last:
        stay["departure"] = None
    if random.random() < 0.8:
        stay["channel"] = random.choice(terms("channel")).key
    if len(names) > 1 or random.random() < 0.6:
        size = random.randint(3, 10) if len(names) > 1 else random.randint(2, _BEDS)
        group = size > 5
        stay["guests"] = _party(random, first, size, group=group)
        if group and random.random() < 0.5:
            stay["group"] = {"kind": random.choice(("agency", "school", "sport")), "participants": size}
    else:
        stay["guests"] = [_guest(random, first, "single") for _ in range(random.randint(1, 2))]
    for index, guest in enumerate(stay["guests"]):
        guest["id"] = f"g{index}"
    if random.random() < 0.02:
        for guest in stay["guests"]:
            guest["tourist"] = False
    _vary(random, stay, first, end, names)
    return stay


def _vary(random: Random, stay: Json, first: date, end: date, names: tuple[str, ...]) -> None:
    """Someone leaves earlier, someone comes later and alone, someone changes room."""
    guests = stay["guests"]
    if (end - first).days < 3 or stay["departure"] is None or "first_night" in stay:
        return
    early = end - _DAY
    if len(guests) > 2 and random.random() < 0.15:
        guests[-1]["departure"] = early.isoformat()
    if guests[-1]["role"] == "single" and len(guests) > 1 and random.random() < 0.2:
        late = first + _DAY
        guests[-1]["arrival"] = f"{late}T18:00{_offset(late, 18)}"
    if len(names) > 1 and random.random() < 0.3:
        middle = first + 2 * _DAY
        guests[0]["rooms"] = [
            {"unit": names[0], "from": first.isoformat(), "to": middle.isoformat()},
            {"unit": names[1], "from": middle.isoformat(), "to": end.isoformat()},
        ]


def _party(random: Random, day: date, size: int, *, group: bool) -> list[Json]:
    kind = "group" if group else "family"
    head = _guest(random, day, f"head_of_{kind}")
    members = [_guest(random, day, f"{kind}_member") for _ in range(size - 1)]
    if not group:
        for member in members:
            if random.random() < 0.8:
                member |= {key: head[key] for key in ("residence_state", "residence_comune", "residence_place") if key in head}
                for key in ("residence_comune", "residence_place"):
                    if key not in head:
                        member.pop(key, None)
    return [head, *members]


def _guest(random: Random, day: date, role: str) -> Json:
    child = role in ("family_member", "group_member") and random.random() < 0.5
    born = day - timedelta(days=random.randrange(17 * 365) if child else random.randrange(19 * 365, 90 * 365))
    italian = random.random() < 0.55
    nation = "IT" if italian else random.choice(_STATES)
    guest: Json = {
        "role": role, "surname": random.choice(_SURNAMES), "name": random.choice(_NAMES), "sex": random.choice("MF"),
        "birth_date": born.isoformat(), "citizenship": nation, "birth_state": nation,
        "residence_state": nation if random.random() < 0.9 else random.choice(_STATES),
    }  # fmt: skip
    if italian:
        guest["birth_comune"] = random.choice(_comuni()) if born > date(2016, 1, 1) else random.choice(("H501", "F205", "L219"))
    if guest["residence_state"] == "IT":
        guest["residence_comune"] = random.choice(_comuni())
    elif random.random() < 0.3:
        guest["residence_place"] = random.choice(("Zürich", "Lyon & Cie", "DE212", "São Paulo"))
    for name in LISTS:
        if name != "channel" and random.random() < 0.6:
            known = random.choice(terms(name))
            guest[name] = random.choice((known.key, known.ross1000))
    if born > day - timedelta(days=2 * 365) and random.random() < 0.7:
        guest["occupies_bed"] = False
    return guest


def _offset(day: date, hour: int) -> str:
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=ROME)
    return f"{moment:%z}"[:3] + ":00"


def _offers(
    stays: list[Json], units: int, start: date, days: int, closed: tuple[date, date]
) -> Iterator[Json]:
    """What is on offer each day: everything, less the units of those who do not count."""
    lent: dict[date, int] = {}
    for stay in stays:
        if stay["guests"][0].get("tourist", True):
            continue
        first = date.fromisoformat(stay.get("first_night") or stay["arrival"][:10])
        end = start + days * _DAY if stay["departure"] is None else date.fromisoformat(stay["departure"][:10])
        for index in range((max(end, first + _DAY) - first).days):
            night = first + index * _DAY
            lent[night] = lent.get(night, 0) + len(stay["units"])
    for index in range(days):
        day = start + index * _DAY
        if closed[0] <= day <= closed[1]:
            yield {"day": day.isoformat(), "open": False}
        else:
            rooms = units - lent.get(day, 0)
            yield {"day": day.isoformat(), "open": True, "rooms": rooms, "beds": rooms * _BEDS}
