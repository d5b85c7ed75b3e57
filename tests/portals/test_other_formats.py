"""The formats of other regions: what they look like, what comes back, which faults are found.

Histories are drawn; each day or stretch is written, read back and found clean. Faults are seeded into a file of a small house.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, Movement, told
from locanda.portals.flows import FlowFormat, flow_formats
from locanda.portals.trento.day import read as read_trento
from locanda.portals.turismatica.day import SHARED, code_of, file_name, name_of
from locanda.portals.turistat.stays import end_of_day
from tests.flows_year import year

KEYS = ("turismatica", "rimovcli", "sinfonia", "c59-v4", "vit", "turistat", "ricestat", "abit", "spot")
FORMS = {key: flow_formats()[key] for key in KEYS}
Json = dict[str, Any]


def person(ident: str, role: str = "single", **more: Any) -> Json:
    return {
        "id": ident, "role": role, "sex": "F", "birth_date": "1980-05-10", "citizenship": "IT", "birth_state": "IT",
        "birth_comune": "F205", "residence_state": "IT", "residence_comune": "072030", "flow_id": ident.upper(), **more,
    }  # fmt: skip


def stay(ident: str, arrival: str, departure: str | None, *guests: Json, unit: str = "1") -> Json:
    return {"id": ident, "arrival": f"{arrival}T16:00+02:00", "departure": departure, "units": [unit], "guests": list(guests)}


def moved(form: FlowFormat, stays: list[Json], first: str, last: str, days: list[Json] | None = None) -> Movement:
    home = {
        "id": "P", "name": "La Torre", "type": "bb", "business": False, "rooms": 3, "beds": 9,
        "portal_ids": {other.portal_id: "CASA-1" for other in FORMS.values() if other.portal_id},
    }  # fmt: skip
    request = {"property": home, "stays": stays, "days": days or [], "from": first, "to": last}
    made = told(json.dumps(request).encode(), needs=form.needs, uses=form.uses)
    assert made.movement is not None, made.problems
    return made.movement


GERMANS = [
    person(
        "b", "head_of_family", citizenship="DE", birth_state="DE", birth_comune=None, residence_state="DE", residence_comune=None
    ),
    person("c", "family_member", sex="M", residence_state="DE", residence_comune=None, residence_place="Köln"),
]
STAYS = [
    stay("S1", "2026-07-08", "2026-07-10", person("a", tourism="seaside", transport="train")),
    stay("S2", "2026-07-10", "2026-07-13", *GERMANS, unit="2"),
]


@cache
def example(key: str) -> str:
    form = FORMS[key]
    last = "2026-07-10" if form.one_day else "2026-07-12"
    first = "2026-07-10" if form.one_day else "2026-07-08"
    written = form.write(moved(form, STAYS, first, last))
    assert written.data is not None, written.problems
    return written.data.decode(form.encoding)


# what they look like -----------------------------------------------------------------------------------------------------------


def test_turismatica_stands_in_its_columns() -> None:
    lines = example("turismatica").split("\r\n")
    assert len(lines[0]) == 255 and lines[0].rstrip() == "La Torre" and lines[1] == lines[9] == ""
    assert [line[27:] for line in lines[2:7]] == ["1", "2", "3", "1", "2"]
    assert lines[2][:27].rstrip() == "Presenti notte precedente"
    assert (lines[7][:16], lines[7][16:]) == ("CAMERE OCCUPATE=", "1")
    assert (lines[8][:30], lines[8][30:]) == ("ARRIVATI E PARTITI DEL GIORNO ", "10-07-2026")
    assert lines[10] == "PROVENIENZA" + " " * 30 + "|ARR. |PAR. |"
    bari, germany = lines[11:13]
    assert (bari[:5].rstrip(), bari[42:47], bari[48:53]) == ("BA", "    0", "    1")
    assert (germany[:5].rstrip(), germany[42:47], germany[48:53]) == ("D", "    2", "    0")
    assert all(len(line) == 54 and (line[5], line[41], line[47], line[53]) == ("|",) * 4 for line in (bari, germany))
    assert lines[13:] == [""], "CR LF after the last line too"


def test_umbria_has_a_code_for_every_row_and_no_two_alike() -> None:
    codes = {row.code: code_of(row) for row in FOREIGN_ROWS}
    assert len(set(codes.values())) == len(FOREIGN_ROWS) == 57
    assert {codes[code] for code in ("007", "032", "036", "624", "732")} == {"121", "209", "CH", "612", "JAP"}


def test_chieti_and_switzerland_share_a_code_and_a_note_says_so() -> None:
    plates = {row.letters for row in ITALIAN_ROWS}
    assert {code_of(row) for row in FOREIGN_ROWS} & plates == {"CH"} == set(SHARED)
    form = FORMS["turismatica"]
    swiss = person("s", citizenship="CH", residence_state="CH", residence_comune=None)
    written = form.write(
        moved(form, [stay("S", "2026-07-10", None, swiss, person("t", residence_comune="069022"))], "2026-07-10", "2026-07-10")
    )
    assert [note.fact("name") for note in written.notes if note.code == "turismatica.code.shared"] == [
        "Chieti", "Svizzera e Liechtenstein",
    ]  # fmt: skip
    assert written.data is not None and form.check(written.data).problems == ()


def test_every_name_and_code_of_umbria_fits_its_columns() -> None:
    for row in (*ITALIAN_ROWS, *FOREIGN_ROWS):
        assert len(code_of(row)) <= 5 and len(name_of(row)) <= 35, row
        assert name_of(row).encode("latin-1")


def test_the_name_of_a_file_of_umbria_is_its_day() -> None:
    form = FORMS["turismatica"]
    assert file_name(form.read(example("turismatica").encode("latin-1")).values) == "10072026.txt"


def test_rimovcli_bears_the_prefix_on_its_root_only() -> None:
    assert example("rimovcli").splitlines()[1:] == [
        '<rm:c59 xmlns:rm="http://www.regione.liguria.it/turismo/rimovcli" idstruttura="CASA-1" data="2026-07-10">',
        '<mensile softwaregestionale="Locanda" numcameredisp="3" numlettidisp="9"/>',
        '<giornaliero numcamereoccupate="1">',
        '<rigac59 nazione="i" residenza="072" partiti="1" arrivati="0" presenti="0"/>',
        '<rigac59 nazione="e" residenza="004" partiti="0" arrivati="2" presenti="2"/>',
        "</giornaliero>",
        "</rm:c59>",
    ]


def test_sinfonia_says_day_month_year() -> None:
    days = json.loads(example("sinfonia"))["giornate"]
    assert [day["dataRilevazione"] for day in days][:3] == ["08072026", "09072026", "10072026"]
    assert days[2] == {
        "dataRilevazione": "10072026", "camereOccupate": 1, "strutturaChiusa": False,
        "movimentazioni": [
            {"codiceProvincia": "072", "arrivi": 0, "presentiNottePrecedente": 1, "partenze": 1},
            {"codiceNazione": "004", "arrivi": 2, "presentiNottePrecedente": 0, "partenze": 0},
        ],
    }  # fmt: skip


def test_trento_keeps_its_order() -> None:
    assert example("c59-v4").splitlines() == [
        "<c59>",
        "<dataMovimentazione>2026-07-10T00:00:00+02:00</dataMovimentazione>",
        "<esercizioAperto>1</esercizioAperto>",
        "<movimenti><arrivi>0</arrivi><italia>1</italia><partenze>1</partenze><targa>BA</targa></movimenti>",
        "<movimenti><arrivi>2</arrivi><italia>0</italia><partenze>0</partenze><targa>GERMANIA</targa></movimenti>",
        "<totaleArrivi>2</totaleArrivi>",
        "<totalePartenze>1</totalePartenze>",
        "<totalePresenti>2</totalePresenti>",
        "<unitaAbitativeDisponibili>3</unitaAbitativeDisponibili>",
        "<unitaAbitativeOccupate>1</unitaAbitativeOccupate>",
        "</c59>",
    ]


def test_the_offset_of_trento_changes_with_summer_time() -> None:
    form = FORMS["c59-v4"]
    offsets = []
    for day in ("2026-10-24", "2026-10-25", "2026-10-26"):
        data = form.write(moved(form, [stay("S", day, None, person("a"))], day, day)).data
        assert data is not None and read_trento(data).values.day.isoformat() == day
        offsets.append(data.decode().split("T00:00:00")[1][:6])
    assert offsets == ["+02:00", "+02:00", "+01:00"], "the midnight of the change is still summer"


def test_vit_parts_fields_by_tabs_and_ends_without_a_line_end() -> None:
    lines = example("vit").split("\r\n")
    assert lines[0] == "A\tA\t1\tF\t1980-05-10\tBA\t\t2026-07-08\t2026-07-10"
    assert lines[2] == "A\tC\t2\tM\t1980-05-10\t004\tKöln\t2026-07-10\t2026-07-13"
    assert lines[-1] == "CAMERE\t2026-07-12\t1"


def test_sicily_speaks_utc_and_stays_on_the_day() -> None:
    text = example("turistat")
    assert "<HotelCode>CASA-1</HotelCode><StayId>S1</StayId>" in text
    assert "<ArrivalDate>2026-07-08T10:00:00.000Z</ArrivalDate>" in text
    assert "<BirthPlaceCode>403015146</BirthPlaceCode><ResidencePlaceCode>416072030</ResidencePlaceCode><Type>16</Type>" in text
    assert "<Room><RoomId>1</RoomId><StartDate>2026-07-08T10:00:00.000Z</StartDate>" in text
    assert text.count("<Checkout>true</Checkout>") == 1 and text.count("<Checkout>false</Checkout>") == 2
    assert b"<CurrentDate>2026-12-01T11:00:00.000Z</CurrentDate>" in end_of_day("TRS", date(2026, 12, 1))


def test_ricestat_tells_parties_and_numbers() -> None:
    text = example("ricestat")
    assert '<InserimentoAlloggiati CodiceEsercizio="CASA-1">' in text and "POS" not in text and "Password" not in text
    assert '<OspiteSingolo Id="A">\n<Ospite Id="A" IdCamera="1" TipoAlloggiato="16">' in text
    assert '<Gruppo IdGruppo="B">\n<Ospite Id="B" IdCamera="2" TipoAlloggiato="17">' in text
    home = "<CodiceComune>416072030</CodiceComune><Provincia>416072</Provincia><Stato>100000100</Stato>"
    assert f"<Provenienza><Italia>{home}</Italia></Provenienza>" in text
    assert "<TipoTurismo>12</TipoTurismo><MezzoDiTrasporto>3</MezzoDiTrasporto><TipoPrenotazione>6</TipoPrenotazione>" in text
    assert "<Provenienza><Estero><Stato>100000216</Stato></Estero></Provenienza>" in text


# what they refuse ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "code"), [("rimovcli", "rimovcli.day.by_function"), ("c59-v4", "trento.day.untold"), ("turismatica", None)]
)
def test_a_day_without_movement(key: str, code: str | None) -> None:
    form = FORMS[key]
    written = form.write(moved(form, STAYS, "2026-07-11", "2026-07-11"))
    assert [problem.code for problem in written.problems] == ([code] if code else [])


@pytest.mark.parametrize(
    ("key", "code"),
    [("rimovcli", "rimovcli.day.by_function"), ("c59-v4", "trento.day.untold"), ("turismatica", "turismatica.day.closed")],
)
def test_a_closed_day(key: str, code: str) -> None:
    form = FORMS[key]
    closed = [{"day": "2026-07-20", "open": False}]
    assert [problem.code for problem in form.write(moved(form, STAYS, "2026-07-20", "2026-07-20", closed)).problems] == [code]


@pytest.mark.parametrize(("key", "code"), [("vit", "vit.departure.unknown"), ("turistat", "turistat.departure.unknown")])
def test_who_is_not_known_to_leave_waits_with_a_note(key: str, code: str) -> None:
    form = FORMS[key]
    staying = stay("S3", "2026-07-09", None, person("z"), unit="3")
    written = form.write(moved(form, [*STAYS, staying], "2026-07-08", "2026-07-12"))
    assert code in {note.code for note in written.notes}
    assert written.data is not None and form.check(written.data).arrivals == 3


def test_a_name_that_the_columns_cannot_hold_is_refused() -> None:
    form = FORMS["turismatica"]
    whole = moved(form, STAYS, "2026-07-10", "2026-07-10")
    for name in ("Τρούλλος", "x" * 256):
        written = form.write(whole._replace(home=whole.home._replace(name=name)))
        assert [problem.code for problem in written.problems] == ["turismatica.name.unfit"]


# faults -------------------------------------------------------------------------------------------------------------------------

FAULTS: dict[str, list[tuple[str, str, str | None]]] = {
    "turismatica": [
        ("Arrivati                   2", "Arrivati                   3", "turismatica.balance"),
        ("    2|    0|", "    1|    0|", "turismatica.lines.differ"),
        ("\r\nD    |", "\r\nDDR  |", "turismatica.code.unknown"), ("\r\nD    |", "\r\nBA   |", "turismatica.code.twice"),
        ("    0|    1|", "    0|    0|", "turismatica.line.empty"), ("OCCUPATE=1", "OCCUPATE=0", "turismatica.rooms.differ"),
        ("10-07-2026", "31-02-2026", "turismatica.line.wrong"), ("PROVENIENZA ", "PROVENIENZA", "turismatica.line.wrong"),
        ("|    2|    0|", "|   2|    0|", "turismatica.line.wrong"), ("La Torre ", "La Torre", "turismatica.line.wrong"),
        ("OCCUPATE=1", "OCCUPATE=x", "turismatica.line.wrong"),
    ],
    "rimovcli": [
        ('residenza="072"', 'residenza="999"', "rimovcli.value.wrong"),
        ('partiti="1"', 'partiti="-1"', "rimovcli.value.wrong"),
        ('data="2026-07-10"', 'data="10/07/2026"', "rimovcli.value.wrong"),
        ('nazione="e" residenza="004"', 'nazione="i" residenza="072"', "rimovcli.line.twice"),
        ('partiti="1"', 'partiti="0"', "rimovcli.line.empty"), ('arrivati="2"', 'arrivati="3"', "rimovcli.line.fewer"),
        ('idstruttura="CASA-1"', 'idstruttura=""', "rimovcli.structure.unfit"), ("<giornaliero", "<giorno", None),
        ('occupate="1"', 'occupate="0"', "rimovcli.rooms.differ"), ('occupate="1"', 'occupate="4"', "rimovcli.rooms.beyond"),
        ("<mensile", "<annuale", "rimovcli.shape"), ("turismo/rimovcli", "turismo/altro", "rimovcli.shape"),
        (' numlettidisp="9"', "", "rimovcli.value.wrong"),
    ],
    "sinfonia": [
        ('"09072026"', '"32072026"', "sinfonia.value.wrong"), ('"09072026"', '"07072026"', "sinfonia.day.order"),
        ('"camereOccupate": 1', '"camereOccupate": -1', "sinfonia.value.wrong"),
        ('"codiceProvincia"', '"codice"', "sinfonia.code.unknown"), ('"004"', '"999"', "sinfonia.code.unknown"),
        ("false", "true", "sinfonia.closed.figures"), ("false", '"no"', "sinfonia.value.wrong"),
        ('"partenze": 1', '"partenze": 3', "sinfonia.balance"), ('"arrivi": 2', '"arrivi": 1', "sinfonia.night.differs"),
        ('"camereOccupate": 1', '"camereOccupate": 0', "sinfonia.rooms.differ"), ("{", "[", "sinfonia.json.broken"),
        ('"giornate"', '"giorni"', "sinfonia.value.wrong"),
    ],
    "c59-v4": [
        ("T00:00:00+02:00", "T00:00:00+01:00", "trento.value.wrong"), ("2026-07-10T", "2026-02-30T", "trento.value.wrong"),
        ("<esercizioAperto>1", "<esercizioAperto>si", "trento.value.wrong"),
        ("<esercizioAperto>1", "<esercizioAperto>0", "trento.day.untold"),
        ("<targa>BA<", "<targa>XX<", "trento.plate.unknown"),
        ("<targa>GERMANIA<", "<targa>GERMANY<", "trento.country.unknown"),
        ("<partenze>1<", "<partenze>0<", "trento.line.empty"),
        ("<totaleArrivi>2<", "<totaleArrivi>3<", "trento.total.differs"),
        ("<totaleArrivi>2</totaleArrivi>\n", "", "trento.shape"), ("Occupate>1<", "Occupate>4<", "trento.rooms.beyond"),
        ("Occupate>1<", "Occupate>0<", "trento.rooms.differ"), ("<italia>1<", "<italia>2<", "trento.value.wrong"),
        (
            "<italia>0</italia><partenze>0</partenze><targa>GERMANIA<",
            "<italia>1</italia><partenze>0</partenze><targa>BA<",
            "trento.line.twice",
        ),
    ],
    "vit": [
        ("A\tC\t", "A\tB\t", "vit.guest.twice"), ("\tF\t", "\tX\t", "vit.value.wrong"),
        ("\tBA\t", "\tXX\t", "vit.value.wrong"), ("A\tA\t1\t", "A\tA\t\t", "vit.value.wrong"),
        ("2026-07-08\t2026-07-10", "2026-07-08\t2026-07-08", "vit.days.backwards"),
        ("CAMERE\t2026-07-12", "CAMERE\t2026-07-11", "vit.day.twice"),
        ("CAMERE\t2026-07-12\t1", "CAMERE\t2026-07-12\t0", "vit.rooms.none"), ("\r\n", "\n", "vit.line.wrong"),
        ("1980-05-10", "2027-05-10", "vit.value.wrong"), ("1980-05-10", "1980-5-10", "vit.line.wrong"),
        ("CAMERE", "STANZE", "vit.line.wrong"),
    ],
    "turistat": [
        ("<GuestId>B<", "<GuestId>A<", "turistat.guest.twice"), ("<Age>46<", "<Age>151<", "turistat.value.wrong"),
        ("<Gender>2<", "<Gender>3<", "turistat.value.wrong"), ("T10:00:00.000Z", "T22:30:00.000Z", "turistat.value.wrong"),
        ("403015146", "499999999", "turistat.code.unknown"), ("<Type>16<", "<Type>21<", "turistat.value.wrong"),
        (
            "<HotelCode>CASA-1</HotelCode><StayId>S1</StayId>",
            "<StayId>S1</StayId><HotelCode>CASA-1</HotelCode>",
            "turistat.shape",
        ),
        ("<DepartureDate>2026-07-10", "<DepartureDate>2026-07-08", "turistat.days.backwards"),
        ("<StartDate>2026-07-08", "<StartDate>2026-07-09", "turistat.room.first"),
        ("<Checkout>true", "<Checkout>si", "turistat.value.wrong"), ("<StaysPmsDTO>", "<Stays>", None),
        ("<HotelCode>CASA-1<", "<HotelCode><", "turistat.shape"),
    ],
    "ricestat": [
        ('Id="C"', 'Id="B"', "ricestat.guest.twice"), ('TipoAlloggiato="19"', 'TipoAlloggiato="20"', "ricestat.party.odd"),
        ("<Sesso>2<", "<Sesso>F<", "ricestat.value.wrong"), ("<Provincia>416072<", "<Provincia>072<", "ricestat.value.wrong"),
        ("<DataDiPartenza>2026-07-10<", "<DataDiPartenza>2026-07-08<", "ricestat.days.backwards"),
        ("<TipoTurismo>12<", "<TipoTurismo>99<", "ricestat.value.wrong"),
        ('IdCamera="1"', 'IdCamera=""', "ricestat.room.missing"),
        ("<DataDiNascita>1980-05-10</DataDiNascita>", "", "ricestat.shape"), ("InserimentoAlloggiati", "Inserimento", None),
        ("<DataDiNascita>1980", "<DataDiNascita>2027", "ricestat.value.wrong"),
        ('IdGruppo="B"', 'IdGruppo="Z"', "ricestat.shape"),
        ("<Estero><Stato>100000216</Stato></Estero>", "<Estero><Stato>100000100</Stato></Estero>", "ricestat.value.wrong"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("key", FAULTS)
def test_the_example_is_clean(key: str) -> None:
    report = FORMS[key].check(example(key).encode(FORMS[key].encoding))
    assert (report.problems, report.warnings) == ((), ())


@pytest.mark.parametrize(("key", "place"), [(key, place) for key, faults in FAULTS.items() for place in range(len(faults))])
def test_every_fault_is_found(key: str, place: int) -> None:
    before, after, code = FAULTS[key][place]
    text = example(key)
    assert before in text, "the fault has its place"
    report = FORMS[key].check(text.replace(before, after, 1).encode(FORMS[key].encoding))
    found = {problem.code for problem in (*report.problems, *report.warnings)}
    if code is None:
        assert not report.valid
    else:
        assert code in found
    assert all("…" not in problem.message("it") for problem in report.problems if problem.code != "portal.xml.broken")


# whatever the history -----------------------------------------------------------------------------------------------------------

START = date(2026, 10, 20)
_NATIONS = ("IT", "DE", "US", "MK", "GP", "CN")


@st.composite
def histories(draw: st.DrawFn) -> list[Json]:
    """Up to four stays over the end of summer time, in rooms of their own."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        arrival = START + timedelta(days=draw(st.integers(-6, 8)))
        nights = draw(st.integers(1, 12))
        departure = None if draw(st.integers(0, 5)) == 0 else (arrival + timedelta(days=nights)).isoformat()
        size = draw(st.integers(1, 3))
        roles = ["single"] if size == 1 else ["head_of_group", *["group_member"] * (size - 1)]
        party = []
        for place, role in enumerate(roles):
            nation = draw(st.sampled_from(_NATIONS))
            comune = draw(st.sampled_from(["072030", "H501"])) if nation == "IT" else None
            told_of = {
                "sex": draw(st.sampled_from("MF")), "residence_state": nation, "residence_comune": comune,
                "tourism": draw(st.sampled_from([None, "seaside", "spa"])), "transport": draw(st.sampled_from([None, "plane"])),
            }  # fmt: skip
            party.append(person(f"g{number}{place}", role, **told_of))
        if nights > 1 and size > 1 and departure and draw(st.booleans()):
            party[-1]["departure"] = (arrival + timedelta(days=nights - 1)).isoformat()
        made.append(stay(f"S{number}", arrival.isoformat(), departure, *party, unit=f"{number % 3 + 1}"))
    return made


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=40)
@given(stays=histories())
def test_what_is_written_comes_back(key: str, stays: list[Json]) -> None:
    form = FORMS[key]
    days = [START + timedelta(days=number) for number in range(10)]
    stretches = [(day, day) for day in days] if form.one_day else [(days[0], days[-1])]
    for first, last in stretches:
        movement = moved(form, stays, first.isoformat(), last.isoformat())
        written = form.write(movement)
        if written.data is None:
            assert {problem.code for problem in written.problems} <= {
                "rimovcli.day.by_function", "trento.day.untold", "ricestat.nobody",
            }  # fmt: skip
            continue
        found = form.read(written.data)
        assert found.problems == ()
        assert form.encode(found.values) == written.data
        report = form.check(written.data)
        assert [problem.render("en") for problem in report.problems] == []
        if key in ("turismatica", "rimovcli", "sinfonia", "c59-v4", "abit"):
            assert report.arrivals == sum(len(day.arrived) for day in movement.days)
            assert report.departures == sum(len(day.departed) for day in movement.days)


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key in KEYS if key != "spot"])
def test_a_year_of_ten_thousand_guests_comes_back(key: str) -> None:
    """All stretches of the year; portals that take a file a day get three hundred and sixty-five of them."""
    form = FORMS[key]
    request = year(3, units=40, guests=10_000)
    request["property"]["portal_ids"] = {other.portal_id: "CASA-1" for other in FORMS.values() if other.portal_id}
    made = told(json.dumps(request).encode(), needs=form.needs, uses=form.uses)
    assert made.movement is not None, made.problems
    whole = made.movement
    seen = 0
    for entry in whole.days if form.one_day else whole.days[:1]:
        there = [guest for guest in whole.guests if guest.arrival <= entry.day <= (guest.departure or entry.day)]
        one = whole._replace(first=entry.day, last=entry.day, days=(entry,), guests=tuple(there))
        written = form.write(one if form.one_day else whole)
        if written.data is None:
            assert not entry.open or entry.is_zero
            continue
        found = form.read(written.data)
        assert found.problems == () and form.encode(found.values) == written.data
        report = form.check(written.data)
        assert report.problems == ()
        seen += report.arrivals
    assert seen > 8_000
