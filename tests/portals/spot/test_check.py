"""SP-01 to SP-11 by their faults: every fault seeded into a clean file is found, and a clean file raises no alarm."""

from __future__ import annotations

import re
from datetime import date

import pytest

from locanda.portals.spot.movements import check, read, write
from tests.portals.spot.scene import guest, moved, stay


def clean() -> bytes:
    family = [guest("a", "head_of_family"), guest("b", "family_member"), guest("c", "family_member", birth_date="2024-02-02")]
    abroad = guest("d", residence_state="DE", residence_comune=None, tourism="nature", transport="car", education="degree")
    data = write(
        moved(
            [
                stay("S1", "2027-03-02", "2027-03-05", *family),
                stay("S2", "2027-03-03", "2027-03-06", abroad, units=["2"]),
                stay("S3", "2027-03-04T02:00+01:00", "2027-03-04T11:00+01:00", guest("e"), units=["3"]),
            ],
            days=[{"day": "2027-03-10", "open": False}],
        )
    ).data
    assert data is not None
    return data


CLEAN = clean().decode()
A, B, C, D = (f"<codiceclientesr>{letter}</codiceclientesr>" for letter in "ABCD")
ALONE = '<partenze>\n<codiceclientesr partenzacapogrupposeparata="si">'


def rules(data: str | bytes) -> tuple[set[str | None], set[str | None]]:
    report = check(data.encode() if isinstance(data, str) else data)
    return {problem.fact("rule") for problem in report.problems}, {problem.fact("rule") for problem in report.warnings}


def swapped(before: str, after: str, count: int = 1) -> str:
    assert before in CLEAN, before
    return CLEAN.replace(before, after, count)


def without(pattern: str) -> str:
    made, count = re.subn(pattern, "", CLEAN, count=1, flags=re.DOTALL)
    assert count == 1
    return made


def departed(day: str, *codes: str) -> str:
    """The clean file with more departures on a day that has some."""
    more = "".join(f"<codiceclientesr>{code}</codiceclientesr>\n" for code in codes)
    made, count = re.subn(f'(data="{day}".*?<partenze>\n)', lambda found: found[1] + more, CLEAN, count=1, flags=re.DOTALL)
    assert count == 1
    return made


def test_a_clean_file_raises_no_alarm() -> None:
    report = check(clean())
    assert (report.days, report.arrivals, report.departures) == (10, 5, 5)
    assert report.problems == report.warnings == ()
    assert report.valid


