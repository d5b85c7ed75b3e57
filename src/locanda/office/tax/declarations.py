"""Returns and accounts of a year: Modello 2, Modello 21, the summary of presences; kept as they were made, then sent (9, 10, 11).

The figures come from the ledger alone. What keeps a paper from being made (a stay whose tax is not known, a payment without its
reference, a difference nobody explained) is a problem; a paper that was sent is replaced by a new one, never changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from locanda import papers
from locanda.archive import chain
from locanda.archive.models import Account, Person, Property, TaxDeclaration, TaxRefusal
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.periods import Period, periods
from locanda.law.remitting import Book, Counts, Figures, LedgerPayment, QuarterBox, figures, modello_21_of, national_return
from locanda.law.remitting.ledger import euro
from locanda.law.tourist_tax.values import BEYOND_CAP, COLLECTED
from locanda.office import duty_marks
from locanda.office.tax.book import payments_of, stuck
from locanda.office.tax.operators import comune_on_paper, operator_on_paper, property_on_paper
from locanda.office.tax.payers import Payer
from locanda.office.tax.periods import property_books

__all__ = ["FORMS", "SIGNED", "Draft", "declarations_of", "draft", "pdf", "prepare", "sent"]

FORMS = ("modello_2", "modello_21", "presence_summary", "national_declaration")
SIGNED = ("modello_2", "modello_21")
"""Forms that the operator signs: they bear place, day, and the reason of a difference."""
OBLIGATIONS = {"modello_21": ("MO-IDS-06", "IT-IDS-03"), "national_declaration": ("IT-IDS-01",)}
"""Duties that a form fulfils where the rule of the comune names none: the local one first."""
_CONTEXT = "tax declaration"


class Draft(NamedTuple):
    """A paper of a year before it is kept: its data, what is wrong, what should be looked at."""

    form: str
    data: Mapping[str, Any]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def draft(account: Account, payer: Payer, form: str, year: int, *, on: date, more: Mapping[str, Any] | None = None) -> Draft:
    """The data of a form for a year. ``more`` adds what only the operator knows: reasons, place, day of signature."""
    if form not in FORMS:
        return Draft(form, {}, (Problem.of("tax.declaration.form", "form", value=form),), ())
    whole = Period("year", year)
    waiting = stuck(account, payer.properties, whole.first, whole.last)
    paid = payments_of(account, payer.properties, {year})
    operator, found = operator_on_paper(payer.properties[0])
    if waiting:
        found.append(Problem.of("tax.payment.stuck", "period", count=len(waiting), period=whole.label))
    data: dict[str, Any] = {
        "comune": comune_on_paper(payer.properties[0]), "year": year, "operator": operator,
        "properties": [
            {"property": property_on_paper(row), **_of_property(form, payer, row, year, book, paid)}
            for row, book in property_books(account, payer, whole.first, whole.last)
        ],
    }  # fmt: skip
    if form == "national_declaration":
        data |= {"payments": [_paid(row) for row in _once(paid)], **_residents(payer, year)}
    if form == "modello_2":
        data |= {"refusals": _refusals(account, payer, year), "payments": [_paid(row) for row in _once(paid)]}
    data |= {key: value for key, value in (more or {}).items() if value}
    read, wrong = papers.read(form, data)
    notes = papers.notes(form, read, on=on) if read is not None else []
    return Draft(form, data, (*found, *wrong), tuple(notes))


def _of_property(form: str, payer: Payer, row: Property, year: int, book: Book, paid: Sequence[LedgerPayment]) -> dict[str, Any]:
    structure, whole = str(row.pk), Period("year", year)
    if form == "modello_21":
        account = modello_21_of(book, structure, year, payer.terms, payments=paid)
        return {
            "collected": [
                {"month": line.month, "amount": euro(line.collected), "first_receipt": line.first, "last_receipt": line.last}
                for line in account.rows if line.receipts
            ],
            "paid": [_paid(one) for one in paid if one.structure == structure],
        }  # fmt: skip
    if form == "national_declaration":
        (told_of,) = (one for one in national_return(book, year, payer.terms).structures if one.structure.id == structure)
        return {"quarters": [_quarter(box) for box in told_of.quarters]}
    kind = "month" if form == "presence_summary" or payer.kind(whole.last) == "month" else "quarter"
    told = [figures(book, period, payer.terms, structure=structure) for period in periods(kind, whole.first, whole.last)]
    if form == "presence_summary":
        return {"months": [{**_counts(one), "arrivals": one.arrivals} for one in told]}
    return {
        "periods": [{**_counts(one), "persons": one.persons.total, "due": euro(one.money.to_pay_with_refused)} for one in told]
    }  # fmt: skip


def _quarter(box: QuarterBox) -> dict[str, Any]:
    """A quarter of the sheet; what has no known box on the form stands apart in the ledger, and is told by its name."""
    apart = dict(box.apart)
    rates = [
        {"kind": kind, "presences": nights, "amount": euro(amount), "due": euro(amount * nights)}
        for kind, rows in (("full", box.full), ("reduced", box.reduced)) for amount, nights in rows
    ]  # fmt: skip
    beyond, portal = apart.get(BEYOND_CAP, 0), apart.get(COLLECTED, 0)
    return {
        "quarter": box.quarter, "presences": box.presences + beyond + portal, "due": euro(box.due), "rates": rates,
        "exempt": box.exempt, "beyond_cap": beyond, "collected_by_portal": portal,
    }  # fmt: skip


def _residents(payer: Payer, year: int) -> dict[str, Any]:
    """Whether the comune wants its residents declared; left out where its versions of the year do not agree."""
    if payer.rule is None:
        return {}
    words = {
        one.residents for one in payer.rule.tax.versions if one.first <= date(year, 12, 31) and one.last >= date(year, 1, 1)
    }  # fmt: skip
    word = words.pop() if len(words) == 1 else ""
    return {"residents": "excluded" if word == "excluded" else "counted"} if word else {}


def _counts(told: Figures) -> dict[str, Any]:
    presences: Counts = told.presences
    persons = dict(told.persons.exempt)
    return {
        "period": told.period.label, "presences": presences.total, "taxed": presences.taxed, "reduced": presences.all_reduced,
        "beyond_cap": presences.beyond_cap, "out_of_period": presences.out_of_period, "collected_by_portal": presences.portal,
        "exempt": [
            {"code": code, "persons": persons.get(code, 0), "presences": count} for code, count in presences.exempt
        ],
    }  # fmt: skip


def _paid(row: LedgerPayment) -> dict[str, Any]:
    return {
        "period": row.period.label, "on": row.day.isoformat(), "amount": euro(row.amount), "reference": row.reference or "-",
    }  # fmt: skip


def _once(paid: Sequence[LedgerPayment]) -> list[LedgerPayment]:
    """One payment for several properties is told once, with its whole amount."""
    found: dict[tuple[str, date, str], LedgerPayment] = {}
    for row in paid:
        key = (row.period.label, row.day, row.reference)
        known = found.get(key)
        found[key] = row if known is None else known._replace(amount=known.amount + row.amount)
    return list(found.values())


def _refusals(account: Account | UUID, payer: Payer, year: int) -> list[dict[str, Any]]:
    rows = TaxRefusal.objects.of(account).filter(property__in=[row.pk for row in payer.properties], withdrawn_at=None)
    found = []
    for row in rows.order_by("signed_at"):
        day = rome_day(row.signed_at)
        if day.year != year:
            continue
        told: dict[str, Any] = {"on": day.isoformat(), "form": row.form, "amount": euro(row.amount)}
        if row.sent_at is not None:
            told["sent_on"] = rome_day(row.sent_at).isoformat()
        if row.protocol:
            told["protocol"] = row.protocol
        found.append(told)
    return found


def pdf(made: Draft, *, on: date, marked: bool = True) -> bytes:
    """The paper as a PDF, marked as a draft unless it is being kept; Unprintable when something is wrong with it."""
    read, found = papers.read(made.form, made.data)
    if read is None:
        raise papers.Unprintable("; ".join(problem.code for problem in found))
    return papers.write(made.form, read, on=on, draft=marked)


def prepare(
    account: Account, payer: Payer, form: str, year: int, *, now: datetime, person: Person | None,
    more: Mapping[str, Any] | None = None,
) -> tuple[TaxDeclaration | None, list[Problem]]:  # fmt: skip
    """Keep a paper as it is today. One that was prepared before and not sent is replaced; one that was sent is referred to."""
    on = rome_day(now)
    made = draft(account, payer, form, year, on=on, more=more)
    if made.problems:
        return None, list(made.problems)
    content = pdf(made, on=on, marked=False)
    earlier = declarations_of(account, payer, form, year)
    row = TaxDeclaration(
        account=account, property=payer.properties[0], comune=payer.comune, obligation=obligation_of(payer, form, year),
        form=form, period=str(year), replaces=earlier[0] if earlier else None,
        sealed_data=Vault(account).seal(dict(made.data), _CONTEXT),
        sealed_pdf=Vault(account).seal_bytes(content, _CONTEXT), sha256=hashlib.sha256(content).hexdigest(), prepared_at=now,
        prepared_by=person, keep_until=papers.kept_until(form, year + 1) or date(year + 6, 12, 31),
    )  # fmt: skip
    with transaction.atomic():
        for old in earlier:
            if old.state == TaxDeclaration.State.PREPARED:
                old.state = TaxDeclaration.State.REPLACED
                old.save(update_fields=["state"])
        row.save(force_insert=True)
        chain.append(
            account, "tax.declaration", at=now, actor=_actor(person), subject=f"declaration:{row.pk}",
            data={"form": form, "year": year, "comune": payer.comune, "sha256": row.sha256},
        )  # fmt: skip
    return row, []


def obligation_of(payer: Payer, form: str, year: int) -> str:
    """The duty that the form fulfils, where the rules of the comune have one."""
    named = payer.rule.tax.declarations if payer.rule else ()
    found = next((one.obligation for one in named if form in one.forms), "")
    if found:
        return found
    last = date(year, 12, 31)
    return next((ident for ident in OBLIGATIONS.get(form, ()) if payer.duty(ident, last) is not None), "")


def declarations_of(account: Account | UUID, payer: Payer, form: str, year: int) -> list[TaxDeclaration]:
    """What was made of a form for a year, the newest first."""
    rows = TaxDeclaration.objects.of(account).filter(
        comune=payer.comune, form=form, period=str(year), property__in=[row.pk for row in payer.properties]
    )
    return list(rows.select_related("account", "property").order_by("-prepared_at"))


def content(row: TaxDeclaration) -> bytes:
    """The PDF as it was made."""
    return Vault(row.account).open_bytes(row.sealed_pdf, _CONTEXT)


def sent(
    row: TaxDeclaration, payer: Payer, *, channel: str, protocol: str, now: datetime, person: Person | None,
    sent_at: datetime | None = None, files: Sequence[duty_marks.File] = (),
) -> list[Problem]:  # fmt: skip
    """It went to the comune: the duty of each property is done, with the paper and whatever proves the sending."""
    when = sent_at or now
    found = []
    if not protocol.strip() and not files:
        found.append(Problem("tax.declaration.proof", "protocol"))
    if when.timestamp() > now.timestamp() + 60:
        found.append(Problem("tax.declaration.future", "sent_at"))
    if found:
        return found
    with transaction.atomic():
        row.state, row.sent_at, row.channel, row.protocol = TaxDeclaration.State.SENT, when, channel[:12], protocol.strip()[:120]
        row.save(update_fields=["state", "sent_at", "channel", "protocol"])
        for one in payer.properties if row.obligation else ():
            _, wrong = duty_marks.mark_done(
                one, row.obligation, f"period:{row.period}", now=now, person=person, number=protocol, done_at=when,
                files=[duty_marks.File(f"{row.form}-{row.period}.pdf", content(row)), *files],
            )  # fmt: skip
            if wrong:
                transaction.set_rollback(True)
                return wrong
        chain.append(
            row.account, "tax.declared", at=now, actor=_actor(person), subject=f"declaration:{row.pk}",
            data={"form": row.form, "channel": channel, "sha256": row.sha256},
        )  # fmt: skip
    return []


def _actor(person: Person | None) -> str:
    return str(person.pk) if person else "engine"
