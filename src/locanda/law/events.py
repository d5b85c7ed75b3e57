"""The events that start duties, as ``interfaces.md`` lists them, read from JSON.

An event says its ``kind`` and the facts of that kind: ``{"kind": "form_signed", "at": "2026-07-14T09:00+02:00", "form": "4"}``.
Arrivals, departures and movements are not events: they come from the stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from locanda.core.problems import Problem
from locanda.core.readers import Reader, day_or_instant, label, record, shown_number, whole
from locanda.law.deadlines import When

__all__ = ["EVENTS", "DutyEvent", "read_event", "read_events"]


class DutyEvent(NamedTuple):
    """Something that happened, or is planned. ``at`` is its day or instant, or where a stretch begins."""

    kind: str
    at: When | None = None
    until: When | None = None
    word: str | None = None
    number: int | None = None
    year: int | None = None


class _Shape(NamedTuple):
    """The keys of a kind: which one is which part of an :class:`DutyEvent`, and which may be absent."""

    keys: Mapping[str, str]
    optional: frozenset[str] = frozenset()


_ON = _Shape({"on": "at"})
_AT = _Shape({"at": "at"})

EVENTS: Mapping[str, _Shape] = {
    "form_signed": _Shape({"at": "at", "form": "word"}, frozenset({"form"})),
    "closure_planned": _Shape({"from": "at", "to": "until"}),
    "closing_days": _Shape({"year": "year", "days": "number"}),
    "price_change": _ON,
    "regional_code_issued": _AT,
    "activity_start": _ON,
    "activity_end": _ON,
    "certificate_expiry": _ON,
    "listing_published": _ON,
    "apartments_let": _Shape({"count": "number", "tax_year": "year", "on": "at"}, frozenset({"on"})),
    "portal_receipt": _Shape({"at": "at", "portal": "word"}, frozenset({"portal"})),
    "outage": _Shape({"from": "at", "to": "until", "portal": "word"}, frozenset({"to"})),
    "challenge_served": _ON,
    "order_served": _ON,
    "unit_added": _Shape({"first_arrival": "at"}),
}
"""Every kind of event with its keys. ``apartments_let`` may say ``on`` which day the number was passed; an ``outage`` that lasts
has no ``to``."""

_READERS: Mapping[str, Reader] = {
    "at": day_or_instant, "until": day_or_instant, "word": label, "number": whole(0, 100_000), "year": whole(1900, 2999),
}  # fmt: skip

_DAYS_OF_A_YEAR = {("closing_days", "days"): whole(0, 366)}


def read_events(value: Any, where: str, found: list[Problem]) -> tuple[DutyEvent | None, ...]:
    """A list of events; what cannot be read is None, so that the others keep their places."""
    if not isinstance(value, list):
        found.append(Problem.of("shape.list.expected", where, value=shown_number(value)))
        return ()
    return tuple(read_event(entry, f"{where}[{index}]", found) for index, entry in enumerate(value))


def read_event(value: Any, where: str, found: list[Problem]) -> DutyEvent | None:
    """One event, or None after adding the problems."""
    before = len(found)
    if not isinstance(value, dict):
        found.append(Problem.of("shape.object.expected", where, value=shown_number(value)))
        return None
    kind, facts, inner = _kind(value)
    shape = EVENTS.get(kind) if isinstance(kind, str) else None
    if shape is None:
        known = ", ".join(EVENTS)
        found.append(Problem.of("event.kind.unknown", f"{where}.kind", value=shown_number(kind or ""), allowed=known))
        return None
    path = f"{where}.{inner}" if inner else where
    readers = {key: _DAYS_OF_A_YEAR.get((str(kind), key), _READERS[part]) for key, part in shape.keys.items()}
    read = record(facts, path, readers, found)
    faulty = {problem.where for problem in found[before:]}
    for key in shape.keys:
        if key not in read and key not in shape.optional and f"{path}.{key}" not in faulty:
            found.append(Problem.of("event.fact.missing", f"{path}.{key}", kind=kind, key=key))
    if len(found) > before:
        return None
    event = DutyEvent(str(kind), **{part: read[key] for key, part in shape.keys.items() if key in read})
    if event.at is not None and event.until is not None and _order(event.until) < _order(event.at):
        found.append(Problem("event.stretch.backwards", path))
        return None
    return event


def _kind(value: Mapping[str, Any]) -> tuple[Any, Any, str]:
    """The kind, its facts and where they stand. ``{"form_signed": {...}}`` and the key ``event`` are understood too."""
    if len(value) == 1:
        name, inner = next(iter(value.items()))
        if name in EVENTS and isinstance(inner, dict):
            return name, inner, name
    mark = next((key for key in ("kind", "event", "type") if key in value), "kind")
    return value.get(mark), {key: fact for key, fact in value.items() if key != mark}, ""


def _order(when: When) -> str:
    return when.isoformat()[:10]
