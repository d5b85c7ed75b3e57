"""Every rule of 6.10 finds its fault, and files without fault raise no alarm (spec flussi-turistici 6.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest

from locanda.places import builtin
from locanda.portals.flows import Report
from locanda.portals.ross1000.movements import check, read
from locanda.portals.ross1000.records import (
    Arrivo,
    Cancellazione,
    Conferma,
    Eliminazione,
    Movimenti,
    Movimento,
    Partenza,
    Prenotazione,
    Struttura,
    encode,
)
from tests.portals.ross1000.house import small_year

HEAD = Arrivo(
    "H1", "17", "", None, None, "M", "100000100", "100000100", "416072030", "19800510", "100000100", "412058091", "Culturale",
    "Auto", "Diretta web", "", "", "",
)  # fmt: skip
CHILD = HEAD._replace(idswh="M1", tipoalloggiato="19", idcapo="H1", datanascita="20200101")
ABROAD = HEAD._replace(
    idswh="G1", tipoalloggiato="16", cittadinanza="100000215", statoresidenza="100000215", luogoresidenza="FR511",
    statonascita="100000215", comunenascita="",
)  # fmt: skip
FULL = Struttura("SI", "2", "3", "6")
EMPTY = Struttura("SI", "0", "3", "6")


@cache
def ceased_comune() -> str:
    return next(row.police for row in builtin().comuni if row.police and row.valid_to and row.valid_to < date(2020, 1, 1))


def month(**days: Movimento) -> Movimenti:
    """June 2026, empty but for some days (``d05=...``)."""
    rows = []
    for number in range(1, 31):
        text = f"202606{number:02d}"
        entry = days.get(f"d{number:02d}")
        rows.append(Movimento(text, EMPTY) if entry is None else entry._replace(data=entry.data or text))
    return Movimenti("X00001", "Prova", tuple(rows))


STAYING = Movimento(None, FULL, (HEAD, CHILD, ABROAD))
GONE = tuple(Partenza(one.idswh, one.tipoalloggiato, "20260605") for one in (HEAD, CHILD, ABROAD))
LEAVING = Movimento(None, EMPTY, None, GONE)
CLEAN = month(d05=STAYING, d06=Movimento(None, FULL), d07=LEAVING)


def report(file: Movimenti) -> Report:
    return check(encode(file))


def arriving(**changes: Any) -> Movimenti:
    """The clean file with another foreign guest."""
    made = STAYING._replace(arrivi=(HEAD, CHILD, ABROAD._replace(**changes)))
    leaving = LEAVING
    if "idswh" in changes or "tipoalloggiato" in changes:
        last = Partenza(changes.get("idswh", "G1"), changes.get("tipoalloggiato", "16"), "20260605")
        leaving = LEAVING._replace(partenze=(*(LEAVING.partenze or ())[:2], last))
    return month(d05=made, d06=Movimento(None, FULL), d07=leaving)


def housed(**changes: str | None) -> Movimenti:
    return month(d05=STAYING._replace(struttura=FULL._replace(**changes)), d06=Movimento(None, FULL), d07=LEAVING)


def leaving(place: int = 2, **changes: Any) -> Movimenti:
    gone = list(LEAVING.partenze or ())
    gone[place] = gone[place]._replace(**changes)
    return month(d05=STAYING, d06=Movimento(None, FULL), d07=LEAVING._replace(partenze=tuple(gone)))


def on_day(number: int, entry: Movimento) -> Movimenti:
    return month(**{"d05": STAYING, "d06": Movimento(None, FULL), "d07": LEAVING, f"d{number:02d}": entry})


def without(day: int) -> Movimenti:
    return CLEAN._replace(movimenti=CLEAN.movimenti[: day - 1] + CLEAN.movimenti[day:])


def test_a_file_without_fault_raises_no_alarm() -> None:
    said = report(CLEAN)
    assert (said.valid, said.problems, said.warnings) == (True, (), ())
    assert (said.days, said.arrivals, said.departures) == (30, 3, 3)


@dataclass
class Seed:
    """A fault put into the clean file, and the rule that must find it."""

    name: str
    rule: str
    code: str
    file: Movimenti
    where: str
    warning: bool = False


BOOKING = Prenotazione("P1", "20260801", "20260805", "2", "1", "63.00", "Diretta web", "100000215", "")
LONGER = STAYING._replace(arrivi=(HEAD, CHILD, ABROAD), partenze=(Partenza("Z9", "16", "20250101"),))
D7 = "movimento[6].partenza[2]"
G1 = "movimento[4].arrivo[2]"

SEEDS = [
    Seed("no code of the structure", "RX-01", "head.missing", CLEAN._replace(codice=""), "codice"),
    Seed("no product", "RX-01", "head.missing", CLEAN._replace(prodotto=" "), "prodotto"),
    Seed("no day", "RX-01", "file.empty", CLEAN._replace(movimenti=()), ""),
    Seed("impossible date", "RX-02", "date.unreal", on_day(9, Movimento("20260631", EMPTY)), "movimento[8].data"),
    Seed("a day twice", "RX-02", "date.twice", on_day(9, Movimento("20260608", EMPTY)), "movimento[8].data"),
    Seed("days out of order", "RX-02", "date.order",
         CLEAN._replace(movimenti=(*CLEAN.movimenti[:9], *CLEAN.movimenti[10:], CLEAN.movimenti[9])), "movimento[29].data"),
    Seed("gap of days", "RX-03", "days.missing", without(10), "", warning=True),
    Seed("month cut short", "RX-03", "month.incomplete", without(30), "", warning=True),
    Seed("no figures of the day", "RX-04", "struttura.missing", on_day(9, Movimento(None, None)), "movimento[8]"),
    Seed("neither open nor closed", "RX-04", "apertura.unknown", on_day(9, Movimento(None, EMPTY._replace(apertura="si"))),
         "movimento[8].struttura.apertura"),
    Seed("negative rooms", "RX-04", "number.unfit", housed(cameredisponibili="-1"), "movimento[4].struttura.cameredisponibili"),
    Seed("beds with a dot", "RX-04", "number.unfit", housed(lettidisponibili="6.0"), "movimento[4].struttura.lettidisponibili"),
    Seed("closed with beds", "RX-05", "closed.figures", on_day(9, Movimento(None, Struttura("NO", "0", "0", "6"))),
         "movimento[8].struttura"),
    Seed("closed with arrivals", "RX-05", "closed.arrivals",
         month(d05=STAYING._replace(struttura=Struttura("NO", "0", "0", "0")), d06=Movimento(None, FULL), d07=LEAVING),
         "movimento[4].arrivi"),
    Seed("rooms above capacity", "RX-06", "rooms.beyond", housed(camereoccupate="4"), "movimento[4].struttura", warning=True),
    Seed("no identifier", "RX-07", "id.missing", arriving(idswh=""), f"{G1}.idswh"),
    Seed("identifier too long", "RX-07", "id.long", arriving(idswh="X" * 21), f"{G1}.idswh"),
    Seed("duplicate", "RX-07", "id.twice", month(
        d05=STAYING._replace(arrivi=(HEAD, CHILD, ABROAD, ABROAD)), d06=Movimento(None, FULL), d07=LEAVING),
        "movimento[4].arrivo[3].idswh"),
    Seed("one identifier for two people", "RX-07", "id.reused", month(
        d05=STAYING._replace(arrivi=(HEAD, CHILD, ABROAD, ABROAD._replace(sesso="F"))), d06=Movimento(None, FULL), d07=LEAVING),
        "movimento[4].arrivo[3].idswh"),
    Seed("unknown type", "RX-08", "type.unknown", arriving(tipoalloggiato="21"), f"{G1}.tipoalloggiato"),
    Seed("member without head", "RX-08", "idcapo.missing", arriving(tipoalloggiato="20"), f"{G1}.idcapo"),
    Seed("single with a head", "RX-08", "idcapo.unwanted", arriving(idcapo="H1"), f"{G1}.idcapo"),
    Seed("orphan member", "RX-09", "head.elsewhere", arriving(tipoalloggiato="19", idcapo="H9"), f"{G1}.idcapo", warning=True),
    Seed("family member of a group", "RX-09", "head.kind", arriving(tipoalloggiato="20", idcapo="H1"), f"{G1}.idcapo"),
    Seed("member before the head", "RX-09", "head.after",
         month(d05=STAYING._replace(arrivi=(CHILD, HEAD, ABROAD)), d06=Movimento(None, FULL), d07=LEAVING),
         "movimento[4].arrivo[0].idcapo"),
    Seed("unknown citizenship", "RX-10", "state.unknown", arriving(cittadinanza="100000888"), f"{G1}.cittadinanza"),
    Seed("no sex", "RX-10", "fact.missing", arriving(sesso=""), f"{G1}.sesso"),
    Seed("sex in digits", "RX-10", "sex.unknown", arriving(sesso="1"), f"{G1}.sesso"),
    Seed("no birth date", "RX-10", "fact.missing", arriving(datanascita=""), f"{G1}.datanascita"),
    Seed("unknown comune of residence", "RX-11", "comune.unknown",
         arriving(statoresidenza="100000100", luogoresidenza="416072999"), f"{G1}.luogoresidenza"),
    Seed("ceased comune of residence", "RX-11", "comune.ceased",
         arriving(statoresidenza="100000100", luogoresidenza=ceased_comune()), f"{G1}.luogoresidenza"),
    Seed("resident in Italy without comune", "RX-11", "residence.no_comune",
         arriving(statoresidenza="100000100", luogoresidenza=""), f"{G1}.luogoresidenza"),
    Seed("state of residence that ended", "RX-10", "state.ceased", arriving(statoresidenza="100000253"), f"{G1}.statoresidenza"),
    Seed("place abroad too long", "RX-11", "place.long", arriving(luogoresidenza="L" * 31), f"{G1}.luogoresidenza"),
    Seed("comune although abroad", "RX-11", "residence.contradiction", arriving(luogoresidenza="416072030"),
         f"{G1}.luogoresidenza", warning=True),
    Seed("comune of birth abroad", "RX-12", "birth_comune.unwanted", arriving(comunenascita="416072030"), f"{G1}.comunenascita"),
    Seed("unknown comune of birth", "RX-12", "comune.unknown", arriving(statonascita="100000100", comunenascita="400000000"),
         f"{G1}.comunenascita"),
    Seed("born after arrival", "RX-13", "birth.after_arrival", arriving(datanascita="20260606"), f"{G1}.datanascita"),
    Seed("impossible birth date", "RX-02", "date.unreal", arriving(datanascita="19800230"), f"{G1}.datanascita"),
    Seed("too old", "RX-13", "birth.very_old", arriving(datanascita="19110605"), f"{G1}.datanascita", warning=True),
    Seed("minor alone", "RX-13", "head.minor", arriving(datanascita="20080606"), f"{G1}.datanascita", warning=True),
    Seed("unknown reason", "RX-14", "list.unknown", arriving(tipoturismo="Marino"), f"{G1}.tipoturismo"),
    Seed("reason among the means", "RX-14", "list.unknown", arriving(mezzotrasporto="Altro motivo"), f"{G1}.mezzotrasporto"),
    Seed("no means of transport", "RX-14", "list.missing", arriving(mezzotrasporto=""), f"{G1}.mezzotrasporto", warning=True),
    Seed("departure without arrival", "RX-15", "departure.lost", leaving(idswh="G2"), f"{D7}.idswh"),
    Seed("departure of an earlier file", "RX-15", "departure.elsewhere", leaving(idswh="G2", arrivo="20260531"),
         f"{D7}.idswh", warning=True),
    Seed("departure before arrival", "RX-15", "departure.early", leaving(arrivo="20260607"), f"{D7}.arrivo"),
    Seed("departure of another type", "RX-15", "departure.kind", leaving(tipoalloggiato="17"), f"{D7}.tipoalloggiato"),
    Seed("departure of another arrival", "RX-15", "departure.date", leaving(arrivo="20260604"), f"{D7}.arrivo"),
    Seed("departure twice", "RX-15", "departure.twice",
         on_day(8, Movimento(None, EMPTY, None, (Partenza("G1", "16", "20260605"),))), "movimento[7].partenza[0].idswh"),
    Seed("member on another day", "RX-16", "member.apart", month(
        d05=STAYING._replace(arrivi=(HEAD, ABROAD)), d06=Movimento(None, FULL, (CHILD,)),
        d07=LEAVING._replace(partenze=(GONE[0], GONE[1]._replace(arrivo="20260606"), GONE[2]))),
        "movimento[5].arrivo[0].idcapo", warning=True),
    Seed("guests without rooms", "RX-17", "rooms.none", on_day(6, Movimento(None, EMPTY)), "", warning=True),
    Seed("departure never sent", "RX-17", "rooms.none", on_day(7, Movimento(None, EMPTY)), "", warning=True),
    Seed("rooms without guests", "RX-17", "rooms.nobody", on_day(20, Movimento(None, FULL)), "", warning=True),
    Seed("surname too long", "RX-18", "text.long", arriving(cognome="R" * 51), f"{G1}.cognome"),
    Seed("name too long", "RX-18", "text.long", arriving(nome="R" * 31), f"{G1}.nome"),
    Seed("longer than a year", "RX-20", "stay.over_a_year", month(d05=LONGER, d06=Movimento(None, FULL), d07=LEAVING),
         "movimento[4].partenza[0].idswh", warning=True),
    Seed("deletion without arrival", "RX-21", "correction.incomplete",
         on_day(9, Movimento(None, EMPTY, None, None, None, (Eliminazione("Q1", "16", ""),))),
         "movimento[8].eliminazione[0].arrivo"),
    Seed("a guest deleted as a booking", "RX-21", "correction.kind",
         on_day(9, Movimento(None, EMPTY, None, None, None, (Eliminazione("G1", "99", "20260605"),))),
         "movimento[8].eliminazione[0].tipoalloggiato"),
    Seed("confirmation on no day", "RX-02", "date.unreal",
         on_day(9, Movimento(None, EMPTY, None, None, None, (Conferma("P1", "2026-06-05"),))), "movimento[8].conferma[0].arrivo"),
    Seed("booking that ends first", "RX-15", "booking.backwards",
         on_day(9, Movimento(None, EMPTY, None, None, (BOOKING._replace(partenza="20260801"),))),
         "movimento[8].prenotazione[0].partenza"),
    Seed("booking with a comma", "RX-04", "price.unfit",
         on_day(9, Movimento(None, EMPTY, None, None, (BOOKING._replace(prezzo="63,00"),))),
         "movimento[8].prenotazione[0].prezzo"),
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name.replace(" ", "-"))
def test_each_fault_is_found_by_its_rule(seed: Seed) -> None:
    said = report(seed.file)
    found = said.warnings if seed.warning else said.problems
    assert (f"ross1000.{seed.code}", seed.where, seed.rule) in {
        (problem.code, problem.where, problem.fact("rule")) for problem in found
    }, [problem.render("en") for problem in (*said.problems, *said.warnings)]
    assert said.valid is seed.warning


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if not seed.warning], ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_fault_is_said_in_words_of_both_languages(seed: Seed) -> None:
    for problem in report(seed.file).problems:
        for language in ("it", "en"):
            said = problem.render(language)
            assert "…" not in said["message"] + said["hint"] and "{" not in said["message"]


def test_the_seeds_break_every_rule_of_the_xml() -> None:
    assert {seed.rule for seed in SEEDS} | {"RX-19"} == {f"RX-{number:02d}" for number in range(1, 22)}


# files of others ----------------------------------------------------------------------------------------------------

RAW = encode(CLEAN)


@pytest.mark.parametrize(
    ("change", "rule", "code"),
    [
        (lambda raw: raw[:-20], "RX-19", "portal.xml.broken"),
        (lambda raw: raw.replace(b"Prova", b"Pro\x02va"), "RX-19", "portal.xml.broken"),
        (lambda raw: raw.replace(b"<movimenti>", b"<!DOCTYPE x><movimenti>", 1), "RX-19", "portal.xml.doctype"),
        (lambda raw: b"", "RX-19", "portal.xml.broken"),
        (lambda raw: b"PK\x03\x04", "RX-19", "portal.xml.broken"),
        (lambda raw: b"<c59/>", "RX-01", "ross1000.file.root"),
        (lambda raw: raw.replace(b"<movimenti>", b'<movimenti xmlns="V2">', 1), "6.1", "ross1000.root.attributes"),
        (lambda raw: raw.replace(b"<sesso>M</sesso>", b"", 1), "6.1", "ross1000.element.missing"),
        (lambda raw: raw.replace(b"<codice>X00001</codice>\n<prodotto>Prova</prodotto>",
                                 b"<prodotto>Prova</prodotto>\n<codice>X00001</codice>"), "6.1", "ross1000.element.order"),
        (lambda raw: raw.replace(b"<idcapo>", b"<telefono/><idcapo>", 1), "6.1", "ross1000.element.unknown"),
        (lambda raw: raw.replace(b"<sesso>M</sesso>", b"<sesso>M</sesso><sesso>M</sesso>", 1), "6.1", "ross1000.element.twice"),
        (lambda raw: raw.replace(b"<arrivi>", b"<arrivi><ospite/>", 1), "6.1", "ross1000.element.unknown"),
    ],
)  # fmt: skip
def test_what_the_schema_would_refuse_is_told(change: Callable[[bytes], bytes], rule: str, code: str) -> None:
    said = check(change(RAW))
    assert not said.valid
    assert (code, rule) in {(problem.code, problem.fact("rule")) for problem in said.problems}


def test_absent_empty_and_nil_are_all_accepted() -> None:
    nil = RAW.replace(b"<movimenti>", b'<movimenti xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">', 1)
    nil = nil.replace(b"</struttura>\n</movimento>", b'</struttura>\n<arrivi xsi:nil="true"/>\n</movimento>', 1)
    for raw in (nil, RAW.replace(b"<titolostudio></titolostudio>", b"").replace(b"<idcapo></idcapo>", b"")):
        said = check(raw)
        assert (said.problems, said.warnings) == ((), ())


def test_values_of_the_lists_are_compared_ignoring_case() -> None:
    said = report(arriving(tipoturismo="ENOGASTRONOMICO", mezzotrasporto="AUTO", canaleprenotazione="DIRETTA WEB"))
    assert (said.problems, said.warnings) == ((), ())


def test_names_are_allowed_in_the_xml() -> None:
    assert report(arriving(cognome="Prova", nome="Ada")).warnings == ()


def test_a_closed_birthplace_is_fine() -> None:
    data = encode(arriving(statonascita="100000100", comunenascita=ceased_comune()))
    assert check(data).problems == ()


def test_bookings_and_corrections_without_fault_raise_no_alarm() -> None:
    fixes = (Eliminazione("Q1", "16", "20260505"), Eliminazione("P7", "99", "20260901"), Cancellazione("P2", "20260801"),
             Conferma("P3", "20260605"))  # fmt: skip
    said = report(on_day(9, Movimento(None, EMPTY, None, None, (BOOKING,), fixes)))
    assert (said.problems, said.warnings) == ((), ())


def test_guests_who_stay_beyond_both_ends_are_not_taken_for_empty_rooms() -> None:
    """Nobody comes or goes in June: somebody may be there from May to July."""
    always = Movimenti("X00001", "Prova", tuple(Movimento(entry.data, FULL) for entry in CLEAN.movimenti))
    assert report(always).warnings == ()


def test_guests_of_an_earlier_file_count_until_they_leave() -> None:
    rows = [Movimento(entry.data, EMPTY) for entry in CLEAN.movimenti]
    rows[:3] = [entry._replace(struttura=FULL) for entry in rows[:3]]
    rows[3] = rows[3]._replace(partenze=(Partenza("Z1", "16", "20260520"),))
    said = report(CLEAN._replace(movimenti=tuple(rows)))
    assert [warning.code for warning in said.warnings] == ["ross1000.departure.elsewhere"]


def test_a_quarter_of_varied_guests_raises_no_alarm() -> None:
    said = check(small_year())
    assert said.problems == ()
    assert {warning.code for warning in said.warnings} <= {"ross1000.departure.elsewhere", "ross1000.stay.over_a_year"}
    assert said.arrivals > 200 and said.days == 92


def test_a_file_as_others_write_it_is_read() -> None:
    pretty = RAW.replace(b"><", b">\n      <").replace(b"<codice>X00001", b"<!-- esempio -->\n  <codice>\n X00001 ")
    assert read(pretty).values == CLEAN
