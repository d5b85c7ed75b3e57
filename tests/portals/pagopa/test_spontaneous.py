"""The sheet of a spontaneous payment, field by field (spec imposta-di-soggiorno 13.1)."""

from __future__ import annotations

from datetime import date

import pytest

from locanda.law.packs import chain
from locanda.law.periods import parse_period
from locanda.portals.pagopa import Payable, Sheet, sheets
from locanda.portals.pagopa.spontaneous import CHANNELS

DUE = date(2027, 1, 16)
TWO = [Payable("Il Trullo", 10050, "BA07203091000012345"), Payable("La Lamia", 905, "BA07203091000054321")]


def one(*payables: Payable, period: str = "2026-Q4", email: str = "host@example.org", **more: object) -> Sheet:
    [sheet] = sheets("pagopa_spontaneo", payables or TWO, parse_period(period), DUE, email=email, **more)  # type: ignore[arg-type]
    return sheet


def codes(sheet: Sheet) -> list[str]:
    return [problem.code for problem in sheet.problems]


def test_the_fields_in_the_order_of_the_portal_with_the_year_of_the_quarter() -> None:
    sheet = one()
    assert [(field.label, field.value) for field in sheet.fields] == [
        ("Servizio di incasso", "Imposta di Soggiorno"), ("Importo", "109,55"), ("Data scadenza", "16/01/2027"),
        ("Causale", "Il Trullo, La Lamia"), ("Tipo riferimento creditore", "4"), ("Codice riferimento creditore", "2026"),
        ("Dati del debitore", ""), ("Notifica Ricevuta Telematica", "host@example.org"),
    ]  # fmt: skip
    assert codes(sheet) == [] and sheet.value("Importo") == "109,55"


def test_that_the_fields_are_those_of_2018_is_said() -> None:
    sheet = one()
    assert sheet.status == "unverified" and "2018" in sheet.read_it and "2018" in sheet.read_en
    assert all(field.note_it and field.note_en and field.note_it != field.note_en for field in sheet.fields)


def test_one_payment_for_all_or_one_for_each_that_owes_something() -> None:
    three = [*TWO, Payable("Vuota", 0)]
    assert one(*three).structures == ("Il Trullo", "La Lamia")
    told = sheets("pagopa_spontaneo", three, parse_period("2026-Q4"), DUE, separate=True)
    assert [(sheet.structures, sheet.amount) for sheet in told] == [(("Il Trullo",), 10050), (("La Lamia",), 905)]
    assert sheets("pagopa_spontaneo", three[2:], parse_period("2026-Q4"), DUE) == []


def test_names_that_do_not_fit_give_way_to_codes_and_nothing_is_cut() -> None:
    long = [payable._replace(structure="X" * 80) for payable in TWO]
    assert one(*long).value("Causale") == "BA07203091000012345, BA07203091000054321"
    assert codes(one(*long)) == ["pagopa.description.long"]
    assert one(*(payable._replace(code="") for payable in long)).value("Causale") == ""
    assert codes(one(Payable("X" * 140, 1))) == [] and codes(one(Payable("X" * 141, 1))) == ["pagopa.description.long"]


@pytest.mark.parametrize("name", ["Casa di maria@example.org", "B&B RSSMRA80A41F205X", "Da Maria Bianchi"])
def test_personal_data_in_the_description_is_told(name: str) -> None:
    assert codes(one(Payable(name, 1), persons=["maria bianchi", ""])) == ["pagopa.description.personal"]


def test_a_name_inside_a_word_is_no_person() -> None:
    assert codes(one(Payable("Marianna", 1), persons=["Maria"])) == []


def test_a_period_that_is_no_quarter_and_a_missing_address_are_told() -> None:
    assert codes(one(period="2026-12")) == ["pagopa.sheet.period"]
    assert codes(one(email="")) == ["pagopa.sheet.email"]


def test_every_channel_with_a_sheet_is_named_by_the_pack_of_monopoli() -> None:
    tax = chain("072030").tourist_tax()
    assert tax is not None and tax.remittance is not None and tax.remittance.channels == CHANNELS
