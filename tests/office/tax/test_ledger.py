"""The ledger of the tourist tax: nights as they are owed, through every change of a stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from locanda.archive import chain
from locanda.archive.models import Event, GuestNight, Stay, TaxedStay
from locanda.core.time import ROME
from locanda.office import check_in, sending, staying
from locanda.office.tax import facts, ledger
from tests.world import World, family, guest, world

pytestmark = pytest.mark.django_db(transaction=True)

JULY = datetime(2026, 7, 10, 16, 0, tzinfo=ROME)


@pytest.fixture
def here() -> Iterator[World]:
    with world(JULY) as made:
        yield made


def settled(here: World, stay: Stay) -> TaxedStay:
    stay.refresh_from_db()
    (found, *_) = ledger.settle([stay], now=here.now)
    return found


def statuses(here: World, stay: Stay) -> list[tuple[str, str, int]]:
    return [(night.night.isoformat(), night.status, night.amount) for night in ledger.nights_of(here.account, stay)]


def held(here: World, stay: Stay, place: int, form: str) -> None:
    assert facts.change(stay, {}, {place: {"documents_held": [form]}}, now=here.now, person=here.person) == []


def test_an_exemption_without_its_paper_is_lost_when_the_day_of_departure_is_over(here: World) -> None:
    """Spec 3.4: the form may be signed until the departure; MO-IDS-07."""
    stay = here.check_in(*family(), nights=3)
    here.pass_time(days=3)
    taxed = settled(here, stay)
    assert (taxed.state, taxed.total) == ("provisional", 1200)  # the day of departure: it may still be signed
    assert [problem.code for problem in ledger.problems_of(taxed.notes)] == ["tax.document.missing"]
    here.pass_time(days=1)
    assert ledger.settle_due(here.now) == 1
    taxed.refresh_from_db()
    assert (taxed.state, taxed.total) == ("final", 1800)
    assert [problem.code for problem in ledger.problems_of(taxed.notes)] == ["tax.exemption.lost"]
    assert ledger.settle_due(here.now) == 0
    held(here, stay, 1, "modello_3")  # signed in time, written down late
    assert (settled(here, stay).total, settled(here, stay).state) == (1200, "final")


def test_a_stay_without_missing_papers_is_final_on_the_day_of_departure(here: World) -> None:
    stay = here.check_in(guest(), nights=3)
    here.pass_time(days=3)
    assert settled(here, stay).state == "final"


def test_provisional_while_they_are_here_and_final_when_they_have_left(here: World) -> None:
    stay = here.check_in(*family(), nights=3)
    assert ledger.settle_due(here.now) == 1
    taxed = TaxedStay.objects.of(here.account).get()
    # 2 euro a night since 1 March 2026; the child born in 2015 is 11: 2 adults x 3 nights x 2.00
    assert (taxed.state, taxed.total) == ("provisional", 1200)
    assert ledger.settle_due(here.now) == 0
    held(here, stay, 1, "modello_3")
    here.pass_time(days=3)
    assert ledger.settle_due(here.now) == 1
    taxed.refresh_from_db()
    assert (taxed.state, taxed.total) == ("final", 1200)
    nights = ledger.nights_of(here.account, stay)
    assert len(nights) == 9 and all(night.final for night in nights)
    assert {night.status for night in nights if night.guest.position == 1} == {"exempt:minor"}
    assert sum(night.amount for night in nights) == taxed.total
    assert Event.objects.of(here.account).filter(kind="tax.settled").count() == 1
    assert not list(chain.verify(here.account))


def test_the_tax_can_be_reckoned_when_the_names_are_gone(here: World) -> None:
    stay = here.check_in(guest(residence_state="IT", residence_comune="MONOPOLI (BA)"), guest("BIANCHI", "LEA"), nights=3)
    before = settled(here, stay)
    from locanda.archive.erasure import erase_party

    for party in stay.parties.all():
        erase_party(party, at=here.now, actor="test", why="test")
    here.pass_time(days=3)
    after = settled(here, stay)
    assert (before.total, after.total, after.state) == (1200, 1200, "final")


def test_a_second_stay_of_the_year_finds_the_nights_of_the_first(here: World) -> None:
    first = here.check_in(guest(), nights=10)
    here.pass_time(days=20)
    second = here.check_in(guest(), nights=7)
    assert settled(here, first).total == 2000
    assert settled(here, second).total == 800  # 14 nights a year: four are left
    assert [status for _, status, _ in statuses(here, second)] == ["taxed"] * 4 + ["beyond_cap"] * 3
    assert second.parties.get().guests.get().person_hash == first.parties.get().guests.get().person_hash != ""


def test_a_first_stay_that_grows_changes_the_second(here: World) -> None:
    first = here.check_in(guest(), nights=5)
    here.pass_time(days=2)
    later = here.check_in(guest(), nights=14)
    assert settled(here, first).total == 1000
    assert settled(here, later).total == 1800
    staying.leave_early(first, date(2026, 7, 12), now=here.now, person=here.person)
    settled(here, first)
    assert TaxedStay.objects.of(here.account).get(stay=later).total == 2400


def test_what_was_final_is_superseded_and_stays_to_be_seen(here: World) -> None:
    stay = here.check_in(guest(), nights=3)
    here.pass_time(days=3)
    assert settled(here, stay).state == "final"
    assert staying.extend(stay, date(2026, 7, 15), now=here.now, person=here.person) == []
    assert ledger.settle_due(here.now) == 1
    taxed = TaxedStay.objects.of(here.account).get()
    assert (taxed.state, taxed.total) == ("provisional", 1000)
    old = GuestNight.objects.of(here.account).exclude(superseded_at=None)
    assert (old.count(), old.filter(final=True).count()) == (3, 3)
    assert len(ledger.nights_of(here.account, stay)) == 5


def test_a_cancelled_stay_owes_nothing(here: World) -> None:
    here.property.send_on_check_in = False
    here.property.save()
    stay = here.check_in(guest(), nights=3)
    assert settled(here, stay).total == 600
    assert sending.cancel(stay, now=here.now, person=here.person)
    assert ledger.settle_due(here.now) == 1
    taxed = TaxedStay.objects.of(here.account).get()
    assert (taxed.total, ledger.nights_of(here.account, stay)) == (0, [])
    assert ledger.settle_due(here.now) == 0


def test_facts_change_the_tax_and_are_kept_without_names(here: World) -> None:
    stay = here.check_in(guest(), guest("BIANCHI", "LEA"), nights=2)
    assert settled(here, stay).total == 800
    assert facts.change(stay, {}, {1: {"status": ["l104_permanent_care"]}}, now=here.now, person=here.person) == []
    taxed = settled(here, stay)
    assert taxed.total == 400
    assert [problem.code for problem in ledger.problems_of(taxed.notes)] == ["tax.document.missing"]
    changed = facts.change(stay, {"channel": "direct"}, {1: {"documents_held": ["modello_6"]}}, now=here.now, person=here.person)
    assert changed == [] and settled(here, stay).notes == []
    kept = repr(facts.facts_of(Stay.objects.of(here.account).get()))
    assert "ROSSI" not in kept and "BIANCHI" not in kept


def test_what_cannot_be_read_is_not_stored(here: World) -> None:
    stay = here.check_in(guest(), nights=2)
    told = facts.change(stay, {"booked_on": "yesterday"}, {0: {"status": ["king"]}}, now=here.now, person=here.person)
    assert sorted(problem.where for problem in told) == ["booked_on", "guests[0].status[0]"]
    assert facts.facts_of(Stay.objects.of(here.account).select_related("account").get()) == {"guests": [{}]}


def test_without_a_rule_nothing_is_zero_in_silence(here: World) -> None:
    here.property.comune = "415063060"  # a comune without a rule in the packs
    here.property.save()
    stay = here.check_in(guest(), nights=2)
    taxed = settled(here, stay)
    assert taxed.state == "stuck"
    assert [problem.code for problem in ledger.problems_of(taxed.problems)] == ["tax.rule.absent"]


def test_people_of_two_stays_are_never_taken_for_one_by_their_place(here: World) -> None:
    first = here.check_in(guest(birth_date="1980-05-10"), nights=10)
    here.pass_time(days=20)
    second = here.check_in(guest("VERDI", "UGO", birth_date="1980-05-10"), nights=10)
    assert (settled(here, first).total, settled(here, second).total) == (2000, 2000)


def shape(**more: Any) -> dict[str, Any]:
    return {"arrival": JULY.isoformat(), "departure": (JULY + timedelta(days=1)).isoformat(), **more}


def test_nothing_that_names_anybody_is_among_the_facts() -> None:
    kept = facts.facts_to_keep(shape(guests=[guest(status=["patient"])], channel="booking"))
    assert kept == {"channel": "booking", "guests": [{"status": ["patient"]}]}


def test_a_form_sent_twice_counts_once(here: World) -> None:
    stay = here.check_in(guest(), nights=2)
    for _ in range(3):
        settled(here, stay)
    assert GuestNight.objects.of(here.account).count() == 2
    assert check_in.drafts(here.account) == []


def test_a_note_that_was_stored_without_words_is_told_in_words() -> None:
    stored = ["tax.document.missing", "guests[1].documents_held", [["form", "modello_3"], ["exemption", "minor"]]]
    (note,) = ledger.problems_of([stored])
    assert "Modello 3" in note.message("it") and "…" not in note.message("it") + note.message("en")
    assert (note.fact("form"), note.fact("exemption")) == ("modello_3", "minor")
