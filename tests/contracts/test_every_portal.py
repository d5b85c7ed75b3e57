"""One suite for every portal: the same questions, whatever its wire looks like."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest

from locanda.portals import Portal, Resend, errors, registered
from tests.contracts.bench import PortalBench, bench_for


@pytest.fixture(params=sorted(registered()))
def portal(request: pytest.FixtureRequest) -> Portal:
    return registered()[request.param]


@pytest.fixture
def bench(portal: Portal) -> Iterator[PortalBench]:
    with bench_for(portal.key) as opened:
        yield opened


def test_the_police_portal_is_among_them() -> None:
    assert "alloggiati" in registered()


# --------------------------------------------------------------------------------------------------- its declaration


def test_it_declares_what_the_house_must_know(portal: Portal) -> None:
    assert portal.key
    assert portal.name
    assert portal.format_version
    assert portal.resend in get_args(Resend)
    assert len(set(portal.operations)) == len(portal.operations) > 0
    assert urlsplit(portal.endpoint).scheme == "https"
    assert callable(portal.load(portal.client))
    assert callable(portal.load(portal.simulator))


def test_its_declaration_opens_nothing(portal: Portal) -> None:
    code = (
        f"import sys, {portal.client.partition(':')[0].rpartition('.')[0]}\n"
        "heavy = {'httpx2', 'lxml', 'django', 'socket', 'sqlite3'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr.strip()) == (0, "")


# -------------------------------------------------------------------------------------------------- testing, sending


def test_testing_acquires_nothing(bench: PortalBench) -> None:
    records = [*bench.valid(2), bench.refused()]
    with bench.client() as client:
        assert bench.test(client, records) == [True, True, False]
    assert bench.acquired() == []


def test_sending_acquires_exactly_the_valid_records(bench: PortalBench) -> None:
    first, second = bench.valid(2)
    with bench.client() as client:
        assert bench.send(client, [first, bench.refused(), second]) == [True, False, True]
    assert bench.acquired() == [first, second]


def test_what_resend_declares_is_true(portal: Portal, bench: PortalBench) -> None:
    (record,) = bench.valid(1)
    with bench.client() as client:
        bench.send(client, [record])
        bench.send(client, [record])
    assert bench.acquired() == ([record, record] if portal.resend == "never" else [record])


# ------------------------------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize("stored", [True, False])
def test_an_answer_lost_is_in_doubt_whatever_happened(bench: PortalBench, stored: bool) -> None:
    records = bench.valid(1)
    bench.lose_next_answer(stored=stored)
    with bench.client() as client, pytest.raises(errors.AnswerLost) as caught:
        bench.send(client, records)
    assert caught.value.sent is None
    assert bench.acquired() == (records if stored else [])


def test_a_portal_that_is_down_was_certainly_not_reached(bench: PortalBench) -> None:
    bench.down()
    with bench.client() as client, pytest.raises(errors.NotReached) as caught:
        bench.send(client, bench.valid(1))
    assert caught.value.sent is False


def test_refused_credentials_are_told_as_such(bench: PortalBench) -> None:
    with bench.client(wrong=True) as client:
        for call in (bench.harmless, lambda client: bench.send(client, bench.valid(1))):
            with pytest.raises(errors.CredentialsRefused) as caught:
                call(client)
            assert caught.value.sent is False
    assert bench.acquired() == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_error_can_be_said_in_words(bench: PortalBench, language: str) -> None:
    with bench.client(wrong=True) as client, pytest.raises(errors.PortalError) as caught:
        bench.harmless(client)
    said = caught.value.problem("deliveries[0]").render(language)
    assert said["where"] == "deliveries[0]"
    assert said["message"]
    assert said["hint"]
    assert "{" not in said["message"] + said["hint"]


# ---------------------------------------------------------------------------------------------------------- receipts


def test_the_receipt_comes_the_day_after_with_the_count(bench: PortalBench) -> None:
    day = bench.today()
    with bench.client() as client:
        bench.send(client, [*bench.valid(3), bench.refused()])
        with pytest.raises(errors.NoReceipt):
            bench.receipt(client, day)
        bench.tomorrow()
        raw, count = bench.receipt(client, day)
        assert (bool(raw), count) == (True, 3)
        assert bench.receipt(client, day) == (raw, count)


def test_a_day_without_sending_has_no_receipt(bench: PortalBench) -> None:
    day = bench.today()
    with bench.client() as client:
        bench.test(client, bench.valid(1))
        bench.tomorrow()
        with pytest.raises(errors.NoReceipt):
            bench.receipt(client, day)


# --------------------------------------------------------------------------------------------------------- exchanges


def test_every_exchange_is_kept_marked_and_without_secrets(bench: PortalBench) -> None:
    kept: list[Any] = []
    with bench.client(kept.append) as client:
        records = bench.valid(1)
        bench.test(client, records)
        bench.send(client, records)
        bench.lose_next_answer(stored=True)
        with pytest.raises(errors.AnswerLost):
            bench.send(client, records)
    with bench.client(kept.append, wrong=True) as client, pytest.raises(errors.CredentialsRefused):
        bench.harmless(client)
    assert len(kept) >= 4
    text = "\n".join(map(repr, kept))
    raw = b"\n".join(entry.request + (entry.response or b"") for entry in kept)
    for secret in bench.secrets:
        assert secret not in text
        assert secret.encode() not in raw
    assert all(entry.simulated for entry in kept if entry.response)
    assert any(entry.error and entry.response is None for entry in kept)
    assert all(entry.started <= entry.ended for entry in kept)
    assert records[0].encode() in raw
