"""What a simulated portal breaks on demand (spec alloggiati-web 4.12, point 10).

A portal may have kinds of its own beside these, which every one of them knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

__all__ = ["KINDS", "Fault", "Faults"]

KINDS: dict[str, str] = {
    "delay": "waits `seconds`, then goes on as usual",
    "hang": "never answers; what it was asked is not done",
    "hang_after_storing": "does what it was asked and never answers",
    "drop_before_storing": "breaks the connection, nothing done",
    "drop_after_storing": "does what it was asked, then breaks the connection",
    "cut_answer": "does what it was asked and breaks off in the middle of the answer",
    "status": "answers HTTP `status` with a page of text, nothing done",
    "http_500": "answers HTTP 500 without a Fault, nothing done",
    "http_500_after_storing": "does what it was asked, then answers HTTP 500 without a Fault",
    "soap_fault": "answers with a soap:Fault, nothing done",
    "soap_fault_after_storing": "does what it was asked, then answers with a soap:Fault",
    "echo_secrets": "answers with a soap:Fault that repeats every text of the call, nothing done",
    "garbled": "does what it was asked and answers HTTP 200 with a page of HTML",
}


@dataclass(frozen=True)
class Fault:
    """One fault: for the next ``times`` calls of ``operation`` (None: of any); ``times`` None: until cleared."""

    kind: str
    operation: str | None = None
    times: int | None = 1
    seconds: float = 0.0
    status: int = 503


class Faults:
    """The faults waiting for their call, in the order they were asked for."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self.kinds: Mapping[str, str] = {**KINDS, **(own or {})}
        self._lock = Lock()
        self._waiting: list[Fault] = []

    def next(self, kind: str, operation: str | None = None, **more: Any) -> Fault:
        """Break the next call (of that operation)."""
        if kind not in self.kinds:
            raise ValueError(f"no such fault: {kind}")
        fault = Fault(kind, operation, **more)
        with self._lock:
            self._waiting.append(fault)
        return fault

    def always(self, kind: str, operation: str | None = None, **more: Any) -> Fault:
        """Break every call (of that operation) until cleared."""
        return self.next(kind, operation, times=None, **more)

    def clear(self) -> None:
        """Break nothing any more."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        """The faults that have not come to pass yet."""
        with self._lock:
            return list(self._waiting)

    def take(self, operation: str) -> Fault | None:
        """The fault of this call, if there is one."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.operation in (None, operation):
                    if fault.times == 1:
                        del self._waiting[place]
                    elif fault.times is not None:
                        self._waiting[place] = replace(fault, times=fault.times - 1)
                    return fault
        return None
