"""Search as one types."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.places import Comune, State, Unresolved, builtin

TABLES = builtin()
TODAY = date(2026, 7, 10)


def typed(text: str, on: date | None = None, limit: int = 8) -> list[str]:
    return [row.label for row in TABLES.suggest_comuni(text, on, limit)]


def test_the_whole_name_comes_first() -> None:
    assert typed("bari")[0] == "BARI (BA)"
    assert typed("reggio")[:2] == ["REGGIO EMILIA (RE)", "REGGIO CALABRIA (RC)"]


def test_then_the_beginning_then_a_word_inside() -> None:
    assert typed("monop") == ["MONOPOLI (BA)"]
    assert "REGGIO EMILIA (RE)" in typed("emilia")
    assert "L'AQUILA (AQ)" in typed("aquila")


def test_accents_case_and_province_do_not_matter() -> None:
    assert typed("FORLÌ")[0] == typed("forli")[0] == typed("Forli'")[0] == "FORLI' (FC)"
    assert typed("castro le") == ["CASTRO (LE)"]
    assert typed("carbonia su") == ["CARBONIA (CA)"]
    assert typed("bozen") == ["BOLZANO (BZ)"]


def test_with_a_day_the_rows_of_that_day() -> None:
    assert "MONZA (MI)" in typed("monza", date(1980, 1, 1))
    assert "MONZA (MB)" not in typed("monza", date(1980, 1, 1))
    assert "MONZA (MB)" in typed("monza", TODAY) and "MONZA (MI)" not in typed("monza", TODAY)
    assert "MONZA (MI)" not in typed("monza")


def test_a_place_that_no_longer_exists_is_offered_for_its_time() -> None:
    assert "QUERO VAS (BL)" in typed("quero", date(2020, 1, 1))
    assert "QUERO VAS (BL)" not in typed("quero", TODAY)


@pytest.mark.parametrize("text", ["", " ", "'", "xyzzy", "中文"])
def test_nothing_for_nothing(text: str) -> None:
    assert typed(text) == []


def test_no_more_than_asked() -> None:
    assert len(typed("san", limit=3)) == 3
    assert typed("san", limit=0) == []


@given(st.sampled_from([row for row in TABLES.comuni if row.police and row.valid_to is None]), st.integers(3, 40))
def test_typing_on_leads_to_the_place(row: Comune, length: int) -> None:
    assert row in TABLES.suggest_comuni(row.name, None, 50)
    beginning = row.name[:length]
    assert all(found.valid_to is None for found in TABLES.suggest_comuni(beginning, None))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ger", "GERMANIA"),
        ("Germany", "GERMANIA"),
        ("usa", "STATI UNITI D'AMERICA"),
        ("olanda", "PAESI BASSI"),
        ("niger", "NIGER"),
    ],
)
def test_states_in_either_language(text: str, first: str) -> None:
    assert TABLES.suggest_states(text)[0].name == first


@pytest.mark.parametrize(
    ("typed", "label", "today"),
    [
        ("jugosl", "Jugoslavia", 7), ("ex Jugoslavia", "Jugoslavia", 7), ("urss", "Unione Sovietica", 15),
        ("Yugoslavia", "Jugoslavia", 7), ("east ger", "Germania Est", 1), ("serbia e m", "Serbia e Montenegro", 3),
    ],
)  # fmt: skip
def test_a_state_that_is_no_more_gives_the_states_of_today(typed: str, label: str, today: int) -> None:
    former = TABLES.former_state(typed)
    assert former is not None and former.label == label
    rows = TABLES.today_of(former)
    assert len(rows) == today == len(former.today) and all(row.valid_to is None for row in rows)
    assert [row.name for row in rows] == sorted(row.name for row in rows)


def test_a_former_state_is_never_taken_for_one_of_today() -> None:
    for former in TABLES.former:
        for name in former.names:
            found = TABLES.state(name)
            assert isinstance(found, Unresolved) and found.candidates == TABLES.today_of(former) != ()
    assert TABLES.former_state("ju") is None and TABLES.former_state("germania") is not None
    kept = TABLES.state("CECOSLOVACCHIA", date(1980, 1, 1))
    assert isinstance(kept, State) and [heir.name for heir in TABLES.heirs(kept)] == ["REPUBBLICA CECA", "REPUBBLICA SLOVACCA"]
