"""The due-loop: what it does, in which order, and what it does not let one trouble do to the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType

import pytest

from locanda.archive.models import (
    Alarm,
    Delivery,
    Event,
    Installation,
    Party,
    PoliceCredential,
    Property,
    Receipt,
    Segment,
    SendingDay,
)  # fmt: skip
from locanda.core.time import ROME
from locanda.delivery import comparing, drive, engine, erasing, loop, receipts
from locanda.delivery.engine import Engine
from locanda.delivery.machine import State
from locanda.office import accounts, correcting, follow_ups, sending
from locanda.portals.alloggiati.simulator import Account as PortalAccount
from tests.world import KEYS, World, family, guest, world

pytestmark = pytest.mark.django_db
OTHER = {"user": "BA000002", "password": "un-altra-segreta", "wskey": "z+Zz/0000simulata0000=="}


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


class Killed(BaseException):
    """Like a kill -9 as far as one process can tell: nothing catches it."""


def dies(*_: object, **__: object) -> None:
    raise Killed


def second(here: World, keys: dict[str, str] = OTHER, name: str = "Seconda") -> Property:
    """Another property with credentials of its own."""
    here.sim.accounts[OTHER["user"]] = PortalAccount(**OTHER)
    credential = accounts.save_credential(
        here.account, label=name, category="hotel", status="active", keys=keys, now=here.now, by=None, endpoint=here.sim.url
    )
    values = {"name": name, "type": "bb", "comune": "416072030", "credential": credential, "send_on_check_in": True}
    return accounts.add_property(here.account, values, now=here.now, by=None)


def stored(here: World) -> list[str]:
    return [row.row[14:64].rstrip() for row in here.sim.ledger.acquired()]


def alarms(here: World, *, cleared: bool = False) -> list[str]:
    found = Alarm.objects.of(here.account)
    return sorted((found if cleared else found.filter(cleared_at=None)).values_list("kind", flat=True))


def next_day(here: World, hour: int = 7) -> None:
    day = here.now.date() + timedelta(days=1)
    here.now = datetime(day.year, day.month, day.day, hour, tzinfo=ROME)


# ------------------------------------------------------------------------------------------- one trouble and the others


def test_a_credential_whose_keys_do_not_open_stops_no_other(here: World, caplog: pytest.LogCaptureFixture) -> None:
    other = second(here)
    here.check_in(guest("PRIMA"))
    here.check_in(guest("SECONDA"), property=other)
    PoliceCredential.everywhere.filter(pk=here.credential.pk).update(sealed_keys=b"\x01" + b"0" * 60)
    with caplog.at_level(logging.ERROR):
        here.engine.round()
    assert stored(here) == ["SECONDA"]
    assert [record.getMessage() for record in caplog.records] == ["work for a credential failed: WrongKey"]


def test_a_delivery_that_cannot_be_read_stops_no_other(here: World, caplog: pytest.LogCaptureFixture) -> None:
    broken = here.delivery(here.check_in(guest("PRIMA")))
    here.check_in(guest("SECONDA"))
    Delivery.everywhere.filter(pk=broken.pk).update(sealed_text=b"\x01" + b"0" * 60)
    with caplog.at_level(logging.ERROR):
        here.engine.round()
        here.engine.round()
    assert stored(here) == ["SECONDA"]
    broken.refresh_from_db()
    assert (broken.state, broken.last_error) == (State.READY, "WrongKey") and broken.next_attempt_at > here.now
    assert len(caplog.records) == 1  # not every five seconds


def test_a_job_that_fails_stops_nothing(here: World, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: datetime) -> None:
        raise ValueError("ROSSI MARIA")

    turning = Engine(here.clock, here.couriers, jobs=[broken, follow_ups.prepare_due_segments])
    here.check_in(guest())
    with caplog.at_level(logging.ERROR):
        turning.round()
    assert stored(here) == ["ROSSI"]
    assert "broken failed: ValueError" in caplog.text and "MARIA" not in caplog.text


def test_refused_keys_of_one_credential_leave_the_other_at_work(here: World) -> None:
    other = second(here, {**OTHER, "password": "sbagliata"})
    here.check_in(guest("PRIMA"), property=other)
    here.check_in(guest("SECONDA"))
    here.engine.round()
    assert stored(here) == ["SECONDA"] and alarms(here) == ["credentials_refused"]


@pytest.mark.django_db(transaction=True)
def test_credentials_are_worked_side_by_side() -> None:
    with world() as here:
        other = second(here)
        here.check_in(guest("PRIMA"))
        here.check_in(guest("SECONDA"), property=other)
        assert here.engine.round() == 2
        assert sorted(stored(here)) == ["PRIMA", "SECONDA"]
        assert set(PoliceCredential.everywhere.values_list("lease_owner", flat=True)) == {""}


# ------------------------------------------------------------------------------------------------------ what is due, when


def test_the_soonest_term_goes_first(here: World) -> None:
    here.property.send_on_check_in = False
    here.property.save()
    for name, hours in (("LENTA", 0), ("BREVE", 2), ("MEDIA", 1)):
        stay = here.check_in(guest(name))
        due = here.now + timedelta(hours=24 - hours)
        Segment.objects.of(here.account).filter(party__stay=stay).update(prudent_due=due, legal_due=due)
        sending.send_now(here.delivery(stay), now=here.now, person=here.person)
    here.engine.round()
    assert stored(here) == ["BREVE", "MEDIA", "LENTA"]


def test_nothing_leaves_before_it_is_due_or_without_being_asked(here: World) -> None:
    delivery = here.delivery(here.check_in(guest()))
    for due in (here.now + timedelta(minutes=1), None):
        Delivery.everywhere.filter(pk=delivery.pk).update(next_attempt_at=due)
        assert here.engine.round() == 0
    assert here.sim.calls == []


def test_a_stopped_credential_makes_no_call(here: World) -> None:
    here.check_in(guest())
    PoliceCredential.everywhere.update(stopped_why="refused")
    SendingDay(account=here.account, credential=here.credential, day=here.now.date(), next_try_at=here.now).save()
    assert here.engine.round() == 0
    assert here.sim.calls == []


def test_keys_refused_for_a_receipt_stop_the_calls_too(here: World) -> None:
    here.check_in(guest())
    here.engine.round()
    here.sim.accounts[KEYS["user"]].password = "cambiata-sul-portale"
    next_day(here)
    before = len(here.sim.calls)
    fresh = Engine(here.clock, type(here.couriers)(here.clock, timeout=5.0))
    for _ in range(4):
        fresh.round()
        here.pass_time(hours=2)
    assert [call.operation for call in here.sim.calls[before:]] == ["GenerateToken"]
    assert "credentials_refused" in alarms(here)


def test_when_the_portal_is_down_the_others_wait_too(here: World) -> None:
    for name in ("PRIMA", "SECONDA", "TERZA"):
        here.check_in(guest(name))
    here.sim.faults.always("status", status=503)
    here.engine.round()
    assert len({call.operation for call in here.sim.calls}) <= 1
    states = sorted(Delivery.everywhere.values_list("state", flat=True))
    assert states == [State.POSTPONED, State.READY, State.READY]


def test_the_engine_is_seen(here: World) -> None:
    here.engine.round()
    assert Installation.current().engine_seen_at == here.now  # type: ignore[union-attr]


def test_a_lost_lease_sends_nothing_more(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PRIMA", "SECONDA"):
        here.check_in(guest(name))
    given = iter([True, False, False])
    monkeypatch.setattr("locanda.delivery.lease.Lease.renew", lambda self: next(given))
    here.engine.round()
    assert stored(here) == ["PRIMA"]


def test_the_loop_outlives_a_round_that_fails(here: World, caplog: pytest.LogCaptureFixture, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    turning, turned = here.engine, []

    def fails() -> int:
        turned.append(1)
        if len(turned) == 3:
            turning.stop()
        raise ValueError("ROSSI MARIA CA12345AA")

    monkeypatch.setattr(turning, "round", fails)
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)
    with caplog.at_level(logging.ERROR):
        turning.run_forever(pause=0.001)
    assert len(turned) == 3
    assert "ValueError" in caplog.text and "ROSSI" not in caplog.text


# ------------------------------------------------------------------------------------------------------------- alarms


def test_an_alarm_is_raised_once_and_cleared(here: World) -> None:
    here.sim.down()
    here.check_in(guest())
    for _ in range(6):
        here.pass_time(minutes=16)
        here.engine.round()
    assert alarms(here) == ["portal_down"]
    assert Event.objects.of(here.account).filter(kind="alarm.portal_down").count() == 1
    here.sim.up()
    here.pass_time(minutes=31)
    here.engine.round()
    assert alarms(here) == [] and alarms(here, cleared=True) == ["portal_down"]


def test_the_term_is_told_before_and_after_and_both_go_when_it_is_settled(here: World) -> None:
    here.sim.down()
    delivery = here.delivery(here.check_in(guest()))
    segment = Segment.objects.of(here.account).get()
    Delivery.everywhere.filter(pk=delivery.pk).update(next_attempt_at=None)
    here.now = (segment.prudent_due - timedelta(minutes=50)).astimezone(ROME)
    for _ in range(3):
        here.engine.round()
    assert alarms(here) == ["term_near"]
    here.now = (segment.legal_due + timedelta(minutes=1)).astimezone(ROME)
    for _ in range(3):
        here.engine.round()
    assert alarms(here) == ["term_near", "term_passed"]
    here.sim.up()
    delivery.refresh_from_db()
    sending.send_now(delivery, now=here.now, person=here.person)
    here.engine.round()
    assert alarms(here) == []


def test_missing_keys_are_told_and_forgotten_when_they_come(here: World) -> None:
    here.check_in(guest())
    PoliceCredential.everywhere.update(sealed_keys=None)
    for _ in range(3):
        here.engine.round()
    assert alarms(here) == ["no_keys"]
    row = PoliceCredential.everywhere.get()
    accounts.save_credential(
        here.account, label="Q", category="hotel", status="active", keys=KEYS, now=here.now, by=None, credential=row,
        endpoint=here.sim.url,
    )  # fmt: skip
    here.engine.round()
    assert alarms(here) == [] and stored(here) == ["ROSSI"]


def test_a_wrong_address_is_told_and_forgotten_when_it_is_mended(here: World) -> None:
    here.check_in(guest())
    PoliceCredential.everywhere.update(endpoint="")  # a demo that would reach the real portal
    here.engine.round()
    assert alarms(here) == ["wrong_address"] and here.sim.calls == []
    PoliceCredential.everywhere.update(endpoint=here.sim.url)
    here.engine.round()
    assert alarms(here) == [] and stored(here) == ["ROSSI"]


def test_a_cancelled_stay_leaves_no_alarm(here: World) -> None:
    here.sim.down()
    stay = here.check_in(guest())
    for _ in range(4):
        here.pass_time(minutes=16)
        here.engine.round()
    assert alarms(here) == ["portal_down"]
    assert sending.cancel(stay, now=here.now, person=here.person)
    assert alarms(here) == []


def test_a_call_refused_as_a_whole_is_told_until_it_goes_through(here: World) -> None:
    here.sim.accounts[KEYS["user"]].category = "apartments"  # the portal changed what the account is
    delivery = here.delivery(here.check_in(guest()))
    here.engine.round()
    assert alarms(here) == ["call_refused"]
    here.sim.accounts[KEYS["user"]].category = "hotel"
    delivery.refresh_from_db()
    assert sending.send_now(delivery, now=here.now, person=here.person)
    here.engine.round()
    assert stored(here) == ["ROSSI"] and alarms(here) == []


# ------------------------------------------------------------------------------------------------- dying in the middle


def settled(here: World) -> None:
    assert SendingDay.objects.of(here.account).get().status == "agrees"
    assert not Party.objects.of(here.account).exclude(wrapped_key=None).exists()
    assert len(stored(here)) == len(set(here.sim.ledger.rows())) == 3


@pytest.mark.parametrize(
    ("room", "where"),
    [(receipts, "compare"), (comparing, "erase_what_is_done"), (erasing, "erase_party"), (erasing, "sweep_journal")],
)
def test_what_a_receipt_began_is_finished_after_a_crash(
    here: World, monkeypatch: pytest.MonkeyPatch, room: ModuleType, where: str
) -> None:
    here.check_in(*family())
    here.engine.round()
    next_day(here)
    with monkeypatch.context() as patch:
        patch.setattr(room, where, dies)
        with pytest.raises(Killed):
            here.engine.round()
    assert Receipt.objects.of(here.account).count() == 1
    PoliceCredential.everywhere.update(lease_owner="", lease_until=None)
    Engine(here.clock, here.couriers).round()  # the next start
    settled(here)
    assert sum(call.operation == "Ricevuta" for call in here.sim.calls) == 1


def test_an_alarm_is_written_with_what_it_tells(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dying while the alarm is raised undoes the judgement too: neither stands without the other."""
    here.check_in(guest())
    here.engine.round()
    here.sim.ledger.acquire(KEYS["user"], "Send", here.now, [(here.sim.ledger.rows()[0], None)])  # somebody typed one more
    next_day(here)
    with monkeypatch.context() as patch:
        patch.setattr(comparing, "raise_alarm", dies)
        with pytest.raises(Killed):
            here.engine.round()
    assert SendingDay.objects.of(here.account).get().status == "waiting"
    Engine(here.clock, here.couriers).round()
    assert SendingDay.objects.of(here.account).get().status == "differs" and "receipt_differs" in alarms(here)


