"""What is downloaded of a sending: its file, or one archive of those that move together (formats of one day)."""

from __future__ import annotations

import io
import zipfile

from locanda.archive.models import FlowSending
from locanda.office.statistics.sendings import file_of, siblings

__all__ = ["files_of"]


def files_of(sending: FlowSending) -> tuple[str, bytes] | None:
    """Name and bytes; None when the month is closed and nothing is left. The same files give the same bytes."""
    rows = {row.sha256: row for row in siblings(sending) if row.property_id == sending.property_id}
    made = [one for row in rows.values() if (one := file_of(row)) is not None]
    if len(made) <= 1:
        return made[0] if made else None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    first, last = min(row.first for row in rows.values()), max(row.last for row in rows.values())
    return f"{first:%Y%m%d}_{last:%Y%m%d}.zip", packed.getvalue()
