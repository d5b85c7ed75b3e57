"""A house and its invented guests for the tests of ROSS1000, in the JSON shape of the commands; and the official schema."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from locanda.law.statistics import Movement, told
from locanda.portals.flows import FlowFormat, Written, flow_formats
from locanda.portals.ross1000.reading import read
from locanda.portals.ross1000.records import Movimenti
from tests.flows_year import year

Json = dict[str, Any]
NAMESPACE = "http://checkin.ws.service.turismo5.gies.it/"


def guest(ident: str = "a", role: str = "single", **more: Any) -> Json:
    """A woman from Monopoli."""
    return {
        "id": ident, "flow_id": f"F{ident}", "role": role, "sex": "F", "birth_date": "1985-04-12", "citizenship": "IT",
        "birth_state": "IT", "birth_comune": "H501", "residence_state": "IT", "residence_comune": "072030", **more,
    }  # fmt: skip


def stay(*guests: Json, arrival: str = "2027-03-05", departure: str | None = "2027-03-06", **more: Any) -> Json:
    """A stay of one unit, arrived in the afternoon."""
    people = list(guests) or [guest()]
    return {"id": "S1", "arrival": f"{arrival}T16:00+01:00", "departure": departure, "units": ["1"], "guests": people, **more}


def request(*stays: Json, first: str = "2027-03-01", last: str = "2027-03-31", **more: Any) -> Json:
    """A house of three rooms and six beds, asked for a range of days."""
    home = {"id": "P1", "name": "Il Trullo", "type": "bb", "rooms": 3, "beds": 6, "portal_ids": {"ross1000": "X00001"}}
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    listed = [
        {"day": (date.fromisoformat(first) + timedelta(days=n)).isoformat(), "open": True, "rooms": 3, "beds": 6}
        for n in range(days)
    ]
    return {"property": home, "stays": list(stays), "days": listed, "from": first, "to": last, **more}


def form(key: str = "ross1000") -> FlowFormat:
    return flow_formats()[key]


def moved(asked: Json, key: str = "ross1000") -> Movement:
    made = told(json.dumps(asked).encode(), needs=form(key).needs, uses=form(key).uses)
    assert made.movement is not None, [problem.render() for problem in made.problems]
    return made.movement


def written(asked: Json, key: str = "ross1000") -> Written:
    return form(key).write(moved(asked, key))


def file_of(asked: Json) -> Movimenti:
    """The values of the file that is written."""
    made = written(asked)
    assert made.data is not None, [problem.render() for problem in made.problems]
    found: Movimenti = read(made.data).values
    return found


@cache
def small_year(seed: int = 3) -> bytes:
    """A quarter with a few hundred guests, as a file without fault."""
    asked = year(seed, units=8, guests=400, start=date(2026, 10, 1), days=92)
    made = written(asked)
    assert made.data is not None
    return made.data


@cache
def official_schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared / "schemas" / "ross1000" / "checkin.xsd")))


def schema_faults(shared: Path, data: bytes) -> list[str]:
    """What the official schema says of a file: its root has a namespace there, and no file has one."""
    root = etree.fromstring(data)
    named = etree.Element(f"{{{NAMESPACE}}}movimenti")
    named.extend(list(root))
    schema = official_schema(shared)
    schema.validate(etree.fromstring(etree.tostring(named)))
    return [str(entry) for entry in schema.error_log]
