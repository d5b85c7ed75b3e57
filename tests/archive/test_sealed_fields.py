"""Everything sealed under an account's key says so, and still opens when that key changes."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from locanda.archive.models import Owned, TaxReceipt
from locanda.archive.rotation import rotate_account_key
from locanda.archive.vault import Vault
from tests.guards import are_up
from tests.web.scene import scene
from tests.web.tax_scene import lived

UNDER_A_PARTY = {
    ("Guest", "sealed"), ("Delivery", "sealed_text"), ("DeliveryRow", "sealed_detail"), ("Event", "sealed"),
    ("Stay", "sealed_draft"),
}  # fmt: skip
"""What stands under the key of a party or of a draft, which is itself among the sealed fields."""
IN_CLEAR = {("Receipt", "pdf")}
"""What an authority gave back, without guests' names."""

OWNED = [model for model in apps.get_app_config("archive").get_models() if issubclass(model, Owned)]


def test_every_binary_field_says_under_which_key_it_stands() -> None:
    fields = {
        (model.__name__, field.name)
        for model in OWNED for field in model._meta.concrete_fields if isinstance(field, models.BinaryField)
    }  # fmt: skip
    declared = {(model.__name__, name) for model in OWNED for name in model.SEALED}
    assert not declared & (UNDER_A_PARTY | IN_CLEAR)
    assert fields == declared | UNDER_A_PARTY | IN_CLEAR


@pytest.mark.django_db
def test_the_papers_of_the_tax_open_under_a_new_key() -> None:
    with scene() as here:
        lived(here)
        before = {}
        vault = Vault(here.account)
        for model in OWNED:
            for field, context in model.SEALED.items():
                for row in model.objects.of(here.account).exclude(**{field: None}):
                    if model.__name__ == "Exchange" and row.delivery_id:
                        continue
                    before[model, row.pk, field] = vault.open_bytes(bytes(getattr(row, field)), context)
        assert {model.__name__ for model, _, _ in before} >= {"Operator", "Stay", "TaxReceipt", "Party"}
        rotate_account_key(here.account)
        here.account.refresh_from_db()
        vault = Vault(type(here.account).objects.get(pk=here.account.pk))
        for (model, pk, field), content in before.items():
            row = model.objects.of(here.account).get(pk=pk)
            assert vault.open_bytes(bytes(getattr(row, field)), model.SEALED[field]) == content, (model, field)



@pytest.mark.django_db
def test_a_receipt_still_refuses_any_other_change() -> None:
    with scene() as here:
        lived(here)
        assert are_up(connection)
        rows = TaxReceipt.objects.of(here.account)
        for field in TaxReceipt._meta.concrete_fields:
            if field.name == "sealed":
                continue
            with pytest.raises(DatabaseError, match="corrected by a new one"), transaction.atomic():
                rows.update(**{field.name: models.F(field.attname)})
