"""The calendar of duties as an iCalendar feed (RFC 5545), for the calendar program the operator has already.

A duty is a task (VTODO) with its term and, because many programs show no tasks, an event (VEVENT) at the term. What is done
alarms nobody. Instants are written in UTC, which every program shows in its own zone; day terms are days without hour.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import icalendar
from icalendar import Alarm, Calendar, Component, Event, Todo, vDDDTypes, vDuration, vText

from locanda.core.time import ROME

__all__ = ["CalendarEntry", "feed", "tag"]

_MORNING = time(9)  # when a reminder that is only a day goes off
_EVENT_LENGTH = timedelta(minutes=30)  # before a term with an hour: an event without length is not shown by all
_REFRESH = timedelta(hours=1)
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_PRODUCT = "-//Locanda//Adempimenti//IT"
_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,180}")
_WRITER = hashlib.sha256(Path(__file__).read_bytes() + icalendar.__version__.encode()).digest()


class CalendarEntry(NamedTuple):
    """One duty as the feed shows it.

    ``key`` names it for ever, whatever changes: programs recognise it by that. ``due`` is an instant, or a day for terms that are
    only days. ``remind`` are the instants or days of the alarms. ``changed`` is when something about it last changed.
    """

    key: str
    title: str
    due: datetime | date
    changed: datetime
    remind: tuple[datetime | date, ...] = ()
    done: datetime | None = None
    cancelled: bool = False
    description: str = ""
    location: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    urgent: bool = False

    @property
    def silent(self) -> bool:
        """Done or no longer due: nothing is left to remind of."""
        return self.done is not None or self.cancelled


def feed(
    entries: Iterable[CalendarEntry], *, name: str, domain: str = "locanda.invalid", tasks: bool = True, events: bool = True
) -> bytes:
    """The ``.ics`` of these duties. The same duties give the same bytes, whenever it is asked for.

    ValueError for a key that no calendar program would keep, or one that stands twice.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(_line(name)))
    calendar.add("x-wr-calname", vText(_line(name)))
    calendar.add("x-wr-timezone", "Europe/Rome")
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    seen: set[str] = set()
    for entry in entries:
        if not _UID.fullmatch(entry.key) or entry.key in seen:
            raise ValueError(f"not a key of its own: {entry.key!r}")
        seen.add(entry.key)
        if tasks:
            calendar.add_component(_task(entry, domain))
        if events:
            calendar.add_component(_event(entry, domain))
    content: bytes = calendar.to_ical(sorted=False)
    return content


def tag(entries: Iterable[CalendarEntry], *, name: str) -> str:
    """Another word as soon as the feed of these duties may be another: known without writing it. What writes it counts too."""
    told = hashlib.sha256(_WRITER)
    told.update(repr(name).encode())
    for entry in entries:
        told.update(repr(tuple(entry)).encode())
    return told.hexdigest()[:32]


def _task(entry: CalendarEntry, domain: str) -> Todo:
    task = Todo()
    _shared(task, entry, f"{entry.key}.task@{domain}", entry.title)
    task.add("due", _moment(entry.due))
    if entry.done is not None:
        task.add("status", "COMPLETED")
        task.add("completed", entry.done.astimezone(UTC))
        task.add("percent-complete", 100)
    elif entry.cancelled:
        task.add("status", "CANCELLED")
    else:
        task.add("status", "NEEDS-ACTION")
    _alarms(task, entry)
    return task


def _event(entry: CalendarEntry, domain: str) -> Event:
    event = Event()
    _shared(event, entry, f"{entry.key}.event@{domain}", f"✓ {entry.title}" if entry.done is not None else entry.title)
    if isinstance(entry.due, datetime):
        event.add("dtstart", entry.due.astimezone(UTC) - _EVENT_LENGTH)
        event.add("dtend", entry.due.astimezone(UTC))
    else:
        event.add("dtstart", entry.due)
        event.add("dtend", entry.due + timedelta(days=1))  # the end of a whole day is the day after
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # a term does not make anybody busy
    _alarms(event, entry)
    return event


def _shared(component: Component, entry: CalendarEntry, uid: str, title: str) -> None:
    component.add("uid", uid)
    component.add("dtstamp", entry.changed.astimezone(UTC))
    component.add("last-modified", entry.changed.astimezone(UTC))
    component.add("sequence", max(0, int((entry.changed - _BEGAN).total_seconds())))  # a later change has the greater one
    component.add("summary", _line(title))
    if entry.description:
        component.add("description", _text(entry.description))
    if entry.location:
        component.add("location", _line(entry.location))
    if entry.url:
        component.add("url", "".join(_text(entry.url).split()))
    if entry.categories:
        component.add("categories", [_line(category) for category in entry.categories])
    component.add("class", "PRIVATE")
    if entry.urgent:
        component.add("priority", 1)


def _alarms(component: Component, entry: CalendarEntry) -> None:
    if entry.silent:
        return
    # by the clock and not by a distance: a distance means another thing to a task than to an event, and in the clock changes
    for instant in sorted({_instant(moment) for moment in entry.remind}):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _line(entry.title))
        trigger = vDDDTypes(instant)
        trigger.params["VALUE"] = "DATE-TIME"
        alarm.add("trigger", trigger)
        component.add_component(alarm)


def _moment(moment: datetime | date) -> datetime | date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _instant(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, _MORNING, ROME).astimezone(UTC)


def _text(text: str) -> str:
    """Without the characters that RFC 5545 has no place for."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in lines if character == "\n" or character.isprintable())


def _line(text: str) -> str:
    return " ".join(_text(text).split())
