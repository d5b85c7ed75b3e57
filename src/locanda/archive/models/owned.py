"""The base of every row that belongs to an account."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models

__all__ = ["CrossesAccounts", "Owned", "OwnedManager", "new_id"]


def new_id() -> uuid.UUID:
    """An id that begins with the time (UUID version 7, RFC 9562).

    Rows of one moment then stand side by side in every index, and a check-in dirties a few pages instead of dozens.
    """
    random = secrets.randbits(74)
    head = (time.time_ns() // 1_000_000) << 80 | 7 << 76 | (random >> 62) << 64
    return uuid.UUID(int=head | 2 << 62 | random & (1 << 62) - 1)


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

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # no index of its own: nearly all rows share few accounts, and a planner without statistics would walk them all.
    # Where rows are listed by account, an index of that table begins with it.
    account = models.ForeignKey("archive.Account", on_delete=models.CASCADE, related_name="+", db_index=False)

    SEALED: ClassVar[Mapping[str, str]] = {}
    """Fields sealed under the account's key, each with its context: a change of that key seals them again."""

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
