"""Codice fiscale: every code that can be given is valid, any single slip is caught, and what python-stdnum trips on."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import pytest
from codicefiscale import codicefiscale as oracle
from hypothesis import given
from hypothesis import strategies as st
from stdnum.it import codicefiscale as stdnum_code

from locanda.core.codes import Identity, check, read_fiscal_code
from locanda.core.codes.fiscal_code import foreign_places
from locanda.core.codes.fiscal_letters import check_letter, name_letters, surname_letters
from locanda.core.people import Sex
from locanda.places import builtin

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TODAY = date(2026, 11, 21)
NAMES = st.from_regex(r"[A-Za-z]{2,14}( [A-Za-z]{2,8})?", fullmatch=True)


def coded(body: str) -> str:
    return body + check_letter(body)


def said(value: str, **known: object) -> list[str]:
    identity = Identity(**known) if known else None  # type: ignore[arg-type]
    result = check("codice-fiscale", value, identity=identity, on=TODAY)
    return [problem.code.removeprefix("code.codice_fiscale.") for problem in result.warnings]


def level(value: str) -> str:
    return check("codice-fiscale", value, on=TODAY).level


@st.composite
def people(draw: st.DrawFn) -> str:
    """A code as the tax agency would make it, of somebody born in a comune that was there that day, or abroad."""
    surname, name = (draw(st.text("ABCDEFGHILMNOPQRSTUVZ", min_size=2, max_size=12)) for _ in "12")
    birth = draw(st.dates(date(1927, 1, 1), TODAY))
    rows = draw(st.sampled_from(COMUNI))
    place = rows.belfiore if rows.lived(birth) else draw(st.sampled_from(["Z112", "Z404", "Z210"]))
    day = birth.day + draw(st.sampled_from([0, 40]))
    return coded(
        f"{surname_letters(surname)}{name_letters(name)}{birth.year % 100:02}{'ABCDEHLMPRST'[birth.month - 1]}{day:02}{place}"
    )


COMUNI = [row for row in builtin().comuni if row.belfiore]


def test_the_example_of_the_spec() -> None:
    result = check("codice-fiscale", " rssmra 80a01 h501u ")
    assert (result.level, result.normalised, result.warnings) == ("valid", "RSSMRA80A01H501U", ())
    read = read_fiscal_code("RSSMRA80A01H501U", TODAY)
    assert read is not None
    assert (read.sex, read.births, read.place, read.is_homonym) == (Sex.MALE, (date(1980, 1, 1),), "H501", False)


@given(people())
def test_every_code_that_can_be_given_is_valid(code: str) -> None:
    assert level(code) == "valid"


@given(people(), st.integers(0, 15), st.sampled_from(ALPHABET))
def test_any_single_slip_is_caught(code: str, place: int, letter: str) -> None:
    slip = code[:place] + letter + code[place + 1 :]
    assert level(slip) == ("valid" if slip == code else "invalid")


@given(people(), st.sets(st.sampled_from([6, 7, 9, 10, 12, 13, 14]), min_size=1))
def test_homonyms_are_valid_and_say_the_same(code: str, places: set[int]) -> None:
    changed = "".join("LMNPQRSTUV"[int(c)] if place in places else c for place, c in enumerate(code[:15]))
    homonym = coded(changed)
    assert level(homonym) == "valid"
    read, plain = read_fiscal_code(homonym), read_fiscal_code(code)
    assert read is not None
    assert plain is not None
    assert read.is_homonym
    assert read.plain == code
    assert read._replace(code=code, is_homonym=False) == plain


def test_all_homonyms_of_one_person() -> None:
    codes = oracle.decode("RSSMRA80A01H501U")["omocodes"]
    assert len(codes) == 128
    assert {level(code) for code in codes} == {"valid"}
    assert stdnum_code.is_valid(codes[5])
    with pytest.raises(ValueError, match="invalid literal"):
        stdnum_code.get_gender("RSSMRA80AL1H501F")  # why it is wrapped
    read = read_fiscal_code("RSSMRA80AL1H501F")
    assert read is not None
    assert read.sex is Sex.MALE


@given(
    st.from_regex(r"[A-Za-z]{2,14}( [A-Za-z]{2,8})?", fullmatch=True),
    st.from_regex(r"[A-Za-z]{2,14}( [A-Za-z]{2,8})?", fullmatch=True),
)
def test_letters_of_names_are_those_of_another_program(surname: str, name: str) -> None:
    other = oracle.encode(surname, name, "F", "2021-03-05", "F376")
    assert surname_letters("".join(surname.upper().split())) == other[:3]
    assert name_letters("".join(name.upper().split())) == other[3:6]
    assert said(other, surname=surname, name=name, sex=Sex.FEMALE, birth_date=date(2021, 3, 5), birth_comune="F376") == []


def test_children_are_born_in_this_century() -> None:
    code = coded("RSSMRA21C45F376")
    assert level(code) == "valid"
    read = read_fiscal_code(code, TODAY)
    assert read is not None
    assert read.births == (date(1921, 3, 5), date(2021, 3, 5))
    assert stdnum_code.get_birth_date(code) == date(1921, 3, 5)  # a child made a hundred years old
    assert said(code, birth_date=date(2021, 3, 5)) == []
    assert said(code, birth_date=date(1921, 3, 5)) == []


def test_a_leap_day_of_2000_and_none_of_1900() -> None:
    read = read_fiscal_code(coded("RSSMRA00B29H501"))
    assert read is not None
    assert read.births == (date(2000, 2, 29),)


def test_nobody_is_born_after_today() -> None:
    read = read_fiscal_code(coded("RSSMRA26T31H501"), TODAY)
    assert read is not None
    assert read.births == (date(1926, 12, 31),)
    result = check("codice-fiscale", coded("RSSMRA80A01H501"), on=date(1950, 1, 1))
    assert [problem.code for problem in result.warnings] == ["code.codice_fiscale.future"]


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("RSSMRA80A01H501X", "check_letter"),
        ("RSSMRA80A01H501", "length"),
        ("RSSMRA80A01H501UU", "length"),
        ("R55MRA80A01H501U", "shape"),
        ("RSSMRA80F01H501U", "shape"),  # no month is written F
        (coded("RSSMRA80A00H501"), "day"),
        (coded("RSSMRA80A32H501"), "day"),
        (coded("RSSMRA80A40H501"), "day"),
        (coded("RSSMRA80A72H501"), "day"),
        (coded("RSSMRA80A81H501"), "day"),  # python-stdnum lets it pass
        (coded("RSSMRA81B29H501"), "day"),
        ("00743110158", "check_digit"),
        ("00000000000", "code.value.zeros"),
        ("", "code.value.missing"),
        ("RSSMRA80A01H5Ø1U", "shape"),
    ],
)
def test_what_is_invalid(value: str, fault: str) -> None:
    assert level(value) == "invalid"
    assert said(value) == [fault]


def test_bodies_and_provisional_codes_have_eleven_digits() -> None:
    assert level("00743110157") == "valid"
    assert level("80078750587") == "valid"  # INPS
    assert said("00743110157", surname="ROSSI") == ["not_of_a_person"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("RSSMRA40A01D620", []),  # Fiume in 1940
        ("RSSMRA60A01D620", ["place_ceased"]),  # in 1960 Fiume was abroad
        ("RSSMRA75A01M414", ["place_not_yet"]),  # Quaregna Cerreto is of 2019
        ("RSSMRA20A01M414", []),
        ("RSSMRA20A01A003", []),  # Abbadia Alpina ended in 1928: this one may be of 1920
        ("RSSMRA45A01A003", ["place_ceased"]),
        ("RSSMRA80A01Y999", ["place_unknown"]),
        ("RSSMRA80A01Z112", []),
        ("RSSMRA80A01Z105", []),  # Czechoslovakia was there
        ("RSSMRA95A01Z105", ["state_ceased"]),
        ("RSSMRA80A01Z999", ["state_unknown"]),
        ("RSAMRA80A01H501", []),
        ("RASMRA80A01H501", ["letters"]),  # a vowel before a consonant
        ("RSSXAA80A01H501", []),  # X is a consonant too
        ("FOXLIX80A01H501", []),
        ("XXAMRA80A01H501", []),
        ("AXBMRA80A01H501", ["letters"]),
    ],
)
def test_places_and_letters_warn_and_never_block(body: str, found: list[str]) -> None:
    assert said(coded(body)) == found
    assert level(coded(body)) == ("warning" if found else "valid")


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({}, []),
        ({"surname": "ROSSI", "name": "MARIO", "sex": Sex.MALE, "birth_date": date(1980, 1, 1), "birth_comune": "ROMA (RM)"}, []),
        ({"surname": "Rossì", "name": "Mário"}, []),
        ({"surname": "BIANCHI"}, ["surname"]),
        ({"name": "LUIGI"}, ["name"]),
        ({"name": "MARIO LUIGI"}, []),  # some registers count only the first
        ({"surname": "李", "name": "明"}, []),  # nothing Latin to compare
        ({"sex": Sex.FEMALE}, ["sex"]),
        ({"birth_date": date(1981, 1, 1)}, ["birth"]),
        ({"birth_date": date(1980, 1, 2)}, ["birth"]),
        ({"birth_year": 1980}, []),
        ({"birth_year": 1980, "birth_month": 1}, []),
        ({"birth_year": 1979}, ["birth"]),
        ({"birth_year": 1980, "birth_month": 2}, ["birth"]),
        ({"birth_comune": "MONOPOLI (BA)"}, ["place"]),
        ({"birth_comune": "H501", "birth_state": "IT"}, []),
        ({"birth_comune": "nessun luogo"}, []),  # unknown to the tables: nothing to compare
        ({"birth_state": "DE"}, ["place"]),
    ],
)
def test_compared_with_what_is_known_of_the_person(known: dict[str, object], found: list[str]) -> None:
    assert said("RSSMRA80A01H501U", **known) == found


@pytest.mark.parametrize(
    ("body", "known", "found"),
    [
        ("MLLJGN60B28Z112", {"surname": "Müller", "name": "Jürgen", "birth_state": "DE"}, []),
        ("MLLJGN60B28Z112", {"surname": "MUELLER", "birth_state": "GERMANIA"}, []),
        ("MLLJGN60B28Z112", {"birth_state": "FR"}, ["place"]),
        ("MLLJGN60B28Z112", {"birth_comune": "ROMA (RM)"}, ["place"]),
        ("MLLJGN60B28Z112", {"birth_state": "IT"}, ["place"]),
        ("NVKJNA70B28Z105", {"birth_state": "CZ"}, []),  # born in a state that is no more
        ("NVKJNA70B28Z105", {"birth_state": "CECOSLOVACCHIA"}, []),
        ("NVKJNA70B28Z501", {"birth_state": "NL"}, []),  # Aruba is no row of the police table
        ("DNGNNA80A41H501", {"surname": "D'Angelo", "name": "Anna"}, []),
        ("FOXIAX80A41H501", {"surname": "Fo", "name": "Ia"}, []),
        ("DLCGLI80A41H501", {"surname": "De la Cruz", "name": "Gioia Lia"}, []),
    ],
)
def test_names_and_births_of_every_kind(body: str, known: dict[str, object], found: list[str]) -> None:
    assert said(coded(body), **known) == found


def test_foreign_places_are_those_of_another_program_and_lead_to_rows_of_the_police() -> None:
    data = files("codicefiscale") / "data"
    lists = [json.loads((data / name).read_text("utf-8")) for name in ("countries.json", "deleted-countries.json")]
    theirs = {entry["code"] for entries in lists for entry in entries}
    assert len(theirs) > 200
    assert theirs <= set(foreign_places())
    assert [place for place in foreign_places().values() if place.state and builtin().state_row(place.state) is None] == []
    states = [place.state for place in foreign_places().values() if place.state]
    assert len(states) == len(set(states))


@given(st.text(max_size=30) | st.text(ALPHABET, min_size=16, max_size=16), st.text(max_size=12), st.text(max_size=12))
def test_any_text_is_answered(value: str, surname: str, name: str) -> None:
    result = check("codice-fiscale", value, identity=Identity(surname=surname, name=name), on=TODAY)
    again = check("codice-fiscale", result.normalised, identity=Identity(surname=surname, name=name), on=TODAY)
    assert again == result
    assert [problem.render("en")["message"] for problem in result.warnings if "…" in problem.message()] == [
        problem.message("en") for problem in result.warnings if problem.code.endswith(".birth")
    ]


@given(st.text(alphabet="ÄÖÜåøñßæœłđðþıÀé' X", max_size=300))
def test_umlauts_without_end_do_not_multiply(name: str) -> None:
    assert len(said("RSSMRA80A01H501U", surname=name)) <= 1
