"""The table of fields, the writer and the reader: offsets, both lengths, and that reading undoes writing."""

from __future__ import annotations

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.people import Role, Sex
from locanda.portals.alloggiati import documents
from locanda.portals.alloggiati.fields import FIELD, FIELDS, LENGTH, LENGTH_WITH_APARTMENT, ROLE_CODES
from locanda.portals.alloggiati.record import Malformed, Schedina, Unwritable, cut, pad, read, write

ELISA = Schedina(
    Role.SINGLE, date(2026, 5, 12), 2, "FERRANTE", "ELISA", Sex.FEMALE, date(1988, 11, 4), "411141044", "PU", "100000100",
    "100000100", "IDELE", "CB12345AA", "411141044", 4,
)  # fmt: skip
LUCIA = ELISA._replace(
    role=Role.FAMILY_MEMBER, surname="D'AMICO", name="LUCIA", document_type=None, document_number=None, issued_in=None,
    apartment=None,
)
# columns counted from 0, ends included, as the manuals print them
MANUAL = {
    "role": (0, 1), "arrival": (2, 11), "days": (12, 13), "surname": (14, 63), "name": (64, 93), "sex": (94, 94),
    "birth_date": (95, 104), "birth_comune": (105, 113), "birth_province": (114, 115), "birth_state": (116, 124),
    "citizenship": (125, 133), "document_type": (134, 138), "document_number": (139, 158), "issued_in": (159, 167),
    "apartment": (168, 173),
}  # fmt: skip


def test_the_table_is_the_manuals() -> None:
    assert {field.key: (field.start, field.end - 1) for field in FIELDS} == MANUAL
    assert tuple(FIELD) == Schedina._fields
    assert all(left.end == right.start for left, right in pairwise(FIELDS))
    assert (FIELDS[13].end, FIELDS[14].end) == (LENGTH, LENGTH_WITH_APARTMENT)
    assert [field.number for field in FIELDS] == list(range(1, 16))


def test_a_line_letter_by_letter() -> None:
    line = write(ELISA)
    assert line == (
        "1612/05/202602FERRANTE" + " " * 42 + "ELISA" + " " * 25 + "204/11/1988411141044PU100000100100000100IDELECB12345AA"
        + " " * 11 + "411141044"
    )  # fmt: skip
    assert write(ELISA, apartments=True) == line + "000004"
    assert write(LUCIA).endswith("100000100" + " " * 34) and len(write(LUCIA)) == 168


def test_the_examples_of_the_reference(shared: Path) -> None:
    spec = (shared / "spec" / "alloggiati-web.md").read_text(encoding="utf-8")
    examples = [line[:-1] for line in spec.splitlines() if line.endswith("|") and line[:2].isdigit() and line[4:5] == "/"]
    assert len(examples) == 3
    assert [write(read(line)) for line in examples] == examples


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), min_size=1)


def fitting(key: str) -> st.SearchStrategy[str]:
    length = FIELD[key].length
    return TEXT.map(lambda text: text.strip()[:length].strip()).filter(bool)


DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
SCHEDINE = st.builds(
    Schedina,
    st.sampled_from(list(Role)), DAYS, st.integers(1, 99), fitting("surname"), fitting("name"), st.sampled_from(list(Sex)), DAYS,
    st.none() | fitting("birth_comune"), st.none() | fitting("birth_province"), fitting("birth_state"), fitting("citizenship"),
    st.none() | fitting("document_type"), st.none() | fitting("document_number"), st.none() | fitting("issued_in"),
    st.integers(0, 999_999),
)  # fmt: skip


@given(SCHEDINE)
def test_reading_undoes_writing(schedina: Schedina) -> None:
    short, long = write(schedina), write(schedina, apartments=True)
    assert (len(short), len(long)) == (168, 174)
    assert read(long) == schedina
    assert read(short) == schedina._replace(apartment=None)
    assert cut(short) == cut(long)[:14]


