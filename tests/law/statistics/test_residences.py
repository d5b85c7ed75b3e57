"""The rows of the C/59: every comune and every state of the police table has one (spec flussi-turistici 4.2, 4.3)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from locanda.law.statistics import FOREIGN_ROWS, ITALIAN_ROWS, LISTS, row_of_province, row_of_state, term, terms
from locanda.law.statistics.residences import proposed_states
from locanda.law.statistics.vocabulary import means_unknown
from locanda.places import ITALY, builtin


def test_the_tables_are_whole() -> None:
    assert [row.code for row in ITALIAN_ROWS] == [f"{number:03d}" for number in range(1, 111)]
    assert len(FOREIGN_ROWS) == 57
    assert len({row.code for row in FOREIGN_ROWS}) == 57
    assert [row.order for row in (*ITALIAN_ROWS, *FOREIGN_ROWS)] == list(range(167))


def test_every_state_of_the_police_table_has_a_row() -> None:
    assert [state.name for state in builtin().states if state.police != ITALY and state.valid_to is None
            and row_of_state(state.police) is None] == []  # fmt: skip
    assert row_of_state(ITALY) is None
    assert proposed_states() <= {state.police for state in builtin().states}


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("FR", "001"), ("DE", "004"), ("CH", "036"), ("LI", "036"), ("XK", "100"), ("MK", "100"), ("RS", "100"), ("GG", "100"),
        ("SM", "100"), ("US", "400"), ("GL", "410"), ("CU", "530"), ("VC", "530"), ("GP", "530"), ("MY", "760"), ("AF", "760"),
        ("HK", "760"), ("TL", "760"), ("PS", "750"), ("IR", "750"), ("KZ", "760"), ("TN", "230"), ("EG", "220"), ("CD", "300"),
        ("RE", "300"), ("NZ", "804"), ("FJ", "810"), ("TK", "810"), ("100000999", "777"), ("KR", "728"), ("KP", "760"),
    ],
)  # fmt: skip
def test_where_states_are_counted(state: str, code: str) -> None:
    found = builtin().state(state)
    row = row_of_state(found.police)  # type: ignore[union-attr]
    assert row is not None
    assert row.code == code


def test_every_comune_has_the_province_that_its_letters_and_its_code_say() -> None:
    """Digits 4-6 are the ISTAT province but for Forlì-Cesena and Pesaro e Urbino."""
    odd = {"140": "040", "141": "041"}
    without = set()
    for row in builtin().comuni:
        if row.police is None:
            continue
        found = row_of_province(row.province)
        if found is None:
            without.add(row.province)
            assert row.valid_to is not None
        elif row.valid_to is None:
            assert found.code == odd.get(row.police[3:6], row.police[3:6]), row.label
    assert without == {"PS", "FO", "PL", "FU", "ZA"}  # as Pesaro and Forlì were written, and provinces that went


def test_the_rows_are_those_of_the_reference(shared: Path) -> None:
    text = (shared / "spec" / "flussi-turistici.md").read_text(encoding="utf-8")
    part = text[text.index("### 4.3") : text.index("### 4.4")]
    listed = re.findall(r"^\| (\d{3}) \| (.+?) \| (.+?) \|$", part, re.MULTILINE)
    assert [code for code, _, _ in listed] == [row.code for row in FOREIGN_ROWS]
    for code, name, states in listed:
        row = next(row for row in FOREIGN_ROWS if row.code == code)
        assert row.en.lower() == name.lower()
        for state in re.findall(r"\b(1[01]\d{7}|\d{3})\b", states.split("Timor")[0] if "remaining 7xx" not in states else ""):
            police = state if len(state) == 9 else f"100000{state}"
            if builtin().state_row(police) is not None:
                assert row_of_state(police) == row, (code, police)


def test_every_row_of_the_police_file_is_counted(shared: Path) -> None:
    files = list((shared / "data").rglob("stati*.csv"))
    assert files
    with files[0].open(encoding="utf-8-sig") as lines:
        codes = [cell for row in csv.reader(lines) for cell in row[:1] if re.fullmatch(r"\d{9}", cell)]
    assert len(codes) > 200
    assert [code for code in codes if code != ITALY and row_of_state(code) is None] == ["100000210"]  # Czechoslovakia


def test_a_text_of_the_lists_means_its_first_entry() -> None:
    for name in LISTS:
        assert len({entry.key for entry in terms(name)}) == len(terms(name))
        for entry in terms(name):
            meant = term(name, f"  {entry.ross1000.upper()} ")
            assert meant is not None
            assert meant.ross1000 == entry.ross1000
            assert term(name, entry.key) == entry
    assert means_unknown("NON SPECIFICATO")
    assert term("transport", "Altro motivo") is None


def test_the_lists_are_those_of_the_layout(shared: Path) -> None:
    text = (shared / "spec" / "flussi-turistici.md").read_text(encoding="utf-8")
    part = text[text.index("### 6.3") : text.index("### 6.4")].replace("\n  ", " ")
    titles = {"tourism": "Tipo turismo", "transport": "Mezzo di trasporto", "channel": "Canale di prenotazione",
              "education": "Titolo di studio"}  # fmt: skip
    for name, title in titles.items():
        listed = re.search(rf"\*\*{title}\*\*: (.+)", part)
        assert listed is not None
        wanted = [re.split(r" \(|\. ", value)[0].strip() for value in listed[1].split(" · ")]
        assert {value for value in wanted if not means_unknown(value)} == {entry.ross1000 for entry in terms(name)}
