"""The way of the statistics to a service: lost answers, refusals, crashes, a portal that is down."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import date

import pytest

from locanda.archive.models import Alarm, Event, FlowCredential, FlowExchange, FlowSending, Installation, PortalDay, Stay
from locanda.archive.vault import Vault
from locanda.delivery.flow_courier import FlowCouriers
from locanda.delivery.flow_record import step
from locanda.delivery.flows import FlowLoop
from locanda.delivery.lease import held
from locanda.delivery.machine import State, Step
from locanda.office.statistics import credentials, sendings
from locanda.office.statistics.status import status_of
from locanda.portals.ross1000.simulator import Behaviour
from tests.flow_world import CODE, DE, IT, PASSWORD, FlowWorld, flow_world
from tests.world import guest

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 6, 2), date(2026, 6, 7)


@pytest.fixture
def here() -> Iterator[FlowWorld]:
    with flow_world() as made:
        made.arrive(3, guest("ROSSI", "ADA", "head_of_family", **IT), guest("ROSSI", "UGO", "family_member", **IT), nights=3)
        made.at(8, 9)
        made.declare(FIRST, LAST)
        yield made


class Killed(BaseException):
    """Like a kill -9 as far as one process can tell: nothing catches it."""


def alarms(here: FlowWorld) -> list[str]:
    return sorted(Alarm.objects.of(here.account).filter(cleared_at=None).values_list("kind", flat=True))


def ready(here: FlowWorld) -> FlowSending:
    told = here.prepare(FIRST, LAST)
    assert not told.problems, [one.render() for one in told.problems]
    (sending,) = told.sendings
    return sending


def test_days_go_and_are_held(here: FlowWorld) -> None:
    sending = ready(here)
    assert here.loop.round() == 1
    sending = here.sending(sending)
    assert (sending.state, sending.evidence, sending.simulated) == ("accepted", "row_outcome", True)
    assert (sending.arrivals, sending.departures, sending.refused, sending.unknown) == (2, 2, 0, 0)
    assert here.guests() == [("20260603", "17"), ("20260603", "19")]
    assert here.words(FIRST, LAST) == ["accepted"] * 6
    row = here.held()[date(2026, 6, 3)]
    assert len(row.people["arrivals"]) == 2 and row.accepted_at == here.now
    assert here.loop.round() == 0 and len(here.portal.calls) == 1


def test_what_was_sent_is_what_was_sealed_and_no_password_is_kept(here: FlowWorld) -> None:
    sending = ready(here)
    here.loop.round()
    kept = sendings.file_of(here.sending(sending))
    assert kept is not None
    data = kept[1]
    exchange = FlowExchange.objects.of(here.account).get()
    request = Vault(exchange.account).open_bytes(exchange.sealed_request, "flow exchange")
    inside = data.decode().split("<movimenti>\n")[1].split("</movimenti>")[0]
    assert inside in request.decode() and PASSWORD not in request.decode()
    assert b"ROSSI" not in data and exchange.batch == here.sending(sending).batch


def test_bytes_that_are_not_those_fixed_are_not_sent(here: FlowWorld, caplog: pytest.LogCaptureFixture) -> None:
    sending = ready(here)
    FlowSending.objects.of(here.account).filter(pk=sending.pk).update(sha256="0" * 64)
    with caplog.at_level(logging.ERROR):
        here.loop.round()
        here.loop.round()
    assert not here.portal.calls and here.sending(sending).last_error == "Unsendable"
    assert len(caplog.records) == 1  # not in every round


def test_silent_days_alone_are_accepted_and_the_note_says_on_what(here: FlowWorld) -> None:
    (sending,) = here.sent(date(2026, 6, 2), date(2026, 6, 2))
    assert (sending.state, sending.evidence_note) == ("accepted", "silent")
    here.portal.behaviour = Behaviour(silent_days="absent")
    (sending,) = here.sent(date(2026, 6, 7), date(2026, 6, 7))
    assert (sending.state, sending.evidence_note) == ("accepted", "silent")


@pytest.mark.parametrize("fault", ["hang_after_storing", "drop_after_storing", "http_500_after_storing", "cut_answer"])
def test_an_answer_lost_after_storing_is_sent_again(here: FlowWorld, fault: str) -> None:
    sending = ready(here)
    here.portal.faults.next(fault)
    here.loop.round()
    assert here.sending(sending).state == "in_doubt" and here.words(FIRST, LAST) == ["in_doubt"] * 6
    assert not here.held() and here.loop.round() == 0  # not at once
    here.later(minutes=2)
    here.loop.round()
    sending = here.sending(sending)
    assert (sending.state, sending.attempts, sending.unknown) == ("accepted", 2, 0)
    assert len(here.guests()) == 2 and len(here.portal.calls) == 2
    assert {one.batch for one in FlowExchange.objects.of(here.account)} == {sending.batch}


def test_a_removal_whose_answer_was_lost_is_not_refused_the_second_time(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    Stay.objects.of(here.account).update(status=Stay.Status.CANCELLED)
    told = here.prepare(FIRST, LAST)
    here.portal.faults.next("drop_after_storing")
    here.loop.round()
    assert here.guests() == []
    here.later(minutes=2)
    here.loop.round()
    assert [here.sending(one).state for one in told.sendings] == ["accepted"] * len(told.sendings)
    assert "overtaken" in here.sending(told.sendings[0]).evidence_note


def test_a_removal_refused_the_first_time_is_refused(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    for one in here.portal.archive.guests(CODE):
        here.portal.archive.remove(one)
    Stay.objects.of(here.account).update(status=Stay.Status.CANCELLED)
    (sending,) = here.sent(FIRST, LAST)[:1]
    assert sending.state in ("rejected", "partly_accepted") and alarms(here) == ["flow_refused"]


def test_no_outcome_is_in_doubt_and_a_person_is_asked_in_the_end(here: FlowWorld) -> None:
    sending = ready(here)
    for fault in ("no_outcome", "nil_outcomes", "missing_outcome"):
        here.portal.faults.next(fault)
        here.loop.round()
        assert here.sending(sending).state == "in_doubt"
        here.later(hours=1)
    assert alarms(here) == ["flow_silent"] and here.sending(sending).next_attempt_at is None
    assert here.loop.round() == 0
    assert sendings.found_on_portal(here.sending(sending), there=True, now=here.now, person=here.world.person) == []
    sending = here.sending(sending)
    assert (sending.state, sending.evidence, alarms(here)) == ("accepted", "operator", [])
    assert here.words(FIRST, LAST) == ["accepted"] * 6


def test_a_person_who_does_not_find_it_sends_it_anew(here: FlowWorld) -> None:
    sending = ready(here)
    here.portal.faults.always("soap_fault")
    for _ in range(4):
        here.loop.round()
        here.later(hours=1)
    assert (here.sending(sending).state, alarms(here)) == ("in_doubt", ["flow_silent"])
    here.portal.faults.clear()
    assert sendings.found_on_portal(here.sending(sending), there=False, now=here.now, person=here.world.person) == []
    assert here.words(FIRST, LAST) == ["rejected"] * 6
    told = sendings.resend(here.sending(sending), now=here.now, person=here.world.person)
    here.loop.round()
    assert here.sending(told.sendings[0]).state == "accepted"


def test_partial_acceptance_keeps_the_good_days_and_says_why(here: FlowWorld) -> None:
    here.arrive(5, guest("NERI", "IDA", **DE), nights=1)
    here.at(8, 9)
    sending = ready(here)
    kept = sendings.file_of(sending)
    assert kept is not None
    data = kept[1]
    broken = data.replace(b"<statoresidenza>100000216</statoresidenza>", b"<statoresidenza>999999999</statoresidenza>")
    assert broken != data
    FlowSending.objects.of(here.account).filter(pk=sending.pk).update(
        sealed_file=Vault(here.account).seal_bytes(broken, "flow file"), sha256=hashlib.sha256(broken).hexdigest()
    )
    here.loop.round()
    sending = here.sending(sending)
    assert sending.state == "partly_accepted" and sending.refused >= 1 and alarms(here) == ["flow_refused"]
    words = dict(zip([2, 3, 4, 5, 6, 7], here.words(FIRST, LAST), strict=True))
    assert words[3] == "accepted" and words[5] == "rejected"
    assert words[2] == words[4] == words[7] == "in_doubt"  # silent days of an answer that refused something
    reasons = status_of(here.fresh(here.property), date(2026, 6, 5), date(2026, 6, 5), now=here.now)[0].reasons
    assert reasons and reasons[0]
    (again,) = sendings.resend(sending, now=here.now, person=here.world.person).sendings
    here.loop.round()
    assert here.sending(again).state == "accepted" and here.words(FIRST, LAST) == ["accepted"] * 6
    assert alarms(here) == []


def test_a_wrong_password_stops_the_user_until_it_is_mended(here: FlowWorld) -> None:
    credentials.save(
        here.account, label="Flussi", portal="ROSS1000-SA", keys={"user": "flussi.trullo", "password": "sbagliata"}, now=here.now,
        by=None, credential=here.credential, endpoint=here.portal.url,
    )
    sending = ready(here)
    here.loop.round()
    assert (here.sending(sending).state, alarms(here)) == ("postponed", ["flow_credentials_refused"])
    here.later(days=1)
    assert here.loop.round() == 0 and len(here.portal.calls) == 0  # nobody knocks again with the same keys
    fresh = FlowCredential.objects.of(here.account).select_related("account").get()
    assert fresh.stopped_why == "refused"
    credentials.save(
        here.account, label="Flussi", portal="ROSS1000-SA", keys={"user": "flussi.trullo", "password": PASSWORD}, now=here.now,
        by=None, credential=fresh, endpoint=here.portal.url,
    )
    here.loop.round()
    assert (here.sending(sending).state, alarms(here)) == ("accepted", [])


def test_credentials_are_tried_without_sending_anything(here: FlowWorld) -> None:
    couriers = FlowCouriers(here.world.clock, credentials.address_of, timeout=3.0)
    assert credentials.try_out(here.credential, couriers, now=here.now) is None
    assert here.credential.tested_ok is True and here.guests() == []
    here.credential.sealed_keys = Vault(here.account).seal({"user": "flussi.trullo", "password": "no"}, "flow keys")
    error = credentials.try_out(here.credential, couriers, now=here.now)
    assert type(error).__name__ == "CredentialsRefused" and here.credential.tested_ok is False


def test_a_portal_that_is_down_for_a_day(here: FlowWorld) -> None:
    sending = ready(here)
    here.portal.down()
    for _ in range(20):
        here.loop.round()
        here.later(minutes=70)
    assert here.sending(sending).state == "postponed" and alarms(here) == ["flow_down"]
    assert here.sending(sending).attempts < 20  # later and later
    here.portal.up()
    here.later(hours=4)
    here.loop.round()
    assert (here.sending(sending).state, alarms(here)) == ("accepted", [])


@pytest.mark.parametrize(("at", "calls"), [("flows_leased", 1), ("flows_sending", 1), ("flows_answered", 2)])
def test_a_process_that_dies_loses_and_doubles_nothing(here: FlowWorld, at: str, calls: int) -> None:
    sending = ready(here)

    def dies(name: str) -> None:
        if name == at:
            raise Killed

    couriers = FlowCouriers(here.world.clock, credentials.address_of, timeout=3.0)
    with pytest.raises(Killed):
        FlowLoop(here.world.clock, couriers, mark=dies).round()
    assert here.sending(sending).state == ("ready" if at == "flows_leased" else "sending") and not here.held()
    here.loop.round()
    assert here.sending(sending).state == "accepted" and len(here.portal.calls) == calls and len(here.guests()) == 2
    crashed = Event.objects.of(here.account).filter(kind="flow.crashed").count()
    assert crashed == (0 if at == "flows_leased" else 1)


def test_several_properties_of_a_user_go_in_one_transmission(here: FlowWorld) -> None:
    other = here.another("Seconda", "X00002")
    here.declare(FIRST, LAST, property=other)
    mine = ready(here)
    (second,) = here.prepare(FIRST, LAST, property=other).sendings
    here.loop.round()
    assert [(call.operation, call.structures) for call in here.portal.calls] == [("inviaMovimentazioneList", (CODE, "X00002"))]
    mine, second = here.sending(mine), here.sending(second)
    assert (mine.state, second.state, mine.batch) == ("accepted", "accepted", second.batch)
    assert second.evidence_note == "silent"


def test_a_structure_that_is_not_the_users_takes_nothing_from_the_others(here: FlowWorld) -> None:
    other = here.another("Non mia", "X99999")
    here.declare(FIRST, LAST, property=other)
    mine = ready(here)
    (second,) = here.prepare(FIRST, LAST, property=other).sendings
    here.loop.round()
    assert here.sending(mine).state == "accepted"
    assert (here.sending(second).state, alarms(here)) == ("rejected", ["flow_refused"])


def test_a_refusal_of_the_whole_call_is_tried_one_by_one(here: FlowWorld) -> None:
    here.portal.behaviour = Behaviour(foreign_structure="fault")
    other = here.another("Non mia", "X99999")
    here.declare(FIRST, LAST, property=other)
    mine = ready(here)
    (second,) = here.prepare(FIRST, LAST, property=other).sendings
    here.loop.round()
    assert {here.sending(mine).state, here.sending(second).state} == {"in_doubt"}
    here.later(minutes=2)
    here.loop.round()
    here.later(minutes=2)
    here.loop.round()
    assert here.sending(mine).state == "accepted" and here.sending(second).state == "in_doubt"


def test_one_credential_sends_one_thing_at_a_time(here: FlowWorld) -> None:
    sending = ready(here)
    with held(here.credential) as mine:
        assert mine is not None and here.loop.round() == 0
    assert here.sending(sending).state == "ready"
    here.loop.round()
    assert here.sending(sending).state == "accepted"


def test_a_demo_never_reaches_a_real_service_nor_the_real_thing_a_simulator(
    here: FlowWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = ready(here)
    FlowCredential.objects.of(here.account).update(endpoint="")
    here.loop.round()
    assert (here.sending(sending).state, alarms(here)) == ("ready", ["flow_not_set"])
    FlowCredential.objects.of(here.account).update(endpoint=here.portal.url)
    monkeypatch.setattr(Installation, "current", classmethod(lambda _: Installation(id=1, demo=False)))
    here.loop.round()
    assert (here.sending(sending).state, alarms(here)) == ("ready", ["flow_not_set"]) and not here.portal.calls
    monkeypatch.undo()
    here.loop.round()
    assert (here.sending(sending).state, alarms(here)) == ("accepted", [])


def test_the_address_is_that_of_the_pack_of_the_properties(here: FlowWorld) -> None:
    assert credentials.address_of(here.credential).startswith("https://sardegnaturismo.")
    here.credential.portal = "ROSS1000-LO"
    assert credentials.address_of(here.credential) == ""


def test_nothing_is_sent_without_keys(here: FlowWorld) -> None:
    FlowCredential.objects.of(here.account).update(sealed_keys=None)
    told = here.prepare(FIRST, LAST)
    assert told.sendings[0].next_attempt_at is None and here.loop.round() == 0
    FlowSending.objects.of(here.account).update(next_attempt_at=here.now)
    here.loop.round()
    assert alarms(here) == ["flow_not_set"] and not here.portal.calls


def test_one_that_is_under_way_stands_in_the_way_and_one_that_waits_is_made_anew(here: FlowWorld) -> None:
    first = ready(here)
    second = ready(here)
    assert (here.sending(first).state, second.replaces_id) == ("withdrawn", first.pk)
    here.portal.faults.next("drop_before_storing")
    here.loop.round()
    told = here.prepare(FIRST, LAST)
    assert [one.code for one in told.problems] == ["statistics.sending.under_way"]


def test_a_step_tells_the_days_that_wait_for_it(here: FlowWorld) -> None:
    sending = here.prepare(FIRST, LAST, send=False).sendings[0]
    assert set(PortalDay.objects.of(here.account).values_list("state", flat=True)) == {"ready"}
    step(sending, Step.WITHDRAW, at=here.now, actor="engine")
    assert set(PortalDay.objects.of(here.account).values_list("state", flat=True)) == {State.WITHDRAWN}
    assert here.words(FIRST, LAST) == ["todo"] * 6
