"""From a movement to the file of SPOT: start-up, what was accepted, parties, day use, words."""

from __future__ import annotations

from datetime import date

import pytest

from locanda.portals.flows import Written
from locanda.portals.spot.movements import check, encode, file_name, read, write
from locanda.portals.spot.values import Arrival, Day, File
from tests.portals.spot.scene import FORM, asked, day, guest, moved, stay, told_of


def file_of(written: Written) -> File:
    assert written.data is not None, written.problems
    found = read(written.data)
    assert found.problems == ()
    assert encode(found.values) == written.data
    assert check(written.data).problems == ()
    values: File = found.values
    return values


def codes(written: Written) -> set[str]:
    return {problem.code for problem in written.problems}


def notes(written: Written) -> set[str]:
    return {problem.code for problem in written.notes}


def on(file: File, text: str) -> Day:
    return next(entry for entry in file.days if entry.day == day(text))


def arrivals(entry: Day) -> dict[str, Arrival]:
    return {arrival.person.code: arrival for arrival in entry.arrivals or ()}


def left(entry: Day) -> list[str]:
    return [leaving.code for leaving in entry.departures or ()]


def test_the_worked_example_of_the_reference() -> None:
    stays = [
        stay(
            "S1", "2027-02-27", "2027-03-03",
            guest("a"), guest("b", citizenship="FR", residence_state="FR", residence_comune=None),
        ),
        stay("S2", "2027-03-05", "2027-03-06", guest("c"), units=["1"]),
        stay(
            "S3", "2027-03-06", "2027-03-09",
            guest("d", "head_of_family", residence_state="DE", residence_comune=None),
            guest("e", "family_member", residence_state="DE", residence_comune=None),
            guest("f", "family_member", birth_date="2026-08-01", residence_state="DE", residence_comune=None, occupies_bed=False),
            units=["1", "2"],
        ),
        stay("S4", "2027-03-01", "2027-03-31", guest("w", tourist=False), units=["3"]),
    ]  # fmt: skip
    days = [{"day": f"2027-03-{number:02d}", "open": number < 29, "rooms": 2, "beds": 4} for number in range(1, 29)]
    days += [{"day": f"2027-03-{number}", "open": False} for number in (29, 30, 31)]
    file = file_of(write(moved(stays, "2027-03-01", "2027-03-31", days=days)))
    kinds = {entry.day: entry.kind for entry in file.days}
    assert kinds[date(2027, 2, 28)] == "MP"  # the start-up
    assert [number for number in range(1, 32) if kinds[date(2027, 3, number)] == "MP"] == [3, 5, 6, 9]
    assert [number for number in range(1, 32) if kinds[date(2027, 3, number)] == "EC"] == [29, 30, 31]
    assert [on(file, f"2027-03-0{number}").figures for number in (1, 7)] == [(2, 4, 1), (2, 4, 2)]
    assert on(file, "2027-03-30").figures == (0, 0, 0)
    sixth = on(file, "2027-03-06")
    assert (len(sixth.arrivals or ()), left(sixth)) == (1, ["C"])
    family = arrivals(sixth)["D"]
    assert family.kind == "17"
    assert [(member.code, member.age, member.bed) for member in family.members] == [("E", 46, "si"), ("F", 0, "no")]
    assert left(on(file, "2027-03-09")) == ["D"], "a head takes its members along"


def test_who_was_there_before_arrives_on_the_day_before() -> None:
    stays = [
        stay("S1", "2027-02-20", "2027-03-02", guest("a", "head_of_family"), guest("b", "family_member")),
        stay("S2", "2027-02-25", None, guest("c"), units=["2"]),
        stay("S3", "2027-02-20", "2027-03-01", guest("d"), units=["3"]),
        stay("S4", "2027-02-20", "2027-02-28", guest("e"), units=["3"]),
    ]
    written = write(moved(stays))
    file = file_of(written)
    assert "spot.start_up" in notes(written)
    assert file.days[0].day == date(2027, 2, 28)
    assert sorted(arrivals(file.days[0])) == ["A", "C", "D"]
    assert file.days[0].figures == (3, 6, 3)
    assert left(on(file, "2027-03-01")) == ["D"]


def test_nobody_there_before_needs_no_start_up() -> None:
    file = file_of(write(moved([stay("S1", "2027-03-01", "2027-03-02", guest("a"))])))
    assert file.days[0].day == date(2027, 3, 1)


