"""A faithful ROSS1000 on this machine, for tests, drills and the demo; it has no value to any authority.

``with Simulator(accounts=[Account("user", "password", ("X00001",))]) as sim: sim.url``. What it does where the real service's
behaviour is unknown is a switch (:class:`Behaviour`).
"""

from __future__ import annotations

from locanda.portals.ross1000.simulator.behaviour import Behaviour
from locanda.portals.ross1000.simulator.server import KINDS, PATH, Called, Simulator
from locanda.portals.ross1000.simulator.service import Account
from locanda.portals.ross1000.simulator.store import Kept, Store
from locanda.portals.simulated_clock import SimClock
from locanda.portals.simulated_faults import Fault, Faults
from locanda.portals.switches import listed, set_listed

__all__ = [
    "KINDS",
    "PATH",
    "Account",
    "Behaviour",
    "Called",
    "Fault",
    "Faults",
    "Kept",
    "SimClock",
    "Simulator",
    "Store",
    "listed",
    "set_listed",
]
