"""The JSON of the commands: everything read, every fault told at once, never an exception."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.people import Role, Sex
from locanda.core.problems import Problem, render_all
from locanda.core.shapes import GUEST_STATUSES, parse, parse_json
from locanda.core.stays import PROPERTY_TYPES
from locanda.core.time import ROME

WHOLE = {
    "property": {
        "id": "P1", "name": "Il Trullo", "type": "bb", "business": False, "stars": None, "comune": "072030", "zone": 1,
        "category": 3, "cadastral_category": "A/2", "rooms": 3, "beds": 6, "credentials": "pending", "let_as": "rooms",
        "portal_ids": {"ross1000": "X00001", "alloggiati_apartment": 0}, "since": "2020-01-01", "floors_m2": ["30.5", 40],
        "declared_rooms": 2, "superior": True, "suns": 2, "listed_refuge": False, "lets_over_30_days": True,
    },
    "stays": [{
        "id": "S1", "arrival": "2026-07-10T16:00+02:00", "departure": "2026-07-14T10:00+02:00", "units": ["12"],
        "channel": "direct", "booked_on": "2026-05-02", "first_night": "2026-07-10", "registered_nights": 0,
        "price": {"amount": "95.00", "per": "unit", "vat": "excluded", "breakfast": "included",
                  "nights": {"2026-07-10": "90.50"}},
        "group": {"kind": "school", "participants": 40}, "outside_nights": 2,
        "guests": [{
            "id": "a", "role": "single", "surname": "ROSSI", "name": "MARIA", "sex": "F", "birth_date": "1980-05-10",
            "birth_state": "IT", "birth_comune": "MONOPOLI (BA)", "citizenship": "IT", "residence_state": "IT",
            "residence_comune": "015146", "residence_place": None,
            "document": {"type": "IDENT", "number": "CA12345AA", "issued_in": "MONOPOLI (BA)"}, "status": ["honeymooner"],
            "documents_held": ["modello_3"], "occupies_bed": True, "tourist": False, "arrival": "2026-07-11T09:00+02:00",
            "departure": "2026-07-13", "rooms": [{"unit": "12", "from": "2026-07-10", "to": "2026-07-14"}],
            "tourism": "mare", "transport": "auto", "education": "x", "profession": "y", "flow_id": "A1", "companion_of": "b",
        }],
    }],
}  # fmt: skip


def codes(value: object) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in parse(value).problems]


def stay(**changes: object) -> dict[str, object]:
    return {"stays": [{"id": "S", "arrival": "2026-07-10T16:00+02:00", "nights": 2, "guests": [], **changes}]}


def guest(**facts: object) -> dict[str, object]:
    return stay(guests=[facts])


def test_every_key_of_the_interfaces_is_read() -> None:
    shapes = parse(WHOLE)
    assert shapes.problems == ()
    place, made = shapes.property, shapes.stays[0]
    assert place is not None and made is not None
    assert (place.portal_id("alloggiati_apartment"), place.category, place.floors_m2) == (0, "3", (Decimal("30.5"), Decimal(40)))
    assert made.arrival == datetime(2026, 7, 10, 16, tzinfo=ROME) and made.night_count == 4
    assert made.price is not None and made.price.cents == 9500 and made.price.nights == ((date(2026, 7, 10), 9050),)
    person = made.guests[0]
    assert (person.role, person.sex, person.birth_date) == (Role.SINGLE, Sex.FEMALE, date(1980, 5, 10))
    assert person.document is not None and person.document.number == "CA12345AA"
    details = person.details
    assert details is not None and details.status == ("honeymooner",) and details.tourist is False
    assert details.rooms == (("12", date(2026, 7, 10), date(2026, 7, 14)),)
    assert made.group is not None and made.group.participants == 40


@pytest.mark.parametrize(
    ("areas", "read"),
    [
        ([80, 80.5, "80.5", 200.0, "0"], ("80", "80.5", "80.5", "200.0", "0")),
        ([-1, float("nan"), float("inf"), True, "80,5", "", 1e30, 10**400, 0.00001, "1e2", [], "-80"], ()),
    ],
)
def test_square_metres_are_numbers_or_text(areas: list[object], read: tuple[str, ...]) -> None:
    shapes = parse({"property": {"floors_m2": areas}})
    assert shapes.property is not None
    assert shapes.property.floors_m2 == tuple(map(Decimal, read))
    assert {problem.code for problem in shapes.problems} == (set() if read else {"shape.area.expected"})
    assert len(shapes.problems) == (0 if read else len(areas))


def test_absent_facts_are_no_problem_of_shape() -> None:
    shapes = parse(guest(surname=None, name="  "))
    assert shapes.problems == ()
    made = shapes.stays[0]
    assert made is not None and made.guests[0].surname is None and made.guests[0].name is None and made.guests[0].sex is None


@pytest.mark.parametrize(("number", "role"), [(16, Role.SINGLE), ("17", Role.HEAD_OF_FAMILY), (18, Role.HEAD_OF_GROUP),
                                              (19, Role.FAMILY_MEMBER), (20, Role.GROUP_MEMBER)])  # fmt: skip
def test_roles_by_the_portals_numbers(number: object, role: Role) -> None:
    made = parse(guest(role=number)).stays[0]
    assert made is not None and made.guests[0].role is role


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (guest(srname="A"), [("shape.key.near", "stays[0].guests[0].srname")]),
        (guest(zzz=1), [("shape.key.unknown", "stays[0].guests[0].zzz")]),
        (guest(sex="X"), [("guest.sex.undecided", "stays[0].guests[0].sex")]),
        (guest(sex="f"), [("guest.sex.unknown", "stays[0].guests[0].sex")]),
        (guest(role=21), [("guest.role.unknown", "stays[0].guests[0].role")]),
        (guest(role=True), [("guest.role.unknown", "stays[0].guests[0].role")]),
        (guest(birth_date="1980-02-30"), [("shape.day.impossible", "stays[0].guests[0].birth_date")]),
        (guest(birth_date="0980-05-10"), [("shape.year.outside", "stays[0].guests[0].birth_date")]),
        (guest(birth_date="3000-02-30"), [("shape.year.outside", "stays[0].guests[0].birth_date")]),
        (guest(birth_date="10/05/1980"), [("shape.day.expected", "stays[0].guests[0].birth_date")]),
        (guest(surname=7), [("shape.text.expected", "stays[0].guests[0].surname")]),
        (guest(document={"kind": "x"}), [("shape.key.unknown", "stays[0].guests[0].document.kind")]),
        (guest(document=[]), [("shape.object.expected", "stays[0].guests[0].document")]),
        (guest(status=["king"]), [("shape.choice.unknown", "stays[0].guests[0].status[0]")]),
        (guest(occupies_bed=1), [("shape.flag.expected", "stays[0].guests[0].occupies_bed")]),
        (guest(rooms=[{"unit": "1"}]), [("shape.rooms.incomplete", "stays[0].guests[0].rooms[0]")]),
        (guest(flow_id="too-long-an-id"), [("guest.flow_id.unfit", "stays[0].guests[0].flow_id")]),
        (stay(arrival=None), [("stay.arrival.missing", "stays[0].arrival")]),
        (stay(arrival="0226-07-10T16:00+02:00"), [("shape.year.outside", "stays[0].arrival")]),
        (stay(arrival="2026-07-10"), [("shape.instant.expected", "stays[0].arrival")]),
        (stay(arrival="2026-07-10T16:00"), [("shape.instant.no_offset", "stays[0].arrival")]),
        (stay(nights=2.0), [("shape.number.expected", "stays[0].nights")]),
        (stay(nights=True), [("shape.number.expected", "stays[0].nights")]),
        (stay(departure="2026-07-09", nights=None), [("stay.departure.before_arrival", "stays[0].departure")]),
        (stay(departure="2026-07-10T15:59+02:00", nights=None), [("stay.departure.before_arrival", "stays[0].departure")]),
        (stay(departure="2026-07-14"), [("stay.nights.differ", "stays[0].nights")]),
        (stay(units=[None]), [("shape.list.null", "stays[0].units[0]")]),
        (stay(price={"amount": 95}), [("shape.money.expected", "stays[0].price.amount")]),
        (stay(guests={}), [("shape.list.expected", "stays[0].guests")]),
        (stay(guests=[{"id": "a"}, {"id": "a"}]), [("guest.id.twice", "stays[0].guests[1].id")]),
        ({"stays": [3]}, [("shape.object.expected", "stays[0]")]),
        ([], [("shape.object.expected", "")]),
        ({"property": {"type": "castle"}}, [("shape.choice.unknown", "property.type")]),
    ],
)
def test_each_fault_has_its_code_and_its_place(value: object, expected: list[tuple[str, str]]) -> None:
    assert codes(value) == expected


def test_all_faults_come_at_once_and_guests_keep_their_places() -> None:
    found = codes({"propery": {}, "stays": [{"arrival": 3, "guests": [None, {"sex": "?"}]}, {"x": 1}]})
    assert found == [
        ("shape.key.near", "propery"),
        ("shape.instant.expected", "stays[0].arrival"),
        ("shape.object.expected", "stays[0].guests[0]"),
        ("guest.sex.unknown", "stays[0].guests[1].sex"),
        ("shape.key.unknown", "stays[1].x"),
        ("stay.arrival.missing", "stays[1].arrival"),
    ]


def test_a_stay_without_arrival_still_gives_its_guests() -> None:
    shapes = parse(stay(arrival="soon", guests=[{"surname": "ROSSI"}]))
    assert shapes.stays == (None,) and shapes.loose[0][0].surname == "ROSSI"


def test_keys_of_a_command_are_handed_through() -> None:
    assert parse({"rules": {"a": 1}}, also=("rules",)).rest == {"rules": {"a": 1}}
    assert codes({"rules": {}}) == [("shape.key.unknown", "rules")]


def test_prices_by_list_begin_with_the_first_night() -> None:
    made = parse(stay(first_night="2026-07-09", price={"nights": ["1.00", "2.00"]})).stays[0]
    assert made is not None and made.price is not None
    assert made.price.nights == ((date(2026, 7, 9), 100), (date(2026, 7, 10), 200))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "shape.json.broken"), (b"\xff", "shape.json.encoding"), (b"", "shape.json.broken"),
        (b"[" * 100_000, "shape.json.unreasonable"), (b'{"stays": ' + b"1" * 5000 + b"}", "shape.json.unreasonable"),
        (b'{"stays": [], "stays": []}', "shape.key.twice"),
    ],
)  # fmt: skip
def test_broken_json_is_a_problem(data: bytes, code: str) -> None:
    assert parse_json(data).problems[0].code == code


def test_a_byte_order_mark_before_json_is_harmless() -> None:
    assert parse_json(b'\xef\xbb\xbf{"stays": []}').problems == ()


KEYS = st.sampled_from([
    "property", "stays", "id", "arrival", "departure", "nights", "guests", "role", "sex", "birth_date", "document", "price",
    "amount", "first_night", "rooms", "unit", "from", "to", "portal_ids", "floors_m2", "group", "kind", "status", "",
])  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("2026-07-10T16:00+02:00")
    | st.just("9999-12-31") | st.just("0001-01-01T00:00+14:00") | st.just("2999-12-31T23:59-12:00") | st.just("95.00")
    | st.sampled_from(PROPERTY_TYPES + GUEST_STATUSES) | st.builds(lambda: 10**60)
)  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=6),
    max_leaves=25,
)


@given(JSON | st.fixed_dictionaries({"stays": st.lists(st.dictionaries(KEYS, JSON, max_size=6), max_size=3), "property": JSON}))
def test_reading_never_raises(value: object) -> None:
    for problem in render_all(parse(value).problems):
        assert problem["message"] and problem["hint"]


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps({"stays": [{"guests": [text]}]}).encode()))
def test_reading_bytes_never_raises(data: bytes) -> None:
    parse_json(data)


def test_a_number_too_long_to_write_out_is_a_problem() -> None:
    assert codes(guest(role=10**5000)) == [("guest.role.unknown", "stays[0].guests[0].role")]
    assert codes(guest(surname=10**5000)) == [("shape.text.expected", "stays[0].guests[0].surname")]


def test_a_fact_that_is_a_sentence_is_said_in_the_language_of_the_reader() -> None:
    problem = Problem.of("tax.doubt", "stays[0]", it="Non è chiaro.", en="It is not clear.")
    assert problem.message("it") == "Da chiarire. Non è chiaro."
    assert problem.message("en") == "To be made clear. It is not clear."
