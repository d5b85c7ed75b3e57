"""Papers of exemptions: until the departure they may still come, afterwards the exemption is lost (spec imposta 3.4, 7.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from locanda.core.shapes import parse
from locanda.core.stays import Property
from locanda.law.packs import chain
from locanda.law.tourist_tax import Reckoner, facts_asked, read_rules

MONOPOLI = chain("072030").tourist_tax()
HOME = Property(type="bb", comune="072030")


def reckoned(*guests: dict[str, Any], tax: Any = MONOPOLI, papers_due: bool, nights: int = 3) -> Any:
    last = f"2026-07-{10 + nights:02}"
    stay = {"id": "S", "arrival": "2026-07-10T16:00+02:00", "departure": last, "guests": list(guests)}
    return Reckoner(tax, HOME, papers_due=papers_due).reckon(parse({"stays": [stay]}).stays)


PARENT = {"id": "a", "birth_date": "1980-05-10"}
CHILD = {"id": "c", "birth_date": "2018-01-01"}


def test_a_child_without_the_form_pays_once_the_guests_have_left() -> None:
    before, after = (reckoned(PARENT, CHILD, papers_due=due) for due in (False, True))
    assert (before.stays[0].total, after.stays[0].total) == (600, 1200)
    assert [note.code for note in before.notes] == ["tax.document.missing"]
    assert "Modello 3" in before.notes[0].message("it") and "modello_3" not in before.notes[0].message("en")
    assert [(note.code, note.where) for note in after.notes] == [("tax.exemption.lost", "stays[0].guests[1].documents_held")]
    assert {night.status for night in after.stays[0].guests[1].nights} == {"taxed"}


def test_with_the_form_nothing_changes() -> None:
    held = CHILD | {"documents_held": ["modello_3"]}
    before, after = (reckoned(PARENT, held, papers_due=due) for due in (False, True))
    assert before == after and after.stays[0].total == 600 and after.notes == ()


def test_the_form_of_another_exemption_does_not_serve() -> None:
    assert reckoned(CHILD | {"documents_held": ["modello_6"]}, papers_due=True).stays[0].total == 600


def test_another_exemption_that_is_proved_holds_in_its_place() -> None:
    """A child that needs permanent care, with Modello 6 and without Modello 3."""
    both = CHILD | {"status": ["l104_permanent_care"], "documents_held": ["modello_6"]}
    told = reckoned(both, papers_due=True)
    assert told.stays[0].total == 0 and told.stays[0].guests[0].exemption == "disabled_l104"


def test_a_reduction_that_needs_a_paper_is_lost_like_an_exemption() -> None:
    rules = {"versions": [{
        "id": "v", "valid_from": "2026-01-01", "sources": ["S"], "status": "official",
        "rates": [{"when": {}, "fixed": "2.00"}],
        "reductions": [{"code": "patient", "when": {"status": ["patient"]}, "percent_off": "50.00",
                        "document": {"form": "modello_6", "required": True}}],
    }]}  # fmt: skip
    found: list[Any] = []
    tax = read_rules(rules, "rules", found)
    assert found == []
    guest = PARENT | {"status": ["patient"]}
    assert [reckoned(guest, tax=tax, papers_due=due).stays[0].total for due in (False, True)] == [300, 600]
    held = guest | {"documents_held": ["modello_6"]}
    assert reckoned(held, tax=tax, papers_due=True).stays[0].total == 300


@given(
    st.lists(
        st.tuples(st.dates(date(1940, 1, 1), date(2026, 7, 1)), st.sets(st.sampled_from(["modello_3", "modello_6"]))),
        min_size=1, max_size=5,
    ),
    st.integers(1, 20),
)  # fmt: skip
def test_papers_never_make_the_tax_higher_and_whole_papers_never_change_it(people: Any, nights: int) -> None:
    guests = [
        {"id": str(place), "birth_date": born.isoformat(), "documents_held": sorted(held)}
        for place, (born, held) in enumerate(people)
    ]
    before, after = (reckoned(*guests, papers_due=due, nights=nights).stays[0].total for due in (False, True))
    assert before <= after
    whole = [guest | {"documents_held": ["modello_3", "modello_6"]} for guest in guests]
    assert reckoned(*whole, papers_due=True, nights=nights).stays[0].total == before


def test_only_the_facts_that_rules_read_are_asked_for() -> None:
    asked = facts_asked(MONOPOLI, date(2026, 7, 1), date(2026, 7, 31))
    assert asked.statuses == ("l104_permanent_care",)
    assert not {"zone", "category", "let_as", "declared_rooms", "suns"} & asked.property
    assert not {"price", "booked_on", "group"} & asked.stay
    priced = facts_asked(chain("037006").tourist_tax(), date(2026, 7, 1), date(2026, 7, 31))  # Bologna: by price
    assert "price" in priced.stay
