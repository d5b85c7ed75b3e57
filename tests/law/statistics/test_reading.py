"""From the JSON of the commands to a movement, or to every problem at once."""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.shapes import parse_stay
from locanda.core.stays import Stay
from locanda.law.statistics import FACTS, Movement, Told, derived_flow_id, month_counts, told

Json = dict[str, Any]
GUEST: Json = {"id": "a", "role": "single", "residence_state": "IT", "residence_comune": "MONOPOLI (BA)"}


def stay_json(**keys: Any) -> Json:
    base = {"id": "S1", "arrival": "2026-10-10T16:00+02:00", "departure": "2026-10-12", "units": ["1"], "guests": [GUEST]}
    return base | keys


def stay(**keys: Any) -> Stay:
    found: list[Any] = []
    made = parse_stay(stay_json(**keys), "", found)
    assert made is not None
    assert not found
    return made


def asked(*stays: Json, needs: Any = (), uses: Any = (), **keys: Any) -> Told:
    home = {"id": "P1", "rooms": 3, "beds": 6}
    whole = {"property": home, "stays": list(stays), "from": "2026-10-01", "to": "2026-10-31"} | keys
    return told(json.dumps({key: value for key, value in whole.items() if value is not ...}).encode(), needs=needs, uses=uses)


def good(*stays: Json, **keys: Any) -> Movement:
    answer = asked(*stays, **keys)
    assert answer.problems == ()
    assert answer.movement is not None
    return answer.movement


def codes(answer: Told) -> list[tuple[str, str]]:
    assert answer.movement is None
    return [(problem.where, problem.code) for problem in answer.problems]


def guest(**keys: Any) -> Json:
    return {key: value for key, value in (GUEST | keys).items() if value is not ...}


def test_all_problems_come_at_once() -> None:
    answer = asked(
        stay_json(guests=[guest(residence_state=..., residence_comune=...), guest(id="b", residence_comune=...)]),
        stay_json(id="S2", guests=[guest(residence_state="DE")]),
        stay_json(id="S3", units=[], guests=[guest(residence_comune="Nessundove"), guest(id="b", residence_state="Atlantis")]),
        days=[{"day": "2026-10-10", "open": False}, {"day": "2026-10-10", "open": True}, {"day": "2026-10-11"}],
        to="2026-10-12",
    )
    assert sorted(codes(answer)) == [
        ("days[1].day", "flows.day.twice"),
        ("days[2].open", "shape.day.incomplete"),
        ("stays[0].guests[0].residence_state", "flows.residence.missing"),
        ("stays[0].guests[1].residence_comune", "flows.residence_comune.missing"),
        ("stays[1].guests[0].residence_comune", "flows.residence.contradiction"),
        ("stays[2].guests[0].residence_comune", "flows.place.unknown"),
        ("stays[2].guests[1].residence_state", "flows.place.unknown"),
        ("stays[2].units", "flows.rooms.missing"),
    ]
    for problem in answer.problems:
        assert problem.message("it") != problem.message("en")
        assert problem.render()["hint"]


def test_counting_asks_for_nothing_but_days_residence_and_rooms() -> None:
    moved = good(stay_json(guests=[{"residence_comune": "F376"}]))
    assert moved.days[9].present == 1


def test_what_a_format_needs_must_be_there() -> None:
    needs = ("role", "sex", "birth_date", "citizenship", "birth_place", "flow_id")
    bare = {"residence_state": "FR"}
    assert codes(asked(stay_json(guests=[bare]), needs=needs)) == [
        ("stays[0].guests[0].flow_id", "flows.flow_id.missing"),
        ("stays[0].guests[0].role", "flows.role.missing"),
        ("stays[0].guests[0].sex", "flows.sex.missing"),
        ("stays[0].guests[0].birth_date", "flows.birth_date.missing"),
        ("stays[0].guests[0].citizenship", "flows.citizenship.missing"),
        ("stays[0].guests[0].birth_state", "flows.birth_place.missing"),
    ]


def test_a_fact_that_cannot_be_read_is_not_also_missing() -> None:
    answer = asked(stay_json(guests=[guest(sex="X", birth_date="2026-02-30")]), needs=("sex", "birth_date", "citizenship"))
    assert codes(answer) == [
        ("stays[0].guests[0].sex", "guest.sex.undecided"),
        ("stays[0].guests[0].birth_date", "shape.day.impossible"),
        ("stays[0].guests[0].citizenship", "flows.citizenship.missing"),
    ]


