"""The papers of a stay: receipt and its correction, exemptions, refusals (spec imposta 10, 14)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda import papers
from locanda.papers.modello_1 import shown
from tests.papers.test_forms import DAY, made, squeezed, text_of


def sampled(form_id: str, **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(papers.sample(form_id)) | changes


def codes(form_id: str, sample: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in papers.read(form_id, sample)[1]]


def told(form_id: str, sample: Any) -> list[str]:
    data, problems = papers.read(form_id, sample)
    assert problems == []
    return [problem.code for problem in papers.notes(form_id, data, on=DAY)]


# ---- Modello 1


def test_a_receipt_says_what_it_must() -> None:
    page = squeezed(text_of(made("modello_1")))
    for text in ("27", "14/07/2026", "Müller Hanna", "Il Trullo di Ada", "IT072030C100012345", "€ 16,00", "sedici/00",
                 "D.Lgs. 14 marzo 2011, n. 23", "fuori campo IVA", "non fiscale", "€ 2,00", "10/07/2026"):  # fmt: skip
        assert squeezed(text) in page, text


def test_nothing_tells_why_somebody_is_exempt() -> None:
    page = text_of(made("modello_1")).casefold()
    assert not any(word in page for word in ("disab", "104", "minor", "età"))
    reasons = [{"code": "disabled_l104", "persons": 1}]
    assert [where for _, where in codes("modello_1", sampled("modello_1", exempt=reasons))] == ["exempt"]


def test_sums_are_judged() -> None:
    sample = sampled("modello_1", total="15.00", lines=[{"taxed_nights": 8, "unit_amount": "2.00", "amount": "15.50"}])
    assert codes("modello_1", sample) == [("paper.receipt.line_sum", "lines[0].amount")]
    sample["lines"][0]["unit_amount"] = None
    assert codes("modello_1", sample) == [("paper.receipt.total", "total")]


def test_two_rates_in_one_stay() -> None:
    lines = [{"taxed_nights": 4, "unit_amount": f"{euro}.00", "amount": f"{4 * euro}.00"} for euro in (1, 2)]
    page = text_of(made("modello_1", sample=sampled("modello_1", lines=lines, total="12.00")))
    assert "€ 1,00" in page and "€ 2,00" in page and "dodici/00" in page


def test_a_percentage_has_no_amount_each() -> None:
    sample = sampled("modello_1", lines=[{"taxed_nights": 8, "amount": "25.20"}], total="25.20")
    assert "in percentuale" in text_of(made("modello_1", sample=sample))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"departure": "2026-07-10"}, "paper.stay.no_night"),
        ({"nights": 3}, "paper.stay.nights"),
        ({"persons_taxed": 1}, "paper.receipt.nights"),
        ({"lines": []}, "paper.list.empty"),
    ],
)
def test_a_stay_that_cannot_be(changes: dict[str, Any], expected: str) -> None:
    assert expected in [code for code, _ in codes("modello_1", sampled("modello_1", **changes))]


def test_an_arrival_after_midnight_may_have_one_night_more() -> None:
    data, problems = papers.read("modello_1", sampled("modello_1", nights=5))
    assert problems == []
    assert shown(data, "it")["nights"] == 5


@pytest.mark.parametrize(
    ("before", "words"),
    [("20.00", "Differenza restituita all'ospite: € 4,00"), ("10.00", "Differenza incassata: € 6,00"), ("16.00", "non cambia")],
)
def test_a_correction_refers_to_the_first_and_shows_the_difference(before: str, words: str) -> None:
    corrects = {"number": 26, "on": "2026-07-13", "total": before, "reason": "partenza anticipata"}
    page = text_of(made("modello_1", sample=sampled("modello_1", corrects=corrects)))
    assert "rettifica della n. 26 del 13/07/2026" in page
    assert words in page


def test_a_correction_has_a_number_of_its_own() -> None:
    corrects = {"number": "27", "on": "2026-07-13", "total": "1.00", "reason": "x"}
    assert codes("modello_1", sampled("modello_1", corrects=corrects)) == [("paper.receipt.same_number", "number")]


@given(st.integers(1, 40), st.integers(1, 99999))
def test_a_line_that_multiplies_is_right_and_any_other_is_not(nights: int, cents: int) -> None:
    total = nights * cents
    written = f"{total // 100}.{total % 100:02}"
    sample = sampled("modello_1", persons_taxed=40, total=written, lines=[
        {"taxed_nights": nights, "unit_amount": f"{cents // 100}.{cents % 100:02}", "amount": written}])  # fmt: skip
    assert codes("modello_1", sample) == []
    sample["lines"][0]["taxed_nights"] += 1
    assert codes("modello_1", sample) == [("paper.receipt.line_sum", "lines[0].amount")]


@pytest.mark.parametrize("code", ["RSSMRA80A01H501X", "123", "NREDAA75E50F376"])
def test_a_tax_code_that_cannot_be_is_refused_with_its_reason(code: str) -> None:
    found = codes("modello_1", sampled("modello_1", payer={"surname": "A", "name": "B", "tax_code": code}))
    assert [where for _, where in found] == ["payer.tax_code"]
    assert found[0][0].startswith("code.codice_fiscale.")


def test_a_company_has_a_code_of_eleven_digits() -> None:
    operator = {"name": "Trulli s.r.l.", "tax_code": "00743110157", "vat": "IT00743110157", "representative": "Ada Neri"}
    page = text_of(made("modello_1", sample=sampled("modello_1", operator=operator)))
    assert "Legale rappresentante" in page


def test_stars_and_category_are_named() -> None:
    hotel = {"name": "Albergo Prova", "type": "albergo", "stars": 4, "superior": True, "category": "unica"}
    page = squeezed(text_of(made("modello_1", sample=sampled("modello_1", property=hotel))))
    assert squeezed("Albergo, 4 stelle superior, categoria unica") in page
    assert ("paper.stars.unfit", "property.stars") in codes("modello_1", sampled("modello_1", property=hotel | {"stars": 6}))


# ---- Modello 3


def test_a_birthday_during_the_stay_is_stated_in_both_languages() -> None:
    page = text_of(made("modello_3", "en"))
    assert "prima del 12/07/2026" in page
    assert "before 12/07/2026" in page
    assert told("modello_3", sampled("modello_3")) == ["paper.minor.birthday"]


@pytest.mark.parametrize(
    ("born", "expected"),
    [("2014-07-10", "paper.minor.too_old"), ("2014-07-11", None), ("2014-07-14", None), ("2026-07-11", "paper.minor.unborn")],
)
def test_who_has_completed_the_age_by_the_arrival_is_no_exempt_one(born: str, expected: str | None) -> None:
    sample = sampled("modello_3", minors=[{"surname": "A", "name": "B", "birth_date": born}])
    assert [code for code, _ in codes("modello_3", sample)] == ([expected] if expected else [])


def test_who_is_born_on_the_29th_of_february_completes_the_year_on_the_first_of_march() -> None:
    minor = {"surname": "A", "name": "B", "birth_date": "2016-02-29"}
    stay = {"arrival": "2027-02-28", "departure": "2027-03-02", "signed_on": None, "age": 11}
    assert told("modello_3", sampled("modello_3", minors=[minor], **stay)) == ["paper.minor.birthday"]
    assert codes("modello_3", sampled("modello_3", minors=[minor], **stay | {"arrival": "2027-03-01"})) != []


def test_a_signature_after_the_departure_loses_the_exemption() -> None:
    assert "paper.exemption.late" in told("modello_3", sampled("modello_3", signed_on="2026-07-15"))
    assert "paper.exemption.late" in told("modello_6", sampled("modello_6", signed_on="2026-07-15"))


# ---- Modello 4 and 5


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", "Dichiarazione"), ("en", "not to pay the sum of € 16,00"), ("es", "no paga la suma de € 16,00"),
        ("ru", "не уплачивает сумму € 16,00"),
    ],
)  # fmt: skip
def test_the_italian_text_stands_beside_the_guests(language: str, words: str) -> None:
    page = squeezed(text_of(made("modello_4", language)))
    assert squeezed("di non versare la somma di € 16,00") in page
    assert squeezed(words) in page


def test_hour_of_the_signature_is_italian() -> None:
    sample = sampled("modello_4", signed_at="2026-10-25T01:30+00:00", send_by="2026-10-27T01:30+00:00", departure="2026-10-25")
    page = text_of(made("modello_4", sample=sample))
    assert "25/10/2026, ore 02:30" in page


def test_a_refusal_can_be_printed_to_be_filled_in_by_hand() -> None:
    sample = sampled("modello_4", guest={"surname": "Doe", "name": "John"}, signed_at=None, send_by=None, place=None)
    assert len(made("modello_4", "ru", sample=sample).pages) == 1
    sample = sampled("modello_5", refused_at=None, sent=None, send_by=None, signed_on=None, circumstances=None)
    assert "____" in text_of(made("modello_5", sample=sample))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": "0.00"}, "paper.refusal.nothing"), ({"persons": 0, "person_nights": 0}, "paper.refusal.nobody"),
        ({"person_nights": 11}, "paper.receipt.nights"), ({"send_by": "2026-07-14T10:20+02:00"}, "paper.refusal.term"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form_id", ["modello_4", "modello_5"])
def test_a_refusal_that_cannot_be(form_id: str, changes: dict[str, Any], expected: str) -> None:
    assert [code for code, _ in codes(form_id, sampled(form_id, **changes))] == [expected]


def test_what_was_sent_before_the_refusal_is_no_proof_of_it() -> None:
    sample = sampled("modello_5", sent={"way": "fax", "at": "2026-07-14T10:00+02:00"})
    assert codes("modello_5", sample) == [("paper.refusal.sent_before", "sent.at")]


def test_a_signature_of_another_day_is_noted() -> None:
    assert told("modello_4", sampled("modello_4", signed_at="2026-07-20T10:00+02:00", send_by=None)) == ["paper.refusal.day"]


# ---- Modello 6


def test_a_diagnosis_has_no_place() -> None:
    certificate = {"issuer": "INPS", "issued_on": "2012-04-18", "diagnosis": "x"}
    assert codes("modello_6", sampled("modello_6", certificate=certificate)) == [("shape.key.unknown", "certificate.diagnosis")]


def test_who_declares_and_who_is_concerned() -> None:
    assert codes("modello_6", sampled("modello_6", person=None)) == [("paper.exemption.who", "person")]
    assert codes("modello_6", sampled("modello_6", quality="self")) == [("paper.exemption.who", "person")]
    assert codes("modello_6", sampled("modello_6", quality="self", person=None)) == []
    assert "fino al 31/12/2032" in text_of(made("modello_6"))
