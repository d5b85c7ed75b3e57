"""A small invented house whose statistics go to a simulated portal: a B&B of two rooms, in Cagliari, Milano or Monopoli."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from locanda.archive.models import FlowCredential, FlowSending, PortalDay, Property, Stay
from locanda.core.time import ROME
from locanda.delivery.flow_courier import FlowCouriers
from locanda.delivery.flows import FlowLoop
from locanda.office import accounts
from locanda.office.statistics import credentials, days, duties, jobs, preparing, status
from locanda.portals.ross1000.simulator import Account, SimClock, Simulator
from tests.world import World, guest, world

SARDEGNA, LOMBARDIA, PUGLIA = "420092009", "403015146", "416072030"
USER, PASSWORD, CODE = "flussi.trullo", "una-parola-di-trasmissione", "X00001"
IT = {"residence_state": "IT", "residence_comune": "BOLOGNA (BO)"}
DE = {"residence_state": "DE"}
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


class FlowWorld:
    """``here.world`` is the house, ``here.portal`` the simulated ROSS1000, ``here.loop`` sends."""

    def __init__(self, made: World, portal: Simulator, comune: str) -> None:
        self.world, self.portal = made, portal
        values = {"comune": comune, "rooms": 2, "beds": 6, "portal_ids": {"ross1000": CODE}, "let_as": "whole"}
        self.credential: FlowCredential = credentials.save(
            made.account, label="Flussi (simulato)", portal="ROSS1000-SA", keys={"user": USER, "password": PASSWORD},
            now=made.now, by=made.person, endpoint=portal.url,
        )
        Property.objects.of(made.account).filter(pk=made.property.pk).update(**values, flow_credential=self.credential)
        self.property = self.fresh(made.property)
        self.died = ""
        self.loop = FlowLoop(
            made.clock, FlowCouriers(made.clock, credentials.address_of, timeout=3.0), accepted=duties.accepted
        )

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def account(self) -> Any:
        return self.world.account

    def fresh(self, property: Property) -> Property:
        rows = Property.objects.of(self.world.account).select_related("account", "flow_credential", "credential")
        found: Property = rows.get(pk=property.pk)
        return found

    def at(self, day: date | int, hour: int = 16) -> None:
        when = date(2026, 6, day) if isinstance(day, int) else day
        self.world.now = datetime(when.year, when.month, when.day, hour, tzinfo=ROME)
        self.portal.clock.set(self.world.now)

    def later(self, **amount: float) -> None:
        self.world.pass_time(**amount)
        self.portal.clock.set(self.world.now)

    def arrive(self, day: int, *guests: dict[str, Any], nights: int = 2, **more: Any) -> Stay:
        self.at(day)
        return self.world.check_in(*(guests or (guest("VERDI", "LEA", **IT),)), nights=nights, **more)

    def declare(self, first: date, last: date, *, open: bool = True, property: Property | None = None) -> None:
        """Say what the days were that nobody has spoken of."""
        mine = property or self.property
        problems = days.declare(mine, days.days_between(first, last), open=open, now=self.now, person=self.world.person)
        assert problems == []

    def prepare(self, first: date, last: date, *, send: bool = True, property: Property | None = None) -> preparing.Prepared:
        mine = self.fresh(property or self.property)
        return preparing.prepare(mine, first, last, now=self.now, person=self.world.person, send=send)

    def sent(self, first: date, last: date) -> list[FlowSending]:
        """Prepare, and let it go."""
        told = self.prepare(first, last)
        assert not told.problems, [one.render() for one in told.problems]
        self.loop.round()
        return [self.sending(one) for one in told.sendings]

    def sending(self, one: FlowSending) -> FlowSending:
        found: FlowSending = FlowSending.objects.of(self.account).select_related("account", "property").get(pk=one.pk)
        return found

    def words(self, first: date, last: date) -> list[str]:
        """The state of each day."""
        return [one.state for one in status.status_of(self.fresh(self.property), first, last, now=self.now)]

    def held(self) -> dict[date, PortalDay]:
        return {row.day: row for row in PortalDay.objects.of(self.account).filter(property=self.property, held=True)}

    def guests(self, code: str = CODE) -> list[tuple[str, str]]:
        """Whom the portal has: day of arrival and type."""
        return sorted((one.day, one.record.tipoalloggiato or "") for one in self.portal.archive.guests(code))

    def another(self, name: str, code: str, **more: Any) -> Property:
        values = {
            "name": name, "type": "bb", "comune": self.property.comune, "rooms": 2, "beds": 6, "let_as": "whole",
            "portal_ids": {"ross1000": code}, "flow_credential": self.credential, "credential": self.world.credential, **more,
        }  # fmt: skip
        return accounts.add_property(self.account, values, now=self.now, by=self.world.person)


@contextmanager
def flow_world(comune: str = SARDEGNA, now: datetime | None = None) -> Iterator[FlowWorld]:
    """A house with its portal; nothing of an earlier one is remembered."""
    jobs._last.clear()
    start = now or datetime(2026, 6, 1, 12, tzinfo=ROME)
    users = [Account(USER, PASSWORD, (CODE, "X00002", "X00003"))]
    with world(start) as made, Simulator(users, clock=SimClock(start)) as portal:
        yield FlowWorld(made, portal, comune)
