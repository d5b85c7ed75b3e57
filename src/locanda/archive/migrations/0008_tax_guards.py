"""What the database itself refuses: changing a receipt of the tourist tax once it was issued (a new one corrects it)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_WORDS = "a receipt that was issued is corrected by a new one"
_SAME = "id = NEW.id OR (property_id = NEW.property_id AND year = NEW.year AND number = NEW.number)"
_SQLITE = (
    f"CREATE TRIGGER tax_receipts_stay BEFORE UPDATE ON archive_taxreceipt BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
    "CREATE TRIGGER tax_receipts_are_not_replaced BEFORE INSERT ON archive_taxreceipt "  # noqa: S608 - our own words
    f"WHEN EXISTS (SELECT 1 FROM archive_taxreceipt WHERE {_SAME}) BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
)
_POSTGRES = (
    "CREATE TRIGGER tax_receipts_stay BEFORE UPDATE ON archive_taxreceipt "
    f"FOR EACH ROW EXECUTE FUNCTION locanda_refuse('{_WORDS}')"
)


def put_up(apps: Any, editor: Any) -> None:
    for sql in _SQLITE if editor.connection.vendor == "sqlite" else (_POSTGRES,):
        editor.execute(sql, params=None)


def take_down(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER tax_receipts_stay")
        editor.execute("DROP TRIGGER tax_receipts_are_not_replaced")
    else:
        editor.execute("DROP TRIGGER tax_receipts_stay ON archive_taxreceipt")


class Migration(migrations.Migration):
    dependencies = [("archive", "0007_tourist_tax")]
    operations = [migrations.RunPython(put_up, take_down)]
