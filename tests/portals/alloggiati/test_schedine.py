"""From stays to rows: each rule has its code and its place, all at once; nothing is changed in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from locanda.core.people import Document, Guest, GuestDetails, Role, Sex
from locanda.core.problems import Problem, render_all
from locanda.core.shapes import parse
from locanda.core.stays import Party, Stay, parties
from locanda.core.time import ROME
from locanda.places import builtin
from locanda.portals.alloggiati import documents, schedine
from locanda.portals.alloggiati.check import judge
from locanda.portals.alloggiati.desk import ROOM, Desk
from locanda.portals.alloggiati.record import read
from locanda.portals.alloggiati.schedine import PartyRows, Row
from tests.people import stays

TABLES, TYPES = builtin(), documents.builtin()
ARRIVAL = datetime(2026, 7, 10, 16, tzinfo=ROME)
HEAD = Guest(
    "a", Role.SINGLE, "ROSSI", "MARIA", Sex.FEMALE, date(1980, 5, 10), "IT", "MONOPOLI (BA)", "IT",
    Document("IDELE", "CA12345AA", "MONOPOLI (BA)"),
)  # fmt: skip
CHILD = HEAD._replace(id="b", role=Role.FAMILY_MEMBER, name="ADA", birth_date=date(2015, 1, 2), document=None)
FAMILY = (HEAD._replace(role=Role.HEAD_OF_FAMILY), CHILD)


def stay(*guests: Guest, **facts: Any) -> Stay:
    return Stay(**{"id": "S", "arrival": ARRIVAL, "nights": 4, "guests": guests or (HEAD,), **facts})


def wrote(made: Stay, as_of: datetime | None = None) -> tuple[list[PartyRows], list[Problem]]:
    return schedine.stay_rows(made, tables=TABLES, documents=TYPES, as_of=as_of)


def found(made: Stay, as_of: datetime | None = None) -> list[tuple[str, str]]:
    problems = wrote(made, as_of)[1]
    render_all(problems, "it"), render_all(problems, "en")
    return [(problem.code, problem.where) for problem in problems]


def notes(made: Stay) -> list[tuple[str, str]]:
    rows, problems = wrote(made)
    assert problems == []
    return [(note.code, note.where) for party in rows for note in party.notes]


def test_a_single_guest() -> None:
    (party,), problems = wrote(stay())
    assert problems == [] and party.notes == () and party.follow_up is None
    assert party.rows[0][1:] == ("a", "S", "guests[0]")
    made = read(party.rows[0].text)
    assert (made.surname, made.days, made.birth_province, made.birth_state) == ("ROSSI", 4, "BA", "100000100")
    assert made.birth_comune == made.issued_in == TABLES.comune("MONOPOLI (BA)", date(2026, 7, 10)).police  # type: ignore[union-attr]


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"role": None}, "guest.role.missing", "role"),
    ({"surname": None}, "guest.surname.missing", "surname"),
    ({"surname": " "}, "guest.surname.missing", "surname"),
    ({"surname": "Παππάς"}, "guest.surname.alphabet", "surname"),
    ({"surname": "R0SSI"}, "guest.surname.characters", "surname"),
    ({"surname": "'-'"}, "guest.surname.letterless", "surname"),
    ({"surname": "A" * 51}, "guest.surname.too_long", "surname"),
    ({"surname": "ß" * 26}, "guest.surname.too_long", "surname"),
    ({"surname": "A" * 5000}, "guest.surname.too_long", "surname"),
    ({"name": None}, "guest.name.missing", "name"),
    ({"name": "Иван"}, "guest.name.alphabet", "name"),
    ({"name": "M/F"}, "guest.name.characters", "name"),
    ({"name": "..."}, "guest.name.letterless", "name"),
    ({"name": "A" * 31}, "guest.name.too_long", "name"),
    ({"sex": None}, "guest.sex.missing", "sex"),
    ({"birth_date": None}, "guest.birth_date.missing", "birth_date"),
    ({"birth_date": date(2026, 7, 11)}, "guest.birth_date.after_arrival", "birth_date"),
    ({"birth_date": date(1880, 1, 1), "birth_state": "FR", "birth_comune": None}, "guest.birth_date.too_old", "birth_date"),
    ({"birth_state": None}, "guest.birth_state.missing", "birth_state"),
    (
        {"birth_state": "100000210", "birth_comune": None, "birth_date": date(2000, 1, 1)},
        "guest.birth_state.ceased", "birth_state",
    ),
    ({"birth_state": "Atlantis"}, "guest.birth_state.unknown", "birth_state"),
    ({"birth_comune": None}, "guest.birth_comune.missing", "birth_comune"),
    ({"birth_state": "FR"}, "guest.birth_comune.abroad", "birth_comune"),
    ({"birth_comune": "NOWHERE (BA)"}, "guest.birth_comune.unknown", "birth_comune"),
    ({"birth_comune": "SAMONE"}, "guest.birth_comune.ambiguous", "birth_comune"),
    ({"citizenship": None}, "guest.citizenship.missing", "citizenship"),
    ({"citizenship": "XX"}, "guest.citizenship.unknown", "citizenship"),
    ({"citizenship": "100000210"}, "guest.citizenship.ceased", "citizenship"),
    ({"document": None}, "document.missing", "document"),
    ({"document": Document()}, "document.missing", "document"),
    ({"document": Document(None, "A1", "FR")}, "document.type.missing", "document.type"),
    ({"document": Document("PASSP", "A1", "FR")}, "document.type.unknown", "document.type"),
    ({"document": Document("idele", "A1", "FR")}, "document.type.unknown", "document.type"),
    ({"document": Document("PASOR", None, "FR")}, "document.number.missing", "document.number"),
    ({"document": Document("PASOR", "A*1", "FR")}, "document.number.characters", "document.number"),
    ({"document": Document("PASOR", "ΑΒ12", "FR")}, "document.number.characters", "document.number"),
    ({"document": Document("PASOR", "--", "FR")}, "document.number.characters", "document.number"),
    ({"document": Document("PASOR", "A" * 21, "FR")}, "document.number.too_long", "document.number"),
    ({"document": Document("PASOR", "A1", None)}, "document.issued_in.missing", "document.issued_in"),
    ({"document": Document("PASOR", "A1", "IT")}, "document.issued_in.italy", "document.issued_in"),
    ({"document": Document("PASOR", "A1", "Atlantis")}, "document.issued_in.unknown", "document.issued_in"),
    ({"document": Document("PASOR", "A1", "SAMONE")}, "document.issued_in.ambiguous", "document.issued_in"),
    ({"document": Document("PASOR", "A1", "100000210")}, "document.issued_in.ceased", "document.issued_in"),
]


@pytest.mark.parametrize(("facts", "code", "where"), FAULTS, ids=[f"{code}-{index}" for index, (_, code, _) in enumerate(FAULTS)])
def test_each_rule_has_its_own_code(facts: dict[str, Any], code: str, where: str) -> None:
    assert found(stay(HEAD, HEAD._replace(**facts))) == [(code, f"guests[1].{where}")]


def test_nobody_is_born_tomorrow() -> None:
    tomorrow = HEAD._replace(birth_date=date(2026, 7, 12))
    assert found(stay(tomorrow), ARRIVAL + timedelta(days=1)) == [("guest.birth_date.future", "guests[0].birth_date")]


def test_candidates_are_named() -> None:
    (problem,) = wrote(stay(HEAD._replace(birth_comune="SAMONE")))[1]
    assert "SAMONE (TN)" in problem.message("it") and "SAMONE (TO)" in problem.message("it")


def test_a_comune_is_judged_on_the_day_of_birth() -> None:
    ended = next(
        row for row in TABLES.comuni
        if row.police and row.valid_to and row.valid_from and row.valid_from < date(1950, 1, 1) < row.valid_to < date(1990, 1, 1)
        and TABLES.comune(row.police, date(1950, 1, 1)) == row
    )  # fmt: skip
    before, after = (HEAD._replace(birth_comune=ended.police, birth_date=date(year, 1, 1)) for year in (1950, 1995))
    assert read(wrote(stay(before))[0][0].rows[0].text).birth_comune == ended.police
    assert found(stay(after)) == [("guest.birth_comune.ceased", "guests[0].birth_comune")]


def test_a_comune_without_police_code_asks_for_the_portals_table() -> None:
    lacking = (
        (row, row.valid_from) for row in TABLES.comuni
        if row.police is None and row.valid_from and date(1910, 1, 1) < row.valid_from
    )  # fmt: skip
    for row, day in lacking:
        answer = TABLES.comune(row.label, day)
        if getattr(answer, "reason", None) == "no_police_code":
            guest = HEAD._replace(birth_comune=row.label, birth_date=day)
            assert found(stay(guest)) == [("guest.birth_comune.no_police_code", "guests[0].birth_comune")]
            return
    pytest.fail("every comune of the table has its police code: this test needs another example")


def test_all_problems_at_once() -> None:
    bad = HEAD._replace(surname=None, sex=None, citizenship="??", document=Document("X", "?", "?"))
    assert [code for code, _ in found(stay(bad, nights=None), ARRIVAL + timedelta(days=9))] == [
        "stay.departure.missing", "stay.arrival.too_old", "guest.sex.missing", "guest.surname.missing",
        "guest.citizenship.unknown",
        "document.type.unknown", "document.number.characters", "document.issued_in.unknown",
    ]  # fmt: skip


S, HF, FM, HG, GM = Role.SINGLE, Role.HEAD_OF_FAMILY, Role.FAMILY_MEMBER, Role.HEAD_OF_GROUP, Role.GROUP_MEMBER


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([S], []), ([S, S], []), ([HF, FM], []), ([HG, GM, GM], []), ([HF, FM, S, HG, GM], []),
        ([HF], [("party.head.alone", 0)]), ([HF, S], [("party.head.alone", 0)]), ([S, HG], [("party.head.alone", 1)]),
        ([HF, HF, FM], [("party.head.alone", 0)]),
        ([FM], [("party.member.no_head", 0)]), ([S, GM], [("party.member.no_head", 1)]),
        ([HF, GM], [("party.member.wrong_head", 1)]), ([HG, GM, FM], [("party.member.wrong_head", 2)]),
    ],
)  # fmt: skip
def test_heads_and_members(roles: list[Role], expected: list[tuple[str, int]]) -> None:
    guests = [
        HEAD._replace(role=role, document=None if role.is_member else HEAD.document, name=chr(65 + index))
        for index, role in enumerate(roles)
    ]
    assert found(stay(*guests)) == [(code, f"guests[{index}].role") for code, index in expected]


def test_a_party_too_large_for_a_file() -> None:
    crowd = [FAMILY[0]._replace(role=HG), *(CHILD._replace(role=GM) for _ in range(1000))]
    assert found(stay(*crowd)) == [("party.too_many", "guests[0].role")]


@pytest.mark.parametrize(
    ("days", "code"),
    [(-1, "stay.arrival.future"), (0, None), (1, None), (2, "stay.arrival.too_old"), (400, "stay.arrival.too_old")],
)
def test_the_window_is_today_and_yesterday(days: int, code: str | None) -> None:
    as_of = datetime(2026, 7, 10, 23, 59, tzinfo=ROME) + timedelta(days=days)
    assert found(stay(), as_of) == ([] if code is None else [(code, "arrival")])


def test_the_window_goes_by_the_italian_calendar() -> None:
    late = datetime.fromisoformat("2026-07-11T22:30+00:00")  # the twelfth in Italy
    assert found(stay(), late) == [("stay.arrival.too_old", "arrival")]


@pytest.mark.parametrize(
    ("nights", "registered", "start", "days", "follow_up"),
    [
        (1, 0, 10, 1, None), (30, 0, 10, 30, None), (31, 0, 10, 30, date(2026, 8, 9)), (45, 0, 10, 30, date(2026, 8, 9)),
        (45, 30, 40, 15, None), (90, 30, 40, 30, date(2026, 9, 8)), (90, 60, 70, 30, None), (7, 4, 14, 3, None),
    ],
)  # fmt: skip
def test_stays_over_thirty_nights(nights: int, registered: int, start: int, days: int, follow_up: date | None) -> None:
    (party,), problems = wrote(stay(*FAMILY, nights=nights, registered_nights=registered))
    day = date(2026, 7, 1) + timedelta(days=start - 1)
    assert problems == [] and party.follow_up == follow_up
    assert [(read(row.text).arrival, read(row.text).days) for row in party.rows] == [(day, days)] * 2
    follow = [note for note in party.notes if note.code == "schedine.follow_up"]
    assert [note.fact("date") for note in follow] == ([] if follow_up is None else [follow_up.isoformat()])


def test_a_follow_up_has_its_own_window() -> None:
    long = stay(nights=45, registered_nights=30)
    assert found(long, ARRIVAL + timedelta(days=30)) == []
    assert found(long, ARRIVAL) == [("stay.arrival.future", "arrival")]
    assert found(stay(nights=45, registered_nights=45)) == [("stay.registered_nights.complete", "registered_nights")]


def test_day_use_is_one_day_and_says_so() -> None:
    made = stay(nights=None, departure=date(2026, 7, 10))
    assert notes(made) == [("stay.nights.day_use", "departure")]
    assert read(wrote(made)[0][0].rows[0].text).days == 1


def test_departure_before_arrival_and_unknown_departure() -> None:
    assert found(stay(nights=None, departure=date(2026, 7, 9))) == [("stay.departure.before_arrival", "departure")]
    assert found(stay(nights=None)) == [("stay.departure.missing", "departure")]


def own(guest: Guest, **facts: Any) -> Guest:
    return guest._replace(details=GuestDetails(**facts))


def test_days_of_ones_own() -> None:
    later = own(HEAD._replace(id="c", name="LUCA"), arrival=ARRIVAL + timedelta(days=1))
    rows, problems = wrote(stay(HEAD, later))
    assert problems == [] and [read(party.rows[0].text).arrival.day for party in rows] == [10, 11]
    assert [read(party.rows[0].text).days for party in rows] == [4, 3]
    assert found(stay(HEAD, later), ARRIVAL + timedelta(days=2)) == [
        ("stay.arrival.too_old", "arrival"),
    ]
    member = own(CHILD, arrival=ARRIVAL + timedelta(days=1))
    assert found(stay(FAMILY[0], member)) == [("guest.arrival.member_differs", "guests[1].arrival")]
    assert found(stay(own(HEAD, arrival=ARRIVAL - timedelta(days=1)))) == [("guest.arrival.outside_stay", "guests[0].arrival")]
    gone = own(HEAD, departure=date(2026, 7, 9))
    assert found(stay(gone)) == [("guest.departure.before_arrival", "guests[0].departure")]
    leaving = own(CHILD, departure=date(2026, 7, 12))
    assert notes(stay(FAMILY[0], leaving)) == [("guest.departure.days_differ", "guests[1].departure")]
    assert found(stay(FAMILY[0], leaving, nights=45, registered_nights=30)) == [
        ("guest.departure.all_registered", "guests[1].departure")
    ]


@pytest.mark.parametrize(
    ("facts", "code", "where"),
    [
        ({"surname": "Müller"}, "guest.surname.spelled", "surname"), ({"name": "Anne-Marie"}, "guest.name.spelled", "name"),
        ({"document": Document("PASOR", "AB 12-3", "FR")}, "document.number.spelled", "document.number"),
        ({"birth_comune": "CARBONIA (SU)"}, "guest.birth_comune.placed", "birth_comune"),
        ({"document": Document("PASOR", "AB12", "BRA")}, "document.issued_in.state", "document.issued_in"),
    ],
)  # fmt: skip
def test_every_choice_is_noted(facts: dict[str, Any], code: str, where: str) -> None:
    assert notes(stay(HEAD._replace(**facts))) == [(code, f"guests[0].{where}")]


def test_small_letters_and_codes_are_no_choice() -> None:
    plain = HEAD._replace(surname="rossi", birth_comune="monopoli (ba)", document=Document("IDELE", "ca12345aa", "072030"))
    assert notes(stay(plain)) == []
    assert wrote(stay(plain))[0][0].rows[0].text == wrote(stay())[0][0].rows[0].text


def test_the_document_of_a_member_stays_home_and_we_say_so() -> None:
    made = stay(FAMILY[0], CHILD._replace(document=HEAD.document))
    assert notes(made) == [("guest.document.not_sent", "guests[1].document")]
    assert wrote(made)[0][0].rows[1].text.endswith(" " * 34)


def test_apartments() -> None:
    rows, _ = schedine.stay_rows(stay(), tables=TABLES, documents=TYPES, as_of=None, apartment=0)
    assert rows[0].rows[0].text.endswith("000000") and len(rows[0].rows[0].text) == 174
    _, problems = schedine.stay_rows(stay(), tables=TABLES, documents=TYPES, as_of=None, apartment=1_000_000)
    assert [problem.code for problem in problems] == ["schedine.apartment.unfit"]


def test_guests_of_a_stay_without_arrival_are_judged_as_far_as_can_be() -> None:
    problems = schedine.guest_problems([HEAD._replace(surname=None, birth_comune="NOWHERE (BA)")], tables=TABLES, documents=TYPES)
    assert [problem.code for problem in problems] == ["guest.surname.missing", "guest.birth_comune.unknown"]


def row(person: str, where: str) -> Row:
    return Row(wrote(stay(HEAD._replace(surname=person)))[0][0].rows[0].text, "", "S", where)


def test_the_same_person_twice() -> None:
    rows = [row("ROSSI", "stays[0].guests[0]"), row("BIANCHI", "stays[0].guests[1]"), row("ROSSI", "stays[1].guests[0]")]
    assert [(problem.where, problem.fact("first")) for problem in schedine.duplicates(rows)] == [
        ("stays[1].guests[0]", "stays[0].guests[0]")
    ]
    assert schedine.duplicates(rows[:2]) == []
    other_day = rows[2]._replace(text=rows[2].text.replace("10/07/2026", "11/07/2026"))
    assert schedine.duplicates([rows[0], other_day]) == []


def party(size: int) -> PartyRows:
    return PartyRows("S", 0, tuple(Row("x", str(index), "S", "") for index in range(size)), (), None)


def test_files_never_split_a_party() -> None:
    sizes = [400, 400, 400, 999, 1, 1, 1000]
    files = list(schedine.split_files(map(party, sizes)))
    assert [len(rows) for rows in files] == [800, 400, 1000, 1, 1000]
    assert schedine.cuts(map(party, sizes)) == [800, 1200, 2200, 2201]
    assert [row.guest for row in files[1]] == [str(index) for index in range(400)]
    assert schedine.cuts(map(party, [500, 500])) == [] == list(schedine.split_files([]))
    with pytest.raises(ValueError, match="1001"):
        list(schedine.split_files([party(1001)]))


def test_the_file_has_no_line_end_after_the_last() -> None:
    assert schedine.file_text([row("ROSSI", ""), row("BIANCHI", "")]).count("\r\n") == 1
    assert not schedine.file_text([row("ROSSI", "")]).endswith("\n")


def invented(seed: int, guests: int) -> Iterator[tuple[Stay, str | None]]:
    for made in stays(seed, guests, hard=True):
        shapes = parse({"stays": [made.stay]})
        assert shapes.problems == () and shapes.stays[0] is not None
        yield shapes.stays[0], made.due


def test_the_desk_writes_what_the_judgement_writes() -> None:
    desk = Desk(TABLES, TYPES)
    for made, due in invented(3, 1500):
        as_of = made.arrival if due is None else None
        rows, problems = desk.stay_rows(made, as_of=as_of)
        slow = [
            schedine.judge_party(
                made, part, tables=TABLES, documents=TYPES, today=as_of and as_of.date(), apartment=None
            )
            for part in parties(made.guests)
        ]  # fmt: skip
        assert set(problems) == {problem for _, found in slow for problem in found}
        assert [(party.rows, set(party.notes), party.follow_up, party.start) for party in rows] == [
            (party.rows, set(party.notes), party.follow_up, party.start) for party, _ in slow if party is not None
        ]
        assert bool(problems) is (due is not None) and (due is None or due in {problem.code for problem in problems})


def test_the_desk_judges_one_party_alone() -> None:
    made = stay(HEAD, *FAMILY)
    rows, problems = schedine.party_rows(made, Party(1, FAMILY), tables=TABLES, documents=TYPES, as_of=ARRIVAL)
    assert problems == [] and rows is not None and rows.start == 1
    assert [row.where for row in rows.rows] == ["guests[1]", "guests[2]"]


def test_the_desks_memory_is_bounded() -> None:
    desk = Desk(TABLES, TYPES)
    for memory in desk._memories:
        memory.room = 5
    letters = "ABCDEFGHIJ"
    for first in letters:
        desk.stay_rows(stay(HEAD._replace(surname=first, name=first + first)), as_of=None)
    assert max(map(len, desk._memories)) <= 5 < ROOM


def test_what_we_write_is_what_the_portal_takes() -> None:
    rows = [row.text for made, _ in invented(5, 800) for party in wrote(made)[0] for row in party.rows]
    assert len(rows) > 600
    assert [outcome for outcome in judge(rows, today=None, tables=TABLES, documents=TYPES) if not outcome.valid] == []
