"""The clock of a simulated portal: stopped at an instant, or running beside the real one; it can be set and advanced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from locanda.core.time import ROME

__all__ = ["SimClock"]


def _system() -> datetime:
    return datetime.now(UTC)


class SimClock:
    """Call it for the time in Italy. Hand the same one to a client and both live in the same day."""

    def __init__(
        self, at: datetime | None = None, *, running: bool | None = None, source: Callable[[], datetime] = _system
    ) -> None:
        """``at`` None: the time of ``source``. ``running`` defaults to stopped when ``at`` is given."""
        self._lock = Lock()
        self._source = source
        self._fixed: datetime | None = None
        self._shift = timedelta(0)
        self._running = (at is None) if running is None else running
        if at is not None:
            self.set(at)
        elif not self._running:
            self._fixed = source().astimezone(UTC)

    def __call__(self) -> datetime:
        with self._lock:
            now = self._fixed if self._fixed is not None else self._source().astimezone(UTC) + self._shift
        return now.astimezone(ROME)

    def set(self, at: datetime) -> None:
        """From now on it is ``at``, and the clock goes on running or stays stopped as it was."""
        if at.tzinfo is None:
            raise ValueError("an instant needs its offset")
        with self._lock:
            if self._running:
                self._shift = at.astimezone(UTC) - self._source().astimezone(UTC)
            else:
                self._fixed = at.astimezone(UTC)

    def advance(self, **duration: float) -> datetime:
        """Move on by real elapsed time: ``advance(hours=9)``."""
        self.set(self().astimezone(UTC) + timedelta(**duration))
        return self()
