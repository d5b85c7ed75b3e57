"""The base of every row that belongs to an account."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models

__all__ = ["CrossesAccounts", "Owned", "OwnedManager"]


class CrossesAccounts(RuntimeError):
    """A row of one account would point to a row of another."""


class OwnedManager(models.Manager):
    """Asks for the account first: ``Stay.objects.of(account)``. There is no ``all()`` across accounts here."""

    def of(self, account: Any) -> models.QuerySet[Any]:
        """The rows of one account, given as the account or its id."""
        return super().get_queryset().filter(account=account)

    def get_queryset(self) -> models.QuerySet[Any]:
        raise CrossesAccounts("ask for one account: .objects.of(account)")


class Owned(models.Model):
    """A row of an account. ``everywhere`` is for the engines and for migrations, never for a door."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("archive.Account", on_delete=models.CASCADE, related_name="+")

    everywhere = models.Manager()
    objects = OwnedManager()

    class Meta:
        abstract = True
        default_manager_name = "everywhere"
        base_manager_name = "everywhere"

    @classmethod
    def owned_links(cls) -> list[models.ForeignKey]:
        """The foreign keys that lead to other owned rows."""
        return [
            field
            for field in cls._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, Owned)
        ]

    def check_account(self) -> Self:
        """Refuse links to rows of another account, as far as those rows are loaded."""
        for field in self.owned_links():
            other = self._state.fields_cache.get(field.name)
            if other is not None and other.account_id != self.account_id:
                raise CrossesAccounts(f"{type(self).__name__}.{field.name} leads to a row of another account")
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_account()
        super().save(*args, **kwargs)
