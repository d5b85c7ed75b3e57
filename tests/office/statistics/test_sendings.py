"""What the portal holds is brought to what is true, and duties follow (spec flussi-turistici 6.4, 7.3, 7.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from locanda.archive.models import Alarm, DutyMark, FlowSending, PortalDay, Property, Stay
from locanda.core.time import ROME
from locanda.law.statistics import day_counts
from locanda.office import accounts
from locanda.office.duty_marks import File
from locanda.office.statistics import hand_steps, jobs, preparing, sendings, status
from locanda.office.statistics.duties import sending_of
from locanda.office.statistics.movements import movement_of
from locanda.office.tax import facts
from locanda.portals.ross1000.simulator import Behaviour
from locanda.portals.spot.reading import read as read_spot
from locanda.portals.spot.values import File as SpotFile
from tests.flow_world import DE, IT, JUNE, LOMBARDIA, PUGLIA, FlowWorld, flow_world
from tests.web.scene import PNG
from tests.world import guest

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 6, 2), date(2026, 6, 8)


@pytest.fixture
def here() -> Iterator[FlowWorld]:
    """Two stays: a family from the 3rd to the 5th, a German from the 4th to the 7th; all days declared."""
    with flow_world() as made:
        made.family = made.arrive(  # type: ignore[attr-defined]
            3, guest("ROSSI", "ADA", "head_of_family", **IT), guest("ROSSI", "UGO", "family_member", **IT), nights=2
        )
        made.german = made.arrive(4, guest("NERI", "IDA", **DE), nights=3)  # type: ignore[attr-defined]
        made.at(9, 9)
        made.declare(FIRST, LAST)
        yield made


def alarms(here: FlowWorld) -> list[str]:
    return sorted(Alarm.objects.of(here.account).filter(cleared_at=None).values_list("kind", flat=True))


def change(here: FlowWorld, stay: Stay, place: int, **values: Any) -> None:
    assert facts.change(stay, {}, {place: values}, now=here.now, person=None) == []


def leaves(here: FlowWorld, stay: Stay, day: date) -> None:
    assert stay.arrival is not None
    nights = (day - stay.arrival.date()).days
    Stay.objects.of(here.account).filter(pk=stay.pk).update(departure=None, departure_day=day, nights=nights)


# --------------------------------------------------------------------------------------------------------- ROSS1000: changes


def test_a_guest_corrected_after_acceptance_goes_again_on_the_day_of_arrival(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    change(here, here.german, 0, tourism="seaside")  # type: ignore[attr-defined]
    assert here.words(FIRST, LAST) == ["accepted", "accepted", "changed", *["accepted"] * 4]
    (sending,) = here.sent(FIRST, LAST)
    assert (sending.kind, sending.first, sending.last, sending.days) == ("correction", date(2026, 6, 4), date(2026, 6, 4), 1)
    assert here.words(FIRST, LAST) == ["accepted"] * 7 and here.held()[date(2026, 6, 4)].corrected


def test_a_change_that_writes_the_same_day_is_no_change(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    assert facts.change(here.german, {"booked_on": "2026-01-02"}, {}, now=here.now, person=None) == []  # type: ignore[attr-defined]
    assert here.words(FIRST, LAST) == ["accepted"] * 7
    told = here.prepare(FIRST, LAST)
    assert not told.sendings and told.notes[0].code == "statistics.sending.nothing"


def test_a_guest_who_vanished_is_taken_out(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    Stay.objects.of(here.account).filter(pk=here.german.pk).update(status=Stay.Status.CANCELLED)  # type: ignore[attr-defined]
    assert "changed" in here.words(FIRST, LAST)
    (sending,) = here.sent(FIRST, LAST)
    assert sending.state == "accepted" and here.guests() == [("20260603", "17"), ("20260603", "19")]
    assert here.words(FIRST, LAST) == ["accepted"] * 7
    assert here.held()[date(2026, 6, 4)].people["arrivals"] == []


def test_a_departure_moved_sends_both_days(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    leaves(here, here.german, date(2026, 6, 8))  # type: ignore[attr-defined]
    (sending,) = here.sent(FIRST, LAST)
    assert {"2026-06-07", "2026-06-08"} <= {mark["day"] for mark in sending.marks} and sending.state == "accepted"
    assert here.words(FIRST, LAST) == ["accepted"] * 7


def test_a_head_who_vanished_goes_in_two_steps_in_order(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    Stay.objects.of(here.account).filter(pk=here.family.pk).update(status=Stay.Status.CANCELLED)  # type: ignore[attr-defined]
    made = here.sent(FIRST, LAST)
    assert [one.position for one in made] == [0, 1] and {one.state for one in made} == {"accepted"}
    assert here.guests() == [("20260604", "16")] and here.words(FIRST, LAST) == ["accepted"] * 7


def test_the_second_step_waits_for_the_first_and_falls_with_it(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    for one in here.portal.archive.guests("X00001"):
        here.portal.archive.remove(one)
    Stay.objects.of(here.account).filter(pk=here.family.pk).update(status=Stay.Status.CANCELLED)  # type: ignore[attr-defined]
    made = here.sent(FIRST, LAST)
    assert [one.state for one in made] == ["rejected", "withdrawn"]
    assert "flow_refused" in alarms(here)
    assert sendings.found_on_portal(made[0], there=True, now=here.now, person=here.world.person) == []
    assert here.sending(made[0]).evidence == "operator"


def test_a_forgotten_month_makes_the_later_days_go_again(here: FlowWorld) -> None:
    here.sent(LAST, LAST)
    told = here.prepare(FIRST, date(2026, 6, 4))
    assert "ross1000.days.again" not in [one.code for one in told.notes]
    (sending,) = told.sendings
    assert (sending.first, sending.last) == (FIRST, LAST)
    here.loop.round()
    assert here.words(FIRST, LAST) == ["accepted"] * 7


def test_after_any_changes_the_portal_holds_what_is_counted(here: FlowWorld) -> None:
    """The portal of the simulator, day by day, against the movement."""
    here.sent(FIRST, LAST)
    leaves(here, here.family, date(2026, 6, 6))  # type: ignore[attr-defined]
    change(here, here.german, 0, tourist=False)  # type: ignore[attr-defined]
    here.at(9, 10)
    here.sent(FIRST, LAST)
    moved, _ = movement_of(here.fresh(here.property), FIRST, LAST)
    assert moved is not None
    arrived = {one.day.day: len(one.day.arrived) for one in day_counts(moved)}
    on_portal: dict[date, int] = dict.fromkeys(arrived, 0)
    for day, _ in here.guests():
        on_portal[date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")] += 1
    assert on_portal == arrived and here.words(FIRST, LAST) == ["accepted"] * 7


# ------------------------------------------------------------------------------------------------------- what stands in the way


def test_everything_that_is_missing_is_told_at_once_and_nothing_is_kept(here: FlowWorld) -> None:
    told = here.prepare(FIRST, date(2026, 6, 9))
    assert [one.code for one in told.problems] == ["statistics.days.not_over"]
    here.at(11, 9)
    here.world.check_in(guest("SENZA", "CASA"), nights=1)
    here.at(13, 9)
    told = here.prepare(FIRST, date(2026, 6, 12))
    codes = {one.code for one in told.problems}
    assert "statistics.days.white" in codes and any(code.startswith("flows.") for code in codes)
    where = next(one.where for one in told.problems if one.code.startswith("flows.residence"))
    assert where.split(".")[0] in told.stays
    assert not FlowSending.objects.of(here.account).exists() and not PortalDay.objects.of(here.account).exists()
    assert all(one.message("it") and one.message("en") for one in told.problems)


def test_a_code_that_is_missing_stops(here: FlowWorld) -> None:
    Property.objects.of(here.account).update(portal_ids={})
    assert [one.code for one in here.prepare(FIRST, LAST).problems] == ["statistics.code.missing"]


def test_before_six_yesterday_is_not_over() -> None:
    assert preparing.complete_until(datetime(2026, 6, 9, 5, 59, tzinfo=ROME)) == date(2026, 6, 7)
    assert preparing.complete_until(datetime(2026, 6, 9, 6, 0, tzinfo=ROME)) == date(2026, 6, 8)


# ---------------------------------------------------------------------------------------------------------------- duties


def marks(here: FlowWorld) -> set[tuple[str, str]]:
    return set(DutyMark.objects.of(here.account).values_list("obligation", "subject"))


def test_in_sardegna_each_movement_of_an_accepted_day_is_done(here: FlowWorld) -> None:
    Property.objects.of(here.account).update(since=date(2026, 6, 1))
    here.sent(FIRST, date(2026, 6, 4))
    family, german = f"stay:{here.family.pk}", f"stay:{here.german.pk}"  # type: ignore[attr-defined]
    assert {subject for _, subject in marks(here)} == {family, german}
    assert {obligation for obligation, _ in marks(here)} == {"SA-STAT-01"}
    here.sent(date(2026, 6, 5), LAST)
    assert {subject for _, subject in marks(here)} == {
        family, german, f"{family},movement:departure", f"{german},movement:departure",
    }  # fmt: skip
    mark = DutyMark.objects.of(here.account).select_related("account").filter(subject=family).get()
    assert sending_of(mark) == str(FlowSending.objects.of(here.account).first().pk)


def test_a_mark_is_taken_back_when_a_day_changes_and_comes_back_when_it_is_sent(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    german = ("SA-STAT-01", f"stay:{here.german.pk}")  # type: ignore[attr-defined]
    assert german in marks(here)
    change(here, here.german, 0, tourism="seaside")  # type: ignore[attr-defined]
    jobs.look_for_changes(here.now)
    assert german not in marks(here) and alarms(here) == ["flow_changed"]
    here.sent(FIRST, LAST)
    assert german in marks(here) and alarms(here) == []


def test_what_a_person_marked_is_left_alone(here: FlowWorld) -> None:
    from locanda.office.duty_marks import mark_done

    subject = f"stay:{here.german.pk}"  # type: ignore[attr-defined]
    mark_done(here.property, "SA-STAT-01", subject, now=here.now, person=here.world.person, note="scritto sul portale")
    here.sent(FIRST, LAST)
    change(here, here.german, 0, tourism="seaside")  # type: ignore[attr-defined]
    jobs.look_for_changes(here.now)
    row = DutyMark.objects.of(here.account).select_related("account").get(subject=subject)
    assert row.done_by == here.world.person and row.note == "scritto sul portale"


def test_a_month_is_done_when_all_its_days_are_held() -> None:
    with flow_world(LOMBARDIA) as here:
        here.credential.portal = "ROSS1000-LO"
        here.credential.save()
        Property.objects.of(here.account).update(since=date(2020, 1, 1))
        here.arrive(3)
        here.at(date(2026, 7, 1), 9)
        here.declare(*JUNE)
        here.sent(date(2026, 6, 1), date(2026, 6, 29))
        assert marks(here) == set()
        here.sent(date(2026, 6, 30), date(2026, 6, 30))
        assert marks(here) == {("LO-STAT-01", "period:2026-06"), ("LO-STAT-02", "period:2026-06")}


# ------------------------------------------------------------------------------------------------------------------ by itself


def test_each_complete_day_goes_the_morning_after_with_what_is_behind(here: FlowWorld) -> None:
    here.at(9, 5)
    jobs.make_ready(here.now)
    assert not FlowSending.objects.of(here.account).exists()  # nobody asked for it
    Property.objects.of(here.account).update(flow_auto=True)
    jobs._last.clear()
    jobs.make_ready(here.now)
    assert not FlowSending.objects.of(here.account).exists()  # before six
    Property.objects.of(here.account).update(created_at=datetime(2026, 6, 2, 8, tzinfo=ROME))
    here.at(9, 6)
    jobs.make_ready(here.now)
    here.loop.round()
    assert here.words(FIRST, LAST) == ["accepted"] * 7
    here.at(10, 6)
    jobs.make_ready(here.now)
    assert alarms(here) == ["flow_not_ready"]  # nobody said what the 9th was
    here.declare(date(2026, 6, 9), date(2026, 6, 9))
    here.at(10, 7)
    jobs.make_ready(here.now)
    here.loop.round()
    assert here.words(date(2026, 6, 9), date(2026, 6, 9)) == ["accepted"] and alarms(here) == []


@pytest.mark.parametrize("missing", ["day", "residence"])
def test_days_before_the_first_that_something_is_missing_of_go(here: FlowWorld, missing: str) -> None:
    Property.objects.of(here.account).update(flow_auto=True, created_at=datetime(2026, 6, 2, 8, tzinfo=ROME))
    if missing == "residence":
        here.arrive(9, guest("SENZA", "CASA"), nights=1)
    here.at(11, 7)
    jobs.make_ready(here.now)
    here.loop.round()
    assert here.words(FIRST, LAST)[:6] == ["accepted"] * 6 and alarms(here) == ["flow_not_ready"]
    assert "accepted" not in here.words(date(2026, 6, 9), date(2026, 6, 10))
    facts_ = Alarm.objects.of(here.account).get(kind="flow_not_ready").facts
    assert facts_["last"] == "2026-06-10" and facts_["first"] >= "2026-06-08"
    here.later(minutes=10)
    jobs.make_ready(here.now)
    assert FlowSending.objects.of(here.account).count() == 1  # nothing more can go, and nothing goes twice


def test_what_was_refused_is_not_sent_again_and_again(here: FlowWorld) -> None:
    Property.objects.of(here.account).update(flow_auto=True, created_at=datetime(2026, 6, 2, 8, tzinfo=ROME))
    here.portal.behaviour = Behaviour(future_refused=True)
    for hour in (6, 7, 8):
        here.at(9, hour)
        here.portal.clock.set(datetime(2026, 6, 1, hour, tzinfo=ROME))
        jobs.make_ready(here.now)
        here.loop.round()
    assert FlowSending.objects.of(here.account).count() == 1 and "flow_refused" in alarms(here)


def test_the_month_of_a_file_is_made_ready_on_the_first() -> None:
    with flow_world(PUGLIA, datetime(2026, 5, 20, 12, tzinfo=ROME)) as here:
        here.arrive(3)
        here.at(date(2026, 6, 30), 23)
        jobs.make_ready(here.now)
        here.at(date(2026, 7, 1), 7)
        jobs.make_ready(here.now)
        assert alarms(here) == ["flow_not_ready"] and not FlowSending.objects.of(here.account).filter(first__month=6).exists()
        here.declare(date(2026, 5, 20), date(2026, 6, 30))
        here.later(minutes=10)
        jobs.make_ready(here.now)
        (sending,) = FlowSending.objects.of(here.account).filter(last=date(2026, 6, 30))
        assert (sending.state, sending.mode, sending.format) == ("ready", "FILE", "spot") and alarms(here) == []
        stay = Stay.objects.of(here.account).get()
        change(here, stay, 0, tourism="seaside")
        here.later(minutes=10)
        jobs.make_ready(here.now)
        assert here.sending(sending).state == "withdrawn"  # made anew: something changed while it waited
        here.later(minutes=10)
        jobs.make_ready(here.now)
        assert FlowSending.objects.of(here.account).filter(state="ready").count() == 1


# ------------------------------------------------------------------------------------------------------------------------ SPOT


@pytest.fixture
def puglia() -> Iterator[FlowWorld]:
    with flow_world(PUGLIA) as made:
        Property.objects.of(made.account).update(since=date(2020, 1, 1), portal_ids={})
        made.property = made.fresh(made.property)
        made.family = made.arrive(  # type: ignore[attr-defined]
            3, guest("ROSSI", "ADA", "head_of_family", **IT), guest("ROSSI", "UGO", "family_member", **IT), nights=2
        )
        made.german = made.arrive(10, guest("NERI", "IDA", **DE), nights=3)  # type: ignore[attr-defined]
        made.at(date(2026, 7, 1), 9)
        made.declare(*JUNE)
        yield made


def spot_file(sending: FlowSending) -> SpotFile | None:
    kept = sendings.file_of(sending)
    assert kept is not None
    file: SpotFile | None = read_spot(kept[1])[0]
    return file


def confirmed(here: FlowWorld, first: date, last: date) -> FlowSending:
    told = here.prepare(first, last)
    assert not told.problems, [one.render() for one in told.problems]
    sending = told.sendings[-1]
    assert sendings.hand_over(sending, now=here.now, person=here.world.person) == []
    proof = File("schermata.png", PNG)
    problems = sendings.confirm(sending, now=here.now, person=here.world.person, protocol="caricato 1/7", proof=proof)
    assert problems == []
    return here.sending(sending)


def test_a_confirmed_file_is_held_day_by_day_with_its_proof(puglia: FlowWorld) -> None:
    sending = confirmed(puglia, *JUNE)
    assert (sending.state, sending.evidence, sending.protocol) == ("confirmed", "operator", "caricato 1/7")
    assert sendings.proof_of(sending) == ("schermata.png", PNG) and sending.proof_media == "image/png"
    assert puglia.words(*JUNE) == ["confirmed"] * 30
    assert marks(puglia) == {("PU-SPOT-01", "period:2026-06"), ("PU-SPOT-02", "period:2026-06")}


def test_the_next_file_begins_after_the_last_day_accepted(puglia: FlowWorld) -> None:
    confirmed(puglia, date(2026, 6, 1), date(2026, 6, 11))
    sending = confirmed(puglia, *JUNE)
    file = spot_file(sending)
    assert file is not None and file.days[0].day == date(2026, 6, 12) and sending.first == date(2026, 6, 12)
    assert puglia.words(*JUNE) == ["confirmed"] * 30
    told = puglia.prepare(date(2026, 7, 1), date(2026, 7, 1))
    assert told.problems  # not over


def test_days_forgotten_in_between_are_asked_for_too(puglia: FlowWorld) -> None:
    confirmed(puglia, date(2026, 6, 1), date(2026, 6, 20))
    puglia.at(date(2026, 8, 1), 9)
    puglia.declare(date(2026, 7, 10), date(2026, 7, 31))
    told = puglia.prepare(date(2026, 7, 10), date(2026, 7, 31))
    (problem,) = told.problems
    assert (problem.code, problem.fact("first"), problem.fact("count")) == ("statistics.days.white", "2026-07-01", "9")
    puglia.declare(date(2026, 7, 1), date(2026, 7, 9), open=False)
    (sending,) = puglia.prepare(date(2026, 7, 10), date(2026, 7, 31)).sendings
    assert (sending.first, sending.last) == (date(2026, 6, 21), date(2026, 7, 31))


def test_a_file_refused_can_be_made_again(puglia: FlowWorld) -> None:
    sending = puglia.prepare(*JUNE).sendings[0]
    assert [one.code for one in sendings.refuse(sending, " ", now=puglia.now, person=None)] == ["statistics.refusal.reason"]
    assert sendings.refuse(sending, "Giorno 12: codice già presente", now=puglia.now, person=puglia.world.person) == []
    assert set(puglia.words(*JUNE)) == {"refused"} and not puglia.held()
    day = status.status_of(puglia.property, *JUNE, now=puglia.now)[0]
    assert day.reasons == ("Giorno 12: codice già presente",)
    confirmed(puglia, *JUNE)
    assert set(puglia.words(*JUNE)) == {"confirmed"}


def test_what_was_handed_over_must_be_told_of_before_it_is_made_anew(puglia: FlowWorld) -> None:
    sending = puglia.prepare(*JUNE).sendings[0]
    sendings.hand_over(sending, now=puglia.now, person=None)
    assert set(puglia.words(*JUNE)) == {"handed_over"}
    assert [one.code for one in puglia.prepare(*JUNE).problems] == ["statistics.sending.handed_over"]
    assert [one.code for one in sendings.withdraw(sending, now=puglia.now, person=None)] == ["statistics.sending.moved_on"]


def test_a_day_is_corrected_by_hand_step_by_step(puglia: FlowWorld) -> None:
    confirmed(puglia, *JUNE)
    leaves(puglia, puglia.german, date(2026, 6, 14))  # type: ignore[attr-defined]
    change(puglia, puglia.family, 1, residence_comune="MILANO (MI)")  # type: ignore[attr-defined]
    jobs.look_for_changes(puglia.now)
    assert marks(puglia) == set() and puglia.words(*JUNE).count("changed") >= 3
    told = puglia.prepare(*JUNE)
    (sending,) = told.sendings
    assert (sending.kind, sending.state) == ("steps", "ready")
    listed = hand_steps.steps_of(sending)
    assert len(listed) >= 3 and not any(one.done for one in listed) and listed[0].step.words("it")
    assert sendings.confirm(sending, now=puglia.now, person=None)[0].code == "statistics.steps.open"
    for place in range(len(listed)):
        assert hand_steps.finish(puglia.sending(sending), now=puglia.now, person=None)[0].code == "statistics.steps.left"
        assert hand_steps.tick(puglia.sending(sending), place, done=True, now=puglia.now, person=puglia.world.person) == []
    assert hand_steps.tick(puglia.sending(sending), 0, done=False, now=puglia.now, person=None) == []
    assert hand_steps.tick(puglia.sending(sending), 0, done=True, now=puglia.now, person=None) == []
    assert hand_steps.finish(puglia.sending(sending), now=puglia.now, person=puglia.world.person) == []
    words = puglia.words(*JUNE)
    assert set(words) == {"confirmed", "corrected"} and words.count("corrected") == sending.days
    assert ("PU-SPOT-01", "period:2026-06") in marks(puglia)
    assert puglia.prepare(*JUNE).sendings == ()  # nothing is left to do


def test_a_list_left_half_done_goes_on_from_there(puglia: FlowWorld) -> None:
    confirmed(puglia, *JUNE)
    leaves(puglia, puglia.german, date(2026, 6, 14))  # type: ignore[attr-defined]
    sending = puglia.prepare(*JUNE).sendings[0]
    whole = hand_steps.steps_of(sending)
    hand_steps.tick(sending, 0, done=True, now=puglia.now, person=None)
    assert sendings.refuse(puglia.sending(sending), "il portale non risponde", now=puglia.now, person=None) == []
    rest = hand_steps.steps_of(puglia.prepare(*JUNE).sendings[0])
    assert [one.step for one in rest] == [one.step for one in whole[1:]]


def test_two_properties_with_one_code_are_one_file(puglia: FlowWorld) -> None:
    Property.objects.of(puglia.account).update(portal_ids={"spot": "PU123"})
    other = puglia.another("Dépendance", "", portal_ids={"spot": "PU123"}, flow_credential=None, since=date(2020, 1, 1))
    accounts.add_unit(other, "B")
    puglia.declare(*JUNE, property=other)
    sending = confirmed(puglia, *JUNE)
    rows = list(FlowSending.objects.of(puglia.account).order_by("property__name"))
    assert [row.state for row in rows] == ["confirmed", "confirmed"] and len({row.sha256 for row in rows}) == 1
    file = spot_file(sending)
    assert file is not None
    assert file.days[0].figures is not None and file.days[0].figures.beds == 12
    codes = {one.person.code for day in file.days for one in day.arrivals or ()}
    assert all("-" in code for code in codes)
    for row in (puglia.fresh(puglia.property), puglia.fresh(other)):
        assert {one.state for one in status.status_of(row, *JUNE, now=puglia.now)} == {"confirmed"}
    leaves(puglia, puglia.german, date(2026, 6, 14))  # type: ignore[attr-defined]
    told = puglia.prepare(*JUNE)
    assert [one.kind for one in told.sendings] == ["steps"]
    for place in range(len(hand_steps.steps_of(told.sendings[0]))):
        hand_steps.tick(puglia.sending(told.sendings[0]), place, done=True, now=puglia.now, person=None)
    assert hand_steps.finish(puglia.sending(told.sendings[0]), now=puglia.now, person=None) == []
    assert puglia.prepare(*JUNE).sendings == ()


# -------------------------------------------------------------------------------------------------------------------- sheets


def test_a_sheet_is_typed_and_confirmed() -> None:
    with flow_world("403014061") as here:
        Property.objects.of(here.account).update(portal_ids={}, flow_credential=None)
        here.arrive(3)
        here.at(date(2026, 7, 1), 9)
        here.declare(*JUNE)
        (sending,) = here.prepare(*JUNE).sendings
        assert (sending.mode, sending.format, sending.portal) == ("SHEET", "abit", "ABIT")
        assert sendings.confirm(sending, now=here.now, person=here.world.person) == []
        assert set(here.words(*JUNE)) == {"confirmed"}
        change(here, Stay.objects.of(here.account).get(), 0, residence_comune="MILANO (MI)")
        assert "changed" in here.words(*JUNE)
        (again,) = here.prepare(*JUNE).sendings
        assert again.kind == "correction"


def test_a_format_of_one_day_makes_a_file_a_day_that_move_together() -> None:
    with flow_world("410054039") as here:
        Property.objects.of(here.account).update(portal_ids={"turismatica": "123"}, flow_credential=None)
        here.arrive(3)
        here.at(6, 9)
        here.declare(date(2026, 6, 2), date(2026, 6, 5))
        told = here.prepare(date(2026, 6, 2), date(2026, 6, 5))
        assert len(told.sendings) == 4, [one.render() for one in told.problems]
        assert sendings.hand_over(told.sendings[0], now=here.now, person=None) == []
        assert sendings.confirm(told.sendings[2], now=here.now, person=None) == []
        assert {here.sending(one).state for one in told.sendings} == {"confirmed"}


# ---------------------------------------------------------------------------------------------------------------------- cheap


def test_the_states_of_many_properties_open_no_stay(here: FlowWorld) -> None:
    here.sent(FIRST, LAST)
    others = [here.another(f"Casa {number}", f"Y{number:05d}") for number in range(3)]
    rows = [here.fresh(one) for one in (here.property, *others)]
    status.statuses_of(here.account, rows, FIRST, LAST, now=here.now)
    with CaptureQueriesContext(connection) as asked:
        found = status.statuses_of(here.account, rows, FIRST, LAST, now=here.now)
    assert len(found) == 4 and len(asked) <= 12
    assert not any("sealed_file" in one["sql"] for one in asked)
