"""Why a guest differs between tax, police and statistics: recorded, or said by the operator (spec imposta 2.5, 9.2).

What the operator says is kept sealed like a declaration, one record a year and payer; a new one replaces the old one, so that it
can be shown what was known when. Papers print it without names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locanda import papers
from locanda.archive import chain
from locanda.archive.models import Account, Person, TaxDeclaration
from locanda.archive.vault import Vault
from locanda.core.problems import Problem
from locanda.law.remitting import Difference
from locanda.office.tax.agreement import Matched
from locanda.office.tax.payers import Payer

__all__ = ["FORM", "TO_EXPLAIN", "explain", "guests_on_paper", "missing", "reasons_of", "told_elsewhere", "unexplained"]

FORM = "agreement"
"""What such a record is called among the declarations."""
TO_EXPLAIN = "(da spiegare prima di firmare)"
"""What a draft prints where a reason is still to be given."""
LIMIT = 300
_CONTEXT = "tax declaration"


def reasons_of(account: Account | UUID, payer: Payer, year: int) -> dict[str, str]:
    """What the operator said, by the id of the guest."""
    row = _latest(account, payer, year)
    return {} if row is None else dict(Vault(row.account).open(row.sealed_data, _CONTEXT))


def _latest(account: Account | UUID, payer: Payer, year: int) -> TaxDeclaration | None:
    rows = TaxDeclaration.objects.of(account).filter(
        comune=payer.comune, form=FORM, period=str(year), property__in=[row.pk for row in payer.properties]
    )
    return rows.exclude(state=TaxDeclaration.State.REPLACED).select_related("account").order_by("-prepared_at").first()


def explain(
    account: Account, payer: Payer, year: int, told: Mapping[str, str], *, now: datetime, person: Person | None
) -> bool:
    """Keep the reasons of some guests; an empty one takes the guest's away. False when nothing is new."""
    before = _latest(account, payer, year)
    known = {} if before is None else dict(Vault(account).open(before.sealed_data, _CONTEXT))
    merged = known | {guest: " ".join(text.split())[:LIMIT] for guest, text in told.items()}
    merged = {guest: text for guest, text in merged.items() if text}
    if merged == known:
        return False
    content = json.dumps(merged, ensure_ascii=False, sort_keys=True).encode()
    row = TaxDeclaration(
        account=account, property=payer.properties[0], comune=payer.comune, form=FORM, period=str(year), replaces=before,
        sealed_data=Vault(account).seal(merged, _CONTEXT), sealed_pdf=Vault(account).seal_bytes(content, _CONTEXT),
        sha256=hashlib.sha256(content).hexdigest(), prepared_at=now, prepared_by=person,
        keep_until=papers.kept_until("modello_2", year + 1) or date(year + 6, 12, 31),
    )  # fmt: skip
    with transaction.atomic():
        if before is not None:
            before.state = TaxDeclaration.State.REPLACED
            before.save(update_fields=["state"])
        row.save(force_insert=True)
        chain.append(
            account, "tax.explained", at=now, actor=chain.actor_of(person), subject=f"declaration:{row.pk}",
            data={"year": year, "comune": payer.comune, "guests": len(merged), "sha256": row.sha256},
        )  # fmt: skip
    return True


def told_elsewhere(one: Difference) -> str:
    """The reasons that the records themselves give, in Italian as papers are; what was worked out says so."""
    words = " ".join(reason.message("it") for reason in one.reasons)
    return f"{words} (probabile)" if words and one.likely else words


def unexplained(found: Sequence[Matched], reasons: Mapping[str, str]) -> list[Difference]:
    """The differences that neither a record nor the operator explains."""
    return [one for each in found for one in each.whole.differences if not one.explained and not reasons.get(one.guest)]


def guests_on_paper(found: Matched, reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of the summary of presences; it says where a reason is missing (which keeps it from being prepared)."""
    rows = []
    for one in found.whole.differences:
        counts = dict(zip(found.whole.sources, one.counts, strict=True))
        reason = " ".join(filter(None, (told_elsewhere(one), reasons.get(one.guest, ""))))
        rows.append({
            "first": one.nights[0].isoformat(), "last": one.nights[-1].isoformat(), **counts,
            "reason": reason or TO_EXPLAIN,
        })  # fmt: skip
    return rows


def missing(found: Sequence[Matched], reasons: Mapping[str, str]) -> list[Problem]:
    """One problem for all guests without a reason: they are listed on a page of their own."""
    count = len(unexplained(found, reasons))
    return [Problem.of("tax.declaration.guests", "guests", count=count)] if count else []
