"""What the statistics need of a stay: missing, told, copied nowhere by itself; with and without names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from locanda.archive import erasure
from locanda.archive.models import Event, Guest, Property, Stay, Unit
from locanda.archive.vault import Vault
from locanda.office import clock, correcting
from locanda.office.statistics import guest_facts
from locanda.office.statistics.closing import STATISTICS_ONLY
from locanda.office.statistics.movements import movement_of
from locanda.office.tax import facts, ledger
from tests.world import World, family, guest, world

pytestmark = pytest.mark.django_db
BOLOGNA = {"residence_state": "100000100", "residence_comune": "408037006"}
GERMANY = {"residence_state": "100000216", "residence_place": "Berlin"}


@pytest.fixture
def here(db: None) -> Iterator[World]:
    with world() as made:
        Property.objects.of(made.account).filter(pk=made.property.pk).update(rooms=1, beds=4)
        made.property.refresh_from_db()
        yield made


def fresh(stay: Stay) -> Stay:
    return Stay.objects.of(stay.account_id).select_related("property", "account", "unit").get(pk=stay.pk)


def tell(here: World, stay: Stay, values: dict[str, Any], guests: dict[int, dict[str, Any]]) -> list[str]:
    return [one.code for one in guest_facts.change(fresh(stay), values, guests, now=here.now, person=here.person)]


def lacking(stay: Stay) -> list[tuple[int | None, str]]:
    return [(one.place, one.fact) for one in guest_facts.missing(fresh(stay))]


def rows(stay: Stay) -> list[Guest]:
    return facts.guests_of(stay.account_id, [stay.pk])[stay.pk]


def test_what_is_missing_is_told_guest_by_guest_until_it_is_told(here: World) -> None:
    stay = here.check_in(*family())
    assert lacking(stay) == [(0, "residence_state"), (1, "residence_state"), (2, "residence_state")]
    assert tell(here, stay, {}, {0: BOLOGNA, 2: BOLOGNA}) == []
    assert lacking(stay) == [(1, "residence_state")]
    assert tell(here, stay, {}, {1: {"reason": "displaced"}}) == []  # who does not count needs no residence
    assert lacking(stay) == []
    movement, problems = movement_of(here.property, here.now.date(), here.now.date())
    assert movement is not None and len(movement.guests) == 2, problems


def test_a_residence_told_again_takes_the_place_of_the_one_before_in_row_facts_and_record(here: World) -> None:
    stay = here.check_in(guest(**BOLOGNA))
    assert tell(here, stay, {}, {0: GERMANY}) == []
    (row,) = rows(stay)
    assert (row.residence_state, row.residence_comune, row.residence_place) == ("100000216", "", "Berlin")
    shape = facts.shape_of(fresh(stay), [row])["guests"][0]
    assert {key: shape.get(key) for key in facts.RESIDENCE} == {**GERMANY, "residence_comune": None}
    record = Vault(here.account).party(row.party).open(row.sealed, "guest")
    assert {key: record.get(key) for key in facts.RESIDENCE} == {**GERMANY, "residence_comune": None}
    assert record["surname"] == "ROSSI"
    assert tell(here, stay, {}, {0: dict.fromkeys(facts.RESIDENCE, "")}) == []
    assert [(one.residence_state, one.residence_place) for one in rows(stay)] == [("", "")]
    assert lacking(stay) == [(0, "residence_state")]


def test_a_correction_of_the_record_does_not_bring_an_old_residence_back(here: World) -> None:
    here.property.send_on_check_in = False
    here.property.save()
    stay = here.check_in(guest(**BOLOGNA))
    assert tell(here, stay, {}, {0: GERMANY}) == []
    delivery = here.delivery(stay)
    (row,) = rows(stay)
    outcome = correcting.correct(delivery, {str(row.pk): {"name": "MARTA"}}, now=here.now, person=here.person)
    assert outcome.delivery is not None, outcome.problems
    assert facts.shape_of(fresh(stay), rows(stay))["guests"][0]["residence_state"] == "100000216"
    assert rows(stay)[0].residence_state == "100000216"


def test_it_works_when_the_names_are_gone(here: World) -> None:
    stay = here.check_in(guest())
    (row,) = rows(stay)
    assert erasure.erase_party(row.party, at=here.now, actor="engine", why="test")
    assert tell(here, stay, {"units": ["1"]}, {0: {**GERMANY, "tourism": "seaside", "occupies_bed": False}}) == []
    assert lacking(stay) == []
    told = facts.shape_of(fresh(stay), rows(stay))
    assert told["guests"][0]["tourism"] == "seaside" and told["guests"][0]["occupies_bed"] is False
    assert rows(stay)[0].residence_place == "Berlin"


def test_who_is_no_tourist_says_why_and_the_shape_stays_that_of_the_interfaces(here: World) -> None:
    stay = here.check_in(guest(**BOLOGNA))
    assert tell(here, stay, {}, {0: {"reason": "permanent"}}) == []
    kept = facts.facts_of(fresh(stay))["guests"][0]
    assert (kept["tourist"], guest_facts.reason_of(kept)) == (False, "permanent")
    shape = facts.shape_of(fresh(stay), rows(stay))["guests"][0]
    assert shape["tourist"] is False and facts.WHY_NOT not in shape
    assert tell(here, stay, {}, {0: {"reason": ""}}) == []
    assert guest_facts.reason_of(facts.facts_of(fresh(stay))["guests"][0]) == ""
    assert tell(here, stay, {}, {0: {"reason": "rich"}}) == ["statistics.facts.reason_unknown"]


def test_what_was_said_for_the_tax_is_taken_back_where_it_was_said(here: World) -> None:
    stay = here.check_in(guest(**BOLOGNA, status=["displaced"]))
    assert guest_facts.reason_of(facts.facts_of(fresh(stay))["guests"][0]) == "displaced"
    assert tell(here, stay, {}, {0: {"reason": ""}}) == ["statistics.facts.displaced"]
    assert tell(here, stay, {}, {0: {"reason": "displaced"}}) == []


def test_words_outside_the_vocabulary_are_refused_but_those_already_there_stay(here: World) -> None:
    stay = here.check_in(guest(**BOLOGNA))
    assert tell(here, stay, {"channel": "piccioni"}, {0: {"tourism": "noia"}}) == ["flows.value.unknown"] * 2
    assert facts.change(fresh(stay), {"channel": "airbnb"}, {}, now=here.now, person=here.person) == []
    assert tell(here, stay, {"channel": "airbnb"}, {0: {"tourism": "culture"}}) == []
    assert facts.facts_of(fresh(stay))["channel"] == "airbnb"


def test_nothing_new_is_no_event_and_closed_statistics_take_nothing(here: World) -> None:
    stay = here.check_in(guest(**BOLOGNA))
    before = Event.objects.of(here.account).count()
    assert tell(here, stay, {"units": []}, {0: {**BOLOGNA, "reason": "", "occupies_bed": None}}) == []
    assert Event.objects.of(here.account).count() == before
    Stay.objects.of(here.account).update(statistics_closed_at=here.now)
    assert tell(here, stay, {}, {0: GERMANY}) == ["stay.facts_erased"]
    assert lacking(stay) == []


def test_the_tax_follows_a_fact_that_it_reads(here: World) -> None:
    clock.set_demo_clock(here.now)
    try:
        stay = here.check_in(guest(), nights=2)
        (taxed,) = ledger.settle([fresh(stay)], now=here.now)
        assert taxed.total > 0
        assert tell(here, stay, {}, {0: {**BOLOGNA, "reason": "local_worker"}}) == []
        (again,) = ledger.settle([fresh(stay)], now=here.now)
        assert again.inputs != taxed.inputs
    finally:
        clock._offset = None


def test_rooms_are_asked_of_a_house_with_several(here: World) -> None:
    Property.objects.of(here.account).update(rooms=3)
    Unit.objects.of(here.account).bulk_create([Unit(account=here.account, property=here.property, name=name) for name in "BA"])
    here.property.refresh_from_db()
    stay = here.check_in(guest(**BOLOGNA))
    assert guest_facts.asked_of(fresh(stay)).units == ("A", "B")
    assert lacking(stay) == [(None, "units")]
    assert tell(here, stay, {"units": ["A"]}, {}) == []
    assert lacking(stay) == []


def test_the_portal_decides_what_is_asked(here: World) -> None:
    stay = here.check_in(guest())
    asked = guest_facts.asked_of(fresh(stay))  # Monopoli answers to SPOT
    assert (asked.portal, asked.lists) == ("SPOT", ("tourism", "transport", "channel", "education"))
    assert asked.takes("occupies_bed") and not asked.takes("profession") and asked.units is None


def test_the_name_of_a_state_longer_than_a_code_becomes_its_code(here: World) -> None:
    stay = here.check_in(guest(citizenship="REGNO UNITO", residence_state="Regno Unito"))
    (row,) = rows(stay)
    assert (row.citizenship, row.residence_state) == ("100000219", "100000219")


def test_why_a_guest_did_not_count_goes_when_the_statistics_are_closed() -> None:
    assert facts.WHY_NOT in STATISTICS_ONLY
