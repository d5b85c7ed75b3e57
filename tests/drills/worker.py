"""A process to be killed: checks guests in and turns the engine, as told by one JSON argument.

``steps`` is a list of ``[name, value]``; ``die_at`` the name of the mark at which it kills itself, once ``arm`` was reached.
Everything it knows is on standard output before the next step, one JSON line each, so that dying loses no word of it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.request
from datetime import datetime
from typing import Any


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


class Worker:
    def __init__(self, order: dict[str, Any]) -> None:
        from locanda.delivery.courier import Couriers
        from locanda.delivery.engine import Engine
        from locanda.office import follow_ups

        self.order, self.armed = order, False
        self.now = datetime.fromisoformat(order["now"])
        self.engine = Engine(lambda: self.now, Couriers(lambda: self.now, timeout=5.0), jobs=[follow_ups.prepare_due_segments],
                             mark=self.mark)  # fmt: skip

    def mark(self, name: str) -> None:
        if self.armed and name == self.order.get("die_at"):
            os.kill(os.getpid(), signal.SIGKILL)

    def set_up(self, url: str) -> None:
        """An account, credentials and a property in an empty database."""
        from django.core.management import call_command

        from locanda.office import accounts
        from tests.world import KEYS

        call_command("migrate", verbosity=0, interactive=False)
        accounts.install(now=self.now, demo=True)
        member = accounts.open_account("Prova", email="a@example.org", password="una-password-lunga", full_name="A", now=self.now)
        credential = accounts.save_credential(
            member.account, label="Q", category="hotel", status="active", keys=KEYS, now=self.now, by=None, endpoint=url
        )
        values = {"name": "Il Trullo", "type": "bb", "comune": "416072030", "credential": credential, "send_on_check_in": True}
        accounts.add_property(member.account, values, now=self.now, by=None)

    def endpoint(self, url: str) -> None:
        from locanda.archive.models import PoliceCredential

        PoliceCredential.everywhere.update(endpoint=url)

    def arrive(self, shape: dict[str, Any]) -> None:
        from locanda.archive.models import Delivery, Person, Property
        from locanda.archive.vault import Vault
        from locanda.office import check_in

        outcome = check_in.check_in(
            Property.everywhere.get(), {**shape, "arrival": self.now.isoformat()}, now=self.now, person=Person.objects.get(),
            identified=check_in.Identified("in_person", "Oste", self.now),
        )  # fmt: skip
        assert outcome.stay is not None, outcome.problems
        for delivery in Delivery.everywhere.filter(party__stay=outcome.stay):
            text = Vault(delivery.account).party(delivery.party).open(delivery.sealed_text, "delivery text")["text"]
            say(delivery=str(delivery.pk), party=str(delivery.party_id), rows=text.split("\r\n"))

    def clock(self, instant: str) -> None:
        self.now = datetime.fromisoformat(instant)
        call = urllib.request.Request(self.order["control"] + "clock", json.dumps({"set": instant}).encode(), method="POST")
        urllib.request.urlopen(call, timeout=10).close()

    def round(self, times: int) -> None:
        for _ in range(times):
            self.engine.round()

    def arm(self, _: object) -> None:
        self.armed = True
        say(armed=True)

    def send_again(self, _: object) -> None:
        """What the operator does with what a receipt proves not to have been received."""
        from locanda.archive.models import Delivery, Person
        from locanda.office import correcting

        for delivery in Delivery.everywhere.filter(state="rejected", evidence="receipt_count", corrections=None):
            done = correcting.send_again(delivery, now=self.now, person=Person.objects.get())
            assert done.delivery is not None, done.problems
            say(again=str(done.delivery.pk), of=str(delivery.pk))

    def tell(self, _: object) -> None:
        from locanda.archive.audit import audit
        from locanda.archive.models import Alarm, Delivery, Party, PoliceCredential, SendingDay

        say(
            deliveries=[list(map(str, row)) for row in Delivery.everywhere.values_list("pk", "state", "evidence")],
            alarms=sorted(set(Alarm.everywhere.filter(cleared_at=None).values_list("kind", flat=True))),
            alive=[str(pk) for pk in Party.everywhere.exclude(wrapped_key=None).values_list("pk", flat=True)],
            days=[[str(day), status] for day, status in SendingDay.everywhere.order_by("day").values_list("day", "status")],
            faults=[fault.what for fault in audit()],
            leases=list(PoliceCredential.everywhere.values_list("lease_owner", flat=True)),
        )


    # the visitor statistics: the same house in Sardegna, whose days go to a service

    def flow_set_up(self, url: str) -> None:
        """The house with its code and its user at a simulated ROSS1000."""
        from locanda.archive.models import Property
        from locanda.office.statistics import credentials
        from tests.flow_world import CODE, PASSWORD, SARDEGNA, USER

        property = Property.everywhere.select_related("account").get()
        user = credentials.save(
            property.account, label="Flussi", portal="ROSS1000-SA", keys={"user": USER, "password": PASSWORD}, now=self.now,
            by=None, endpoint=url,
        )  # fmt: skip
        Property.everywhere.update(
            comune=SARDEGNA, rooms=2, beds=6, let_as="whole", portal_ids={"ross1000": CODE}, flow_credential=user
        )

    def hour(self, instant: str) -> None:
        """The time of this process alone."""
        self.now = datetime.fromisoformat(instant)

    def flow_prepare(self, span: list[str]) -> None:
        """Say what the days were, and make them ready to be sent."""
        from datetime import date

        from locanda.archive.models import Property
        from locanda.office.statistics import days, preparing

        first, last = (date.fromisoformat(day) for day in span)
        property = Property.everywhere.select_related("account", "flow_credential").get()
        assert days.declare(property, days.days_between(first, last), open=True, now=self.now, person=None) == []
        told = preparing.prepare(property, first, last, now=self.now, person=None, send=True)
        assert told.sendings and not told.problems, told.problems

    def flow_round(self, times: int) -> None:
        from locanda.delivery.flow_courier import FlowCouriers
        from locanda.delivery.flows import FlowLoop
        from locanda.office.statistics import credentials, duties

        couriers = FlowCouriers(lambda: self.now, credentials.address_of, timeout=5.0)
        loop = FlowLoop(lambda: self.now, couriers, mark=self.mark, accepted=duties.accepted)
        for _ in range(times):
            loop.round()

    def flow_tell(self, _: object) -> None:
        from locanda.archive.audit import audit
        from locanda.archive.models import DutyMark, Event, FlowCredential, FlowSending, PortalDay

        say(
            sendings=[list(row) for row in FlowSending.everywhere.order_by("created_at").values_list("state", "evidence")],
            held=[str(day) for day in PortalDay.everywhere.filter(held=True).values_list("day", flat=True)],
            crashed=Event.everywhere.filter(kind="flow.crashed").count(), marks=DutyMark.everywhere.count(),
            flow_leases=list(FlowCredential.everywhere.values_list("lease_owner", flat=True)),
            faults=[fault.what for fault in audit()],
        )


def run(order: dict[str, Any]) -> None:
    """Do what was ordered, step by step."""
    worker = Worker(order)
    for name, value in order["steps"]:
        getattr(worker, name)(value)
    say(done=True)


def main() -> None:
    import django

    django.setup()
    run(json.loads(sys.argv[1]))


if __name__ == "__main__":
    main()
