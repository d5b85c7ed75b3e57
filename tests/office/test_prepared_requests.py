"""Prepared requests: sealed, whole again for who made them and nobody else, gone within a day (decision 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from locanda.archive import erasure
from locanda.archive.models import Account, PreparedRequest
from locanda.archive.rotation import rotate_account_key
from locanda.letters.credential_request import Applicant, Built
from locanda.letters.single_pdf import Scan
from locanda.office import accounts, credential_file, prepared_requests
from tests.letters import scans
from tests.world import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        yield made


def built(here: World, *, in_person: bool = False) -> Built:
    needed = credential_file.needed(here.property, "credentials", now=here.now)
    assert needed is not None
    papers = [Scan(paper.key, scans.pdf(1), "Segretissimi.pdf") for paper in needed.wanted if paper.applies]
    made, problems = credential_file.build(
        here.property, "credentials", Applicant("Vito Segretissimi", email="vito@example.org"), papers, now=here.now,
        in_person=in_person,
    )  # fmt: skip
    assert made is not None, problems
    return made


def keep(here: World, made: Built) -> UUID:
    return prepared_requests.put_away(here.property, "credentials", made, now=here.now, person=here.person).pk


def find(here: World, key: UUID, **more: object) -> PreparedRequest | None:
    return prepared_requests.find(here.property, key, **({"now": here.now, "person": here.person} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("in_person", [False, True])
def test_it_comes_back_as_it_was_built(here: World, *, in_person: bool) -> None:
    made = built(here, in_person=in_person)
    row = find(here, keep(here, made))
    assert row is not None and prepared_requests.open_again(row) == made and made.notes  # article 11 was not declared
    assert prepared_requests.open_again(row).eml(here.now) == made.eml(here.now)
    assert b"Segretissimi" not in bytes(row.sealed_letter) and made.pdf.content[:9] not in bytes(row.sealed_pdf)


def test_new_keys_open_it(here: World) -> None:
    made = built(here)
    key = keep(here, made)
    rotate_account_key(here.account)
    here.property.account = Account.objects.get(pk=here.account.pk)
    row = find(here, key)
    assert row is not None and prepared_requests.open_again(row) == made


def test_it_is_gone_after_a_day_whether_or_not_an_engine_runs(here: World) -> None:
    key = keep(here, built(here))
    late = here.now + prepared_requests.KEPT
    assert find(here, key, now=late - timedelta(seconds=1)) is not None
    assert find(here, key, now=late) is None
    assert prepared_requests.mine(here.property, now=late, person=here.person) == []
    assert prepared_requests.forget_old(late - timedelta(seconds=1)) == 0
    erasure._due.clear()
    assert prepared_requests.forget_old(late) == 1 and erasure._due.is_set()  # and out of the journal
    assert not PreparedRequest.objects.of(here.account).exists()


def test_a_second_one_takes_the_place_of_the_first(here: World) -> None:
    first, second = keep(here, built(here)), keep(here, built(here))
    assert find(here, first) is None and find(here, second) is not None
    assert PreparedRequest.objects.of(here.account).count() == 1


def test_only_who_made_it_finds_it(here: World) -> None:
    key = keep(here, built(here))
    other = accounts.add_person(
        here.account, email="m@example.org", full_name="M", role="owner", now=here.now, by=None, password="lunga-lunga"
    )
    second = accounts.add_property(here.account, {"name": "B", "type": "bb", "comune": "416072030"}, now=here.now, by=None)
    assert find(here, key, person=other.person) is None
    assert prepared_requests.find(second, key, now=here.now, person=here.person) is None
