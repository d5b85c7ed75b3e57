"""The client towards the simulator: what each way of failing proves, and many structures at once (spec flussi-turistici 6.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from locanda.portals import errors
from locanda.portals.ross1000.client import Client, Exchange, Keys
from locanda.portals.ross1000.movements import read
from locanda.portals.ross1000.records import Movimenti, Movimento
from locanda.portals.ross1000.simulator import Account, Behaviour, Simulator
from tests.contracts.ross1000 import DAY, GUEST, HOUSE, KEYS
from tests.portals.ross1000.house import small_year

NOW = datetime(2026, 6, 6, 10, tzinfo=UTC)
FILE = Movimenti("X00001", "Locanda", (Movimento(DAY, HOUSE, (GUEST,)),))
OTHER = FILE._replace(codice="X00002")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator([Account(*KEYS, ("X00001", "X00002"))], clock=NOW) as simulator:
        yield simulator


@pytest.fixture
def exchanges() -> list[Exchange]:
    return []


@pytest.fixture
def client(sim: Simulator, exchanges: list[Exchange]) -> Iterator[Client]:
    with Client(KEYS, endpoint=sim.url, clock=sim.clock, on_exchange=exchanges.append, timeout=20) as opened:
        yield opened


def test_a_quarter_of_varied_guests_is_accepted_record_by_record(sim: Simulator, client: Client) -> None:
    file: Movimenti = read(small_year()).values
    sim.behaviour = Behaviour(unknown_departure_refused=False)
    told = client.send(file)
    sent = sum(len(day.arrivi or ()) + len(day.partenze or ()) for day in file.movimenti)
    assert told.all_accepted and len(told.records) == sent and told.strangers == 0
    assert sim.archive.count_days("X00001") == 92
    assert len(sim.archive) == sum(len(day.arrivi or ()) for day in file.movimenti)


def test_the_same_file_twice_is_harmless(sim: Simulator, client: Client) -> None:
    assert client.send(FILE) == client.send(FILE)
    assert len(sim.archive) == 1


def test_one_transmission_for_many_structures(sim: Simulator, client: Client) -> None:
    first, second, third = client.send_many((FILE, OTHER, FILE._replace(codice="X00009")))
    assert (first.all_accepted, second.all_accepted) == (True, True)
    assert (third.error, third.all_accepted, len(third.unknown)) == ("Struttura non associata all'utente", False, 1)
    assert sorted(guest.structure for guest in sim.archive.guests()) == ["X00001", "X00002"]
    assert [called.structures for called in sim.calls] == [("X00001", "X00002", "X00009")]


def test_answers_to_many_without_dates_are_understood_too(sim: Simulator, client: Client) -> None:
    sim.behaviour = Behaviour(dates_in_list=False)
    assert all(one.all_accepted for one in client.send_many((FILE, OTHER)))


def test_the_same_structure_twice_in_one_transmission_is_refused_here(client: Client) -> None:
    with pytest.raises(ValueError, match="twice"):
        client.send_many((FILE, FILE))


def test_a_structure_of_somebody_else_is_a_fault_for_one(client: Client) -> None:
    with pytest.raises(errors.PortalFault, match="X00009"):
        client.send(FILE._replace(codice="X00009"))


# evidence -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["no_outcome", "nil_outcomes", "missing_outcome"])
def test_what_is_not_told_is_unknown_and_never_accepted(sim: Simulator, client: Client, kind: str) -> None:
    sim.faults.next(kind)
    told = client.send(FILE)
    assert (told.all_accepted, told.refused, len(told.unknown)) == (False, (), 1)
    assert len(sim.archive) == 1


def test_a_stranger_among_the_outcomes_is_counted(sim: Simulator, client: Client) -> None:
    sim.faults.next("stranger")
    told = client.send(FILE)
    assert (told.strangers, [record.success for record in told.records]) == (1, [True])


@pytest.mark.parametrize("behaviour", [Behaviour(outcomes="none"), Behaviour(outcomes="refused")])
def test_a_service_that_is_silent_about_success_proves_nothing(sim: Simulator, client: Client, behaviour: Behaviour) -> None:
    sim.behaviour = behaviour
    assert not client.send(FILE).all_accepted


def test_days_without_records_may_be_absent(sim: Simulator, client: Client) -> None:
    sim.behaviour = Behaviour(silent_days="absent")
    rows = (Movimento("20260604", HOUSE), *FILE.movimenti, Movimento("20260606", HOUSE))
    told = client.send(FILE._replace(movimenti=rows))
    assert told.all_accepted and told.silent_days == ("20260604", "20260606")


def test_a_refused_record_falls_alone(sim: Simulator, client: Client) -> None:
    wrong = GUEST._replace(idswh="W1", cittadinanza="")
    told = client.send(FILE._replace(movimenti=(Movimento(DAY, HOUSE, (GUEST, wrong)),)))
    assert [(record.idswh, record.success) for record in told.records] == [("G1", True), ("W1", False)]
    assert told.refused[0].error
    assert [guest.record.idswh for guest in sim.archive.guests()] == ["G1"]


# failures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "expected", "stored"),
    [
        ("drop_before_storing", {}, errors.AnswerLost, 0),
        ("drop_after_storing", {}, errors.AnswerLost, 1),
        ("cut_answer", {}, errors.AnswerLost, 1),
        ("http_500", {}, errors.AnswerLost, 0),
        ("http_500_after_storing", {}, errors.AnswerLost, 1),
        ("status", {"status": 503}, errors.AnswerLost, 0),
        ("status", {"status": 404}, errors.NotReached, 0),
        ("status", {"status": 403}, errors.CredentialsRefused, 0),
        ("status", {"status": 302}, errors.NotUnderstood, 0),
        ("soap_fault", {}, errors.PortalFault, 0),
        ("soap_fault_after_storing", {}, errors.PortalFault, 1),
        ("garbled", {}, errors.NotUnderstood, 1),
    ],
)  # fmt: skip
def test_each_failure_is_told_apart_and_sending_again_mends_it(
    sim: Simulator, client: Client, exchanges: list[Exchange], kind: str, more: dict[str, int],
    expected: type[errors.PortalError], stored: int,
) -> None:  # fmt: skip
    sim.faults.next(kind, **more)
    with pytest.raises(expected) as caught:
        client.send(FILE)
    assert len(sim.archive) == stored
    assert caught.value.sent is (False if expected in (errors.NotReached, errors.CredentialsRefused) else None)
    assert caught.value.problem().code.startswith("ross1000.call.")
    assert exchanges[-1].error and exchanges[-1].request
    assert client.send(FILE).all_accepted
    assert len(sim.archive) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_credentials_are_told_whatever_the_status(sim: Simulator, status: int) -> None:
    sim.behaviour = Behaviour(auth_status=status)
    with Client(Keys("altro", "x"), endpoint=sim.url, clock=sim.clock) as stranger:
        with pytest.raises(errors.CredentialsRefused):
            stranger.check_credentials()
        with pytest.raises(errors.CredentialsRefused):
            stranger.send(FILE)
    assert sim.calls == []


def test_credentials_are_checked_without_sending(sim: Simulator, client: Client) -> None:
    client.check_credentials()
    assert len(sim.archive) == 0
    sim.behaviour = Behaviour(empty_list="fault")
    with pytest.raises(errors.PortalFault):
        client.check_credentials()


def test_secrets_are_cut_even_from_a_fault_that_repeats_them(sim: Simulator, client: Client, exchanges: list[Exchange]) -> None:
    sim.faults.next("echo_secrets")
    with pytest.raises(errors.PortalFault) as caught:
        client.send(FILE)
    token = client._headers["Authorization"].removeprefix("Basic ")
    kept = (exchanges[-1].response or b"").decode() + str(caught.value) + repr(client) + repr(client._keys)
    assert KEYS.password not in kept and "tr@smissione" not in kept and token not in kept
    assert "***" in kept


def test_credentials_travel_over_https_only() -> None:
    with pytest.raises(ValueError, match="https"):
        Client(KEYS, endpoint="http://example.org/ws/checkinV2", clock=lambda: NOW)


def test_many_refused_as_a_whole_is_a_refusal() -> None:
    told = (
        b'<Envelope><Body><inviaMovimentazioneListResponse><return><errore>Servizio sospeso</errore></return>'
        b"</inviaMovimentazioneListResponse></Body></Envelope>"
    )
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, content=told))
    with (
        Client(KEYS, endpoint="https://example.org/ws/checkinV2", clock=lambda: NOW, transport=transport) as client,
        pytest.raises(errors.Refused, match="Servizio sospeso") as caught,
    ):
        client.send_many((FILE,))
    assert caught.value.sent is None
