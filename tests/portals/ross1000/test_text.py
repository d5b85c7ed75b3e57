"""The TXT of 328 characters: written, read, judged (spec flussi-turistici 6.7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.portals.ross1000.text import check, encode, read
from locanda.portals.ross1000.text_record import COLUMNS, LENGTH, Riga
from tests.flows_year import year
from tests.portals.ross1000.house import guest, request, stay, written

HEAD = Riga(
    tipoalloggiato="17", arrivo="05/06/2026", sesso="1", datanascita="10/05/1980", comunenascita="412058091",
    provincianascita="RM", statonascita="100000100", cittadinanza="100000100", comuneresidenza="416072030",
    provinciaresidenza="BA", statoresidenza="100000100", tipoturismo="Culturale", mezzotrasporto="Auto", camereoccupate="1",
    cameredisponibili="3", lettidisponibili="6", imposta="1", idswh="H1", modalita="1",
)  # fmt: skip
CHILD = HEAD._replace(
    tipoalloggiato="19", datanascita="01/01/2020", camereoccupate="", cameredisponibili="", lettidisponibili="", idswh="M1"
)
ABROAD = HEAD._replace(
    tipoalloggiato="16", comunenascita="", provincianascita="", statonascita="100000215", cittadinanza="100000215",
    comuneresidenza="", provinciaresidenza="", statoresidenza="100000215", idswh="G1",
)  # fmt: skip
CLEAN = (HEAD, CHILD, ABROAD, *(one._replace(modalita="2", partenza="07/06/2026") for one in (HEAD, CHILD, ABROAD)))


def with_guest(**changes: Any) -> tuple[Riga, ...]:
    made = ABROAD._replace(**changes)
    return (HEAD, CHILD, made, *CLEAN[3:5], made._replace(modalita="2", partenza="07/06/2026"))


def lines(asked: dict[str, Any]) -> tuple[Riga, ...]:
    made = written(asked, "ross1000-txt")
    assert made.data is not None, [problem.render() for problem in made.problems]
    found: tuple[Riga, ...] = read(made.data).values
    return found


# the record ---------------------------------------------------------------------------------------------------------


def test_the_record_is_that_of_the_layout() -> None:
    assert LENGTH == 328
    places = {column.name: (column.start + 1, column.start + column.length) for column in COLUMNS}
    assert places["sesso"] == (93, 93) and places["comunenascita"] == (104, 112) and places["statoresidenza"] == (144, 152)
    assert places["partenza"] == (237, 246) and places["mezzotrasporto"] == (277, 306)
    assert places["lettidisponibili"] == (313, 316)
    assert places["idswh"] == (318, 327) and places["modalita"] == (328, 328)


def test_a_record_stands_in_its_columns() -> None:
    (line, _) = encode((HEAD,)).decode("ascii").split("\r\n")
    assert line[0:12] == "1705/06/2026" and line[12:92] == " " * 80
    assert line[92:152] == "110/05/1980412058091RM100000100100000100416072030BA100000100"
    assert line[152:246] == " " * 94
    assert line[246:306] == f"{'Culturale':30}{'Auto':30}"
    assert line[306:328] == "  1  3   61H1        1"


def test_nothing_is_cut() -> None:
    with pytest.raises(ValueError, match="idswh"):
        encode((HEAD._replace(idswh="X" * 11),))


texts = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)
records = st.tuples(*[texts.map(lambda text, n=column.length: text[:n]) for column in COLUMNS]).map(lambda row: Riga(*row))


@given(st.lists(records, min_size=1, max_size=4).map(tuple))
def test_what_is_written_is_read_again(rows: tuple[Riga, ...]) -> None:
    made = read(encode(rows))
    assert made.values == rows and made.problems == ()


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    for problem in (*check(data).problems, *read(data).problems):
        assert problem.fact("rule")
        problem.render("it")


# writing ------------------------------------------------------------------------------------------------------------


def test_arrival_and_departure_are_two_records() -> None:
    first, second = lines(request(stay(guest(tourism="Balneare"))))
    assert (first.modalita, first.partenza, second.modalita, second.partenza) == ("1", "", "2", "06/03/2027")
    assert first._replace(modalita="2", partenza="06/03/2027") == second
    assert (first.provincianascita, first.provinciaresidenza, first.tipoturismo) == ("RM", "BA", "Balneare")
    assert first.mezzotrasporto == "Non Specificato"


def test_rooms_of_a_party_stand_with_its_head_and_a_shared_room_with_the_first() -> None:
    party = stay(guest("h", "head_of_family"), guest("c", "family_member"), units=["1", "2"])
    shared = stay(guest("x"), guest("y"), id="S2", units=["3"])
    rows = {row.idswh: row[20:23] for row in lines(request(party, shared))}
    assert rows == {"Fh": ("2", "3", "6"), "Fc": ("", "", ""), "Fx": ("1", "3", "6"), "Fy": ("0", "3", "6")}


def test_a_room_that_is_left_is_free_for_the_next() -> None:
    after = stay(guest("b"), id="S2", arrival="2027-03-06", departure="2027-03-08")
    rows = [(row.idswh, row.modalita, row.camereoccupate) for row in lines(request(stay(guest("a")), after))]
    assert rows == [("Fa", "1", "1"), ("Fb", "1", "1"), ("Fa", "2", "1"), ("Fb", "2", "1")]


def test_an_exemption_says_no_tax_and_silence_says_nothing() -> None:
    rows = lines(request(stay(guest("a", tax_exemption="E1"), guest("b"))))
    assert [row.imposta for row in rows[:2]] == ["0", ""]


def test_what_the_file_cannot_say_is_noted() -> None:
    notes = written(request(stay()), "ross1000-txt").notes
    assert [(note.code, note.fact("count")) for note in notes] == [("ross1000.txt.silent_days", "29")]
    early = stay(arrival="2027-02-27", departure="2027-03-02")
    assert "ross1000.txt.offer_assumed" in {note.code for note in written(request(early), "ross1000-txt").notes}


def test_more_beds_than_the_field_holds_stop_it() -> None:
    asked = request(stay())
    for entry in asked["days"]:
        entry["beds"] = 10_000
    made = written(asked, "ross1000-txt")
    assert made.data is None and {problem.code for problem in made.problems} == {"ross1000.txt.too_long"}


def test_months_of_varied_guests_raise_no_alarm() -> None:
    made = written(year(5, units=8, guests=300, start=date(2026, 10, 1), days=92), "ross1000-txt")
    assert made.data is not None
    assert encode(read(made.data).values) == made.data
    said = check(made.data)
    assert said.problems == ()
    assert {warning.code for warning in said.warnings} <= {"ross1000.departure.elsewhere", "ross1000.stay.over_a_year"}
    assert said.arrivals > 100


# judging ------------------------------------------------------------------------------------------------------------


def test_a_file_without_fault_raises_no_alarm() -> None:
    said = check(encode(CLEAN))
    assert (said.problems, said.warnings) == ((), ())
    assert (said.days, said.arrivals, said.departures) == (2, 3, 3)


SEEDS: list[tuple[str, tuple[Riga, ...], str, str]] = [
    ("name where blank is asked", with_guest(cognome="PROVA"), "RX-22", "txt.blank_wanted"),
    ("document where blank is asked", with_guest(numerodocumento="AA12"), "RX-22", "txt.blank_wanted"),
    ("unknown type", with_guest(tipoalloggiato="15"), "RX-08", "type.unknown"),
    ("unknown state", with_guest(cittadinanza="100000888"), "RX-10", "state.unknown"),
    ("sex in letters", with_guest(sesso="M"), "RX-10", "sex.unknown"),
    ("wrong province", (HEAD._replace(provinciaresidenza="BR"), *CLEAN[1:]), "RX-22", "txt.province"),
    ("no province", (HEAD._replace(provincianascita=""), *CLEAN[1:]), "RX-22", "txt.province"),
    ("province without comune", with_guest(provinciaresidenza="BA"), "RX-22", "txt.province_alone"),
    ("unknown comune", (HEAD._replace(comuneresidenza="416072999"), *CLEAN[1:]), "RX-11", "comune.unknown"),
    ("impossible date", with_guest(datanascita="31/02/1980"), "RX-02", "date.unreal"),
    ("date without slashes", with_guest(datanascita="1980051000"), "RX-02", "date.unreal"),
    ("born after arrival", with_guest(datanascita="06/06/2026"), "RX-13", "birth.after_arrival"),
    ("no state of birth", with_guest(statonascita=""), "RX-22", "fact.missing"),
    ("born in Italy, nobody says where", with_guest(statonascita="100000100"), "RX-22", "fact.missing"),
    ("no tourism", with_guest(tipoturismo=""), "RX-22", "fact.missing"),
    ("unknown transport", with_guest(mezzotrasporto="Altro motivo"), "RX-14", "list.unknown"),
    ("no rooms for a single", with_guest(camereoccupate=""), "RX-22", "number.unfit"),
    ("rooms for a member", (HEAD, CHILD._replace(camereoccupate="1"), *CLEAN[2:]), "RX-22", "txt.member_rooms"),
    ("unknown tax", with_guest(imposta="S"), "RX-22", "txt.tax"),
    ("no identifier", with_guest(idswh=""), "RX-07", "id.missing"),
    ("duplicate", (*CLEAN[:3], ABROAD, *CLEAN[3:]), "RX-07", "id.twice"),
    ("one identifier for two", (*CLEAN[:3], ABROAD._replace(sesso="2"), *CLEAN[3:]), "RX-07", "id.reused"),
    ("unknown mode", (*CLEAN, ABROAD._replace(modalita="4")), "RX-22", "txt.mode"),
    ("departure without date", (*CLEAN[:5], CLEAN[5]._replace(partenza="")), "RX-22", "fact.missing"),
    ("departure without arrival", (HEAD, CHILD, *CLEAN[3:]), "RX-15", "departure.lost"),
    ("departure before arrival", (*CLEAN[:5], CLEAN[5]._replace(partenza="05/06/2026")), "RX-15", "departure.early"),
    ("departure of another type", (*CLEAN[:5], CLEAN[5]._replace(tipoalloggiato="18")), "RX-15", "departure.kind"),
    ("departure of another arrival", (*CLEAN[:5], CLEAN[5]._replace(arrivo="04/06/2026")), "RX-15", "departure.date"),
    ("departure twice", (*CLEAN, CLEAN[5]), "RX-15", "departure.twice"),
]
WARNINGS: list[tuple[str, tuple[Riga, ...], str, str]] = [
    ("orphan member", (CHILD, ABROAD), "RX-09", "txt.no_head"),
    ("member of another head", (HEAD, CHILD._replace(tipoalloggiato="20"), *CLEAN[2:4], CLEAN[5]), "RX-09", "txt.no_head"),
    ("rooms above capacity", with_guest(camereoccupate="4"), "RX-06", "rooms.beyond"),
    ("offers that differ", with_guest(cameredisponibili="2"), "RX-06", "txt.offers_differ"),
    ("minor alone", with_guest(datanascita="06/06/2008"), "RX-13", "head.minor"),
    ("departure of an earlier file", (*CLEAN[3:],), "RX-15", "departure.elsewhere"),
    ("member on another day", (HEAD, CHILD._replace(arrivo="06/06/2026")), "RX-16", "member.apart"),
]


@pytest.mark.parametrize(("rows", "rule", "code"), [seed[1:] for seed in SEEDS], ids=[seed[0] for seed in SEEDS])
def test_each_fault_is_found(rows: tuple[Riga, ...], rule: str, code: str) -> None:
    found = {(problem.code, problem.fact("rule")) for problem in check(encode(rows)).problems}
    assert (f"ross1000.{code}", rule) in found


@pytest.mark.parametrize(("rows", "rule", "code"), [seed[1:] for seed in WARNINGS], ids=[seed[0] for seed in WARNINGS])
def test_what_may_be_right_is_a_warning(rows: tuple[Riga, ...], rule: str, code: str) -> None:
    said = check(encode(rows))
    assert said.problems == ()
    assert (f"ross1000.{code}", rule) in {(warning.code, warning.fact("rule")) for warning in said.warnings}


RAW = encode(CLEAN)


@pytest.mark.parametrize(
    ("data", "code", "valid"),
    [
        (RAW.replace(b"Culturale", "Culturàle".encode("latin-1"), 1), "ross1000.txt.ascii", False),
        (RAW.replace(b"Culturale ", "Culturàle".encode(), 1), "ross1000.txt.ascii", False),
        (RAW.replace(b"Culturale ", b"Culturale", 1), "ross1000.txt.length", False),
        (RAW[:328], "ross1000.txt.last_line_end", True),
        (RAW.replace(b"\r\n", b"\n"), "ross1000.txt.line_end", True),
        (b"", "ross1000.file.empty", False),
    ],
)
def test_the_form_of_the_file(data: bytes, code: str, valid: bool) -> None:
    said = check(data)
    assert code in {problem.code for problem in (*said.problems, *said.warnings)}
    assert said.valid is valid


def test_of_a_deletion_only_three_fields_are_read() -> None:
    gone = Riga(tipoalloggiato="16", arrivo="05/06/2026", idswh="Q1", modalita="3")
    said = check(encode((*CLEAN, gone)))
    assert (said.problems, said.warnings, said.arrivals) == ((), (), 3)


def test_numbers_may_stand_left_and_with_zeros() -> None:
    loose = RAW.replace(b"  1  3   6", b"1  3  6   ").replace(b"1  3  6   ", b"001003   6", 1)
    said = check(loose)
    assert (said.problems, [w.code for w in said.warnings]) == ((), ["ross1000.txt.offers_differ"])
