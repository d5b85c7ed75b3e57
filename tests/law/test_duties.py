"""The list of duties on the packs that come with the program: spec adempimenti 1, 2 and 4, by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.core.people import Guest, GuestDetails
from locanda.core.stays import Property, Stay
from locanda.core.time import parse_instant
from locanda.law.deadlines import day_of, instant_of
from locanda.law.duties import Duties, Duty, chain_of, list_duties
from locanda.law.events import DutyEvent
from locanda.law.occurrences import Facts
from locanda.law.packs import Chain, Override
from tests.law.moments import moments

MONOPOLI, TRANI, ANDRIA, TIRANO, SONDRIO, MILANO, SASSARI, ROMA, FIRENZE, TORINO = (
    "072030", "110009", "110001", "014066", "014061", "015146", "090064", "058091", "048017", "001272",
)  # fmt: skip
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def at(text: str) -> datetime:
    return parse_instant(text)


def house(comune: str, kind: str = "bb", **more: Any) -> Property:
    return Property(id="P1", type=kind, comune=comune, **more)


def stay(arrival: str, departure: str | None = None, *guests: Guest, **more: Any) -> Stay:
    left: Any = None if departure is None else at(departure) if "T" in departure else date.fromisoformat(departure)
    return Stay("S1", at(arrival), left, guests=guests or (Guest(id="a"),), **more)


def listed(property: Property, *stays: Stay, events: Any = (), span: tuple[date, date] = YEAR, **more: Any) -> Duties:
    return list_duties(property, stays, events, from_=span[0], to=span[1], **more)


def of(found: Duties, obligation: str) -> list[Duty]:
    return [duty for duty in found.duties if duty.obligation == obligation]


def ids(found: Duties) -> set[str]:
    return {duty.obligation for duty in found.duties}


def months(found: Duties) -> list[str]:
    return [str(dict(duty.subject)["period"]) for duty in of(found, "PU-SPOT-01")]


# the police ---------------------------------------------------------------------------------------------------------------


def test_each_person_has_a_clock() -> None:
    late = Guest(id="b", details=GuestDetails(arrival=at("2026-07-11T09:30+02:00")))
    found = listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", "2026-07-14T10:00+02:00", Guest(id="a"), late))
    assert {duty.subject: duty.when.due for duty in of(found, "IT-PS-02")} == {
        (("stay", "S1"), ("guest", "a")): at("2026-07-11T16:00+02:00"),
        (("stay", "S1"), ("guest", "b")): at("2026-07-12T09:30+02:00"),
    }
    assert [duty.when.due for duty in of(found, "IT-PS-01")] == [at("2026-07-10T16:00+02:00"), at("2026-07-11T09:30+02:00")]
    duty = of(found, "IT-PS-02")[0]
    assert (duty.portal, duty.authority, duty.rule.sanctions, duty.rule.status) == ("ALLOGGIATI", "QU-BA", ("N-109",), "law")


@pytest.mark.parametrize(
    ("departure", "obligation", "due"),
    [
        ("2026-07-11T16:00+02:00", "IT-PS-03", "2026-07-10T22:00+02:00"),
        ("2026-07-11T16:01+02:00", "IT-PS-02", "2026-07-11T16:00+02:00"),
        ("2026-07-11", "IT-PS-03", "2026-07-10T22:00+02:00"),
        ("2026-07-12", "IT-PS-02", "2026-07-11T16:00+02:00"),
    ],
)
def test_short_or_long(departure: str, obligation: str, due: str) -> None:
    found = listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", departure))
    assert ids(found) & {"IT-PS-02", "IT-PS-03"} == {obligation}
    assert of(found, obligation)[0].when.due == at(due)


def test_before_12_january_2022_short_stays_were_due_on_arrival() -> None:
    span = (date(2022, 1, 1), date(2022, 1, 31))
    before = listed(house(MONOPOLI), stay("2022-01-11T16:00+01:00", "2022-01-12T10:00+01:00"), span=span)
    after = listed(house(MONOPOLI), stay("2022-01-12T16:00+01:00", "2022-01-13T10:00+01:00"), span=span)
    assert of(before, "IT-PS-03")[0].when.due == at("2022-01-11T16:00+01:00")
    assert of(after, "IT-PS-03")[0].when.due == at("2022-01-12T22:00+01:00")


@pytest.mark.parametrize(
    ("arrival", "due", "prudent"),
    [
        ("2026-03-28T15:00+01:00", "2026-03-29T16:00+02:00", "2026-03-29T15:00+02:00"),
        ("2026-10-24T15:00+02:00", "2026-10-25T14:00+01:00", "2026-10-25T14:00+01:00"),
    ],
)
def test_the_clock_changes(arrival: str, due: str, prudent: str) -> None:
    duty = of(listed(house(MONOPOLI), stay(arrival, nights=3)), "IT-PS-02")[0]
    assert (duty.when.due, duty.when.prudent_due, duty.when.remind_by) == (at(due), at(prudent), at(prudent))


def test_more_than_thirty_nights_are_reported_again() -> None:
    found = listed(house(MONOPOLI), stay("2026-03-01T15:00+01:00", nights=45))
    first, again = of(found, "IT-PS-02")
    assert again.when.due == at("2026-04-01T15:00+02:00")
    assert again.subject == (*first.subject, ("segment", "2026-03-31"))
    assert len(of(found, "IT-PS-01")) == 1, "the guest was identified at the first arrival"


def test_nights_already_registered_are_those_of_who_was_there() -> None:
    later = Guest(id="b", details=GuestDetails(arrival=at("2026-07-20T18:00+02:00")))
    found = listed(house(MONOPOLI), stay("2026-07-01T16:00+02:00", "2026-08-10", Guest(id="a"), later, registered_nights=30))
    due = {(dict(duty.subject)["guest"], duty.when.nominal) for duty in of(found, "IT-PS-02")}
    assert due == {("a", at("2026-08-01T16:00+02:00")), ("b", at("2026-07-21T18:00+02:00"))}


def test_a_stay_without_departure_stops_with_a_problem() -> None:
    problems = listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00")).problems
    assert [(problem.code, problem.where) for problem in problems] == [("duties.departure.unknown", "stays[0].departure")]


def test_who_leaves_before_coming_is_a_problem() -> None:
    guest = Guest(id="a", details=GuestDetails(departure=date(2026, 7, 9)))
    problems = listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", "2026-07-14", guest)).problems
    assert [(problem.code, problem.where) for problem in problems] == [
        ("stay.departure.before_arrival", "stays[0].guests[0].departure")
    ]


@pytest.mark.parametrize(
    ("kind", "more", "bound"),
    [
        ("rifugio", {}, True),
        ("rifugio", {"listed_refuge": True}, False),
        ("locazione_turistica", {}, True),
        ("locazione_turistica", {"lets_over_30_days": True}, False),
        ("casa_di_cura", {}, True),
        ("agriturismo", {}, True),
        ("albergo", {}, True),
        ("albergo", {"listed_refuge": True}, True),
        ("albergo", {"lets_over_30_days": True}, True),
        ("bb", {"listed_refuge": True, "lets_over_30_days": True}, True),
        ("rifugio", {"lets_over_30_days": True}, True),
        ("locazione_turistica", {"listed_refuge": True}, True),
    ],
)
def test_whom_the_police_duty_binds(kind: str, more: dict[str, Any], bound: bool) -> None:
    found = listed(house(MILANO, kind, **more), stay("2026-07-10T16:00+02:00", nights=3))
    assert ("IT-PS-02" in ids(found)) is bound
    assert ("IT-PS-01" in ids(found)) is bound


@pytest.mark.parametrize(("listed_refuge", "owed"), [(True, set()), (False, {"IT-PS-06", "IT-PS-08", "IT-PS-09"})])
def test_a_listed_refuge_owes_the_police_nothing_at_all(listed_refuge: bool, owed: set[str]) -> None:
    events = [
        DutyEvent("activity_end", at=date(2026, 8, 3)),
        DutyEvent("certificate_expiry", at=date(2026, 5, 4)),
        DutyEvent("portal_receipt", at=date(2026, 5, 5)),
    ]
    found = listed(house(SONDRIO, "rifugio", listed_refuge=listed_refuge), events=events)
    assert {ident for ident in ids(found) if ident.startswith("IT-PS-")} == owed


def test_care_homes_owe_the_police_alone() -> None:
    found = listed(house(TRANI, "casa_di_riposo", credentials="none"), stay("2026-07-10T16:00+02:00", nights=3))
    assert {obligation for obligation in ids(found) if "-PS-" not in obligation} == set()
    assert found.standing == ()


@pytest.mark.parametrize("credentials", ["pending", "none"])
@pytest.mark.parametrize(
    ("comune", "form", "request_", "office", "form_office"),
    [
        (MONOPOLI, "IT-PS-05", "IT-PS-04", "QU-BA", "QU-BA"),
        (TRANI, "BT-PS-02", "BT-PS-01", "CO-TRANI", "QU-BT"),
        (ANDRIA, "BT-PS-02", "BT-PS-01", "QU-BT", "QU-BT"),
    ],
)
def test_without_credentials(credentials: str, comune: str, form: str, request_: str, office: str, form_office: str) -> None:
    found = listed(house(comune, credentials=credentials), stay("2026-07-10T16:00+02:00", nights=1))
    duty = of(found, form)[0]
    assert (duty.when.due, duty.authority, duty.portal, duty.fulfils) == (
        at("2026-07-10T22:00+02:00"), form_office, "PEC", "IT-PS-03",
    )  # fmt: skip
    asked = of(found, request_)[0]
    assert (asked.when.due, asked.authority) == (at("2026-07-10T16:00+02:00"), office)
    if comune != MONOPOLI:
        assert duty.rule.refines == "IT-PS-05"
        assert not {"IT-PS-04", "IT-PS-05"} & ids(found), "only the local row is listed"


def test_with_credentials_nothing_is_asked_for() -> None:
    found = listed(house(TRANI), stay("2026-07-10T16:00+02:00", nights=1))
    assert not {"BT-PS-01", "BT-PS-02", "IT-PS-04", "IT-PS-05"} & ids(found)


@pytest.mark.parametrize(
    ("start", "end", "portal", "replaced"),
    [
        ("2026-07-10T14:00+02:00", "2026-07-10T18:00+02:00", "ALLOGGIATI", True),
        ("2026-07-10T17:00+02:00", "2026-07-10T19:00+02:00", "ALLOGGIATI", False),
        ("2026-07-11T10:00+02:00", None, "ALLOGGIATI", True),
        ("2026-07-10T14:00+02:00", "2026-07-10T18:00+02:00", "DMS", False),
    ],
)
def test_an_outage_calls_for_the_replacement(start: str, end: str | None, portal: str, replaced: bool) -> None:
    outage = DutyEvent("outage", at=at(start), until=at(end) if end else None, word=portal)
    found = listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", nights=3), events=[outage])
    assert ("IT-PS-05" in ids(found)) is replaced
    assert "IT-PS-02" in ids(found)


def test_receipts_and_outages_mean_their_own_portal() -> None:
    events = [
        DutyEvent("portal_receipt", at=at("2026-07-11T08:00+02:00"), word="ALLOGGIATI"),
        DutyEvent("portal_receipt", at=at("2026-07-12T08:00+02:00"), word="DMS"),
        DutyEvent("outage", at=at("2026-07-09T10:00+02:00"), until=None, word="SPOT"),
        DutyEvent("outage", at=at("2026-07-09T11:00+02:00"), until=None, word="ALLOGGIATI"),
    ]
    found = listed(house(MONOPOLI), events=events)
    assert [duty.subject for duty in of(found, "IT-PS-06")] == [(("event", 0),)]
    assert [duty.subject for duty in of(found, "PU-SPOT-03")] == [(("event", 2),)]


@pytest.mark.parametrize("name", ["ALLOGGIATI", "alloggiati", "Alloggiati Web", "alloggiati_web"])
def test_a_portal_may_be_written_in_any_way(name: str) -> None:
    outage = DutyEvent("outage", at=at("2026-07-10T15:00+02:00"), word=name)
    found = listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", nights=3), events=[outage])
    assert "IT-PS-05" in ids(found)
    receipt = DutyEvent("portal_receipt", at=at("2026-07-11T08:00+02:00"), word=name)
    assert "IT-PS-06" in ids(listed(house(MONOPOLI), events=[receipt]))


@pytest.mark.parametrize("name", ["ROSS1000", "MONOPOLI", "PU", ""])
def test_another_portal_is_another_portal(name: str) -> None:
    outage = DutyEvent("outage", at=at("2026-07-10T15:00+02:00"), word=name)
    assert not {"IT-PS-05", "PU-SPOT-03"} & ids(
        listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", nights=3), events=[outage])
    )


def test_a_duty_of_the_operator_may_have_any_name() -> None:
    where = chain_of(house(MONOPOLI), YEAR[0])
    assert isinstance(where, Chain)
    keys = {
        "it": "Nota", "en": "Note", "basis": "scelta nostra", "applies": ["bb"], "channel": "DMS", "evidence": ["note"],
        "status": "unverified", "sources": ["noi"], "deadline": {"kind": "at_event", "event": "outage"},
    }  # fmt: skip
    own = [Override("obligation", name, keys, "prova", YEAR[0], valid_from=YEAR[0]) for name in ("LOC", "LOC-1")]
    outage = DutyEvent("outage", at=at("2026-07-10T15:00+02:00"), word="DMS")
    found = listed(house(MONOPOLI), events=[outage], rules=where.with_overrides(own))
    assert {"LOC", "LOC-1", "PU-SPOT-03"} <= ids(found)


# periods ------------------------------------------------------------------------------------------------------------------


def test_worked_dates_of_monopoli() -> None:
    found = listed(house(MONOPOLI), span=(date(2026, 1, 1), date(2027, 12, 31)))
    quarters = {dict(duty.subject)["period"]: duty.when for duty in of(found, "MO-IDS-04")}
    assert {label: (when.nominal, when.due) for label, when in quarters.items()} == {
        "2025-Q4": (date(2026, 1, 16), date(2026, 1, 16)),
        "2026-Q1": (date(2026, 4, 16), date(2026, 4, 16)),
        "2026-Q2": (date(2026, 7, 16), date(2026, 7, 16)),
        "2026-Q3": (date(2026, 10, 16), date(2026, 10, 16)),
        "2026-Q4": (date(2027, 1, 16), date(2027, 1, 18)),
        "2027-Q1": (date(2027, 4, 16), date(2027, 4, 16)),
        "2027-Q2": (date(2027, 7, 16), date(2027, 7, 16)),
        "2027-Q3": (date(2027, 10, 16), date(2027, 10, 18)),
    }
    january = of(found, "MO-IDS-05")[1].when
    assert (january.nominal, january.due, january.remind_by) == (date(2027, 1, 30), date(2027, 1, 30), date(2027, 1, 29))
    assert [duty.when.due for duty in of(found, "IT-IDS-01")] == [date(2026, 6, 30), date(2027, 6, 30)]
    spot = next(duty for duty in of(found, "PU-SPOT-01") if dict(duty.subject)["period"] == "2026-04")
    assert (spot.when.due, spot.when.remind_by, spot.rule.refines) == (date(2026, 5, 10), date(2026, 5, 8), "IT-STAT-01")
    assert not {"IT-IDS-02", "IT-IDS-03", "IT-STAT-01"} & ids(found), "the local rows stand for them"


def test_a_term_moved_over_the_edge_belongs_to_the_day_it_falls_on() -> None:
    assert "MO-IDS-04" not in ids(listed(house(MONOPOLI), span=(date(2027, 1, 10), date(2027, 1, 17))))
    assert "MO-IDS-04" in ids(listed(house(MONOPOLI), span=(date(2027, 1, 18), date(2027, 1, 18))))


def test_lombardia_by_the_fifth_through_abit_in_sondrio() -> None:
    found = listed(house(TIRANO), span=(date(2026, 7, 1), date(2026, 7, 31)))
    flows = of(found, "LO-STAT-01")[0]
    assert (flows.when.nominal, flows.when.due) == (date(2026, 7, 5), date(2026, 7, 5))
    assert (flows.portal, flows.authority, flows.rule.sanctions) == ("ABIT", "PR-SO", ("L-STAT",))
    milan = of(listed(house(MILANO), span=(date(2026, 7, 1), date(2026, 7, 31))), "LO-STAT-01")[0]
    assert (milan.portal, milan.authority) == ("ROSS1000-LO", "PROVINCIA")


def test_tirano_pays_each_month_by_the_third_since_april_2025() -> None:
    found = listed(house(TIRANO), span=(date(2025, 4, 1), date(2025, 6, 30)))
    april = next(duty for duty in of(found, "SO-IDS-01") if dict(duty.subject)["period"] == "2025-04")
    assert (april.when.nominal, april.when.due) == (date(2025, 5, 3), date(2025, 5, 5))
    sondrio = of(listed(house(SONDRIO), span=(date(2025, 4, 1), date(2025, 6, 30))), "SO-IDS-01")
    assert [duty.when.due for duty in sondrio] == [date(2025, 4, 16)]


def test_puglia_reported_by_the_fifth_until_2019() -> None:
    found = listed(house(MONOPOLI), span=(date(2020, 1, 1), date(2020, 2, 29)))
    assert {dict(duty.subject)["period"]: (duty.when.due, duty.rule.sanctions) for duty in of(found, "PU-SPOT-01")} == {
        "2019-12": (date(2020, 1, 5), ("P-SPOT-2017T", "P-SPOT-2017P")),
        "2020-01": (date(2020, 2, 10), ("P-SPOT-LATE", "P-SPOT-OM", "P-SPOT-DIF")),
    }


def test_tourist_lets_in_puglia_are_only_advised_to_report() -> None:
    found = of(listed(house(MONOPOLI, "locazione_turistica")), "PU-SPOT-01")
    assert len(found) == 12
    assert all(duty.advised for duty in found)
    assert not any(duty.advised for duty in of(listed(house(MONOPOLI)), "PU-SPOT-01"))


def test_prices_and_farm_stays() -> None:
    assert [duty.when.due for duty in of(listed(house(MONOPOLI)), "PU-CPS-01")] == [date(2026, 10, 1)]
    assert [dict(duty.subject)["period"] for duty in of(listed(house(MONOPOLI)), "PU-CPS-01")] == ["2027"]
    assert "PU-CPS-01" not in ids(listed(house(MONOPOLI, "locazione_turistica")))
    farm = listed(house(SONDRIO, "agriturismo"))
    assert [duty.when.due for duty in of(farm, "LO-AGR-01")] == [date(2026, 10, 1)]
    assert "LO-PRZ-01" not in ids(farm)


def test_before_the_start_and_after_the_end_nothing_is_reported() -> None:
    found = listed(house(MONOPOLI, since=date(2026, 5, 20)), events=[DutyEvent("activity_end", at=date(2026, 8, 3))])
    assert [dict(duty.subject)["period"] for duty in of(found, "PU-SPOT-01")] == ["2026-05", "2026-06", "2026-07", "2026-08"]
    assert of(found, "PU-CPS-01") == []
    assert [duty.when.due for duty in of(found, "IT-PS-08")] == [date(2026, 8, 3)]


def test_full_months_have_no_days_to_excuse() -> None:
    june = stay("2026-05-30T15:00+02:00", nights=33)
    assert "2026-06" not in {dict(duty.subject)["period"] for duty in of(listed(house(MONOPOLI), june), "PU-SPOT-02")}
    assert "2026-07" in {dict(duty.subject)["period"] for duty in of(listed(house(MONOPOLI), june), "PU-SPOT-02")}
    zero = {dict(duty.subject)["period"] for duty in of(listed(house(SASSARI), june), "SA-STAT-02")}
    assert not {"2026-05", "2026-06", "2026-07"} & zero
    assert "2026-08" in zero


def test_where_nobody_knows_of_a_tax_it_is_only_advised() -> None:
    assert all(duty.advised for duty in of(listed(house(MILANO)), "IT-IDS-01"))
    assert not any(duty.advised for duty in of(listed(house(MONOPOLI)), "IT-IDS-01"))


# Sardegna -----------------------------------------------------------------------------------------------------------------


def test_movements_within_a_day() -> None:
    found = listed(house(SASSARI), stay("2026-07-10T16:00+02:00", "2026-07-14T10:00+02:00"))
    arrived, left = of(found, "SA-STAT-01")
    assert (arrived.when.due, arrived.portal) == (at("2026-07-11T16:00+02:00"), "ROSS1000-SA")
    assert left.when.due == at("2026-07-15T10:00+02:00")
    assert dict(left.subject)["movement"] == "departure"
    lets = listed(house(SASSARI, "locazione_turistica"), stay("2026-07-10T16:00+02:00", nights=4))
    assert {"SA-LOC-02"} <= ids(lets)
    assert "SA-STAT-01" not in ids(lets)


def test_the_first_of_listing_and_availability() -> None:
    events = [DutyEvent("listing_published", at=date(2026, 4, 2)), DutyEvent("activity_start", at=date(2026, 5, 1))]
    found = of(listed(house(SASSARI, "locazione_turistica"), events=events), "SA-LOC-01")
    assert [(duty.when.due, duty.authority) for duty in found] == [(date(2026, 4, 2), "COMUNE")]


# events -------------------------------------------------------------------------------------------------------------------


def test_the_refusal_form_within_48_hours() -> None:
    events = [
        DutyEvent("form_signed", at=at("2026-07-14T09:00+02:00"), word=form) for form in ("4", "modello_5", "3", "refusal")
    ]
    found = of(listed(house(MONOPOLI), events=events), "MO-IDS-08")
    assert [dict(duty.subject)["event"] for duty in found] == [0, 1, 3]
    assert {duty.when.due for duty in found} == {at("2026-07-16T09:00+02:00")}


def test_exemption_forms_for_children_and_care() -> None:
    guests = (
        Guest(id="child", birth_date=date(2014, 7, 15)), Guest(id="twelve", birth_date=date(2014, 7, 10)),
        Guest(id="care", birth_date=date(1950, 1, 1), details=GuestDetails(status=("l104_permanent_care",))), Guest(id="adult"),
        Guest(id="severe", birth_date=date(1950, 1, 1), details=GuestDetails(status=("severe_disability",))),  # pays here
    )  # fmt: skip
    found = of(listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", "2026-07-14T10:00+02:00", *guests)), "MO-IDS-07")
    assert {dict(duty.subject)["guest"] for duty in found} == {"child", "care"}


@pytest.mark.parametrize(
    ("since", "starts", "ends", "open_"),
    [
        (None, [], [], range(1, 13)),
        (None, ["2026-03-31"], [], range(3, 13)),
        ("2026-05-20", [], ["2026-08-03"], range(5, 9)),
        (None, ["2026-06-10"], ["2026-03-31"], [1, 2, 3, *range(6, 13)]),  # closed, and open again
        ("2020-01-01", ["2026-06-10"], ["2026-03-31"], [1, 2, 3, *range(6, 13)]),
        (None, ["2020-01-01", "2026-06-10"], ["2026-03-31"], [1, 2, 3, *range(6, 13)]),
        (None, ["2020-01-01", "2026-06-10"], ["2026-03-31", "2026-09-30"], [1, 2, 3, 6, 7, 8, 9]),
        ("2026-06-10", [], ["2026-03-31"], [1, 2, 3, *range(6, 13)]),
        (None, ["2026-02-01"], ["2026-03-31", "2026-05-31"], [2, 3, 4, 5]),  # told twice: the later one
        (None, ["2020-01-01", "2026-04-01"], ["2026-04-01"], range(1, 13)),  # handed on that day
        (None, ["2026-04-01"], ["2026-04-01"], [4]),
    ],
)
def test_a_property_that_opens_again_owes_again(since: str | None, starts: list[str], ends: list[str], open_: Any) -> None:
    events = [DutyEvent("activity_start", at=date.fromisoformat(day)) for day in starts]
    events += [DutyEvent("activity_end", at=date.fromisoformat(day)) for day in ends]
    home = house(MONOPOLI, since=date.fromisoformat(since) if since else None)
    span = (date(2026, 2, 1), date(2027, 1, 31))
    assert months(listed(home, events=events, span=span)) == [f"2026-{month:02}" for month in open_]
    assert bool(listed(home, events=events, span=(span[0], date(2026, 7, 31))).standing) is (7 in open_)


FEW = st.lists(st.dates(date(2026, 1, 1), date(2026, 1, 14)), max_size=4)


@given(starts=FEW, ends=FEW, since=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 14)))
def test_every_day_told_is_a_day_of_the_activity(starts: list[date], ends: list[date], since: date | None) -> None:
    events = [*(DutyEvent("activity_start", at=day) for day in starts), *(DutyEvent("activity_end", at=day) for day in ends)]
    rules = chain_of(house(MONOPOLI), YEAR[0])
    assert isinstance(rules, Chain)
    facts = Facts(house(MONOPOLI, since=since), (), events, rules)
    assert all(facts.active(day, day) for day in (*starts, *ends))
    if not ends or max(starts, default=date.min) > max(ends):
        assert facts.active(date(2030, 1, 1), date(2030, 1, 1)), "nothing ended it"
    elif since is None or starts or since <= max(ends):
        assert not facts.active(date(2030, 1, 1), date(2030, 1, 1)) or set(starts) & set(ends), "it ended"


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (at("2026-05-04T09:30+02:00"), date(2026, 6, 3)),
        (date(2024, 11, 20), date(2024, 12, 20)),
        (date(2024, 9, 1), date(2025, 1, 1)),
    ],
)
def test_the_cin_within_thirty_days_of_the_regional_code(issued: Any, due: date) -> None:
    found = listed(house(MONOPOLI), events=[DutyEvent("regional_code_issued", at=issued)], span=(date(2024, 1, 1), YEAR[1]))
    assert [(duty.when.due, duty.authority) for duty in of(found, "IT-CIN-01")] == [(due, "MITUR")]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 5, 4), date(2026, 6, 3)),
        (date(2024, 11, 2), date(2024, 12, 2)),
        (date(2024, 11, 1), date(2025, 1, 1)),
        (date(2019, 1, 1), date(2025, 1, 1)),
    ],
)
def test_without_a_regional_code_the_cin_counts_from_the_start(start: date, due: date) -> None:
    span = (date(2024, 1, 1), YEAR[1])
    begun = [DutyEvent("activity_start", at=start)]
    for found in (listed(house(FIRENZE), events=begun, span=span), listed(house(FIRENZE, since=start), span=span)):
        assert [duty.when.nominal for duty in of(found, "IT-CIN-01")] == [due]
    code = DutyEvent("regional_code_issued", at=date(2026, 8, 1))
    told = listed(house(FIRENZE), events=[*begun, code], span=span)
    assert [duty.when.nominal for duty in of(told, "IT-CIN-01")] == [date(2026, 8, 31)], "a code was given after all"


@pytest.mark.parametrize("comune", [MONOPOLI, TRANI, MILANO, SONDRIO, SASSARI, TORINO, "063049"])
def test_where_the_region_gives_a_code_the_cin_waits_for_it(comune: str) -> None:
    assert of(listed(house(comune, since=date(2026, 5, 4))), "IT-CIN-01") == []


def test_a_business_owes_the_notice_with_one_flat() -> None:
    events = [DutyEvent("apartments_let", number=1, year=2026)]
    assert "IT-SUAP-01" in ids(listed(house(MILANO, "locazione_turistica", business=True), events=events))
    started = [DutyEvent("activity_start", at=date(2026, 5, 4))]
    assert "SA-SUAPE-01" in ids(listed(house(SASSARI, "locazione_turistica", business=True), events=started))
    assert "SA-SUAPE-01" not in ids(listed(house(SASSARI, "locazione_turistica"), events=started))


@pytest.mark.parametrize(
    ("count", "year", "bound"), [(2, 2026, False), (3, 2026, True), (4, 2025, False), (5, 2025, True), (3, 2025, False)]
)
def test_from_the_third_flat_letting_is_a_business(count: int, year: int, bound: bool) -> None:
    events = [DutyEvent("apartments_let", number=count, year=year)]
    found = listed(house(MILANO, "locazione_turistica"), events=events, span=(date(2025, 1, 1), YEAR[1]))
    assert ("IT-SUAP-01" in ids(found)) is bound
    assert "IT-SUAP-01" not in ids(listed(house(MILANO), events=events, span=(date(2025, 1, 1), YEAR[1])))


def test_after_a_sanction() -> None:
    events = [DutyEvent("challenge_served", at=date(2026, 3, 2)), DutyEvent("order_served", at=date(2026, 7, 20))]
    found = listed(house(MONOPOLI), events=events)
    assert {duty.obligation: (duty.when.nominal, duty.when.due) for duty in found.duties if "SANZ" in duty.obligation} == {
        "IT-SANZ-01": (date(2026, 5, 1), date(2026, 5, 2)),
        "IT-SANZ-02": (date(2026, 4, 1), date(2026, 4, 1)),
        "IT-SANZ-03": (date(2026, 9, 19), date(2026, 9, 19)),
    }
    assert [dict(duty.subject)["event"] for duty in of(found, "IT-SANZ-03")] == [1]


def test_starting_opens_everything_else() -> None:
    found = listed(
        house(MONOPOLI, "locazione_turistica", credentials="none"), stay("2026-05-20T15:00+02:00", nights=2),
        events=[DutyEvent("activity_start", at=date(2026, 5, 16))],
    )  # fmt: skip
    assert {"PU-SUAP-01": date(2026, 5, 16), "PU-CIA-01": date(2026, 5, 16), "PU-DMS-01": date(2026, 6, 10)}.items() <= {
        duty.obligation: duty.when.due for duty in found.duties
    }.items()
    assert of(found, "MO-IDS-01")[0].when.due == date(2026, 7, 16), "by the first payment"
    assert of(found, "IT-PS-04")[0].when.due == at("2026-05-20T15:00+02:00")
    assert of(found, "PU-SUAP-01")[0].when.remind_by == date(2026, 5, 15), "the 16th is a Saturday"


@pytest.mark.parametrize(("since", "due"), [(date(2019, 4, 1), date(2026, 9, 30)), (None, date(2026, 9, 30))])
def test_lets_that_already_ran_have_until_september_2026(since: date | None, due: date) -> None:
    found = listed(house(MONOPOLI, "locazione_turistica", since=since))
    assert [duty.when.due for duty in of(found, "PU-CIA-01")] == [due]
    assert [duty.when.due for duty in of(found, "PU-ASS-01")] == [due]
    assert "PU-CIA-01" not in ids(listed(house(MONOPOLI, "locazione_turistica", since=since, business=True)))


def test_a_property_added_to_an_account_of_flats() -> None:
    events = [DutyEvent("unit_added", at=at("2026-06-05T15:00+02:00"))]
    found = of(listed(house(TRANI, "locazione_turistica"), events=events), "IT-PS-07")
    assert [(duty.when.due, duty.authority) for duty in found] == [(at("2026-06-05T15:00+02:00"), "CO-TRANI")]


# counters and standing duties ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "have"),
    [
        ([], 0),
        ([DutyEvent("closing_days", number=85, year=2026)], 85),
        ([DutyEvent("closing_days", number=60, year=2026), DutyEvent("closing_days", number=30, year=2026)], 90),
        ([DutyEvent("closing_days", number=90, year=2025)], 0),
        ([DutyEvent("closure_planned", at=date(2026, 11, 2), until=date(2026, 11, 30))], 29),
        ([DutyEvent("closure_planned", at=date(2026, 12, 20), until=date(2027, 1, 10))] * 2, 12),
    ],
)
def test_ninety_closing_days(events: list[DutyEvent], have: int) -> None:
    counters = listed(house(SONDRIO), events=events).counters
    assert [(counter.obligation, counter.year, counter.have, counter.need, counter.satisfied) for counter in counters] == [
        ("LO-BB-01", 2026, have, 90, have >= 90)
    ]


def test_closing_days_bind_no_business() -> None:
    assert listed(house(SONDRIO, business=True)).counters == ()
    flats = listed(house(SONDRIO, "cav"))
    assert [counter.obligation for counter in flats.counters] == ["LO-CAV-01"]
    assert [duty.when.due for duty in of(flats, "LO-CAV-01")] == [date(2026, 12, 31)]


def test_closures_are_announced_the_day_before() -> None:
    events = [DutyEvent("closure_planned", at=date(2026, 11, 2), until=date(2026, 11, 30))]
    duty = of(listed(house(SONDRIO), events=events), "LO-BB-01")[0]
    assert (duty.when.due, duty.when.remind_by) == (date(2026, 11, 1), date(2026, 10, 30))


def test_standing_duties() -> None:
    found = listed(house(SONDRIO, since=date(2026, 3, 1)))
    standing = {entry.obligation: entry for entry in found.standing}
    assert {"IT-CIN-02", "IT-CIN-03", "LO-CON-01", "LO-ESP-01", "LO-ASS-01", "LO-PRZ-02"} <= set(standing)
    assert standing["LO-CON-01"].since == date(2026, 3, 1)
    assert standing["IT-CIN-03"].since is None
    assert "IT-SIC-01" not in standing
    assert "IT-SIC-01" in {entry.obligation for entry in listed(house(SONDRIO, "locazione_turistica")).standing}
    assert listed(house(SONDRIO, since=date(2027, 3, 1))).standing == ()
    before = listed(house(SONDRIO), span=(date(2023, 1, 1), date(2023, 12, 31)))
    assert "IT-CIN-02" not in {entry.obligation for entry in before.standing}


def test_the_sign_is_for_refuges_on_the_list() -> None:
    for listed_refuge in (True, False):
        found = listed(house(SONDRIO, "rifugio", listed_refuge=listed_refuge))
        assert ("LO-CON-01" in {entry.obligation for entry in found.standing}) is listed_refuge
    assert "LO-CON-01" in {entry.obligation for entry in listed(house(SONDRIO, "ostello")).standing}


def test_prices_of_lets_alone_are_disputed_in_sondrio() -> None:
    statuses = {
        kind: {entry.rule.status for entry in (*of(found, "LO-PRZ-01"), *found.standing) if entry.obligation.startswith("LO-PRZ")}
        for kind in ("bb", "locazione_turistica")
        for found in [listed(house(SONDRIO, kind))]
    }
    assert statuses == {"bb": {"law"}, "locazione_turistica": {"disputed"}}
    assert all(duty.advised for duty in of(listed(house(MILANO, "locazione_turistica")), "LO-PRZ-01"))


def test_the_first_and_the_last_day_of_the_stretch_count() -> None:
    events = [DutyEvent("regional_code_issued", at=date(2026, 5, 4))]  # due 3 June
    person = stay("2026-06-02T23:30+02:00", "2026-06-05")  # due 3 June at 23:30
    day = date(2026, 6, 3)
    for span in ((day, day), (date(2026, 5, 1), day), (day, date(2026, 7, 1))):
        assert {"IT-CIN-01", "IT-PS-02"} <= ids(listed(house(MONOPOLI), person, events=events, span=span))
    for span in ((date(2026, 5, 1), date(2026, 6, 2)), (date(2026, 6, 4), date(2026, 7, 1))):
        assert not {"IT-CIN-01", "IT-PS-02"} & ids(listed(house(MONOPOLI), person, events=events, span=span))


def test_prices_of_the_next_year_are_due_under_the_law_of_the_day_they_are_due() -> None:
    assert "PU-CPS-01" not in ids(listed(house(MONOPOLI), span=(date(2017, 9, 1), date(2017, 12, 31))))
    ending = [DutyEvent("activity_end", at=date(2026, 12, 31))]
    assert "PU-CPS-01" in ids(listed(house(MONOPOLI), events=ending)), "who is open on that day files them"
    assert "PU-CPS-01" not in ids(listed(house(MONOPOLI, since=date(2026, 11, 1))))
    found = of(listed(house(MONOPOLI), span=(date(2018, 1, 1), date(2018, 12, 31))), "PU-CPS-01")
    assert [(duty.subject, duty.when.nominal) for duty in found] == [((("period", "2019"),), date(2018, 10, 1))]


def test_standing_duties_are_looked_at_on_the_day_of_as_of() -> None:
    span = (date(2024, 1, 1), date(2024, 12, 31))
    seen = []
    for day in (None, "2024-11-01T12:00+01:00", "2024-11-02T00:30+01:00", "2023-05-01T12:00+02:00", "2030-01-01T12:00+01:00"):
        found = listed(house(SONDRIO), span=span, as_of=day and at(day))
        seen.append("IT-CIN-02" in {entry.obligation for entry in found.standing})
    assert seen == [True, False, True, False, True], "outside the stretch, its nearest day"


def test_a_standing_duty_is_there_since_the_first_listing() -> None:
    events = [DutyEvent("listing_published", at=date(2026, month, 1)) for month in (5, 3, 8)]
    found = {entry.obligation: entry.since for entry in listed(house(SONDRIO), events=events).standing}
    assert found["IT-CIN-03"] == date(2026, 3, 1)


def test_closing_days_are_counted_for_the_whole_year_of_the_law() -> None:
    found = listed(house(SONDRIO), span=(date(2015, 1, 1), date(2016, 12, 31)))
    assert [(entry.obligation, entry.year) for entry in found.counters] == [("LO-BB-01", 2015), ("LO-BB-01", 2016)]
    assert listed(house(SONDRIO), span=(date(2014, 1, 1), date(2014, 12, 31))).counters == ()


def test_who_is_only_advised_has_nothing_to_count() -> None:
    where = chain_of(house(SONDRIO), YEAR[0])
    assert isinstance(where, Chain)
    told = Override("obligation", "LO-BB-01", {"applies": [], "advised": ["bb"]}, "prova", YEAR[0])
    assert len(listed(house(SONDRIO)).counters) == 1
    assert listed(house(SONDRIO), rules=where.with_overrides([told])).counters == ()


def test_a_registration_is_due_by_the_first_return_of_the_portal() -> None:
    where = chain_of(house(MONOPOLI), YEAR[0])
    assert isinstance(where, Chain)
    on_20 = {"deadline": {"kind": "after_period", "period": "month", "day": 20}}
    later = Override("obligation", "PU-SPOT-02", on_20, "prova", YEAR[0])
    found = listed(house(MONOPOLI, since=date(2026, 5, 4)), rules=where.with_overrides([later]))
    assert [duty.when.nominal for duty in of(found, "PU-DMS-01")] == [date(2026, 6, 10)]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 8, 31), None, ["2026-08", "2026-09", "2026-10", "2026-11"]),
        (None, date(2026, 8, 1), ["2026-06", "2026-07", "2026-08"]),
        (date(2026, 8, 31), date(2026, 9, 1), ["2026-08", "2026-09"]),
        (date(2026, 9, 1), date(2026, 9, 1), ["2026-09"]),
    ],
)
def test_one_day_of_a_month_is_enough_to_report_it(start: date | None, end: date | None, months: list[str]) -> None:
    events = [DutyEvent("activity_end", at=end)] if end else []
    found = listed(house(MILANO, since=start), events=events, span=(date(2026, 7, 1), YEAR[1]))
    assert [dict(duty.subject)["period"] for duty in of(found, "LO-STAT-01")] == months


def test_a_tax_that_begins_within_a_period_is_owed_for_it() -> None:
    first = of(listed(house(TIRANO), span=(date(2025, 1, 1), date(2025, 4, 30))), "SO-IDS-01")
    assert [(duty.subject, duty.when.due) for duty in first] == [((("period", "2025-Q1"),), date(2025, 4, 16))]
    returns = of(listed(house(TIRANO), span=(date(2025, 1, 1), YEAR[1])), "IT-IDS-01")
    assert [dict(duty.subject)["period"] for duty in returns] == ["2025"]


def test_an_outage_after_the_six_hours_excuses_nothing() -> None:
    outage = DutyEvent("outage", at=at("2026-07-10T23:00+02:00"), until=at("2026-07-11T18:00+02:00"), word="ALLOGGIATI")
    assert "IT-PS-05" not in ids(listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", "2026-07-11"), events=[outage]))
    assert "IT-PS-05" in ids(listed(house(MONOPOLI), stay("2026-07-10T16:00+02:00", "2026-07-13"), events=[outage]))


# the whole ----------------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_said() -> None:
    assert {problem.code for problem in listed(Property()).problems} == {"duties.type.missing", "duties.comune.missing"}
    assert [problem.code for problem in listed(house("999999")).problems] == ["duties.comune.unknown"]
    assert [problem.code for problem in listed(house("ATLANTIDE")).problems] == ["duties.comune.unknown"]


@pytest.mark.parametrize("token", [MONOPOLI, "F376", "MONOPOLI (BA)", "Monopoli"])
def test_a_comune_in_any_form(token: str) -> None:
    rules = chain_of(house(token), date(2026, 1, 1))
    assert isinstance(rules, Chain)
    assert rules.comune == MONOPOLI


def test_an_operator_may_change_a_rule_for_themselves() -> None:
    rules = chain_of(house(MONOPOLI), date(2026, 1, 1))
    assert isinstance(rules, Chain)
    change = Override("obligation", "MO-IDS-05", {}, "the office does not ask for it any more", date(2026, 2, 1), off=True)
    assert "MO-IDS-05" in ids(listed(house(MONOPOLI), rules=rules))
    assert "MO-IDS-05" not in ids(listed(house(MONOPOLI), rules=rules.with_overrides([change])))


@pytest.mark.parametrize(
    "deadline", [{"kind": "after_period", "period": "month", "day": 20}, {"kind": "standing", "event": "activity_start"}]
)
def test_a_local_duty_that_only_advises_hides_no_wider_one(deadline: dict[str, Any]) -> None:
    where = chain_of(house(MONOPOLI), YEAR[0])
    assert isinstance(where, Chain)
    told = Override("obligation", "IT-STAT-01", {"deadline": deadline}, "prova", YEAR[0])
    for kind, hidden in (("bb", True), ("locazione_turistica", False)):  # PU-SPOT-01 binds the one and advises the other
        found = listed(house(MONOPOLI, kind), rules=where.with_overrides([told]))
        assert ("IT-STAT-01" not in {*ids(found), *(entry.obligation for entry in found.standing)}) is hidden


def test_the_holiday_of_rome() -> None:
    served = [DutyEvent("challenge_served", at=date(2026, 4, 30))]
    assert of(listed(house(ROMA), events=served), "IT-SANZ-01")[0].when.due == date(2026, 6, 30)
    assert of(listed(house(MILANO), events=served), "IT-SANZ-01")[0].when.due == date(2026, 6, 29)


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@settings(max_examples=60, deadline=None)
@given(
    comune=st.sampled_from([MONOPOLI, TRANI, TIRANO, SONDRIO, MILANO, SASSARI, ROMA]),
    kind=st.sampled_from(["bb", "albergo", "locazione_turistica", "cav", "agriturismo", "campeggio", "casa_di_cura"]),
    business=st.booleans(),
    credentials=st.sampled_from(["active", "pending", "none"]),
    arrival=moments(datetime(2021, 1, 1), datetime(2030, 1, 1)),
    nights=st.integers(0, 70),
    before=st.integers(0, 60),
    length=st.integers(0, 120),
)
def test_every_list_is_sound(
    comune: str, kind: str, business: bool, credentials: str, arrival: datetime, nights: int, before: int, length: int
) -> None:
    property = house(comune, kind, business=business, credentials=credentials)
    guest = Stay("S1", arrival, nights=nights, guests=(Guest(id="a"),))
    start = arrival.date() - timedelta(days=before)  # a stretch far from the stay would say nothing about it
    found = listed(property, guest, span=(start, start + timedelta(days=length)))
    assert found.problems == ()
    instants = [duty.when.instant.timestamp() for duty in found.duties]
    assert instants == sorted(instants)
    keys = [(duty.obligation, duty.subject, duty.when.nominal) for duty in found.duties]
    assert len(keys) == len(set(keys)), "nothing is listed twice"
    for duty in found.duties:
        assert start <= duty.when.day <= start + timedelta(days=length)
        assert instant_of(duty.when.nominal).timestamp() <= duty.when.instant.timestamp()
        assert instant_of(duty.when.prudent_due).timestamp() <= duty.when.instant.timestamp()
        assert duty.rule.sources, "no duty without a source"
        if "stay" in dict(duty.subject) and isinstance(duty.when.due, datetime):
            assert duty.when.due.timestamp() >= guest.arrival.timestamp(), "never before the event"
    for local in found.duties:
        assert (local.rule.refines, local.subject) not in {(duty.obligation, duty.subject) for duty in found.duties}


@settings(max_examples=30, deadline=None)
@given(start=DAYS, cut=st.integers(0, 60), length=st.integers(0, 60))
def test_two_halves_make_the_whole(start: date, cut: int, length: int) -> None:
    end = start + timedelta(days=cut + length + 1)
    middle = start + timedelta(days=cut)
    whole = listed(house(SONDRIO), span=(start, end)).duties
    halves = [*listed(house(SONDRIO), span=(start, middle)).duties,
              *listed(house(SONDRIO), span=(middle + timedelta(days=1), end)).duties]  # fmt: skip
    assert list(whole) == halves
    assert all(day_of(duty.when.remind_by) <= duty.when.day for duty in whole)


@pytest.mark.parametrize("comune", [MONOPOLI, SASSARI])
@pytest.mark.parametrize("span", [(date(2026, 3, 26), date(2026, 4, 2)), (date(2026, 10, 22), date(2026, 10, 29))])
def test_a_day_lists_what_the_stretch_lists_on_it(comune: str, span: tuple[date, date]) -> None:
    """Terms of hours are reckoned only where they may end: also at midnight, and in the nights in which the clocks change."""
    hours = ("00:00", "00:30", "02:30", "12:00", "18:00", "23:30")
    days = [span[0] + timedelta(days=step) for step in range((span[1] - span[0]).days + 1)]
    stays = [
        stay(f"{day}T{hour}:00+01:00", f"{day + timedelta(days=nights)}T{hour}:00+01:00")._replace(id=f"{day} {hour} {nights}")
        for day in days for hour in hours for nights in (1, 3)
    ]  # fmt: skip
    whole = [duty for duty in listed(house(comune), *stays, span=span).duties if duty.subject[0][0] == "stay"]
    daily = [
        duty for day in days for duty in listed(house(comune), *stays, span=(day, day)).duties if duty.subject[0][0] == "stay"
    ]  # fmt: skip
    assert len(whole) > len(stays) / 2 and whole == daily
    assert {duty.when.day for duty in whole} == set(days)
