"""Judging foreign rows: the portal's order, its codes and texts, and a switch for what nobody knows."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.places import builtin
from locanda.portals.alloggiati import documents
from locanda.portals.alloggiati.check import Outcome, Strictness, judge, message, split_lines
from locanda.portals.alloggiati.faults import FAULTS
from locanda.portals.alloggiati.fields import FIELD

TABLES, TYPES = builtin(), documents.builtin()
TODAY = date(2026, 5, 12)
SINGLE = (
    "1612/05/202602FERRANTE" + " " * 42 + "ELISA" + " " * 25 + "204/11/1988411141044PU100000100100000100IDELECB12345AA"
    + " " * 11 + "411141044"
)  # fmt: skip
HEAD = "17" + SINGLE[2:]
MEMBER = "19" + SINGLE[2:134] + " " * 34
MEMBER = MEMBER.replace("ELISA", "LUCIA")


def put(line: str, **texts: str) -> str:
    for key, text in texts.items():
        place = FIELD[key].slice
        line = line[: place.start] + text.ljust(FIELD[key].length) + line[place.stop :]
    return line


def outcomes(*lines: str, today: date | None = TODAY, apartments: tuple[int, ...] | None = None, **strict: bool) -> list[Outcome]:
    return judge(
        lines, today=today, tables=TABLES, documents=TYPES, apartments=apartments, strictness=Strictness(**strict)
    )


def one(line: str, **strict: bool) -> str:
    return outcomes(line, **strict)[0].detail


def test_good_rows() -> None:
    assert outcomes(SINGLE, HEAD, MEMBER, MEMBER) == [Outcome(True)] * 4
    assert judge([], today=TODAY, tables=TABLES, documents=TYPES) == []


ROWS = [
    ({"role": "21"}, "Tipo Alloggiato Errato"), ({"role": "1"}, "Tipo Alloggiato Errato"),
    ({"arrival": "2026-05-12"}, "Data di Arrivo Non Valida"), ({"arrival": "31/02/2026"}, "Data di Arrivo Non Valida"),
    ({"arrival": "13/05/2026"}, "Data di Arrivo Errata"), ({"arrival": "10/05/2026"}, "Data di Arrivo Errata"),
    ({"arrival": "11/05/2026"}, ""), ({"days": "00"}, "Giorni di Permanenza Errati"),
    ({"days": "31"}, "Giorni di Permanenza Errati"),
    ({"days": ""}, "Giorni di Permanenza Errati"), ({"days": "30"}, ""), ({"days": "3"}, ""), ({"days": " 3"}, ""),
    ({"surname": ""}, "Cognome non valido"), ({"surname": "ROSSI—BIANCHI"}, "Cognome con caratteri non validi"),
    ({"surname": "ROSSI-BIANCHI"}, "Cognome con caratteri non validi"), ({"surname": "NICCOLÒ"}, ""), ({"surname": "rossi"}, ""),
    ({"surname": "D'AMICO"}, ""), ({"surname": "R0SSI"}, "Cognome con caratteri non validi"),
    ({"surname": "ROSSI?"}, "Cognome con caratteri non validi"), ({"surname": "ROSSI\ufffd"}, "Cognome con caratteri non validi"),
    ({"surname": "ΠΑΠ"}, "Cognome con caratteri non validi"), ({"name": ""}, "Nome non valido"),
    ({"name": "ANNA,"}, "Nome con caratteri non validi"), ({"sex": "M"}, "Sesso Errato"), ({"sex": " "}, "Sesso Errato"),
    ({"birth_date": "30/02/1980"}, "Data di Nascita non valida"), ({"birth_date": "13/05/2026"}, "Data di Nascita Errata"),
    ({"birth_date": "13/05/1880"}, "Data di Nascita Errata"), ({"birth_comune": ""}, "Comune di Nascita Errato"),
    ({"birth_comune": "H501"}, "Comune di Nascita Errato"), ({"birth_province": "RM"}, "Provincia di Nascita Errata"),
    ({"birth_province": ""}, "Provincia di Nascita Errata"), ({"birth_state": "100000216"}, "Comune di Nascita Errato"),
    ({"birth_state": "100000216", "birth_comune": "", "birth_province": "EE"}, "Provincia di Nascita Errata"),
    ({"birth_state": "100000216", "birth_comune": "", "birth_province": ""}, ""),
    ({"birth_state": "100000826", "birth_comune": "", "birth_province": ""}, "Stato di Nascita Errato"),
    ({"birth_state": "100000210", "birth_comune": "", "birth_province": ""}, ""),
    ({"citizenship": ""}, "Cittadinanza non valida"), ({"citizenship": "100000210"}, "Cittadinanza non valida"),
    ({"citizenship": "100000999"}, ""), ({"document_type": ""}, "Tipo Documento non valido"),
    ({"document_type": "PASSP"}, "Tipo Documento Errato"), ({"document_number": ""}, "Numero Documento non valido"),
    ({"document_number": "AB*1"}, "Numero Documento con caratteri non validi"), ({"document_number": "AB-1"}, ""),
    ({"issued_in": ""}, "Luogo Rilascio Documento Errato"), ({"issued_in": "100000216"}, ""), ({"issued_in": "100000100"}, ""),
    ({"issued_in": "029001"}, "Luogo Rilascio Documento Errato"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "detail"), ROWS)
def test_fields(texts: dict[str, str], detail: str) -> None:
    (made,) = outcomes(put(SINGLE, **texts))
    assert made.detail == detail
    assert made.valid is (detail == "")
    assert made.code == ("12" if detail else "") and made.name == ("SCHEDINA_CAMPO_NON_CORRETTO" if detail else "")


@pytest.mark.parametrize("line", ["", "x", SINGLE[:-1], SINGLE + " ", SINGLE + "000004"])
def test_length(line: str) -> None:
    (made,) = outcomes(line)
    assert made[:4] == (False, "11", "SCHEDINA_FORMATO_NON_CORRETTO", "Dimensione Riga errata") and made.field is None


def test_the_length_is_in_characters() -> None:
    line = put(SINGLE, surname="NICCOLÒ")
    assert len(line.encode()) == 169 and one(line) == ""


def test_the_first_fault_is_the_one_reported() -> None:
    line = put(SINGLE, arrival="01/01/2020", surname="-", sex="X", citizenship="?")
    assert [one(line), one(put(line, arrival="12/05/2026"))] == ["Data di Arrivo Errata", "Cognome con caratteri non validi"]
    assert outcomes(put(SINGLE, arrival="01/01/2020"), today=None)[0].valid


MISSING = "Ospite con Capo Gruppo o Capo Famiglia Mancante"
GROUP, GUEST = "18" + HEAD[2:], "20" + MEMBER[2:]


@pytest.mark.parametrize(
    ("lines", "details"),
    [
        ([MEMBER], [MISSING]), ([SINGLE, MEMBER], ["", MISSING]), ([HEAD, MEMBER, SINGLE, MEMBER], ["", "", "", MISSING]),
        ([GROUP, GUEST, GUEST], ["", "", ""]), ([GROUP, MEMBER], ["", MISSING]), ([HEAD, GUEST, MEMBER], ["", MISSING, ""]),
        ([HEAD], ["Capo Famiglia o Capo Gruppo senza componenti"]),
        ([HEAD, GROUP, GUEST], ["Capo Famiglia o Capo Gruppo senza componenti", "", ""]),
        ([HEAD, put(MEMBER, arrival="11/05/2026")], ["", "Data di Arrivo Errata"]),
        ([HEAD, put(MEMBER, days="09")], ["", ""]),
        ([HEAD, put(MEMBER, document_type="IDELE")], ["", "Tipo Documento non valido"]),
        ([put(HEAD, sex="X"), MEMBER], ["Sesso Errato", ""]),
        ([HEAD[:-1], MEMBER], ["Dimensione Riga errata", ""]),
    ],
)  # fmt: skip
def test_the_place_among_the_rows(lines: list[str], details: list[str]) -> None:
    assert [made.detail for made in outcomes(*lines)] == details


def test_apartments() -> None:
    texts = {"000004": True, "4     ": True, "     4": True, "000000": True, "000005": False, "      ": False}
    for text, valid in texts.items():
        assert outcomes(SINGLE + text, apartments=(0, 4))[0].valid is valid, text
    assert outcomes(SINGLE + "123456", apartments=())[0].valid  # no account known: any id
    assert outcomes(SINGLE, apartments=())[0].code == "11"


SWITCHED: dict[str, list[str]] = {
    "lower_case_refused": [put(SINGLE, surname="rossi")],
    "accents_refused": [put(SINGLE, surname="NICCOLÒ")],
    "hyphen_refused": [put(SINGLE, surname="A-B")],
    "typographic_apostrophe_refused": [put(SINGLE, surname="D’AMICO")],
    "stops_refused": [put(SINGLE, name="A.")],
    "digits_refused": [put(SINGLE, name="A1")],
    "other_alphabets_refused": [put(SINGLE, name="ΑΝΝΑ")],
    "number_punctuation_refused": [put(SINGLE, document_number="A-1")],
    "number_lower_case_refused": [put(SINGLE, document_number="a1")],
    "unpadded_days_refused": [put(SINGLE, days="3")],
    "implausible_age_refused": [put(SINGLE, birth_date="01/01/1850")],
    "province_mismatch_refused": [put(SINGLE, birth_province="RM")],
    "birth_outside_life_refused": [
        put(SINGLE, birth_state="100000210", birth_comune="", birth_province="", birth_date="01/01/2000")
    ],
    "ceased_citizenship_refused": [put(SINGLE, citizenship="100000210")],
    "ceased_issue_refused": [put(SINGLE, issued_in="100000210")],
    "issue_italy_refused": [put(SINGLE, issued_in="100000100")],
    "member_document_refused": [HEAD, put(MEMBER, document_type="IDELE")],
    "wrong_pairing_refused": [HEAD, GUEST],
    "lone_head_refused": [HEAD],
    "members_fall_with_head": [put(HEAD, sex="X"), MEMBER],
    "member_arrival_refused": [HEAD, put(MEMBER, arrival="11/05/2026")],
    "member_days_refused": [HEAD, put(MEMBER, days="09")],
    "duplicates_refused": [SINGLE, SINGLE],
}


@pytest.mark.parametrize("switch", [field.name for field in fields(Strictness)])
def test_each_switch_decides(switch: str) -> None:
    if switch == "unpadded_apartment_refused":
        verdicts = [
            outcomes(SINGLE + "4     ", apartments=(), **{switch: refused})[0].valid for refused in (False, True)
        ]
    else:
        lines = SWITCHED[switch]
        verdicts = [outcomes(*lines, **{switch: refused})[-1].valid for refused in (False, True)]
    assert verdicts == [True, False]


def test_a_ceased_comune_of_birth() -> None:
    ended = next(row for row in TABLES.comuni if row.police and row.valid_to and row.valid_to < date(1980, 1, 1))
    line = put(SINGLE, birth_comune=ended.police or "", birth_province=ended.province)
    assert one(line) == "" and one(line, birth_outside_life_refused=True) == "Comune di Nascita Errato"


def test_every_refusal_has_words() -> None:
    for fault in FAULTS.values():
        refused = Outcome(False, fault.code, fault.name, fault.detail, fault.field, fault.problem)
        assert message(refused, "it") and message(refused, "en") and message(refused, "it") != message(refused, "en")
        assert fault.field is None or fault.field in FIELD
    assert message(Outcome(True), "it") is None


ALL = SINGLE.encode()


@pytest.mark.parametrize(
    ("data", "lines", "codes"),
    [
        (ALL, 1, []), (ALL + b"\r\n" + ALL, 2, []), (b"", 0, ["file.empty"]), (b"\r\n", 0, ["file.empty"]),
        (b"\xef\xbb\xbf" + ALL, 1, ["file.byte_order_mark"]), (b"\xef\xbb\xbf", 0, ["file.byte_order_mark", "file.empty"]),
        (ALL + b"\n" + ALL, 2, ["file.line_ends"]), (ALL + b"\r" + ALL, 2, ["file.line_ends"]),
        (ALL + b"\r\n", 1, ["file.final_separator"]), (ALL + b"\n", 1, ["file.line_ends", "file.final_separator"]),
        (ALL + b"\r\n\r\n" + ALL, 3, []), (ALL[:20] + b"\xc8" + ALL[21:], 1, ["file.encoding"]),
        (b"\r\n".join([ALL] * 1000), 1000, []), (b"\r\n".join([ALL] * 1001), 1001, ["file.too_long"]),
    ],
)  # fmt: skip
def test_files(data: bytes, lines: int, codes: list[str]) -> None:
    made, problems = split_lines(data)
    assert (len(made), [problem.code for problem in problems]) == (lines, codes)


def test_latin_1_bytes_spoil_only_their_own_row() -> None:
    lines, _ = split_lines(put(SINGLE, surname="NICCOLÒ").encode("latin-1") + b"\r\n" + ALL)
    assert [made.detail for made in outcomes(*lines)] == ["Cognome con caratteri non validi", ""]


@given(st.binary(max_size=400), st.sampled_from([None, ()]))
def test_any_bytes_are_judged(data: bytes, apartments: tuple[int, ...] | None) -> None:
    lines, _ = split_lines(data)
    assert len(outcomes(*lines, apartments=apartments)) == len(lines)


@given(st.sampled_from(sorted(FIELD)[:]), st.text(max_size=50), st.sampled_from(["16", "17", "18", "19", "20"]))
def test_any_text_in_any_field_is_judged(key: str, text: str, role: str) -> None:
    field = FIELD[key]
    line = put(SINGLE + "000004", role=role)
    line = line[: field.start] + text[: field.length].ljust(field.length) + line[field.end :]
    for strictness in (Strictness(), replace(Strictness(), **{item.name: True for item in fields(Strictness)})):
        (made,) = judge([line], today=TODAY, tables=TABLES, documents=TYPES, apartments=(), strictness=strictness)
        assert made.valid or made.detail
