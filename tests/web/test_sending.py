"""From Today to the receipt, by the buttons of the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from locanda.archive.models import Delivery, Receipt, Segment, SendingDay, Stay
from locanda.core.time import ROME
from locanda.delivery.machine import State
from locanda.office import clock, sending
from locanda.web.views.receipts import _TONES
from locanda.web.views.segments import may_go_by_hand
from tests.web.scene import break_row, full, turn
from tests.world import World, family, guest

pytestmark = pytest.mark.django_db


def segment_of(stay: Stay) -> Segment:
    return Segment.objects.of(stay.account_id).filter(party__stay=stay).order_by("index").first()


def at(name: str, stay: Stay) -> str:
    return reverse(name, args=[segment_of(stay).pk])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def next_morning(here: World) -> None:
    here.now = datetime.combine(here.now.date() + timedelta(days=1), datetime.min.time(), ROME) + timedelta(hours=8)
    clock.set_demo_clock(here.now)
    here.engine.round()


def later(here: World, **amount: float) -> None:
    """Some time on, for the pages too."""
    here.pass_time(**amount)
    clock.set_demo_clock(here.now + timedelta(seconds=2))


def doubtful(here: World, client: Client, *guests: dict[str, Any]) -> Stay:
    """A stay whose answer was lost after the portal had stored it."""
    stay = here.check_in(*guests)
    here.sim.faults.next("drop_after_storing", operation="Send")
    client.post(at("send", stay))
    turn(here)
    assert here.delivery(stay).state == State.IN_DOUBT
    return stay


def fields_of(guest_fields: dict[str, str], number: int = 0) -> dict[str, str]:
    return {f"g{number}-{name}": value for name, value in guest_fields.items()}


ROSSI = {
    "surname": "ROSSI",
    "name": "MARIA",
    "sex": "F",
    "birth_date": "10/05/1980",
    "birth_state": "IT",
    "birth_comune": "MONOPOLI (BA)",
    "citizenship": "IT",
    "doc_type": "IDENT",
    "doc_number": "CA12345AA",
    "doc_issued": "MONOPOLI (BA)",
}  # fmt: skip


def test_one_tap_sends(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(*family()), visit()
    page = read(client, "/")
    assert "Invia alla polizia" in page and "Termine di legge: domani alle 12:00" in page and "Mancano 23 ore" in page
    answer = client.post(at("send", stay), {"back": "today"})
    assert answer["Location"] == "/"
    assert "every 3s" in read(client, "/") and "Sta partendo" in read(client, "/")
    turn(here)
    page = read(client, "/")
    assert "every 60s" in page and "Accettato dalla polizia" in page and "Demo: portale simulato" in page
    fragment = client.get(reverse("today_cards"), headers={"HX-Request": "true"}).content.decode()
    assert fragment.startswith('<div id="cards"') and "<html" not in fragment
    assert client.get(reverse("today_cards"))["Location"] == "/"
    detail = read(client, at("segment", stay))
    assert "il portale ha risposto per ogni ospite" in detail and "D&#x27;AMICO" in detail
    assert "GestioneAppartamenti" not in detail and ":Envelope" in detail and "una-parola-segreta" not in detail
    assert "art. 109 c. 3" in detail and "NICCOLÒ → <strong>NICCOLO" in detail
    # sent a second time by an old page: nothing happens
    client.post(at("send", stay))
    assert here.delivery(stay).state == State.ACCEPTED


def test_a_refused_guest_is_corrected_on_the_page(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    break_row(here.delivery(stay), 0, "BAD—NAME")
    client.post(at("send", stay))
    turn(here)
    page = read(client, "/")
    assert "Rifiutato dal portale" in page and at("correct", stay) in page and "Schedina rifiutata" in page
    form = read(client, at("correct", stay))
    assert "Cognome con caratteri non validi" in form and 'value="ROSSI"' in form and "doc_number" in form
    wrong = client.post(at("correct", stay), fields_of(ROSSI | {"surname": "", "birth_date": "boh"}))
    page = wrong.content.decode()
    assert wrong.status_code == 422 and 'href="#g0-surname"' in page and "boh" in page
    done = client.post(at("correct", stay), fields_of(ROSSI | {"surname": "ROSSI VERDI"}))
    assert done["Location"] == at("segment", stay)
    turn(here)
    delivery = here.delivery(stay)
    assert delivery.state == State.ACCEPTED and [row.row[14:64].rstrip() for row in here.sim.ledger.acquired()] == ["ROSSI VERDI"]
    again = client.post(at("correct", stay), fields_of(ROSSI))
    assert "già acquisita" in again.content.decode()
    assert Delivery.objects.of(here.account).count() == 2


def test_an_emptied_field_does_not_keep_its_old_value(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    abroad = ROSSI | {"birth_state": "DE", "birth_comune": "", "citizenship": "DE"}
    assert client.post(at("correct", stay), fields_of(abroad)).status_code == 302
    client.post(at("send", stay))
    turn(here)
    (row,) = here.sim.ledger.acquired()
    assert row.row[105:116].strip() == "" and row.row[116:125] == "100000216"


def test_members_are_corrected_without_a_document(here: World, visit: Callable[..., Client]) -> None:
    stay = here.check_in(*family())
    form = read(visit(), at("correct", stay))
    assert form.count('-doc_number"') > 0 and 'name="g1-doc_number"' not in form and 'name="g2-surname"' in form


def test_a_doubt_is_settled_by_looking(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(*family()), visit()
    here.sim.faults.next("drop_after_storing", operation="Send")
    client.post(at("send", stay))
    turn(here)
    page = read(client, at("segment", stay))
    assert "Analisi" in page and "Ci sono solo alcuni" in page and at("send_again", stay) not in page
    client.post(at("send", stay))
    client.post(at("send_again", stay))
    assert here.delivery(stay).state == State.IN_DOUBT and len(here.sim.ledger.acquired()) == 3  # never sent again
    client.post(at("doubt", stay), {"found": "some"})  # some, but whom?
    assert here.delivery(stay).state == State.IN_DOUBT
    assert 'name="note"' not in page  # nothing free is kept in clear beside a guest
    client.post(at("doubt", stay), {"found": "all", "note": "ho visto ROSSI"})
    delivery = here.delivery(stay)
    assert (delivery.state, delivery.evidence, delivery.evidence_note) == (State.ACCEPTED, "operator", "")
    client.post(at("doubt", stay), {"found": "none"})  # an old page
    assert here.delivery(stay).state == State.ACCEPTED


def test_what_is_not_there_is_sent_again_and_part_of_it_too(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    stay = here.check_in(*family())
    here.sim.faults.next("drop_before_storing", operation="Send")
    client.post(at("send", stay))
    turn(here)
    early = client.post(at("doubt", stay), {"found": "none"}, follow=True).content.decode()
    assert here.delivery(stay).state == State.IN_DOUBT and "troppo presto" in early  # it may still be stored
    assert "solo dopo le" in read(client, at("segment", stay))
    later(here, minutes=20)
    client.post(at("doubt", stay), {"found": "none"})
    assert "Non è arrivato: da rimandare" in read(client, "/")
    assert "puoi rimandarla. Se hai un dubbio" in read(client, at("segment", stay))
    client.post(at("send_again", stay))
    turn(here)
    assert here.delivery(stay).state == State.ACCEPTED and len(here.sim.ledger.acquired()) == 3


def test_some_found_asks_to_correct_the_others(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(*family()), visit()
    here.sim.faults.next("drop_after_storing", operation="Send")
    client.post(at("send", stay))
    turn(here)
    later(here, minutes=20)
    client.post(at("doubt", stay), {"found": "some", "row": ["0", "1", "77", "²"]})
    assert here.delivery(stay).state == State.PARTLY_ACCEPTED
    form = read(client, at("correct", stay))
    assert 'value="FERRO"' in form and 'name="g1-surname"' not in form
    assert 'name="g0-doc_number"' in form  # a party gains no members: they go as a single, with a document


def test_by_hand_with_file_sheet_and_proof(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    assert "Scarica il file" not in read(client, at("by_hand", stay))
    assert client.get(at("file", stay)).status_code == 404  # while it may still leave from here
    client.post(at("by_hand", stay))
    page = read(client, at("by_hand", stay))
    assert "Luogo di nascita" in page and "MONOPOLI (BA)" in page and "art. 3 D.M. 7/1/2013" in page and "10/05/1980" in page
    file = client.get(at("file", stay))
    assert len(file.content.decode()) == 168 and "ROSSI" not in file["Content-Disposition"]
    client.post(at("send", stay))
    turn(here)
    assert here.sim.ledger.acquired() == []  # in hand: never sent from here
    client.post(at("hand_confirm", stay), {"how": "pec", "note": ""})
    assert here.delivery(stay).state == State.BY_HAND  # a PEC without its proof proves nothing
    client.post(at("hand_confirm", stay), {"how": "pec", "note": "ricevuta di consegna del 10/07, 12:40"})
    delivery = here.delivery(stay)
    assert (delivery.state, delivery.evidence) == (State.SUBSTITUTED, "substitute")
    page = read(client, at("segment", stay))
    assert "Dati degli ospiti cancellati" in page and "ROSSI" not in page


def test_the_day_after_nobody_can_say_that_they_are_not_there(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    stay = doubtful(here, client, *family())
    later(here, hours=13)  # an hour after midnight; no receipt yet
    page = read(client, at("segment", stay))
    assert "«Analisi» mostra solo le schedine di oggi" in page and 'value="all"' in page
    assert 'value="none"' not in page and 'value="some"' not in page and at("by_hand", stay) in page
    for told in ({"found": "none"}, {"found": "some", "row": ["0"]}):  # an old page
        answer = client.post(at("doubt", stay), told, follow=True).content.decode()
        assert here.delivery(stay).state == State.IN_DOUBT and "non dice più che cosa manca" in answer
    assert "aspetta la ricevuta" in read(client, at("by_hand", stay))
    client.post(at("doubt", stay), {"found": "all"})
    assert here.delivery(stay).state == State.ACCEPTED


def test_what_the_portal_refuses_may_go_by_hand(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    break_row(here.delivery(stay), 0, "BAD—NAME")
    client.post(at("send", stay))
    turn(here)
    page = read(client, at("segment", stay))
    assert at("correct", stay) in page and "scritta io sul portale, o la mando a mano" in page
    assert "La comunico io" in read(client, at("by_hand", stay))
    client.post(at("by_hand", stay))
    assert here.delivery(stay).state == State.BY_HAND
    client.post(at("hand_confirm", stay), {"how": "typed"})
    assert here.delivery(stay).state == State.ACCEPTED and here.sim.ledger.acquired() == []


def test_of_a_party_taken_in_part_only_the_others_go_by_hand(here: World, visit: Callable[..., Client]) -> None:
    client = visit()
    stay = doubtful(here, client, *family())
    later(here, minutes=20)
    client.post(at("doubt", stay), {"found": "some", "row": ["0", "1"]})
    assert "scritta io sul portale, o la mando a mano" in read(client, at("segment", stay))
    assert "Si comunica a mano solo chi il portale non ha accettato" in read(client, at("by_hand", stay))
    client.post(at("by_hand", stay))
    delivery = here.delivery(stay)
    assert delivery.state == State.BY_HAND and delivery.row_count == 1
    page = read(client, at("by_hand", stay))
    assert page.count("Luogo di nascita") == 1


def test_what_was_corrected_is_not_taken_by_hand(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    break_row(here.delivery(stay), 0, "BAD—NAME")
    client.post(at("send", stay))
    turn(here)
    before = here.delivery(stay)
    client.post(at("correct", stay), fields_of(ROSSI))
    assert not may_go_by_hand(before)


def test_a_correction_of_what_waits_for_a_tap_waits_too(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    assert "Correggi e invia" not in read(client, at("correct", stay))
    page = client.post(at("correct", stay), fields_of(ROSSI | {"surname": "VERDI"}), follow=True).content.decode()
    assert "Parte quando tocchi «Invia»" in page.replace("&#x27;", "'")
    turn(here)
    assert here.delivery(stay).state == State.READY and here.sim.ledger.acquired() == []
    client.post(at("send", stay))  # asked for, not yet gone
    assert "Correggi e invia" in read(client, at("correct", stay))
    client.post(at("correct", stay), fields_of(ROSSI | {"surname": "BIANCHI"}))
    turn(here)
    assert [row.row[14:64].rstrip() for row in here.sim.ledger.acquired()] == ["BIANCHI"]


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_correction_without_credentials_promises_no_sending(
    here: World, visit: Callable[..., Client], *, by_itself: bool
) -> None:
    here.property.credential, here.property.send_on_check_in = None, by_itself
    here.property.save()
    stay, client = here.check_in(guest()), visit()
    assert "Correggi e invia" not in read(client, at("correct", stay))
    page = client.post(at("correct", stay), fields_of(ROSSI | {"surname": "VERDI"}), follow=True).content.decode()
    assert "comunicalo a mano" in page and "riparte" not in page and "«Invia»" not in page


def test_a_property_that_sends_by_itself_sends_its_corrections_too(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    here.property.send_on_check_in = True
    here.property.save()
    client.post(at("correct", stay), fields_of(ROSSI))
    assert here.delivery(stay).next_attempt_at is not None


def test_the_card_says_the_day_of_the_receipt(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    client.post(at("send", stay))
    turn(here)
    assert "Il portale la prepara per sabato 11 luglio 2026" in read(client, at("segment", stay))
    later(here, hours=13)  # it is that day by now
    page = read(client, at("segment", stay))
    assert "sabato 11 luglio 2026" in page and "arriva domani" not in page


def test_every_state_of_a_day_has_its_tone(here: World, visit: Callable[..., Client]) -> None:
    assert set(_TONES) == set(SendingDay.Status.values)
    SendingDay(account=here.account, credential=here.credential, day=here.now.date(), status=SendingDay.Status.NOTHING).save()
    assert "noi non sappiamo di niente che abbia preso" in read(visit(), reverse("receipts"))


def test_what_the_program_read_is_explained_not_typed_over(here: World, visit: Callable[..., Client]) -> None:
    from tests.web.scene import as_role

    stay, client = here.check_in(guest()), visit()
    client.post(at("send", stay))
    turn(here)
    next_morning(here)
    day = SendingDay.objects.of(here.account).get()
    counts, address = reverse("receipt_counts", args=[day.pk]), reverse("receipt_explain", args=[day.pk])
    client.post(counts, {"schedine": "7", "total_days": "7"})
    client.post(address, {"foreign": "1", "reason": "niente"})  # nothing to explain
    day.refresh_from_db()
    assert day.status == "agrees"
    Receipt.objects.of(here.account).update(schedine=3)
    SendingDay.objects.of(here.account).update(status="differs")
    page = read(client, reverse("receipts"))
    assert address in page and counts not in page
    desk = visit(as_role(here, "front_desk").person)
    assert address not in read(desk, reverse("receipts"))
    assert desk.post(address, {"foreign": "2", "reason": "altro programma"}).status_code == 403
    for foreign, reason in (("²", "x"), ("2", " "), ("1", "x"), ("-1", "x")):
        client.post(address, {"foreign": foreign, "reason": reason})
        day.refresh_from_db()
        assert day.status == "differs", foreign
    client.post(address, {"foreign": "2", "reason": "scritte a mano sul portale"})
    day.refresh_from_db()
    assert day.status == "explained" and "la differenza è spiegata" in read(client, reverse("receipts"))


def test_typed_on_the_portal_needs_no_note(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    client.post(at("by_hand", stay))
    client.post(at("hand_confirm", stay), {"how": "typed"})
    assert here.delivery(stay).state == State.ACCEPTED


def test_the_receipt_comes_is_shown_and_the_guests_are_gone(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(*family()), visit()
    client.post(at("send", stay))
    turn(here)
    assert "In attesa della ricevuta" in read(client, reverse("receipts"))
    next_morning(here)
    page = read(client, reverse("receipts"))
    receipt = Receipt.objects.of(here.account).get()
    assert "i conti tornano" in page and page.count("Schedine: 3; giorni: 9") == 2 and receipt.sha256 in page
    pdf = client.get(reverse("receipt_pdf", args=[receipt.pk]))
    assert hashlib.sha256(pdf.content).hexdigest() == receipt.sha256 and pdf["Content-Type"] == "application/pdf"
    detail = read(client, at("segment", stay))
    assert "D&#x27;AMICO" not in detail and "Dati degli ospiti cancellati" in detail and "Ospiti: 3; giorni in tutto: 9" in detail
    assert "D&#x27;AMICO" not in read(client, "/")
    assert client.get(at("correct", stay)).status_code == 302


def test_the_counts_of_an_unread_receipt_are_typed(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    client.post(at("send", stay))
    turn(here)
    day = SendingDay.objects.of(here.account).get()
    from locanda.delivery.receipts import keep

    keep(day, b"%PDF-1.4 nothing to read", at=here.now, simulated=True)
    address = reverse("receipt_counts", args=[day.pk])
    assert "i numeri vanno letti da te" in read(client, reverse("receipts")) and "Leggi tu la ricevuta" in read(client, "/")
    for wrong in ("", "tre", "-1", "9999999"):
        client.post(address, {"schedine": wrong, "total_days": "3"})
        day.refresh_from_db()
        assert day.status == "unread"
    client.post(address, {"schedine": "1", "total_days": "4"})
    day.refresh_from_db()
    assert day.status == "differs" and address in read(client, reverse("receipts"))  # what a person typed, a person mends
    client.post(address, {"schedine": "1", "total_days": "3"})
    day.refresh_from_db()
    assert day.status == "agrees"


def test_a_stay_is_extended_cut_short_and_cancelled(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    address = reverse("stay", args=[stay.pk])
    assert "Arrivo registrato" in read(client, address)
    client.post(reverse("stay_extend", args=[stay.pk]), {"departure": "2026-07-20"})
    client.post(reverse("stay_extend", args=[stay.pk]), {"departure": ""})
    client.post(reverse("stay_extend", args=[stay.pk]), {"departure": "2026-07-15"})  # not later
    stay.refresh_from_db()
    assert f"{stay.departure_day}" == "2026-07-20" and Segment.objects.of(here.account).count() == 2
    assert "Prossima schedina, non ancora dovuta" in read(client, address)
    for wrong in ("", "2026-07-25", "2026-07-01"):
        client.post(reverse("stay_leave", args=[stay.pk]), {"departure": wrong})
    stay.refresh_from_db()
    assert f"{stay.departure_day}" == "2026-07-20"
    client.post(reverse("stay_leave", args=[stay.pk]), {"departure": "2026-07-12"})
    stay.refresh_from_db()
    assert f"{stay.departure_day}" == "2026-07-12"
    client.post(reverse("stay_cancel", args=[stay.pk]))
    stay.refresh_from_db()
    assert stay.status == "cancelled" and "Arrivo annullato" in read(client, address)


def test_what_was_sent_is_not_cancelled(here: World, visit: Callable[..., Client]) -> None:
    stay, client = here.check_in(guest()), visit()
    client.post(at("send", stay))
    turn(here)
    page = client.post(reverse("stay_cancel", args=[stay.pk]), follow=True).content.decode()
    assert "Non si può annullare" in page


def test_refused_credentials_lead_to_their_page(here: World, visit: Callable[..., Client]) -> None:
    here.sim.accounts["BA000001"].password = "cambiata-sul-portale"
    stay, client = here.check_in(guest()), visit()
    client.post(at("send", stay))
    turn(here)
    page = read(client, "/")
    mend = reverse("credential", args=[here.credential.pk])
    assert "Fermo: il portale rifiuta le credenziali" in page and mend in page and "Il portale non accetta le credenziali" in page
    assert "Il portale le rifiuta" in read(client, mend)
    client.post(mend, {"status": "active", "category": "hotel", "label": "Questura di Bari", "user": "BA000001",
                       "password": "cambiata-sul-portale", "wskey": "q+Zz/0000simulata0000=="})  # fmt: skip
    turn(here)
    assert here.delivery(stay).state == State.ACCEPTED
    assert "Da guardare subito" not in read(client, "/")


ALARMS = (
    "credentials_refused call_refused portal_down window_closed rows_refused not_received look_at_portal term_near term_passed "
    "receipt_missing receipt_unreachable receipt_gone receipt_differs receipt_unread no_keys wrong_address follow_up_blocked "
    "something_new"
)


@pytest.mark.parametrize("kind", ALARMS.split())
def test_every_alarm_is_said_in_words(here: World, visit: Callable[..., Client], kind: str) -> None:
    from locanda.delivery.record import raise_alarm

    stay = here.check_in(guest())
    facts: dict[str, Any] = {"property": "Il Trullo", "day": "2026-07-09", "due": here.now.isoformat()}
    raise_alarm(here.account, kind, f"delivery:{here.delivery(stay).pk}", at=here.now, facts=facts)
    page = read(visit(), "/")
    words = "C&#x27;è qualcosa da guardare" if kind == "something_new" else "Da guardare subito"
    assert words in page and "{" not in page[page.index("alarms-title") : page.index("waiting-title")] and "2026-07" not in page


def test_every_alarm_that_the_engine_raises_has_words() -> None:
    import re

    from locanda.web.words import catalogue
    from tests.conftest import ROOT

    source = "\n".join(path.read_text() for room in ("delivery", "office") for path in (ROOT / "src/locanda" / room).glob("*.py"))
    calls = re.findall(r"raise_alarm\((.{0,260}?)\bat=", source, re.DOTALL)
    kinds = {word for call in calls for word in re.findall(r'"([a-z_]{5,})"', call)}
    kinds |= set(re.findall(r'"(receipt_[a-z]+)"', source)) - {"receipt_count", "receipt_shows", "receipt_lacks", "receipt_kept"}
    assert {"term_near", "rows_refused", "receipt_differs"} <= kinds
    known = {key.split(".")[1] for key in catalogue("it") if key.startswith("alarm.") and key.endswith(".title")}
    assert kinds - known == set()


def test_a_sleeping_engine_is_told(here: World, visit: Callable[..., Client]) -> None:
    here.check_in(guest())
    assert "automatico è fermo" in read(visit(), "/")
    full_house = full(here)
    assert "automatico è fermo" not in read(visit(), "/") and full_house


def test_without_credentials_today_leads_to_by_hand(here: World, visit: Callable[..., Client]) -> None:
    here.property.credential = None
    here.property.save()
    stay, client = here.check_in(guest()), visit()
    page = read(client, "/")
    assert "Senza credenziali" in page and at("by_hand", stay) in page
    assert "controlla le credenziali" in client.post(at("send", stay), follow=True).content.decode()
    sending.by_hand(here.delivery(stay), now=here.now, person=here.person)
    assert "Da comunicare a mano" in read(client, "/")
