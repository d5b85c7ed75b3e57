"""The yearly papers: twelve rows with zeros, sums that hold, differences explained, terms (spec imposta 9.2, 11)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locanda import papers
from locanda.papers.modello_21 import shown
from tests.papers.test_forms import DAY, made, text_of


def account(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(papers.sample("modello_21")) | changes


def codes(form_id: str, sample: Any) -> list[tuple[str, str]]:
    data, problems = papers.read(form_id, sample)
    assert (data is None) == bool(problems)
    return [(problem.code, problem.where) for problem in problems]


def told(form_id: str, sample: Any) -> list[tuple[str, str]]:
    data, problems = papers.read(form_id, sample)
    assert problems == []
    return [(problem.code, problem.where) for problem in papers.notes(form_id, data, on=DAY)]


def rows_of(sample: Any) -> list[list[Any]]:
    data, problems = papers.read("modello_21", sample)
    assert problems == []
    rows: list[list[Any]] = shown(data, "it")["rows"]
    return rows


PROPERTY = {"name": "Casa Bianca", "type": "locazione_turistica"}


def test_twelve_rows_for_each_property_month_by_month_with_zeros() -> None:
    sample = account()
    sample["properties"].append({"property": PROPERTY})
    rows = rows_of(sample)
    assert [row[0] for row in rows] == list(range(1, 25))
    assert rows[0][1] == "GENNAIO – IDS\nIl Trullo di Ada"
    assert rows[1][1] == "GENNAIO – IDS\nCasa Bianca"
    assert [row[3] for row in rows if row[1].endswith("Bianca")] == [0] * 12
    assert "N. registrazioni\n24" in text_of(made("modello_21", sample=sample))


def test_a_zero_year_has_its_account_too() -> None:
    sample = account(properties=[{"property": PROPERTY}])
    assert len(rows_of(sample)) == 12
    page = text_of(made("modello_21", sample=sample))
    assert page.count("0,00") >= 14
    assert "coincidono" in page


def test_the_fourth_quarter_paid_in_january_stays_in_its_year_and_is_remarked() -> None:
    december = rows_of(account())[11]
    assert december[4] == "IUV 01234567890123611 del 11/01/2027"
    assert december[5] == 2400
    assert december[6] == "Versamento di competenza del 4° trimestre 2026, eseguito il 11/01/2027."
    assert told("modello_21", account()) == [("paper.account.paid_later", "properties[0].paid[2].on")]


def test_a_payment_of_the_year_before_belongs_elsewhere() -> None:
    sample = account()
    sample["properties"][0]["paid"][0]["period"] = "2025-Q4"
    assert ("paper.period.year", "properties[0].paid[0].period") in codes("modello_21", sample)


def test_a_difference_is_explained_or_a_problem() -> None:
    sample = account()
    del sample["properties"][0]["paid"][2]
    assert codes("modello_21", sample) == [("paper.account.unexplained", "difference_reason")]
    sample["difference_reason"] = "Quarto trimestre non ancora versato."
    page = text_of(made("modello_21", sample=sample))
    assert "Differenza fra riscosso e versato: € 24,00. Quarto trimestre" in page
    assert "Riscosso: euro ottocentonovanta/00. Versato: euro ottocentosessantasei/00." in page


@pytest.mark.parametrize(
    ("signed", "expected"),
    [("2027-01-30", []), ("2027-01-31", ["paper.account.late"]), ("2026-12-31", ["paper.account.early"]), (None, [])],
)
def test_signature_not_after_the_thirtieth(signed: str | None, expected: list[str]) -> None:
    sample = account(properties=[{"property": PROPERTY}], signed_on=signed)
    assert [code for code, _ in told("modello_21", sample)] == expected
    assert "30/01/2027" in text_of(made("modello_21", sample=sample))


def test_months_and_receipts_are_judged_together() -> None:
    sample = account()
    sample["properties"][0]["collected"] = [
        {"month": 13, "amount": "0.00"}, {"month": 2, "amount": "3.00"}, {"month": 2, "amount": "0.00"},
        {"month": 3, "amount": "1.00", "first_receipt": 9, "last_receipt": 8},
        {"month": 4, "amount": "1.00", "receipts": "varie"},
    ]  # fmt: skip
    assert {code for code, _ in codes("modello_21", sample)} == {
        "paper.month.unfit", "paper.account.no_receipts", "paper.account.receipts_order",
    }  # fmt: skip


def test_a_replacing_account_refers_to_the_first() -> None:
    replaces = {"on": "2027-01-20", "protocol": 77, "reason": "errore nel mese di maggio"}
    page = text_of(made("modello_21", sample=account(replaces=replaces)))
    assert "Sostituisce il conto presentato il 20/01/2027, protocollo 77. Motivo: errore nel mese di maggio" in page


def test_many_properties_go_on_under_the_same_head_and_faces_are_counted() -> None:
    sample = account(properties=[{"property": {"name": f"Casa {number}", "type": "cav"}} for number in range(20)])
    reader = made("modello_21", sample=sample)
    assert len(reader.pages) > 5
    for page in list(reader.pages)[1:-1]:
        assert "quietanza nn." in page.extract_text()
    last = reader.pages[-1].extract_text()
    assert f"(facciate)\n{len(reader.pages)}" in last
    assert "N. registrazioni\n240" in last


def test_the_visto_is_left_to_the_comune() -> None:
    page = text_of(made("modello_21"))
    assert "Visto di regolarità" in page
    assert "riservato al comune" in page


# ---- Modello 2


def declaration(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(papers.sample("modello_2")) | changes


def test_parts_make_the_whole() -> None:
    sample = declaration()
    sample["properties"][0]["periods"][0]["presences"] = 151
    assert codes("modello_2", sample) == [("paper.presences.sum", "properties[0].periods[0].presences")]


def test_quarters_nobody_spoke_of_are_zero_and_said() -> None:
    assert ("paper.period.zero", "properties[0].periods") in told("modello_2", declaration())
    page = text_of(made("modello_2"))
    assert "1° trimestre" in page


def test_a_year_without_tax_is_declared() -> None:
    sample = declaration(properties=[{"property": PROPERTY}], payments=[], refusals=[], annexes=[])
    page = text_of(made("modello_2", sample=sample))
    for words in ("Nessuna presenza esente", "Nessun omesso versamento", "Nessun versamento", "€ 0,00"):
        assert words in page


def test_months_and_quarters_do_not_mix_and_stand_once() -> None:
    row = {"period": "2026-01", "persons": 0, "presences": 0, "taxed": 0, "due": "0.00"}
    quarter = row | {"period": "2026-Q1"}
    other = row | {"period": "2025-02"}
    sample = declaration(properties=[{"property": PROPERTY, "periods": [row, row, quarter, other]}], payments=[])
    assert [code for code, _ in codes("modello_2", sample)] == ["paper.period.twice", "paper.period.mixed", "paper.period.year"]


def test_due_counts_the_refused_and_shows_both() -> None:
    page = text_of(made("modello_2"))
    assert "€ 890,00" in page
    assert "€ 16,00" in page
    sample = declaration(payments=[])
    assert codes("modello_2", sample) == [("paper.declaration.unexplained", "difference_reason")]


def test_unknown_and_repeated_exemption_codes() -> None:
    entry = {"code": "minor", "persons": 0, "presences": 0}
    row = {"period": "2026-Q1", "persons": 0, "presences": 0, "taxed": 0, "due": "0.00", "exempt": [entry, entry]}
    sample = declaration(properties=[{"property": PROPERTY, "periods": [row]}], payments=[])
    assert [code for code, _ in codes("modello_2", sample)] == ["paper.exemption.twice"]
    row["exempt"] = [entry | {"code": "elf"}]
    assert [code for code, _ in codes("modello_2", sample)] == ["paper.exemption.code"]


def test_no_guest_is_named() -> None:
    """The declaration has no place for a name: a key for one is a problem."""
    sample = declaration()
    sample["refusals"][0]["guest"] = "Rossi Maria"
    assert codes("modello_2", sample) == [("shape.key.unknown", "refusals[0].guest")]


# ---- summary


def test_sources_that_differ_are_explained() -> None:
    sample = papers.sample("presence_summary")
    del sample["properties"][0]["months"][3]["difference"]
    assert codes("presence_summary", sample) == [("paper.summary.unexplained", "properties[0].months[3].difference")]


def test_each_guest_who_differs_has_a_reason() -> None:
    sample = papers.sample("presence_summary")
    del sample["properties"][0]["guests"][0]["reason"]
    assert codes("presence_summary", sample) == [("paper.summary.guest", "properties[0].guests[0].reason")]


def test_a_sum_of_part_of_the_year_is_not_shown_as_the_year() -> None:
    from locanda.papers.presence_summary import shown as summary

    sample = papers.sample("presence_summary")
    del sample["properties"][0]["months"][0]["regional"]
    data, _ = papers.read("presence_summary", sample)
    total = summary(data, "it")["tables"][0]["total"]
    assert total[-2:] == [502, "–"]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 400), min_size=12, max_size=12), st.lists(st.integers(0, 50_000), min_size=12, max_size=12))
def test_totals_are_the_sums_of_the_rows(paid: list[int], collected: list[int]) -> None:
    def euro(cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02}"

    entry = {
        "property": PROPERTY,
        "collected": [
            {"month": month, "amount": euro(cents), "first_receipt": 1, "last_receipt": 2}
            for month, cents in enumerate(collected, 1)
        ],
        "paid": [
            {"period": f"2026-{month:02}", "on": "2026-12-01", "amount": euro(cents), "reference": "x"}
            for month, cents in enumerate(paid, 1)
        ],
    }
    data, problems = papers.read("modello_21", account(properties=[entry], difference_reason="prova"))
    assert problems == []
    view = shown(data, "it")
    assert (view["collected"], view["paid"]) == (sum(collected), sum(paid))
    assert [row[3] for row in view["rows"]] == collected
    assert [row[5] for row in view["rows"]] == paid
    assert view["differs"] == (sum(collected) != sum(paid))


def test_due_day_of_another_year() -> None:
    sample = account(year=2027, properties=[{"property": PROPERTY}], signed_on="2028-01-30")
    assert told("modello_21", sample) == []
