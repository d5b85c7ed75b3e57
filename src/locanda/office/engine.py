"""The engines of this process, put together: the due-loop of the police and that of the statistics, with the office's jobs."""

from __future__ import annotations

import threading
from functools import cache

from locanda.delivery.courier import Couriers
from locanda.delivery.engine import Engine
from locanda.delivery.flow_courier import FlowCouriers
from locanda.delivery.flows import FlowLoop
from locanda.office.clock import now
from locanda.office.follow_ups import prepare_due_segments
from locanda.office.prepared_requests import forget_old
from locanda.office.privacy import forget_what_is_over
from locanda.office.reminders import job as remind
from locanda.office.sent_forms import forget_old as forget_sent_forms
from locanda.office.statistics import credentials, duties, jobs
from locanda.office.statistics.closing import close_what_is_over
from locanda.office.tax.ledger import settle_due

__all__ = ["couriers", "engine", "flow_couriers", "flow_loop", "start"]

_JOBS = (prepare_due_segments, settle_due, forget_what_is_over, forget_old, forget_sent_forms, remind)
"""The office's own, in their order. What the statistics of hundreds of properties ask for is done in a loop of its own."""
_FLOW_JOBS = (jobs.make_ready, jobs.look_for_changes, close_what_is_over)


@cache
def couriers() -> Couriers:
    """The couriers of this process; their tokens live as long as it does."""
    return Couriers(now)


@cache
def engine() -> Engine:
    """The engine of this process; it runs only once :func:`start` was called."""
    return Engine(now, couriers(), jobs=_JOBS)


@cache
def flow_couriers() -> FlowCouriers:
    """Who carries days to statistics services."""
    return FlowCouriers(now, credentials.address_of)


@cache
def flow_loop() -> FlowLoop:
    """The loop of the statistics: beside that of the police, so that a slow portal holds up no schedina."""
    return FlowLoop(now, flow_couriers(), accepted=duties.accepted, jobs=_FLOW_JOBS)


def start() -> threading.Thread:
    """Run the engines, each in a thread of the serving process; the thread of the police."""
    threading.Thread(target=flow_loop().run_forever, kwargs={"pause": 20.0}, name="locanda-flows", daemon=True).start()
    thread = threading.Thread(target=engine().run_forever, name="locanda-engine", daemon=True)
    thread.start()
    return thread
