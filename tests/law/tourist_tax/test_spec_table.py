"""The packs against the tables of the specification, where it is at hand: every comune, its status, and the amounts of Napoli."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from locanda.core.stays import Property
from locanda.law.packs import chain
from locanda.law.tourist_tax.facts import property_facts
from locanda.law.tourist_tax.rules import TaxVersion

MONTHS = {name: place for place, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"), 1)}
KINDS = {
    "5★ and luxury": ("albergo", 5), "4★": ("albergo", 4), "3★": ("albergo", 3), "2★": ("albergo", 2), "1★": ("albergo", 1),
    "extra-hotel (B&B, rooms, hostels)": ("bb", None), "short lets": ("locazione_turistica", None),
}  # fmt: skip
WEAKER = {"Verona": "disputed"}
"""Where the row says that its sources disagree."""


def table(shared: Path, heading: str) -> list[list[str]]:
    text = (shared / "spec" / "imposta-di-soggiorno.md").read_text(encoding="utf-8")
    part = text[text.index(heading) + 4 :].split("\n### ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|---")]


def amount(version: TaxVersion, kind: str, stars: int | None) -> Fraction | None:
    """The fixed amount of an adult, or None where the pack refuses."""
    facts = {**property_facts(Property(type=kind, stars=stars)), "age": 40}
    for rate in version.rates:
        if all(condition.holds(facts.get(condition.key)) for condition in rate.when):
            return rate.amount if rate.kind == "fixed" else None
    return None


def test_napoli_is_as_the_table_says(shared: Path) -> None:
    head, *rows = table(shared, "### 5.2 Napoli")
    days = [date(int(year), MONTHS[month], int(day)) for day, month, year in (cell.split() for cell in head[1:])]
    tax = chain("063049").tourist_tax()
    assert tax is not None
    assert [version.first for version in tax.versions] == days
    assert {row[0] for row in rows} == set(KINDS)
    for row in rows:
        for version, cell in zip(tax.versions, row[1:], strict=True):
            wanted = None if cell == "[U]" else Fraction(cell) * 100
            assert amount(version, *KINDS[row[0]]) == wanted, (row[0], version.id)


def test_every_comune_of_the_catalogue_has_a_pack_whose_status_is_no_better_than_its_sources(shared: Path) -> None:
    order = ("official", "press", "disputed", "unverified")
    seen = 0
    for name, _, *_, source, _ in table(shared, "### 5.1 Table")[1:]:
        code = re.search(r"\(([A-Z]\d{3})\)", name)
        if code is None:
            continue
        found = chain(_istat(code[1])).tourist_tax()
        assert found is not None, name
        assert found.territory.count("/") == 3, f"{name} has no file of its own"
        wanted = "official" if source == "[O]" else WEAKER.get(name.split(" (")[0], "press")
        if "Sondrio" in name or "Venezia" in name or "Monopoli" in name:
            assert wanted in {version.status for version in found.versions}, name
        else:
            assert all(order.index(version.status) >= order.index(wanted) for version in found.versions), name
            assert wanted in {version.status for version in found.versions}, name
        seen += 1
    assert seen >= 30


def _istat(belfiore: str) -> str:
    from locanda.law.authorities import comune_code

    return str(comune_code(belfiore, date(2026, 1, 1)))


@pytest.mark.parametrize("provinces", ["021", "022"])
def test_a_comune_of_the_two_provinces_without_a_file_has_the_tax_of_the_province(provinces: str) -> None:
    found = chain(f"{provinces}008").tourist_tax()
    assert found is not None
    assert found.territory.count("/") == 2
