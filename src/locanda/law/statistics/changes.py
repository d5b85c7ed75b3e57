"""Which days a change of a stay touches, so that only they are counted again (spec flussi-turistici 2.2).

A departure that moves changes the days from the earlier to the later of the two, both included; an arrival likewise. Any other
fact of a guest (residence, room, role, tourist or not) changes all days of their stay, from arrival to departure. The figures of
every other day stay as they were: what a night counts depends only on who is there that night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from locanda.core.people import Guest
from locanda.core.stays import Stay
from locanda.law.statistics.spans import Span, span_of, stay_span

__all__ = ["Stretch", "changed_days", "touches"]


class Stretch(NamedTuple):
    """Days in a row, both included; ``last`` is None where no end is known."""

    first: date
    last: date | None


class _Known(NamedTuple):
    span: Span
    facts: object


def changed_days(old: Stay | None, new: Stay | None) -> tuple[Stretch, ...]:
    """The days whose figures may differ between two readings of a stay; None stands for a stay that is not there."""
    before, after = _guests(old), _guests(new)
    found: list[Stretch] = []
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was is not None and now is not None and was.facts == now.facts:
            if was.span.arrival != now.span.arrival:
                found.append(Stretch(*sorted((was.span.arrival, now.span.arrival))))
            if was.span.departure != now.span.departure:
                found.append(_between(was.span.departure, now.span.departure))
        else:
            found += (Stretch(*known.span[:2]) for known in (was, now) if known is not None)
    return tuple(_merged(found))


def touches(stay: Stay, stretch: Stretch) -> bool:
    """Whether anybody of the stay is there on, arrives on or leaves on one of the days."""
    spans = (known.span for known in _guests(stay).values())
    return any(
        (stretch.last is None or span.arrival <= stretch.last) and (span.departure is None or span.departure >= stretch.first)
        for span in spans
    )


def _guests(stay: Stay | None) -> dict[object, _Known]:
    """Every guest who sleeps there by id, or by place where they have none."""
    if stay is None:
        return {}
    whole = stay_span(stay, [])
    shared = (stay.id, stay.units, stay.channel, stay.group, stay.booked_on)
    found: dict[object, _Known] = {}
    for place, guest in enumerate(stay.guests):
        span = span_of(stay, guest, whole, "", [])
        if span is not None and span.arrival != span.departure:
            found[guest.id or place] = _Known(span, (shared, _lasting(guest), span.same_day))
    return found


def _lasting(guest: Guest) -> Guest:
    """The guest without days of their own."""
    details = guest.details
    return guest if details is None else guest._replace(details=details._replace(arrival=None, departure=None))


def _between(one: date | None, other: date | None) -> Stretch:
    if one is None or other is None:
        known = one or other
        assert known is not None
        return Stretch(known, None)
    return Stretch(min(one, other), max(one, other))


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Without overlaps, in order."""
    current: Stretch | None = None
    for stretch in sorted(stretches, key=lambda stretch: (stretch.first, stretch.last or date.max)):
        if current is None:
            current = stretch
        elif current.last is None or stretch.first <= current.last:
            last = None if current.last is None or stretch.last is None else max(current.last, stretch.last)
            current = Stretch(current.first, last)
        else:
            yield current
            current = stretch
    if current is not None:
        yield current
