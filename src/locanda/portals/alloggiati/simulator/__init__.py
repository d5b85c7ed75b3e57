"""A faithful Alloggiati Web on this machine, for tests, drills and the demo; it has no value to any authority.

In process: ``with Simulator(accounts=[Account(...)], clock=SimClock(instant)) as sim: sim.url``. As a command:
``locanda simulator``. What it does where the real service's behaviour is unknown is a switch (:class:`Behaviour`).
"""

from __future__ import annotations

from locanda.portals.alloggiati.simulator.accounts import Account, Apartment
from locanda.portals.alloggiati.simulator.behaviour import Behaviour, set_switches, switches
from locanda.portals.alloggiati.simulator.server import KINDS, PATH, Called, Simulator
from locanda.portals.alloggiati.simulator.store import Acquired, Store
from locanda.portals.simulated_clock import SimClock
from locanda.portals.simulated_faults import Fault, Faults

__all__ = [
    "KINDS",
    "PATH",
    "Account",
    "Acquired",
    "Apartment",
    "Behaviour",
    "Called",
    "Fault",
    "Faults",
    "SimClock",
    "Simulator",
    "Store",
    "set_switches",
    "switches",
]
