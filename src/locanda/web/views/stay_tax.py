"""The tax of a stay: what is due and why, the facts that decide it, and its receipts (spec imposta 7.1, 7.8, 14)."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locanda.archive.models import Party, Stay, TaxReceipt
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.remitting import invoice_lines
from locanda.law.tourist_tax.nights import is_early
from locanda.letters.mail import eml
from locanda.office.clock import now as office_now
from locanda.office.tax import facts, ledger, operators, post, receipts, stay_story
from locanda.office.tax.stay_story import StayStory
from locanda.web.duty_look import euro
from locanda.web.files import MAIL, file_answer
from locanda.web.gate import Seat, door
from locanda.web.stay_tax_forms import FactsForm, ReceiptForm
from locanda.web.stay_tax_look import guest_label, lacking, line_seen, missing, problem_words, stamp
from locanda.web.words import language, say

__all__ = [
    "receipt_eml", "receipt_mail", "receipt_pdf", "receive", "stay_at",
    "stay_facts", "stay_tax", "tell",
]  # fmt: skip


_RECEIVED = "tax.receipt.already"


class Receiving(NamedTuple):
    """What is left to receive of the whole stay, or of a party, with its form."""

    party: Party | None
    title: str
    left: int
    amount: str
    back: bool
    form: ReceiptForm


def stay_at(request: HttpRequest, key: UUID) -> Stay:
    """A registered stay that this person works with, with the tax brought up to date."""
    seat: Seat = request.seat
    rows = seat.stays().select_related("property__operator", "property__account").exclude(status=Stay.Status.DRAFT)
    row: Stay = seat.one(rows, key)
    ledger.settle([row], now=office_now())
    return row


def tell(request: HttpRequest, problems: list[Problem], well: str) -> None:
    """The problems, or that all went well."""
    for problem in problems:
        messages.error(request, problem_words(problem))
    if not problems:
        messages.success(request, say(well))


@require_safe
@door()
def stay_tax(request: HttpRequest, stay: UUID) -> HttpResponse:
    """Amount, reasons, what is missing, receipts."""
    row = stay_at(request, stay)
    return _page(request, row)


def _page(
    request: HttpRequest, row: Stay, *, facts_form: FactsForm | None = None, receiving: list[Receiving] | None = None
) -> HttpResponse:
    story = stay_story.story_of(row)
    names = [guest_label(guest.name, guest.number) for guest in story.guests]
    wrong = bool(facts_form and facts_form.errors) or any(one.form.errors for one in receiving or ())
    form = facts_form or _facts_form(row, story, names)
    nobody = " ".join(problem_words(one) for one in operators.operator_on_paper(row.property)[1]) if story.owed.left else ""
    lines = invoice_lines(night.amount for night in ledger.nights_of(row.account, row)) if story.owed.due else []
    context = {
        "stay": row, "story": story, "names": names,
        "due": euro(story.owed.due), "received": euro(story.owed.received), "left": euro(abs(story.owed.left)),
        "refused": euro(story.owed.refused), "collected": euro(story.taxed.collected) if story.taxed else "",
        "guests": [
            (guest, label, euro(guest.amount), [line_seen(line) for line in guest.lines])
            for guest, label in zip(story.guests, names, strict=True)
        ],
        "problems": [lacking(request.seat, row, story, names, one) for one in story.problems],
        "notes": [problem_words(one) for one in story.notes],
        "missing": missing(story),
        "facts_form": form if form is not None and form.fields else None,
        "receiving": [] if nobody else receiving if receiving is not None else _receiving(row, story), "nobody": nobody,
        "receipts": [(one, euro(one.total), euro(one.amount)) for one in receipts.receipts_of(row)],
        "invoice": [(one.quantity, euro(one.price), euro(one.total), one.nature, one.reference, one.status) for one in lines],
        "stamp": stamp(request.GET, story.owed.due), "mail": post.configured(), "methods": TaxReceipt.Method.values,
        "over": row.departure_day is not None and row.departure_day <= rome_day(office_now()),
        "may_correct": any(guest.guest.party.wrapped_key is not None for guest in story.guests),
    }  # fmt: skip
    return render(request, "web/tax/stay.html", context, status=422 if wrong else 200)


def _facts_form(row: Stay, story: StayStory, names: list[str], data: Any = None) -> FactsForm | None:
    if story.asked is None or row.arrival is None:
        return None
    initial = FactsForm.initial_of(facts.facts_of(row))
    early = is_early(row.arrival)
    return FactsForm(data, initial=initial, asked=story.asked, names=names, early=early, prefix="facts", guard=initial)


@require_POST
@door()
def stay_facts(request: HttpRequest, stay: UUID) -> HttpResponse:
    """What decides the tax was said; the amount follows at once."""
    row = stay_at(request, stay)
    story = stay_story.story_of(row)
    form = _facts_form(row, story, [guest_label(guest.name, guest.number) for guest in story.guests], request.POST)
    if form is None:
        return redirect("stay_tax", stay=row.pk)
    if form.is_valid():
        values, guests = form.told(facts.facts_of(row))
        problems = facts.change(row, values, guests, now=office_now(), person=request.seat.person)
        if not problems:
            ledger.settle([row], now=office_now())
            messages.success(request, say("tax_stay.saved"))
            return redirect("stay_tax", stay=row.pk)
        for problem in problems:
            name = problem.where.partition("[")[0].partition(".")[0]
            form.add_error(name if name in form.fields else None, problem_words(problem))
    return _page(request, row, facts_form=form)


# -------------------------------------------------------------------------------------------------------------- receipts


def _receiving(row: Stay, story: StayStory, data: Any = None, chosen: str = "") -> list[Receiving]:
    """One for the whole stay while nobody has a receipt of their own; else one for each party."""
    held = receipts.receipts_of(row)
    by_party = any(one.party_id for one in held)
    parties: list[Party | None] = []
    if not by_party:
        parties.append(None)
    if not any(one.party_id is None for one in held) and len(story.parties) > 1:
        parties += story.parties
    found = []
    for party in parties:
        told = story.owed if party is None else receipts.owed(row, party)
        key = str(party.pk) if party else ""
        bound = data if data is not None and key == chosen else None
        if not told.left and bound is None:
            continue
        payer = receipts.payer_of(row, party)
        form = ReceiptForm(
            bound, known=bool(payer.get("surname") and payer.get("name")), correction=told.last is not None,
            prefix=f"p{party.position}" if party else "all",
        )  # fmt: skip
        title = " ".join(payer.get(part, "") for part in ("surname", "name")).strip()
        found.append(Receiving(party, title, told.left, euro(abs(told.left)), told.left < 0, form))
    return found


@require_POST
@door()
def receive(request: HttpRequest, stay: UUID) -> HttpResponse:
    """One tap: the money is here, and the receipt is written."""
    row = stay_at(request, stay)
    story = stay_story.story_of(row)
    chosen = request.POST.get("party", "")
    party = next((one for one in story.parties if str(one.pk) == chosen), None)
    waiting = _receiving(row, story, request.POST, chosen if party else "")
    one = next((entry for entry in waiting if entry.party == party), None)
    if one is None:  # received meanwhile, for the whole stay or party by party
        return redirect("stay_tax", stay=row.pk)
    if not one.form.is_valid():
        return _page(request, row, receiving=waiting)
    told = one.form.cleaned_data
    payer = receipts.payer_of(row, party) | {
        key: told[key].strip() for key in ("surname", "name", "tax_code") if told.get(key, "").strip()
    }
    receipt, problems = receipts.issue(
        row, method=request.POST.get("method", ""), now=office_now(), person=request.seat.person, party=party, payer=payer,
        invoice=told["invoice"], reason=told.get("reason", ""),
    )  # fmt: skip
    if receipt is not None:
        messages.success(request, say("tax_receipt.issued", number=receipt.number, year=receipt.year))
        return redirect("stay_tax", stay=row.pk)
    if said := next((problem for problem in problems if problem.code == _RECEIVED), None):  # in another window, a moment ago
        messages.info(request, problem_words(said))
        return redirect("stay_tax", stay=row.pk)
    for problem in problems:
        name = {"payer": "surname", "payer.tax_code": "tax_code"}.get(problem.where, problem.where)
        one.form.add_error(name if name in one.form.fields else None, problem_words(problem))
    return _page(request, row, receiving=waiting)


def _receipt(request: HttpRequest, key: UUID) -> TaxReceipt:
    seat: Seat = request.seat
    rows = TaxReceipt.objects.of(seat.account).filter(property__in=seat.properties())
    row: TaxReceipt = seat.one(rows.select_related("account", "property", "stay"), key)
    return row


@require_safe
@door()
def receipt_pdf(request: HttpRequest, tax_receipt: UUID) -> HttpResponse:
    """The receipt as it was issued."""
    row = _receipt(request, tax_receipt)
    return file_answer(receipts.pdf(row), f"quietanza-{row.year}-{row.number}.pdf", attached=False)


@require_safe
@door()
def receipt_eml(request: HttpRequest, tax_receipt: UUID) -> HttpResponse:
    """A message ready to be sent from the operator's own mail program."""
    row = _receipt(request, tax_receipt)
    content = eml(post.receipt_letter(row, language=language()), on=office_now())
    return file_answer(content, f"quietanza-{row.year}-{row.number}.eml", MAIL)


@require_http_methods(["POST"])
@door()
def receipt_mail(request: HttpRequest, tax_receipt: UUID) -> HttpResponse:
    """Sent through the operator's mail server."""
    row = _receipt(request, tax_receipt)
    to = request.POST.get("email", "").strip()[:254]
    found = post.mail_receipt(row, to, language=request.POST.get("language", "it"), now=office_now(), person=request.seat.person)
    tell(request, found, "tax_receipt.mailed")
    return redirect("stay_tax", stay=row.stay_id)
