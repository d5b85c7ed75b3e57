"""A loop that does what is due, in rounds, until it is stopped. What is due stands in the database, never in memory."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod

from django.db import close_old_connections

__all__ = ["Loop"]

log = logging.getLogger(__name__)


class Loop(ABC):
    """Rounds until :meth:`stop`; a failing round is logged by its kind only and the next one goes on."""

    def __init__(self) -> None:
        self._wake, self._stop = threading.Event(), threading.Event()

    @abstractmethod
    def round(self) -> int:
        """Do everything that is due now; how much it was."""

    def run_forever(self, pause: float = 5.0) -> None:
        """Rounds, with a pause after each."""
        while not self._stop.is_set():
            try:
                close_old_connections()
                self.round()
            except Exception as error:  # the loop must outlive anything; a traceback could carry a guest's data
                log.error("a round of the engine failed: %s", type(error).__name__)
            self._wake.wait(pause)
            self._wake.clear()

    def wake(self) -> None:
        """Something became due just now."""
        self._wake.set()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