def test_the_file_begins_after_what_was_accepted() -> None:
    stays = [stay("S1", "2027-02-20", "2027-03-05", guest("a")), stay("S2", "2027-03-02", "2027-03-06", guest("b"), units=["2"])]
    written = write(moved(stays, accepted_until="2027-03-03"))
    file = file_of(written)
    assert file.days[0].day == date(2027, 3, 4)
    assert "spot.accepted.skipped" in notes(written) and "spot.start_up" not in notes(written)
    assert [entry.arrivals for entry in file.days if entry.arrivals] == []
    assert (left(on(file, "2027-03-05")), left(on(file, "2027-03-06"))) == (["A"], ["B"])
    exact = write(moved(stays, accepted_until="2027-02-28"))
    assert file_of(exact).days[0].day == date(2027, 3, 1)
    assert notes(exact) == set()


@pytest.mark.parametrize(
    ("until", "code"),
    [("2027-02-27", "spot.accepted.gap"), ("2027-03-10", "spot.accepted.all"), ("2027-04-01", "spot.accepted.all")],
)
def test_a_gap_or_a_second_loading_is_refused(until: str, code: str) -> None:
    assert codes(write(moved([], accepted_until=until))) == {code}


def test_a_month_in_two_files_is_the_month_in_one() -> None:
    stays = [
        stay("S1", "2027-03-02", "2027-03-07", guest("a", "head_of_family"), guest("b", "family_member", departure="2027-03-06")),
        stay("S2", "2027-03-05", "2027-03-06", guest("c"), units=["2"]),
    ]
    whole = file_of(write(moved(stays)))
    begin = file_of(write(moved(stays, last="2027-03-05")))
    rest = file_of(write(moved(stays, accepted_until="2027-03-05")))
    assert [entry._replace(line=0) for entry in (*begin.days, *rest.days)] == [entry._replace(line=0) for entry in whole.days]


def test_a_member_with_other_days_goes_alone() -> None:
    stays = [
        stay(
            "S1", "2027-03-02", "2027-03-07",
            guest("a", "head_of_group"), guest("b", "group_member"), guest("c", "group_member", departure="2027-03-05"),
        )
    ]  # fmt: skip
    written = write(moved(stays))
    file = file_of(written)
    come = arrivals(on(file, "2027-03-02"))
    assert {code: (arrival.kind, [member.code for member in arrival.members]) for code, arrival in come.items()} == {
        "A": ("18", ["B"]), "C": ("16", []),
    }  # fmt: skip
    assert (left(on(file, "2027-03-05")), left(on(file, "2027-03-07"))) == (["C"], ["A"])
    assert notes(written) == {"spot.member.alone"}
    later = write(moved(stays, accepted_until="2027-03-02"))
    assert notes(later) == {"spot.member.loaded_before", "spot.accepted.skipped"}


def test_a_head_left_without_members_is_a_single() -> None:
    party = [guest("a", "head_of_family"), guest("b", "family_member", departure="2027-03-04")]
    written = write(moved([stay("S1", "2027-03-02", "2027-03-07", *party)]))
    assert {arrival.kind for arrival in arrivals(on(file_of(written), "2027-03-02")).values()} == {"16"}
    assert notes(written) == {"spot.member.alone", "spot.head.without_members"}


def test_day_use_comes_and_goes_on_one_day() -> None:
    file = file_of(write(moved([stay("S1", "2027-03-04T02:00+01:00", "2027-03-04T11:00+01:00", guest("a"))])))
    fourth, fifth = on(file, "2027-03-04"), on(file, "2027-03-05")
    assert (arrivals(fourth)["A"].day_use, left(fourth), fourth.kind) == ("si", ["A"], "MP")
    assert (fifth.kind, fifth.departures) == ("NM", None)


def test_day_use_before_the_first_day_is_over() -> None:
    stays = [stay("S1", "2027-02-28T02:00+01:00", "2027-02-28T11:00+01:00", guest("a"))]
    assert file_of(write(moved(stays))).days[0].day == date(2027, 3, 1)
    accepted = file_of(write(moved(stays, accepted_until="2027-02-28")))
    assert [entry for entry in accepted.days if entry.departures] == []


def test_a_departure_on_a_closed_day_is_refused() -> None:
    stays = [stay("S1", "2027-03-02", "2027-03-04", guest("a"))]
    days = [{"day": f"2027-03-{number:02d}", "open": False} for number in range(4, 11)]
    assert codes(write(moved(stays, days=days))) == {"spot.closed.departures"}


