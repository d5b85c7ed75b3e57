"""Look-up by any code or name, on the day that matters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.places import ITALY, Comune, State, Tables, Unresolved, builtin
from locanda.places.spelling import key

TABLES = builtin()
VALID = [row for row in TABLES.comuni if row.police and row.valid_to is None]
CEASED = [row for row in TABLES.comuni if row.valid_to is not None]
ARRIVAL = date(2026, 7, 10)


def found(token: str, on: date) -> str | None:
    row = TABLES.comune(token, on)
    assert isinstance(row, Comune), row
    return row.police


def refused(token: str, on: date) -> Unresolved:
    answer = TABLES.comune(token, on)
    assert isinstance(answer, Unresolved), answer
    return answer


def labels(answer: Unresolved) -> list[str]:
    return [place.label for place in answer.candidates]


@pytest.mark.parametrize(
    "token",
    ["416072030", "072030", "F376", "f376", "MONOPOLI (BA)", "Monopoli (ba)", " monopoli(BA) ", "MONOPOLI", "monòpoli"],
)
def test_every_kind_of_token(token: str) -> None:
    assert found(token, ARRIVAL) == "416072030"


@pytest.mark.parametrize(
    ("token", "on", "police"),
    [
        # Sardinia: the police keeps the provinces of before 2005, people and ISTAT do not
        ("CARBONIA (CA)", ARRIVAL, "420092012"),
        ("CARBONIA (SU)", ARRIVAL, "420092012"),
        ("CARBONIA (CI)", date(2010, 1, 1), "420092012"),
        ("111009", ARRIVAL, "420092012"),
        ("107003", ARRIVAL, "420092012"),
        ("092012", ARRIVAL, "420092012"),
        ("TEMPIO PAUSANIA (OT)", ARRIVAL, "420090070"),
        ("Tortolì (OG)", ARRIVAL, "420091095"),
        # rules of number and names that changed plate
        ("FORLI' (FC)", ARRIVAL, "408140012"),
        ("Forlì (FO)", date(1980, 5, 10), "408040012"),
        ("PESARO (PU)", ARRIVAL, "411141044"),
        ("PESARO (PS)", date(1980, 5, 10), "411041044"),
        # a comune that changed province: the row of the day
        ("MONZA (MI)", date(1980, 5, 10), "403015149"),
        ("F704", date(1980, 5, 10), "403015149"),
        ("F704", ARRIVAL, "403108033"),
        ("LODI (MI)", date(1980, 5, 10), "403015729"),
        ("VIBO VALENTIA (CZ)", date(1980, 5, 10), "418079579"),
        ("SAPPADA (UD)", ARRIVAL, "405030189"),
        ("SAPPADA (BL)", date(1980, 5, 10), "405025052"),
        # reborn under the same name
        ("LONGARONE (BL)", date(1980, 5, 10), "405025031"),
        ("LONGARONE (BL)", ARRIVAL, "405025071"),
        # a province that left no row in the police table
        ("AVERSA (NA)", date(1935, 5, 10), "415061005"),
        # the police's own spelling, the official one, the other language
        ("REGGIO EMILIA (RE)", ARRIVAL, "408035033"),
        ("Reggio nell’Emilia (RE)", ARRIVAL, "408035033"),
        ("Bozen (BZ)", ARRIVAL, "404021008"),
        # a name of before that left no row of its own
        ("ACQUI (AL)", date(1950, 5, 10), "401006001"),
        ("Castellana (BA)", date(1945, 5, 10), "416072017"),
        # ceased after 1945 under numbers of the police's own; ceded towns
        ("NICASTRO (CZ)", date(1950, 5, 10), "418079502"),
        ("FIUME (FU)", date(1940, 5, 10), "450500511"),
        # homonyms
        ("CASTRO (BG)", ARRIVAL, "403016065"),
        ("CASTRO (LE)", ARRIVAL, "416075096"),
        ("SAN TEODORO (SS)", ARRIVAL, "420091076"),
        # named by the operator with its code: the portal's table knows no beginnings
        ("405025075", date(1960, 1, 1), "405025075"),
        ("SETTEVILLE (BL)", date(1960, 1, 1), "405025075"),
    ],
)
def test_found(token: str, on: date, police: str) -> None:
    assert found(token, on) == police


@pytest.mark.parametrize("name", ["CASTRO", "LIVO", "PEGLIO", "SAMONE", "SAN TEODORO"])
def test_a_name_shared_by_two_is_ambiguous(name: str) -> None:
    answer = refused(name, ARRIVAL)
    assert answer.reason == "ambiguous"
    assert len(answer.candidates) == 2
    assert {key(place.name) for place in answer.candidates} == {name}


def test_a_ceased_row_is_answered_with_what_stands_there_now() -> None:
    for token in ("MONZA (MI)", "403015149"):
        answer = refused(token, ARRIVAL)
        assert (answer.reason, labels(answer)) == ("ceased", ["MONZA (MB)"])


def test_a_comune_merged_away_is_not_found_as_current() -> None:
    assert found("QUERO VAS (BL)", date(2020, 1, 1)) == "405025070"
    assert refused("QUERO VAS (BL)", ARRIVAL).reason == "ceased"
    assert refused("QUERO VAS (BL)", date(1950, 1, 1)).reason == "not_yet"


def test_a_place_without_a_police_code_asks_for_the_portals_table() -> None:
    answer = refused("MESTRE (VE)", date(1920, 1, 1))
    assert answer.reason == "no_police_code"
    row = answer.candidates[0]
    assert isinstance(row, Comune)
    assert (row.name, row.police, row.valid_to) == ("MESTRE", None, date(1926, 8, 23))


def test_a_wrong_province_offers_the_right_one() -> None:
    answer = refused("MONOPOLI (LE)", ARRIVAL)
    assert (answer.reason, labels(answer)) == ("unknown", ["MONOPOLI (BA)"])


@pytest.mark.parametrize("token", ["", " ", "()", "999999999", "000000", "Z999", "ATLANTIDE (AT)", "4160720300", "²²²²²²"])
def test_nonsense_is_unknown(token: str) -> None:
    assert refused(token, ARRIVAL).reason == "unknown"


def test_the_token_comes_back_as_given() -> None:
    assert refused(" Castro ", ARRIVAL).token == " Castro "


def a_day(row: Comune, part: float) -> date:
    """Some day in a row's life, as far as it is known."""
    start, end = row.valid_from or date(1900, 1, 1), row.valid_to or ARRIVAL
    return start + timedelta(days=int((end - start).days * part))


