"""The receipt of a day as the simulator makes it: the lines of a real one (spec alloggiati-web 4.11), no guest names.

Written by hand as a one-page PDF whose text can be extracted; the same facts give the same bytes. It says in its first
line and in its last that a simulator made it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from locanda.portals.alloggiati.simulator.accounts import Account

__all__ = ["envelope", "receipt_lines", "receipt_pdf"]

MARK = "SIMULATORE LOCANDA - DOCUMENTO SENZA VALORE"
_CATEGORIES = {"hotel": "STRUTTURA RICETTIVA", "apartments": "GESTIONE APPARTAMENTI"}


def receipt_lines(
    account: Account, day: date, protocol: int, schedine: int, total_days: int | None
) -> list[str]:
    """The lines of the receipt."""
    number = f"{day.year}/{protocol:06d} [{account.province}]"
    control = hashlib.sha256(f"{account.user}{number}{day}{schedine}{total_days}".encode()).hexdigest()[:16].upper()
    return [
        MARK,
        "Polizia di Stato - Servizio Alloggiati",
        "Ricevuta di invio",
        f"Login: {account.user}",
        f"Categoria: {_CATEGORIES[account.category]}",
        f"Struttura: {account.structure}",
        f"Comune: {account.comune} ({account.province})",
        f"Indirizzo: {account.address}",
        f"Partita IVA / Codice Fiscale: {account.tax_code}",
        f"Identificativo ricevuta: {number}",
        f"Data invio: {day:%d/%m/%Y}",
        f"Numero schedine inviate: {schedine}",
        *([f"Totale giorni presunti di permanenza: {total_days}"] if total_days is not None else []),
        f"Questura di: {account.province}",
        f"Codice di controllo: {control}",
        MARK,
    ]


def receipt_pdf(lines: Sequence[str]) -> bytes:
    """One A4 page with these lines."""
    text = ["BT", "/F1 11 Tf", "16 TL", "60 780 Td"]
    text += [f"({_escape(line)}) Tj T*" for line in lines]
    stream = "\n".join([*text, "ET"]).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Producer (SIMULATORE LOCANDA) >>",
    ]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def envelope(pdf: bytes) -> bytes:
    """The PDF between bytes that are not its own, as inside a signature file."""
    return b"\x30\x82\x00\x00SIMULATORE" + pdf + b"\x00\x00SIMULATORE"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
