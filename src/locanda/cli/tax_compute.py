"""``locanda tax compute``: the tourist tax of some stays, without a database (``interfaces.md``)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from locanda import places
from locanda.cli.json_door import amount
from locanda.core.problems import Problem, render_all
from locanda.core.shapes import Shapes, parse, parse_json
from locanda.core.stays import Property, Stay
from locanda.law.authorities import comune_code
from locanda.law.packs import UnknownTerritory, chain
from locanda.law.tourist_tax import GuestTax, NightTax, Reckoner, Reckoning, StayTax, read_rules
from locanda.places import Unresolved

__all__ = ["compute"]

_ALSO = ("rules", "history")


def compute(data: bytes, language: str, *, explain: bool) -> dict[str, Any]:
    """The answer to one object."""
    shapes = parse_json(data, also=_ALSO)
    found = list(shapes.problems)
    past = _history(shapes, found)
    home = shapes.property
    rules = shapes.rest.get("rules")
    reckoner: Reckoner | None = None
    warned: list[Problem] = []
    if rules is not None:
        tax = read_rules(rules, "rules", found, warned)
        home = home or Property()
        reckoner = Reckoner(tax, home) if tax is not None else None
    elif home is None or not home.comune:
        if not any(problem.where in ("", "property") for problem in found):
            found.append(Problem("tax.property.missing", "property.comune"))
    else:
        reckoner = _reckoner_of(home, _day_of(shapes.stays), found)
    if found or reckoner is None or home is None:
        return {"problems": render_all(found, language)}
    reckoned = reckoner.reckon(shapes.stays, past)
    if reckoned.problems:
        return {"problems": render_all(reckoned.problems, language)}
    reckoned = reckoned._replace(notes=(*warned, *reckoned.notes))
    return _told(reckoned, _belfiore(home.comune, _day_of(shapes.stays)), language, explain=explain)


def _history(shapes: Shapes, found: list[Problem]) -> tuple[Stay | None, ...]:
    """Earlier stays: a list in the shape of ``stays``, or an object that holds such a list."""
    value = shapes.rest.get("history")
    if value is None:
        return ()
    inner = value if isinstance(value, dict) else {"stays": value}
    read = parse(inner)
    found += [
        problem._replace(where="history" + problem.where.removeprefix("stays")) if problem.where.startswith("stays")
        else problem.within("history") for problem in read.problems
    ]  # fmt: skip
    return read.stays


def _day_of(stays: tuple[Stay | None, ...]) -> date:
    """A day on which the comune is looked up."""
    return max((stay.arrival_day for stay in stays if stay is not None), default=date.max)


def _reckoner_of(home: Property, on: date, found: list[Problem]) -> Reckoner | None:
    code = comune_code(home.comune, on)
    if not isinstance(code, Unresolved):
        try:
            reckoner = _kept(code, home)
        except UnknownTerritory:
            pass
        else:
            if reckoner is None:
                found.append(Problem.of("tax.rule.absent", "property.comune", comune=home.comune))
            return reckoner
    found.append(Problem.of("duties.comune.unknown", "property.comune", value=home.comune))
    return None


@lru_cache(maxsize=64)
def _kept(comune: str, home: Property) -> Reckoner | None:
    """Made once for all lines about a property."""
    tax = chain(comune).tourist_tax()
    return None if tax is None else Reckoner(tax, home)


def _belfiore(comune: str, on: date) -> str | None:
    """The cadastral code by which payments know the comune; what was written where it is not known."""
    if not comune:
        return None
    found = places.builtin().comune(comune, on)
    return comune if isinstance(found, Unresolved) or found.belfiore is None else found.belfiore


def _told(reckoned: Reckoning, comune: str | None, language: str, *, explain: bool) -> dict[str, Any]:
    return {
        "total": amount(reckoned.total),
        "stays": [_stay(stay, explain=explain) for stay in reckoned.stays],
        "rule": {"comune": comune, "versions": list(reckoned.versions), "status": reckoned.status},
        "notes": render_all(reckoned.notes, language),
    }


def _stay(stay: StayTax, *, explain: bool) -> dict[str, Any]:
    return {
        "id": stay.id, "total": amount(stay.total), "guests": [_guest(guest, explain=explain) for guest in stay.guests],
    }  # fmt: skip


def _guest(guest: GuestTax, *, explain: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "guest": guest.guest, "nights": len(guest.nights), "taxable_nights": guest.taxable, "amount": amount(guest.amount),
        "exemption": guest.exemption, "nights_by_status": guest.by_status,
    }  # fmt: skip
    if guest.collected:
        told["collected_by_portal"] = amount(guest.collected)
    if explain:
        told["explanation"] = [_night(night) for night in guest.nights]
    return told


def _night(night: NightTax) -> dict[str, Any]:
    return {
        "date": night.night.isoformat(), "version": night.version, "row": night.row, "base": amount(night.base),
        "reduction": night.reduction, "amount": amount(night.amount), "status": night.status,
    }  # fmt: skip
