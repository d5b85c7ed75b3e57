"""Returns and accounts of a year: Modello 2, Modello 21, the summary of presences; kept as they were made, then sent (9, 10, 11).

The figures come from the ledger alone. What keeps a paper from being made (a stay whose tax is not known, a payment without its
reference, a difference nobody explained) is a problem; a paper that was sent is replaced by a new one, never changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from locanda import papers
from locanda.archive import chain
from locanda.archive.models import Account, Person, TaxDeclaration
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.law.periods import Period
from locanda.office import duty_marks
from locanda.office.tax import explained
from locanda.office.tax.agreement import SOURCES, Matched, matched
from locanda.office.tax.book import payments_of, stuck
from locanda.office.tax.declared import of_property, once, paid_on_paper, refusals_on_paper, residents
from locanda.office.tax.operators import comune_on_paper, operator_on_paper, property_on_paper
from locanda.office.tax.payers import Payer
from locanda.office.tax.periods import property_books

__all__ = ["FORMS", "SIGNED", "Draft", "content", "data_of", "declarations_of", "draft", "pdf", "prepare", "put_in_place", "sent"]

FORMS = ("modello_2", "modello_21", "presence_summary", "national_declaration")
SIGNED = ("modello_2", "modello_21")
"""Forms that the operator signs: they bear place, day, and the reason of a difference."""
OBLIGATIONS = {"modello_21": ("MO-IDS-06", "IT-IDS-03"), "national_declaration": ("IT-IDS-01",)}
"""Duties that a form fulfils where the rule of the comune names none: the local one first."""
_COMPARED = ("modello_2", "presence_summary")
POLICE = SOURCES.index("police")
_DIFFERING = (
    "Ospiti che non coincidono tra imposta, Alloggiati Web e statistica: {count}. I motivi, ospite per ospite, sono nel "
    "riepilogo delle presenze."
)
_SEE_GUESTS = "vedi sotto, ospite per ospite."
_CONTEXT = "tax declaration"


class Draft(NamedTuple):
    """A paper of a year before it is kept: its data, what is wrong, what should be looked at."""

    form: str
    data: Mapping[str, Any]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def draft(
    account: Account, payer: Payer, form: str, year: int, *, on: date, more: Mapping[str, Any] | None = None,
    found: Sequence[Matched] | None = None, reading: bool = False,
) -> Draft:  # fmt: skip
    """The data of a form for a year. ``more`` adds what only the operator knows: reasons, place, day of signature.

    ``found`` is the comparison with police and statistics where it was already made. ``reading``: reasons that will be asked when
    it is prepared are printed as still to be given.
    """
    if form not in FORMS:
        return Draft(form, {}, (Problem.of("tax.declaration.form", "form", value=form),), ())
    whole = Period("year", year)
    waiting = stuck(account, payer.properties, whole.first, whole.last)
    paid = payments_of(account, payer.properties, {year})
    operator, wrong = operator_on_paper(payer.properties[0])
    if waiting:
        wrong.append(Problem.of("tax.payment.stuck", "period", count=len(waiting), period=whole.label))
    data: dict[str, Any] = {
        "comune": comune_on_paper(payer.properties[0]), "year": year, "operator": operator,
        "properties": [
            {"property": property_on_paper(row), **of_property(form, payer, row, year, book, paid)}
            for row, book in property_books(account, payer, whole.first, whole.last)
        ],
    }  # fmt: skip
    if form == "national_declaration":
        data |= {"payments": [paid_on_paper(row) for row in once(paid)], **residents(payer, year)}
    if form in _COMPARED:
        found = matched(account, payer, whole) if found is None else found
        wrong += _compared(data, form, found, explained.reasons_of(account, payer, year))
    if form == "modello_2":
        data |= {"refusals": refusals_on_paper(account, payer, year), "payments": [paid_on_paper(row) for row in once(paid)]}
    told = {key: value for key, value in (more or {}).items() if value}
    why = told.pop("replaces_why", explained.TO_EXPLAIN if reading else "")
    if form in SIGNED and (before := _sent_before(account, payer, form, year)) is not None:
        data["replaces"] = _replaced(before, why)
        wrong += [] if why else [Problem("tax.declaration.replaces_why", "replaces_why")]
    data |= told
    read, unfit = papers.read(form, data)
    notes = papers.notes(form, read, on=on) if read is not None else []
    return Draft(form, data, (*wrong, *unfit), tuple(notes))


def _compared(data: dict[str, Any], form: str, found: Sequence[Matched], reasons: Mapping[str, str]) -> list[Problem]:
    """What tax, police and statistics do not say alike: guest by guest in the summary, a line of Modello 2 refers to it."""
    count = sum(len(one.whole.differences) for one in found)
    if form == "modello_2":
        if count:
            data["other_information"] = _DIFFERING.format(count=count)
        return []
    for entry, one in zip(data["properties"], found, strict=True):
        for month in entry["months"]:
            month["police"] = one.months[month["period"]][POLICE]
            if month["police"] != month["presences"] and one.whole.differences:
                month["difference"] = _SEE_GUESTS
        entry["guests"] = explained.guests_on_paper(one, reasons)
    return explained.missing(found, reasons)


def _sent_before(account: Account, payer: Payer, form: str, year: int) -> TaxDeclaration | None:
    rows = declarations_of(account, payer, form, year)
    return next((row for row in rows if row.state == TaxDeclaration.State.SENT), None)


def _replaced(before: TaxDeclaration, why: str) -> dict[str, Any]:
    """The paper that was filed, as the one that takes its place names it (spec imposta 10, 11)."""
    assert before.sent_at is not None
    told = {"on": rome_day(before.sent_at).isoformat(), "reason": why or "-"}
    return told | ({"protocol": before.protocol} if before.protocol else {})


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
    put_in_place(row, earlier, now=now, person=person)
    return row, []


def put_in_place(row: TaxDeclaration, earlier: Iterable[TaxDeclaration], *, now: datetime, person: Person | None) -> None:
    """Keep a paper of a year instead of those that were prepared before it."""
    with transaction.atomic():
        for old in earlier:
            if old.state == TaxDeclaration.State.PREPARED:
                old.state = TaxDeclaration.State.REPLACED
                old.save(update_fields=["state"])
        row.save(force_insert=True)
        chain.append(
            row.account, "tax.declaration", at=now, actor=chain.actor_of(person), subject=f"declaration:{row.pk}",
            data={"form": row.form, "year": int(row.period), "comune": row.comune, "sha256": row.sha256},
        )  # fmt: skip


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


def data_of(row: TaxDeclaration) -> dict[str, Any]:
    """The data that it was made from."""
    opened: dict[str, Any] = Vault(row.account).open(row.sealed_data, _CONTEXT)
    return opened


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
            row.account, "tax.declared", at=now, actor=chain.actor_of(person), subject=f"declaration:{row.pk}",
            data={"form": row.form, "channel": channel, "sha256": row.sha256},
        )  # fmt: skip
    return []
