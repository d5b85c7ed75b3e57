"""Look-ups asked at every check-in, in plain SQL: building the same as a queryset costs several times the answer itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from locanda.archive.models import Account, Guest

__all__ = ["parties_with_documents"]


def parties_with_documents(account: Account, hashes: Sequence[str]) -> list[tuple[str, Any]]:
    """Keyed hash and party of every guest of the account who showed one of these documents."""
    if not hashes:
        return []
    table = connection.ops.quote_name(Guest._meta.db_table)
    marks = ", ".join(["%s"] * len(hashes))
    mine = Guest._meta.get_field("account").get_db_prep_value(account.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT document_hash, party_id FROM {table} WHERE account_id = %s AND document_hash IN ({marks})",  # noqa: S608
            [mine, *hashes],
        )
        return list(cursor.fetchall())
