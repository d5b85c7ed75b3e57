"""The simulator: faithful to the official description, frank about being one, and breakable on demand."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from locanda.core.time import parse_instant
from locanda.places import builtin, from_portal
from locanda.portals.alloggiati import documents, soap
from locanda.portals.alloggiati.check import Strictness
from locanda.portals.alloggiati.client import Client
from locanda.portals.alloggiati.errors import CredentialsRefused, NoReceipt, Refused, WrongCategory
from locanda.portals.alloggiati.receipt import read_receipt
from locanda.portals.alloggiati.simulator import (
    KINDS,
    PATH,
    Account,
    Behaviour,
    SimClock,
    Simulator,
    set_switches,
    switches,
)
from locanda.portals.alloggiati.simulator.wsdl import service_description
from tests.portals.alloggiati.guests import FLATS, HOTEL, NOW, PASSWORD, WSKEY, accounts, row
from tests.portals.alloggiati.wire import VALUES, body_child, official_wsdl, schema_of

BINDINGS = {"1.1": "{AlloggiatiService}ServiceSoap", "1.2": "{AlloggiatiService}ServiceSoap12"}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(accounts(), clock=NOW) as simulator:
        yield simulator


@pytest.fixture
def hotel(sim: Simulator) -> Iterator[Client]:
    with Client(HOTEL, endpoint=sim.url, clock=sim.clock) as client:
        yield client


@pytest.fixture
def flats(sim: Simulator) -> Iterator[Client]:
    with Client(FLATS, endpoint=sim.url, clock=sim.clock) as client:
        yield client


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            urllib.request.Request(url, body, headers)
        ) as got:
            return got.status, got.read(), dict(got.headers)
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read(), dict(fault.headers)


# -------------------------------------------------------------------------------------------------- zeep, all twelve


@pytest.fixture(params=["official", "ours"])
def wsdl(request: pytest.FixtureRequest, sim: Simulator) -> str:
    if request.param == "official":
        return str(official_wsdl(request.getfixturevalue("shared")))
    return f"{sim.url}?wsdl"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_zeep_drives_all_twelve_operations(sim: Simulator, wsdl: str, version: str) -> None:
    zeep = pytest.importorskip("zeep")
    service = zeep.Client(wsdl).create_service(BINDINGS[version], sim.url)

    def token(user: str) -> str:
        answer = service.GenerateToken(Utente=user, Password=PASSWORD, WsKey=WSKEY)
        assert answer.result.esito
        assert answer.GenerateTokenResult.expires - answer.GenerateTokenResult.issued == dt.timedelta(hours=1)
        return answer.GenerateTokenResult.token

    hotel = {"Utente": HOTEL.user, "token": token(HOTEL.user)}
    flats = {"Utente": FLATS.user, "token": token(FLATS.user)}
    rows = {"ElencoSchedine": {"string": [row("ROSSI"), row(days="00"), "corta"]}}
    both = {"ElencoSchedine": {"string": [row("BRUNO", apartment=4), row("NERI", apartment=5)]}}

    assert service.Authentication_Test(**hotel).esito
    for name, access, more, valid in (
        ("Test", hotel, rows, 1),
        ("Send", hotel, rows, 1),
        ("GestioneAppartamenti_Test", flats, {**rows, "IdAppartamento": 0}, 1),
        ("GestioneAppartamenti_Send", flats, {**rows, "IdAppartamento": 0}, 1),
        ("GestioneAppartamenti_FileUnico_Test", flats, both, 1),
        ("GestioneAppartamenti_FileUnico_Send", flats, both, 1),
    ):
        answer = service[name](**access, **more)
        assert answer[f"{name}Result"].esito
        assert answer.result.SchedineValide == valid
        told = answer.result.Dettaglio.EsitoOperazioneServizio
        wanted = ["", "12", "11"] if more is not both else ["", "12"]
        assert [entry.ErroreCod or "" for entry in told] == wanted[: len(told)]
        assert len(told) == len(more["ElencoSchedine"]["string"])
    assert [entry.row[14:19] for entry in sim.ledger] == ["ROSSI", "ROSSI", "BRUNO"]

    assert service.GestioneAppartamenti_AggiungiAppartamento(
        **flats, Descrizione="Nuovo", ComuneCodice="416072030", Indirizzo="via Bari, 3", Proprietario="Verdi"
    ).esito
    table = service.Tabella(**flats, tipo="ListaAppartamenti")
    assert table.TabellaResult.esito
    assert table.CSV.splitlines()[-1] == "6;NUOVO;MONOPOLI;BA;VIA BARI, 3;VERDI"
    assert service.GestioneAppartamenti_DisabilitaAppartamento(**flats, IdAppartamento=6).esito
    sim.clock.advance(days=1)
    hotel["token"] = token(HOTEL.user)
    receipt = service.Ricevuta(**hotel, Data=dt.datetime(2026, 7, 10))
    assert receipt.RicevutaResult.esito
    assert read_receipt(receipt.PDF).schedine == 1
    assert {called.operation for called in sim.calls} == set(soap.OPERATIONS)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_answer_is_valid_by_the_official_schema(shared: Path, sim: Simulator, version: str) -> None:
    schema = schema_of(official_wsdl(shared))
    sim.clock.advance(days=1)
    for user in (HOTEL.user, FLATS.user):
        for name, values in VALUES.items():
            _, raw, _ = post(sim.url, soap.write_call(name, {**values, "Utente": user}, version), soap.headers(name, version))
            schema.assertValid(body_child(raw))


def test_our_description_means_the_same_as_the_official_one_and_is_not_a_copy(shared: Path, sim: Simulator) -> None:
    ours = service_description("https://alloggiatiweb.poliziadistato.it/service/service.asmx")
    assert ours != official_wsdl(shared).read_bytes()

    def elements(root: Any) -> dict[str, list[tuple[str, ...]]]:
        found = {}
        for kind in root.iter("{http://www.w3.org/2001/XMLSchema}schema"):
            for entry in kind:
                inner = entry.iter("{http://www.w3.org/2001/XMLSchema}element")
                found[entry.get("name")] = [
                    (part.get("name"), (part.get("type") or "").rpartition(":")[2], part.get("minOccurs"), part.get("maxOccurs"))
                    for part in inner
                    if part is not entry
                ]
        return found

    official = elements(etree.parse(official_wsdl(shared)).getroot())
    assert elements(etree.fromstring(ours)) == official


# ----------------------------------------------------------------------------------------------- routing and marking


def test_every_answer_says_that_a_simulator_gave_it(sim: Simulator, hotel: Client) -> None:
    call = soap.write_call("Authentication_Test", VALUES["Authentication_Test"])
    for url, body in ((sim.url, call), (sim.url, b"?"), (sim.url + "x", call), (sim.control_url + "x", b"{}")):
        _, _, headers = post(url, body, {"Content-Type": "application/soap+xml"})
        assert headers["X-Locanda-Simulator"] == "1"
    hotel.send([row()])
    sim.clock.advance(days=1)
    pdf = hotel.receipt(dt.date(2026, 7, 10))
    assert read_receipt(pdf).simulated
    assert b"SIMULATORE" in pdf


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/soap+xml; charset=utf-8"},
        {"Content-Type": 'application/soap+xml; charset=utf-8; action="AlloggiatiService/Authentication_Test"'},
        {"Content-Type": "application/soap+xml; action=Authentication_Test"},
        {"Content-Type": "text/xml", "SOAPAction": '"AlloggiatiService/Authentication_Test"'},
        {"Content-Type": "text/xml", "SOAPAction": ""},
    ],
)
def test_calls_are_routed_by_header_by_action_or_by_body(sim: Simulator, headers: dict[str, str]) -> None:
    call = soap.write_call("Authentication_Test", VALUES["Authentication_Test"], "1.1")
    status, raw, _ = post(sim.url.replace("service.asmx", "Service.ASMX"), call, headers)
    assert status == 200
    assert soap.read_answer("Authentication_Test", raw).esito.ok is False  # the token is invented


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("Test", lambda call: call.replace(b"<Test ", b"<Prova ").replace(b"</Test>", b"</Prova>")),
        ("Test", lambda call: call.replace(b'xmlns="AlloggiatiService"', b'xmlns="altro"')),
        ("Tabella", lambda call: call.replace(b"Luoghi", b"Comuni")),
        ("GestioneAppartamenti_Test", lambda call: call.replace(b"<IdAppartamento>0", b"<IdAppartamento>zero")),
        ("GestioneAppartamenti_Test", lambda call: call.replace(b"<IdAppartamento>0</IdAppartamento>", b"")),
        ("Ricevuta", lambda call: call.replace(b"2026-07-10", b"10/07/2026")),
    ],
)
def test_calls_that_break_the_agreement_get_a_fault(sim: Simulator, operation: str, change: Any, version: str) -> None:
    call = change(soap.write_call(operation, VALUES[operation], version))
    status, raw, _ = post(sim.url, call, soap.headers(operation, version))
    fault = soap.read_answer(operation, raw)
    assert status == 500
    assert isinstance(fault, soap.Fault)
    assert fault.code.endswith("Client" if version == "1.1" else "Sender")
    assert fault.reason


def test_a_list_written_as_one_text_is_an_empty_list(sim: Simulator, hotel: Client) -> None:
    token = hotel.generate_token().value
    values = {"Utente": HOTEL.user, "token": token, "ElencoSchedine": (row(),)}
    call = soap.write_call("Send", values).replace(b"<string>", b"").replace(b"</string>", b"")
    read = soap.read_answer("Send", post(sim.url, call, soap.headers("Send", "1.2"))[1])
    assert (read.esito.ok, read.esito.detail, read.outcomes.valid) == (False, "Elenco Schedine Vuoto", 0)
    assert len(sim.ledger) == 0


def test_a_bare_date_is_a_day_for_the_receipt(sim: Simulator, hotel: Client) -> None:
    hotel.send([row()])
    sim.clock.advance(days=1)
    values = {"Utente": HOTEL.user, "token": hotel.generate_token().value, "Data": dt.date(2026, 7, 10)}
    call = soap.write_call("Ricevuta", values).replace(b"T00:00:00", b"")
    assert soap.read_answer("Ricevuta", post(sim.url, call, soap.headers("Ricevuta", "1.2"))[1]).esito.ok


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_it_listens_on_this_machine_only(host: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Simulator(host=host)


# ---------------------------------------------------------------------------------------------- tokens and categories


def test_tokens_belong_to_their_user_and_die(sim: Simulator, hotel: Client) -> None:
    token = hotel.generate_token().value
    assert "+" in token
    assert "/" in token
    refused = sim.service.answer("Authentication_Test", {"Utente": FLATS.user, "token": token})
    assert not refused["Authentication_TestResult"].ok
    assert sim.service.answer("Authentication_Test", {"Utente": HOTEL.user, "token": token})["Authentication_TestResult"].ok
    sim.clock.advance(hours=1)
    gone = sim.service.answer("Authentication_Test", {"Utente": HOTEL.user, "token": token})
    assert not gone["Authentication_TestResult"].ok


@pytest.mark.parametrize("newest_only", [False, True])
def test_whether_a_new_token_voids_the_old_is_a_switch(sim: Simulator, hotel: Client, newest_only: bool) -> None:
    sim.behaviour = Behaviour(newest_token_only=newest_only)
    first = hotel.generate_token().value
    hotel.generate_token()
    answer = sim.service.answer("Authentication_Test", {"Utente": HOTEL.user, "token": first})
    assert answer["Authentication_TestResult"].ok is not newest_only


def test_a_password_changed_on_the_portal_kills_the_integration(sim: Simulator, hotel: Client) -> None:
    sim.accounts[HOTEL.user].password = "nuova"
    with pytest.raises(CredentialsRefused):
        hotel.generate_token()


def test_too_many_wrong_passwords_lock_the_user_when_the_switch_says_so(sim: Simulator) -> None:
    sim.behaviour = Behaviour(lock_after=2)
    wrong = HOTEL._replace(password="no")
    for keys in (wrong, wrong, HOTEL):
        with Client(keys, endpoint=sim.url, clock=sim.clock) as client, pytest.raises(CredentialsRefused):
            client.generate_token()


def test_each_category_has_its_own_operations(sim: Simulator, hotel: Client, flats: Client) -> None:
    for call in (
        lambda: hotel.apartment_test([row()], 0),
        lambda: hotel.file_unico_send([row(apartment=0)]),
        lambda: hotel.table("ListaAppartamenti"),
        lambda: hotel.add_apartment("A", "416072030", "B", "C"),
        lambda: hotel.disable_apartment(0),
        lambda: flats.send([row()]),
    ):
        with pytest.raises(WrongCategory) as caught:
            call()
        assert caught.value.sent is False
    assert len(sim.ledger) == 0
    sim.behaviour = Behaviour(hotel_operations_for_apartments=True)
    assert flats.test([row()]).all_valid


# ------------------------------------------------------------------------------------------------------ rows, ledger


def test_the_real_judge_judges(hotel: Client) -> None:
    rows = [row(arrival="08/07/2026"), row("DE-SANTIS"), row("LEONE", kind="19"), row("NICCOLÒ")]
    assert [entry.detail for entry in hotel.test(rows).rows] == [
        "Data di Arrivo Errata", "Cognome con caratteri non validi", "Ospite con Capo Gruppo o Capo Famiglia Mancante", "",
    ]  # fmt: skip


def test_how_rows_are_judged_is_a_switch(sim: Simulator, hotel: Client) -> None:
    sim.behaviour = Behaviour(strictness=Strictness(hyphen_refused=False, accents_refused=True))
    assert [entry.ok for entry in hotel.test([row("DE-SANTIS"), row("NICCOLÒ")]).rows] == [True, False]


@pytest.mark.parametrize(
    ("switch", "ok", "kept", "code"), [("store", True, 2, ""), ("flag", True, 2, "12"), ("refuse", False, 1, "12")]
)
def test_what_a_second_sending_does_is_a_switch(
    sim: Simulator, hotel: Client, switch: str, ok: bool, kept: int, code: str
) -> None:
    sim.behaviour = Behaviour(duplicates=switch)
    assert hotel.send([row()]).all_valid
    again = hotel.send([row()])
    assert (again.rows[0].ok, again.rows[0].code, len(sim.ledger)) == (ok, code, kept)


def test_too_many_rows_are_refused_as_a_whole(sim: Simulator, hotel: Client) -> None:
    sim.behaviour = Behaviour(max_rows=2)
    with pytest.raises(Refused) as caught:
        hotel.send([row()] * 3)
    assert caught.value.refusal.name == "ERRORE_PARAMETRO_ERRATO"
    assert len(sim.ledger) == 0


def test_a_refused_call_may_come_without_counts(sim: Simulator, hotel: Client) -> None:
    sim.behaviour = Behaviour(refused_call_has_result=False, max_rows=1)
    with pytest.raises(Refused):
        hotel.test([row()] * 2)


def test_midnight_between_test_and_send_closes_the_window(sim: Simulator, hotel: Client) -> None:
    yesterday = row(arrival="09/07/2026")
    assert hotel.test([yesterday]).all_valid
    sim.faults.next("midnight", "Send")
    told = hotel.send([yesterday])
    assert told.rows[0].detail == "Data di Arrivo Errata"
    assert sim.clock().isoformat() == "2026-07-11T00:00:30+02:00"
    assert len(sim.ledger) == 0


def test_the_ledger_outlives_the_process_and_forgets_nothing(tmp_path: Path) -> None:
    state = tmp_path / "portal.db"
    for name in ("ROSSI", "VERDI"):
        with Simulator(accounts(), clock=NOW, state=state) as sim, Client(HOTEL, endpoint=sim.url, clock=sim.clock) as client:
            client.send([row(name)])
            if name == "ROSSI":
                with Client(FLATS, endpoint=sim.url, clock=sim.clock) as flats:
                    flats.disable_apartment(0)
    with Simulator(accounts(), clock=NOW, state=state) as sim:
        assert sim.ledger.rows(HOTEL.user, dt.date(2026, 7, 10)) == [row("ROSSI"), row("VERDI")]
        assert [entry.enabled for entry in sim.ledger.apartments(FLATS.user)] == [False, True]
        assert next(iter(sim.ledger)).at == NOW
    database = sqlite3.connect(state)
    for statement in ("DELETE FROM ledger", "UPDATE ledger SET row = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)
    database.close()


# --------------------------------------------------------------------------------------------------- receipts, tables


def test_receipts_come_the_day_after_and_stay_thirty_days(sim: Simulator, hotel: Client) -> None:
    day = dt.date(2026, 7, 10)
    hotel.send([row("ROSSI", days="02"), row("VERDI", days="30")])

    def refused() -> bool:
        try:
            hotel.receipt(day)
        except NoReceipt as error:
            assert error.refusal.name == "ERRORE_RECUPERO_RICEVUTA"
            return True
        return False

    assert refused()  # today
    sim.clock.set(parse_instant("2026-07-10T23:59:59+02:00"))
    assert refused()
    sim.clock.set(parse_instant("2026-07-11T00:00:00+02:00"))
    first = hotel.receipt(day)
    facts = read_receipt(first)
    assert (facts.schedine, facts.total_days, facts.sending_day, facts.login) == (2, 32, day, HOTEL.user)
    assert "ROSSI" not in facts.text
    sim.clock.set(parse_instant("2026-08-09T12:00:00+02:00"))
    assert hotel.receipt(day) == first
    sim.clock.set(parse_instant("2026-08-10T12:00:00+02:00"))
    assert refused()


def test_no_sending_no_receipt_and_each_account_its_own(sim: Simulator, hotel: Client, flats: Client) -> None:
    hotel.send([row()])
    sim.clock.advance(days=2)
    for client, day in ((hotel, 9), (hotel, 11), (hotel, 20), (flats, 10)):
        with pytest.raises(NoReceipt):
            client.receipt(dt.date(2026, 7, day))


def test_a_sending_after_midnight_is_on_the_next_days_receipt(sim: Simulator, hotel: Client) -> None:
    sim.clock.set(parse_instant("2026-07-11T00:10:00+02:00"))
    hotel.send([row()])
    sim.clock.advance(days=1)
    assert read_receipt(hotel.receipt(dt.date(2026, 7, 11))).schedine == 1
    with pytest.raises(NoReceipt):
        hotel.receipt(dt.date(2026, 7, 10))


def test_the_hour_and_the_form_of_a_receipt_are_switches(sim: Simulator, hotel: Client) -> None:
    sim.behaviour = Behaviour(receipt_hour=6, receipt_in_envelope=True, receipt_total_days=False)
    hotel.send([row()])
    sim.clock.set(parse_instant("2026-07-11T05:59:00+02:00"))
    with pytest.raises(NoReceipt):
        hotel.receipt(dt.date(2026, 7, 10))
    sim.clock.advance(minutes=1)
    raw = hotel.receipt(dt.date(2026, 7, 10))
    assert not raw.startswith(b"%PDF")
    assert (read_receipt(raw).schedine, read_receipt(raw).total_days) == (1, None)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_tables_are_read_back_whole(sim: Simulator, hotel: Client, line_end: str) -> None:
    sim.behaviour = Behaviour(table_line_end=line_end)
    places = hotel.table("Luoghi")
    assert line_end in places
    read = from_portal(places, "portal")
    assert {state.police for state in read.states} == {state.police for state in builtin().states}
    monopoli = read.comune_row("416072030")
    assert monopoli is not None
    assert monopoli.label == "MONOPOLI (BA)"
    kinds = documents.from_table(hotel.table("Tipi_Documento"), source="portal")
    assert kinds.types == documents.builtin().types
    assert hotel.table("Tipi_Alloggiato").splitlines()[1] == "16;OSPITE SINGOLO"
    assert hotel.table("TipoErrore").splitlines()[1:] == [
        "11;SCHEDINA_FORMATO_NON_CORRETTO", "12;SCHEDINA_CAMPO_NON_CORRETTO", "51;ERRORE_RECUPERO_RICEVUTA",
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------------- apartments


def test_apartments_begin_at_zero_have_gaps_and_are_disabled_for_good() -> None:
    with Simulator([replace(accounts()[1], apartments=())], clock=NOW) as sim, Client(
        FLATS, endpoint=sim.url, clock=sim.clock
    ) as client:  # fmt: skip
        assert not client.file_unico_test([row(apartment=0)]).all_valid  # no apartment, no valid id
        for name in ("uno", "due", "tre"):
            assert client.add_apartment(name, "416072030", "via Roma", "rossi").ok
        lines = client.table("ListaAppartamenti").splitlines()
        assert [line.split(";")[0] for line in lines] == ["IDAPP", "0", "1", "3"]
        assert lines[1] == "0;UNO;MONOPOLI;BA;VIA ROMA;ROSSI"
        assert client.disable_apartment(0).ok
        with pytest.raises(Refused):
            client.disable_apartment(0)
        with pytest.raises(Refused):
            client.apartment_send([row()], 0)
        assert client.add_apartment("uno", "416072030", "via Roma", "rossi").ok
        assert [line.split(";")[0] for line in client.table("ListaAppartamenti").splitlines()[1:]] == ["1", "3", "4"]


@pytest.mark.parametrize("code", ["415063049", "072030", ""])
def test_an_apartment_outside_the_province_is_refused(flats: Client, code: str) -> None:
    with pytest.raises(Refused):
        flats.add_apartment("A", code, "B", "C")


# ----------------------------------------------------------------------------------- clock, switches, control endpoint


def test_the_clock_stands_runs_and_jumps() -> None:
    real = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
    running = SimClock(NOW, running=True, source=lambda: real[0])
    real[0] += dt.timedelta(hours=2)
    assert running() == NOW + dt.timedelta(hours=2)
    running.set(NOW)
    assert running() == NOW
    assert SimClock(source=lambda: real[0])() == real[0]
    with pytest.raises(ValueError, match="offset"):
        SimClock(dt.datetime(2026, 1, 1))
    autumn = SimClock(parse_instant("2026-10-25T02:30+02:00"))
    assert autumn.advance(hours=1).isoformat() == "2026-10-25T02:30:00+01:00"


def test_every_switch_is_listed_with_its_meaning_and_can_be_set() -> None:
    listed = {switch.name: switch for switch in switches()}
    assert "strictness.hyphen_refused" in listed
    assert all(switch.meaning for name, switch in listed.items() if not name.startswith("strictness."))
    set_to = set_switches(Behaviour(), {"token_minutes": "480", "newest_token_only": "true", "strictness.hyphen_refused": "no"})
    assert (set_to.token_minutes, set_to.newest_token_only, set_to.strictness.hyphen_refused) == (480, True, False)
    for wrong in ({"nonsense": "1"}, {"duplicates": "forget"}, {"newest_token_only": "perhaps"}, {"strictness": "x"}):
        with pytest.raises(ValueError, match=r"switch|one of|true or false"):
            set_switches(Behaviour(), wrong)


def control(sim: Simulator, path: str, sent: object = None) -> Any:
    body = None if sent is None else json.dumps(sent).encode()
    status, raw, _ = post(sim.control_url + path, body, {"Content-Type": "application/json"})  # type: ignore[arg-type]
    return status, json.loads(raw)


def test_another_process_can_steer_it(sim: Simulator, hotel: Client) -> None:
    assert control(sim, "clock", {"set": "2026-07-10T18:00:00+02:00"})[1]["clock"] == "2026-07-10T18:00:00+02:00"
    assert control(sim, "clock", {"advance": {"hours": 1}})[1]["clock"] == "2026-07-10T19:00:00+02:00"
    assert control(sim, "faults", {"kind": "soap_fault", "operation": "Send", "times": 2})[1]["faults"] == ["soap_fault"]
    sim.faults.clear()
    hotel.send([row()])
    status, ledger = control(sim, f"ledger?user={HOTEL.user}&day=2026-07-10")
    assert (status, [entry["row"] for entry in ledger]) == (200, [row()])
    assert control(sim, f"ledger?user={FLATS.user}")[1] == []
    assert [called["operation"] for called in control(sim, "calls")[1]] == ["GenerateToken", "Send"]
    assert control(sim, "behaviour", {"token_minutes": 5})[1]["behaviour"]["token_minutes"] == 5
    assert control(sim, "account", {"user": HOTEL.user, "disabled": True})[0] == 200
    with pytest.raises(CredentialsRefused):
        hotel.test([row()])
    assert PASSWORD not in json.dumps([control(sim, "state"), control(sim, "calls")])


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("faults", {"kind": "earthquake"}, 400),
        ("faults", {}, 404),
        ("clock", {"set": "domani"}, 400),
        ("behaviour", {"x": 1}, 400),
        ("account", {"user": "nobody"}, 404),
        ("account", {"user": "BA000001", "category": "apartments"}, 400),
        ("nowhere", None, 404),
    ],
)
def test_wrong_orders_are_told(sim: Simulator, path: str, sent: object, status: int) -> None:
    told = control(sim, path, sent)
    assert told[0] == status
    assert "error" in told[1]


def test_faults_wait_for_their_operation_and_last_as_asked(sim: Simulator, hotel: Client) -> None:
    sim.faults.next("soap_fault", "Send", times=2)
    sim.faults.next("delay", "Test", seconds=0.0)
    assert hotel.test([row()]).all_valid
    assert [fault.times for fault in sim.faults.waiting()] == [2]
    assert set(KINDS) >= {"delay", "drop_after_storing", "drop_before_storing", "http_500", "soap_fault", "midnight"}
    with pytest.raises(ValueError, match="no such fault"):
        sim.faults.next("earthquake")


def test_other_addresses_are_not_found(sim: Simulator) -> None:
    assert post(sim.url.replace(PATH, "/altrove"), b"x", {})[0] == 404


def test_an_account_hides_its_secrets() -> None:
    assert PASSWORD not in repr(Account("BA1", PASSWORD, WSKEY))
    assert WSKEY not in repr(Account("BA1", PASSWORD, WSKEY))


def test_the_page_for_developers_lists_every_switch_and_fault() -> None:
    page = (Path(__file__).parents[3] / "docs" / "developers" / "alloggiati-wire.md").read_text(encoding="utf-8")
    for switch in switches():
        if not switch.name.startswith("strictness."):
            assert f"| `{switch.name}` | `{switch.value!r}` | {switch.meaning} |" in page
    for kind, meaning in KINDS.items():
        assert f"| `{kind}` | {meaning} |" in page
