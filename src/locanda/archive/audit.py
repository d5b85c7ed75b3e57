"""Is everything still whole? Chains of events, bytes of receipts and proofs, and the walls between accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db.models import F

from locanda.archive import chain
from locanda.archive.models import Account, DutyProof, Event, Owned, Receipt
from locanda.archive.vault import Vault, WrongKey

__all__ = ["Fault", "audit"]


class Fault(NamedTuple):
    """Something that is not whole, and where."""

    account: str
    what: str


def audit() -> Iterator[Fault]:
    """Every fault of the archive."""
    for account in Account.objects.all():
        for broken in chain.verify(account):
            yield Fault(account.name, f"event {broken.number}: {broken.fault}")
        kept = Event.objects.of(account).filter(kind="receipt.kept").values_list("subject", "data")
        told = {subject: data.get("sha256") for subject, data in kept}
        for receipt in Receipt.objects.of(account).iterator(chunk_size=50):
            digest = hashlib.sha256(bytes(receipt.pdf)).hexdigest()
            if not digest == receipt.sha256 == told.get(f"receipt:{receipt.pk}"):
                yield Fault(account.name, f"receipt of {receipt.day}: its bytes changed")
        yield from _proofs(account)
    for model in apps.get_app_config("archive").get_models():
        if issubclass(model, Owned):
            for field in model.owned_links():
                strangers = model.everywhere.exclude(**{field.name: None}).exclude(**{f"{field.name}__account": F("account")})
                for row in strangers.select_related("account"):
                    yield Fault(row.account.name, f"{model.__name__} {row.pk}: {field.name} is of another account")
            for many in model._meta.many_to_many:
                if issubclass(many.related_model, Owned):
                    crossing = model.everywhere.filter(**{f"{many.name}__isnull": False})
                    for row in crossing.select_related("account").distinct():
                        if getattr(row, many.name).exclude(account=row.account_id).exists():
                            yield Fault(row.account.name, f"{model.__name__} {row.pk}: {many.name} are of another account")


def _proofs(account: Account) -> Iterator[Fault]:
    """Proofs whose bytes are not those that history tells of."""
    added = Event.objects.of(account).filter(kind="proof.added").values_list("subject", "data")
    told = {subject: data.get("sha256") for subject, data in added}
    vault = Vault(account)
    for proof in DutyProof.objects.of(account).iterator(chunk_size=20):
        try:
            digest = hashlib.sha256(vault.open_bytes(proof.sealed, "duty proof")).hexdigest()
        except WrongKey:
            digest = ""
        if not digest == proof.sha256 == told.get(f"proof:{proof.pk}"):
            yield Fault(account.name, f"proof {proof.pk}: its bytes changed")
