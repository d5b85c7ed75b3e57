"""The portal's own tables: both forms, bad lines, and what wins."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.places import BadLine, Comune, NotATable, Unresolved, builtin, difference, from_download, from_portal, parse

COMUNI = """Codice,Descrizione,Provincia,DataFineVal
416072030,MONOPOLI,BA,
408140012,FORLI',FC,
403015149,MONZA,MI,29/06/2009 00:00:00
"""
LUOGHI = """Codice;Descrizione;Provincia;DataFineVal
416072030;MONOPOLI;BA;
408140012;FORLI';FC;
403015149;MONZA;MI;29/06/2009 00:00:00
100000100;ITALIA;ES;
100000210;CECOSLOVACCHIA;ES;01/01/1993 00:00:00
"""
ARRIVAL = date(2026, 7, 10)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_both_forms_say_the_same(end: str, start: str) -> None:
    download, service = (parse(start + text.replace("\n", end)) for text in (COMUNI, LUOGHI))
    assert download.comuni == service.comuni
    assert [row.label for row in download.comuni] == ["MONOPOLI (BA)", "FORLI' (FC)", "MONZA (MI)"]
    assert download.comuni[2].valid_to == date(2009, 6, 29)
    assert [(row.police, row.name, row.valid_to) for row in service.states] == [
        ("100000100", "ITALIA", None),
        ("100000210", "CECOSLOVACCHIA", date(1993, 1, 1)),
    ]
    assert download.bad_lines == service.bad_lines == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("416072030;MONOPOLI;BA", "columns"),
        ("416072030;MONOPOLI;BA;;", "columns"),
        ("41607203;MONOPOLI;BA;", "code"),
        ("F376;MONOPOLI;BA;", "code"),
        ("916072030;MONOPOLI;BA;", "code"),
        ("416072031;;BA;", "name"),
        ("416072031;MONOPOLI;BAR;", "province"),
        ("416072031;MONOPOLI;ES;", "province"),
        ("416072031;MONOPOLI;BA;31/02/2009 00:00:00", "date"),
        ("416072031;MONOPOLI;BA;2009-06-29", "date"),
        ("416072030;MONOPOLI DUE;BA;", "twice"),
    ],
)
def test_a_bad_line_is_left_out_and_told(line: str, reason: str) -> None:
    parsed = parse(LUOGHI + line + "\n")
    assert parsed.bad_lines == (BadLine(7, reason, line),)
    assert parsed[:2] == parse(LUOGHI)[:2]
    assert from_portal(LUOGHI + line, "x").bad_lines == parsed.bad_lines


@pytest.mark.parametrize(
    "text", ["", "\n", "<html></html>", "Codice;Descrizione\nIDENT;CARTA", "Codice;Descrizione;Provincia;DataFineVal\n"]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(NotATable):
        parse(text)


@given(st.text())
def test_any_text_is_a_table_or_is_refused(text: str) -> None:
    assert parse(LUOGHI + text).comuni[:3] == parse(LUOGHI).comuni
    with contextlib.suppress(NotATable):
        parse(text)


def test_what_is_written_is_read_back() -> None:
    rows = [row for row in builtin().comuni if row.police]
    lines = [
        f"{row.police},{row.name},{row.province},{f'{row.valid_to:%d/%m/%Y} 00:00:00' if row.valid_to else ''}" for row in rows
    ]
    parsed = parse("\r\n".join(["Codice,Descrizione,Provincia,DataFineVal", *lines]))
    assert parsed.bad_lines == ()
    assert [(*row[:3], row.valid_to) for row in parsed.comuni] == [(*row[:3], row.valid_to) for row in rows]


def test_the_portal_wins_and_what_we_know_stays() -> None:
    text = LUOGHI + "408140099;CITTA' NUOVA;FC;\n405027506;MESTRE;VE;24/08/1926 00:00:00\n"
    tables = from_portal(text.replace("408140012;FORLI'", "408140012;FORLI' IN ROMAGNA"), "portal 2026-11-20")
    assert tables.source == "portal 2026-11-20"
    row = tables.comune_row("408140012")
    assert row is not None and row.name == "FORLI' IN ROMAGNA" and row.belfiore == "D704" and row.valid_from == date(1992, 4, 16)
    assert tables.comune("FORLI' (FC)", ARRIVAL) == row, "the name of before still leads there"
    assert tables.comune("F376", ARRIVAL) == tables.comune_row("416072030")
    new = tables.comune("CITTA' NUOVA (FC)", ARRIVAL)
    assert isinstance(new, Comune) and new.police == "408140099"
    # a code that only the portal knows
    mestre = tables.comune("MESTRE (VE)", date(1920, 1, 1))
    assert isinstance(mestre, Comune) and mestre.police == "405027506" and mestre.belfiore == "F159"


def test_a_code_that_the_portal_no_longer_lists_is_not_used() -> None:
    tables = from_portal(LUOGHI, "portal")
    assert tables.comune_row("403108033") is None
    answer = tables.comune("MONZA (MB)", ARRIVAL)
    assert isinstance(answer, Unresolved) and answer.reason == "no_police_code"
    assert [row.police for row in tables.states] == ["100000100", "100000210"]
    assert tables.states[0].iso2 == "IT"


def test_a_portal_without_states_leaves_ours() -> None:
    assert from_portal(COMUNI, "portal").states == builtin().states


def test_download_folder(tmp_path: Path) -> None:
    (tmp_path / "comuni.csv").write_bytes(COMUNI.encode())
    with pytest.raises(FileNotFoundError):
        from_download(tmp_path)
    (tmp_path / "stati.csv").write_bytes(b"Codice,Descrizione,Provincia,DataFineVal\r\n100000100,ITALIA,ES,\r\nrubbish\r\n")
    tables = from_download(tmp_path)
    assert tables.source == "csv"
    assert [row.police for row in tables.states] == ["100000100"]
    assert [bad.reason for bad in tables.bad_lines] == ["columns"]


def test_difference_row_by_row() -> None:
    old = from_portal(LUOGHI, "old")
    new = from_portal(
        LUOGHI.replace("MONOPOLI;BA;", "MONOPOLI;BA;31/12/2026 00:00:00").replace("408140012;FORLI';FC;\n", "")
        + "416072099;MONOPOLI SUL MARE;BA;\n100000999;APOLIDE;ES;\n",
        "new",
    )
    assert [tuple(change) for change in difference(old, new)] == [
        ("added", "100000999", "APOLIDE", None, "APOLIDE"),
        ("removed", "408140012", "FORLI' (FC)", "FORLI' (FC)", None),
        ("changed", "416072030", "MONOPOLI (BA)", "MONOPOLI (BA)", "MONOPOLI (BA) – 31/12/2026"),
        ("added", "416072099", "MONOPOLI SUL MARE (BA)", None, "MONOPOLI SUL MARE (BA)"),
    ]
    assert difference(old, old) == []
