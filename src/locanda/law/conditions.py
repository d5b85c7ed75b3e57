"""Conditions beside the event: for whom, and in which months, a duty arises (the ``trigger`` of a pack; closed list).

A trigger asks one question of the facts of a property and of one start of a clock. Where the facts cannot tell, the duty is
shown: whoever is told of a duty that does not bind them loses a minute, whoever is not told of one that does loses money.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from locanda.core.problems import Problem
from locanda.core.time import elapsed
from locanda.law.events import DutyEvent
from locanda.law.occurrences import Facts, Occurrence, covers, portal_key
from locanda.law.packs import Chain, Obligation
from locanda.law.packs.tree import builtin_tree
from locanda.law.periods import Period, days_of

__all__ = ["EU", "TRIGGERS", "arises", "doubtful", "levied", "reported", "strange_portals"]

EU = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
"""States of the Union: elsewhere a guest needs a passport or an equivalent document with a photograph (TULPS art. 109 c. 1)."""

_POLICE = frozenset({"alloggiati", "alloggiatiweb"})
_EXEMPT_AGE = 12
_REFUSAL_FORMS = ("4", "5")
_Trigger = Callable[[Facts, Obligation, Occurrence], bool]


def arises(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    """Whether the duty arises from this start of its clock."""
    if occurrence.follow_up and obligation.trigger is None:
        return False  # the guest was met and identified at the first arrival
    event = occurrence.event
    if event is not None and event.word is not None and event.kind in ("portal_receipt", "outage"):
        return portal_key(event.word) in _portals(facts.rules, obligation.id.rsplit("-", 1)[0])
    trigger = TRIGGERS.get(obligation.trigger or "")
    return trigger is None or trigger(facts, obligation, occurrence)


def levied(rules: Chain, obligation: Obligation, period: Period) -> bool:
    """Whether the comune had its tax in a period, as far as its file says since when."""
    since: Any = next(iter(rules.versions("parameter", "tourist-tax-since")), None)
    return obligation.trigger != "tourist_tax" or since is None or period.last >= since.value


def reported(facts: Facts, obligation: Obligation, period: Period) -> bool:
    """Whether there is something to report about a period."""
    if not facts.stays or obligation.trigger not in ("period_without_guests", "days_without_guests"):
        return True
    days = days_of(period)
    return days.isdisjoint(facts.nights) if obligation.trigger == "period_without_guests" else not days <= facts.nights


def doubtful(rules: Chain, obligation: Obligation) -> bool:
    """Whether it is unknown if the comune levies the tax at all: no file of the chain sets a payment of its own."""
    return obligation.trigger == "tourist_tax" and not _pays_over(rules)


@lru_cache(maxsize=4096)
def _pays_over(rules: Chain) -> bool:
    return any(
        entry.refines == "IT-IDS-02" for ident in rules.ids("obligation") for entry in rules.versions("obligation", ident)
    )


@lru_cache(maxsize=4096)
def _portals(rules: Chain, family: str) -> frozenset[str]:
    """The names by which an event can mean the portal of a duty: those of its family, such as IT-PS or PU-SPOT; a portal that
    several regions use goes by its first word too."""
    channels = {
        entry.channel for ident in rules.ids("obligation") if ident.rsplit("-", 1)[0] == family
        for entry in rules.versions("obligation", ident)
    }  # fmt: skip
    portals = [portal for portal in map(rules.portal, channels) if portal]
    names = {*family.split("-")[1:], *channels, *(portal.name for portal in portals), *(name.split("-")[0] for name in channels)}
    return frozenset(map(portal_key, names))


def strange_portals(events: Iterable[DutyEvent | None], rules: Chain) -> list[Problem]:
    """Outages and receipts of a portal that no territory knows: mistyped, they would excuse nothing, and in silence."""
    found = []
    for index, event in enumerate(events):
        if event is None or event.word is None or event.kind not in ("portal_receipt", "outage"):
            continue
        key = portal_key(event.word)
        families = {ident.rsplit("-", 1)[0] for ident in rules.ids("obligation")}
        if any(key in _portals(rules, family) for family in families) or key in _everywhere():
            continue
        allowed = ", ".join(rules.ids("portal"))
        found.append(Problem.of("event.portal.unknown", f"events[{index}].portal", value=event.word, allowed=allowed))
    return found


@lru_cache(maxsize=1)
def _everywhere() -> frozenset[str]:
    """Every portal of every territory: an agency tells what happened of all its portals at once."""
    tree = builtin_tree()
    changes = [change for place in tree.walk() if place.file is not None for change in tree.pack(place.path).changes]
    names = [
        name for change in changes if change.kind == "portal"
        for name in (change.id, change.id.split("-")[0], str(change.keys.get("name", "")))
    ]  # fmt: skip
    names += [word for change in changes if change.kind == "obligation" for word in change.id.split("-")[1:-1]]
    return frozenset(filter(None, map(portal_key, names)))


def _unusable(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    if facts.property.credentials != "active":
        return True
    arrival = occurrence.at
    if not facts.outages or not isinstance(arrival, datetime):
        return False
    return covers(facts.outages, _POLICE, arrival, elapsed(arrival, 6 if occurrence.short else 24))


def _no_credentials(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    return facts.property.credentials != "active"


def _above_threshold(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    event = occurrence.event
    if event is None or event.number is None or facts.property.business:
        return True  # whoever lets as a business owes the notice with one flat too
    limit: Any = facts.rules.parameter("business-letting-threshold", date(event.year or occurrence.at.year, 1, 1))
    return limit is None or event.number > int(limit.value)


def _exempt(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    """A child, or somebody in need of permanent care: who must hand in a form to be free of the tax."""
    guest, stay = occurrence.guest, occurrence.stay
    if guest is None or stay is None:
        return False
    if guest.details and "l104_permanent_care" in guest.details.status:
        return True
    parameter: Any = facts.rules.parameter("tourist-tax-child-age", stay.arrival_day)
    limit = int(parameter.value) if parameter else _EXEMPT_AGE
    born = guest.birth_date
    if born is None:
        return False
    age = stay.arrival_day.year - born.year - ((stay.arrival_day.month, stay.arrival_day.day) < (born.month, born.day))
    return age < limit


def _refusal(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    form = occurrence.event.word if occurrence.event else None
    number = re.search(r"\d+", form or "")
    parameter: Any = facts.rules.parameter("tourist-tax-refusal-forms", date(occurrence.at.year, occurrence.at.month, 1))
    forms = tuple(parameter.value) if parameter else _REFUSAL_FORMS
    return number is None or number[0] in forms


def _non_eu(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    from locanda import places

    if occurrence.guest is None or not occurrence.guest.citizenship:
        return False
    state = places.builtin().state(occurrence.guest.citizenship)
    return not isinstance(state, places.Unresolved) and state.iso2 not in EU


def _always(facts: Facts, obligation: Obligation, occurrence: Occurrence) -> bool:
    return True


TRIGGERS: Mapping[str, _Trigger] = {
    "stay_long": lambda facts, obligation, occurrence: not occurrence.short,
    "stay_short": lambda facts, obligation, occurrence: occurrence.short,
    "portal_unusable": _unusable,
    "credentials_missing": _no_credentials,
    "account_of_flats": _always,
    "certificate_held": _always,
    "tourist_tax": _always,
    "threshold_exceeded": _above_threshold,
    "guest_exempt": _exempt,
    "guest_refuses": _refusal,
    "period_without_guests": _always,
    "days_without_guests": _always,
    "non_eu_guest": _non_eu,
}
