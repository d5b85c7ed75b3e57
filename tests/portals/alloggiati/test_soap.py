"""Envelopes: strict when written, lenient when read, and the same as another implementation's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from locanda.core.time import ROME
from locanda.portals.alloggiati import PORTAL, soap
from tests.portals.alloggiati.wire import VALUES, body_child, canonical, official_wsdl, schema_of, zeep_values

XML_TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="￾￿"), max_size=200
)  # what a row may hold: no line ends, no control characters


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return schema_of(official_wsdl(shared))


def test_there_are_twelve_operations_and_the_portal_declares_them() -> None:
    assert len(soap.OPERATIONS) == 12
    assert set(PORTAL.operations) == set(soap.OPERATIONS) == set(VALUES)


def test_the_operations_are_those_of_the_official_description(shared: Path) -> None:
    root = etree.parse(official_wsdl(shared)).getroot()
    found: dict[str, list[str]] = {}
    for element in root.iter("{http://www.w3.org/2001/XMLSchema}element"):
        if element.getparent().tag.endswith("schema"):
            found[element.get("name")] = [child.get("name") for child in element[0][0]]
    ours: dict[str, list[str]] = {}
    for operation in soap.OPERATIONS.values():
        ours[operation.name] = [name for name, _ in (*operation.request, *operation.by_reference)]
        ours[f"{operation.name}Response"] = [name for name, _ in operation.answer]
    assert ours == found


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("operation", sorted(soap.OPERATIONS))
def test_every_call_is_valid_by_the_official_schema(schema: etree.XMLSchema, operation: str, version: str) -> None:
    call = body_child(soap.write_call(operation, VALUES[operation], version))
    schema.assertValid(call)
    assert call.getparent().getparent().tag == f"{{{soap.SOAP_NAMESPACES[version]}}}Envelope"


@pytest.mark.parametrize(("version", "binding"), [("1.1", "ServiceSoap"), ("1.2", "ServiceSoap12")])
@pytest.mark.parametrize("operation", sorted(soap.OPERATIONS))
def test_zeep_writes_the_same_call(shared: Path, zeep_client, operation: str, version: str, binding: str) -> None:
    service = zeep_client.create_service(f"{{AlloggiatiService}}{binding}", "http://127.0.0.1/")
    theirs = zeep_client.create_message(service, operation, **zeep_values(VALUES[operation]))
    assert canonical(soap.write_call(operation, VALUES[operation], version)) == canonical(theirs)


@pytest.fixture(scope="module")
def zeep_client(shared: Path):
    zeep = pytest.importorskip("zeep")
    return zeep.Client(str(official_wsdl(shared)))


@given(st.lists(XML_TEXT, min_size=1, max_size=5))
def test_rows_survive_the_envelope_character_for_character(rows: list[str]) -> None:
    values = {"Utente": "XX000001", "token": "t", "ElencoSchedine": tuple(rows)}
    call = body_child(soap.write_call("Send", values))
    (listed,) = call.findall(f"{{{soap.NAMESPACE}}}ElencoSchedine")
    assert [child.text or "" for child in listed] == rows


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("Send", {"ElencoSchedine": ("A\r\nB",)}),
        ("Send", {"ElencoSchedine": ("A\x00",)}),
        ("Send", {"ElencoSchedine": "AB"}),
        ("Tabella", {"tipo": "Comuni"}),
        ("Ricevuta", {"Data": dt.datetime(2026, 7, 10, 3)}),
        ("GestioneAppartamenti_Send", {"IdAppartamento": "4"}),
        ("GestioneAppartamenti_Send", {"IdAppartamento": True}),
        ("Authentication_Test", {"token": None}),
    ],
)
def test_what_cannot_be_written_is_refused_without_quoting_it(operation: str, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot be written as") as caught:
        soap.write_call(operation, {**VALUES[operation], **change})
    assert "A\r" not in str(caught.value)
    assert str(caught.value).endswith(next(iter(change)))


def test_a_missing_or_unknown_element_is_refused() -> None:
    with pytest.raises(ValueError, match="takes Utente, token"):
        soap.write_call("Authentication_Test", {"Utente": "XX000001"})


def test_headers_name_the_action_in_both_versions() -> None:
    assert soap.headers("Send", "1.1")["SOAPAction"] == '"AlloggiatiService/Send"'
    assert soap.headers("Send", "1.1")["Content-Type"].startswith("text/xml")
    assert 'action="AlloggiatiService/Send"' in soap.headers("Send", "1.2")["Content-Type"]
    assert soap.headers("Send", "1.2")["Content-Type"].startswith("application/soap+xml")


# ------------------------------------------------------------------------------------------------------- reading


def answer(operation: str, inside: str, soap_version: str = "1.2") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{soap.SOAP_NAMESPACES[soap_version]}">'
        f'<s:Body><{operation}Response xmlns="AlloggiatiService">{inside}</{operation}Response></s:Body></s:Envelope>'
    ).encode()


OK = "<esito>true</esito><ErroreCod/><ErroreDes/><ErroreDettaglio/>"
BAD = (
    "<esito>false</esito><ErroreCod>12</ErroreCod><ErroreDes>SCHEDINA_CAMPO_NON_CORRETTO</ErroreDes>"
    "<ErroreDettaglio>Data di Arrivo Errata</ErroreDettaglio>"
)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_outcomes_are_read_in_order(version: str) -> None:
    inside = (
        f"<SendResult>{OK}</SendResult><result><SchedineValide>1</SchedineValide><Dettaglio>"
        f"<EsitoOperazioneServizio>{BAD}</EsitoOperazioneServizio><EsitoOperazioneServizio>{OK}</EsitoOperazioneServizio>"
        '<EsitoOperazioneServizio xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
        "</Dettaglio></result>"
    )
    read = soap.read_answer("Send", answer("Send", inside, version))
    assert read.esito == soap.Esito(ok=True)
    bad = soap.Esito(False, "12", "SCHEDINA_CAMPO_NON_CORRETTO", "Data di Arrivo Errata")
    assert read.outcomes == soap.RowOutcomes(1, (bad, soap.Esito(ok=True), soap.NOT_TOLD))


def test_the_token_is_in_the_result_and_the_outcome_beside_it() -> None:
    inside = (
        "<GenerateTokenResult><issued>2026-07-10T13:13:47.1540692+02:00</issued>"
        "<expires>2026-07-10T14:13:47.1540692+02:00</expires><token>a+/=</token></GenerateTokenResult>"
        f"<result>{OK}</result>"
    )
    read = soap.read_answer("GenerateToken", answer("GenerateToken", inside))
    assert read.esito.ok
    assert read.token.value == "a+/="
    assert read.token.expires - read.token.issued == dt.timedelta(hours=1)
    assert read.token.issued.microsecond == 154069
    assert "a+/=" not in repr(read)


def test_a_refused_token_has_an_outcome_and_no_token() -> None:
    inside = (
        "<GenerateTokenResult><issued>0001-01-01T00:00:00</issued><expires>0001-01-01T00:00:00</expires>"
        f"</GenerateTokenResult><result>{BAD}</result>"
    )
    read = soap.read_answer("GenerateToken", answer("GenerateToken", inside))
    assert (read.esito.ok, read.token) == (False, None)


def test_the_spelling_of_the_manuals_tables_and_numeric_booleans_are_read() -> None:
    words = "<errorCod>11</errorCod><errorDes>X</errorDes><erroreDettaglio>y</erroreDettaglio>"
    inside = f"<TestResult><esito>0</esito>{words}</TestResult>"
    assert soap.read_answer("Test", answer("Test", inside)).esito == soap.Esito(False, "11", "X", "y")


def test_other_prefixes_and_no_namespace_are_read() -> None:
    inside = b"<TestResponse><TestResult><esito> true </esito></TestResult></TestResponse>"
    raw = b"<E:Envelope xmlns:E='urn:x'><E:Body>" + inside + b"</E:Body></E:Envelope>"
    assert soap.read_answer("Test", raw).esito.ok


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode>'
            b"<faultstring>Boom</faultstring></s:Fault></s:Body></s:Envelope>",
            soap.Fault("s:Server", "Boom"),
        ),
        (
            b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value>'
            b'</s:Code><s:Reason><s:Text xml:lang="en">Boom</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>',
            soap.Fault("s:Receiver", "Boom"),
        ),
    ],
)
def test_faults_of_both_versions(raw: bytes, expected: soap.Fault) -> None:
    assert soap.read_answer("Send", raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>Manutenzione</body></html>",
        b"not xml",
        answer("Test", f"<TestResult>{OK}</TestResult>")[:-10],
        answer("Test", f"<TestResult>{OK}</TestResult>"),
        answer("Send", ""),
        answer("Send", "<SendResult><esito>forse</esito></SendResult>"),
        answer("Send", f"<SendResult>{OK}</SendResult><result><SchedineValide>due</SchedineValide></result>"),
    ],
)
def test_what_is_not_an_answer_to_the_call_is_unreadable(raw: bytes) -> None:
    with pytest.raises(soap.Unreadable):
        soap.read_answer("Send", raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_document_type_and_no_entity_is_read(encoding: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SEGRETO")
    text = answer("Tabella", f"<TabellaResult>{OK}</TabellaResult><CSV>&x;</CSV>").decode()
    text = text.replace('<?xml version="1.0" encoding="utf-8"?>', f'<?xml version="1.0" encoding="{encoding}"?>')
    text = text.replace("?>", f'?><!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>', 1)
    with pytest.raises(soap.Unreadable, match="document type"):
        soap.read_answer("Tabella", text.encode(encoding))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-11-12T13:13:47.1540692+01:00", dt.datetime(2021, 11, 12, 12, 13, 47, 154069, dt.UTC)),
        ("2021-11-12T12:13:47Z", dt.datetime(2021, 11, 12, 12, 13, 47, 0, dt.UTC)),
        ("2021-11-12T13:13:47", dt.datetime(2021, 11, 12, 13, 13, 47, 0, ROME)),
        ("2021-11-12T13:13:47.5", dt.datetime(2021, 11, 12, 13, 13, 47, 500000, ROME)),
    ],
)
def test_instants_with_any_decimals(text: str, expected: dt.datetime) -> None:
    assert soap.parse_instant(text).astimezone(dt.UTC) == expected.astimezone(dt.UTC)


@pytest.mark.parametrize("text", ["", "domani", "2021-13-12T13:13:47", "2021-11-12"])
def test_other_texts_are_no_instants(text: str) -> None:
    with pytest.raises(soap.Unreadable):
        soap.parse_instant(text)
