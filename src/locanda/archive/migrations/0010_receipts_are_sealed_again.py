"""A receipt of the tourist tax never changes, yet what it seals is sealed again when the account's key changes."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_WORDS = "a receipt that was issued is corrected by a new one"
_FIXED = (
    "id", "account_id", "property_id", "stay_id", "party_id", "year", "number", "corrects_id", "issued_at", "day", "persons",
    "nights", "total", "amount", "method", "invoice", "pdf_sha256", "issued_by_id", "keep_until",
)  # fmt: skip
"""All but ``sealed``, whose bytes hold the same under every key: the PDF made of them has its hash among these."""
_SQLITE = "BEGIN SELECT RAISE(ABORT, '{words}'); END"
_POSTGRES = "FOR EACH ROW EXECUTE FUNCTION locanda_refuse('{words}')"


def _replace(editor: Any, of: str) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    editor.execute("DROP TRIGGER tax_receipts_stay" + ("" if sqlite else " ON archive_taxreceipt"))
    body = (_SQLITE if sqlite else _POSTGRES).format(words=_WORDS)
    editor.execute(f"CREATE TRIGGER tax_receipts_stay BEFORE UPDATE{of} ON archive_taxreceipt {body}", params=None)


def put_up(apps: Any, editor: Any) -> None:
    _replace(editor, f" OF {', '.join(_FIXED)}")


def take_down(apps: Any, editor: Any) -> None:
    _replace(editor, "")


class Migration(migrations.Migration):
    dependencies = [("archive", "0009_creditor")]
    operations = [migrations.RunPython(put_up, take_down)]