def test_guests_of_a_stay_without_arrival_are_judged_too() -> None:
    answer = asked(stay_json(arrival="yesterday", guests=[guest(residence_comune=...)]), needs=("sex",))
    assert codes(answer) == [
        ("stays[0].arrival", "shape.instant.expected"),
        ("stays[0].guests[0].residence_comune", "flows.residence_comune.missing"),
        ("stays[0].guests[0].sex", "flows.sex.missing"),
    ]


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff", b'{"stays": 3}', b'{"from": "x"}', b"{}", b'{"a": 1, "a": 2}'])
def test_no_input_raises(data: bytes) -> None:
    answer = told(data, needs=FACTS)
    assert answer.movement is None
    assert answer.problems


def test_a_range_is_asked_for_and_judged() -> None:
    assert codes(asked(to=...)) == [("to", "flows.range.missing")]
    assert codes(asked(to="2026-09-30")) == [("to", "flows.range.backwards")]
    assert codes(asked(to="2126-09-30")) == [("to", "flows.range.too_long")]
    assert codes(asked(property=...)) == [("property", "flows.property.missing")]


def test_the_residence_is_judged_on_the_day_of_arrival() -> None:
    """Presicce and Acquarica del Capo became one comune on 15 May 2019."""
    may = {"from": "2019-05-01", "to": "2019-05-31"}
    there = [guest(residence_comune="PRESICCE (LE)")]
    kept = good(stay_json(arrival="2019-05-14T16:00+02:00", departure="2019-05-16", guests=there), **may)
    assert kept.guests[0].residence.row.code == "075"
    late = asked(stay_json(arrival="2019-05-16T16:00+02:00", departure="2019-05-18", guests=there), **may)
    assert codes(late) == [("stays[0].guests[0].residence_comune", "flows.place.ceased")]


def test_facts_are_looked_up_and_judged() -> None:
    moved = good(
        stay_json(
            channel="Diretta Web", group={"kind": "sport", "participants": 2},
            guests=[
                guest(
                    id="a", role="17", sex="F", birth_date="1980-10-10", citizenship="IT", birth_comune="PRESICCE (LE)",
                    tourism="balneare", transport="cruise", education="Non specificato", profession="medico", tax_exemption=3,
                    residence_place="via del mare",
                ),
                guest(id="b", role="family_member", sex="M", birth_date="2026-10-10", citizenship="FRA", birth_state="FR",
                      occupies_bed=False, flow_id="B2"),
            ],
        ),
        needs=("role", "sex", "birth_date", "citizenship", "flow_id"), uses=FACTS,
    )  # fmt: skip
    head, member = moved.guests
    assert (head.age, member.age) == (46, 0)
    assert (head.birth_state, head.citizenship, member.birth_state, member.birth_comune) == (
        "100000100", "100000100", "100000215", None,
    )  # fmt: skip
    assert head.tourism is not None
    assert (head.tourism.ross1000, head.transport and head.transport.ross1000) == ("Balneare", "Barca/Nave/Traghetto")
    assert (head.education, head.profession, head.tax_exemption, head.group) == (None, "medico", "3", "sport")
    assert head.channel is not None
    assert head.channel.ross1000 == "Diretta web"
    assert len(head.flow_id) == 10
    assert (member.flow_id, member.head, head.head) == ("B2", head.flow_id, None)
    assert not member.occupies_bed
    assert [use.unit for use in head.rooms] == ["1"]
    assert head.where == "stays[0].guests[0]"


def test_values_outside_the_lists_are_not_guessed() -> None:
    answer = asked(stay_json(guests=[guest(tourism="Altro mezzo", transport="Altro motivo")]), uses=("tourism", "transport"))
    assert codes(answer) == [
        ("stays[0].guests[0].tourism", "flows.value.unknown"), ("stays[0].guests[0].transport", "flows.value.unknown"),
    ]  # fmt: skip
    told_ = asked(stay_json(channel="airbnb"), uses=("channel",))
    assert told_.movement is not None
    assert [note.code for note in told_.notes if "channel" in note.code] == ["flows.channel.unknown"]
    assert told_.movement.guests[0].channel is None


