"""The calendar: what the law says, what the ledger of deliveries says, what was marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from locanda.archive.models import Property, Segment
from locanda.core.time import ROME
from locanda.law.duties import list_duties
from locanda.office import accounts, calendar, duty_marks
from locanda.office.duty_facts import core_property, subject_key
from tests.world import World, guest, world

pytestmark = pytest.mark.django_db
JULY = (date(2026, 7, 1), date(2026, 7, 31))


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.property.since = date(2020, 1, 1)
        made.property.save()
        yield made


def july(here: World, *properties: Property) -> list[calendar.Entry]:
    return calendar.entries(here.account, properties or [here.property], from_=JULY[0], to=JULY[1], now=here.now)


def named(listed: list[calendar.Entry], obligation: str) -> list[calendar.Entry]:
    return [entry for entry in listed if entry.obligation == obligation]


def test_it_says_what_the_law_says(here: World) -> None:
    """Without stays and events the calendar and the engine of the law say the same, duty by duty."""
    told = list_duties(core_property(here.property), from_=JULY[0], to=JULY[1]).duties
    found = july(here)
    assert [(entry.obligation, entry.subject) for entry in found] == [
        (duty.obligation, subject_key(duty.subject)) for duty in told
    ]
    assert {entry.obligation for entry in found} >= {"PU-SPOT-01", "MO-IDS-04"}
    (quarter,) = named(found, "MO-IDS-04")
    assert (quarter.subject, quarter.due.date(), quarter.state) == ("period:2026-Q2", date(2026, 7, 16), "soon")


def test_the_police_duty_comes_from_the_ledger(here: World) -> None:
    stay = here.check_in(guest())
    (entry,) = [entry for entry in july(here) if entry.subject.startswith("segment:")]
    assert (entry.obligation, entry.state, entry.due) == ("IT-PS-02", "soon", here.now + timedelta(hours=24))
    assert not named(july(here), "IT-PS-01") and entry.from_ledger
    mark, problems = duty_marks.mark_done(here.property, "IT-PS-02", entry.subject, now=here.now, person=here.person)
    assert mark is None and [problem.code for problem in problems] == ["mark.subject.of_the_ledger"]
    here.engine.round()
    (entry,) = [entry for entry in july(here) if entry.subject.startswith("segment:")]
    assert entry.state == "done" and entry.done_at == Segment.objects.of(here.account).get(party__stay=stay).settled_at


def test_the_states_follow_the_clock(here: World) -> None:
    states = {}
    for day in (1, 10, 16, 17):
        here.now = datetime(2026, 7, day, 12, tzinfo=ROME)
        states[day] = named(july(here), "MO-IDS-04")[0].state
    assert states == {1: "later", 10: "soon", 16: "today", 17: "overdue"}
    here.now = datetime(2026, 6, 1, 12, tzinfo=ROME)
    assert named(july(here), "MO-IDS-04")[0].state == "later"


def test_done_is_done_until_it_is_undone(here: World) -> None:
    mark, problems = duty_marks.mark_done(
        here.property, "MO-IDS-04", "period:2026-Q2", now=here.now, person=here.person, number="PA-1", note="pagato in banca"
    )
    assert problems == [] and mark is not None
    (entry,) = named(july(here), "MO-IDS-04")
    assert (entry.state, entry.done_at) == ("done", here.now)
    kept = duty_marks.mark_of(here.property, "MO-IDS-04", "period:2026-Q2")
    assert kept == mark and kept is not None and kept.note == "pagato in banca" and b"banca" not in bytes(kept.sealed_note)
    duty_marks.undo(mark, now=here.now, person=here.person)
    assert named(july(here), "MO-IDS-04")[0].state == "soon"


def test_detail_says_all(here: World) -> None:
    told = calendar.detail(
        here.account, here.property, "MO-IDS-04", "period:2026-Q2", now=datetime(2026, 8, 3, 12, tzinfo=ROME), amount=100_00
    )
    assert told is not None and told.entry is not None
    assert told.basis and told.sources and told.why and told.link and told.office is not None
    assert {risk.penalty.sanction.id for risk in told.risks} == {"N-IDS-VERS", "M-500"}
    assert told.too_late is not None and told.too_late.pays_tax and told.too_late.late is not None
    assert (told.too_late.days, told.too_late.late.sanction) == (18, 125)  # a tenth of 12.5 percent
    assert told.too_late.late.total is not None and told.too_late.late.total > 101_25


def test_a_month_not_sent_costs_one_sanction_and_is_told_in_the_language_of_the_page(here: World) -> None:
    risks = {}
    for day in (date(2026, 6, 20), date(2026, 7, 20), date(2026, 9, 1)):
        here.now = datetime(day.year, day.month, day.day, 12, tzinfo=ROME)
        told = calendar.detail(here.account, here.property, "PU-SPOT-01", "period:2026-06", now=here.now)
        assert told is not None and told.basis == "L.R. 49/2017 art. 9-10 come modificati dalla L.R. 52/2019"
        risks[day.month] = {risk.penalty.sanction.id for risk in told.risks}
    assert risks == {
        6: {"P-SPOT-LATE", "P-SPOT-OM", "P-SPOT-DIF"}, 7: {"P-SPOT-LATE", "P-SPOT-DIF"}, 9: {"P-SPOT-OM", "P-SPOT-DIF"},
    }  # fmt: skip
    english = calendar.detail(here.account, here.property, "PU-SPOT-01", "period:2026-06", now=here.now, language="en")
    assert english is not None and english.basis == "L.R. 49/2017 art. 9-10 as changed by L.R. 52/2019"


def test_detail_of_a_police_duty(here: World) -> None:
    here.check_in(guest())
    subject = next(entry.subject for entry in july(here) if entry.from_ledger)
    told = calendar.detail(here.account, here.property, "IT-PS-02", subject, now=here.now, language="en")
    assert told is not None and not told.by_hand and told.too_late is None
    assert [risk.penalty.sanction.id for risk in told.risks] == ["N-109"]


def test_standing(here: World) -> None:
    listed = calendar.standing(here.property, now=here.now)
    assert [entry.check for entry in listed][:2] == ["cin_outside", "listing"]
    assert {entry.check for entry in listed} >= {"sign", "prices", "insurance"}
    assert all(entry.state == "open" for entry in listed)


def test_few_questions_whatever_the_number(here: World) -> None:
    def asked(properties: list[Any]) -> int:
        with CaptureQueriesContext(connection) as seen:
            july(here, *properties)
        return len(seen)

    more = [
        accounts.add_property(here.account, {"name": f"N{n}", "type": "bb", "comune": "416072030"}, now=here.now, by=None)
        for n in range(20)
    ]
    assert asked(more) == asked(more[:2]) <= 6


def test_few_questions_however_long_the_stretch(here: World) -> None:
    """Years of months without guests are asked for at once; a duty that is opened looks at years, and asks for as few."""
    counts = []
    here.property.comune, here.property.type = "416072006", "bb"  # Bari: nothing there depends on single departures
    here.property.save()
    for first in (date(2026, 6, 1), date(2022, 1, 1)):
        july(here)
        with CaptureQueriesContext(connection) as asked:
            listed = calendar.entries(here.account, [here.property], from_=first, to=JULY[1], now=here.now)
        counts.append(len(asked))
    assert len(listed) > 100 and counts[0] == counts[1]
    with CaptureQueriesContext(connection) as asked:
        assert calendar.detail(here.account, here.property, "PU-SPOT-02", "period:2026-05", now=here.now)
    assert len(asked) <= 12, [query["sql"][:120] for query in asked.captured_queries]


def test_a_month_full_of_guests_owes_no_declaration_of_empty_days(here: World) -> None:
    """Both ways of knowing it: nights added up by the database, and the stays themselves."""
    from locanda.archive.models import Stay

    here.property.comune, here.property.type = "416072006", "bb"  # Bari: nothing there depends on single departures
    here.property.save()

    def owed() -> int:
        return len(named(july(here), "PU-SPOT-02"))

    def sleep(first: date, nights: int) -> None:
        Stay(
            account=here.account, property=here.property, status="checked_in", nights=nights, created_at=here.now,
            arrival=datetime(first.year, first.month, first.day, 15, tzinfo=ROME), departure_day=first + timedelta(days=nights),
        ).save()  # fmt: skip

    assert owed() == 1
    sleep(date(2026, 6, 2), 29)
    sleep(date(2026, 6, 5), 10)
    assert owed() == 1  # forty nights, and the first of June is still empty
    sleep(date(2026, 5, 30), 3)
    assert owed() == 0


def test_what_was_over_before_the_property_came_is_not_overdue(here: World) -> None:
    here.now = datetime(2026, 8, 20, 12, tzinfo=ROME)
    late = calendar.overdue(here.account, [here.property], now=here.now)
    assert {entry.obligation for entry in late} >= {"PU-SPOT-01"} and all(entry.state == "overdue" for entry in late)
    assert all(entry.due >= here.property.created_at for entry in late)


def test_a_closed_property_owes_what_follows_and_nothing_after(here: World) -> None:
    here.property.closed_at = datetime(2026, 7, 5, 12, tzinfo=ROME)
    here.property.save()
    found = {entry.obligation for entry in july(here)}
    assert "PU-SPOT-01" in found and "IT-PS-08" in found
    autumn = calendar.entries(here.account, [here.property], from_=date(2026, 9, 1), to=date(2026, 9, 30), now=here.now)
    assert not named(autumn, "PU-SPOT-01")


def test_the_past_is_judged_by_the_ledger_of_ones_own_account(here: World) -> None:
    other = accounts.open_account("Altra", email="b@example.org", password="una-password-lunga", full_name="B", now=here.now)
    here.check_in(guest())
    assert calendar.entries(other.account, [], from_=JULY[0], to=JULY[1], now=here.now) == []
    with pytest.raises(ValueError, match="another account"):
        calendar.detail(other.account, here.property, "IT-PS-02", "standing", now=here.now)


@pytest.mark.parametrize("subject", ["period:2026-99", "segment:x", "stay:x", "nonsense", "", "event:1,guest:2"])
def test_a_subject_that_is_none_opens_the_rule_alone(here: World, subject: str) -> None:
    told = calendar.detail(here.account, here.property, "MO-IDS-04", subject, now=here.now)
    assert told is not None and told.entry is None and told.basis
    assert calendar.detail(here.account, here.property, "XX-99", subject, now=here.now) is None


def test_what_a_stay_owes_is_called_the_same_whoever_else_is_listed(here: World) -> None:
    """Monopoli asks of each guest who is exempt, Sassari asks nothing of guests: what is marked in a list of both holds alone."""
    told = {"name": "La Torre", "type": "bb", "comune": "420090064"}
    tower = accounts.add_property(here.account, told, now=here.now, by=here.person)
    here.check_in(guest(), property=tower)

    def of_the_stay(*listed: Property) -> list[calendar.Entry]:
        return [entry for entry in july(here, *listed) if entry.property == tower and entry.subject.startswith("stay:")]

    both = of_the_stay(here.property, tower)
    assert both and [entry.key for entry in both] == [entry.key for entry in of_the_stay(tower)]
    for entry in both:
        duty_marks.mark_done(tower, entry.obligation, entry.subject, now=here.now, person=here.person)
    assert {entry.state for entry in (*of_the_stay(here.property, tower), *of_the_stay(tower))} == {"done"}