# ---------------------------------------------------------------------------------------------------- close to midnight


def lost_at_midnight(here: World, *, stored_after: bool) -> Delivery:
    """Sent at 23:59 and the answer lost; the portal took it just after midnight, or before."""
    here.check_in(guest("PRIMA"))
    here.engine.round()
    here.now = here.now.replace(hour=23, minute=59, second=50)
    here.sim.faults.next("drop_after_storing", operation="Send")
    if stored_after:
        here.sim.faults.next("midnight", operation="Test")  # the portal's clock is already in the new day
    delivery = here.delivery(here.check_in(guest("ULTIMA"), nights=5))
    here.engine.round()
    here.now = (here.now + timedelta(minutes=2)).astimezone(ROME)
    delivery.refresh_from_db()
    assert delivery.state == State.IN_DOUBT and stored(here) == ["PRIMA", "ULTIMA"]
    return delivery


def test_a_call_lost_at_midnight_is_looked_for_in_both_receipts(here: World) -> None:
    delivery = lost_at_midnight(here, stored_after=True)
    here.now = here.now.replace(hour=7)
    here.engine.round()
    delivery.refresh_from_db()
    assert delivery.state == State.IN_DOUBT  # the first receipt has it not: the second may
    assert "not_received" not in alarms(here)
    assert correcting.send_again(delivery, now=here.now, person=here.person).delivery is None
    next_day(here)
    here.engine.round()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.evidence) == (State.ACCEPTED, "receipt_count")
    assert len(stored(here)) == 2 and not Party.objects.of(here.account).exclude(wrapped_key=None).exists()


