"""One suite for every portal: the same questions, whatever its wire looks like."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest

from locanda.portals import Portal, Resend, errors, registered
from tests.contracts.bench import PortalBench, bench_for


@pytest.fixture(params=sorted(registered()))
def portal(request: pytest.FixtureRequest) -> Portal:
    return registered()[request.param]


def those(wanted: Callable[[Portal], bool]) -> pytest.MarkDecorator:
    """Only the portals of which something is true."""
    keys = sorted(key for key, portal in registered().items() if wanted(portal))
    return pytest.mark.parametrize("portal", keys, indirect=True)


REHEARSING = those(lambda portal: portal.rehearses)
WITH_RECEIPTS = those(lambda portal: portal.receipts)
OVERWRITING = those(lambda portal: portal.resend == "overwrites")


@pytest.fixture
def bench(portal: Portal) -> Iterator[PortalBench]:
    with bench_for(portal.key) as opened:
        yield opened


def test_portals_of_both_kinds_are_among_them() -> None:
    assert {"alloggiati", "ross1000"} <= set(registered())
    assert {portal.resend for portal in registered().values()} == set(get_args(Resend))


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


@REHEARSING
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


# ------------------------------------------------------------------------------- where sending again overwrites (6.4)


@OVERWRITING
def test_a_corrected_record_takes_the_place_of_the_first(bench: PortalBench) -> None:
    first, second = bench.valid(2)
    with bench.client() as client:
        assert bench.send(client, [first, second]) == [True, True]
        assert bench.send(client, [bench.corrected(first), second]) == [True, True]
    assert bench.acquired() == [bench.corrected(first), second]


@OVERWRITING
def test_what_is_in_doubt_may_be_sent_again(bench: PortalBench) -> None:
    records = bench.valid(2)
    bench.lose_next_answer(stored=True)
    with bench.client() as client:
        with pytest.raises(errors.AnswerLost):
            bench.send(client, records)
        assert bench.send(client, records) == [True, True]
    assert bench.acquired() == records


@OVERWRITING
def test_what_is_taken_back_is_gone(bench: PortalBench) -> None:
    first, second = bench.valid(2)
    with bench.client() as client:
        bench.send(client, [first, second])
        assert bench.remove(client, [first]) == [True]
        assert bench.acquired() == [second]
        assert bench.remove(client, [first]) == [False]


@OVERWRITING
def test_an_answer_without_outcomes_is_no_success(bench: PortalBench) -> None:
    records = bench.valid(2)
    bench.answer_without_outcome()
    with bench.client() as client:
        assert bench.send(client, records) == [None, None]
    assert bench.acquired() == records


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


@WITH_RECEIPTS
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


@WITH_RECEIPTS
def test_a_day_without_sending_has_no_receipt(bench: PortalBench) -> None:
    day = bench.today()
    with bench.client() as client:
        bench.test(client, bench.valid(1))
        bench.tomorrow()
        with pytest.raises(errors.NoReceipt):
            bench.receipt(client, day)


# --------------------------------------------------------------------------------------------------------- exchanges


def test_every_exchange_is_kept_marked_and_without_secrets(portal: Portal, bench: PortalBench) -> None:
    kept: list[Any] = []
    with bench.client(kept.append) as client:
        records = bench.valid(1)
        (bench.test if portal.rehearses else bench.send)(client, records)
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
