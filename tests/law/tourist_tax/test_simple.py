"""A tax from a short form: it is a rule like any other, and what the form left open stays open."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from locanda.core.people import Guest
from locanda.core.problems import Problem
from locanda.core.stays import PROPERTY_TYPES, Property, Stay
from locanda.core.time import ROME
from locanda.law.tourist_tax import OwnRule, Reckoner, tax_under_own_rules
from locanda.law.tourist_tax.simple import RESIDENTS, WINDOWS, SimpleAmount, SimpleTax, simple_section

DAY = date(2026, 7, 1)


def reckoned(
    told: SimpleTax, *, type: str = "bb", stars: int | None = None, nights: int = 7, born: date = date(1980, 1, 1)
) -> int:
    found: list[Problem] = []
    rule = OwnRule(simple_section(told, "mia"), "Prova", "io", DAY, whole=True)
    tax = tax_under_own_rules(None, [rule], found)
    assert tax is not None and found == []
    stay = Stay(
        "S", datetime(2026, 7, 1, 16, tzinfo=ROME), date(2026, 7, 1 + nights), guests=(Guest(id="g", birth_date=born),)
    )
    return Reckoner(tax, Property(id="P", type=type, stars=stars, comune="063060")).reckon([stay]).total


def test_one_amount_with_a_limit_and_children() -> None:
    told = SimpleTax((SimpleAmount("1.30"),), "Avviso", cap_nights=5, child_age=14, residents="taxed")
    assert reckoned(told) == 5 * 130
    assert reckoned(told, born=date(2014, 1, 1)) == 0


def test_the_narrower_amount_wins_whatever_the_order() -> None:
    told = SimpleTax((SimpleAmount("1.00"), SimpleAmount("3.00", ("albergo",), 4), SimpleAmount("2.00", ("albergo",))), "Avviso")
    assert reckoned(told, type="albergo", stars=4, nights=1) == 300
    assert reckoned(told, type="albergo", stars=2, nights=1) == 200
    assert reckoned(told, nights=1) == 100


def test_what_was_not_told_stays_open() -> None:
    (version,) = simple_section(SimpleTax((SimpleAmount("1.00"),), "Avviso", cadence="ogni mese"), "mia")["versions"]
    assert version["unknown"] == ["cap", "children", "exemptions"] and version["status"] == "unverified"
    assert len(version["doubts"]) == 2 and "ogni mese" in version["doubts"][1]["it"]
    (known,) = simple_section(SimpleTax((SimpleAmount("1.00"),), "Avviso", cap_nights=0, child_age=0), "mia")["versions"]
    assert known["unknown"] == ["exemptions"] and "cap" not in known


amounts = st.builds(
    SimpleAmount, st.integers(0, 1000).map(lambda cents: f"{cents / 100:.2f}"),
    st.lists(st.sampled_from(sorted(PROPERTY_TYPES)), max_size=2, unique=True).map(tuple), st.none() | st.integers(1, 5),
)  # fmt: skip


@given(st.builds(
    SimpleTax, st.lists(amounts, min_size=1, max_size=4).map(tuple), st.just("Avviso"), st.none() | st.dates(),
    st.none() | st.integers(0, 30), st.sampled_from(WINDOWS), st.none() | st.integers(0, 18),
    st.none() | st.sampled_from(RESIDENTS), st.just(""), st.none() | st.dates(),
))  # fmt: skip
def test_whatever_is_typed_makes_a_rule_that_holds(told: SimpleTax) -> None:
    found: list[Problem] = []
    tax_under_own_rules(None, [OwnRule(simple_section(told, "mia"), "Prova", "io", DAY, whole=True)], found)
    assert found == []
