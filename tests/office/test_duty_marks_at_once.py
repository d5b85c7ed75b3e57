"""Two people at one duty at the same moment: nothing breaks, nothing is there twice, history tells each thing once.

On two connections, so that the database itself decides who is first (SQLite by its one writer, PostgreSQL by its locks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread
from threading import Event as Signal
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from locanda.archive import chain
from locanda.archive.models import Breach, DutyMark, Event, Invitation, Membership
from locanda.office import accounts, breaches, check_in, duty_backlog, duty_marks, invitations, upkeep
from tests.world import World, guest, world

pytestmark = pytest.mark.django_db(transaction=True)
DUTY = ("MO-IDS-04", "period:2026-Q2")


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def at_once(*works: Callable[[], object]) -> list[object]:
    """Each on a connection of its own, all let go together; what came of them, errors included."""
    gate, found = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait()
            found.append(work())
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def kinds(here: World, start: str) -> list[str]:
    return list(Event.objects.of(here.account).filter(kind__startswith=start).order_by("number").values_list("kind", flat=True))


def test_one_mark_however_many_press(here: World) -> None:
    came = at_once(*[
        lambda number=number: duty_marks.mark_done(here.property, *DUTY, now=here.now, person=here.person, number=str(number))
        for number in range(4)
    ])  # fmt: skip
    assert [one for one in came if isinstance(one, Exception)] == []
    mark = DutyMark.objects.of(here.account).get()
    assert kinds(here, "duty.") == ["duty.done", "duty.changed", "duty.changed", "duty.changed"]
    undone = at_once(*[lambda: duty_marks.undo(mark, now=here.now, person=here.person)] * 3)
    assert sorted(map(str, undone)) == ["False", "False", "True"] and kinds(here, "duty.undone") == ["duty.undone"]
    assert list(chain.verify(here.account)) == []


def test_a_bulk_and_a_hand_leave_one_mark_each(here: World) -> None:
    found = duty_backlog.bundles(here.account, [here.property], until=date(2026, 7, 10), now=here.now)
    entry = found[0].entries[0]
    by = {"now": here.now, "person": here.person}
    came = at_once(
        lambda: duty_backlog.declare_done(here.account, found, until=date(2026, 7, 10), **by),
        lambda: duty_backlog.declare_done(here.account, found, until=date(2026, 7, 10), **by),
        lambda: duty_marks.mark_done(here.property, entry.obligation, entry.subject, number="7", **by),
    )
    assert [one for one in came if isinstance(one, Exception)] == []
    rows = DutyMark.objects.of(here.account)
    assert rows.count() == sum(len(bundle.entries) for bundle in found)
    assert rows.get(obligation=entry.obligation, subject=entry.subject).number == "7"


def test_a_breach_is_removed_once(here: World) -> None:
    row, _ = breaches.record(here.property, "N-SIC", date(2026, 5, 1), now=here.now, person=here.person)
    assert row is not None
    rows = [Breach.objects.of(here.account).get(pk=row.pk) for _ in range(3)]
    came = at_once(*[lambda one=one: breaches.remove(one, now=here.now, person=here.person) for one in rows])
    assert came.count(True) == 1 and kinds(here, "breach.") == ["breach.recorded", "breach.removed"]


def test_two_owners_do_not_put_each_other_out(here: World) -> None:
    other = accounts.add_person(
        here.account, email="due@example.org", full_name="Due", role="owner", now=here.now, by=here.person, password="lunga-lunga"
    )
    came = at_once(
        lambda: upkeep.remove_person(other, now=here.now, by=here.person),
        lambda: upkeep.remove_person(here.member, now=here.now, by=other.person),
    )
    assert sum(isinstance(one, upkeep.LastOwner) for one in came) == 1
    assert Membership.objects.of(here.account).filter(role="owner").count() == 1


def test_an_invitation_is_accepted_once_or_withdrawn(here: World) -> None:
    lea = accounts.open_account("Altra", email="lea@example.org", password="lunga-lunga", full_name="Lea", now=here.now).person
    came = invitations.let_in(
        here.account, email=lea.email, full_name="", role="reader", properties=[], now=here.now, by=here.person, password="x"
    )
    assert came.invitation is not None
    row = came.invitation
    found = at_once(
        lambda: invitations.accept(row, now=here.now), lambda: invitations.accept(row, now=here.now),
        lambda: invitations.withdraw(row, now=here.now, by=here.person),
    )  # fmt: skip
    assert [one for one in found if isinstance(one, Exception)] == []
    assert not Invitation.objects.of(here.account).exists()
    inside = Membership.objects.of(here.account).filter(person=lea).count()
    assert (inside, kinds(here, "person.")[-1]) in [(1, "person.accepted"), (0, "person.uninvited")]


def test_a_duty_is_marked_while_an_arrival_of_the_same_property_is_registered(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The arrival has its property and waits for its turn in the history; the mark has its turn and names the property."""
    judged, marked = Signal(), Signal()
    usual = check_in._registered_already

    def slowly(*given: Any) -> Any:
        judged.set()
        marked.wait(1)
        return usual(*given)

    def mark() -> None:
        judged.wait(5)
        with transaction.atomic():
            duty_marks.mark_done(here.property, *DUTY, now=here.now, person=here.person)
            marked.set()
            sleep(0.3)

    monkeypatch.setattr(check_in, "_registered_already", slowly)
    came = at_once(lambda: here.check_in(guest("ROSSI", "ADA")), mark)
    assert [one for one in came if isinstance(one, Exception)] == []
    assert kinds(here, "duty.") == ["duty.done"] and kinds(here, "stay.") == ["stay.checked_in"]
