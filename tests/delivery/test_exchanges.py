"""Raw calls: bodies that carry guests stand under their party's key or nowhere."""

from __future__ import annotations

import pytest

from locanda.archive.models import Exchange
from locanda.archive.vault import Vault
from locanda.delivery.courier import OPERATIONS
from locanda.delivery.machine import State
from locanda.delivery.record import store_exchanges
from locanda.office import accounts, sending
from locanda.portals.alloggiati.client import Exchange as WireExchange
from tests.world import NOON, guest, world

pytestmark = pytest.mark.django_db


def call(operation: str) -> WireExchange:
    return WireExchange(operation, NOON, NOON, b"<Envelope>ROSSI</Envelope>", b"<Envelope>ROSSI</Envelope>", 200, None, True)


@pytest.mark.parametrize("operation", ["Test", "Send", "GestioneAppartamenti_FileUnico_Send", "GestioneAppartamenti_Test"])
def test_a_call_with_guests_keeps_no_body_without_its_party(operation: str) -> None:
    with world() as here:
        store_exchanges(here.credential, [call(operation), call("Ricevuta"), call("Authentication_Test")])
        vault = Vault(here.account)
        kept = {row.operation: row for row in Exchange.objects.of(here.account)}
        assert vault.open_bytes(kept[operation].sealed_request, "exchange") == b""
        assert kept[operation].sealed_response is None and kept[operation].status == 200
        for harmless in ("Ricevuta", "Authentication_Test"):
            assert b"ROSSI" in vault.open_bytes(kept[harmless].sealed_request, "exchange")
            assert b"ROSSI" in vault.open_bytes(kept[harmless].sealed_response, "exchange")


def test_what_an_attempt_cut_short_left_is_never_stored_with_another_party() -> None:
    with world() as here:
        here.check_in(guest("PRIMA"))
        courier = here.couriers.of(here.credential)
        courier._wire.append(call("Send")._replace(request=b"<Envelope>AVANZO</Envelope>"))  # type: ignore[attr-defined]
        here.engine.round()
        delivery = here.delivery()
        assert delivery.state == State.ACCEPTED
        box, vault = Vault(here.account).party(delivery.party), Vault(here.account)
        bodies = [
            (box if row.delivery_id else vault).open_bytes(row.sealed_request, "exchange")
            for row in Exchange.objects.of(here.account)
        ]
        assert any(b"PRIMA" in body for body in bodies) and not any(b"AVANZO" in body for body in bodies)


def test_trying_the_keys_leaves_the_calls_of_the_engine_alone() -> None:
    with world() as here:
        courier = here.couriers.of(here.credential)
        courier._wire.append(call("Send"))  # type: ignore[attr-defined]
        assert accounts.test_connection(here.credential, here.couriers, now=here.now).ok
        assert not Exchange.objects.of(here.account).filter(operation="Send").exists()
        assert [one.operation for one in courier.take_exchanges()] == ["Send"]
        assert here.couriers.of(here.credential) is courier


@pytest.mark.parametrize("table", ["nonsense", "Codice;Descrizione\n"])
def test_a_table_that_is_none_is_an_answer_not_understood(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from locanda.portals.alloggiati.client import Client

    monkeypatch.setattr(Client, "table", lambda *_: table)
    with world() as here:
        came = accounts.test_connection(here.credential, here.couriers, now=here.now)
        assert not came.ok and type(came.error).__name__ == "NotUnderstood"
        here.credential.refresh_from_db()
        assert here.credential.tested_ok is False and here.credential.test_answer


def test_rows_for_another_kind_of_account_are_not_sent_and_are_written_anew() -> None:
    with world() as here:
        here.check_in(guest())
        first = here.delivery()
        assert first.credential_id is not None and first.operation == "Send"
        here.credential.category = "apartments"
        here.credential.save(update_fields=["category"])
        here.property.refresh_from_db()
        here.property.apartment = 7
        here.property.save(update_fields=["apartment"])
        here.engine.round()
        first.refresh_from_db()
        assert first.state == State.POSTPONED and first.last_error == "WrongCategory"
        assert not here.sim.ledger.rows()
        assert not Exchange.objects.of(here.account).filter(operation__endswith="Test").exists()

        first = type(first).objects.of(here.account).get(pk=first.pk)
        assert sending.send_now(first, now=here.now, person=here.person)
        first.refresh_from_db()
        anew = here.delivery()
        assert first.state == State.WITHDRAWN and anew.pk != first.pk
        assert anew.operation == OPERATIONS["apartments"] and anew.apartment == 7  # type: ignore[index]
        text = Vault(here.account).party(anew.party).open(anew.sealed_text, "delivery text")["text"]
        assert len(text) == 174


def test_what_has_gone_is_not_written_anew_for_another_kind_of_account() -> None:
    with world() as here:
        here.check_in(guest())
        here.engine.round()
        here.credential.category = "apartments"
        here.credential.save(update_fields=["category"])
        sent = here.delivery()
        assert sent.state == State.ACCEPTED
        assert not sending.send_now(sent, now=here.now, person=here.person)
        assert here.delivery().pk == sent.pk
