"""What the statistics portal of a property asks of a stay: what is missing, and telling it (spec flussi-turistici 2.4, 3, 6.2).

    asked_of(stay)             the facts that its portal can take
    missing(stay)              what keeps its guests from being counted, guest by guest
    change(stay, values, ...)  say more; tax and statistics follow

No name is needed: all of it is kept under the key of the account, and may be told when the police record is long erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from locanda.archive.models import Guest, Person, Stay
from locanda.archive.vault import Vault
from locanda.core import shapes
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.statistics import LISTS, movement, term
from locanda.law.statistics.rooms import is_one_unit
from locanda.law.statistics.vocabulary import means_unknown
from locanda.office.duty_facts import core_property
from locanda.office.statistics.home import service_of
from locanda.office.tables import in_force
from locanda.office.tax import facts, ledger

__all__ = ["NO_REASON", "REASONS", "Asked", "Missing", "asked_of", "change", "closed", "missing", "reason_of"]

REASONS = ("permanent", "local_worker", "displaced")
"""Who sleeps there and is no tourist (spec 2.4): lodger of over a year, worker of an employer of the comune, housed in need."""
NO_REASON = "no_reason"
"""Marked as no tourist by another door, which did not say why."""
_RECORD = ("birth_state", "birth_comune")
_DAY = timedelta(days=1)


class Asked(NamedTuple):
    """The facts that a portal can take. ``portal`` is the name of its format."""

    portal: str
    needs: frozenset[str]
    uses: frozenset[str]
    units: tuple[str, ...] | None
    """The units to choose from, none where they are written; None where the house is one unit."""

    def takes(self, fact: str) -> bool:
        return fact in self.needs or fact in self.uses

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists of words it takes, in our order."""
        return tuple(name for name in LISTS if self.takes(name))


class Missing(NamedTuple):
    """A fact without which a guest, or the whole stay, cannot be counted. ``place`` is that of the guest in the stay."""

    place: int | None
    fact: str
    problem: Problem


def asked_of(stay: Stay) -> Asked:
    """What the portal of the property takes."""
    property = stay.property
    format = service_of(property, rome_day(stay.arrival)).format
    one = is_one_unit(core_property(property))
    units = None if one else tuple(property.units.order_by("name").values_list("name", flat=True))
    return Asked(format.name, format.needs, format.uses, units)


def closed(stay: Stay) -> bool:
    """Whether the statistics of its months are closed: the facts of its guests are gone, and nothing can be told any more."""
    return stay.statistics_closed_at is not None


def reason_of(kept: Mapping[str, Any]) -> str:
    """Why a guest, as kept, is no tourist; empty for one who is."""
    if "displaced" in (kept.get("status") or ()):
        return "displaced"
    return "" if kept.get("tourist", True) else str(kept.get(facts.WHY_NOT) or NO_REASON)


def missing(stay: Stay, asked: Asked | None = None) -> list[Missing]:
    """What is missing of a stay, as the law counts it for this portal; empty for one that is cancelled or closed."""
    if stay.status != Stay.Status.CHECKED_IN or stay.arrival is None or closed(stay):
        return []
    asked = asked or asked_of(stay)
    guests = facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])
    shape = facts.shape_of(stay, guests)
    if "birth_place" in asked.needs:  # it lives as long as the police record, and nowhere else
        for told, guest in zip(shape["guests"], guests, strict=True):
            told.update(_birth_place(stay, guest))
    read = shapes.parse({"stays": [shape]})
    found = list(read.problems)
    if read.stays and read.stays[0] is not None:
        first, last = _days(stay)
        told_of = movement(
            core_property(stay.property), read.stays[:1], (), first, last, needs=asked.needs, uses=asked.uses,
            tables=in_force().places,
        )  # fmt: skip
        found += told_of.problems
    return [_missing(problem) for problem in dict.fromkeys(found) if problem.where.startswith("stays[0]")]