@given(SCHEDINE, st.sampled_from(FIELDS))
def test_each_field_stands_only_in_its_own_columns(schedina: Schedina, field: object) -> None:
    blank = {"days": 1, "sex": Sex.MALE, "role": Role.SINGLE, "apartment": 0}
    key = field.key  # type: ignore[attr-defined]
    other = blank.get(key, date(2000, 1, 1) if "date" in key or key == "arrival" else "X")
    before, after = write(schedina, apartments=True), write(schedina._replace(**{key: other}), apartments=True)
    place = FIELD[key].slice
    assert before[: place.start] == after[: place.start] and before[place.stop :] == after[place.stop :]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("surname", "A" * 51), ("surname", ""), ("surname", None), ("surname", " A"), ("surname", "A\r\nB"), ("name", "A" * 31),
        ("days", 0), ("days", 100), ("days", "3"), ("sex", "M?"), ("role", "16"), ("arrival", "2026-01-01"),
        ("birth_state", None),
        ("apartment", -1), ("apartment", 1_000_000), ("citizenship", "1000001000"),
    ],
)  # fmt: skip
def test_what_a_field_cannot_hold_is_never_written(key: str, value: object) -> None:
    with pytest.raises(Unwritable) as refused:
        write(ELISA._replace(**{key: value}), apartments=True)
    assert refused.value.field.key == key


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("role", "21"), ("arrival", "2026-05-12"), ("arrival", "31/02/2026"), ("days", "  "), ("days", "-1"), ("sex", "3"),
        ("birth_date", " " * 10), ("surname", " " * 50), ("apartment", "A     "), ("apartment", "      "), ("days", "٣٣"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_which_field(key: str, text: str) -> None:
    place, line = FIELD[key].slice, write(ELISA, apartments=True)
    with pytest.raises(Malformed) as refused:
        read(line[: place.start] + text + line[place.stop :])
    assert refused.value.field is FIELD[key]


@pytest.mark.parametrize(("key", "text", "value"), [("days", "3 ", 3), ("days", " 3", 3), ("apartment", "4     ", 4),
                                                    ("apartment", "000000", 0)])  # fmt: skip
def test_paddings_of_other_programs_are_read(key: str, text: str, value: int) -> None:
    place, line = FIELD[key].slice, write(ELISA, apartments=True)
    assert getattr(read(line[: place.start] + text + line[place.stop :]), key) == value


def test_blanks_stand_for_absent_codes_only() -> None:
    assert pad(FIELD["issued_in"], None) == " " * 9
    with pytest.raises(Malformed):
        read("x")


def test_roles_have_the_portals_numbers() -> None:
    assert sorted(ROLE_CODES.values()) == ["16", "17", "18", "19", "20"] and set(ROLE_CODES) == set(Role)


def test_document_types_are_the_portals(shared: Path) -> None:
    path = shared / "data" / "alloggiati" / "documenti.csv"
    with path.open(encoding="utf-8") as file:
        rows = {row["Codice"]: row["Descrizione"].strip() for row in csv.DictReader(file, quoting=csv.QUOTE_NONE)}
    ours = documents.builtin()
    assert dict(ours.types) == rows and len(ours) == 95
    assert dict(documents.from_table(path.read_text(encoding="utf-8"), source="csv").types) == rows


def test_document_types_are_whole_without_the_reference() -> None:
    ours = documents.builtin()
    assert len(ours) == 95 and all(len(code) == 5 for code in ours.types)
    assert ours.usual == ("IDELE", "IDENT", "PASOR", "PATEN") and "PASSP" not in ours
    assert ours.description("PASSE") == "PASSAPORTO DI SERVIZIO" and ours.description("X") is None


@pytest.mark.parametrize("text", ["", "a;b\nc;d"])
def test_a_table_without_its_header_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="table of documents"):
        documents.from_table(text, source="x")
