"""The sheet of a stay for the visitor statistics: what is typed, and back (spec flussi-turistici 3, 12).

Only what the portal of the property takes is asked. Why and how people travel is said once for the whole stay; a guest who
differs says so. Nothing is chosen beforehand that is not so already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.law.statistics import term as term_of
from locanda.law.statistics import terms
from locanda.office.statistics.guest_facts import NO_REASON, REASONS, Asked, reason_of
from locanda.places import Tables
from locanda.web.residence_field import RESIDENCE_FIELDS, read_residence, residence_fields
from locanda.web.words import language, say

__all__ = ["Sheet", "choices", "field_of", "read", "sheet_of", "typed"]

TOGETHER, ALONE = ("tourism", "transport"), ("education", "profession")
"""Said for the whole stay, guests who differ apart; said of each guest."""
UNSAID = "-"
"""Of a guest for whom nobody knows what the others do."""


class Sheet(NamedTuple):
    """What stands in the fields. ``units`` are names; of a guest the keys are those of the fields."""

    stay: dict[str, str]
    units: list[str]
    guests: list[dict[str, str]]


def sheet_of(shape: Mapping[str, Any], kept: Sequence[Mapping[str, Any]], asked: Asked, tables: Tables, on: date) -> Sheet:
    """The fields as the stay has them. ``shape`` is that of ``interfaces.md``, ``kept`` what is kept beside it."""
    people = list(shape["guests"])
    common = {name: _common([_word(name, one) for one in people]) for name in TOGETHER}
    guests = []
    for place, one in enumerate(people):
        reason = reason_of(kept[place] if place < len(kept) else {})
        fields = residence_fields(one, tables, on) | {"counts": reason or "yes"}
        fields["bed"] = "yes" if one.get("occupies_bed", True) else "no"
        for name in TOGETHER:
            mine = _word(name, one)
            fields[name] = "" if mine == common[name] else mine or UNSAID
        guests.append(fields | {"education": _word("education", one), "profession": str(one.get("profession") or "")})
    stay = {**common, "channel": _word("channel", shape), "units": ", ".join(shape.get("units") or ())}
    return Sheet(stay, list(shape.get("units") or ()), guests)


def _common(words: Sequence[str]) -> str:
    """What most of them say, the first of equals."""
    return Counter(words).most_common(1)[0][0] if words else ""


def _word(name: str, told: Mapping[str, Any]) -> str:
    """The key of our vocabulary, or the word itself where the vocabulary does not have it."""
    value = str(told.get(name) or "")
    found = term_of(name, value) if value else None
    return found.key if found is not None else value


def typed(post: Any, size: int) -> Sheet:
    """The fields as they were posted."""
    names = (*RESIDENCE_FIELDS, "counts", "bed", *TOGETHER, *ALONE)
    guests = []
    for place in range(size):
        guests.append({name: str(post.get(f"g{place}-{name}", "")).strip()[:200] for name in names})
    stay = {name: str(post.get(name, "")).strip()[:200] for name in (*TOGETHER, "channel", "units")}
    units = post.getlist("units") if post.get("units_listed") else stay["units"].split(",")
    return Sheet(stay, [" ".join(unit.split()) for unit in units if unit.strip()], guests)


def read(
    sheet: Sheet, asked: Asked, tables: Tables, on: date, found: list[Problem], *, channel: bool
) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    """What ``change`` takes, of what was asked; what cannot be read is a problem. ``channel``: whether it was asked here."""
    values: dict[str, Any] = {}
    if channel:
        values["channel"] = sheet.stay["channel"]
    if asked.units is not None:
        values["units"] = list(dict.fromkeys(sheet.units))
    guests = {}
    for place, fields in enumerate(sheet.guests):
        told: dict[str, Any] = {**dict.fromkeys(("residence_state", "residence_comune", "residence_place"), "")}
        told |= read_residence(fields, f"guests[{place}]", tables, on, found)
        told["reason"] = "" if fields["counts"] in ("yes", "") else fields["counts"]
        if asked.takes("occupies_bed"):
            told["occupies_bed"] = False if fields["bed"] == "no" else None
        for name in TOGETHER:
            if asked.takes(name):
                mine = fields[name] or sheet.stay[name]
                told[name] = "" if mine == UNSAID else mine
        for name in ALONE:
            if asked.takes(name):
                told[name] = fields[name]
        guests[place] = told
    return values, guests


def choices(name: str, now: str, *, empty: str) -> list[tuple[str, str]]:
    """The words of a list, with what stands there now where the list does not have it."""
    words = [(one.key, one.en if language() == "en" else one.it) for one in terms(name)]
    own = [] if not now or now == UNSAID or now in dict(words) else [(now, now)]
    return [("", empty), *own, *words]


def reasons(now: str) -> list[tuple[str, str]]:
    """Whether a guest counts, and if not why."""
    known = [(one, say(f"flow_counts.{one}")) for one in ("yes", *REASONS)]
    if now in ("", "yes", *REASONS):
        return known
    return [*known, (now, say("flow_counts.no_reason") if now == NO_REASON else now)]


def field_of(where: str) -> str | None:
    """The id of the field a problem belongs to; None when it is of the whole sheet."""
    if not where.startswith("guests["):
        return where if where in (*TOGETHER, "channel", "units") else None
    place, _, fact = where.removeprefix("guests[").partition("].")
    fact = {"residence_state": "residence", "residence_comune": "residence", "tourist": "counts", "occupies_bed": "bed"}.get(
        fact, fact
    )
    return f"g{place}-{fact}" if fact in ("residence", "residence_place", "counts", "bed", *TOGETHER, *ALONE) else None
