"""Receipts of unverified layout: read leniently, counts never guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.portals.alloggiati.receipt import ReceiptFacts, read_receipt, read_text
from locanda.portals.alloggiati.simulator import Account
from locanda.portals.alloggiati.simulator.receipt_pdf import envelope, receipt_lines, receipt_pdf

DAY = dt.date(2026, 7, 10)
HOTEL = Account("BA000001", "p", "w", structure="L'ÀNCORA (BED) \\ BREAKFAST", comune="MONOPOLI")


@given(st.integers(0, 5000), st.one_of(st.none(), st.integers(0, 150_000)), st.integers(1, 999_999))
def test_what_the_simulator_writes_is_read_back(schedine: int, days: int | None, protocol: int) -> None:
    facts = read_receipt(receipt_pdf(receipt_lines(HOTEL, DAY, protocol, schedine, days)))
    assert (facts.schedine, facts.total_days) == (schedine, days)
    assert facts.receipt_id == f"2026/{protocol:06d} [BA]"
    assert (facts.sending_day, facts.login, facts.simulated, facts.counts_known) == (DAY, "BA000001", True, True)
    assert facts.control_code
    assert "L'ÀNCORA (BED) \\ BREAKFAST" in facts.text


def test_the_same_facts_give_the_same_bytes() -> None:
    lines = receipt_lines(HOTEL, DAY, 1, 3, 9)
    assert receipt_pdf(lines) == receipt_pdf(list(lines))


def test_a_receipt_inside_a_signature_file_is_read() -> None:
    pdf = receipt_pdf(receipt_lines(HOTEL, DAY, 1, 3, 9))
    assert read_receipt(envelope(pdf)) == read_receipt(pdf)


@pytest.mark.parametrize(
    ("text", "schedine", "days"),
    [
        ("Numero schedine inviate: 12", 12, None),
        ("Numero di schedine inviate 12\nTotale giorni presunti di permanenza 40", 12, 40),
        ("N. schedine acquisite: 1.234\nGiorni di permanenza presunti: 9.876", 1234, 9876),
        ("Schedine Inviate : 7   Giorni presunti di permanenza : 21", 7, 21),
        ("TOTALE SCHEDINE 5\nNUMERO GIORNI PRESUNTI 6", 5, 6),
    ],
)
def test_several_wordings_are_known(text: str, schedine: int, days: int | None) -> None:
    facts = read_text(text)
    assert (facts.schedine, facts.total_days) == (schedine, days)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Polizia di Stato\nRicevuta",
        "Numero schedine inviate:",
        "Numero schedine inviate\nTotale giorni presunti di permanenza\n3\n10",  # two labels, then two numbers
        "Numero schedine inviate: 3\nNumero schedine inviate: 4",  # two answers are none
        "Schedine inviate: 10/07/2026",
        "Schedine inviate il 10/07/2026",
        "Schedine inviate: tre",
    ],
)
def test_a_count_that_is_not_clear_is_none(text: str) -> None:
    facts = read_text(text)
    assert facts.schedine is None
    assert not facts.counts_known


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Data invio: 10/07/2026", DAY),
        ("Data di invio 10-07-2026", DAY),
        ("Data dell'invio: 10.07.2026", DAY),
        ("Inviate in data 10/07/2026", DAY),
        ("Data invio: 31/02/2026", None),
        ("Data invio: 10/07/2026\nData invio: 11/07/2026", None),
        ("stampata il 11/07/2026", None),
    ],
)
def test_the_day_of_sending(text: str, day: dt.date | None) -> None:
    assert read_text(text).sending_day == day


def test_other_facts_are_found_or_none() -> None:
    text = "Login: BA001234\nProtocollo: 2021/00069152\nCodice di controllo: AB12CD34"
    facts = read_text(text)
    assert (facts.login, facts.receipt_id, facts.control_code) == ("BA001234", "2021/00069152", "AB12CD34")
    assert read_text("niente")[:6] == (None,) * 6
    assert not read_text(text).simulated


@pytest.mark.parametrize("raw", [b"", b"%PDF", b"%PDF-1.4 broken %%EOF", b"<html>", b"%%EOF%PDF"])
def test_what_is_no_receipt_says_nothing(raw: bytes) -> None:
    assert read_receipt(raw) == ReceiptFacts()


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fall(noise: bytes) -> None:
    pdf = receipt_pdf(receipt_lines(HOTEL, DAY, 1, 3, 9))
    facts = read_receipt(pdf[:200] + noise + pdf[200:])
    assert facts.schedine in (3, None)