def test_a_call_lost_before_midnight_is_found_in_the_first(here: World) -> None:
    delivery = lost_at_midnight(here, stored_after=False)
    here.now = here.now.replace(hour=7)
    here.engine.round()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.evidence) == (State.ACCEPTED, "receipt_count")


def test_a_call_lost_at_midnight_and_in_neither_receipt_was_not_taken(here: World) -> None:
    here.check_in(guest("PRIMA"))
    here.engine.round()
    here.now = here.now.replace(hour=23, minute=59, second=50)
    here.sim.faults.next("drop_before_storing", operation="Send")
    delivery = here.delivery(here.check_in(guest("ULTIMA"), nights=5))
    here.engine.round()
    next_day(here)
    here.check_in(guest("TERZA"))
    here.engine.round()
    delivery.refresh_from_db()
    assert delivery.state == State.IN_DOUBT
    next_day(here)
    here.engine.round()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.evidence) == (State.REJECTED, "receipt_count") and "not_received" in alarms(here)


def test_a_crash_at_midnight_waits_for_both_receipts_too(here: World) -> None:
    here.now = here.now.replace(hour=23, minute=59, second=50)
    here.check_in(guest())

    def mark(name: str) -> None:
        if name == "sending":
            raise Killed

    with pytest.raises(Killed):
        Engine(here.clock, here.couriers, mark=mark).round()
    PoliceCredential.everywhere.update(lease_owner="", lease_until=None)
    here.engine.round()
    days = [day.day for day in SendingDay.objects.of(here.account).order_by("day")]
    assert days == [here.now.date(), here.now.date() + timedelta(days=1)]
    assert engine.timedelta(hours=1) > drive.LATE_ANSWER


def test_an_answer_after_midnight_belongs_to_either_day(here: World) -> None:
    """Accepted, and known to be: only the day is not sure, and the counts of one receipt or the other tell."""
    here.now = here.now.replace(hour=23, minute=59, second=50)
    delivery = here.delivery(here.check_in(guest(), nights=5))
    courier = here.couriers.of(here.credential)
    whole = courier.send

    def slow(operation: str, rows: list[str]) -> object:
        here.pass_time(seconds=20)
        return whole(operation, rows)

    courier.send = slow  # type: ignore[method-assign, assignment]
    here.engine.round()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    here.sim.behaviour = replace(here.sim.behaviour, receipt_hour=0)
    here.now = here.now.replace(hour=13)
    here.engine.round()
    assert "receipt_missing" in alarms(here)  # of the day on which it left
    next_day(here)
    here.engine.round()
    assert Party.objects.of(here.account).get().wrapped_key is None