def _missing(problem: Problem) -> Missing:
    where = problem.where.removeprefix("stays[0]").lstrip(".")
    if where.startswith("guests["):
        place, _, fact = where.removeprefix("guests[").partition("]")
        return Missing(int(place), fact.lstrip("."), problem._replace(where=where))
    return Missing(None, where.partition("[")[0], problem._replace(where=where))


def _birth_place(stay: Stay, guest: Guest) -> dict[str, Any]:
    if guest.party.wrapped_key is None:
        return {}
    record = Vault(stay.account).party(guest.party).open(guest.sealed, "guest")
    return {key: record[key] for key in _RECORD if record.get(key)}


def _days(stay: Stay) -> tuple[date, date]:
    """Days that hold all of the stay."""
    first = rome_day(stay.arrival) - _DAY
    last = (stay.departure_day or rome_day(stay.arrival)) + _DAY
    return first, max(first, min(last, first + timedelta(days=3_000)))


def change(
    stay: Stay, values: Mapping[str, Any], guests: Mapping[int, Mapping[str, Any]], *, now: datetime, person: Person | None
) -> list[Problem]:
    """Say more of a stay, and of guests by their place; the tax follows where it reads the same facts.

    ``reason`` of a guest is one of ``REASONS``, or empty for a tourist; the other keys are those of ``interfaces.md``. What
    was so before is no change. ``where`` of a problem is relative to the stay.
    """
    if closed(stay):
        return [Problem("stay.facts_erased")]
    before = facts.facts_of(stay)
    rows = facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])
    shape = facts.shape_of(stay, rows)
    found: list[Problem] = []
    told: dict[int, dict[str, Any]] = {}
    for place, (kept, known) in enumerate(zip(_kept(before, len(rows)), shape["guests"], strict=True)):
        if place in guests:
            wanted = _guest(dict(guests[place]), kept, f"guests[{place}]", found)
            if news := _news(wanted, {**known, **kept}):
                told[place] = news
    changed = _news(values, shape)
    for where, said in (("", changed), *((f"guests[{place}].", one) for place, one in told.items())):
        for name in LISTS:
            value = said.get(name)
            if value and term(name, value) is None and not means_unknown(value):
                found.append(Problem.of("flows.value.unknown", f"{where}{name}", value=value, list=name))
    if found or not (changed or told):
        return found
    problems = facts.change(stay, changed, told, now=now, person=person)
    if not problems:
        ledger.settle([stay], now=now)
    return problems


def _kept(before: Mapping[str, Any], size: int) -> Sequence[Mapping[str, Any]]:
    known = list(before.get("guests") or ())
    return [*known, *({} for _ in range(size - len(known)))][:size]


def _guest(wanted: dict[str, Any], kept: Mapping[str, Any], where: str, found: list[Problem]) -> dict[str, Any]:
    """With ``tourist`` and its reason in the place of ``reason``; the three parts of a residence together."""
    if any(key in wanted for key in facts.RESIDENCE):
        wanted = {**dict.fromkeys(facts.RESIDENCE, ""), **wanted}
    if "reason" not in wanted:
        return wanted
    reason = wanted.pop("reason")
    if reason and reason not in (*REASONS, NO_REASON):
        found.append(Problem.of("statistics.facts.reason_unknown", f"{where}.tourist", value=reason))
    elif "displaced" in (kept.get("status") or ()):
        if reason != "displaced":  # said with the tax, which reads the same word: it is taken back where it was said
            found.append(Problem("statistics.facts.displaced", f"{where}.tourist"))
    elif not reason:
        wanted |= {"tourist": None, facts.WHY_NOT: ""}
    else:
        wanted |= {"tourist": False, facts.WHY_NOT: "" if reason == NO_REASON else reason}
    return wanted


def _news(wanted: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What is not so already; the parts of a residence stay together."""
    news = {key: value for key, value in wanted.items() if _said(value) != _said(known.get(key))}
    if any(key in news for key in facts.RESIDENCE):
        news |= {key: wanted[key] for key in facts.RESIDENCE}
    return news


def _said(value: Any) -> Any:
    return None if value in (None, "", [], ()) else value
