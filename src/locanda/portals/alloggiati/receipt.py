"""Reading a receipt: how many schedine it covers and for how many days, so that they can be compared with what was sent.

The layout is known from one description of a real receipt only (spec alloggiati-web 4.11) and is unverified: each
fact is looked for under several wordings, and what is not found, or found with two different values, is None.
A count is never guessed. The bytes of the receipt are kept by whoever asked for it, whatever is read here.
"""

from __future__ import annotations

import io
import logging
import re
from datetime import date
from typing import NamedTuple

from pypdf import PdfReader

__all__ = ["ReceiptFacts", "read_receipt", "read_text"]

logging.getLogger("pypdf").setLevel(logging.ERROR)  # its remarks quote the file


class ReceiptFacts(NamedTuple):
    """What a receipt says. None: it does not say, or not clearly."""

    receipt_id: str | None = None
    sending_day: date | None = None
    schedine: int | None = None
    total_days: int | None = None
    login: str | None = None
    control_code: str | None = None
    text: str = ""
    simulated: bool = False
    """It says that a simulator made it: proof of nothing."""

    @property
    def counts_known(self) -> bool:
        """Whether it can be compared with what was sent."""
        return self.schedine is not None


# on the line of its label only: in a page read column by column the next line may be another label's number
_NUMBER = r"[ ]*[:=.]*[ ]*(\d{1,3}(?:[.']\d{3})+|\d+)(?![\d/.,-]*\d)"
_SCHEDINE = (
    rf"(?:numero|totale|n\.?[°º]?)\s*(?:di\s+|delle\s+)?schedine(?:\s+(?:inviate|acquisite|trasmesse|valide))?{_NUMBER}",
    rf"schedine\s+(?:inviate|acquisite|trasmesse|valide){_NUMBER}",
)
_DAYS = (
    rf"(?:numero|totale|n\.?[°º]?)\s*(?:di\s+|dei\s+)?giorni(?:\s+presunti)?(?:\s+di)?(?:\s+permanenza)?(?:\s+presunti)?{_NUMBER}",
    rf"giorni\s+(?:presunti\s+di\s+permanenza|di\s+permanenza(?:\s+presunti)?){_NUMBER}",
)
_DAY = (
    r"data\s+(?:di\s+|dell['’]\s*)?invio\s*:?\s*(\d\d?[/.-]\d\d?[/.-]\d{4})",
    r"(?:giorno|data)\s+(?:di\s+)?(?:trasmissione|ricezione)\s*:?\s*(\d\d?[/.-]\d\d?[/.-]\d{4})",
    r"inviat[ei]\s+(?:il|in\s+data)\s*:?\s*(\d\d?[/.-]\d\d?[/.-]\d{4})",
)
_ID = (r"(?:identificativo|id|numero|n\.?[°º]?|protocollo)?\s*(?:ricevuta)?\s*:?\s*\b(\d{4}/\d{4,9}(?:\s*\[[A-Z]{2}\])?)",)
_LOGIN = (r"(?:login|utente|user(?:name)?)\s*:?\s*([A-Z]{2}\d{6})\b",)
_CONTROL = (r"codice\s+(?:di\s+)?controllo\s*:?\s*([A-Z0-9][A-Z0-9-]{5,})",)


def read_receipt(raw: bytes) -> ReceiptFacts:
    """The facts of a receipt; all None when it cannot be read. A PDF inside a signature envelope is taken out of it."""
    start, end = raw.find(b"%PDF"), raw.rfind(b"%%EOF")
    if start < 0 or end < start:
        return ReceiptFacts()
    try:
        reader = PdfReader(io.BytesIO(raw[start : end + 5]))
        text = "\n".join(page.extract_text() for page in reader.pages)
    except Exception:  # any broken file from outside: an unread receipt is still kept as it is
        return ReceiptFacts()
    return read_text(text)


def read_text(text: str) -> ReceiptFacts:
    """The facts in the text of a receipt."""
    return ReceiptFacts(
        receipt_id=_only(_ID, text),
        sending_day=_day(_only(_DAY, text)),
        schedine=_count(_only(_SCHEDINE, text)),
        total_days=_count(_only(_DAYS, text)),
        login=_only(_LOGIN, text),
        control_code=_only(_CONTROL, text),
        text=text,
        simulated="SIMULATORE" in text.upper(),
    )


def _only(patterns: tuple[str, ...], text: str) -> str | None:
    """What the patterns find, when they find one thing only; two different values are none."""
    flat = re.sub(r"[ \t\xa0]+", " ", text)
    found = {match[1].strip() for pattern in patterns for match in re.finditer(pattern, flat, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else None


def _count(text: str | None) -> int | None:
    return int(re.sub(r"\D", "", text)) if text else None


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    day, month, year = (int(part) for part in re.split(r"[/.-]", text))
    try:
        return date(year, month, day)
    except ValueError:
        return None
