"""The calendar of duties as an iCalendar feed (RFC 5545), for the calendar program the operator has already.

A duty is a task (VTODO) with its term and, because many programs show no tasks, an event (VEVENT) at the term. What is done
alarms nobody. Instants are written in UTC, which every program shows in its own zone; day terms are days without hour. The lines
are written here and not by a library, which would take ten seconds for those of an agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from locanda.core.time import ROME

__all__ = ["CalendarEntry", "feed"]

_MORNING = time(9)  # when a reminder that is only a day goes off
_EVENT_LENGTH = timedelta(minutes=30)  # before a term with an hour: an event without length is not shown by all
_REFRESH = "PT1H"
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_PRODUCT = "-//Locanda//Adempimenti//IT"
_STAMP = "%Y%m%dT%H%M%SZ"
_WIDTH = 75
_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,180}")


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
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", _told("NAME", name),
        _told("X-WR-CALNAME", name), "X-WR-TIMEZONE:Europe/Rome", f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    ]  # fmt: skip
    seen: set[str] = set()
    for entry in entries:
        if not _UID.fullmatch(entry.key) or entry.key in seen:
            raise ValueError(f"not a key of its own: {entry.key!r}")
        seen.add(entry.key)
        shared, alarms = _shared(entry), _alarms(entry)
        if tasks:
            lines += ["BEGIN:VTODO", f"UID:{entry.key}.task@{domain}", *_task(entry), *shared, *alarms, "END:VTODO"]
        if events:
            lines += ["BEGIN:VEVENT", f"UID:{entry.key}.event@{domain}", *_event(entry), *shared, *alarms, "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return b"".join(map(_folded, lines))


def _task(entry: CalendarEntry) -> Iterator[str]:
    yield _told("SUMMARY", entry.title)
    yield _when("DUE", entry.due)
    if entry.done is not None:
        yield from ("STATUS:COMPLETED", _when("COMPLETED", entry.done), "PERCENT-COMPLETE:100")
    else:
        yield "STATUS:CANCELLED" if entry.cancelled else "STATUS:NEEDS-ACTION"


def _event(entry: CalendarEntry) -> Iterator[str]:
    yield _told("SUMMARY", f"✓ {entry.title}" if entry.done is not None else entry.title)
    if isinstance(entry.due, datetime):
        yield from (_when("DTSTART", entry.due.astimezone(UTC) - _EVENT_LENGTH), _when("DTEND", entry.due))
    else:  # the end of a whole day is the day after
        yield from (_when("DTSTART", entry.due), _when("DTEND", entry.due + timedelta(days=1)))
    yield "STATUS:CANCELLED" if entry.cancelled else "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"  # a term does not make anybody busy


def _shared(entry: CalendarEntry) -> list[str]:
    made = [
        _when("DTSTAMP", entry.changed), _when("LAST-MODIFIED", entry.changed),
        f"SEQUENCE:{max(0, int((entry.changed - _BEGAN).total_seconds()))}",  # a later change has the greater one
    ]  # fmt: skip
    if entry.description:
        made.append(f"DESCRIPTION:{_escaped(_text(entry.description))}")
    if entry.location:
        made.append(_told("LOCATION", entry.location))
    if entry.url:
        made.append(f"URL:{''.join(_text(entry.url).split())}")
    if entry.categories:
        made.append(f"CATEGORIES:{','.join(_escaped(_line(category)) for category in entry.categories)}")
    return [*made, "CLASS:PRIVATE", *(["PRIORITY:1"] if entry.urgent else ())]


def _alarms(entry: CalendarEntry) -> tuple[str, ...]:
    if entry.silent:
        return ()
    # by the clock and not by a distance: a distance means another thing to a task than to an event, and in the clock changes
    return tuple(
        line
        for instant in sorted({_instant(moment) for moment in entry.remind})
        for line in (
            "BEGIN:VALARM", "ACTION:DISPLAY", _told("DESCRIPTION", entry.title), f"TRIGGER;VALUE=DATE-TIME:{instant:{_STAMP}}",
            "END:VALARM",
        )
    )  # fmt: skip


def _when(name: str, moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return f"{name}:{moment.astimezone(UTC):{_STAMP}}"
    return f"{name};VALUE=DATE:{moment:%Y%m%d}"


def _instant(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, _MORNING, ROME).astimezone(UTC)


def _told(name: str, text: str) -> str:
    return f"{name}:{_escaped(_line(text))}"


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A line of 75 bytes at most, and what is left of it on others that begin with a space; no letter is cut in two (3.1)."""
    rest = line.encode()
    if len(rest) <= _WIDTH:
        return rest + b"\r\n"
    parts, room = [], _WIDTH
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:  # inside a letter of several bytes
            cut -= 1
        parts.append(rest[:cut])
        rest, room = rest[cut:], _WIDTH - 1
    return b"\r\n ".join([*parts, rest]) + b"\r\n"


def _text(text: str) -> str:
    """Without the characters that RFC 5545 has no place for."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in lines if character == "\n" or character.isprintable())


def _line(text: str) -> str:
    return " ".join(_text(text).split())
