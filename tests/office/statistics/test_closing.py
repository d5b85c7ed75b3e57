"""When the statistics of a month are closed its figures stay and the facts of its guests go."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from locanda.archive.models import CountedDay, Event, FlowSending, Guest, PortalDay, Stay, TaxedStay
from locanda.archive.vault import Vault
from locanda.core.time import ROME
from locanda.office import clock
from locanda.office.statistics import closing, counting
from locanda.office.statistics.days import days_between
from locanda.office.tax import facts, ledger, rules
from tests.office.statistics.test_counting import JUNE, lived
from tests.web.scene import scene
from tests.world import World, world


@pytest.fixture(autouse=True)
def fresh() -> None:
    closing._done_for[:] = []


def held(made: World, first: date, last: date) -> FlowSending:
    """The portal has these days, and we the file of them."""
    vault = Vault(made.account)
    row = FlowSending.everywhere.create(
        account=made.account, property=made.property, portal="DMS", format="spot", format_version="0.6", mode="FILE",
        state="confirmed", first=first, last=last, days=(last - first).days + 1, sha256="0" * 64, size=3, created_at=made.now,
        sealed_file=vault.seal_bytes(b"xml", "flow file"), sealed_proof=vault.seal_bytes(b"png", "flow proof"),
    )  # fmt: skip
    for day in days_between(first, last):
        PortalDay.everywhere.create(
            account=made.account, property=made.property, portal="DMS", day=day, state="confirmed", held=True,
            changed_at=made.now, sending=row, sealed_held=vault.seal_bytes(b"day", "flow day"),
        )  # fmt: skip
    return row


def facts_left(made: World) -> set[str]:
    rows = Guest.objects.of(made.account).exclude(birth_date=None).values_list("party__stay__arrival__month", flat=True)
    return {f"{month:02}" for month in rows}


def at(made: World, day: date) -> None:
    made.now = datetime.combine(day, datetime.min.time(), ROME) + timedelta(hours=9)


@pytest.mark.django_db
def test_nothing_goes_before_the_portal_has_the_month_and_patience_is_over() -> None:
    with world() as made:
        lived(made)
        at(made, date(2026, 7, 20))
        ledger.settle_due(made.now)
        held(made, date(2026, 5, 1), date(2026, 6, 29))
        at(made, date(2026, 9, 15))
        closing.close_what_is_over(made.now)
        assert facts_left(made) == {"05", "06"} and not CountedDay.objects.of(made.account).filter(day__month=6, closed=True)
        held(made, date(2026, 6, 30), date(2026, 6, 30))
        closing._done_for[:] = []
        at(made, date(2026, 8, 28))
        closing.close_what_is_over(made.now)
        assert facts_left(made) == {"05", "06"}
        at(made, date(2026, 8, 29))
        closing.close_what_is_over(made.now)
        assert facts_left(made) == set()


@pytest.mark.django_db
def test_figures_stay_and_files_go_when_a_month_is_closed() -> None:
    with world() as made:
        lived(made)
        at(made, date(2026, 7, 20))
        ledger.settle_due(made.now)
        before = [(row.day, row.present, row.rows) for row in counting.counted_of(made.property, *JUNE, now=made.now)]
        row = held(made, date(2026, 5, 1), date(2026, 6, 30))
        at(made, date(2026, 9, 15))
        assert closing.close_what_is_over(made.now) > 60
        after = [(row.day, row.present, row.rows) for row in counting.counted_of(made.property, *JUNE, now=made.now)]
        assert after == before and sum(present for _, present, _ in after) > 10
        row.refresh_from_db()
        assert row.sealed_file is None and row.sealed_proof is not None
        assert not PortalDay.objects.of(made.account).exclude(sealed_held=None).exists()
        for stay in Stay.objects.of(made.account):
            kept = facts.facts_of(stay)
            assert not any(closing.STATISTICS_ONLY & set(guest) for guest in kept["guests"])
        kinds = list(Event.objects.of(made.account).values_list("kind", flat=True))
        assert kinds.count("stay.facts_erased") == 3 and kinds.count("statistics.closed") == 2
        assert closing.close_what_is_over(made.now) == 0


@pytest.mark.django_db
def test_the_tax_that_was_final_stays_final() -> None:
    with world() as made:
        lived(made)
        at(made, date(2026, 7, 20))
        ledger.settle_due(made.now)
        before = sorted(TaxedStay.objects.of(made.account).values_list("stay", "state", "total"))
        assert {state for _, state, _ in before} == {"final"} and sum(total for *_, total in before) > 0
        held(made, date(2026, 5, 1), date(2026, 6, 30))
        at(made, date(2026, 9, 15))
        closing.close_what_is_over(made.now)
        rules.unsettle(made.account, "072030", date(2026, 1, 1))
        ledger.settle_due(made.now)
        stays = Stay.objects.of(made.account).select_related("property", "account", "unit")
        ledger.settle(stays, now=made.now)
        assert sorted(TaxedStay.objects.of(made.account).values_list("stay", "state", "total")) == before
        problems = facts.change(stays[0], {"channel": "direct"}, {}, now=made.now, person=made.person)
        assert [problem.code for problem in problems] == ["stay.facts_erased"]


@pytest.mark.django_db
def test_facts_wait_for_the_tax() -> None:
    with world() as made:
        lived(made)
        at(made, date(2026, 7, 20))
        ledger.settle_due(made.now)
        TaxedStay.objects.of(made.account).filter(first_night__month=6).update(state=TaxedStay.State.STUCK)
        held(made, date(2026, 5, 1), date(2026, 6, 30))
        at(made, date(2026, 9, 15))
        closing.close_what_is_over(made.now)
        assert facts_left(made) == {"06"}


@pytest.mark.django_db
def test_a_month_that_nobody_confirmed_is_closed_after_two_years() -> None:
    with world() as made:
        lived(made)
        at(made, date(2026, 7, 20))
        ledger.settle_due(made.now)
        at(made, date(2028, 6, 28))
        closing.close_what_is_over(made.now)
        months = set(CountedDay.objects.of(made.account).filter(closed=True).values_list("day__month", flat=True))
        assert months == {5} and facts_left(made) == {"05", "06"}  # who came in May left in June
        closing._done_for[:] = []
        at(made, date(2028, 7, 1))
        closing.close_what_is_over(made.now)
        assert facts_left(made) == set()


@pytest.mark.django_db
def test_the_pages_of_such_a_stay_still_open() -> None:
    with scene() as made:
        stays = lived(made)
        at(made, date(2026, 7, 20))
        ledger.settle_due(made.now)
        held(made, date(2026, 5, 1), date(2026, 6, 30))
        at(made, date(2026, 9, 15))
        clock.set_demo_clock(made.now)
        closing.close_what_is_over(made.now)
        client = Client()
        client.force_login(made.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        for stay in stays:
            for page in ("", "tassa/", "tassa/moduli/"):
                answer = client.get(f"/arrivi/{stay.pk}/{page}")
                assert answer.status_code == 200, (page, answer.status_code)
