"""The one engine of this process, put together: the due-loop with the office's own jobs."""

from __future__ import annotations

import threading
from functools import cache

from locanda.delivery.courier import Couriers
from locanda.delivery.engine import Engine
from locanda.office.clock import now
from locanda.office.follow_ups import prepare_due_segments
from locanda.office.prepared_requests import forget_old
from locanda.office.privacy import forget_what_is_over
from locanda.office.reminders import job as remind
from locanda.office.statistics.closing import close_what_is_over
from locanda.office.tax.ledger import settle_due

__all__ = ["couriers", "engine", "start"]

_JOBS = (prepare_due_segments, settle_due, forget_what_is_over, close_what_is_over, forget_old, remind)
"""The office's own, in their order: figures are final before their facts are forgotten."""


@cache
def couriers() -> Couriers:
    """The couriers of this process; their tokens live as long as it does."""
    return Couriers(now)


@cache
def engine() -> Engine:
    """The engine of this process; it runs only once :func:`start` was called."""
    return Engine(now, couriers(), jobs=_JOBS)


def start() -> threading.Thread:
    """Run the engine in a thread of the serving process."""
    thread = threading.Thread(target=engine().run_forever, name="locanda-engine", daemon=True)
    thread.start()
    return thread
