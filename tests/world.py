"""A small invented world for tests of the upper floors: an account in a demo installation, a property, a simulated portal,
and a clock that is set by hand."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from locanda.archive.models import Delivery, Membership, PoliceCredential, Property, Stay
from locanda.core.time import ROME
from locanda.delivery.courier import Couriers
from locanda.delivery.engine import Engine
from locanda.office import accounts, check_in, follow_ups
from locanda.portals.alloggiati.simulator import Account as PortalAccount
from locanda.portals.alloggiati.simulator import SimClock, Simulator

KEYS = {"user": "BA000001", "password": "una-parola-segreta", "wskey": "q+Zz/0000simulata0000=="}
NOON = datetime(2026, 7, 10, 12, 0, tzinfo=ROME)


class World:
    """``world.now`` is the time for portal, engine and office alike."""

    def __init__(self, simulator: Simulator, now: datetime, *, category: str = "hotel", apartment: int | None = None) -> None:
        self.sim, self._now = simulator, now
        self.now = now
        accounts.install(now=now, demo=True)
        self.member: Membership = accounts.open_account(
            "Prova", email="oste@example.org", password="una-password-lunga", full_name="Oste", now=now
        )
        self.account, self.person = self.member.account, self.member.person
        self.credential: PoliceCredential = accounts.save_credential(
            self.account, label="Questura di Bari", category=category, status="active", keys=KEYS, now=now,
            by=self.person, endpoint=simulator.url,
        )
        self.property: Property = accounts.add_property(
            self.account,
            {"name": "Il Trullo", "type": "bb", "comune": "416072030", "credential": self.credential, "apartment": apartment,
             "send_on_check_in": True},
            now=now, by=self.person,
        )
        self.couriers = Couriers(self.clock, timeout=5.0)
        self.engine = Engine(self.clock, self.couriers, jobs=[follow_ups.prepare_due_segments])

    @property
    def now(self) -> datetime:
        return self._now

    @now.setter
    def now(self, instant: datetime) -> None:
        self._now = instant
        self.sim.clock.set(instant)

    def clock(self) -> datetime:
        return self._now

    def pass_time(self, **amount: float) -> None:
        self.now = (self.now + timedelta(**amount)).astimezone(ROME)

    def shape(self, *guests: dict[str, Any], nights: int = 3, arrival: datetime | None = None) -> dict[str, Any]:
        return {
            "id": "S1",
            "arrival": (arrival or self.now).isoformat(),
            "departure": ((arrival or self.now).date() + timedelta(days=nights)).isoformat(),
            "guests": [{"id": str(index), **guest} for index, guest in enumerate(guests)],
        }

    def check_in(self, *guests: dict[str, Any], nights: int = 3, **more: Any) -> Stay:
        outcome = check_in.check_in(
            more.pop("property", self.property), self.shape(*guests, nights=nights), now=self.now, person=self.person,
            identified=check_in.Identified("in_person", "Oste", self.now), **more,
        )
        assert outcome.stay is not None, [problem.render() for problem in outcome.problems]
        return outcome.stay

    def delivery(self, stay: Stay | None = None) -> Delivery:
        """The newest delivery (of a stay)."""
        rows = Delivery.objects.of(self.account)
        rows = rows.filter(party__stay=stay) if stay else rows
        return rows.order_by("-created_at", F("corrects").desc(nulls_last=True), "-id").first()


@contextmanager
def world(now: datetime = NOON, *, category: str = "hotel", **more: Any) -> Iterator[World]:
    """A world whose portal listens on this machine until the end of the block."""
    portal = PortalAccount(KEYS["user"], KEYS["password"], KEYS["wskey"], category=category, **more.pop("portal", {}))  # type: ignore[arg-type]
    with Simulator([portal], clock=SimClock(now)) as simulator:
        yield World(simulator, now, category=category, **more)


def guest(surname: str = "ROSSI", name: str = "MARIA", role: str = "single", **more: Any) -> dict[str, Any]:
    """An invented guest; members get no document."""
    shape: dict[str, Any] = {
        "role": role, "surname": surname, "name": name, "sex": "F", "birth_date": "1980-05-10", "birth_state": "IT",
        "birth_comune": "MONOPOLI (BA)", "citizenship": "IT",
    }
    if not role.endswith("member"):
        number = f"CA{zlib.crc32(f'{surname}{name}'.encode()) % 10**7:07d}"
        shape["document"] = {"type": "IDENT", "number": number, "issued_in": "MONOPOLI (BA)"}
    return shape | more


def family() -> tuple[dict[str, Any], ...]:
    """A head, a spouse, a child."""
    return (
        guest("D'AMICO", "LUCA", "head_of_family", sex="M"),
        guest("D'AMICO", "NICCOLÒ", "family_member", sex="M", birth_date="2015-02-01"),
        guest("FERRO", "ANNA", "family_member"),
    )