FAULTS = {
    "not xml": (CLEAN[:-20], "SP-01"),
    "another root": (CLEAN.replace("movimenti", "movimentos"), "SP-01"),
    "a doctype": (swapped("<movimenti", "<!DOCTYPE movimenti>\n<movimenti"), "SP-01"),
    "a namespace": (swapped("<movimenti ", '<movimenti xmlns="http://example.org/" '), "SP-01"),
    "order of elements": (
        swapped(
            "<sesso>F</sesso><cittadinanza>100000100</cittadinanza>", "<cittadinanza>100000100</cittadinanza><sesso>F</sesso>"
        ),
        "SP-01",
    ),
    "an element too many": (swapped("<dayuse>no</dayuse>", "<dayuse>no</dayuse><dayuse>no</dayuse>"), "SP-01"),
    "an unknown element": (swapped("<dayuse>no</dayuse>", "<cognome>ROSSI</cognome><dayuse>no</dayuse>"), "SP-01"),
    "a missing element": (without("<eta>46</eta>"), "SP-01"),
    "a third sex": (swapped("<sesso>F</sesso>", "<sesso>X</sesso>"), "SP-01"),
    "capital yes": (swapped("<dayuse>no</dayuse>", "<dayuse>NO</dayuse>"), "SP-01"),
    "an unknown state": (swapped("<cittadinanza>100000100</cittadinanza>", "<cittadinanza>100000000</cittadinanza>"), "SP-01"),
    "a blank in a value": (swapped("<sesso>F</sesso>", "<sesso>F </sesso>"), "SP-01"),
    "age below zero": (swapped("<eta>46</eta>", "<eta>-1</eta>"), "SP-01"),
    "a word not in the list": (swapped("NATURA", "MONTAGNA"), "SP-01"),
    "a day that is none": (swapped('data="2027-03-02"', 'data="2027-02-30"'), "SP-01"),
    "a day in Italian": (swapped('data="2027-03-02"', 'data="02/03/2027"'), "SP-01"),
    "an unknown kind of day": (swapped('type="NM"', 'type="XX"'), "SP-01"),
    "no kind of day": (swapped(' type="NM"', ""), "SP-01"),
    "stray text": (swapped("<arrivi>\n", "<arrivi>ciao\n"), "SP-01"),
    "a gap": (without(r'<movimento type="NM" data="2027-03-08">.*?</movimento>\n'), "SP-02"),
    "the same day twice": (swapped('data="2027-03-08"', 'data="2027-03-07"'), "SP-02"),
    "days backwards": (swapped('data="2027-03-08"', 'data="2027-03-01"'), "SP-02"),
    "MP without figures": (without(r'(?<=</partenze>\n)<datistruttura>.*?</datistruttura>\n'), "SP-03"),
    "MP without movement": (swapped('type="NM" data="2027-03-07"', 'type="MP" data="2027-03-07"'), "SP-03"),
    "NM with movement": (swapped('type="MP" data="2027-03-02"', 'type="NM" data="2027-03-02"'), "SP-03"),
    "EC with movement": (swapped('type="MP" data="2027-03-02"', 'type="EC" data="2027-03-02"'), "SP-03"),
    "more rooms occupied than there are": (swapped("<camereoccupate>1<", "<camereoccupate>4<"), "SP-04"),
    "fewer beds than rooms": (swapped("<postilettodisponibili>6<", "<postilettodisponibili>2<"), "SP-04"),
    "figures below zero": (swapped("<camereoccupate>0<", "<camereoccupate>-1<"), "SP-04"),
    "a closed day with figures": (swapped("<cameredisponibili>0<", "<cameredisponibili>3<"), "SP-04"),
    "Italy as a foreign state": (swapped("<paeseresidenza>100000216<", "<paeseresidenza>100000100<"), "SP-05"),
    "both residences": (
        swapped("<comuneresidenza>416072030</comuneresidenza>",
                "<paeseresidenza>100000216</paeseresidenza><comuneresidenza>416072030</comuneresidenza>"),
        "SP-05",
    ),
    "no residence": (without("<comuneresidenza>416072030</comuneresidenza>"), "SP-05"),
    "a comune that is none": (swapped("<comuneresidenza>416072030<", "<comuneresidenza>072030<"), "SP-05"),
    "a member as kind of guest": (swapped("<tipologiaalloggiato>17<", "<tipologiaalloggiato>19<"), "SP-06"),
    "a single with members": (swapped("<tipologiaalloggiato>17<", "<tipologiaalloggiato>16<"), "SP-06"),
    "a head without members": (swapped("<tipologiaalloggiato>16<", "<tipologiaalloggiato>18<"), "SP-06"),
    "a code too long": (CLEAN.replace(D, f"<codiceclientesr>{'D' * 101}</codiceclientesr>", 1), "SP-07"),
    "a tax code": (CLEAN.replace(D, "<codiceclientesr>RSSMRA80A41F376X</codiceclientesr>"), "SP-07"),
    "no code": (CLEAN.replace(D, "<codiceclientesr></codiceclientesr>"), "SP-07"),
    "a code in the house already": (CLEAN.replace(D, A), "SP-07"),
    "two members with one code": (swapped(C, B), "SP-07"),
    "a member leaves": (departed("2027-03-05", "B"), "SP-08"),
    "somebody leaves twice": (departed("2027-03-06", "A"), "SP-08"),
    "somebody is listed twice": (departed("2027-03-05", "A"), "SP-08"),
    "a single leaves alone": (CLEAN.replace("<partenze>\n<codiceclientesr>D<", f"{ALONE}D<"), "SP-08"),
    "a wrong total": (swapped('data="2027-03-02"', 'data="2027-03-02" totale="3"'), "SP-10"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_found(name: str) -> None:
    data, rule = FAULTS[name]
    assert data != CLEAN
    problems, _ = rules(data)
    assert rule in problems


def test_there_are_faults_of_every_rule() -> None:
    assert {rule for _, rule in FAULTS.values()} == {f"SP-{number:02d}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 10)}


WARNED = {
    "an arrival in an earlier file": (departed("2027-03-06", "Z"), "SP-08"),
    "day use that does not leave": (swapped("<dayuse>no</dayuse>", "<dayuse>si</dayuse>"), "SP-09"),
    "leaves on the day of arrival": (swapped("<dayuse>si</dayuse>", "<dayuse>no</dayuse>"), "SP-09"),
    "a comune that nobody knows": (swapped("<comuneresidenza>416072030<", "<comuneresidenza>499999999<"), "SP-11"),
    "a comune of 2024": (swapped("<comuneresidenza>416072030<", "<comuneresidenza>405028108<"), "SP-11"),
    "a name for a code": (CLEAN.replace(D, "<codiceclientesr>ROSSI MARIO</codiceclientesr>"), "SP-07"),
}


@pytest.mark.parametrize("name", WARNED)
def test_what_one_file_cannot_prove_is_a_warning(name: str) -> None:
    data, rule = WARNED[name]
    assert data != CLEAN
    problems, warnings = rules(data)
    assert (problems, warnings) == (set(), {rule})


def test_a_true_total_is_no_fault() -> None:
    assert rules(swapped('data="2027-03-02"', 'data="2027-03-02" totale="1"')) == (set(), set())


def test_all_faults_are_told_together() -> None:
    data = swapped("<sesso>F</sesso>", "<sesso>X</sesso>").replace("<camereoccupate>1<", "<camereoccupate>4<", 1)
    data = data.replace('data="2027-03-08"', 'data="2027-03-07"', 1)
    assert rules(data)[0] == {"SP-01", "SP-02", "SP-04"}


def test_the_first_day_follows_the_last_accepted() -> None:
    for until, fault in ((date(2027, 2, 28), None), (date(2027, 2, 27), "spot.days.gap"), (date(2027, 3, 1), "spot.days.again")):
        found = check(clean(), accepted_until=until).problems
        assert {problem.code for problem in found} == ({fault} if fault else set())


def test_members_who_stay_may_leave_with_a_warning() -> None:
    alone = CLEAN.replace("<partenze>\n<codiceclientesr>A<", f"{ALONE}A<")
    data = alone.replace(f"{D}\n</partenze>", f"{D}\n{B}\n</partenze>")
    report = check(data.encode())
    assert [problem.code for problem in report.problems] == []
    assert [problem.code for problem in report.warnings] == ["spot.departure.left_behind"]
    assert report.departures == 4, "the head, two singles and one of the members"


def test_every_problem_has_words_and_a_place() -> None:
    for data, _ in (*FAULTS.values(), *WARNED.values()):
        report = check(data.encode())
        for problem in (*report.problems, *report.warnings):
            assert "…" not in problem.message("it") and "…" not in problem.message("en")


def test_files_of_others_are_read() -> None:
    bare = b'<movimenti><movimento type="NM" data="2027-03-01"/><movimento data="2027-03-02" type="EC"></movimento></movimenti>'
    report = check(bare)
    assert (report.valid, report.days, report.warnings) == (True, 2, ())
    assert read(b"\xff\xfe").values is None
    assert check(b"").problems
