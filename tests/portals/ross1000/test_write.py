"""The XML as it is written (spec flussi-turistici 6.1-6.5, 13)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from locanda.law.statistics import told
from locanda.portals.ross1000.records import Movimenti, Movimento, Partenza, Struttura
from tests.portals.ross1000.house import file_of, form, guest, request, schema_faults, stay, written

GERMAN: dict[str, Any] = {
    "citizenship": "DE", "residence_state": "DE", "residence_comune": None, "birth_state": "DE", "birth_comune": None,
}  # fmt: skip


def day(file: Movimenti, text: str) -> Movimento:
    return next(entry for entry in file.movimenti if entry.data == text)


def test_a_guest_is_written_as_in_the_layout() -> None:
    asked = request(stay(guest(tourism="Culturale", transport="Treno"), channel="own_website"))
    text = (written(asked).data or b"").decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<movimenti>\n<codice>X00001</codice>\n<prodotto>Locanda<')
    assert (
        "<arrivo><idswh>Fa</idswh><tipoalloggiato>16</tipoalloggiato><idcapo></idcapo><sesso>F</sesso>"
        "<cittadinanza>100000100</cittadinanza><statoresidenza>100000100</statoresidenza>"
        "<luogoresidenza>416072030</luogoresidenza><datanascita>19850412</datanascita><statonascita>100000100</statonascita>"
        "<comunenascita>412058091</comunenascita><tipoturismo>Culturale</tipoturismo><mezzotrasporto>Treno</mezzotrasporto>"
        "<canaleprenotazione>Diretta web</canaleprenotazione><titolostudio>Non specificato</titolostudio>"
        "<professione></professione><esenzioneimposta></esenzioneimposta></arrivo>"
    ) in text


def test_every_day_is_there_in_order() -> None:
    file = file_of(request(stay(arrival="2027-03-05", departure="2027-03-08")))
    assert [entry.data for entry in file.movimenti] == [f"202703{number:02d}" for number in range(1, 32)]
    assert day(file, "20270305").arrivi is not None
    middle = day(file, "20270306")
    assert middle == Movimento("20270306", Struttura("SI", "1", "3", "6"))
    assert day(file, "20270308").partenze == (Partenza("Fa", "16", "20270305"),)
    assert day(file, "20270309").struttura == Struttura("SI", "0", "3", "6")


def test_a_closed_day_bears_three_zeros_and_no_lists() -> None:
    asked = request(stay())
    asked["days"][28:] = [{"day": f"2027-03-{number}", "open": False} for number in (29, 30, 31)]
    assert day(file_of(asked), "20270330") == Movimento("20270330", Struttura("NO", "0", "0", "0"))


def test_what_nobody_knows_is_not_specified_in_the_portals_own_spelling() -> None:
    (arrival,) = day(file_of(request(stay())), "20270305").arrivi or ()
    assert (arrival.tipoturismo, arrival.mezzotrasporto) == ("Non specificato", "Non Specificato")
    assert (arrival.canaleprenotazione, arrival.titolostudio) == ("Non specificato", "Non specificato")


def test_no_name_and_no_document_is_written() -> None:
    person = guest(surname="ROSSI", name="MARIA", document={"type": "IDENT", "number": "CA12345AA", "issued_in": "MONOPOLI (BA)"})
    data = written(request(stay(person))).data or b""
    assert b"ROSSI" not in data and b"MARIA" not in data and b"CA12345AA" not in data and b"cognome" not in data


def test_a_family_names_its_head_and_a_foreigner_a_place() -> None:
    head = guest("h", "head_of_family", **GERMAN)
    child = guest("c", "family_member", birth_date="2027-01-02", residence_place="Köln & Bonn", **GERMAN)
    made = written(request(stay(head, child)))
    assert b"<luogoresidenza>K\xc3\xb6ln &amp; Bonn</luogoresidenza>" in (made.data or b"")
    first, second = day(file_of(request(stay(head, child))), "20270305").arrivi or ()
    assert (first.tipoalloggiato, first.idcapo, second.tipoalloggiato, second.idcapo) == ("17", "", "19", "Fh")
    assert (first.luogoresidenza, first.comunenascita, first.statoresidenza) == ("", "", "100000216")


def test_who_does_not_count_is_left_out() -> None:
    guests = [guest("a"), guest("b", tourist=False), guest("c", status=["displaced"])]
    assert len(day(file_of(request(stay(*guests))), "20270305").arrivi or ()) == 1


def test_the_worked_example_of_the_spec() -> None:
    couple = stay(
        guest("a", residence_comune="F712"), guest("b", citizenship="FR", residence_state="FR", residence_comune=None),
        arrival="2027-02-27", departure="2027-03-03", id="S1", units=["1"],
    )  # fmt: skip
    woman = stay(guest("c"), arrival="2027-03-05", departure="2027-03-06", id="S2", units=["1"])
    family = stay(
        guest("d", "head_of_family", **GERMAN), guest("e", "family_member", **GERMAN),
        guest("f", "family_member", birth_date="2027-01-01", **GERMAN),
        arrival="2027-03-06", departure="2027-03-09", id="S3", units=["1", "2"],
    )  # fmt: skip
    builder = stay(guest("g", tourist=False), arrival="2027-02-20", departure="2027-04-10", id="S4", units=["3"])
    asked = request(couple, woman, family, builder)
    asked["days"] = [
        {"day": entry["day"], "open": True, "rooms": 2, "beds": 4} if number < 28 else {"day": entry["day"], "open": False}
        for number, entry in enumerate(asked["days"])
    ]
    data = written(asked).data or b""
    file = file_of(asked)
    occupied = [int((entry.struttura or Struttura()).camereoccupate or 0) for entry in file.movimenti]
    assert occupied[:9] == [1, 1, 0, 0, 1, 2, 2, 2, 0] and sum(occupied) == 9
    assert [len(entry.arrivi or ()) for entry in file.movimenti[4:6]] == [1, 3]
    assert [len(entry.partenze or ()) for entry in file.movimenti if entry.partenze] == [2, 1, 3]
    report = form().check(data)
    assert (report.days, report.arrivals, report.departures, report.problems) == (31, 4, 6, ())
    assert {warning.code for warning in report.warnings} == {"ross1000.departure.elsewhere"}


# what stops it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "where", "code"),
    [
        ({"residence_state": "FR", "residence_comune": None, "residence_place": "Saint-Rémy-en-Bouzemont-Saint-Genest"},
         "stays[0].guests[0].residence_place", "ross1000.place.long"),
        ({"residence_state": "FR", "residence_comune": None, "residence_place": "Lyon\u0001"},
         "stays[0].guests[0].residence_place", "ross1000.text.unwritable"),
        ({"profession": "sarta\u0002"}, "stays[0].guests[0].profession", "ross1000.text.unwritable"),
    ],
)  # fmt: skip
def test_nothing_is_cut_or_replaced(more: dict[str, Any], where: str, code: str) -> None:
    made = written(request(stay(guest(**more))))
    assert made.data is None
    assert [(problem.where, problem.code) for problem in made.problems] == [(where, code)]


def test_a_member_never_goes_before_the_head() -> None:
    late = guest("h", "head_of_family", arrival="2027-03-06T18:00+01:00", departure="2027-03-09")
    made = written(request(stay(late, guest("m", "family_member"), departure="2027-03-09")))
    assert [problem.code for problem in made.problems] == ["ross1000.head.later"]


def test_the_code_of_the_structure_is_asked_for() -> None:
    asked = request(stay())
    for given in ({}, {"ross1000": ""}, {"ross1000": "  "}):
        asked["property"]["portal_ids"] = given
        assert [problem.code for problem in written(asked).problems] == ["flows.portal_id.missing"]
    asked["property"]["portal_ids"] = {"ross1000": 0}
    assert file_of(asked).codice == "0"


def test_missing_facts_are_told_all_at_once() -> None:
    bare = {"id": "a", "role": "single", "residence_state": "FR"}
    made = told(json.dumps(request(stay(bare))).encode(), needs=form().needs, uses=form().uses)
    assert {problem.code for problem in made.problems} == {
        "flows.sex.missing", "flows.birth_date.missing", "flows.citizenship.missing",
    }  # fmt: skip


# what is noted ------------------------------------------------------------------------------------------------------


def codes(asked: dict[str, Any]) -> list[str]:
    return [note.code for note in written(asked).notes]


def test_notes_name_minors_who_lead_and_people_too_old() -> None:
    assert codes(request(stay(guest(birth_date="2012-01-01")))) == ["ross1000.head.minor"]
    assert codes(request(stay(guest(birth_date="1910-01-01")))) == ["ross1000.birth.very_old"]
    assert codes(request(stay(guest(birth_date="2009-03-05")))) == []  # eighteen on the day of arrival


def test_days_that_the_portal_lacks_before_the_file_are_noted() -> None:
    assert codes(request(stay(), accepted_until="2027-02-20")) == ["ross1000.days.skipped"]
    assert codes(request(stay(), accepted_until="2027-02-28")) == []
    assert codes(request(stay(), accepted_until="2027-03-10")) == []


def test_who_slept_after_midnight_and_left_leaves_on_the_next_day() -> None:
    night = stay(arrival="2027-03-05", departure="2027-03-05T11:00+01:00")
    night["arrival"] = "2027-03-05T02:00+01:00"
    assert codes(request(night)) == ["ross1000.day.after_midnight"]
    assert day(file_of(request(night)), "20270306").partenze == (Partenza("Fa", "16", "20270305"),)
    night["first_night"] = "2027-03-04"
    assert codes(request(night)) == []
    assert day(file_of(request(night)), "20270305").partenze == (Partenza("Fa", "16", "20270304"),)


def test_nights_without_guests_of_the_clock_changes_are_days_like_others() -> None:
    for first, last in (("2027-03-27", "2027-03-29"), ("2027-10-30", "2027-11-01")):
        asked = request(stay(arrival=first, departure=last), first=first, last=last)
        file = file_of(asked)
        assert [len(entry.arrivi or ()) for entry in file.movimenti] == [1, 0, 0]
        assert [len(entry.partenze or ()) for entry in file.movimenti] == [0, 0, 1]


def test_the_official_schema_accepts_it(shared: Path) -> None:
    data = written(request(stay(guest("a", residence_state="FR", residence_comune=None)), stay(guest("b"), id="S2"))).data
    assert data is not None
    assert schema_faults(shared, data) == []
    assert schema_faults(shared, data.replace(b"<sesso>F</sesso>", b"")) != []


def test_year_end_is_no_seam() -> None:
    file = file_of(request(stay(arrival="2026-12-30", departure="2027-01-02"), first="2026-12-01", last="2027-01-31"))
    assert [entry.data for entry in file.movimenti if entry.partenze] == ["20270102"]
    assert len(file.movimenti) == 31 + 31
    assert sum(int((entry.struttura or Struttura()).camereoccupate or 0) for entry in file.movimenti) == 3
