"""Written and read again, values are the same; whatever the bytes, nothing raises (spec flussi-turistici 6.1, 6.2)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from locanda.portals.ross1000.movements import check, read
from locanda.portals.ross1000.records import ELEMENTS, LISTS, OPTIONAL, Movimenti, Movimento, Struttura, encode
from tests.portals.ross1000.house import small_year

letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
texts = st.text(letters, max_size=12).map(str.strip)
absent_or_text = st.none() | texts


def record(kind: Any) -> st.SearchStrategy[Any]:
    """Any record, with optional fields absent now and then."""
    return st.tuples(*[absent_or_text if name in OPTIONAL else texts for name in kind._fields]).map(lambda values: kind(*values))


def listed(name: str) -> st.SearchStrategy[Any]:
    return st.none() | st.lists(st.one_of(*map(record, LISTS[name].values())), max_size=3).map(tuple)


days = st.tuples(absent_or_text, st.none() | record(Struttura), *map(listed, LISTS)).map(lambda values: Movimento(*values))
files = st.tuples(texts, texts, st.lists(days, max_size=3).map(tuple)).map(lambda values: Movimenti(*values))


@given(files)
def test_what_is_written_is_read_again(file: Movimenti) -> None:
    made = read(encode(file))
    assert made.values == file
    assert made.problems == ()


@given(files)
def test_every_file_has_a_verdict(file: Movimenti) -> None:
    said = check(encode(file))
    assert said.days == len(file.movimenti)
    for problem in (*said.problems, *said.warnings):
        assert problem.fact("rule")
        problem.render("it")


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    assert not check(data).valid


@given(st.data())
def test_a_damaged_file_never_raises(data: st.DataObject) -> None:
    raw = small_year()
    place = data.draw(st.integers(0, len(raw) - 1))
    check(raw[:place][-4000:] + data.draw(st.binary(max_size=4)))


def test_our_file_is_read_and_written_byte_for_byte() -> None:
    made = read(small_year())
    assert made.problems == ()
    assert encode(made.values) == small_year()


def test_every_record_of_the_layout_has_its_element() -> None:
    assert set(ELEMENTS.values()) == {
        "struttura", "arrivo", "partenza", "prenotazione", "eliminazione", "cancellazione", "conferma",
    }  # fmt: skip
