"""The calendar of duties as an iCalendar feed (RFC 5545), for the calendar program the operator has already.

A duty is a task (VTODO) with its term and, because many programs show no tasks, an event (VEVENT) at the term. What is done
alarms nobody. Instants are written in UTC, which every program shows in its own zone; day terms are days without hour.

The lines are written here and not by a library of objects: of the thousands of terms of an agency each is a few lines of text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from locanda.core.time import ROME

__all__ = ["CalendarEntry", "feed", "tag"]

_MORNING = time(9)  # when a reminder that is only a day goes off
_EVENT_LENGTH = timedelta(minutes=30)  # before a term with an hour: an event without length is not shown by all
_REFRESH = "PT1H"
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_PRODUCT = "-//Locanda//Adempimenti//IT"
_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,180}")
_ROOM = 74
"""Octets of a line, beside the blank with which a continued one begins (RFC 5545 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_WRITER = hashlib.sha256(Path(__file__).read_bytes()).digest()


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
    called = _escaped(_line(name))
    lines = [
        "BEGIN:VCALENDAR", f"PRODID:{_PRODUCT}", "VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"NAME:{called}",
        f"X-WR-CALNAME:{called}", "X-WR-TIMEZONE:Europe/Rome", f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    ]  # fmt: skip
    seen: set[str] = set()
    for entry in entries:
        if not _UID.fullmatch(entry.key) or entry.key in seen:
            raise ValueError(f"not a key of its own: {entry.key!r}")
        seen.add(entry.key)
        title, stamps, facts = _escaped(_line(entry.title)), list(_stamps(entry)), list(_facts(entry))
        alarms = list(_alarms(entry, title))
        if tasks:
            lines += ("BEGIN:VTODO", f"UID:{entry.key}.task@{domain}", *stamps, f"SUMMARY:{title}", *facts)
            lines += (*_task(entry), *alarms, "END:VTODO")
        if events:
            ticked = f"✓ {title}" if entry.done is not None else title
            lines += ("BEGIN:VEVENT", f"UID:{entry.key}.event@{domain}", *stamps, f"SUMMARY:{ticked}", *facts)
            lines += (*_event(entry), *alarms, "END:VEVENT")
    return b"\r\n".join([*map(_folded, lines), b"END:VCALENDAR", b""])


def tag(entries: Iterable[CalendarEntry], *, name: str) -> str:
    """Another word as soon as the feed of these duties may be another: known without writing it. What writes it counts too."""
    told = hashlib.sha256(_WRITER)
    told.update(repr(name).encode())
    for entry in entries:
        told.update(repr(tuple(entry)).encode())
    return told.hexdigest()[:32]


def _stamps(entry: CalendarEntry) -> Iterator[str]:
    changed = _utc(entry.changed)
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{max(0, int((entry.changed - _BEGAN).total_seconds()))}"  # a later change has the greater one


def _facts(entry: CalendarEntry) -> Iterator[str]:
    if entry.description:
        yield f"DESCRIPTION:{_escaped(_text(entry.description))}"
    if entry.location:
        yield f"LOCATION:{_escaped(_line(entry.location))}"
    if entry.url:
        yield f"URL:{''.join(_text(entry.url).split())}"
    if entry.categories:
        yield f"CATEGORIES:{','.join(_escaped(_line(category)) for category in entry.categories)}"
    yield "CLASS:PRIVATE"
    if entry.urgent:
        yield "PRIORITY:1"


def _task(entry: CalendarEntry) -> Iterator[str]:
    yield f"DUE{_moment(entry.due)}"
    if entry.done is not None:
        yield from ("STATUS:COMPLETED", f"COMPLETED:{_utc(entry.done)}", "PERCENT-COMPLETE:100")
    else:
        yield "STATUS:CANCELLED" if entry.cancelled else "STATUS:NEEDS-ACTION"


def _event(entry: CalendarEntry) -> Iterator[str]:
    if isinstance(entry.due, datetime):
        yield from (f"DTSTART{_moment(entry.due.astimezone(UTC) - _EVENT_LENGTH)}", f"DTEND{_moment(entry.due)}")
    else:  # the end of a whole day is the day after
        yield from (f"DTSTART{_moment(entry.due)}", f"DTEND{_moment(entry.due + timedelta(days=1))}")
    yield "STATUS:CANCELLED" if entry.cancelled else "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"  # a term does not make anybody busy


def _alarms(entry: CalendarEntry, title: str) -> Iterator[str]:
    if entry.silent:
        return
    # by the clock and not by a distance: a distance means another thing to a task than to an event, and in the clock changes
    for instant in sorted({_utc(_instant(moment)) for moment in entry.remind}):
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", f"TRIGGER;VALUE=DATE-TIME:{instant}", "END:VALARM")


def _instant(moment: datetime | date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, _MORNING, ROME)


def _moment(moment: datetime | date) -> str:
    """The value of a property, with what says that it is a day."""
    return f":{_utc(moment)}" if isinstance(moment, datetime) else f";VALUE=DATE:{moment:%Y%m%d}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _text(text: str) -> str:
    """Without the characters that RFC 5545 has no place for."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in lines if character == "\n" or character.isprintable())


def _line(text: str) -> str:
    return " ".join(_text(text).split())


def _folded(line: str) -> bytes:
    """A long line in several, never within a character nor between a backslash and what it stands before."""
    left = line.encode()
    parts = []
    while len(left) > _ROOM:
        cut = _ROOM
        while left[cut] & 0xC0 == 0x80:
            cut -= 1
        cut -= (cut - len(left[:cut].rstrip(b"\\"))) % 2
        parts.append(left[:cut])
        left = left[cut:]
    return b"\r\n ".join([*parts, left]) if parts else left
