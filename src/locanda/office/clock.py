"""What time it is for this installation. A demo has a clock of its own, so that a whole year can be played."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

from locanda.archive.models import Installation
from locanda.core.time import ROME

__all__ = ["ClockOfTheWorld", "now", "refresh", "set_demo_clock"]


class ClockOfTheWorld(RuntimeError):
    """Only a demo's clock can be set."""


_offset: timedelta | None = None


def now() -> datetime:
    """The instant, in Italian time."""
    global _offset
    if _offset is None:
        refresh()
    assert _offset is not None
    return (datetime.now(UTC) + _offset).astimezone(ROME)


def refresh() -> None:
    """Read the demo's offset again."""
    global _offset
    installation = Installation.current()
    _offset = timedelta(seconds=installation.clock_offset if installation else 0)


def set_demo_clock(instant: datetime) -> None:
    """Make it be that instant now, in a demo."""
    installation = Installation.current()
    if installation is None or not installation.demo:
        raise ClockOfTheWorld("only a demo's clock can be set")
    # never a moment before the instant asked for: at midnight it must be the new day
    seconds = ceil((instant.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    Installation.objects.filter(id=1).update(clock_offset=seconds)
    refresh()
