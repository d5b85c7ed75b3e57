"""The client against the simulator and against answers that no simulator would give."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import threading
from collections.abc import Iterator

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locanda.core.problems import catalogue
from locanda.portals import errors as tree
from locanda.portals.alloggiati import errors
from locanda.portals.alloggiati.client import ENDPOINT, Client, Exchange, Keys
from locanda.portals.alloggiati.simulator import Behaviour, SimClock, Simulator
from locanda.portals.secrets import CUT, cut_bytes, cut_text
from tests.portals.alloggiati.guests import FLATS, HOTEL, NOW, PASSWORD, WSKEY, accounts, row
from tests.portals.alloggiati.test_soap import BAD, OK, answer


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(accounts(), clock=NOW) as simulator:
        yield simulator


@pytest.fixture
def exchanges() -> list[Exchange]:
    return []


@pytest.fixture
def client(sim: Simulator, exchanges: list[Exchange]) -> Iterator[Client]:
    with Client(HOTEL, endpoint=sim.url, clock=sim.clock, on_exchange=exchanges.append, timeout=10) as made:
        yield made


def operations(sim: Simulator) -> list[str]:
    return [called.operation for called in sim.calls]


# ---------------------------------------------------------------------------------------------------- rows and counts


def test_rows_come_back_in_order_and_only_valid_ones_are_acquired(sim: Simulator, client: Client) -> None:
    wrong = row("DE—SANTIS")
    told = client.send([row("ROSSI"), wrong, row("VERDI")])
    assert [entry.ok for entry in told.rows] == [True, False, True]
    assert (told.valid, told.complete, told.overall.ok, told.all_valid) == (2, True, True, False)
    assert told.rows[1].detail == "Cognome con caratteri non validi"
    assert sim.ledger.rows() == [row("ROSSI"), row("VERDI")]


@pytest.mark.parametrize("kind", ["inconsistent_counts", "missing_detail"])
def test_counts_that_disagree_are_told_not_smoothed_over(sim: Simulator, client: Client, kind: str) -> None:
    sim.faults.next(kind, "Test")
    told = client.test([row("ROSSI"), row("VERDI")])
    assert not told.complete
    assert not told.all_valid


def test_an_empty_entry_makes_the_answer_incomplete() -> None:
    inside = (
        f"<SendResult>{OK}</SendResult><result><SchedineValide>1</SchedineValide><Dettaglio>"
        f"<EsitoOperazioneServizio>{OK}</EsitoOperazioneServizio>"
        '<EsitoOperazioneServizio xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/></Dettaglio></result>'
    )
    told = canned("Send", answer("Send", inside)).send([row("ROSSI"), row("VERDI")])
    assert [entry.ok for entry in told.rows] == [True, False]
    assert not told.complete


def test_all_rows_refused_with_the_overall_flag_false_still_gives_the_rows(sim: Simulator, client: Client) -> None:
    sim.behaviour = Behaviour(all_refused_is_false=True)
    told = client.send([row(days="99")])
    assert (told.overall.ok, told.complete, told.valid) == (False, True, 0)
    assert told.rows[0].detail == "Giorni di Permanenza Errati"


@pytest.mark.parametrize("rows", [[], [row()] * 1001])
def test_too_few_and_too_many_rows_never_leave(sim: Simulator, client: Client, rows: list[str]) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        client.send(rows)
    assert not sim.calls


def test_apartment_zero_is_an_apartment(sim: Simulator) -> None:
    with Client(FLATS, endpoint=sim.url, clock=sim.clock) as client:
        assert client.apartment_test([row()], 0).all_valid
        assert client.apartment_send([row("ROSSI")], 0).all_valid
        assert client.file_unico_test([row(apartment=0), row(apartment=3)]).valid == 1
        assert client.file_unico_send([row("VERDI", apartment=4)]).all_valid
    assert [(entry.apartment, entry.operation) for entry in sim.ledger] == [
        (0, "GestioneAppartamenti_Send"), (4, "GestioneAppartamenti_FileUnico_Send"),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- tokens


def test_one_token_serves_many_calls_and_is_renewed_before_it_expires(sim: Simulator, client: Client) -> None:
    client.authentication_test()
    sim.clock.advance(minutes=54)
    client.authentication_test()
    assert operations(sim).count("GenerateToken") == 1
    sim.clock.advance(minutes=2)  # four minutes before the end
    client.authentication_test()
    assert operations(sim).count("GenerateToken") == 2


def test_our_clock_may_be_wrong_by_hours(sim: Simulator) -> None:
    with Client(HOTEL, endpoint=sim.url, clock=lambda: sim.clock() + dt.timedelta(hours=5)) as client:
        client.authentication_test()
        client.authentication_test()
    assert operations(sim).count("GenerateToken") == 1


def test_a_very_short_token_still_serves_its_call(sim: Simulator, client: Client) -> None:
    sim.behaviour = Behaviour(token_minutes=1)
    assert client.authentication_test().ok
    assert client.authentication_test().ok
    assert operations(sim).count("GenerateToken") == 1


@pytest.mark.parametrize("operation", ["Test", "Send"])
def test_a_token_dead_before_its_time_is_renewed_once_even_for_a_sending(
    sim: Simulator, client: Client, operation: str
) -> None:
    sim.faults.next("expire_token", operation)
    told = client.send([row()]) if operation == "Send" else client.test([row()])
    assert told.all_valid
    assert operations(sim) == ["GenerateToken", operation, "GenerateToken", operation]
    assert len(sim.ledger) == (1 if operation == "Send" else 0)


def test_a_second_refusal_of_the_token_is_not_repeated_again(sim: Simulator, client: Client) -> None:
    sim.faults.always("expire_token", "Send")
    with pytest.raises(errors.CredentialsRefused) as caught:
        client.send([row()])
    assert caught.value.sent is False
    assert operations(sim) == ["GenerateToken", "Send", "GenerateToken", "Send"]
    assert len(sim.ledger) == 0


@pytest.mark.parametrize("keys", [Keys(HOTEL.user, "no", WSKEY), Keys(HOTEL.user, PASSWORD, "no"), Keys("BA9", "a", "b")])
def test_wrong_credentials_are_tried_once_only(sim: Simulator, keys: Keys) -> None:
    with Client(keys, endpoint=sim.url, clock=sim.clock) as client, pytest.raises(errors.CredentialsRefused) as caught:
        client.send([row()])
    assert (caught.value.sent, caught.value.refusal.code) == (False, "10")
    assert operations(sim) == ["GenerateToken"]  # a second try might lock the user out


def test_an_authentication_refusal_with_rows_in_it_is_never_repeated() -> None:
    calls: list[str] = []
    inside = (
        "<SendResult><esito>false</esito><ErroreCod>10</ErroreCod><ErroreDes>TOKEN SCADUTO</ErroreDes></SendResult>"
        f"<result><SchedineValide>1</SchedineValide><Dettaglio><EsitoOperazioneServizio>{OK}</EsitoOperazioneServizio>"
        f"<EsitoOperazioneServizio>{BAD}</EsitoOperazioneServizio></Dettaglio></result>"
    )
    told = canned("Send", answer("Send", inside), calls).send([row("ROSSI"), row("VERDI")])
    assert calls.count("Send") == 1
    assert (told.overall.ok, told.valid) == (False, 1)


def test_one_call_at_a_time_for_a_user_in_this_process(sim: Simulator) -> None:
    met: list[str] = []
    meeting = threading.Barrier(2)
    original = sim.service.answer

    def watched(operation: str, values: dict[str, object]) -> dict[str, object]:
        if operation == "Test":
            try:
                meeting.wait(0.3)  # two calls at the same time would meet here; once broken it holds nobody up
                met.append(operation)
            except threading.BrokenBarrierError:
                pass
        return original(operation, values)

    sim.service.answer = watched  # type: ignore[method-assign,assignment]
    sim._one_at_a_time = threading.Semaphore(50)  # type: ignore[assignment]  # let the server take them all at once

    def work() -> None:
        with Client(HOTEL, endpoint=sim.url, clock=sim.clock) as client:
            for _ in range(3):
                client.test([row()])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert operations(sim).count("Test") == 12
    assert met == []


# -------------------------------------------------------------------------------------------------------------- errors


def test_every_error_has_its_words_and_its_place() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, tree.PortalError)]
    assert {kind.problem_code for kind in kinds} <= set(catalogue())
    assert {kind.__name__: kind.sent for kind in kinds} == {
        "PortalError": None, "NotReached": False, "AnswerLost": None, "PortalFault": None, "NotUnderstood": None,
        "Refused": False, "CredentialsRefused": False, "NoReceipt": False, "WrongCategory": False,
    }  # fmt: skip
    assert all(issubclass(kind, errors.Refused) for kind in (errors.CredentialsRefused, errors.NoReceipt, errors.WrongCategory))


@pytest.mark.parametrize(
    ("kind", "more", "expected", "stored"),
    [
        ("drop_before_storing", {}, errors.AnswerLost, 0),
        ("drop_after_storing", {}, errors.AnswerLost, 1),
        ("cut_answer", {}, errors.AnswerLost, 1),
        ("http_500", {}, errors.AnswerLost, 0),
        ("http_500_after_storing", {}, errors.AnswerLost, 1),
        ("status", {"status": 503}, errors.AnswerLost, 0),
        ("status", {"status": 302}, errors.NotUnderstood, 0),
        ("status", {"status": 403}, errors.NotUnderstood, 0),
        ("soap_fault", {}, errors.PortalFault, 0),
        ("soap_fault_after_storing", {}, errors.PortalFault, 1),
        ("garbled", {}, errors.NotUnderstood, 1),
    ],
)
def test_what_may_have_been_processed_is_in_doubt_and_never_repeated(
    sim: Simulator, client: Client, exchanges: list[Exchange], kind: str, more: dict[str, int],
    expected: type[errors.PortalError], stored: int,
) -> None:  # fmt: skip
    sim.faults.next(kind, "Send", **more)
    with pytest.raises(expected) as caught:
        client.send([row()])
    assert type(caught.value) is expected
    assert caught.value.sent is None
    assert (len(sim.ledger), operations(sim).count("Send")) == (stored, 1)
    assert exchanges[-1].error.startswith(expected.__name__)
    assert exchanges[-1].operation == caught.value.operation == "Send"


@pytest.mark.parametrize("kind", ["hang", "hang_after_storing"])
def test_no_answer_in_time_is_an_answer_lost(sim: Simulator, client: Client, kind: str) -> None:
    client.test([row()])
    client._wire._http.timeout = httpx2.Timeout(10, read=0.2)
    sim.faults.next(kind, "Send")
    with pytest.raises(errors.AnswerLost, match="in time"):
        client.send([row()])
    wanted = 1 if kind == "hang_after_storing" else 0
    patience = threading.Event()
    for _ in range(1000):  # the simulator is a thread of its own and may still be at it
        if len(sim.ledger) == wanted and operations(sim).count("Send") == 1:
            break
        patience.wait(0.01)
    assert (len(sim.ledger), operations(sim).count("Send")) == (wanted, 1)


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 405, 413, 429])
def test_a_call_turned_away_before_the_service_was_not_processed(sim: Simulator, client: Client, status: int) -> None:
    sim.faults.next("status", "Send", status=status)
    with pytest.raises(errors.NotReached) as caught:
        client.send([row()])
    assert (caught.value.sent, caught.value.status) == (False, status)


def test_a_fault_with_a_client_status_is_still_a_fault(sim: Simulator, client: Client) -> None:
    sim.behaviour = Behaviour(fault_status=400)
    sim.faults.next("soap_fault", "Send")
    with pytest.raises(errors.PortalFault) as caught:
        client.send([row()])
    assert (caught.value.status, caught.value.sent) == (400, None)
    assert caught.value.fault_code.endswith("Receiver")


def test_nobody_listening_is_not_reached(sim: Simulator, client: Client, exchanges: list[Exchange]) -> None:
    sim.down()
    with pytest.raises(errors.NotReached) as caught:
        client.send([row()])
    assert caught.value.sent is False
    assert (exchanges[-1].response, exchanges[-1].status) == (None, None)
    sim.up()
    assert client.send([row()]).all_valid


def test_unknown_host_and_failed_tls_are_not_reached() -> None:
    nowhere = Client(HOTEL, endpoint="https://alloggiati.invalid/", clock=lambda: NOW, timeout=10)
    with nowhere, pytest.raises(errors.NotReached):
        nowhere.generate_token()
    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        connection, _ = listener.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")  # plain text where TLS is expected
        connection.close()

    thread = threading.Thread(target=hang_up)
    thread.start()
    address = f"https://127.0.0.1:{listener.getsockname()[1]}/"
    with Client(HOTEL, endpoint=address, clock=lambda: NOW, timeout=10) as client, pytest.raises(errors.NotReached):
        client.generate_token()
    thread.join()
    listener.close()


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (httpx2.ConnectTimeout, errors.NotReached),
        (httpx2.PoolTimeout, errors.NotReached),
        (httpx2.ProxyError, errors.NotReached),
        (httpx2.WriteError, errors.AnswerLost),
        (httpx2.WriteTimeout, errors.AnswerLost),
        (httpx2.ReadTimeout, errors.AnswerLost),
        (httpx2.RemoteProtocolError, errors.AnswerLost),
    ],
)
def test_breaks_are_sorted_by_whether_anything_had_left(
    raised: type[httpx2.RequestError], expected: type[errors.PortalError]
) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise raised(f"talking of {PASSWORD}", request=request)

    client = Client(HOTEL, endpoint=ENDPOINT, clock=lambda: NOW, transport=httpx2.MockTransport(handler))
    with pytest.raises(expected) as caught:
        client.generate_token()
    assert PASSWORD not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None  # the original holds the request, secrets and all


def test_an_endless_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b" " * 1024

    monkeypatch.setattr("locanda.portals.wire.LARGEST_ANSWER", 100_000)

    def handler(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=endless())

    client = Client(HOTEL, endpoint=ENDPOINT, clock=lambda: NOW, transport=httpx2.MockTransport(handler))
    with pytest.raises(errors.NotUnderstood, match="too large"):
        client.generate_token()


def test_credentials_never_travel_in_the_clear() -> None:
    with pytest.raises(ValueError, match="https"):
        Client(HOTEL, endpoint="http://alloggiatiweb.example/", clock=lambda: NOW)


# ------------------------------------------------------------------------------------------------------------ refusals


def canned(operation: str, raw: bytes, calls: list[str] | None = None) -> Client:
    """A client whose portal gives a token and then always the same answer."""
    token = (
        "<GenerateTokenResult><issued>2026-07-10T16:00:00</issued><expires>2026-07-10T17:00:00</expires>"
        f"<token>T0KEN</token></GenerateTokenResult><result>{OK}</result>"
    )

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked = "GenerateToken" if b"<GenerateToken " in request.content else operation
        if calls is not None:
            calls.append(asked)
        return httpx2.Response(200, content=answer("GenerateToken", token) if asked == "GenerateToken" else raw)

    return Client(HOTEL, endpoint=ENDPOINT, clock=lambda: NOW, transport=httpx2.MockTransport(handler))


@pytest.mark.parametrize(
    ("code", "name", "detail", "expected", "sent"),
    [
        ("", "ERRORE_AUTENTICAZIONE", "", errors.CredentialsRefused, False),
        ("102", "", "", errors.CredentialsRefused, False),
        ("", "", "Token scaduto", errors.CredentialsRefused, False),
        ("10", "ERRORE_PARAMETRO_ERRATO", "", errors.Refused, False),  # words win over the number
        ("12", "SCHEDINA_CAMPO_NON_CORRETTO", "Elenco Schedine Vuoto", errors.Refused, False),
        ("", "", "Utente non abilitato alla gestione appartamenti", errors.WrongCategory, False),
        ("999", "ERRORE_GENERICO", "", errors.Refused, None),  # unheard of: the rows may be stored
    ],
)
def test_refusals_are_known_by_their_words_first(
    code: str, name: str, detail: str, expected: type[errors.Refused], sent: bool | None
) -> None:
    inside = (
        f"<SendResult><esito>false</esito><ErroreCod>{code}</ErroreCod><ErroreDes>{name}</ErroreDes>"
        f"<ErroreDettaglio>{detail}</ErroreDettaglio></SendResult><result><SchedineValide>0</SchedineValide></result>"
    )
    with pytest.raises(errors.Refused) as caught:
        canned("Send", answer("Send", inside)).send([row()])
    assert (type(caught.value), caught.value.sent) == (expected, sent)
    assert caught.value.refusal == (code, name, detail)


def test_an_unheard_of_refusal_of_a_harmless_call_is_certain() -> None:
    inside = "<TestResult><esito>false</esito><ErroreCod>999</ErroreCod></TestResult>"
    with pytest.raises(errors.Refused) as caught:
        canned("Test", answer("Test", inside)).test([row()])
    assert caught.value.sent is False


@pytest.mark.parametrize(
    ("operation", "inside"),
    [
        ("Send", f"<SendResult>{OK}</SendResult>"),
        ("Send", "<SendResult><esito>false</esito></SendResult><result><SchedineValide>1</SchedineValide></result>"),
        ("Tabella", f"<TabellaResult>{OK}</TabellaResult>"),
        ("Ricevuta", f"<RicevutaResult>{OK}</RicevutaResult>"),
        ("Ricevuta", f"<RicevutaResult>{OK}</RicevutaResult><PDF>%%%</PDF>"),
    ],
)
def test_answers_without_their_substance_are_not_understood(operation: str, inside: str) -> None:
    client = canned(operation, answer(operation, inside))
    calls = {
        "Send": lambda: client.send([row()]),
        "Tabella": lambda: client.table("Luoghi"),
        "Ricevuta": lambda: client.receipt(dt.date(2026, 7, 9)),
    }
    with pytest.raises(errors.NotUnderstood):
        calls[operation]()


def test_a_semicolon_never_enters_the_list_of_apartments(sim: Simulator) -> None:
    with Client(FLATS, endpoint=sim.url, clock=sim.clock) as client, pytest.raises(ValueError, match="semicolon"):
        client.add_apartment("TRULLO; BELLO", "416072030", "VIA ROMA", "ROSSI")


# ------------------------------------------------------------------------------------------------------------- secrets


def test_no_secret_leaves_the_client(sim: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    kept: list[Exchange] = []
    seen: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for version in ("1.1", "1.2"):
            with Client(HOTEL, endpoint=sim.url, clock=sim.clock, on_exchange=kept.append, soap=version) as client:
                token = client.generate_token().value
                client.send([row()])
                sim.faults.next("echo_secrets", "Test")
                with pytest.raises(errors.PortalFault) as fault:
                    client.test([row()])
                sim.faults.next("echo_secrets", "GenerateToken")
                with pytest.raises(errors.PortalFault) as loud:
                    client.generate_token()
                sim.faults.next("cut_answer", "GenerateToken")
                with pytest.raises(errors.AnswerLost):
                    client.generate_token()
                seen += [str(fault.value), repr(fault.value), str(loud.value), repr(client), repr(client.generate_token())]
                assert CUT in str(fault.value)
    assert len(kept) == 12
    # every token the portal ever gave is alive in the simulator or was this one
    tokens = [token, *sim.service.tokens._alive]
    escaped = PASSWORD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = "\n".join([repr(entry) for entry in kept] + seen + [caplog.text, repr(HOTEL), repr(accounts())])
    raw = b"".join(entry.request + (entry.response or b"") for entry in kept)
    for secret in (PASSWORD, escaped, WSKEY, *tokens):
        assert secret not in text
        assert secret.encode() not in raw
    assert b"FERRANTE" in raw  # what is not secret is kept
    assert HOTEL.user.encode() in raw


def test_raw_bytes_are_kept_but_for_the_secrets(client: Client, exchanges: list[Exchange]) -> None:
    client.send([row()])
    sent = exchanges[-1]
    assert (sent.operation, sent.status, sent.error, sent.simulated) == ("Send", 200, None, True)
    assert b"<token>***</token>" in sent.request
    assert row().encode() in sent.request
    assert b"<SchedineValide>1</SchedineValide>" in (sent.response or b"")


SECRET = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=40)


@given(SECRET, st.sampled_from(["plain", "xml", "decimal", "hexadecimal", "base64", "url"]), st.text(max_size=20))
def test_a_secret_is_cut_however_it_is_spelled(secret: str, spelling: str, around: str) -> None:
    import base64
    from urllib.parse import quote
    from xml.sax.saxutils import escape

    spelled = {
        "plain": secret,
        "xml": escape(secret, {'"': "&quot;", "'": "&apos;"}),
        "decimal": "".join(f"&#{ord(char)};" for char in secret),
        "hexadecimal": "".join(f"&#x{ord(char):X};" for char in secret),
        "base64": base64.b64encode(secret.encode()).decode(),
        "url": quote(secret, safe=""),
    }[spelling]
    cut = cut_text(f"{around}|{spelled}|{around}", [secret])
    assert f"|{spelled}|" not in cut
    assert CUT in cut


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "element",
    ["<token>abc</token>", "<a:token x='1'>abc</a:token>", "<token><![CDATA[abc<d]]></token>", "<WsKey>abc", "<Password>abc"],
)
def test_secret_elements_are_emptied_even_when_broken_off(element: str, encoding: str) -> None:
    cut = cut_bytes(f"<x>è{element}".encode(encoding), [])
    assert "abc".encode(encoding)[-6:] not in cut
    assert CUT in cut.decode(encoding)
    assert cut.decode(encoding).startswith("<x>è")


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    raw = bytes(range(256)).replace(b"<", b"")
    assert cut_bytes(raw, ["segreto"]) == raw


def test_an_empty_secret_cuts_nothing() -> None:
    assert cut_text("niente", ["", "altro"]) == "niente"


def test_client_and_portal_share_the_simulated_clock() -> None:
    clock = SimClock(NOW)
    clock.advance(hours=9)
    assert clock().isoformat() == "2026-07-11T01:00:00+02:00"