def test_figures_the_portal_would_refuse() -> None:
    stays = [stay("S1", "2027-03-02", "2027-03-04", guest("a"), guest("b"), units=["1", "2"])]
    short = [{"day": f"2027-03-{number:02d}", "open": True, "rooms": 1, "beds": 4} for number in range(1, 11)]
    assert codes(write(moved(stays, days=short))) == {"spot.rooms.beyond"}
    few_beds = [{"day": f"2027-03-{number:02d}", "open": True, "rooms": 3, "beds": 2} for number in range(1, 11)]
    made = write(moved(stays, days=few_beds))
    assert codes(made) == {"spot.beds.below_rooms"} and len(made.problems) == 10


def test_states_that_the_list_lacks() -> None:
    macedonia = guest("a", citizenship="MK", residence_state="MK", residence_comune=None)
    written = write(moved([stay("S1", "2027-03-02", "2027-03-04", macedonia)]))
    person = arrivals(on(file_of(written), "2027-03-02"))["A"].person
    assert (person.citizenship, person.state, person.comune) == ("100000253", "100000253", None)
    assert notes(written) == {"spot.state.sent_as"}
    guernsey = guest("a", residence_state="GG", residence_comune=None)
    refused = write(moved([stay("S1", "2027-03-02", "2027-03-04", guernsey)]))
    assert [(problem.code, problem.where) for problem in refused.problems] == [
        ("spot.state.unlisted", "stays[0].guests[0].residence_state")
    ]


def test_a_comune_younger_than_the_list_is_said() -> None:
    new = guest("a", residence_comune="405028108")
    written = write(moved([stay("S1", "2027-03-02", "2027-03-04", new)]))
    assert notes(written) == {"spot.comune.new"}
    assert written.data is not None
    assert [problem.fact("rule") for problem in check(written.data).warnings] == ["SP-11"]


@pytest.mark.parametrize(
    ("facts", "channel", "expected"),
    [
        ({"tourism": "visiting", "transport": "ferry"}, "direct", ("VISITAPARENTI", "TRAGHETTO", None, ("DIRETTAALLOGGIOSR",))),
        ({"tourism": "Balneare", "transport": "Auto"}, "portal", ("BALNEARE", "AUTO", None, ("DIRETTAALLOGGIOINTERNET",))),
        ({"tourism": "Altro motivo", "transport": "Aereo"}, "indirect", (None, None, None, ())),
        ({"tourism": "school_trip", "transport": "Aereo+Treno"}, "association", (None, None, "TRENO", ("ASSOCIAZIONE",))),
        ({"transport": "Caravan/Autocaravan"}, "own_website", (None, None, None, ("DIRETTAALLOGGIOINTERNET",))),
    ],
)
def test_words_of_ours_become_words_of_spot(facts: dict[str, str], channel: str, expected: tuple[object, ...]) -> None:
    written = write(moved([stay("S1", "2027-03-02", "2027-03-04", guest("a", **facts), channel=channel)]))
    arrival = arrivals(on(file_of(written), "2027-03-02"))["A"]
    assert (arrival.reason, arrival.came_by, arrival.moves_by, arrival.traits) == expected
    assert ("spot.word.left_out" in notes(written)) == (None in expected[:2])


def test_no_name_and_no_tax_code_leave_the_house() -> None:
    person = guest("a", surname="ROSSI", name="MARIA", document={"type": "IDENT", "number": "CA12345AA"})
    person.pop("flow_id")
    data = write(moved([stay("S1", "2027-03-02", "2027-03-04", person)])).data
    assert data is not None and b"ROSSI" not in data and b"CA12345AA" not in data and b"1980" not in data


def test_what_is_missing_stops_before_any_byte() -> None:
    told = told_of(asked([stay("S1", "2027-03-02", "2027-03-04", {"id": "a"})], "2027-03-01", "2027-03-03"))
    assert told.movement is None
    assert {problem.code for problem in told.problems} >= {
        "flows.sex.missing", "flows.birth_date.missing", "flows.citizenship.missing", "flows.role.missing",
        "flows.residence.missing",
    }  # fmt: skip
    assert FORM.needs >= {"flow_id", "role", "sex", "birth_date", "citizenship"}


def test_the_name_of_the_file_says_first_and_last_day() -> None:
    assert file_name(file_of(write(moved([])))) == "20270301_20270310.xml"
    assert file_name(File(())) == "vuoto.xml"
