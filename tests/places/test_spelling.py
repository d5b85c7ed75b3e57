"""Names as the police writes them, and what two spellings have in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.places import builtin
from locanda.places.spelling import key, police_spelling, split_label


@pytest.mark.parametrize(
    ("official", "police"),
    [
        ("Forlì", "FORLI'"),
        ("Nughedu San Nicolò", "NUGHEDU SAN NICOLO'"),
        ("Saint-Rhémy-en-Bosses", "SAINT-RHEMY-EN-BOSSES"),
        ("San Dorligo della Valle-Dolina", "SAN DORLIGO DELLA VALLE-DOLINA"),
        ("Ruffrè-Mendola", "RUFFRE'-MENDOLA"),
        ("Sant’Omobono Terme", "SANT'OMOBONO TERME"),
        ("Doberdò del Lago", "DOBERDO' DEL LAGO"),
        ("Kurtatsch an der Weinstraße", "KURTATSCH AN DER WEINSTRASSE"),
    ],
)
def test_police_spelling(official: str, police: str) -> None:
    assert police_spelling(official) == police


@pytest.mark.parametrize(
    "spellings",
    [
        ("Forlì", "FORLI'", "forli", "  Forlì ", "FORLI`", "FORLI\u0300"),
        ("L'Aquila", "L’AQUILA", "l aquila", "L´Aquila"),
        ("Rodengo-Saiano", "RODENGO SAIANO", "Rodengo - Saiano"),
        ("Vöran", "VORAN"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_place_share_their_key(spellings: tuple[str, ...]) -> None:
    assert len({key(spelling) for spelling in spellings}) == 1


@given(st.text())
def test_key_is_idempotent_and_plain(text: str) -> None:
    once = key(text)
    assert key(once) == once
    assert once.isascii() and once == once.upper() and "  " not in once and once == once.strip()


@given(st.text())
def test_police_spelling_keeps_no_accent(text: str) -> None:
    assert key(police_spelling(police_spelling(text))) == key(police_spelling(text))


@given(st.sampled_from(builtin().comuni))
def test_police_spelling_leaves_the_names_of_the_table_alone(row: object) -> None:
    name = row.name  # type: ignore[attr-defined]
    assert police_spelling(name) == name


@pytest.mark.parametrize(
    ("token", "parts"),
    [
        ("MONOPOLI (BA)", ("MONOPOLI", "BA")),
        ("  Monopoli(ba) ", ("Monopoli", "BA")),
        ("SRI LANKA (CEYLON)", ("SRI LANKA (CEYLON)", None)),
        ("MONOPOLI", ("MONOPOLI", None)),
        ("", ("", None)),
    ],
)
def test_split_label(token: str, parts: tuple[str, str | None]) -> None:
    assert split_label(token) == parts
