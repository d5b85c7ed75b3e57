"""Calls and answers of the web service, against the official schema and zeep (WSDL ``checkinV2``; spec flussi-turistici 6.6)."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from locanda.portals.errors import SoapFault, Unreadable
from locanda.portals.ross1000.movements import read
from locanda.portals.ross1000.records import Eliminazione, Movimenti, Movimento, Partenza
from locanda.portals.ross1000.simulator import Account, Behaviour, Simulator
from locanda.portals.ross1000.simulator.envelopes import BadCall, read_call, write_answer, write_fault
from locanda.portals.ross1000.soap import (
    MANY,
    NAMESPACE,
    ONE,
    DayResult,
    Result,
    StructureResult,
    headers,
    read_answer,
    write_call,
)
from tests.contracts.ross1000 import DAY, GUEST, HOUSE, KEYS
from tests.portals.ross1000.house import official_schema, small_year

FIX = Movimento("20260606", HOUSE, None, (Partenza("G1", "16", DAY),), None, (Eliminazione("Q<&>", "16", DAY),))
FILE = Movimenti("X00001", "Locanda & figli", (Movimento(DAY, HOUSE, (GUEST,)), FIX))
ANSWERS = (
    StructureResult("X00001", "", (
        DayResult(DAY, (Result("arrivo", "G1", success=True), Result("arrivo", "G2", success=False, error="Capo < non trovato"))),
        DayResult("20260606"),
        DayResult("20260607", (Result("partenza", "G1", success=None), Result("eliminazione", "Q1", success=True))),
    )),
    StructureResult("X00002", "Struttura non associata", ()),
)  # fmt: skip


def body_child(envelope: bytes) -> Any:
    (body,) = etree.fromstring(envelope)
    (child,) = body
    return child


def faults(shared: Path, envelope: bytes) -> list[str]:
    schema = official_schema(shared)
    schema.validate(etree.fromstring(etree.tostring(body_child(envelope))))
    return [str(entry) for entry in schema.error_log]


# calls --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operation", "files"), [(ONE, (FILE,)), (MANY, (FILE, FILE._replace(codice="X00002"))), (MANY, ())])
def test_every_call_is_valid_under_the_official_schema(shared: Path, operation: str, files: tuple[Movimenti, ...]) -> None:
    assert faults(shared, write_call(operation, files)) == []


def test_a_year_of_varied_guests_is_a_valid_call(shared: Path) -> None:
    assert faults(shared, write_call(ONE, (read(small_year()).values,))) == []


def test_only_the_operation_bears_the_namespace() -> None:
    call = body_child(write_call(ONE, (FILE,)))
    assert call.tag == f"{{{NAMESPACE}}}{ONE}"
    assert {element.tag for element in call.iter() if "{" in element.tag} == {call.tag}


def test_a_call_is_read_as_it_was_written() -> None:
    assert read_call(write_call(ONE, (FILE,))) == (ONE, (FILE,))
    files = (FILE, FILE._replace(codice="X00002"))
    assert read_call(write_call(MANY, files)) == (MANY, files)


def test_children_with_a_namespace_are_not_seen() -> None:
    raw = write_call(ONE, (FILE,)).replace(b"xmlns:ws=", b"xmlns=", 1).replace(b"<ws:", b"<").replace(b"</ws:", b"</")
    with pytest.raises(BadCall, match="unexpected element"):
        read_call(raw)


def test_credentials_go_with_the_first_request() -> None:
    sent = headers("utente", "parola:segreta")
    assert sent["Authorization"] == "Basic " + base64.b64encode(b"utente:parola:segreta").decode()
    assert (sent["SOAPAction"], sent["Content-Type"]) == ('""', "text/xml; charset=utf-8")


# answers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operation", "structures"), [(ONE, ANSWERS[:1]), (ONE, ()), (MANY, ANSWERS), (MANY, ())])
def test_answers_of_the_simulator_are_valid_and_read_again(
    shared: Path, operation: str, structures: tuple[StructureResult, ...]
) -> None:
    raw = write_answer(operation, structures)
    assert faults(shared, raw) == []
    read = read_answer(operation, raw)
    assert not isinstance(read, SoapFault)
    if operation == MANY:
        assert read.structures == structures
    else:
        assert [[day.results for day in one.days] for one in read.structures] == [
            [day.results for day in one.days] for one in structures
        ]
        assert all(day.data is None for one in read.structures for day in one.days)


def test_a_fault_is_read() -> None:
    assert read_answer(ONE, write_fault("rotto", server=False)) == SoapFault("soap:Client", "rotto")


@pytest.mark.parametrize("raw", [b"", b"<html/>", write_answer(MANY, ()), b"<!DOCTYPE x><Envelope/>"])
def test_what_is_no_answer_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_answer(ONE, raw)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_answer(ONE, raw)


# zeep ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def zeep_client(shared: Path) -> Any:
    zeep = pytest.importorskip("zeep")
    return zeep.Client(str(shared / "schemas" / "ross1000" / "checkinV2.wsdl"))


def shaped(file: Movimenti) -> dict[str, Any]:
    """The same values in the shape zeep wants them."""

    def record(value: Any) -> dict[str, Any]:
        return {key: text for key, text in value._asdict().items() if text is not None}

    days = []
    for day in file.movimenti:
        entry: dict[str, Any] = {"data": day.data, "struttura": record(day.struttura)}
        if day.arrivi:
            entry["arrivi"] = {"arrivo": [record(guest) for guest in day.arrivi]}
        if day.partenze:
            entry["partenze"] = {"partenza": [record(guest) for guest in day.partenze]}
        if day.rettifiche:
            entry["rettifiche"] = {"_value_1": [{"eliminazione": record(fix)} for fix in day.rettifiche]}
        days.append(entry)
    return {"codice": file.codice, "prodotto": file.prodotto, "movimento": days}


def meaning(envelope: Any) -> str:
    text = envelope if isinstance(envelope, bytes) else etree.tostring(envelope)
    return etree.canonicalize(text.decode(), rewrite_prefixes=True, strip_text=True)


@pytest.mark.parametrize(("operation", "files"), [(ONE, (FILE,)), (MANY, (FILE, FILE._replace(codice="X00002")))])
def test_zeep_writes_the_same_call(zeep_client: Any, operation: str, files: tuple[Movimenti, ...]) -> None:
    sent = [shaped(file) for file in files]
    theirs = zeep_client.create_message(zeep_client.service, operation, movimentazione=sent[0] if operation == ONE else sent)
    assert meaning(write_call(operation, files)) == meaning(theirs)


def test_zeep_drives_the_simulator_from_the_official_description(zeep_client: Any) -> None:
    with Simulator([Account(*KEYS, ("X00001", "X00002"))], behaviour=Behaviour()) as simulator:
        zeep_client.transport.session.auth = (KEYS.user, KEYS.password)
        binding = f"{{{NAMESPACE}}}GestioneCheckinV2ImplServiceSoapBinding"
        service = zeep_client.create_service(binding, simulator.url)
        told = service.inviaMovimentazione(movimentazione=shaped(FILE))
        assert [entry.successo for entry in told[0].arrivi.arrivo] == [True]
        assert [(entry.idswh, entry.successo) for entry in told[1].retifiche.eliminazione] == [("Q<&>", False)]
        many = service.inviaMovimentazioneList(movimentazione=[shaped(FILE), shaped(FILE._replace(codice="X00009"))])
        assert [(one.codice, one.errore) for one in many.struttura] == [
            ("X00001", None), ("X00009", "Struttura non associata all'utente"),
        ]  # fmt: skip
        assert [day.data for day in many.struttura[0].giorno] == [DAY, "20260606"]
