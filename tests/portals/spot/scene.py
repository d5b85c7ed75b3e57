"""Invented movements for the tests of SPOT: a house of three rooms, told in few words."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from locanda.law.statistics import Movement, Told, told
from locanda.portals.flows import FlowFormat, flow_formats

__all__ = ["FORM", "asked", "guest", "moved", "stay", "told_of"]

FORM: FlowFormat = flow_formats()["spot"]
Json = dict[str, Any]


def guest(ident: str, role: str = "single", **more: Any) -> Json:
    return {
        "id": ident, "role": role, "sex": "F", "birth_date": "1980-05-10", "citizenship": "IT", "residence_state": "IT",
        "residence_comune": "072030", "flow_id": ident.upper(), **more,
    }  # fmt: skip


def stay(ident: str, arrival: str, departure: str | None, *guests: Json, **more: Any) -> Json:
    instant = arrival if "T" in arrival else f"{arrival}T16:00+01:00"
    return {"id": ident, "arrival": instant, "departure": departure, "units": ["1"], "guests": list(guests), **more}


def asked(stays: list[Json], first: str, last: str, **more: Any) -> Json:
    home = {"id": "P1", "name": "Il Trullo", "type": "bb", "business": False, "comune": "072030", "rooms": 3, "beds": 6}
    return {"property": home, "stays": stays, "days": [], "from": first, "to": last, **more}


def told_of(request: Json) -> Told:
    return told(json.dumps(request).encode(), needs=FORM.needs, uses=FORM.uses)


def moved(stays: list[Json], first: str = "2027-03-01", last: str = "2027-03-10", **more: Any) -> Movement:
    made = told_of(asked(stays, first, last, **more))
    assert made.movement is not None, made.problems
    return made.movement


def day(text: str) -> date:
    return date.fromisoformat(text)
