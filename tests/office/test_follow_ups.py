"""Follow-ups that lack a fact: told, completed by a person, and then like any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from locanda.archive import chain
from locanda.archive.models import Alarm, Event, Guest, Party, Segment, Stay
from locanda.archive.vault import Vault
from locanda.office import correcting, follow_ups, staying
from locanda.office.today import CardState, segment_card
from tests.world import World, family, guest, world

pytestmark = pytest.mark.django_db

DOCUMENTS = (
    {"type": "IDENT", "number": "AX1111111", "issued_in": "MONOPOLI (BA)"},
    {"type": "PASOR", "number": "YA2222222", "issued_in": "MONOPOLI (BA)"},
)


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def blocked(here: World, *more: dict[str, Any]) -> Segment:
    """A family whose head leaves after twenty days: those who stay forty nights have no document of their own."""
    head, *others = family()
    leaver = {**head, "departure": (here.now.date() + timedelta(days=20)).isoformat()}
    here.check_in(leaver, *others, *more, nights=40)
    here.engine.round()
    here.pass_time(days=1)
    here.engine.round()  # the receipt of the first
    here.pass_time(days=29)
    here.engine.round()
    return Segment.objects.of(here.account).get(party__size=3, index=1)


def alarms(here: World) -> set[str]:
    return set(Alarm.objects.of(here.account).filter(cleared_at=None).values_list("kind", flat=True))


def given(segment: Segment, *documents: dict[str, str]) -> dict[str, dict[str, Any]]:
    people = follow_ups.to_complete(segment)
    return {str(one.pk): {"document": document} for (one, _), document in zip(people, documents, strict=True)}


def test_what_is_missing_is_told_and_the_terms_too(here: World) -> None:
    segment = blocked(here)
    assert alarms(here) == {"follow_up_blocked"} and not segment.deliveries.exists()
    assert segment_card(here.account, segment.pk, now=here.now).state is CardState.BLOCKED
    assert segment_card(here.account, segment.pk, now=here.now).action == "complete"
    here.now = segment.prudent_due - timedelta(minutes=30)
    here.engine.round()
    assert alarms(here) == {"follow_up_blocked", "term_near"}
    here.now = segment.legal_due + timedelta(minutes=1)
    here.engine.round()
    assert alarms(here) == {"follow_up_blocked", "term_near", "term_passed"}


def test_who_stays_on_is_asked_as_a_single(here: World) -> None:
    people = follow_ups.to_complete(blocked(here))
    assert [(shape["surname"], shape["role"]) for _, shape in people] == [("D'AMICO", "single"), ("FERRO", "single")]


def test_half_of_what_is_missing_changes_nothing(here: World) -> None:
    segment = blocked(here)
    before = [bytes(one.sealed) for one in Guest.objects.of(here.account)]
    (first, second) = [str(one.pk) for one, _ in follow_ups.to_complete(segment)]
    shapes = {first: {"document": DOCUMENTS[0], "surname": None}, second: {}}
    done = follow_ups.complete_follow_up(segment, shapes, now=here.now, person=here.person)
    assert done.delivery is None
    assert {problem.where.split(".")[0] for problem in done.problems} == {"guests[0]", "guests[1]"}
    assert {problem.where for problem in done.problems} >= {"guests[0].surname"}
    assert [bytes(one.sealed) for one in Guest.objects.of(here.account)] == before
    assert alarms(here) == {"follow_up_blocked"} and not segment.deliveries.exists()


def test_completed_it_goes_and_is_forgotten_like_any_other(here: World) -> None:
    segment = blocked(here)
    done = follow_ups.complete_follow_up(segment, given(segment, *DOCUMENTS), now=here.now, person=here.person)
    assert done.problems == [] and done.delivery is not None and done.delivery.row_count == 2
    assert done.delivery.next_attempt_at == here.now  # asked for by a person: at once, whatever the property does by itself
    assert alarms(here) == set()
    here.engine.round()
    assert [row[:14] for row in here.sim.ledger.rows()[3:]] == ["1609/08/202610", "1609/08/202610"]
    event = Event.objects.of(here.account).get(kind="segment.completed")
    assert event.actor == str(here.person.pk) and "AX1111111" not in str(event.data)
    here.pass_time(days=1)
    here.engine.round()
    assert Party.objects.of(here.account).get().wrapped_key is None
    assert list(chain.verify(here.account)) == []


def test_role_and_days_are_not_the_forms_to_change(here: World) -> None:
    segment = blocked(here)
    shapes = {key: {**fields, "role": "single", "departure": "2026-07-12"} for key, fields in given(segment, *DOCUMENTS).items()}
    assert follow_ups.complete_follow_up(segment, shapes, now=here.now, person=here.person).delivery is not None
    box = Vault(here.account).party(segment.party)
    kept = [box.open(one.sealed, "guest") for one in segment.party.guests.all()]
    assert [shape["role"] for shape in kept] == ["head_of_family", "family_member", "family_member"]
    assert [one.role for one in segment.party.guests.all()] == ["head_of_family", "family_member", "family_member"]
    assert kept[1]["document"] == DOCUMENTS[0] and "departure" not in kept[1] and "departure" in kept[0]


def test_the_new_document_is_known_from_then_on(here: World) -> None:
    segment = blocked(here)
    follow_ups.complete_follow_up(segment, given(segment, *DOCUMENTS), now=here.now, person=here.person)
    digest = Vault(here.account).keyed_hash("document", "ax 1111111")
    assert Guest.objects.of(here.account).get(document_hash=digest).position == 1


def test_it_is_completed_once_and_only_while_it_is_owed(here: World) -> None:
    segment = blocked(here)
    shapes = given(segment, *DOCUMENTS)
    assert follow_ups.complete_follow_up(segment, shapes, now=here.now, person=here.person).delivery is not None
    again = follow_ups.complete_follow_up(segment, shapes, now=here.now, person=here.person)
    assert again.delivery is None and [problem.code for problem in again.problems] == ["delivery.not_correctable"]
    assert segment.deliveries.count() == 1


def test_not_before_its_day(here: World) -> None:
    here.check_in(guest(), nights=45)
    segment = Segment.objects.of(here.account).get(index=1)
    assert segment_card(here.account, segment.pk, now=here.now).state is CardState.FOLLOW_UP
    done = follow_ups.complete_follow_up(segment, {}, now=here.now, person=here.person)
    assert done.delivery is None and not segment.deliveries.exists()


def test_the_alarm_goes_when_they_leave_or_never_came(here: World) -> None:
    segment = blocked(here)
    staying.leave_early(segment.party.stay, segment.first_day, now=here.now, person=here.person)
    assert alarms(here) == set()
    segment.refresh_from_db()
    assert segment.cancelled_at is not None
    assert follow_ups.complete_follow_up(segment, {}, now=here.now, person=here.person).delivery is None


def test_what_was_missing_elsewhere_needs_no_form(here: World) -> None:
    """Something that is not of the guests, such as the flat of the property: once it is there, the engine goes on."""
    here.credential.category = "apartments"
    here.credential.save()
    here.property.apartment = 3
    here.property.save()
    here.property.send_on_check_in = False
    here.property.save()
    here.check_in(guest(), nights=45)
    segment = Segment.objects.of(here.account).get(index=1)
    here.property.apartment = None
    here.property.save()
    here.now = datetime.combine(segment.first_day, here.now.timetz())
    follow_ups.prepare_due_segments(here.now)
    assert "follow_up_blocked" in alarms(here)
    here.property.apartment = 0
    here.property.save()
    follow_ups.prepare_due_segments(here.now)
    assert "follow_up_blocked" not in alarms(here) and segment.deliveries.count() == 1


def test_a_correction_makes_its_document_known_too(here: World) -> None:
    here.property.send_on_check_in = False
    here.property.save()
    delivery = here.delivery(here.check_in(guest()))
    ((person, shape),) = correcting.to_correct(delivery)
    document = {**shape["document"], "number": "ZZ99999"}
    assert correcting.correct(delivery, {str(person.pk): {"document": document}}, now=here.now, person=here.person).delivery
    person.refresh_from_db()
    assert person.document_hash == Vault(here.account).keyed_hash("document", "ZZ99999")
    assert Stay.objects.of(here.account).count() == 1