@given(st.sampled_from(VALID), st.floats(0, 1))
def test_every_valid_comune_is_found_by_code_and_label_in_its_life(row: Comune, part: float) -> None:
    on = a_day(row, part)
    assert TABLES.comune(row.police or "", on) == row
    answer = TABLES.comune(row.label, on)
    # two lives under one label overlap in the table only for one and the same place
    assert isinstance(answer, Comune) and answer.label == row.label
    today = TABLES.comune(row.label, ARRIVAL)
    assert today == row


def test_every_valid_comune_is_found_by_every_code_today() -> None:
    lost = []
    for row in VALID:
        for token in (row.police, row.istat, row.belfiore, row.label, f"{row.name} ({row.current_province or row.province})"):
            answer = TABLES.comune(token, ARRIVAL) if token else row
            if not (isinstance(answer, Comune) and (answer.police == row.police or answer.belfiore == row.belfiore)):
                lost.append((row.label, token, answer))
    assert lost == []


@given(st.sampled_from(CEASED), st.integers(1, 20_000))
def test_a_ceased_row_is_never_found_as_current(row: Comune, later: int) -> None:
    assert row.valid_to is not None
    on = row.valid_to + timedelta(days=later)
    if row.police:
        assert refused(row.police, on).reason == "ceased"
    answer = TABLES.comune(row.label, on)
    if isinstance(answer, Comune):
        assert answer != row and (answer.valid_to is None or on <= answer.valid_to)


@given(st.text(max_size=20), st.dates())
def test_any_text_is_answered(token: str, on: date) -> None:
    answer = TABLES.comune(token, on)
    assert isinstance(answer, Comune) or answer.token == token
    assert isinstance(TABLES.state(token, on), State | Unresolved)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locanda.places.tables._MEMORY", 10)
    tables = Tables("test", VALID[:3], TABLES.states[:3])
    for number in range(100):
        tables.comune(f"{number:09}", ARRIVAL)
        tables.state(f"{number:09}", ARRIVAL)
    assert len(tables._answers) <= 10 and len(tables._state_answers) <= 10
    assert tables.comune(VALID[0].label, ARRIVAL) == VALID[0]


# --- states


@pytest.mark.parametrize(
    ("token", "police"),
    [
        ("100000100", ITALY), ("IT", ITALY), ("ita", ITALY), ("Italia", ITALY), ("de", "100000216"), ("DEU", "100000216"),
        ("PERÙ", "100000615"), ("PERU'", "100000615"), ("sri lanka (ceylon)", "100000311"), ("XK", "100001002"),
        ("MK", "100000997"), ("APOLIDE", "100000999"), ("Costa d’Avorio", "100000404"),
    ],
)  # fmt: skip
def test_states(token: str, police: str) -> None:
    state = TABLES.state(token, ARRIVAL)
    assert isinstance(state, State) and state.police == police
    assert TABLES.state_row(police) == state


def test_a_former_state_gives_its_heirs() -> None:
    assert isinstance(TABLES.state("CECOSLOVACCHIA", date(1980, 1, 1)), State)
    assert isinstance(TABLES.state("CECOSLOVACCHIA"), State)
    answer = TABLES.state("CECOSLOVACCHIA", ARRIVAL)
    assert isinstance(answer, Unresolved) and answer.reason == "ceased"
    assert [place.name for place in answer.candidates] == ["REPUBBLICA CECA", "REPUBBLICA SLOVACCA"]


def test_a_name_that_the_portal_does_not_use_is_offered_not_taken() -> None:
    answer = TABLES.state("Germany", ARRIVAL)
    assert isinstance(answer, Unresolved) and answer.reason == "unknown"
    assert [place.name for place in answer.candidates] == ["GERMANIA"]


def test_iso_codes_are_used_once() -> None:
    for codes in ([row.iso2 for row in TABLES.states if row.iso2], [row.iso3 for row in TABLES.states if row.iso3]):
        assert len(codes) == len(set(codes))
    assert {row.name for row in TABLES.states if not row.iso2} == {
        "CECOSLOVACCHIA", "MACEDONIA", "S. VINCENT E GRENADINE", "BOPHUTHATSWANA", "APOLIDE",
    }  # fmt: skip
