"""The papers that prove an exemption, and signed refusals: which, since when, with the scan where there is one (9.1, 10).

A paper that is held is a fact of its guest (``documents_held``): the reckoning stops asking for it. Scans stand sealed; a
certificate of health is not wanted, only its issuer and date (spec 10, Modello 6).
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from locanda.archive import chain
from locanda.archive.models import Guest, Person, Stay, TaxPaper, TaxRefusal
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.core.time import rome_day
from locanda.letters.uploads import MEDIA, kind_of
from locanda.office import duty_marks
from locanda.office.tax import facts, ledger
from locanda.office.tax.receipts import keep_until

__all__ = ["content", "hold", "name_of", "papers_of", "withdraw"]

_CONTEXT = "tax paper"


def papers_of(stay: Stay) -> list[TaxPaper]:
    """What is held for a stay."""
    rows = TaxPaper.objects.of(stay.account_id).filter(stay=stay, withdrawn_at=None)
    return list(rows.select_related("account", "guest", "refusal"))


def hold(
    stay: Stay, form: str, *, guest: Guest | None, code: str = "", signed_on: date, now: datetime, person: Person | None,
    file: duty_marks.File | None = None, refusal: TaxRefusal | None = None,
) -> tuple[TaxPaper | None, list[Problem]]:  # fmt: skip
    """The paper is here. With a guest it counts for the exemption at once; a paper signed after the departure does not (3.4)."""
    problem = duty_marks.proof_problem(file) if file is not None else None
    found = [problem] if problem is not None else []
    if signed_on > rome_day(now):
        found.append(Problem("tax.paper.future", "signed_on"))
    if refusal is None and stay.departure_day is not None and signed_on > stay.departure_day:
        found.append(Problem.of("tax.paper.too_late", "signed_on", departure=stay.departure_day))
    if found:
        return None, found
    vault = Vault(stay.account)
    row = TaxPaper(
        account=stay.account, property=stay.property, stay=stay, refusal=refusal, guest=guest, code=code[:40], form=form[:40],
        signed_on=signed_on, recorded_at=now, recorded_by=person, keep_until=keep_until(signed_on),
    )  # fmt: skip
    if file is not None:
        row.media_type, row.size = MEDIA[kind_of(file.content)], len(file.content)
        row.sha256 = hashlib.sha256(file.content).hexdigest()
        row.sealed = vault.seal_bytes(file.content, _CONTEXT)
        row.sealed_name = vault.seal(" ".join(file.name.split())[:120], _CONTEXT)
    with transaction.atomic():
        row.save(force_insert=True)
        if guest is not None:
            wrong = _told(stay, guest, form, held=True, now=now, person=person)
            if wrong:
                transaction.set_rollback(True)
                return None, wrong
        chain.append(
            stay.account, "tax.paper", at=now, actor=chain.actor_of(person), subject=f"stay:{stay.pk}",
            data={"paper": str(row.pk), "form": form, "scan": bool(file), "sha256": row.sha256},
        )  # fmt: skip
        ledger.settle([stay], now=now)
    return row, []


def withdraw(row: TaxPaper, *, now: datetime, person: Person | None) -> None:
    """It was recorded by mistake: the exemption asks for it again."""
    with transaction.atomic():
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        stay = Stay.objects.of(row.account_id).select_related("property", "account", "unit").get(pk=row.stay_id)
        if row.guest is not None:
            _told(stay, row.guest, row.form, held=False, now=now, person=person)
        chain.append(
            row.account, "tax.paper_withdrawn", at=now, actor=chain.actor_of(person),
            subject=f"stay:{row.stay_id}", data={"paper": str(row.pk)},
        )  # fmt: skip
        ledger.settle([stay], now=now)


def _told(stay: Stay, guest: Guest, form: str, *, held: bool, now: datetime, person: Person | None) -> list[Problem]:
    people = facts.guests_of(stay.account_id, [stay.pk]).get(stay.pk, [])
    place = next(index for index, one in enumerate(people) if one.pk == guest.pk)
    known = facts.facts_of(stay).get("guests") or []
    before = list((known[place] if place < len(known) else {}).get("documents_held") or ())
    after = [*dict.fromkeys([*before, form])] if held else [one for one in before if one != form]
    return facts.change(stay, {}, {place: {"documents_held": after}}, now=now, person=person)


def content(row: TaxPaper) -> bytes:
    """The scan as it was uploaded; empty without one."""
    return b"" if row.sealed is None else Vault(row.account).open_bytes(row.sealed, _CONTEXT)


def name_of(row: TaxPaper) -> str:
    """The name of the file."""
    return "" if row.sealed_name is None else str(Vault(row.account).open(row.sealed_name, _CONTEXT))
