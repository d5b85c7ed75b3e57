"""The engine against the slow calculation of :mod:`oracle`, over rules, stays and histories of every kind (spec 6, 7)."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from locanda.cli.tax_compute import compute
from tests.law.tourist_tax import oracle

DAY = timedelta(days=1)
WINDOWS = ("stay", "run", "calendar_month", "calendar_quarter", "calendar_year")
SEASONS = {"low": [{"from": "11-15", "to": "02-29"}], "high": [{"from": "03-01", "to": "11-14"}]}
BRACKETS = [{"up_to": "40.00", "amount": "1.50"}, {"below": "90.00", "amount": "3.00"}, {"amount": "5.00"}]


class Dice(random.Random):
    """One of some values; a few of them, each at most once."""

    def some(self, *values: Any) -> Any:
        return copy.deepcopy(self.choice(values))

    def few(self, values: Sequence[Any], most: int) -> list[Any]:
        return copy.deepcopy(self.sample(values, self.randint(0, min(most, len(values)))))


def whens(dice: Dice) -> dict[str, Any]:
    """A condition of one or two keys."""
    pool: dict[str, Any] = {
        "type": ["albergo", ["bb", "campeggio"]], "stars": [4, ">=3", "<2", "2..3", [1, 5]], "zone": ["1", [2, "3"]],
        "season": ["low", ["high"]], "months": [[7, 8], [12, 1, 2]], "channel": ["direct", ["portal", "agency"]],
        "status": ["worker", ["student", "patient"]], "group": ["school", ["agency", "sport"]], "participants": [">=10", "<8"],
        "nights_of_stay": [">=6", 3], "booked_on": ["<2026-02-01", ">=2026-01-15"], "business": [True, False],
        "child_order": [">=2", 1], "with_parents": [True], "price_basis": ["room", ["person", "unit"]],
        "age": ["<12", ">=65", "12..17", 14, [10, 11]],
    }  # fmt: skip
    keys = dice.few(sorted(pool), 2)
    return {key: dice.some(*pool[key]) for key in keys} or {"any": True}


def rates(dice: Dice) -> list[dict[str, Any]]:
    per = dice.some("room", "person", "unit", "unit_per_declared_room")
    price = {"per": per, **dice.some({}, {}, {"vat": "excluded"})}
    kinds: list[dict[str, Any]] = [
        {"fixed": dice.some("0.33", "1.00", "2.50", "7.00")},
        {"per_star": "0.50", "plus": "0.25"},
        {"amounts": {"full": "3.50", "half": "1.70"}},
        {"brackets": BRACKETS, "price": price},
        {"percent": dice.some("7.5", "10.5", "2.7"), "price": price, **dice.some({}, {"ceiling_per_person": "4.15"})},
    ]
    rows = [{"when": whens(dice), **dice.some(*kinds)} for _ in range(dice.randint(0, 2))]
    return [*rows, {"when": {"any": True}, **dice.some(*kinds)}]


def versions(dice: Dice, ident: str) -> dict[str, Any]:
    caps = []
    for _ in range(dice.randint(0, 2)):
        window = dice.some(*WINDOWS)
        cap = {"nights": dice.randint(0, 6), "window": window, "carry_over": dice.some(True, False)}
        if window == "run" or window == "stay":
            cap["carry_over"] = True
        cap |= dice.some({}, {"counts": "slept"}, {"scope": "comune"}, {"scope": "operator", "counts": "taxed"})
        caps.append({"when": dice.some({"any": True}, {"any": True}, whens(dice)), **cap})
    rows = rates(dice)
    half = {"code": "half", "when": whens(dice), "use": "half"}
    reliefs: list[dict[str, Any]] = [
        {"code": "young", "when": whens(dice), "percent_off": dice.some("50", "20", "100", "33.3")},
        {"code": "old", "when": whens(dice), "percent_off": dice.some("60", "12.5")},
        {"code": "flat", "when": whens(dice), "fixed": dice.some("0.40", "9.00")},
        *([half] if any("amounts" in row for row in rows) else []),
    ]
    quotas: list[dict[str, Any]] = [
        {},
        {"quota": {"per": "participants", "every": dice.randint(1, 4), "max_each": dice.randint(1, 2)}},
        {"quota": {"per": "participants", "every": 3, "rounding": "ceil"}},
        {"quota": {"per": "patient", "max": dice.randint(1, 2)}},
    ]
    exemptions = [
        {"code": "minor", "when": {"age": dice.some("<10", "<12")}},
        {"code": "tour_leader", "when": {"status": "tour_leader"}, **dice.some(*quotas)},
        {"code": "patient_companion", "when": {"status": "patient_companion"}, **dice.some(*quotas)},
        {"code": "other", "when": whens(dice), **dice.some(*quotas)},
    ]
    found: dict[str, Any] = {
        "id": ident, "rates": rows, "cap": caps, "seasons": SEASONS,
        "exemptions": dice.few(exemptions, 3),
        "reductions": dice.few(reliefs, 2),
        "combine": dice.some("multiply", "best", "sum"),
        "age_reference": dice.some("night", "night", "arrival", "departure"),
        "rounding": dice.some({}, {"step": "0.10", "mode": "down"}, {"mode": "up"}, {"step": "0.05", "mode": "half_up"}),
        "taxpayer": {"residents": dice.some("taxed", "excluded", "exempt")},
        "intermediary": dice.some({"channels": []}, {"channels": ["portal"]}),
    }  # fmt: skip
    if dice.some(False, False, True):
        found["periods"] = dice.some([{"from": "04-01", "to": "10-31"}], [{"from": "12-20", "to": "01-10"}])
    return found


def rules(dice: Dice) -> dict[str, Any]:
    if dice.some(True, False):
        return {"versions": [versions(dice, "only")]}
    edge = dice.some(date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 10))
    old, new = versions(dice, "old"), versions(dice, "new")
    old["valid_to"], new["valid_from"] = (edge - DAY).isoformat(), edge.isoformat()
    if dice.some(False, False, True):
        new["applies_to_bookings_from"] = "2026-01-20"
    return {"versions": dice.sample([old, new], 2)}


BIRTHS = ("1950-03-01", "1961-02-10", "1985-06-30", "2000-01-01", "2008-02-20", "2011-02-18", "2012-02-29", "2014-01-05",
          "2014-03-03", "2016-02-29", "2016-12-31", "2020-05-05")  # fmt: skip


def stays(dice: Dice, ident: str, people: list[int]) -> dict[str, Any]:
    first = dice.some(date(2025, 12, 24), date(2026, 1, 28), date(2026, 2, 24), date(2026, 3, 20), date(2026, 6, 28))
    first += dice.randint(0, 8) * DAY
    nights = dice.randint(0, 11)
    guests = []
    head = ""
    for place, person in enumerate(people):
        role = dice.some("single", "head_of_family", *(["family_member"] * 3 if head == "head_of_family" else ()))
        head = "head_of_family" if role != "single" else ""
        guest: dict[str, Any] = {
            "id": f"{ident}{place}", "role": role, "document": {"type": "IDENT", "number": f"CA{person:05}AA"},
            "birth_date": BIRTHS[person % len(BIRTHS)], "status": dice.some(
                [], [], [], ["worker"], ["student"], ["patient_companion"], ["tour_leader"], ["coach_driver"], ["resident"],
            ),
        }  # fmt: skip
        came = 0
        if dice.randint(0, 5) == 0:
            came = min(dice.randint(0, 3), nights)
            guest["arrival"] = f"{first + came * DAY}T18:00+01:00"
        if dice.randint(0, 5) == 0:
            guest["departure"] = (first + dice.randint(came, nights) * DAY).isoformat()
        if dice.randint(0, 3) == 0:
            guest["rooms"] = [{"unit": dice.some("a", "b"), "from": first.isoformat(), "to": (first + 4 * DAY).isoformat()}]
        if dice.randint(0, 3) == 0:
            guest["companion_of"] = dice.some("x", "y")
        if dice.randint(0, 9) == 0:
            guest["residence_comune"] = dice.some("072030", "015146")
        guests.append(guest)
    hour = dice.some("16:00", "23:59", "07:30", "00:40")
    found: dict[str, Any] = {
        "id": ident, "arrival": f"{first}T{hour}{'+02:00' if 3 < first.month < 11 else '+01:00'}",
        "guests": guests,
        "units": dice.some([], ["a"], ["a", "b"], ["b", "c", "d"]),
    }  # fmt: skip
    if hour == "00:40" and dice.some(True, False):
        found["first_night"] = (first - DAY).isoformat()
    if dice.some(True, False):
        found["nights"] = nights
    else:
        found["departure"] = (first + nights * DAY).isoformat()
    if dice.some(True, True, True, False):
        price: dict[str, Any] = {"amount": dice.some("0.00", "40.00", "95.00", "89.99", "133.33", "400.01")}
        price |= dice.some({}, {"per": "room"}, {"per": "person"}, {"per": "unit", "vat": "excluded"})
        if dice.randint(0, 3) == 0:
            price["nights"] = {(first + step * DAY).isoformat(): f"{30 + 17 * step}.50" for step in range(nights + 1)}
        found["price"] = price
    found |= dice.some({}, {}, {"channel": "portal"}, {"channel": "direct"})
    found |= dice.some({}, {"booked_on": "2026-01-10"}, {"booked_on": "2026-02-05"})
    found |= dice.some({}, {"group": {"kind": "agency", "participants": 9}}, {"group": {"kind": "school", "participants": 12}})
    found |= dice.some({}, {}, {}, {"outside_nights": 2})
    return found


def calls(dice: Dice) -> dict[str, Any]:
    people = dice.sample(range(16), dice.randint(1, 5))
    given: dict[str, Any] = {
        "property": {
            "id": "P", "type": dice.some("albergo", "bb", "campeggio"), "comune": "072030", "zone": dice.some("1", "2", "9"),
            "business": dice.some(True, False), "declared_rooms": dice.some(1, 3),
            **dice.some({}, {"stars": 2}, {"stars": 3}, {"stars": 4}),
        },
        "rules": rules(dice),
        "stays": [stays(dice, "A", people)],
    }  # fmt: skip
    if dice.some(True, False):
        given["stays"].append(stays(dice, "B", dice.sample(people, len(people))[: dice.randint(1, 3)]))
    if dice.some(True, False):
        given["history"] = [stays(dice, "H", dice.sample(people, len(people))[:2])]
    return given


def told(given: dict[str, Any]) -> Any:
    answer = compute(json.dumps(given).encode(), "en", explain=True)
    if "problems" in answer:
        assert all(problem["code"].startswith("tax.") for problem in answer["problems"]), answer
        return "asked"
    return {
        stay["id"]: [
            [
                (night["date"], night["version"], night["status"], night["amount"])
                + ((night["base"],) if night["status"].startswith(("taxed", "reduced")) else ())
                for night in guest["explanation"]
            ]
            for guest in stay["guests"]
        ]
        for stay in answer["stays"]
    }


def expected(given: dict[str, Any]) -> Any:
    try:
        found = oracle.reckon(given)
    except oracle.Asked:
        return "asked"
    return {
        ident: [
            [
                (night["date"], night["version"], night["status"], _euro(night["cents"]))
                + ((_euro(night["base"]),) if night["status"].startswith(("taxed", "reduced")) else ())
                for night in guest
            ]
            for guest in stay
        ]
        for ident, stay in found.items()
    }


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


@pytest.mark.parametrize("block", range(10))
def test_the_engine_agrees_with_the_slow_calculation(block: int) -> None:
    for number in range(block * 40, block * 40 + 40):
        given = calls(Dice(number))
        assert told(given) == expected(given), f"calls(Dice({number}))"