def test_identifiers_are_stable_and_never_shared() -> None:
    one = good(stay_json(), needs=("flow_id",)).guests[0].flow_id
    more = good(stay_json(id="S0"), stay_json(guests=[guest(id="z"), guest()]), needs=("flow_id",))
    assert more.guests[-1].flow_id == one
    assert len({entry.flow_id for entry in more.guests}) == 3
    twice = asked(stay_json(guests=[guest(flow_id="X1")]), stay_json(id="S2", guests=[guest(flow_id="X1")]), needs=("flow_id",))
    assert codes(twice) == [("stays[1].guests[0].flow_id", "flows.flow_id.twice")]


def test_a_member_wants_a_head_who_counts() -> None:
    family = [guest(role="head_of_family", tourist=False), guest(id="b", role="family_member")]
    assert codes(asked(stay_json(guests=family), needs=("role", "flow_id"))) == [
        ("stays[0].guests[1].role", "flows.head.not_counted"),
    ]  # fmt: skip
    gone = [guest(role="head_of_family", departure="2026-10-09"), guest(id="b", role="family_member")]
    whole = stay_json(arrival="2026-10-05T16:00+02:00", guests=gone)
    late = good(whole, needs=("role", "flow_id"), **{"from": "2026-10-11"})
    early = good(whole, needs=("role", "flow_id"))
    assert [entry.head for entry in late.guests] == [early.guests[0].flow_id]
    alone = [guest(role="head_of_group"), guest(id="b", role="family_member")]
    assert codes(asked(stay_json(guests=alone), needs=("role",))) == [("stays[0].guests[1].role", "flows.head.missing")]


def test_a_day_of_which_nothing_is_said_stands_at_capacity_and_says_so() -> None:
    days = [{"day": "2026-10-02", "open": False}, {"day": "2026-10-03", "open": True, "rooms": 2, "beds": 3}]
    answer = asked(stay_json(), days=days)
    assert answer.movement is not None
    second, third, fourth = answer.movement.days[1:4]
    assert (second.open, second.rooms, second.beds, second.declared) == (False, 0, 0, True)
    assert (third.open, third.rooms, third.beds, third.declared) == (True, 2, 3, True)
    assert (fourth.open, fourth.rooms, fourth.beds, fourth.declared) == (True, 3, 6, False)
    assert [(note.code, note.fact("count")) for note in answer.notes] == [("flows.days.assumed", "29")]
    assert codes(asked(property={"id": "P1"})) == [
        ("property.rooms", "flows.capacity.missing"), ("property.beds", "flows.capacity.missing"),
    ]  # fmt: skip


def test_nobody_sleeps_on_a_closed_day() -> None:
    closed = [{"day": f"2026-10-{day}", "open": False} for day in (11, 12)]
    assert codes(asked(stay_json(), days=closed)) == [("days[0]", "flows.day.closed_with_guests")]
    answer = asked(stay_json(), days=closed[1:])
    assert answer.movement is not None
    assert [note.code for note in answer.notes] == ["flows.day.closed_with_departures", "flows.days.assumed"]


def test_stays_outside_the_range_are_not_asked_anything() -> None:
    november = stay_json(arrival="2026-11-01T16:00+01:00", departure="2026-11-05", guests=[{}])
    left = stay_json(id="S3", arrival="2026-09-28T16:00+02:00", departure="2026-10-01", units=[])
    moved = good(november, stay_json(departure="2026-10-11"), left, needs=("role", "flow_id"))
    assert [(month.arrivals, month.departures) for month in month_counts(moved)] == [(1, 2)]
    assert moved.days[0].day == date(2026, 10, 1)


@given(st.text(max_size=8), st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_the_derived_code_is_base_32_of_a_hash(home: str, stay: str, guest_id: str) -> None:
    """As an encoder of other people writes it; it may never change, because portals know guests by it."""
    digest = hashlib.sha256(f"{home}\0{stay}\0{guest_id}".encode()).digest()
    assert derived_flow_id(home, stay, guest_id) == b32encode(digest[:10])[:10].decode()
    assert derived_flow_id("P1", "S1", "g0") == "ZCEECGTMJW"
