"""A guest who does not pay: Modello 4, signed by them, or Modello 5 when they do not even sign (spec imposta 3.5, 10).

From the signature run 48 hours to send it to the comune; the calendar counts them (MO-IDS-08 in Monopoli). Whether the operator
owes the refused tax all the same is the rule's word (``refused``); both sums are always shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from locanda import papers
from locanda.archive import chain
from locanda.archive.models import Guest, Person, Stay, TaxedStay, TaxRefusal
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import ROME, rome_day
from locanda.law.remitting.ledger import euro
from locanda.office import duty_marks
from locanda.office.tax import facts, ledger
from locanda.office.tax.operators import comune_on_paper, operator_on_paper, property_on_paper, signer_on_paper
from locanda.office.tax.receipts import keep_until, receipts_of
from locanda.office.tax.rules import TaxRules

__all__ = [
    "CHANNELS", "FORMS", "TERM", "form_data", "guest_on_paper", "obligation_of", "record", "refusals_of", "sent", "withdraw",
]  # fmt: skip

FORMS = ("modello_4", "modello_5")
CHANNELS = ("pec", "fax", "desk", "post")
TERM = timedelta(hours=48)
_CONTEXT = "tax refusal"


def refusals_of(stay: Stay) -> list[TaxRefusal]:
    """The refusals of a stay that hold."""
    rows = TaxRefusal.objects.of(stay.account_id).filter(stay=stay, withdrawn_at=None)
    return list(rows.select_related("account", "property", "stay", "event"))


def guest_on_paper(stay: Stay, guest: Guest) -> dict[str, Any]:
    """What the form asks of a guest, as far as it can still be read; the rest is typed or left as a line to fill in."""
    told: dict[str, Any] = {"birth_date": guest.birth_date.isoformat() if guest.birth_date else None}
    if guest.party.wrapped_key is not None:
        shape = Vault(stay.account).party(guest.party).open(guest.sealed, "guest")
        document = shape.get("document") or {}
        told |= {
            "surname": shape.get("surname"),
            "name": shape.get("name"),
            "birth_place": shape.get("birth_comune") or shape.get("birth_state"),
            "country": shape.get("citizenship"),
            "residence": shape.get("residence_comune") or shape.get("residence_place") or shape.get("residence_state"),
        }
        if document.get("number"):
            told["document"] = {
                key: value for key, value in (
                    ("type", document.get("type")), ("number", document["number"]), ("issued_by", document.get("issued_in"))
                ) if value
            }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def form_data(
    form: str,
    stay: Stay,
    guests: Sequence[Guest],
    person_on_paper: Mapping[str, Any],
    *,
    signed_at: datetime | None,
    reason: str = "",
) -> tuple[dict[str, Any], list[Problem]]:
    """The data of a form for these guests of a stay (none: everybody); without a signature it prints lines to fill in.

    Modello 5 is signed by the operator: it says when the guest refused, and in which circumstances.
    """
    chosen = {guest.pk for guest in guests}
    nights = [
        night for night in ledger.nights_of(stay.account, stay)
        if night.amount and (not chosen or night.guest_id in chosen)
    ]  # fmt: skip
    operator, found = operator_on_paper(stay.property)
    assert stay.departure_day is not None
    data: dict[str, Any] = {
        "comune": comune_on_paper(stay.property), "property": property_on_paper(stay.property), "operator": operator,
        "guest": dict(person_on_paper), "arrival": rome_day(stay.arrival).isoformat(),
        "departure": stay.departure_day.isoformat(), "persons": len({night.guest_id for night in nights}),
        "person_nights": len(nights), "amount": euro(sum(night.amount for night in nights)),
    }  # fmt: skip
    by_guest = form == "modello_4"
    if not by_guest:
        signer, missing = signer_on_paper(stay.property)
        data |= signer
        found += missing
    if reason.strip():
        data["reason" if by_guest else "circumstances"] = " ".join(reason.split())[:300]
    if signed_at is not None:
        local = signed_at.astimezone(ROME)
        data["signed_at" if by_guest else "refused_at"] = local.isoformat(timespec="minutes")
        data["send_by"] = _term(signed_at).isoformat(timespec="minutes")
        if not by_guest:
            data["signed_on"] = rome_day(signed_at).isoformat()
    return data, found


def _term(signed_at: datetime) -> datetime:
    """48 elapsed hours, whatever the clocks do (adempimenti 4.4)."""
    return datetime.fromtimestamp(signed_at.timestamp() + TERM.total_seconds(), ROME)


def record(
    stay: Stay, form: str, person_on_paper: Mapping[str, Any], *, signed_at: datetime, now: datetime, person: Person | None,
    guests: Sequence[Guest] = (), language: str = "it", reason: str = "",
) -> tuple[TaxRefusal | None, list[Problem]]:  # fmt: skip
    """Write down that the form was signed; the 48 hours run from then. Nothing is stored as soon as there is a problem."""
    found = [] if form in FORMS else [Problem.of("tax.refusal.form", "form", value=form)]
    if signed_at.timestamp() > now.timestamp() + 60:
        found.append(Problem("tax.refusal.future", "signed_at"))
    if found:
        return None, found
    with transaction.atomic():
        Stay.objects.of(stay.account_id).select_for_update(no_key=True).get(pk=stay.pk)
        (taxed, *_) = ledger.settle([stay], now=now) or (None,)
        if taxed is None or taxed.state == TaxedStay.State.STUCK:
            return None, ledger.problems_of(taxed.problems) if taxed else [Problem("tax.receipt.no_stay", "stay")]
        found = _overlaps(stay, guests)
        data, missing = form_data(form, stay, guests, person_on_paper, signed_at=signed_at, reason=reason)
        read, wrong = papers.read(form, data)
        if language not in papers.form(form).languages:
            wrong = [*wrong, Problem.of("tax.refusal.language", "language", value=language)]
        found += [*missing, *wrong]
        if found or read is None:
            return None, found
        signed = {"at": signed_at.astimezone(ROME).isoformat(timespec="minutes"), "form": form}
        event, told = duty_marks.record_event(stay.property, "form_signed", signed, now=now, person=person)
        if event is None:
            transaction.set_rollback(True)
            return None, told
        row = TaxRefusal(
            account=stay.account, property=stay.property, stay=stay, form=form, language=language,
            guests=[str(guest.pk) for guest in guests], amount=_cents(data["amount"]), persons=data["persons"],
            nights=data["person_nights"], signed_at=signed_at, due_at=_term(signed_at), event=event,
            sealed=Vault(stay.account).seal(data, _CONTEXT), recorded_by=person, keep_until=keep_until(rome_day(signed_at)),
        )  # fmt: skip
        row.save(force_insert=True)
        chain.append(
            stay.account, "tax.refused", at=now, actor=chain.actor_of(person), subject=f"stay:{stay.pk}",
            data={"refusal": str(row.pk), "form": form, "amount": row.amount},
        )  # fmt: skip
    return row, []


def _overlaps(stay: Stay, guests: Sequence[Guest]) -> list[Problem]:
    """Who has a receipt has paid; who refused once has refused."""
    if any(row.amount > 0 for row in receipts_of(stay)) and not guests:
        return [Problem("tax.refusal.paid", "stay")]
    everybody = {guest.pk for guest in facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])}
    mine = {guest.pk for guest in guests} or everybody
    for row in refusals_of(stay):
        if mine & ({UUID(text) for text in row.guests} or everybody):
            return [Problem("tax.refusal.twice", "guests")]
    return []


def _cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part or 0)


def data_of(row: TaxRefusal) -> dict[str, Any]:
    """The data of the form as it was signed."""
    opened: dict[str, Any] = Vault(row.account).open(row.sealed, _CONTEXT)
    return opened


def pdf(row: TaxRefusal) -> bytes:
    """The form with what was recorded, to be signed or sent."""
    form, found = papers.read(row.form, data_of(row))
    if form is None:
        raise papers.Unprintable("; ".join(problem.code for problem in found))
    return papers.write(row.form, form, language=row.language, on=rome_day(row.signed_at))


def sent(
    row: TaxRefusal, *, channel: str, protocol: str, now: datetime, person: Person | None, sent_at: datetime | None = None,
    files: Sequence[duty_marks.File] = (),
) -> list[Problem]:  # fmt: skip
    """It went to the comune; the duty of the calendar is done, with the proof."""
    if channel not in CHANNELS:
        return [Problem.of("tax.refusal.channel", "channel", value=channel)]
    when = sent_at or now
    if when.timestamp() > now.timestamp() + 60 or when < row.signed_at:
        return [Problem("tax.refusal.sent_at", "sent_at")]
    with transaction.atomic():
        obligation = obligation_of(row)
        if obligation and row.event_id is not None:
            _, found = duty_marks.mark_done(
                row.property, obligation, f"event:{row.event_id}", now=now, person=person, number=protocol, done_at=when,
                files=files,
            )  # fmt: skip
            if found:
                transaction.set_rollback(True)
                return found
        row.sent_at, row.channel, row.protocol = when, channel, protocol.strip()[:120]
        row.save(update_fields=["sent_at", "channel", "protocol"])
        chain.append(
            row.account, "tax.refusal_sent", at=now, actor=chain.actor_of(person), subject=f"stay:{row.stay_id}",
            data={"refusal": str(row.pk), "channel": channel},
        )  # fmt: skip
    return []


def obligation_of(row: TaxRefusal) -> str:
    """The duty of the calendar that a refusal is sent for; empty where the rule names none."""
    rule = TaxRules(row.account_id).of(row.property)
    kinds = rule.tax.declarations if rule else ()
    return next((one.obligation for one in kinds if one.kind == "refusal"), "")


def withdraw(row: TaxRefusal, *, why: str, now: datetime, person: Person | None) -> list[Problem]:
    """The guest paid after all, or it was recorded by mistake. What was sent stays told in the history."""
    if not why.strip():
        return [Problem("tax.refusal.why", "why")]
    with transaction.atomic():
        row.withdrawn_at, row.withdrawn_why = now, " ".join(why.split())[:200]
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
        if row.event is not None and row.sent_at is None:
            duty_marks.withdraw_event(row.event, now=now, person=person)
        chain.append(
            row.account, "tax.refusal_withdrawn", at=now, actor=chain.actor_of(person),
            subject=f"stay:{row.stay_id}", data={"refusal": str(row.pk), "sent": row.sent_at is not None},
        )  # fmt: skip
    return []
